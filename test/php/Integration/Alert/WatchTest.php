<?php
/**
 * One mail when a site has needed attention for an hour, and one when it is well again.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Alert;

use Tandem\Remote\SiteState;
use Tandem\Settings;
use Tandem\Sync\OutboxState;
use Tandem\Tests\Integration\Capture\CaptureTestCase;

final class WatchTest extends CaptureTestCase {

	protected function setUp(): void {
		parent::setUp();
		$this->plugin->identity()->establish();
	}

	/** Time passes, and somebody looks every minute. */
	private function pass( int $minutes ): void {
		for ( $minute = 0; $minute < $minutes; $minute++ ) {
			$this->clock->now += MINUTE_IN_SECONDS;
			$this->plugin->watch()->look();
		}
	}

	private function goes_away( string $name = 'B' ): void {
		foreach ( $this->plugin->sites()->all() as $site ) {
			if ( $name === $site->name ) {
				$this->plugin->sites()->unreachable( $site, 'server_error', 'It answered: secret of ann@a.test', $this->clock->now + 60 );
			}
		}
	}

	private function comes_back(): void {
		foreach ( $this->plugin->sites()->all() as $site ) {
			$this->plugin->sites()->recovered( $site );
		}
	}

	/** Somebody waits for a decision. */
	private function waits(): int {
		$id = $this->make_user( array( 'user_login' => 'zoe', 'user_email' => 'zoe@a.test' ) );
		$this->end_request();
		$row = $this->plugin->outbox()->claim( $this->site->id, 1, 60 )[0];
		$this->plugin->outbox()->hold( $row, OutboxState::Attention, 'username_taken', 'The username zoe is taken.', array() );
		return $id;
	}

	/** @return list<string> */
	private function subjects(): array {
		return array_column( $this->mails(), 'subject' );
	}

	public function test_one_mail_after_an_hour_and_one_when_it_is_well_again_and_none_for_each_failure(): void {
		$this->make_user( array( 'user_login' => 'zoe', 'user_email' => 'zoe@a.test' ) );
		$this->end_request();
		$this->goes_away();
		$this->pass( 59 );
		self::assertSame( array(), $this->mails() );
		$this->pass( 1 );
		self::assertCount( 1, $this->mails() );
		$mail = $this->mails()[0];
		self::assertSame( array( get_option( 'admin_email' ) ), $mail['to'] );
		self::assertStringContainsString( 'Syncing with B needs attention', $mail['subject'] );
		self::assertStringContainsString( 'https://b.test', $mail['body'] );
		self::assertStringContainsString( 'server_error', $mail['body'] );
		self::assertStringContainsString( '1 person waits for it', $mail['body'] );
		self::assertStringContainsString( 'page=tandem', $mail['body'] );
		foreach ( array( 'secret', 'ann', 'zoe' ) as $word ) {
			self::assertStringNotContainsString( $word, $mail['subject'] . $mail['body'], 'No secrets, and no names of people.' );
		}
		for ( $failure = 0; $failure < 5; $failure++ ) {
			$this->goes_away();
			$this->pass( 30 );
		}
		self::assertCount( 1, $this->mails() );

		$this->comes_back();
		$this->pass( 5 );
		self::assertCount( 2, $this->mails() );
		self::assertStringContainsString( 'Syncing with B is well again', $this->subjects()[1] );

		$this->goes_away();
		$this->pass( 60 );
		self::assertCount( 3, $this->mails(), 'A new spell begins a new one.' );
	}

	public function test_trouble_that_is_over_within_the_hour_costs_no_mail(): void {
		$this->goes_away();
		$this->pass( 50 );
		$this->comes_back();
		$this->pass( 1 );
		$this->goes_away();
		$this->pass( 50 );
		$this->comes_back();
		$this->pass( 120 );
		self::assertSame( array(), $this->mails() );
	}

	public function test_people_who_wait_for_a_decision_are_worth_a_mail_too(): void {
		$id = $this->waits();
		$this->pass( 60 );
		self::assertSame( array(), $this->mails(), 'Seen for the first time a minute after it began.' );
		$this->pass( 1 );
		self::assertCount( 1, $this->mails() );
		self::assertStringContainsString( '1 person waits for your decision', $this->mails()[0]['body'] );
		self::assertStringNotContainsString( 'zoe', $this->mails()[0]['body'] );
		$this->goes_away();
		$this->pass( 90 );
		$this->comes_back();
		$this->pass( 10 );
		self::assertCount( 1, $this->mails(), 'It still needs attention.' );
		$this->plugin->outbox()->discard( $this->row( $id )->id ?? 0 );
		$this->pass( 1 );
		self::assertCount( 2, $this->mails() );
	}

	public function test_several_sites_at_once_are_one_mail(): void {
		$this->plugin->sites()->add( 'C', 'https://c.test', 'https://c.test/wp-json/', $this->site->kind, 'tandem', 1, false, $this->site->settings );
		$this->goes_away();
		$this->goes_away( 'C' );
		$this->pass( 70 );
		self::assertCount( 1, $this->mails() );
		self::assertStringContainsString( 'https://b.test', $this->mails()[0]['body'] );
		self::assertStringContainsString( 'https://c.test', $this->mails()[0]['body'] );
	}

	public function test_who_pauses_or_removes_a_site_gets_no_mail_about_it(): void {
		$this->goes_away();
		$this->pass( 70 );
		$this->plugin->sites()->pause( $this->site->id );
		self::assertSame( SiteState::Paused, $this->plugin->sites()->get( $this->site->id )->state );
		$this->pass( 70 );
		$this->plugin->sites()->remove( $this->site->id );
		$this->pass( 70 );
		self::assertCount( 1, $this->mails() );
	}

	public function test_it_can_be_switched_off_and_sent_elsewhere(): void {
		( new Settings() )->update( array( 'alerts' => false ) );
		$this->goes_away();
		$this->pass( 70 );
		self::assertSame( array(), $this->mails() );
		( new Settings() )->update( array( 'alerts' => true, 'alertAddress' => 'ops@a.test' ) );
		$this->pass( 1 );
		self::assertSame( array( 'ops@a.test' ), $this->mails()[0]['to'] );
	}

	public function test_a_copy_of_a_site_writes_to_nobody(): void {
		$this->goes_away();
		add_filter( 'home_url', static fn ( string $url ): string => str_replace( '://', '://staging.', $url ) );
		self::assertNotNull( $this->plugin->identity()->copy_of() );
		$this->pass( 70 );
		self::assertSame( array(), $this->mails() );
	}

	public function test_of_two_who_look_at_once_one_sends(): void {
		$this->goes_away();
		$this->pass( 59 );
		$this->clock->now += MINUTE_IN_SECONDS;
		$is_second         = false;
		add_filter(
			'query',
			function ( string $query ) use ( &$is_second ): string {
				if ( ! $is_second && str_starts_with( $query, 'UPDATE' ) && str_contains( $query, 'tandem_alerts' ) ) {
					$is_second = true;
					( new \ReflectionMethod( $this->plugin, 'watch' ) )->invoke( $this->another() )->look();
				}
				return $query;
			}
		);
		$this->plugin->watch()->look();
		self::assertTrue( $is_second );
		self::assertCount( 1, $this->mails() );
	}

	/** Another process: a plugin of its own. */
	private function another(): \Tandem\Plugin {
		return new \Tandem\Plugin( $this->plugin->file, $GLOBALS['wpdb'], $this->clock );
	}

	public function test_a_mail_that_could_not_be_sent_is_tried_again_in_an_hour(): void {
		$this->goes_away();
		add_filter( 'pre_wp_mail', '__return_false' );
		$this->pass( 60 );
		remove_filter( 'pre_wp_mail', '__return_false' );
		$this->pass( 59 );
		self::assertSame( array(), $this->mails() );
		$this->pass( 1 );
		self::assertCount( 1, $this->mails() );
	}

	public function test_a_filter_changes_the_mail_and_one_that_fails_does_not_keep_it_from_going(): void {
		$heard = array();
		add_filter(
			'tandem_attention_mail',
			static function ( array $mail, string $about, array $sites ) use ( &$heard ): array {
				$heard = array( $about, $sites );
				return array( 'to' => 'tickets@a.test', 'subject' => array( 'rubbish' ) ) + $mail;
			},
			10,
			3
		);
		$this->goes_away();
		$this->pass( 60 );
		self::assertSame( array( 'trouble', array( array( 'id' => $this->site->id, 'name' => 'B', 'url' => 'https://b.test', 'kind' => 'plain' ) ) ), $heard );
		self::assertSame( array( 'tickets@a.test' ), $this->mails()[0]['to'] );
		self::assertStringContainsString( 'needs attention', $this->mails()[0]['subject'] );
		remove_all_filters( 'tandem_attention_mail' );
		add_filter( 'tandem_attention_mail', static fn (): never => throw new \LogicException( 'broken' ) );
		$this->comes_back();
		$this->pass( 1 );
		self::assertCount( 2, $this->mails() );
	}

	public function test_whoever_works_in_the_background_looks(): void {
		$this->goes_away();
		$this->clock->now += HOUR_IN_SECONDS;
		$this->plugin->worker()->work( 0.0, array(), true, static fn (): bool => false );
		self::assertCount( 1, $this->mails() );
	}
}
