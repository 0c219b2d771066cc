<?php
/**
 * The remote sites of this one. There are few: all are read at once, by their primary key.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Database\Connection;
use Tandem\Database\Failure;
use Tandem\Login\Browser;
use Tandem\Time\Clock;

final class Sites {

	/** Whether any site wants passwords at log-in. Loaded with the other options: asking at each log-in costs no query. */
	private const CATCH_UP = 'tandem_catch_up';

	/** Hosts whose visitors are looked up without a click. Loaded with the other options: a page view costs no query. */
	private const QUIET = 'tandem_quiet_hosts';

	/** Names, by UUID, of the sites that log-in forms offer. Loaded with the other options: such a form costs no query. */
	private const OFFERED = 'tandem_login_offered';

	/** What `value()` needs. */
	public const COLUMNS = 'id, name, url, rest_url, kind, state, username, remote_user_id, credential, is_multisite, settings, problem_code, problem, problem_since, failures, next_try_at, connected_at, last_success_at, lease_until, uuid, pairing, policy, removals_until, recovered_at';

	/**
	 * @param Connection $db    Database.
	 * @param Clock      $clock Time.
	 */
	public function __construct( private readonly Connection $db, private readonly Clock $clock ) {
	}

	/**
	 * All remote sites, oldest first.
	 *
	 * @return list<RemoteSite>
	 * @throws Failure When the database fails.
	 */
	public function all(): array {
		return array_map( self::value( ... ), $this->db->rows( 'SELECT ' . self::COLUMNS . ' FROM %i ORDER BY id', $this->table() ) );
	}

	/**
	 * Ids of the keys of this site that paired ones know. One that is away may know an old one for long.
	 *
	 * @return list<string>
	 * @throws Failure When the database fails.
	 */
	public function known_keys(): array {
		return array_values( array_unique( array_filter( array_map( static fn ( RemoteSite $site ): string => $site->pairing->our_key ?? '', $this->all() ), static fn ( string $id ): bool => '' !== $id ) ) );
	}

	/**
	 * One site, or null.
	 *
	 * @param int $id Site.
	 */
	public function find( int $id ): ?RemoteSite {
		$row = $this->db->row( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE id = %d', $this->table(), $id );
		return null === $row ? null : self::value( $row );
	}

	/**
	 * One site.
	 *
	 * @param int $id Site.
	 * @throws SiteNotFound When there is none.
	 */
	public function get( int $id ): RemoteSite {
		return $this->find( $id ) ?? throw new SiteNotFound( $id );
	}

	/**
	 * Adds a site, without its credential: that is sealed for the id which it gets here.
	 *
	 * @param string       $name           Its name.
	 * @param string       $url            Home address.
	 * @param string       $rest_url       Address of its REST index.
	 * @param SiteKind     $kind           Plain or paired.
	 * @param string       $username       Account there.
	 * @param int          $remote_user_id Id of that account.
	 * @param bool         $is_multisite   Whether it is a multisite.
	 * @param SiteSettings $settings       What the owner decided.
	 */
	public function add( string $name, string $url, string $rest_url, SiteKind $kind, string $username, int $remote_user_id, bool $is_multisite, SiteSettings $settings ): RemoteSite {
		$this->db->execute(
			"INSERT INTO %i (name, url, rest_url, kind, state, username, remote_user_id, credential, is_multisite, settings, problem, connected_at, pairing, policy) VALUES (%s, %s, %s, %s, %s, %s, %d, '', %d, %s, '', %d, '', '')",
			$this->table(),
			$name,
			$url,
			$rest_url,
			$kind->value,
			SiteState::Connected->value,
			$username,
			$remote_user_id,
			(int) $is_multisite,
			(string) wp_json_encode( $settings->to_array() ),
			$this->clock->now()
		);
		$site = $this->get( $this->db->insert_id() );
		$this->note_settings();
		return $site;
	}

	/**
	 * The paired site with a UUID, or null.
	 *
	 * @param string $uuid Its UUID.
	 */
	public function find_by_uuid( string $uuid ): ?RemoteSite {
		$row = $this->db->row( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE uuid = %s', $this->table(), $uuid );
		return null === $row ? null : self::value( $row );
	}

	/**
	 * The WordPress at an address, or null. A webhook may have any address.
	 *
	 * @param string $url Address, however it is written.
	 */
	public function find_at( string $url ): ?RemoteSite {
		foreach ( $this->all() as $site ) {
			if ( SiteKind::Webhook !== $site->kind && Address::is_same( $site->url, $url ) ) {
				return $site;
			}
		}
		return null;
	}

	/**
	 * Stores what is known of a paired site. A plain one becomes a paired one: its links stay.
	 *
	 * @param int     $id      Site.
	 * @param Pairing $pairing What is known.
	 */
	public function set_pairing( int $id, Pairing $pairing ): void {
		$this->db->execute( 'UPDATE %i SET kind = %s, uuid = %s, pairing = %s WHERE id = %d', $this->table(), SiteKind::Paired->value, $pairing->uuid, (string) wp_json_encode( $pairing->to_array() ), $id );
		$this->note_settings();
	}

	/**
	 * Stores where a site is, as it says itself.
	 *
	 * @param int    $id       Site.
	 * @param string $url      Home address.
	 * @param string $rest_url Address of its REST index.
	 */
	public function set_address( int $id, string $url, string $rest_url ): void {
		$this->db->execute( 'UPDATE %i SET url = %s, rest_url = %s WHERE id = %d', $this->table(), $url, $rest_url, $id );
		$this->note_settings();
	}

	/**
	 * Stores what a paired site may do here.
	 *
	 * @param int                  $id     Site.
	 * @param array<string, mixed> $policy As `Peer\Policy::to_array()` gave it.
	 */
	public function set_policy( int $id, array $policy ): void {
		$this->db->execute( 'UPDATE %i SET policy = %s WHERE id = %d', $this->table(), (string) wp_json_encode( $policy ), $id );
		$this->note_settings();
	}

	/**
	 * Lets a paired site remove more people than its policy says, for a while.
	 *
	 * @param int $id    Site.
	 * @param int $until Unix seconds.
	 */
	public function allow_removals( int $id, int $until ): void {
		$this->db->execute( 'UPDATE %i SET removals_until = %d WHERE id = %d', $this->table(), $until, $id );
	}

	/**
	 * Stores a credential. A site that was held or unreachable is tried again at once.
	 *
	 * @param int    $id             Site.
	 * @param string $username       Account there.
	 * @param int    $remote_user_id Id of that account.
	 * @param string $sealed         Sealed application password.
	 */
	public function set_credential( int $id, string $username, int $remote_user_id, string $sealed ): void {
		$this->db->execute( 'UPDATE %i SET username = %s, remote_user_id = %d, credential = %s WHERE id = %d', $this->table(), $username, $remote_user_id, $sealed, $id );
		$this->well_again( $id );
	}

	/**
	 * Puts another credential in the place of the stored one, and leaves the site's condition as it is.
	 *
	 * @param int    $id     Site.
	 * @param string $sealed Sealed credential.
	 */
	public function replace_credential( int $id, string $sealed ): void {
		$this->db->execute( 'UPDATE %i SET credential = %s WHERE id = %d', $this->table(), $sealed, $id );
	}

	/**
	 * Stores the owner's decisions.
	 *
	 * @param int          $id       Site.
	 * @param SiteSettings $settings Decisions.
	 */
	public function set_settings( int $id, SiteSettings $settings ): void {
		$this->db->execute( 'UPDATE %i SET settings = %s WHERE id = %d', $this->table(), (string) wp_json_encode( $settings->to_array() ), $id );
		$this->note_settings();
	}

	/**
	 * Whether any site wants the password of a pre-existing user at their next log-in. No query.
	 */
	public function any_catches_up(): bool {
		return '1' === get_option( self::CATCH_UP );
	}

	/**
	 * Hosts with their ports of the sites whose visitors are looked up without a click. No query.
	 *
	 * @return list<string>
	 */
	public function quiet_hosts(): array {
		$hosts = get_option( self::QUIET );
		return is_array( $hosts ) ? array_values( array_filter( $hosts, 'is_string' ) ) : array();
	}

	/**
	 * The sites that log-in forms offer. No query.
	 *
	 * @return array<string, string> Names by UUID.
	 */
	public function offered(): array {
		$names = get_option( self::OFFERED );
		return is_array( $names ) ? array_filter( $names, 'is_string' ) : array();
	}

	/**
	 * Gives a site another name.
	 *
	 * @param int    $id   Site.
	 * @param string $name Its name.
	 */
	public function rename( int $id, string $name ): void {
		$this->db->execute( 'UPDATE %i SET name = %s WHERE id = %d', $this->table(), $name, $id );
		$this->note_settings();
	}

	/**
	 * Stops deliveries. Changes are kept meanwhile.
	 *
	 * @param int $id Site.
	 */
	public function pause( int $id ): void {
		$this->db->execute( 'UPDATE %i SET state = %s WHERE id = %d', $this->table(), SiteState::Paused->value, $id );
		$this->note_settings();
	}

	/**
	 * Lets deliveries go on.
	 *
	 * @param int $id Site.
	 */
	public function resume( int $id ): void {
		$this->well_again( $id );
		$this->note_settings();
	}

	/**
	 * A person asks: a site in trouble is looked at again at once. What is known of the trouble stays.
	 *
	 * @param int $id Site.
	 */
	public function try_now( int $id ): void {
		$this->db->execute( 'UPDATE %i SET next_try_at = 0 WHERE id = %d', $this->table(), $id );
	}

	/**
	 * A delivery or a probe got through. Writes at most once a second.
	 *
	 * @param RemoteSite $site The site as it was read.
	 */
	public function succeeded( RemoteSite $site ): void {
		$this->db->execute(
			"UPDATE %i SET state = %s, problem_code = '', problem = '', problem_since = 0, failures = 0, next_try_at = 0, last_success_at = %d WHERE id = %d AND state <> %s",
			$this->table(),
			SiteState::Connected->value,
			$this->clock->now(),
			$site->id,
			SiteState::Paused->value
		);
	}

	/**
	 * A site that was in trouble answers again.
	 *
	 * @param RemoteSite $site The site as it was read.
	 */
	public function recovered( RemoteSite $site ): void {
		$this->succeeded( $site );
		$this->db->execute( 'UPDATE %i SET recovered_at = %d WHERE id = %d', $this->table(), $this->clock->now(), $site->id );
	}

	/**
	 * The site could not be reached or answered an error.
	 *
	 * @param RemoteSite $site        The site as it was read.
	 * @param string     $code        Why.
	 * @param string     $message     The sentence for it.
	 * @param int        $next_try_at Unix seconds.
	 * @return bool Whether nobody has noted this trouble since the site was read.
	 */
	public function unreachable( RemoteSite $site, string $code, string $message, int $next_try_at ): bool {
		return $this->trouble( $site, SiteState::Unreachable, $code, $message, $next_try_at );
	}

	/**
	 * The site refuses the credential or has moved.
	 *
	 * @param RemoteSite $site        The site as it was read.
	 * @param string     $code        Why.
	 * @param string     $message     The sentence for it.
	 * @param int        $next_try_at When it is probed again, Unix seconds.
	 * @return bool As for `unreachable()`.
	 */
	public function held( RemoteSite $site, string $code, string $message, int $next_try_at ): bool {
		$is_news = $this->trouble( $site, SiteState::Held, $code, $message, $next_try_at );
		if ( $is_news && ProblemCode::Unpaired->value === $code ) {
			$this->note_settings();
		}
		return $is_news;
	}

	/**
	 * Removes a site with its links, its queue, its backfills and its verifications. Accounts stay on both sides.
	 *
	 * @param int $id Site.
	 */
	public function remove( int $id ): void {
		foreach ( $this->db->rows( 'SELECT id FROM %i WHERE site_id = %d', $this->db->table( 'backfills' ), $id ) as $row ) {
			$this->db->execute( 'DELETE FROM %i WHERE backfill_id = %d', $this->db->table( 'backfill_items' ), (int) $row['id'] );
		}
		$this->db->execute( 'DELETE FROM %i WHERE site_id = %d', $this->db->table( 'backfills' ), $id );
		foreach ( $this->db->rows( 'SELECT id FROM %i WHERE site_id = %d', $this->db->table( 'verifications' ), $id ) as $row ) {
			$this->db->execute( 'DELETE FROM %i WHERE verification_id = %d', $this->db->table( 'verify_findings' ), (int) $row['id'] );
		}
		$this->db->execute( 'DELETE FROM %i WHERE site_id = %d', $this->db->table( 'outbox' ), $id );
		foreach ( array( 'links', 'approvals', 'removals', 'messages', 'verifications', 'grants' ) as $name ) {
			$this->db->execute( 'DELETE FROM %i WHERE site_id = %d', $this->db->table( $name ), $id );
		}
		$this->db->execute( 'DELETE FROM %i WHERE id = %d', $this->table(), $id );
		$this->note_settings();
	}

	/**
	 * Writes down what is asked of all sites in requests that read none of them.
	 */
	public function note_settings(): void {
		$sites   = $this->all();
		$wanted  = array_filter( $sites, static fn ( RemoteSite $site ): bool => $site->settings->catch_up_at_login );
		$quiet   = array_filter( $sites, static fn ( RemoteSite $site ): bool => $site->settings->login->quiet );
		$offered = array_filter( $sites, static fn ( RemoteSite $site ): bool => $site->settings->login->button && $site->lets_in() );
		update_option( self::CATCH_UP, array() === $wanted ? '0' : '1', true );
		update_option( self::QUIET, array_values( array_map( static fn ( RemoteSite $site ): string => Browser::host( $site->url ), $quiet ) ), true );
		update_option( self::OFFERED, array_column( array_map( static fn ( RemoteSite $site ): array => array( $site->pairing->uuid ?? '', $site->name ), $offered ), 1, 0 ), true );
	}

	/**
	 * Takes the right to deliver to a site, so that one process at a time does.
	 *
	 * @param int    $id      Site.
	 * @param string $owner   Name of the process.
	 * @param int    $seconds How long the right lasts if the process dies.
	 */
	public function claim( int $id, string $owner, int $seconds ): bool {
		$now = $this->clock->now();
		return 1 === $this->db->execute( 'UPDATE %i SET lease_owner = %s, lease_until = %d WHERE id = %d AND lease_until <= %d', $this->table(), $owner, $now + $seconds, $id, $now );
	}

	/**
	 * Gives the right back.
	 *
	 * @param int    $id    Site.
	 * @param string $owner Name of the process.
	 */
	public function release( int $id, string $owner ): void {
		$this->db->execute( "UPDATE %i SET lease_owner = '', lease_until = 0 WHERE id = %d AND lease_owner = %s", $this->table(), $id, $owner );
	}

	/**
	 * The clock was set back: what is to wait for a time by the old one waits for nothing.
	 */
	public function clock_was_set_back(): void {
		$now = $this->clock->now();
		$this->db->execute( 'UPDATE %i SET next_try_at = CASE WHEN next_try_at > %d THEN 0 ELSE next_try_at END, lease_until = CASE WHEN lease_until > %d THEN 0 ELSE lease_until END, recovered_at = CASE WHEN recovered_at > %d THEN 0 ELSE recovered_at END', $this->table(), $now, $now, $now );
	}

	/**
	 * Forgets a site's trouble.
	 *
	 * @param int $id Site.
	 */
	private function well_again( int $id ): void {
		$this->db->execute( "UPDATE %i SET recovered_at = CASE WHEN state = %s THEN recovered_at ELSE %d END, state = %s, problem_code = '', problem = '', problem_since = 0, failures = 0, next_try_at = 0 WHERE id = %d", $this->table(), SiteState::Connected->value, $this->clock->now(), SiteState::Connected->value, $id );
	}

	/**
	 * Notes a site's trouble. A paused site stays paused. Of several processes that meet the same trouble one counts it.
	 *
	 * @param RemoteSite $site        The site as it was read.
	 * @param SiteState  $state       Unreachable or held.
	 * @param string     $code        Why.
	 * @param string     $message     The sentence for it.
	 * @param int        $next_try_at Unix seconds.
	 * @return bool Whether this process is the one.
	 */
	private function trouble( RemoteSite $site, SiteState $state, string $code, string $message, int $next_try_at ): bool {
		return 0 < $this->db->execute(
			'UPDATE %i SET state = %s, problem_code = %s, problem = %s, problem_since = %d, failures = failures + 1, next_try_at = %d WHERE id = %d AND failures = %d AND state <> %s',
			$this->table(),
			$state->value,
			$code,
			$message,
			0 === $site->problem_since ? $this->clock->now() : $site->problem_since,
			$next_try_at,
			$site->id,
			$site->failures,
			SiteState::Paused->value
		);
	}

	/**
	 * Turns a row into a value.
	 *
	 * @param array<string, string|null> $row Row.
	 */
	public static function value( array $row ): RemoteSite {
		return new RemoteSite(
			(int) $row['id'],
			(string) $row['name'],
			(string) $row['url'],
			(string) $row['rest_url'],
			SiteKind::from( (string) $row['kind'] ),
			SiteState::from( (string) $row['state'] ),
			(string) $row['username'],
			(int) $row['remote_user_id'],
			(string) $row['credential'],
			(bool) (int) $row['is_multisite'],
			SiteSettings::from_array( self::decoded( (string) $row['settings'] ) ),
			(string) $row['problem_code'],
			(string) $row['problem'],
			(int) $row['problem_since'],
			(int) $row['failures'],
			(int) $row['next_try_at'],
			(int) $row['connected_at'],
			(int) $row['last_success_at'],
			(int) $row['lease_until'],
			Pairing::from_json( (string) $row['uuid'], (string) $row['pairing'] ),
			self::decoded( (string) $row['policy'] ),
			(int) $row['removals_until'],
			(int) $row['recovered_at']
		);
	}

	/**
	 * A JSON object, or an empty one.
	 *
	 * @param string $json JSON.
	 * @return array<string, mixed>
	 */
	private static function decoded( string $json ): array {
		$data = json_decode( $json, true );
		return is_array( $data ) ? $data : array();
	}

	/**
	 * The table's name.
	 */
	private function table(): string {
		return $this->db->table( 'sites' );
	}
}
