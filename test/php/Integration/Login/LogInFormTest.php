<?php
/**
 * What a log-in form shows, and what it costs.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Login;

use Tandem\Remote\ProblemCode;
use Tandem\Remote\SiteSettings;

final class LogInFormTest extends LoginTestCase {

	/**
	 * Which sites the form offers.
	 *
	 * @return list<string>
	 */
	private function offered(): array {
		ob_start();
		do_action( 'login_form' );
		preg_match_all( '/Log in with ([A-Za-z ]+)</', (string) ob_get_clean(), $found );
		return $found[1];
	}

	public function test_it_asks_the_database_nothing(): void {
		$queries = $this->own_queries( fn () => self::assertSame( array( 'B', 'C' ), $this->offered() ) );
		self::assertSame( array(), $queries );
	}

	public function test_it_offers_what_is_on_record_at_this_moment(): void {
		$sites = $this->plugin->sites();
		$sites->rename( $this->site->id, 'Academy' );
		self::assertSame( array( 'Academy', 'C' ), $this->offered() );

		$sites->pause( $this->site->id );
		self::assertSame( array( 'C' ), $this->offered() );
		$sites->resume( $this->site->id );
		self::assertSame( array( 'Academy', 'C' ), $this->offered() );

		$this->allow( array( 'login' => false ) );
		self::assertSame( array( 'C' ), $this->offered() );
		$this->allow( array( 'login' => true ) );
		$sites->set_settings( $this->other->id, SiteSettings::from_array( array( 'login' => array( 'button' => false ) ), $this->other->settings ) );
		self::assertSame( array( 'Academy' ), $this->offered() );

		$sites->held( $sites->get( $this->site->id ), ProblemCode::Unpaired->value, 'It knows nothing of this site any more.', 0 );
		self::assertSame( array(), $this->offered() );
		$pairing = $this->site->pairing;
		self::assertNotNull( $pairing );
		$sites->set_pairing( $this->site->id, $pairing );
		$sites->resume( $this->site->id );
		self::assertSame( array( 'Academy' ), $this->offered() );

		$sites->remove( $this->site->id );
		self::assertSame( array(), $this->offered() );
	}

	public function test_an_update_writes_down_what_was_never_written_down(): void {
		delete_option( 'tandem_login_offered' );
		self::assertSame( array(), $this->offered() );
		update_option( 'tandem_schema', 8, true );
		do_action( 'plugins_loaded' );
		self::assertSame( array( 'B', 'C' ), $this->offered() );
	}
}
