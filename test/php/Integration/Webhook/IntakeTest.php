<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Webhook;

use Tandem\Activity\Action;
use Tandem\Activity\Result;
use Tandem\Database\Connection;
use Tandem\Webhook\HookState;

/**
 * What an automator or a CRM may do with a webhook's secret.
 */
final class IntakeTest extends HookTestCase {

	public function test_a_new_person_gets_an_account_a_role_tags_and_a_mail_to_set_a_password(): void {
		$user = self::assertTaken(
			'created',
			$this->send(
				array(
					'email' => 'nora.new@mail.test',
					'first' => 'Nora',
					'role'  => 'contributor',
					'tags'  => array( 'gold', 'early bird' ),
					'phone' => '+49 1',
				)
			)
		);
		self::assertSame( array( 'nora.new', 'nora.new@mail.test', 'Nora', array( 'contributor' ) ), array( $user->user_login, $user->user_email, $user->first_name, array_values( $user->roles ) ) );
		self::assertEqualsCanonicalizing( array( 'gold', 'early bird' ), get_user_meta( $user->ID, 'tandem_tag' ) );
		self::assertSame( '+49 1', get_user_meta( $user->ID, 'phone', true ) );
		$mails = $this->mails();
		self::assertCount( 1, $mails );
		self::assertSame( array( 'nora.new@mail.test' ), $mails[0]['to'] );
		self::assertStringContainsString( 'action=rp', $mails[0]['body'], 'A link to set a password.' );
		$row = $this->last()->entry;
		self::assertSame( array( Action::Create, Result::Success, $user->ID, 'nora.new' ), array( $row->action, $row->result, $row->user_id, $row->username ) );
		self::assertStringContainsString( 'Newsletter', $row->message );
		self::assertSame( 1, $this->plugin->hooks()->get( $this->hook->id )->taken );
	}

	public function test_no_mail_is_sent_where_the_owner_wants_none(): void {
		$this->decide( settings: array( 'mail' => false ) );
		self::assertTaken( 'created', $this->send( array( 'email' => 'quiet@mail.test' ) ) );
		self::assertSame( array(), $this->mails() );
	}

	public function test_a_username_is_made_of_the_address_and_never_somebody_elses(): void {
		$this->make_user( array( 'user_login' => 'anna', 'user_email' => 'anna@first.test' ) );
		self::assertSame( 'anna2', self::assertTaken( 'created', $this->send( array( 'email' => 'anna@second.test' ) ) )->user_login );
		self::assertSame( 'user', self::assertTaken( 'created', $this->send( array( 'email' => '+@mail.test' ) ) )->user_login );
	}

	public function test_the_same_person_again_is_changed_as_the_owner_lets_this_webhook(): void {
		$id       = $this->make_user( array( 'user_login' => 'old', 'user_email' => 'old@mail.test', 'first_name' => 'Old', 'role' => 'subscriber' ) );
		$comes    = array( 'email' => 'OLD@mail.test', 'first' => 'New', 'role' => 'contributor', 'tags' => 'gold', 'phone' => '1' );
		$as_it_is = static fn (): array => array( get_userdata( $id )->first_name ?? '', array_values( get_userdata( $id )->roles ?? array() ), get_user_meta( $id, 'tandem_tag' ), get_user_meta( $id, 'phone', true ) );

		$this->decide( settings: array( 'existing' => 'leave' ) );
		self::assertTaken( 'left', $this->send( $comes ) );
		self::assertSame( array( 'Old', array( 'subscriber' ), array(), '' ), $as_it_is() );
		self::assertSame( Result::Skipped, $this->last()->entry->result );

		$this->decide( settings: array( 'existing' => 'add' ) );
		self::assertTaken( 'updated', $this->send( $comes ) );
		self::assertSame( array( 'Old', array( 'subscriber', 'contributor' ), array( 'gold' ), '' ), $as_it_is() );
		self::assertTaken( 'equal', $this->send( $comes ) );

		$this->decide( settings: array( 'existing' => 'profile' ) );
		self::assertTaken( 'updated', $this->send( $comes ) );
		self::assertSame( array( 'New', array( 'subscriber', 'contributor' ), array( 'gold' ), '1' ), $as_it_is() );
		self::assertSame( array(), $this->mails() );
	}

	public function test_an_account_that_exists_keeps_its_address_its_username_and_its_password(): void {
		$id     = $this->make_user( array( 'user_login' => 'old', 'user_email' => 'old@mail.test' ) );
		$before = array( get_userdata( $id )->user_pass ?? '', get_userdata( $id )->user_email ?? '' );
		$this->decide(
			array(
				'user_email'   => '{email}',
				'user_login'   => '{login}',
				'display_name' => '{name}',
			),
			array( 'existing' => 'profile' )
		);
		self::assertTaken( 'updated', $this->send( array( 'email' => 'old@mail.test', 'login' => 'taken-over', 'name' => 'Old', 'user_pass' => 'mine now', 'password' => 'mine now' ) ) );
		clean_user_cache( $id );
		$now = get_userdata( $id );
		self::assertSame( array( 'old', ...$before ), array( $now->user_login ?? '', $now->user_pass ?? '', $now->user_email ?? '' ) );
	}

	public function test_what_comes_in_is_a_change_like_any_other_and_travels_on(): void {
		$site = $this->plugin->sites()->add( 'B', 'https://b.test', 'https://b.test/wp-json/', \Tandem\Remote\SiteKind::Plain, 'admin', 1, false, \Tandem\Remote\SiteSettings::defaults() );
		$made = new \ReflectionProperty( $this->plugin::class, 'made' );
		$made->setValue( $this->plugin, array() );
		$user = self::assertTaken( 'created', $this->send( array( 'email' => 'far@mail.test' ) ) );
		$this->plugin->recorder()->flush();
		self::assertNotNull( $this->plugin->outbox()->find_for( $site->id, $user->ID ) );
	}

	public function test_a_webhook_that_listens_keeps_the_request_and_makes_nobody(): void {
		$this->decide( settings: array( 'map' => array() ), state: HookState::Listening );
		$before   = self::everybody();
		$response = $this->send(
			array(
				'contact'      => array( 'email' => 'seen@mail.test' ),
				'Password'     => 'do not keep me',
				'access_token' => 'nor me',
				'long'         => str_repeat( 'x', 1000 ),
			),
			array( 'X-Tandem-Secret' => $this->secret, 'User-Agent' => 'Zapier', 'Cookie' => 'a=b', 'Authorization' => 'Bearer nor-me' )
		);
		self::assertSame( array( 202, 'listening' ), array( $response->get_status(), ( (array) $response->get_data() )['result'] ) );
		self::assertSame( $before, self::everybody() );
		$hook = $this->plugin->hooks()->get( $this->hook->id );
		$seen = $this->plugin->last_requests()->of( $hook );
		self::assertNotNull( $seen );
		self::assertSame( array( 'contact.email' => 'seen@mail.test', 'Password' => '•••', 'access_token' => '•••', 'long' => str_repeat( 'x', 300 ) ), array_column( $seen['fields'], 'value', 'path' ) );
		self::assertEqualsCanonicalizing( array( 'content-type', 'user-agent' ), array_column( $seen['headers'], 'name' ) );
		self::assertStringNotContainsString( 'seen@mail.test', $hook->last_request, 'It lies sealed.' );
		self::assertStringNotContainsString( $this->secret, (string) wp_json_encode( $seen ) );
		// On, but nothing mapped onto the address: the same.
		$this->decide( array( 'first_name' => '{contact.email}' ) );
		self::assertSame( 202, $this->send( array( 'contact' => array( 'email' => 'seen@mail.test' ) ) )->get_status() );
	}

	public function test_the_last_request_is_forgotten_after_a_week(): void {
		$this->send( array( 'email' => 'week@mail.test' ) );
		self::assertNotNull( $this->plugin->last_requests()->of( $this->plugin->hooks()->get( $this->hook->id ) ) );
		$this->plugin->hooks()->forget_requests( time() + 1 );
		self::assertNull( $this->plugin->last_requests()->of( $this->plugin->hooks()->get( $this->hook->id ) ) );
	}

	// The ways in.

	public function test_the_secret_is_taken_from_headers_and_from_the_address_only_where_the_owner_says_so(): void {
		$body = array( 'email' => 'way@mail.test' );
		self::assertTaken( 'created', $this->send( $body, array( 'Authorization' => 'Bearer ' . $this->secret ) ) );
		self::assertTaken( 'equal', $this->send( $body, array( 'X-Tandem-Secret' => $this->secret ) ) );
		self::assertRefused( 401, 'hook_no_secret', $this->send( $body, array(), array( 'secret' => $this->secret ) ) );
		$this->decide( settings: array( 'secretInAddress' => true ) );
		self::assertTaken( 'equal', $this->send( $body, array(), array( 'secret' => $this->secret ) ) );
	}

	public function test_who_lacks_the_secret_is_not_let_in_whoever_they_are(): void {
		$before = self::everybody();
		$body   = array( 'email' => 'nobody@mail.test' );
		foreach ( array( 0, 1 ) as $id ) {
			wp_set_current_user( $id );
			self::assertRefused( 401, 'hook_no_secret', $this->send( $body, array() ) );
			self::assertRefused( 401, 'hook_wrong_secret', $this->send( $body, array( 'X-Tandem-Secret' => 'whsec_x' ) ) );
			self::assertRefused( 401, 'hook_wrong_secret', $this->send( $body, array( 'Authorization' => 'Bearer ' . substr( $this->secret, 0, -1 ) ) ) );
			self::assertRefused( 401, 'hook_no_secret', $this->send( $body, array( 'Authorization' => 'Basic ' . base64_encode( "x:$this->secret" ) ) ) ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- as it travels.
		}
		self::assertSame( $before, self::everybody() );
		self::assertSame( 'hook_no_secret', $this->entries()[0], 'Once an hour, for its owner to see.' );
		self::assertCount( 2, $this->entries() );
		self::assertSame( 0, $this->plugin->hooks()->get( $this->hook->id )->last_at, 'Of strangers nothing is kept.' );
	}

	/**
	 * Codes of what was refused, the oldest first.
	 *
	 * @return list<string>
	 */
	private function entries(): array {
		$items = array_filter( $this->plugin->log()->search( new \Tandem\Activity\Query() ), static fn ( \Tandem\Activity\Item $item ): bool => \Tandem\Activity\Direction::In === $item->entry->direction );
		return array_reverse( array_values( array_map( static fn ( \Tandem\Activity\Item $item ): string => $item->entry->code, $items ) ) );
	}

	public function test_there_is_nothing_at_an_address_that_nobody_has(): void {
		$this->plugin->hooks()->remove( $this->hook->id );
		self::assertRefused( 404, 'hook_unknown', $this->send( array( 'email' => 'a@a.test' ) ) );
	}

	public function test_one_webhooks_secret_opens_no_other(): void {
		$other = $this->plugin->hooks()->add( 'Other', \Tandem\Webhook\HookSettings::defaults() );
		$key   = $this->plugin->hook_secrets()->renew( $other );
		self::assertRefused( 401, 'hook_wrong_secret', $this->send( array( 'email' => 'a@a.test' ), array( 'X-Tandem-Secret' => $key ) ) );
		// Nor does its sealed text, put in the other's place.
		$this->plugin->hooks()->set_secret( $this->hook->id, $this->plugin->hooks()->get( $other->id )->secret );
		self::assertRefused( 503, 'hook_unreadable_secret', $this->send( array( 'email' => 'a@a.test' ), array( 'X-Tandem-Secret' => $key ) ) );
	}

	public function test_a_signature_is_checked_with_its_time_and_its_body(): void {
		$raw = '{"email":"signed@mail.test"}';
		self::assertTaken( 'created', $this->send( $raw, $this->signed( $raw ) ) );
		self::assertRefused( 401, 'hook_bad_signature', $this->send( '{"email":"other@mail.test"}', $this->signed( $raw, 'msg_2' ) ) );
		self::assertRefused( 401, 'hook_bad_signature', $this->send( $raw, array( 'webhook-id' => 'msg_3' ) + $this->signed( $raw, 'msg_2' ) ) );
		self::assertRefused( 401, 'hook_bad_signature', $this->send( $raw, array( 'webhook-id' => '' ) + $this->signed( $raw, '' ) ) );
		self::assertRefused( 401, 'hook_old', $this->send( $raw, $this->signed( $raw, 'msg_4', time() - 301 ) ) );
		self::assertRefused( 401, 'hook_old', $this->send( $raw, $this->signed( $raw, 'msg_5', time() + 301 ) ) );
		// A wrong signature is not made good by the secret beside it.
		self::assertRefused( 401, 'hook_bad_signature', $this->send( $raw, array( 'X-Tandem-Secret' => $this->secret ) + $this->signed( $raw, 'msg_6', null, 'whsec_' . str_repeat( 'A', 32 ) ) ) );
	}

	public function test_two_secrets_are_good_for_a_day_after_one_was_replaced(): void {
		$body = array( 'email' => 'two@mail.test' );
		$new  = $this->plugin->hook_secrets()->renew( $this->plugin->hooks()->get( $this->hook->id ) );
		self::assertTaken( 'created', $this->send( $body ) );
		self::assertTaken( 'equal', $this->send( $body, array( 'X-Tandem-Secret' => $new ) ) );
		$this->plugin->hook_secrets()->end_old( $this->plugin->hooks()->get( $this->hook->id ) );
		self::assertRefused( 401, 'hook_wrong_secret', $this->send( $body ) );
		self::assertTaken( 'equal', $this->send( $body, array( 'X-Tandem-Secret' => $new ) ) );
	}

	public function test_a_webhook_that_is_off_or_on_a_copy_of_a_site_takes_nothing(): void {
		$before = self::everybody();
		$this->decide( state: HookState::Off );
		self::assertRefused( 403, 'hook_off', $this->send( array( 'email' => 'off@mail.test' ) ) );
		$this->decide( state: HookState::On );
		add_filter( 'pre_option_home', static fn (): string => 'https://copy.test' );
		if ( null !== $this->plugin->identity()->copy_of() ) {
			self::assertRefused( 503, 'hook_copy', $this->send( array( 'email' => 'copy@mail.test' ) ) );
		}
		remove_all_filters( 'pre_option_home' );
		self::assertSame( $before, self::everybody() );
	}

	// Again, too often, too large.

	public function test_the_same_message_again_gets_the_same_answer_and_does_nothing(): void {
		$raw   = '{"email":"once@mail.test","tags":"a"}';
		$first = $this->send( $raw, $this->signed( $raw ) );
		$user  = self::assertTaken( 'created', $first );
		delete_user_meta( $user->ID, 'tandem_tag' );
		$again = $this->send( $raw, $this->signed( $raw ) );
		self::assertSame( array( 201, $first->get_data() ), array( $again->get_status(), $again->get_data() ) );
		self::assertSame( array(), get_user_meta( $user->ID, 'tandem_tag' ) );
		self::assertCount( 1, $this->mails() );
		self::assertTaken( 'updated', $this->send( $raw, $this->signed( $raw, 'msg_2' ) ) );
		// So does a refusal.
		$bad = '{"email":"nonsense"}';
		self::assertRefused( 422, 'email_invalid', $this->send( $bad, $this->signed( $bad, 'msg_3' ) ) );
		self::assertRefused( 422, 'email_invalid', $this->send( $bad, $this->signed( $bad, 'msg_3' ) ) );
		// After a day it is another message.
		$db = new Connection( $GLOBALS['wpdb'] );
		$db->execute( 'UPDATE %i SET at = at - %d', $db->table( 'hook_answers' ), DAY_IN_SECONDS + 1 );
		$this->plugin->hook_answers()->purge();
		self::assertSame( '0', $db->value( 'SELECT COUNT(*) FROM %i', $db->table( 'hook_answers' ) ) );
	}

	public function test_a_message_that_somebody_is_at_waits_and_one_that_was_given_up_is_taken_up(): void {
		$raw = '{"email":"busy@mail.test"}';
		self::assertNull( $this->plugin->hook_answers()->take( $this->hook->id, 'msg_1' ) );
		$busy = $this->send( $raw, $this->signed( $raw ) );
		self::assertRefused( 409, 'hook_busy', $busy );
		self::assertSame( '5', $busy->get_headers()['Retry-After'] );
		$db = new Connection( $GLOBALS['wpdb'] );
		$db->execute( 'UPDATE %i SET at = at - 61', $db->table( 'hook_answers' ) );
		self::assertTaken( 'created', $this->send( $raw, $this->signed( $raw ) ) );
	}

	public function test_too_many_requests_in_a_minute_are_asked_to_come_later(): void {
		$this->decide( settings: array( 'perMinute' => 3 ) );
		// Not over the end of a minute.
		if ( (int) gmdate( 's' ) > 55 ) {
			sleep( 6 );
		}
		for ( $i = 0; $i < 3; $i++ ) {
			self::assertSame( 0 === $i ? 201 : 200, $this->send( array( 'email' => 'often@mail.test' ) )->get_status() );
		}
		$before   = self::everybody();
		$response = $this->send( array( 'email' => 'more@mail.test' ) );
		self::assertRefused( 429, 'hook_rate', $response );
		self::assertGreaterThan( 0, (int) $response->get_headers()['Retry-After'] );
		self::assertLessThanOrEqual( 60, (int) $response->get_headers()['Retry-After'] );
		self::assertSame( $before, self::everybody() );
		// A stranger uses up nobody's share.
		$db = new Connection( $GLOBALS['wpdb'] );
		$db->execute( 'UPDATE %i SET rate_minute = rate_minute - 1', $db->table( 'hooks' ) );
		for ( $i = 0; $i < 5; $i++ ) {
			self::assertRefused( 401, 'hook_no_secret', $this->send( array(), array() ) );
		}
		self::assertSame( 201, $this->send( array( 'email' => 'more@mail.test' ) )->get_status() );
	}

	public function test_what_is_too_large_or_no_data_is_refused(): void {
		self::assertRefused( 413, 'hook_too_large', $this->send( array( 'email' => 'a@a.test', 'x' => str_repeat( 'x', 70_000 ) ) ) );
		$request = $this->request( '{"email":', array( 'X-Tandem-Secret' => $this->secret ) );
		self::assertSame( 400, rest_do_request( $request )->get_status() );
		$request->set_header( 'Content-Type', 'text/plain' );
		self::assertRefused( 400, 'hook_unreadable', rest_do_request( $request ) );
	}

	public function test_a_form_post_makes_somebody_too(): void {
		$request = new \WP_REST_Request( 'POST', '/tandem/v1/hooks/' . $this->hook->slug );
		$request->set_header( 'Content-Type', 'application/x-www-form-urlencoded' );
		$request->set_header( 'X-Tandem-Secret', $this->secret );
		$request->set_body( 'email=form%40mail.test&first=Fred' );
		// As WordPress takes them from PHP.
		$request->set_body_params( array( 'email' => 'form@mail.test', 'first' => 'Fred' ) );
		self::assertSame( 'Fred', self::assertTaken( 'created', rest_do_request( $request ) )->first_name );
	}
}
