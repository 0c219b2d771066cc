<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Sync;

use PHPUnit\Framework\Attributes\DataProvider;
use Tandem\Activity\Item;
use Tandem\Activity\Query;
use Tandem\Activity\Result;
use Tandem\Plugin;
use Tandem\Remote\Http\WakeUp;
use Tandem\Time\SystemClock;

final class WorkerTest extends DeliveryTestCase {

	/** @return array<string, array{string, bool}> A refusal of the remote site, and whether somebody is left over. */
	public static function answers(): array {
		return array(
			'it fails'   => array( 'fails', true ),
			'it arrives' => array( 'arrives', false ),
		);
	}

	#[DataProvider( 'answers' )]
	public function test_who_is_left_over_at_the_end_of_a_command_is_worked_on_by_a_request_of_its_own( string $answer, bool $woken ): void {
		$server = stream_socket_server( 'tcp://127.0.0.1:0' );
		self::assertIsResource( $server );
		$to_test = static fn (): string => 'http://' . stream_socket_get_name( $server, false ) . '/wp-json' . WakeUp::ROUTE;
		$this->make_user( array( 'user_login' => 'ann' ) );
		$this->plugin->recorder()->flush();
		$this->new_request();
		if ( 'fails' === $answer ) {
			$this->remote->answer( 500, 'out of order', array(), null, '#/wp/v2/users#' );
		}

		add_filter( 'rest_url', $to_test );
		$this->plugin->worker()->after_response( static fn (): bool => true );
		remove_filter( 'rest_url', $to_test );

		$connection = @stream_socket_accept( $server, 0.0 ); // phpcs:ignore WordPress.PHP.NoSilencedErrors.Discouraged -- it warns when nobody calls, which is one of the answers.
		self::assertSame( $woken, is_resource( $connection ) );
		if ( $woken ) {
			self::assertStringStartsWith( 'POST /wp-json' . WakeUp::ROUTE . ' HTTP/1.1', (string) fgets( $connection ) );
		}
	}

	public function test_somebody_who_is_tried_again_in_a_moment_is_waited_for(): void {
		$this->make_user( array( 'user_login' => 'ann' ) );
		$this->plugin->recorder()->flush();
		$this->new_request();
		$this->remote->answer( 500, 'out of order', array(), 1, '#/wp/v2/users#', '#POST#' );
		// Time goes on while it waits.
		$plugin = new Plugin( WP_PLUGIN_DIR . '/tandem-user-sync/tandem-user-sync.php', $GLOBALS['wpdb'], new SystemClock() );
		$plugin->worker()->tick();
		self::assertSame( array( array( Result::Success, 2 ) ), array_map( static fn ( Item $item ): array => array( $item->entry->result, $item->attempts ), $this->plugin->log()->search( new Query() ) ) );
		self::assertNotNull( $this->remote->user( 'ann' ) );
	}

	public function test_whoever_waits_for_later_or_for_a_paused_site_is_not_waited_for(): void {
		$id = $this->make_user( array( 'user_login' => 'ann' ) );
		$this->plugin->recorder()->flush();
		$this->new_request();
		$dispatcher = $this->plugin->dispatcher();
		self::assertNull( $dispatcher->seconds_to_next_try( 10 ), 'Due already: that is no time to wait for.' );
		$row = $this->plugin->outbox()->claim( $this->site->id, 1, 30 )[0];
		$this->plugin->outbox()->postpone( $row, $this->clock->now + 7, 'server_error', 'Out of order.' );
		self::assertSame( 7, $dispatcher->seconds_to_next_try( 10 ) );
		self::assertNull( $dispatcher->seconds_to_next_try( 6 ), 'Too late.' );
		$this->plugin->sites()->pause( $this->site->id );
		self::assertNull( $dispatcher->seconds_to_next_try( 10 ) );
	}
}
