<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Sync;

use PHPUnit\Framework\Attributes\DataProvider;
use Tandem\Remote\Http\WakeUp;

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
}
