<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Sync;

use PHPUnit\Framework\Attributes\DataProvider;
use Tandem\Activity\Action;
use Tandem\Activity\Query;
use Tandem\Activity\Result;
use Tandem\Remote\SiteState;
use Tandem\Sync\Budget;
use Tandem\Sync\Outcome;
use Tandem\Sync\OutcomeKind;
use Tandem\Tests\RemoteWordPress;

/**
 * Each fault of the other site from the visitor's change to the end: what the owner reads meanwhile, and that
 * everything is right there at the next look after it is well again.
 */
final class FaultsTest extends DeliveryTestCase {

	protected function tearDown(): void {
		$this->remote->restore();
		parent::tearDown();
	}

	/**
	 * @return iterable<string, array{\Closure( RemoteWordPress ): void, SiteState, string, string}> The fault, what the site is then, code, the sentence.
	 */
	public static function faults(): iterable {
		yield 'it refuses connections' => array( static fn ( RemoteWordPress $there ) => $there->refuse(), SiteState::Unreachable, 'refused', '/^B can’t be reached: nothing answers at its address\. .*firewall.* tried again by itself\.$/' );
		yield 'it hangs' => array( static fn ( RemoteWordPress $there ) => $there->hang(), SiteState::Unreachable, 'timeout', '/^B doesn’t answer in time\. .*overloaded.* tried again by itself\.$/' );
		yield 'it answers 500' => array( static fn ( RemoteWordPress $there ) => $there->answer( 500, '<html><head><title>Out of disk</title></head></html>' ), SiteState::Unreachable, 'server_error', '/^B answered with an error of its own: HTTP 500 Out of disk\. Its error log says more\. .* tried again by itself\.$/' );
		yield 'it asks to wait' => array( static fn ( RemoteWordPress $there ) => $there->answer( 429, '{"code":"too_many","message":"Slow down"}', array( 'Retry-After' => '77' ) ), SiteState::Unreachable, 'rate_limited', '/^B gets too many requests and asked us to wait 77 seconds\. .*not before that\.$/' );
		yield 'it sends half a body' => array( static fn ( RemoteWordPress $there ) => $there->send_half(), SiteState::Unreachable, 'cut_short', '/^The answer of B broke off\. .*memory.* tried again by itself\.$/' );
		yield 'it sends a page' => array( static fn ( RemoteWordPress $there ) => $there->answer_html(), SiteState::Unreachable, 'not_json', '/^B answered with a page instead of data: Back soon\. A maintenance page, a firewall .* tried again by itself\.$/' );
		yield 'it redirects' => array( static fn ( RemoteWordPress $there ) => $there->redirect( 'https://new.test/wp-json/' ), SiteState::Held, 'moved', '#^B sends us on to another address, https://new\.test/wp-json/\. Nothing was sent there\. .*connect it again under its new address\.$#' );
		yield 'it shows a log-in page' => array( static fn ( RemoteWordPress $there ) => $there->answer( 200, '<html><body><form id="loginform" action="/wp-login.php"><input type="password"></form></body></html>' ), SiteState::Held, 'login_page', '#^B shows a log-in page .*allow the REST API \(/wp-json/\) in its settings\.$#' );
		yield 'it redirects to its log-in page' => array( static fn ( RemoteWordPress $there ) => $there->redirect_to_login(), SiteState::Held, 'login_page', '#^B shows a log-in page .*allow the REST API \(/wp-json/\) in its settings\.$#' );
		yield 'its password was revoked' => array( static fn ( RemoteWordPress $there ) => $there->on_every_request( 'add_filter( "get_user_metadata", fn( $value, $id, $key ) => "_application_passwords" === $key ? array( array() ) : $value, 10, 3 );' ), SiteState::Held, 'credential_refused', '/^B does not accept our log-in any more: the application password was probably revoked .*Connect the site again\. .*What waits is kept\.$/' );
	}

	/**
	 * @param \Closure( RemoteWordPress ): void $fault    What goes wrong.
	 * @param SiteState                         $state    What the site is then.
	 * @param string                            $code     Why.
	 * @param string                            $sentence What the owner reads.
	 */
	#[DataProvider( 'faults' )]
	public function test_the_owner_reads_what_to_do_and_all_is_right_when_it_is_over( \Closure $fault, SiteState $state, string $code, string $sentence ): void {
		$known = $this->make_user(
			array(
				'user_login' => 'known',
				'user_pass'  => 'first secret',
			)
		);
		$this->deliver();

		$fault( $this->remote );
		wp_set_password( 'second secret', $known );
		$this->visitor_leaves();
		$new = $this->make_user(
			array(
				'user_login' => 'new',
				'user_pass'  => 'new secret',
			)
		);
		$this->visitor_leaves();

		$row = $this->last_of( $known );
		self::assertSame( array( Result::Retrying, $code ), array( $row->entry->result, $row->entry->code ) );
		self::assertMatchesRegularExpression( $sentence, $row->entry->message );
		self::assertSame( 'known', $row->entry->username );
		$of_site = array_values( array_filter( $this->plugin->log()->search( new Query() ), static fn ( $item ): bool => Action::Site === $item->entry->action ) );
		self::assertCount( 1, $of_site, 'The site itself is in the record once, not once for everybody who waits.' );
		self::assertMatchesRegularExpression( $sentence, $of_site[0]->entry->message );
		$site = $this->plugin->sites()->get( $this->site->id );
		self::assertSame( array( $state, $code, 2 ), array( $site->state, $site->problem_code, $this->plugin->outbox()->counts( $site->id )->waiting ) );
		self::assertMatchesRegularExpression( $sentence, $site->problem );

		// Nobody asks before it is time, whoever comes by.
		$this->clock->now = $site->next_try_at - 1;
		$this->new_request();
		$report = $this->plugin->dispatcher()->run( Budget::request( 5.0 ) );
		self::assertSame( array( 0, 0 ), array( $report->delivered, $report->failed ) );
		if ( 'rate_limited' === $code ) {
			self::assertGreaterThanOrEqual( 77, $site->next_try_at - $site->problem_since );
		}

		$this->remote->restore();
		$this->remote->heal();
		$this->remote->on_every_request( '' );
		$this->clock->now = $site->next_try_at;
		$this->deliver();
		self::assertTrue( $this->remote->can_log_in( 'known', 'second secret' ) );
		self::assertFalse( $this->remote->can_log_in( 'known', 'first secret' ) );
		self::assertTrue( $this->remote->can_log_in( 'new', 'new secret' ) );
		self::assertSame( array( SiteState::Connected, 0 ), array( $this->plugin->sites()->get( $site->id )->state, $this->plugin->outbox()->counts( $site->id )->waiting ) );
		self::assertSame( array( Result::Success, 2 ), array( $this->last_of( $known )->entry->result, $this->last_of( $known )->attempts ), 'The same row tells how it ended.' );
		self::assertSame( Result::Success, $this->last_of( $new )->entry->result );
		self::assertStringContainsString( 'answers again', implode( '', array_map( static fn ( $item ): string => $item->entry->message, $this->plugin->log()->search( new Query() ) ) ) );
	}

	public function test_of_many_who_meet_the_same_trouble_at_once_one_puts_the_site_on_record(): void {
		$as_read = $this->plugin->sites()->get( $this->site->id );
		$outcome = new Outcome( OutcomeKind::Unreachable, Action::Site, 'timeout', 'It hangs.' );
		for ( $i = 0; $i < 3; $i++ ) {
			// One batch of people, or several workers: each holds the site as it was.
			$this->plugin->settlement()->of_probe( $as_read, $outcome );
		}
		$of_site = array_filter( $this->plugin->log()->search( new Query() ), static fn ( $item ): bool => Action::Site === $item->entry->action );
		self::assertCount( 1, $of_site );
		self::assertSame( 1, $this->plugin->sites()->get( $this->site->id )->failures );
	}

	/**
	 * The visitor's request ends, and their worker delivers as a guest.
	 */
	private function visitor_leaves(): void {
		$this->plugin->recorder()->flush();
		$this->new_request();
		$began = microtime( true );
		$this->plugin->dispatcher()->run( Budget::guest() );
		self::assertLessThan( 4.0, microtime( true ) - $began, 'A hanging site keeps a worker no longer than it may.' );
		$this->new_request();
	}
}
