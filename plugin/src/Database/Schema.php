<?php
/**
 * The plugin's tables: made, changed and removed here.
 *
 * InnoDB and WordPress's SQLite integration both understand what is used. Times
 * are Unix seconds. Every query of the plugin is on one of these keys.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Database;

final class Schema {

	/** The version that these statements make. */
	public const VERSION = SchemaVersion::CURRENT;

	/** Where the version of the tables that exist is kept. */
	public const OPTION = SchemaVersion::OPTION;

	/** Short names of all tables. */
	public const TABLES = array( 'sites', 'messages', 'users', 'links', 'outbox', 'guests', 'activity', 'backfills', 'backfill_items', 'approvals', 'removals', 'verifications', 'verify_findings', 'grants', 'hooks', 'hook_answers', 'logins' );

	/** Keys of earlier versions that others have taken the place of: dbDelta adds keys and removes none. */
	private const FORMER_KEYS = array(
		'outbox'   => array( 'site_state_due' ),
		'activity' => array( 'at', 'site_id', 'action' ),
	);

	/**
	 * @param Connection $db   Database.
	 * @param \wpdb      $wpdb For the character set.
	 */
	public function __construct( private readonly Connection $db, private readonly \wpdb $wpdb ) {
	}

	/**
	 * Makes or changes the tables when their version is not this one. One option read otherwise.
	 */
	public function migrate(): void {
		if ( ! $this->is_current() ) {
			$this->make();
		}
	}

	/**
	 * Makes or changes the tables, also those that went missing since.
	 */
	public function make(): void {
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		foreach ( $this->statements() as $statement ) {
			dbDelta( $statement );
		}
		$this->drop_former_keys();
		update_option( self::OPTION, self::VERSION, true );
	}

	/**
	 * Whether the tables were made by this version.
	 */
	public function is_current(): bool {
		return SchemaVersion::is_current();
	}

	/**
	 * Tables that are not there.
	 *
	 * @return list<string> Short names.
	 * @throws Failure When the database fails.
	 */
	public function missing(): array {
		$rows  = $this->db->rows( 'SHOW TABLES LIKE %s', $this->db->like( $this->db->table( '' ) ) . '%' );
		$found = array_map( static fn ( array $row ): ?string => array_values( $row )[0], $rows );
		return array_values( array_filter( self::TABLES, fn ( string $name ): bool => ! in_array( $this->db->table( $name ), $found, true ) ) );
	}

	/**
	 * Removes the tables.
	 */
	public function drop(): void {
		foreach ( self::TABLES as $name ) {
			$this->db->execute( 'DROP TABLE IF EXISTS %i', $this->db->table( $name ) );
		}
		delete_option( self::OPTION );
	}

	/**
	 * Removes keys that nothing uses any more: each costs time with every row that is written, and does no other harm.
	 */
	private function drop_former_keys(): void {
		try {
			foreach ( self::FORMER_KEYS as $name => $keys ) {
				$there = array_column( $this->db->rows( 'SHOW INDEX FROM %i', $this->db->table( $name ) ), 'Key_name' );
				foreach ( array_intersect( $keys, $there ) as $key ) {
					$this->db->execute( 'ALTER TABLE %i DROP INDEX %i', $this->db->table( $name ), $key );
				}
			}
		} catch ( Failure ) {
			// Another request was quicker, or the database user may not: no visitor is to see an error for that.
			return;
		}
	}

	/**
	 * The tables as dbDelta wants them: two blanks after PRIMARY KEY, one field on a line.
	 *
	 * @return list<string>
	 */
	private function statements(): array {
		$collate = $this->wpdb->get_charset_collate();
		$t       = fn ( string $name ): string => $this->db->table( $name );
		return array(
			"CREATE TABLE {$t( 'sites' )} (
id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
name varchar(200) NOT NULL DEFAULT '',
url varchar(2000) NOT NULL DEFAULT '',
rest_url varchar(255) NOT NULL DEFAULT '',
kind varchar(20) NOT NULL DEFAULT 'plain',
state varchar(20) NOT NULL DEFAULT 'connected',
username varchar(190) NOT NULL DEFAULT '',
remote_user_id bigint(20) unsigned NOT NULL DEFAULT 0,
credential text NOT NULL,
is_multisite tinyint(1) NOT NULL DEFAULT 0,
settings longtext NOT NULL,
problem_code varchar(60) NOT NULL DEFAULT '',
problem text NOT NULL,
problem_since int(10) unsigned NOT NULL DEFAULT 0,
failures int(10) unsigned NOT NULL DEFAULT 0,
next_try_at int(10) unsigned NOT NULL DEFAULT 0,
connected_at int(10) unsigned NOT NULL DEFAULT 0,
last_success_at int(10) unsigned NOT NULL DEFAULT 0,
lease_owner varchar(36) NOT NULL DEFAULT '',
lease_until int(10) unsigned NOT NULL DEFAULT 0,
uuid char(36) NOT NULL DEFAULT '',
pairing longtext NOT NULL,
policy longtext NOT NULL,
removals_until int(10) unsigned NOT NULL DEFAULT 0,
recovered_at int(10) unsigned NOT NULL DEFAULT 0,
PRIMARY KEY  (id),
KEY uuid (uuid)
) $collate;",
			"CREATE TABLE {$t( 'messages' )} (
id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
site_id bigint(20) unsigned NOT NULL,
message char(32) NOT NULL,
at int(10) unsigned NOT NULL,
PRIMARY KEY  (id),
UNIQUE KEY message (site_id,message),
KEY at (at)
) $collate;",
			"CREATE TABLE {$t( 'users' )} (
id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
user_id bigint(20) unsigned DEFAULT NULL,
uid char(36) NOT NULL,
same_as varchar(36) NOT NULL DEFAULT '',
marks longtext NOT NULL,
deleted varchar(60) NOT NULL DEFAULT '',
deleted_at int(10) unsigned NOT NULL DEFAULT 0,
version int(10) unsigned NOT NULL DEFAULT 1,
PRIMARY KEY  (id),
UNIQUE KEY user_id (user_id),
UNIQUE KEY uid (uid),
KEY same_as (same_as),
KEY deleted_at (deleted_at)
) $collate;",
			"CREATE TABLE {$t( 'links' )} (
id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
site_id bigint(20) unsigned NOT NULL,
user_id bigint(20) unsigned NOT NULL,
remote_id bigint(20) unsigned NOT NULL,
remote_login varchar(60) NOT NULL DEFAULT '',
approved tinyint(1) NOT NULL DEFAULT 0,
linked_at int(10) unsigned NOT NULL DEFAULT 0,
password_at int(10) unsigned NOT NULL DEFAULT 0,
PRIMARY KEY  (id),
UNIQUE KEY site_user (site_id,user_id),
UNIQUE KEY site_remote (site_id,remote_id),
KEY user_id (user_id)
) $collate;",
			"CREATE TABLE {$t( 'outbox' )} (
id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
site_id bigint(20) unsigned NOT NULL,
user_id bigint(20) unsigned NOT NULL,
state varchar(20) NOT NULL DEFAULT 'due',
fields text NOT NULL,
version int(10) unsigned NOT NULL DEFAULT 1,
open_count int(10) unsigned NOT NULL DEFAULT 0,
opened_at int(10) unsigned NOT NULL DEFAULT 0,
secret text NOT NULL,
secret_expires_at int(10) unsigned NOT NULL DEFAULT 0,
attempts int(10) unsigned NOT NULL DEFAULT 0,
due_at int(10) unsigned NOT NULL DEFAULT 0,
first_at int(10) unsigned NOT NULL DEFAULT 0,
first_ms smallint(5) unsigned NOT NULL DEFAULT 0,
claimed_by varchar(36) NOT NULL DEFAULT '',
claimed_until int(10) unsigned NOT NULL DEFAULT 0,
code varchar(60) NOT NULL DEFAULT '',
message text NOT NULL,
details longtext NOT NULL,
PRIMARY KEY  (id),
UNIQUE KEY site_user (site_id,user_id),
KEY site_queue (site_id,state,due_at,id,first_at),
KEY state_due (state,due_at),
KEY user_id (user_id),
KEY secret_expires_at (secret_expires_at),
KEY claimed_by (claimed_by),
KEY failed (code,state,site_id,first_at)
) $collate;",
			"CREATE TABLE {$t( 'activity' )} (
id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
at int(10) unsigned NOT NULL,
site_id bigint(20) unsigned NOT NULL DEFAULT 0,
user_id bigint(20) unsigned NOT NULL DEFAULT 0,
username varchar(60) NOT NULL DEFAULT '',
email varchar(100) NOT NULL DEFAULT '',
direction varchar(3) NOT NULL DEFAULT 'out',
action varchar(20) NOT NULL DEFAULT '',
result varchar(20) NOT NULL DEFAULT '',
fields text NOT NULL,
attempts int(10) unsigned NOT NULL DEFAULT 0,
took int(10) unsigned NOT NULL DEFAULT 0,
code varchar(60) NOT NULL DEFAULT '',
message text NOT NULL,
warnings text NOT NULL,
PRIMARY KEY  (id),
KEY at_what (at,result,action),
KEY site_what (site_id,id,action,result,at),
KEY site_took (site_id,direction,result,id,took),
KEY user_id (user_id,id),
KEY result (result,id),
KEY action_result (action,id,result),
KEY username (username),
KEY email (email)
) $collate;",
			"CREATE TABLE {$t( 'backfills' )} (
id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
site_id bigint(20) unsigned NOT NULL,
state varchar(20) NOT NULL DEFAULT 'indexing',
paused_from varchar(20) NOT NULL DEFAULT '',
problem_code varchar(60) NOT NULL DEFAULT '',
problem text NOT NULL,
started_at int(10) unsigned NOT NULL DEFAULT 0,
finished_at int(10) unsigned NOT NULL DEFAULT 0,
position bigint(20) unsigned NOT NULL DEFAULT 0,
total bigint(20) unsigned NOT NULL DEFAULT 0,
rates text NOT NULL,
options text NOT NULL,
run_at int(10) unsigned NOT NULL DEFAULT 0,
paced_ms bigint(20) unsigned NOT NULL DEFAULT 0,
lease_owner varchar(36) NOT NULL DEFAULT '',
lease_until int(10) unsigned NOT NULL DEFAULT 0,
PRIMARY KEY  (id),
KEY site_id (site_id,id),
KEY state (state)
) $collate;",
			"CREATE TABLE {$t( 'backfill_items' )} (
id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
backfill_id bigint(20) unsigned NOT NULL,
user_id bigint(20) unsigned NOT NULL DEFAULT 0,
remote_id bigint(20) unsigned NOT NULL DEFAULT 0,
email varchar(100) NOT NULL DEFAULT '',
username varchar(60) NOT NULL DEFAULT '',
name varchar(250) NOT NULL DEFAULT '',
roles text NOT NULL,
is_protected tinyint(1) NOT NULL DEFAULT 0,
outcome varchar(20) NOT NULL DEFAULT '',
decision varchar(20) NOT NULL DEFAULT '',
result varchar(20) NOT NULL DEFAULT '',
code varchar(60) NOT NULL DEFAULT '',
message text NOT NULL,
mailbox varchar(100) NOT NULL DEFAULT '',
asked tinyint(3) unsigned NOT NULL DEFAULT 0,
asked_at int(10) unsigned NOT NULL DEFAULT 0,
is_remarked tinyint(1) NOT NULL DEFAULT 0,
remark text NOT NULL,
PRIMARY KEY  (id),
UNIQUE KEY by_user (backfill_id,user_id,remote_id),
KEY by_email (backfill_id,email),
KEY by_username (backfill_id,username),
KEY by_id (backfill_id,id),
KEY by_outcome (backfill_id,outcome,result,id),
KEY by_mailbox (backfill_id,mailbox),
KEY by_remark (backfill_id,is_remarked,id)
) $collate;",
			"CREATE TABLE {$t( 'guests' )} (
id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
email varchar(100) NOT NULL,
order_id bigint(20) unsigned NOT NULL DEFAULT 0,
ordered_at int(10) unsigned NOT NULL DEFAULT 0,
PRIMARY KEY  (id),
UNIQUE KEY email (email),
KEY ordered_at (ordered_at)
) $collate;",
			"CREATE TABLE {$t( 'approvals' )} (
id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
site_id bigint(20) unsigned NOT NULL,
ref bigint(20) unsigned NOT NULL,
user_id bigint(20) unsigned NOT NULL,
token varchar(64) NOT NULL DEFAULT '',
email varchar(130) NOT NULL DEFAULT '',
asked_at int(10) unsigned NOT NULL DEFAULT 0,
approved_at int(10) unsigned NOT NULL DEFAULT 0,
PRIMARY KEY  (id),
UNIQUE KEY site_ref (site_id,ref),
KEY user_id (user_id,site_id)
) $collate;",
			"CREATE TABLE {$t( 'removals' )} (
id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
site_id bigint(20) unsigned NOT NULL,
user_id bigint(20) unsigned NOT NULL,
at int(10) unsigned NOT NULL,
PRIMARY KEY  (id),
UNIQUE KEY site_user (site_id,user_id),
KEY site_at (site_id,at)
) $collate;",
			"CREATE TABLE {$t( 'verifications' )} (
id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
site_id bigint(20) unsigned NOT NULL,
state varchar(20) NOT NULL DEFAULT 'comparing',
repairs tinyint(1) NOT NULL DEFAULT 0,
position bigint(20) unsigned NOT NULL DEFAULT 0,
total bigint(20) unsigned NOT NULL DEFAULT 0,
compared bigint(20) unsigned NOT NULL DEFAULT 0,
waiting bigint(20) unsigned NOT NULL DEFAULT 0,
requests int(10) unsigned NOT NULL DEFAULT 0,
strays_there bigint(20) unsigned NOT NULL DEFAULT 0,
problem_code varchar(60) NOT NULL DEFAULT '',
problem text NOT NULL,
started_at int(10) unsigned NOT NULL DEFAULT 0,
finished_at int(10) unsigned NOT NULL DEFAULT 0,
lease_owner varchar(36) NOT NULL DEFAULT '',
lease_until int(10) unsigned NOT NULL DEFAULT 0,
PRIMARY KEY  (id),
KEY site_id (site_id,id),
KEY state (state)
) $collate;",
			"CREATE TABLE {$t( 'verify_findings' )} (
id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
verification_id bigint(20) unsigned NOT NULL,
user_id bigint(20) unsigned NOT NULL,
remote_id bigint(20) unsigned NOT NULL DEFAULT 0,
kind varchar(20) NOT NULL DEFAULT '',
fields text NOT NULL,
mending varchar(20) NOT NULL DEFAULT 'open',
PRIMARY KEY  (id),
UNIQUE KEY by_user (verification_id,user_id),
KEY by_mending (verification_id,mending,id)
) $collate;",
			"CREATE TABLE {$t( 'logins' )} (
id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
code char(64) NOT NULL,
site_id bigint(20) unsigned NOT NULL,
user_id bigint(20) unsigned NOT NULL,
state char(64) NOT NULL,
second_factor tinyint(1) NOT NULL DEFAULT 0,
good_until int(10) unsigned NOT NULL DEFAULT 0,
PRIMARY KEY  (id),
UNIQUE KEY code (code),
KEY good_until (good_until)
) $collate;",
			"CREATE TABLE {$t( 'grants' )} (
id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
site_id bigint(20) unsigned NOT NULL,
user_id bigint(20) unsigned NOT NULL,
thing varchar(32) NOT NULL,
deed varchar(20) NOT NULL DEFAULT '',
target varchar(191) NOT NULL DEFAULT '',
reasons longtext NOT NULL,
stamp varchar(60) NOT NULL DEFAULT '',
version int(10) unsigned NOT NULL DEFAULT 1,
PRIMARY KEY  (id),
UNIQUE KEY site_user (site_id,user_id,thing),
KEY user_id (user_id)
) $collate;",
			"CREATE TABLE {$t( 'hooks' )} (
id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
slug char(32) NOT NULL,
name varchar(200) NOT NULL DEFAULT '',
state varchar(20) NOT NULL DEFAULT 'listening',
secret text NOT NULL,
access_key varchar(64) NOT NULL DEFAULT '',
settings longtext NOT NULL,
last_request longtext NOT NULL,
last_at int(10) unsigned NOT NULL DEFAULT 0,
taken int(10) unsigned NOT NULL DEFAULT 0,
rate_minute int(10) unsigned NOT NULL DEFAULT 0,
rate_count int(10) unsigned NOT NULL DEFAULT 0,
created_at int(10) unsigned NOT NULL DEFAULT 0,
PRIMARY KEY  (id),
UNIQUE KEY slug (slug),
KEY access_key (access_key),
KEY last_at (last_at)
) $collate;",
			"CREATE TABLE {$t( 'hook_answers' )} (
id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
hook_id bigint(20) unsigned NOT NULL,
message char(64) NOT NULL,
at int(10) unsigned NOT NULL,
answer text NOT NULL,
PRIMARY KEY  (id),
UNIQUE KEY message (hook_id,message),
KEY at (at)
) $collate;",
		);
	}
}
