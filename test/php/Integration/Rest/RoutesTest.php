<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Rest;

use Tandem\Activity\Action;
use Tandem\Activity\Entry;
use Tandem\Activity\Result;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteState;
use Tandem\Security\SiteIdentity;
use Tandem\Sync\FieldSet;
use Tandem\Sync\OutboxState;
use Tandem\Tests\RemoteWordPress;

/**
 * What the routes do.
 */
final class RoutesTest extends RestTestCase {

	public function test_a_list_says_how_long_it_is(): void {
		for ( $i = 0; $i < 5; $i++ ) {
			$this->log->add( new Entry( Action::Update, Result::Success, 7, 41, 'anna', 'anna@a.test' ) );
		}
		$response = $this->ask(
			'GET',
			'/activity',
			array(
				'user'     => 41,
				'per_page' => 2,
				'page'     => 3,
			)
		);
		self::assertCount( 1, (array) $response->get_data() );
		self::assertSame( '5', $response->get_headers()['X-WP-Total'] );
		self::assertSame( '3', $response->get_headers()['X-WP-TotalPages'] );
		self::assertSame( 'no-store, private', $response->get_headers()['Cache-Control'] );
	}

	public function test_the_record_is_filtered(): void {
		$this->log->add( new Entry( Action::Create, Result::Success, 7, 41, 'anna', 'anna@a.test' ) );
		$this->log->add( new Entry( Action::Update, Result::Retrying, 8, 42, 'berta', 'berta@a.test' ) );
		$names = fn ( array $query ): array => array_column( $this->answer( 'GET', '/activity', $query + array( 'after' => time() - 60 ) ), 'username' );
		self::assertSame( array( 'anna' ), array_values( array_filter( $names( array( 'search' => 'anna@' ) ) ) ) );
		self::assertSame( array( 'berta' ), $names( array( 'result' => array( 'retrying' ) ) ) );
		self::assertSame( array( 'berta' ), $names( array( 'site' => 8 ) ) );
		self::assertSame(
			array( 'anna' ),
			$names(
				array(
					'action' => array( 'create' ),
					'user'   => 41,
				)
			)
		);
		self::assertSame( 'rest_invalid_param', $this->refusal( 400, 'GET', '/activity', array( 'result' => array( 'nonsense' ) ) ) );
	}

	public function test_settings_change_only_what_is_named_and_within_bounds(): void {
		$before = $this->answer( 'GET', '/settings' );
		$after  = $this->answer( 'PATCH', '/settings', array( 'keepActivityDays' => 14 ) );
		self::assertSame( 14, $after['keepActivityDays'] );
		self::assertSame( $before['passwordExpiryHours'], $after['passwordExpiryHours'] );
		self::assertSame( $after, $this->answer( 'GET', '/settings' ) );
		self::assertSame( 'rest_invalid_param', $this->refusal( 400, 'PATCH', '/settings', array( 'passwordExpiryHours' => 100000 ) ) );
	}

	public function test_who_gets_the_mail_about_trouble(): void {
		self::assertSame( array( true, '' ), array_values( array_intersect_key( $this->answer( 'GET', '/settings' ), array( 'alerts' => 1, 'alertAddress' => 1 ) ) ) );
		self::assertSame( 'ops@a.test', $this->answer( 'PATCH', '/settings', array( 'alertAddress' => 'ops@a.test' ) )['alertAddress'] );
		self::assertSame( 'tandem_email_invalid', $this->refusal( 400, 'PATCH', '/settings', array( 'alerts' => false, 'alertAddress' => 'nobody' ) ) );
		self::assertSame( array( true, 'ops@a.test' ), array_values( array_intersect_key( $this->answer( 'GET', '/settings' ), array( 'alerts' => 1, 'alertAddress' => 1 ) ) ), 'A refused address changes nothing else.' );
		$after = $this->answer( 'PATCH', '/settings', array( 'alerts' => false, 'alertAddress' => '' ) );
		self::assertSame( array( false, '' ), array( $after['alerts'], $after['alertAddress'] ) );
	}

	public function test_a_site_that_is_not_there(): void {
		self::assertSame( 'tandem_site_not_found', $this->refusal( 404, 'GET', '/sites/999999' ) );
		self::assertSame( 'tandem_site_not_found', $this->refusal( 404, 'DELETE', '/sites/999999' ) );
	}

	public function test_a_refused_setting_changes_nothing_else_either(): void {
		$site = $this->silent();
		self::assertSame(
			'tandem_meta_not_allowed',
			$this->refusal(
				400,
				'PATCH',
				"/sites/{$site->id}",
				array(
					'name'     => 'New name',
					'settings' => array( 'meta' => array( 'wp_capabilities' ) ),
				)
			)
		);
		self::assertEquals( $site, $this->sites->get( $site->id ) );
	}

	public function test_settings_of_a_site_are_stored_and_put_on_record(): void {
		$site     = $this->silent();
		$settings = $this->answer(
			'PATCH',
			"/sites/{$site->id}",
			array(
				'settings' => array(
					'fields' => array( 'user_email' ),
					'meta'   => array( 'billing_phone' ),
				),
			)
		)['settings'];
		self::assertSame( array( 'user_email' ), $settings['fields'] );
		self::assertSame( array( 'billing_phone' ), $settings['meta'] );
		self::assertSame( array( 'settings' ), array_column( $this->answer( 'GET', '/activity', array( 'site' => $site->id ) ), 'action' ) );
	}

	public function test_a_credential_needs_both_parts(): void {
		$site = $this->silent();
		self::assertSame( 'tandem_both_needed', $this->refusal( 400, 'PATCH', "/sites/{$site->id}", array( 'password' => 'abcd' ) ) );
	}

	public function test_a_paused_site_sends_nothing_even_when_asked(): void {
		$site = $this->silent();
		self::assertSame( 'paused', $this->answer( 'POST', "/sites/{$site->id}/pause" )['state'] );
		self::assertSame( 'tandem_site_paused', $this->refusal( 409, 'POST', "/sites/{$site->id}/sync" ) );
		self::assertSame( 'connected', $this->answer( 'POST', "/sites/{$site->id}/resume" )['state'] );
	}

	public function test_sync_delivers_what_waits_at_once(): void {
		$remote = RemoteWordPress::clean();
		$site   = $this->connected( $remote );
		$user   = $this->make_user( array( 'user_login' => 'clara' ) );
		// A row that this request has open is not delivered before it ends.
		$GLOBALS['tandem_plugin']->recorder()->flush();
		$this->outbox->enqueue( $site->id, $user, new FieldSet( FieldSet::ALL ) );
		$answer = $this->answer( 'POST', "/sites/{$site->id}/sync" );
		self::assertNotNull( $remote->user( 'clara' ) );
		self::assertSame( 0, $answer['waiting'] );
		self::assertSame( 1, $answer['linked'] );
	}

	public function test_sync_looks_again_at_a_site_in_trouble_though_it_is_not_time_yet(): void {
		$remote = RemoteWordPress::clean();
		$site   = $this->connected( $remote );
		$this->sites->unreachable( $site, 'timeout', 'A sentence.', time() + 1000 );
		self::assertSame( 'connected', $this->answer( 'POST', "/sites/{$site->id}/sync" )['state'] );
		self::assertSame( SiteState::Connected, $this->sites->get( $site->id )->state );
	}

	public function test_accounts_are_found_and_administrators_marked(): void {
		$remote = RemoteWordPress::clean();
		$remote->make_user(
			array(
				'user_login' => 'berta',
				'user_email' => 'berta@b.test',
				'user_pass'  => 'x',
				'role'       => 'editor',
			)
		);
		$site = $this->connected( $remote );
		self::assertSame( array( 'berta' => false ), array_column( $this->answer( 'GET', "/sites/{$site->id}/accounts", array( 'search' => 'berta' ) ), 'protected', 'username' ) );
		self::assertSame(
			array(
				'admin' => true,
				'berta' => false,
			),
			array_column( $this->answer( 'GET', "/sites/{$site->id}/accounts" ), 'protected', 'username' )
		);
	}

	public function test_accounts_of_a_site_that_is_away_is_an_error_with_its_sentence(): void {
		self::assertSame( 'refused', $this->refusal( 424, 'GET', "/sites/{$this->dead()->id}/accounts" ) );
	}

	public function test_one_username_is_for_one_person(): void {
		self::assertSame(
			'tandem_one_username',
			$this->refusal(
				400,
				'POST',
				'/conflicts/resolve',
				array(
					'ids'      => array( 1, 2 ),
					'choice'   => 'create',
					'username' => 'x',
				)
			)
		);
	}

	public function test_of_several_people_those_with_an_administrators_account_are_left_to_be_decided_alone(): void {
		$site = $this->silent();
		$ids  = array();
		foreach ( array( false, true ) as $protected ) {
			$user = $this->make_user();
			$this->outbox->enqueue( $site->id, $user, new FieldSet( FieldSet::ALL ) );
			$row = $this->outbox->find_for( $site->id, $user );
			self::assertNotNull( $row );
			$there = array(
				'id'        => 50 + $row->id,
				'username'  => "there$row->id",
				'email'     => "there$row->id@b.test",
				'protected' => $protected,
			);
			$this->outbox->hold( $row, OutboxState::Attention, 'username_taken', 'A sentence.', array( 'there' => $there ) );
			$ids[] = $row->id;
		}
		$resolve = fn ( array $ids ): array => $this->answer(
			'POST',
			'/conflicts/resolve',
			array(
				'ids'    => $ids,
				'choice' => 'link',
			)
		);
		$answer  = $resolve( $ids );
		self::assertSame( array( 1, array( $ids[1] ) ), array( $answer['resolved'], array_column( $answer['failed'], 'id' ) ) );
		self::assertSame( 1, $resolve( array( $ids[1] ) )['resolved'] );
	}

	public function test_retry_makes_all_of_a_cause_due(): void {
		$site = $this->silent();
		$this->fail_for( $site, 'a', 'b' );
		self::assertSame(
			array( 'retried' => 1 ),
			$this->answer(
				'POST',
				'/outbox/retry',
				array(
					'site' => $site->id,
					'code' => 'b',
				)
			)
		);
	}

	public function test_causes_are_counted_over_all_who_wait_and_said_in_words(): void {
		$site = $this->silent();
		$this->fail_for( $site, 'timeout', 'username_taken', 'username_taken', 'internal_error', '' );
		self::assertSame(
			array(
				array(
					'code'     => 'username_taken',
					'sentence' => 'The username belongs to somebody else there',
					'people'   => 2,
				),
				array(
					'code'     => 'internal_error',
					'sentence' => 'Something went wrong on this site',
					'people'   => 1,
				),
				array(
					'code'     => 'timeout',
					'sentence' => 'The site doesn’t answer in time',
					'people'   => 1,
				),
			),
			$this->answer( 'GET', '/outbox/causes', array( 'site' => $site->id ) )
		);
		self::assertSame( array(), $this->answer( 'GET', '/outbox/causes', array( 'site' => $site->id + 1 ) ) );
		self::assertSame( array(), $this->answer( 'GET', '/outbox/causes', array( 'after' => time() + 60 ) ) );
	}

	public function test_identity_is_asked_only_when_there_is_something_to_decide(): void {
		( new SiteIdentity() )->establish();
		self::assertSame( 'tandem_nothing_to_decide', $this->refusal( 409, 'POST', '/identity', array( 'decision' => 'copy' ) ) );
	}

	public function test_a_copy_loses_its_connections_and_a_move_keeps_them(): void {
		$identity = new SiteIdentity();
		$identity->establish();
		foreach ( array(
			'moved' => 1,
			'copy'  => 0,
		) as $decision => $left ) {
			foreach ( $this->sites->all() as $site ) {
				$this->sites->remove( $site->id );
			}
			$this->silent();
			add_filter( 'home_url', $elsewhere = static fn (): string => "https://$decision.test" );
			self::assertNotNull( $identity->copy_of() );
			self::assertSame( array( 'copyOf' => null ), $this->answer( 'POST', '/identity', array( 'decision' => $decision ) ) );
			self::assertCount( $left, $this->sites->all() );
			remove_filter( 'home_url', $elsewhere );
			$identity->moved();
		}
	}

	/** Somebody for each cause who did not get through. */
	private function fail_for( RemoteSite $site, string ...$codes ): void {
		foreach ( $codes as $code ) {
			$user = $this->make_user();
			$this->outbox->enqueue( $site->id, $user, new FieldSet( 'roles' ) );
			$row = $this->outbox->find_for( $site->id, $user );
			self::assertNotNull( $row );
			$this->outbox->postpone( $row, time() + 5000, $code, 'A sentence.' );
		}
	}
}
