<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Rest;

use Tandem\Activity\Action;
use Tandem\Activity\Entry;
use Tandem\Activity\Result;
use Tandem\Database\Connection;
use Tandem\Remote\Link;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\SiteSettings;
use Tandem\Sync\FieldSet;
use Tandem\Sync\OutboxRow;
use Tandem\Sync\OutboxState;
use Tandem\Sync\Stamp;
use Tandem\Tests\RemoteWordPress;
use Tandem\Verify\Difference;
use Tandem\Verify\Findings;
use Tandem\Verify\Kind;
use Tandem\Verify\Wins;

/**
 * Every answer has the shape that admin-src/types.ts promises to the page.
 */
final class SchemaTest extends RestTestCase {

	/**
	 * Asks a route and compares.
	 *
	 * @param string               $type   Type in types.ts.
	 * @param string               $method GET, POST…
	 * @param string               $path   Path below the namespace.
	 * @param array<string, mixed> $params Parameters.
	 */
	private function fits( string $type, string $method, string $path, array $params = array() ): mixed {
		$answer = $this->answer( $method, $path, $params );
		self::assertSame( array(), ( new TypeScriptContract() )->problems( $type, $answer ), "$method $path" );
		if ( str_ends_with( $type, '[]' ) ) {
			self::assertNotSame( array(), $answer, "$method $path: an empty list shows nothing" );
		}
		return $answer;
	}

	/**
	 * Somebody who waits for a decision.
	 */
	private function waiting( RemoteSite $site ): OutboxRow {
		$user = $this->make_user();
		$this->outbox->enqueue( $site->id, $user, new FieldSet( FieldSet::ALL ) );
		$row = $this->outbox->find_for( $site->id, $user );
		self::assertNotNull( $row );
		$there = array(
			'id'        => 55,
			'username'  => 'x',
			'name'      => 'X',
			'email'     => 'x@b.test',
			'roles'     => array( 'subscriber' ),
			'protected' => false,
		);
		$this->outbox->hold( $row, OutboxState::Attention, 'username_taken', 'A sentence.', array( 'there' => $there ) );
		return $row;
	}

	public function test_sites_and_what_can_be_done_with_one(): void {
		$remote = RemoteWordPress::clean();
		$this->fits( 'Discovery', 'POST', '/sites/discover', array( 'url' => $remote->url ) );
		$this->fits( 'ConnectAnswer', 'POST', '/sites/connect', array( 'url' => $remote->url ) );
		$site = $this->fits(
			'Site',
			'POST',
			'/sites',
			array(
				'url'      => $remote->url,
				'username' => RemoteWordPress::ADMIN,
				'password' => $remote->application_password,
			)
		);
		$one  = "/sites/{$site['id']}";
		$this->fits( 'Site[]', 'GET', '/sites' );
		$this->fits( 'Site', 'GET', $one );
		$this->fits( 'Site', 'PATCH', $one, array( 'name' => 'Shop' ) );
		$this->fits( 'TestAnswer', 'POST', "$one/test" );
		$this->fits( 'Site', 'POST', "$one/sync" );
		$this->fits( 'Site', 'POST', "$one/pause" );
		$this->fits( 'Site', 'POST', "$one/resume" );
		$this->fits( 'RemoteAccount[]', 'GET', "$one/accounts" );
		$this->fits( 'ConnectAnswer', 'POST', '/sites/connect', array( 'site' => $site['id'] ) );
		self::assertSame( array( 'deleted' => true ), $this->answer( 'DELETE', $one ) );
	}

	public function test_a_site_in_trouble(): void {
		// Before there is a site: what this request does itself is not due before its end.
		$user = $this->make_user();
		$site = $this->dead();
		$this->outbox->enqueue( $site->id, $user, new FieldSet( 'roles' ) );
		$answer = $this->fits( 'Site', 'POST', "/sites/{$site->id}/sync" );
		self::assertSame( 'unreachable', $answer['state'] );
		self::assertNotNull( $answer['problem'] );
		self::assertIsInt( $answer['nextTryAt'] );
		self::assertIsInt( $answer['waitingSince'] );
		$this->fits( 'TestAnswer', 'POST', "/sites/{$site->id}/test" );
		$this->fits( 'Discovery', 'POST', '/sites/discover', array( 'url' => 'http://127.0.0.1:9' ) );
	}

	public function test_the_record_and_what_waits(): void {
		$site = $this->silent();
		$row  = $this->waiting( $site );
		$this->log->add( new Entry( Action::Update, Result::Attention, $site->id, $row->user_id, 'x', 'x@a.test', new FieldSet( 'roles' ), 'username_taken', 'A sentence.', array( 'A warning.' ) ) );
		$this->log->add( new Entry( Action::Site, Result::Success, 0, message: 'A sentence.' ) );
		$items = $this->fits( 'ActivityItem[]', 'GET', '/activity' );
		self::assertContains( $row->id, array_column( $items, 'outboxId' ) );
		self::assertContains( null, array_column( $items, 'siteId' ) );
		$this->fits( 'Conflict[]', 'GET', '/conflicts' );
		$this->fits(
			'ResolveAnswer',
			'POST',
			'/conflicts/resolve',
			array(
				'ids'    => array( $row->id, 999999 ),
				'choice' => 'create',
			)
		);
		$this->outbox->postpone( $row, time() + 5000, 'username_taken', 'A sentence.' );
		self::assertNotSame( array(), $this->fits( 'Cause[]', 'GET', '/outbox/causes' ) );
		$this->fits( 'RetryAnswer', 'POST', '/outbox/retry', array( 'ids' => array( $row->id ) ) );
	}

	public function test_backfills(): void {
		$remote = RemoteWordPress::clean();
		$remote->make_user(
			array(
				'user_login' => 'berta',
				'user_email' => 'berta@b.test',
				'user_pass'  => 'x',
			)
		);
		$this->make_user( array( 'user_login' => 'berta' ) );
		$site     = $this->connected( $remote );
		$backfill = $this->fits( 'Backfill', 'POST', '/backfills', array( 'site' => $site->id ) );
		$one      = "/backfills/{$backfill['id']}";
		self::assertSame( 'paused', $this->fits( 'Backfill', 'POST', "$one/pause" )['state'] );
		self::assertSame( 'indexing', $this->fits( 'Backfill', 'POST', "$one/resume" )['state'] );
		while ( $GLOBALS['tandem_plugin']->backfill()->step( 1.0 ) ) {
			$this->fits( 'Backfill', 'GET', $one );
		}
		self::assertSame( 'ready', $this->fits( 'Backfill', 'GET', $one )['state'] );
		$this->fits( 'Backfill[]', 'GET', '/backfills', array( 'site' => $site->id ) );
		self::assertSame( 1, $this->fits( 'BackfillKind[]', 'GET', "$one/kinds" )[0]['people'] );
		self::assertCount( 1, $this->fits( 'BackfillPerson[]', 'GET', "$one/people", array( 'show' => 'conflict' ) ) );
		$this->fits( 'Backfill', 'PATCH', $one, array( 'options' => array( 'rate' => 5 ) ) );
		$conflict = $this->fits( 'BackfillConflict[]', 'GET', "$one/conflicts" )[0];
		self::assertSame( array( 'link', 'create', 'ignore' ), $conflict['choices'] );
		$decide = array(
			'ids'      => array( $conflict['id'] ),
			'decision' => 'ignore',
		);
		self::assertSame( array( 'decided' => 1 ), $this->answer( 'POST', "$one/conflicts", $decide ) );
		self::assertSame( 'ignore', $this->fits( 'BackfillConflict[]', 'GET', "$one/conflicts" )[0]['decision'] );
		self::assertSame( 'running', $this->fits( 'Backfill', 'POST', "$one/run" )['state'] );
		self::assertSame( 'cancelled', $this->fits( 'Backfill', 'POST', "$one/cancel" )['state'] );
	}

	public function test_verifications(): void {
		$site = $this->sites->add( 'Site P', 'https://p.test', 'https://p.test/wp-json/', SiteKind::Paired, '', 0, false, SiteSettings::defaults() );
		$made = $this->fits( 'Verification', 'POST', '/verifications', array( 'site' => $site->id ) );
		$one  = "/verifications/{$made['id']}";
		self::assertSame( 'verification_under_way', $this->refusal( 409, 'POST', '/verifications', array( 'site' => $site->id ) ) );
		self::assertSame( 'verification_not_done', $this->refusal( 409, 'POST', "$one/repair" ) );
		$findings = new Findings( new Connection( $GLOBALS['wpdb'] ) );
		$findings->add( $made['id'], array( new Difference( $this->make_user(), 6, Kind::Differs, array( 'first_name' => Wins::Here, 'meta:x' => Wins::Nobody ), array_fill_keys( array( 'first_name', 'meta:x' ), Stamp::zero() ) ), new Difference( 999999, 7, Kind::MissingHere ) ), false );
		$found = $this->fits( 'VerifyFinding[]', 'GET', "$one/findings" );
		self::assertSame( array( array( 'name' => 'first_name', 'newer' => 'here' ), array( 'name' => 'meta:x', 'newer' => 'nobody' ) ), $found[0]['fields'] );
		self::assertSame( array( '', 'missing_here' ), array( $found[1]['here']['username'], $found[1]['kind'] ) );
		self::assertSame( 2, $this->fits( 'Verification[]', 'GET', '/verifications', array( 'site' => $site->id ) )[0]['counts']['open'] );
		self::assertSame( 'cancelled', $this->fits( 'Verification', 'POST', "$one/cancel" )['state'] );
		self::assertSame( 'verification_over', $this->refusal( 409, 'POST', "$one/cancel" ) );
		self::assertSame( 'verification_not_found', $this->refusal( 404, 'POST', '/verifications/999999/cancel' ) );
		self::assertSame( 'verify_needs_tandem', $this->refusal( 409, 'POST', '/verifications', array( 'site' => $this->silent()->id ) ) );
	}

	public function test_a_person_explained_on_a_plain_site(): void {
		$remote = RemoteWordPress::clean();
		$site   = $this->connected( $remote );
		$here   = array(
			'user_login'   => 'berta',
			'user_email'   => 'berta@b.test',
			'first_name'   => 'Berta',
			'display_name' => 'Berta',
			'user_pass'    => 'x',
		);
		$there  = $remote->make_user( $here );
		$user   = $this->make_user( array( 'first_name' => 'Bertha' ) + $here );
		$told   = fn (): array => $this->fits( 'UserExplanation', 'GET', "/users/$user/explanation" )['sites'][0];
		self::assertSame( array( null, array( '*' ) ), array( $told()['remoteId'], $told()['wouldSend'] ) );
		$this->links->save( new Link( $site->id, $user, $there, 'berta' ) );
		foreach ( $told()['fields'] as $field ) {
			$states[ $field['state'] ][] = $field['name'];
		}
		self::assertSame( array( 'first_name' ), $states['differs'] );
		self::assertSame( array( 'password' ), $states['not_compared'], 'WordPress shows no password.' );
		self::assertContains( 'roles', $states['same'] );
		self::assertSame( array( 'first_name' ), $told()['wouldSend'] );
		$after = $this->fits( 'UserExplanation', 'POST', "/users/$user/sync", array( 'site' => $site->id ) )['sites'][0];
		self::assertSame( array( array(), null ), array( $after['wouldSend'], $after['waiting'] ) );
		$remote->run( "require_once ABSPATH . 'wp-admin/includes/user.php'; return wp_delete_user( \$args[0] );", $there );
		self::assertNotNull( $told()['wrong'] );
		( new \WP_User( $user ) )->set_role( 'administrator' );
		self::assertSame( array( false, array() ), array( $told()['sent'], $told()['wouldSend'] ) );
		self::assertSame( 'tandem_user_not_found', $this->refusal( 404, 'GET', '/users/999999/explanation' ) );
	}

	public function test_a_person_whose_site_is_away_is_explained_as_far_as_it_goes(): void {
		$site = $this->dead();
		$user = $this->make_user();
		$this->links->save( new Link( $site->id, $user, 5, 'x' ) );
		$this->outbox->enqueue( $site->id, $user, new FieldSet( 'roles' ) );
		$told = $this->fits( 'UserExplanation', 'GET', "/users/$user/explanation" )['sites'][0];
		self::assertSame( 'refused', $told['problem']['code'] );
		self::assertSame( array( 'roles' ), $told['waiting']['fields'] );
	}

	public function test_webhooks_that_are_told(): void {
		$remote = RemoteWordPress::clean();
		$made   = $this->fits(
			'WebhookSecret',
			'POST',
			'/webhooks',
			array(
				'name' => 'n8n',
				'url'  => $remote->url . '/hook?key=x',
			)
		);
		self::assertSame( array( 'webhook', false ), array( $made['site']['kind'], in_array( 'password', $made['site']['settings']['fields'], true ) ) );
		$id  = $made['site']['id'];
		$one = "/sites/$id";
		$this->fits( 'Site[]', 'GET', '/sites' );
		$this->fits( 'TestAnswer', 'POST', "$one/test" );
		$this->fits( 'Site', 'PATCH', $one, array( 'settings' => array( 'events' => array( 'user.deleted' ) ) ) );
		self::assertNotSame( $made['secret'], $this->fits( 'WebhookSecret', 'POST', "/webhooks/$id/secret" )['secret'] );
		self::assertIsInt( $this->fits( 'Site', 'GET', $one )['oldSecretUntil'] );
		self::assertNull( $this->fits( 'Site', 'POST', "/webhooks/$id/end-old-secret" )['oldSecretUntil'] );
		self::assertSame( $remote->url . '/other', $this->fits( 'Site', 'POST', "/webhooks/$id/address", array( 'url' => $remote->url . '/other' ) )['url'] );
		$this->fits( 'Site', 'POST', "$one/pause" );
		$this->fits( 'Site', 'POST', "$one/resume" );
		self::assertSame( 0, $this->fits( 'Summary', 'GET', '/summary' )['sites'], 'A webhook is no site.' );
		$user = $this->make_user();
		$told = $this->fits( 'UserExplanation', 'GET', "/users/$user/explanation" )['sites'][0];
		self::assertSame( array( null, array() ), array( $told['problem'], $told['fields'] ) );
		self::assertSame( array( 'deleted' => true ), $this->answer( 'DELETE', $one ) );
		self::assertSame( array(), $remote->requests( '#application-passwords#' ), 'It has no application password to be revoked.' );
	}

	public function test_webhooks_that_take_people_in(): void {
		$made = $this->fits( 'HookSecret', 'POST', '/webhooks/in', array( 'name' => 'Newsletter' ) );
		$id   = $made['hook']['id'];
		$one  = "/webhooks/in/$id";
		self::assertSame( 'listening', $made['hook']['state'] );
		$request = new \WP_REST_Request( 'POST', substr( $made['hook']['address'], strlen( untrailingslashit( rest_url() ) ) ) );
		$request->set_header( 'X-Tandem-Secret', $made['secret'] );
		$request->set_header( 'Content-Type', 'application/json' );
		$request->set_header( 'User-Agent', 'Zapier' );
		$request->set_body( '{"email":"a@a.test","n":1}' );
		self::assertSame( 202, rest_do_request( $request )->get_status() );
		$this->fits( 'IncomingHook[]', 'GET', '/webhooks/in' );
		self::assertSame( array( 'email', 'n' ), array_column( $this->fits( 'IncomingHook', 'GET', $one )['request']['fields'], 'path' ) );
		$changed = $this->fits(
			'IncomingHook',
			'PATCH',
			$one,
			array(
				'state'    => 'on',
				'name'     => 'News',
				'settings' => array(
					'map'       => array(
						array(
							'field' => 'user_email',
							'from'  => '{email}',
						),
					),
					'perMinute' => 5,
				),
			)
		);
		self::assertSame( array( 'on', 'News', 5, 'add' ), array( $changed['state'], $changed['name'], $changed['settings']['perMinute'], $changed['settings']['existing'] ) );
		self::assertIsInt( $this->fits( 'HookSecret', 'POST', "$one/secret" )['hook']['oldSecretUntil'] );
		self::assertNull( $this->fits( 'IncomingHook', 'POST', "$one/end-old-secret" )['oldSecretUntil'] );
		self::assertTrue( $this->fits( 'HookAccessKey', 'POST', "$one/access-key" )['hook']['compatible'] );
		self::assertFalse( $this->fits( 'IncomingHook', 'DELETE', "$one/access-key" )['compatible'] );
		self::assertNull( $this->fits( 'IncomingHook', 'DELETE', "$one/request" )['request'] );
		self::assertSame( array( 'deleted' => true ), $this->answer( 'DELETE', $one ) );
		self::assertSame( 'tandem_webhook_not_found', $this->refusal( 404, 'GET', $one ) );
	}

	public function test_the_rest(): void {
		$this->links->save( new Link( $this->silent()->id, $this->make_user(), 5, 'x' ) );
		$this->fits( 'Summary', 'GET', '/summary' );
		$this->fits( 'Choices', 'GET', '/choices' );
		$this->fits( 'Settings', 'GET', '/settings' );
		$this->fits( 'Settings', 'PATCH', '/settings', array( 'keepActivityDays' => 30 ) );
	}
}
