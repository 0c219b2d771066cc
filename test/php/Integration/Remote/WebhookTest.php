<?php
/**
 * What webhooks are told, and what becomes of it when they don't take it. The receiver is a script on the other site.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Remote;

use PHPUnit\Framework\Attributes\DataProvider;
use Tandem\Activity\Action;
use Tandem\Activity\Result;
use Tandem\Remote\Http\AddressPolicy;
use Tandem\Remote\ProblemCode;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\SiteSettings;
use Tandem\Remote\SiteState;
use Tandem\Remote\WebhookAddress;
use Tandem\Security\SecretPair;
use Tandem\Security\WebhookSignature;
use Tandem\Sync\Budget;
use Tandem\Sync\FieldSet;
use Tandem\Sync\OutboxState;
use Tandem\Sync\Report;
use Tandem\Tests\Integration\Sync\DeliveryTestCase;

final class WebhookTest extends DeliveryTestCase {

	private const RECEIVER = '#/receiver#';

	private string $secret;

	protected function setUp(): void {
		parent::setUp();
		$this->plugin->sites()->remove( $this->site->id );
		$this->remote->run( 'delete_option( "seen" ); return true;' );
		$this->remote->on_every_request( 'if ( str_contains( $_SERVER["REQUEST_URI"], "/receiver" ) ) { $seen = get_option( "seen", array() ); $seen[] = array( "headers" => array_change_key_case( getallheaders() ), "body" => file_get_contents( "php://input" ) ); update_option( "seen", $seen ); status_header( 200 ); echo "Taken, thank you"; exit; }' );
		$this->site   = $this->hook();
		$this->secret = $this->plugin->webhook_secrets()->create( $this->site->id );
		$this->new_request();
	}

	/**
	 * A webhook that was made an hour ago.
	 *
	 * @param array<string, mixed> $settings Shape of `SiteSettings` in admin-src/types.ts.
	 */
	private function hook( array $settings = array() ): RemoteSite {
		$this->clock->now -= HOUR_IN_SECONDS;
		$url               = $this->remote->url . '/receiver?key=in-the-address';
		$hook              = $this->plugin->sites()->add( 'Automation', $url, RemoteSite::origin( $url ), SiteKind::Webhook, '', 0, false, SiteSettings::from_array( $settings, SiteSettings::of_webhook() ) );
		$this->clock->now += HOUR_IN_SECONDS;
		return $hook;
	}

	/**
	 * What the receiver has taken since the last look.
	 *
	 * @return list<array{headers: array<string, string>, body: string, type: string, data: array<string, mixed>}>
	 */
	private function taken(): array {
		$seen = $this->remote->run( '$seen = get_option( "seen", array() ); delete_option( "seen" ); return $seen;' );
		return array_map(
			static function ( array $request ): array {
				$body = json_decode( $request['body'], true );
				return $request + array(
					'type' => $body['type'],
					'data' => $body['data'],
				);
			},
			$seen
		);
	}

	/**
	 * A visit a while later: what waits is tried again.
	 *
	 * @param int $seconds How much later.
	 */
	private function later( int $seconds = DAY_IN_SECONDS ): Report {
		$this->clock->now += $seconds;
		$this->new_request();
		return $this->plugin->dispatcher()->run( Budget::request( 20.0 ) );
	}

	private function site_now(): RemoteSite {
		return $this->plugin->sites()->get( $this->site->id );
	}

	public function test_a_person_is_told_as_created_then_as_updated_then_as_deleted(): void {
		$id = $this->make_user( array( 'user_login' => 'anna', 'user_email' => 'anna@a.test', 'first_name' => 'Anna', 'user_pass' => 'nobody is told this' ) );
		$this->deliver();
		$told = $this->taken();
		self::assertSame( array( 'user.created' ), array_column( $told, 'type' ) );
		$data = $told[0]['data'];
		self::assertSame( array( $id, 'anna', 'anna@a.test', 'Anna', array( 'subscriber' ), array(), array(), home_url() ), array( $data['id'], $data['username'], $data['email'], $data['first_name'], $data['roles'], $data['meta'], $data['tags'], $data['site'] ) );
		self::assertContains( 'email', $data['changed'] );
		self::assertSame( array( Action::Create, Result::Success ), array( $this->last()->entry->action, $this->last()->entry->result ) );

		wp_update_user( array( 'ID' => $id, 'first_name' => 'Anne' ) );
		$this->deliver();
		$told = $this->taken();
		self::assertSame( array( 'user.updated' ), array_column( $told, 'type' ) );
		self::assertSame( array( 'Anne', array( 'first_name' ) ), array( $told[0]['data']['first_name'], $told[0]['data']['changed'] ) );

		require_once ABSPATH . 'wp-admin/includes/user.php';
		wp_delete_user( $id );
		$this->deliver();
		$told = $this->taken();
		self::assertSame( array( 'user.deleted' ), array_column( $told, 'type' ) );
		self::assertSame( array( 'id' => $id, 'username' => 'anna', 'email' => 'anna@a.test', 'site' => home_url() ), $told[0]['data'] );
		self::assertNull( $this->plugin->links()->find( $this->site->id, $id ) );
	}

	public function test_somebody_who_was_here_before_the_webhook_is_updated_and_not_created(): void {
		$id = $this->make_user( array( 'user_registered' => '2020-01-01 00:00:00' ) );
		$this->deliver();
		self::assertSame( array( 'user.updated' ), array_column( $this->taken(), 'type' ) );
		self::assertNotNull( $this->plugin->links()->find( $this->site->id, $id ) );
	}

	public function test_a_password_is_never_told_and_never_waits(): void {
		$this->decide( array( 'fields' => FieldSet::CORE ) );
		add_filter( 'tandem_sync_fields', static fn ( array $fields ): array => array( ...$fields, 'password' ) );
		$id = $this->make_user( array( 'user_pass' => 'nEEdle of the webhook' ) );
		$this->plugin->recorder()->flush();
		self::assertSame( '', $this->plugin->outbox()->find_for( $this->site->id, $id )->secret ?? null );
		$this->deliver();
		wp_set_password( 'nEEdle number two', $id );
		wp_update_user( array( 'ID' => $id, 'user_pass' => 'nEEdle number three', 'first_name' => 'X' ) );
		$this->deliver();
		$told = $this->taken();
		self::assertNotSame( array(), $told );
		self::assertStringNotContainsString( 'nEEdle', (string) wp_json_encode( $told ) );
		self::assertStringNotContainsString( get_userdata( $id )->user_pass ?? 'x', (string) wp_json_encode( $told, JSON_UNESCAPED_SLASHES ) );
		self::assertStringNotContainsString( 'password', (string) wp_json_encode( array_column( $told, 'data' ) ) );
	}

	public function test_only_the_chosen_fields_are_told(): void {
		$this->decide( array( 'fields' => array( 'first_name' ), 'meta' => array( 'billing_phone' ) ) );
		$id = $this->make_user( array( 'first_name' => 'Anna', 'user_login' => 'anna' ) );
		update_user_meta( $id, 'billing_phone', '+49 1' );
		update_user_meta( $id, 'other', 'not this' );
		$this->deliver();
		$data = $this->taken()[0]['data'];
		self::assertSame( array( 'id', 'username', 'registered_at', 'first_name', 'meta', 'tags', 'changed', 'site' ), array_keys( $data ) );
		self::assertSame( array( 'billing_phone' => '+49 1' ), $data['meta'] );
		self::assertSame( array( 'first_name', 'meta.billing_phone' ), $data['changed'] );
		require_once ABSPATH . 'wp-admin/includes/user.php';
		wp_delete_user( $id );
		$this->deliver();
		self::assertArrayNotHasKey( 'email', $this->taken()[0]['data'] );
	}

	public function test_only_the_chosen_events_are_told(): void {
		$this->decide( array( 'events' => array( 'user.deleted' ) ) );
		$id = $this->make_user();
		$this->deliver();
		wp_update_user( array( 'ID' => $id, 'first_name' => 'X' ) );
		$this->deliver();
		self::assertSame( array(), $this->taken() );
		require_once ABSPATH . 'wp-admin/includes/user.php';
		wp_delete_user( $id );
		$this->deliver();
		self::assertSame( array( 'user.deleted' ), array_column( $this->taken(), 'type' ) );
	}

	public function test_tags_are_an_event_of_their_own(): void {
		$id = $this->make_user();
		$this->deliver();
		$this->taken();
		add_user_meta( $id, 'tandem_tag', 'gold' );
		add_user_meta( $id, 'tandem_tag', 'early' );
		$this->plugin->recorder()->touch( $id, 'tag:gold', 'tag:early' );
		$this->deliver();
		$told = $this->taken();
		self::assertSame( array( 'user.tagged' ), array_column( $told, 'type' ) );
		self::assertSame( array( array( 'early', 'gold' ), array( 'tags' ) ), array( $told[0]['data']['tags'], $told[0]['data']['changed'] ) );
		// Both at once are two messages, with two ids.
		wp_update_user( array( 'ID' => $id, 'first_name' => 'X' ) );
		$this->plugin->recorder()->touch( $id, 'tag:gold' );
		$this->deliver();
		$told = $this->taken();
		self::assertSame( array( 'user.updated', 'user.tagged' ), array_column( $told, 'type' ) );
		self::assertNotSame( $told[0]['headers']['webhook-id'], $told[1]['headers']['webhook-id'] );
	}

	public function test_administrators_are_not_told_of_and_who_becomes_one_takes_the_role_along_and_nothing_else(): void {
		$this->make_user( array( 'role' => 'administrator' ) );
		$id = $this->make_user( array( 'first_name' => 'Anna' ) );
		$this->deliver();
		self::assertCount( 1, $this->taken() );
		wp_update_user( array( 'ID' => $id, 'role' => 'administrator', 'first_name' => 'Secret' ) );
		$this->deliver();
		$told = $this->taken();
		self::assertCount( 1, $told );
		self::assertSame( array( 'administrator' ), $told[0]['data']['roles'] );
		self::assertArrayNotHasKey( 'first_name', $told[0]['data'] );
	}

	public function test_requests_are_signed_as_standard_webhooks_has_it_and_by_both_secrets_while_there_are_two(): void {
		$id = $this->make_user();
		$this->deliver();
		$told = $this->taken()[0];
		self::assertSame( 'application/json', $told['headers']['content-type'] );
		self::assertMatchesRegularExpression( '/^msg_[0-9a-f]{32}$/D', $told['headers']['webhook-id'] );
		self::assertSame( (string) $this->clock->now, $told['headers']['webhook-timestamp'] );
		self::assertTrue( $this->is_signed( $told, $this->secret ) );
		self::assertStringNotContainsString( $this->secret, (string) wp_json_encode( $told ) );

		$new = $this->plugin->webhook_secrets()->renew( $this->site_now() );
		$this->new_request();
		wp_update_user( array( 'ID' => $id, 'first_name' => 'X' ) );
		$this->deliver();
		$told = $this->taken()[0];
		self::assertTrue( $this->is_signed( $told, $this->secret ) );
		self::assertTrue( $this->is_signed( $told, $new ) );

		$this->clock->now += SecretPair::OVERLAP;
		wp_update_user( array( 'ID' => $id, 'first_name' => 'Y' ) );
		$this->deliver();
		$told = $this->taken()[0];
		self::assertFalse( $this->is_signed( $told, $this->secret ) );
		self::assertTrue( $this->is_signed( $told, $new ) );
	}

	/**
	 * @param array{headers: array<string, string>, body: string} $request A request.
	 * @param string                                              $secret  A secret.
	 */
	private function is_signed( array $request, string $secret ): bool {
		return WebhookSignature::is_good( array( $secret ), $request['headers']['webhook-id'], $request['headers']['webhook-timestamp'], $request['headers']['webhook-signature'], $request['body'] );
	}

	public function test_every_try_has_the_same_id_and_body_and_its_own_time_until_something_changes(): void {
		$this->remote->answer( 400, 'not this one', match: self::RECEIVER );
		$id = $this->make_user();
		$this->deliver();
		$this->plugin->outbox()->retry( array() );
		$row = $this->plugin->outbox()->find_for( $this->site->id, $id );
		self::assertNotNull( $row );
		self::assertSame( array( OutboxState::Attention, 'refused_there' ), array( $row->state, $row->code ) );
		$this->remote->answer( 500, '', match: self::RECEIVER );
		wp_update_user( array( 'ID' => $id, 'first_name' => 'X' ) );
		$this->deliver();
		$this->later();
		$this->later();
		$tries = $this->remote->requests( self::RECEIVER );
		$this->remote->heal();
		$this->later();
		$told = $this->taken();
		self::assertCount( 1, $told );
		self::assertCount( 4, $tries );
		self::assertNotSame( $tries[0]['body'], $tries[1]['body'] );
		self::assertSame( array( $tries[1]['body'], $tries[1]['body'], $tries[1]['body'] ), array( $tries[2]['body'], $tries[3]['body'], $told[0]['body'] ) );
		self::assertSame( (string) $this->clock->now, $told[0]['headers']['webhook-timestamp'] );
		self::assertSame( SiteState::Connected, $this->site_now()->state );
	}

	/**
	 * Answers, and what they mean.
	 *
	 * @return array<string, array{int, string, SiteState, OutboxState}>
	 */
	public static function answers(): array {
		return array(
			'500' => array( 500, 'server_error', SiteState::Unreachable, OutboxState::Due ),
			'502' => array( 502, 'server_error', SiteState::Unreachable, OutboxState::Due ),
			'408' => array( 408, 'timeout', SiteState::Unreachable, OutboxState::Due ),
			'401' => array( 401, 'hook_refused', SiteState::Held, OutboxState::Due ),
			'404' => array( 404, 'hook_refused', SiteState::Held, OutboxState::Due ),
			'410' => array( 410, 'hook_gone', SiteState::Held, OutboxState::Due ),
			'400' => array( 400, 'refused_there', SiteState::Connected, OutboxState::Attention ),
			'422' => array( 422, 'refused_there', SiteState::Connected, OutboxState::Attention ),
		);
	}

	#[DataProvider( 'answers' )]
	public function test_what_an_answer_means( int $status, string $code, SiteState $state, OutboxState $row_state ): void {
		$this->remote->answer( $status, '<html><title>No, thank you</title></html>', match: self::RECEIVER );
		$id = $this->make_user();
		$this->deliver();
		$row = $this->plugin->outbox()->find_for( $this->site->id, $id );
		self::assertNotNull( $row );
		self::assertSame( array( $code, $state, $row_state ), array( $row->code, $this->site_now()->state, $row->state ) );
		self::assertGreaterThan( 30, strlen( $row->message ) );
		if ( in_array( $code, array( 'server_error', 'hook_refused', 'refused_there' ), true ) ) {
			self::assertStringContainsString( "HTTP $status No, thank you", $row->message );
		}
		self::assertStringNotContainsString( 'in-the-address', $row->message );
		self::assertStringNotContainsString( $this->secret, $row->message );
		self::assertSame( SiteState::Connected !== $state, '' !== $this->site_now()->problem );
	}

	public function test_an_address_that_is_gone_is_not_tried_again_before_a_person_says_so(): void {
		$this->remote->answer( 410, '', match: self::RECEIVER );
		$this->make_user();
		$this->deliver();
		$this->later( 30 * DAY_IN_SECONDS );
		$this->later( YEAR_IN_SECONDS );
		self::assertCount( 1, $this->remote->requests( self::RECEIVER ) );
		$this->remote->heal();
		$this->plugin->sites()->try_now( $this->site->id );
		$this->later( 1 );
		self::assertSame( array( 'user.created' ), array_column( $this->taken(), 'type' ) );
		self::assertSame( SiteState::Connected, $this->site_now()->state );
	}

	public function test_retry_after_is_obeyed(): void {
		foreach ( array( 429, 503 ) as $status ) {
			$this->remote->answer( $status, '', array( 'Retry-After' => '7200' ), match: self::RECEIVER );
			$this->make_user();
			$this->deliver();
			$before = count( $this->remote->requests( self::RECEIVER ) );
			$this->later( 7100 );
			self::assertCount( $before, $this->remote->requests( self::RECEIVER ) );
			$this->remote->heal();
			$this->later( 200 );
			self::assertSame( array( 'user.created' ), array_column( $this->taken(), 'type' ), (string) $status );
		}
	}

	public function test_redirects_are_not_followed(): void {
		$this->remote->answer( 307, '', array( 'Location' => $this->remote->url . '/elsewhere' ), match: self::RECEIVER );
		$this->make_user();
		$this->deliver();
		self::assertSame( array(), $this->remote->requests( '#/elsewhere#' ) );
		self::assertSame( array( SiteState::Held, 'moved' ), array( $this->site_now()->state, $this->site_now()->problem_code ) );
	}

	public function test_while_it_is_away_one_person_is_tried_at_a_time_and_all_follow_when_it_is_back(): void {
		$ids = array_map( fn (): int => $this->make_user(), range( 1, 6 ) );
		$this->remote->answer( 500, '', match: self::RECEIVER );
		$this->deliver();
		$before = count( $this->remote->requests( self::RECEIVER ) );
		self::assertLessThanOrEqual( 4, $before, 'Those that were on their way side by side; the others need not try.' );
		$this->later();
		self::assertCount( $before + 1, $this->remote->requests( self::RECEIVER ), 'One probe, and that is a delivery.' );
		foreach ( $ids as $id ) {
			self::assertSame( 0, $this->plugin->outbox()->find_for( $this->site->id, $id )->attempts ?? null, 'No try is burnt.' );
		}
		$this->remote->heal();
		$this->later();
		self::assertCount( 6, $this->taken() );
		self::assertSame( array( SiteState::Connected, '' ), array( $this->site_now()->state, $this->site_now()->problem_code ) );
		self::assertSame( 'The site answers again. What waited for it is being delivered.', $this->first_with( Action::Site )->message );
	}

	private function first_with( Action $action ): \Tandem\Activity\Entry {
		$items = $this->plugin->log()->search( new \Tandem\Activity\Query( actions: array( $action ), results: array( Result::Success ) ) );
		self::assertNotSame( array(), $items );
		return $items[0]->entry;
	}

	public function test_an_address_in_trouble_for_which_nobody_waits_is_well(): void {
		$this->remote->answer( 500, '', match: self::RECEIVER );
		$id = $this->make_user();
		$this->deliver();
		$this->plugin->outbox()->discard( $this->plugin->outbox()->find_for( $this->site->id, $id )->id ?? 0 );
		$this->later();
		self::assertSame( SiteState::Connected, $this->site_now()->state );
	}

	public function test_it_does_not_answer_in_time_and_its_answer_gets_lost(): void {
		$this->make_user();
		$this->plugin->recorder()->flush();
		$this->new_request();
		$this->remote->hang( 1, self::RECEIVER );
		$this->plugin->dispatcher()->run( Budget::guest() );
		self::assertSame( 'timeout', $this->site_now()->problem_code );
		$this->remote->heal();
		$this->remote->send_half( 1, self::RECEIVER );
		$this->later();
		self::assertSame( 'cut_short', $this->site_now()->problem_code );
		$this->later();
		$told = $this->taken();
		self::assertCount( 1, array_unique( array_column( array_column( $told, 'headers' ), 'webhook-id' ) ), 'Whoever gets it twice can tell.' );
		self::assertSame( SiteState::Connected, $this->site_now()->state );
	}

	public function test_changed_salts_send_nothing_and_a_new_secret_mends_it(): void {
		$this->plugin->sites()->replace_credential( $this->site->id, 't1:nonsense' );
		$this->make_user();
		$this->deliver();
		self::assertSame( array( SiteState::Held, 'hook_secret' ), array( $this->site_now()->state, $this->site_now()->problem_code ) );
		self::assertSame( array(), $this->remote->requests( self::RECEIVER ) );
		$secret = $this->plugin->webhook_secrets()->renew( $this->site_now() );
		$this->later();
		self::assertTrue( $this->is_signed( $this->taken()[0], $secret ) );
	}

	public function test_a_paused_webhook_stays_paused_when_its_secret_is_replaced(): void {
		$this->plugin->sites()->pause( $this->site->id );
		$this->plugin->webhook_secrets()->renew( $this->site_now() );
		self::assertSame( SiteState::Paused, $this->site_now()->state );
	}

	public function test_a_test_says_what_came_back(): void {
		$answer = $this->plugin->webhook_transport()->test( $this->site_now() );
		self::assertTrue( $answer['ok'] );
		self::assertStringContainsString( '200', $answer['checks'][1]['message'] );
		self::assertStringContainsString( 'Taken, thank you', $answer['checks'][1]['message'] );
		$told = $this->taken();
		self::assertSame( array( 'test.ping' ), array_column( $told, 'type' ) );
		self::assertTrue( $this->is_signed( $told[0], $this->secret ) );
		$this->remote->answer( 403, 'Wrong ' . $this->secret, match: self::RECEIVER );
		$answer = $this->plugin->webhook_transport()->test( $this->site_now() );
		self::assertFalse( $answer['ok'] );
		self::assertStringContainsString( 'HTTP 403 Wrong …', $answer['checks'][1]['message'] );
	}

	public function test_which_addresses_are_told(): void {
		$strict = new WebhookAddress( new AddressPolicy( false ), false );
		foreach ( array( 'http://a.example/', 'ftp://a.example/', 'https://user:pass@a.example/', 'hooks', 'https://', 'javascript:alert(1)', "https://a.example/\nx" ) as $url ) {
			self::assertSame( ProblemCode::Insecure, $strict->problem( $url ), $url );
		}
		foreach ( array( 'https://127.0.0.2/', 'https://10.0.0.5/x', 'https://192.168.1.1/', 'https://172.16.0.1/', 'https://169.254.169.254/latest/meta-data/', 'https://0.0.0.0/', 'https://[::1]/', 'https://8.8.8.8:22/', 'https://8.8.8.8:5678/' ) as $url ) {
			self::assertSame( ProblemCode::HookAddress, $strict->problem( $url ), $url );
		}
		self::assertSame( ProblemCode::Dns, $strict->problem( 'https://nowhere.invalid/' ) );
		self::assertNull( $strict->problem( 'https://8.8.8.8/hook?x=1' ) );
		self::assertNull( ( new WebhookAddress( new AddressPolicy( true ), true ) )->problem( 'http://127.0.0.1:5678/' ) );
	}

	public function test_other_plugins_and_reports_see_the_host_of_its_address_alone(): void {
		self::assertSame( $this->remote->url, $this->site->shown_url() );
		self::assertStringNotContainsString( 'in-the-address', (string) wp_json_encode( \Tandem\Hooks\Filters::site( $this->site ) ) );
	}
}
