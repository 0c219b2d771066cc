<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Sync;

use Tandem\Database\Connection;
use Tandem\Database\Schema;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outbox;
use Tandem\Sync\Records;
use Tandem\Sync\UserState;
use Tandem\Tests\FixedClock;
use Tandem\Tests\TestCase;

final class SchemaTest extends TestCase {

	public function test_a_site_that_had_version_1_gets_the_table_of_users_and_keeps_what_it_had(): void {
		global $wpdb;
		// A change of tables ends a transaction on MariaDB: this one cleans up itself, in tables of its own.
		$this->commit();
		$prefix = $wpdb->prefix;
		$schema = get_option( Schema::OPTION );
		try {
			$wpdb->prefix = 'v1_';
			$db           = new Connection( $wpdb );
			$clock        = new FixedClock();
			$outbox       = new Outbox( $db, $clock );
			update_option( Schema::OPTION, 0 );
			( new Schema( $db, $wpdb ) )->migrate();
			$db->execute( 'DROP TABLE %i', $db->table( 'users' ) );
			update_option( Schema::OPTION, 1 );
			$outbox->enqueue( 1, 41, new FieldSet( 'roles' ) );

			( new Schema( $db, $wpdb ) )->migrate();

			self::assertSame( Schema::VERSION, (int) get_option( Schema::OPTION ) );
			self::assertSame( array( 'roles' ), $outbox->find_for( 1, 41 )?->fields->names );
			$records = new Records( $db, $clock, '0b7e1111-1111-4111-8111-111111111111' );
			$record  = $records->settle( new UserState( 41, 'ann', 0, array( 'first_name' => 'Ann' ), array(), array() ), array( FieldSet::ALL ), null );
			self::assertEquals( $record->marks, $records->find( 41 )?->marks );
			self::assertSame( array( 'id', 'user_id', 'uid', 'same_as', 'marks', 'deleted', 'deleted_at', 'version' ), array_column( $db->rows( 'SHOW COLUMNS FROM %i', $db->table( 'users' ) ), 'Field' ) );
		} finally {
			( new Schema( new Connection( $wpdb ), $wpdb ) )->drop();
			$wpdb->prefix = $prefix;
			update_option( Schema::OPTION, $schema );
		}
	}

	public function test_an_update_takes_the_keys_away_that_others_have_taken_the_place_of(): void {
		global $wpdb;
		$this->commit();
		$prefix = $wpdb->prefix;
		$option = get_option( Schema::OPTION );
		try {
			$wpdb->prefix = 'former_';
			$db           = new Connection( $wpdb );
			$schema       = new Schema( $db, $wpdb );
			$schema->make();
			$keys = static fn (): array => array_values( array_unique( array_column( $db->rows( 'SHOW INDEX FROM %i', $db->table( 'activity' ) ), 'Key_name' ) ) );
			$new  = $keys();
			$db->execute( 'ALTER TABLE %i ADD INDEX `at` (at)', $db->table( 'activity' ) );
			self::assertContains( 'at', $keys() );
			update_option( Schema::OPTION, 4 );

			$schema->migrate();
			self::assertEqualsCanonicalizing( $new, $keys() );
			self::assertContains( 'at_what', $keys() );
		} finally {
			( new Schema( new Connection( $wpdb ), $wpdb ) )->drop();
			$wpdb->prefix = $prefix;
			update_option( Schema::OPTION, $option );
		}
	}

	public function test_switching_the_plugin_on_makes_a_table_that_is_missing(): void {
		global $wpdb;
		$this->commit();
		$prefix = $wpdb->prefix;
		$option = get_option( Schema::OPTION );
		try {
			$wpdb->prefix = 'lost_';
			$db           = new Connection( $wpdb );
			$schema       = new Schema( $db, $wpdb );
			$schema->make();
			$db->execute( 'DROP TABLE %i', $db->table( 'links' ) );
			self::assertSame( array( 'links' ), $schema->missing() );

			$schema->migrate();
			self::assertSame( array( 'links' ), $schema->missing(), 'Each request must not look.' );
			$hooks = array_values( array_filter( array_keys( $GLOBALS['wp_filter'] ), static fn ( string $hook ): bool => str_starts_with( $hook, 'activate_' ) && str_ends_with( $hook, 'tandem-user-sync.php' ) ) );
			self::assertCount( 1, $hooks );
			do_action( $hooks[0] );
			self::assertSame( array(), $schema->missing() );
		} finally {
			( new Schema( new Connection( $wpdb ), $wpdb ) )->drop();
			$wpdb->prefix = $prefix;
			update_option( Schema::OPTION, $option );
		}
	}
}
