<?php
/**
 * Requests side by side.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Remote\Http;

use Tandem\Remote\Http\Failure;
use Tandem\Remote\Http\Options;
use Tandem\Remote\Http\Pool;
use Tandem\Remote\Http\Request;
use Tandem\Remote\Http\Response;
use Tandem\Remote\Http\SequentialTransfers;
use Tandem\Remote\Http\Unreachable;
use Tandem\Tests\Integration\Remote\RemoteTestCase;

final class PoolTest extends RemoteTestCase {

	private function get( string $path ): Response {
		return $this->client->send( new Request( 'GET', $this->remote->url . $path ) );
	}

	public function test_a_site_that_hangs_does_not_hold_up_the_others(): void {
		$hanging = stream_socket_server( 'tcp://127.0.0.1:0' );
		self::assertIsResource( $hanging );
		$address = 'http://' . stream_socket_get_name( $hanging, false ) . '/';
		$times   = array();
		$began   = microtime( true );
		$quick   = function () use ( &$times, $began ): int {
			$this->get( '/wp-json/?_fields=name&a' );
			$status  = $this->get( '/wp-json/?_fields=name&b' )->status;
			$times[] = microtime( true ) - $began;
			return $status;
		};
		$slow    = function () use ( $address ): string {
			try {
				$this->client->send( new Request( 'GET', $address ) );
			} catch ( Unreachable $error ) {
				return $error->failure->value;
			}
			return 'answered';
		};
		$results = ( new Pool( $this->client ) )->run(
			array(
				'slow' => $slow,
				'one'  => $quick,
				'two'  => $quick,
			),
			2.0
		);
		self::assertSame(
			array(
				'slow' => 'timeout',
				'one'  => 200,
				'two'  => 200,
			),
			$results
		);
		self::assertLessThan( 1.5, max( $times ), 'Both had two answers while the third was waiting.' );
		self::assertGreaterThan( 1.9, microtime( true ) - $began );
	}

	public function test_what_one_task_throws_does_not_stop_the_others(): void {
		$done  = false;
		$tasks = array(
			static fn () => throw new \DomainException( 'mine' ),
			function () use ( &$done ): void {
				$this->get( '/wp-json/?_fields=name' );
				$done = true;
			},
		);
		try {
			( new Pool( $this->client ) )->run( $tasks, 5.0 );
			self::fail( 'It was swallowed.' );
		} catch ( \DomainException $error ) {
			self::assertSame( 'mine', $error->getMessage() );
		}
		self::assertTrue( $done );
	}

	public function test_without_curl_requests_go_one_after_the_other_with_the_same_results(): void {
		$transfers = new SequentialTransfers( new Options( 'Tandem User Sync/test' ) );
		$transfers->begin( 7, new Request( 'GET', $this->remote->rest_url() . '?_fields=name' ) );
		$transfers->begin( 9, new Request( 'GET', 'http://127.0.0.1:1/' ) );
		$transfers->begin( 11, new Request( 'GET', $this->remote->rest_url(), max_bytes: 100 ) );
		$first = $transfers->wait();
		self::assertSame( array( 7 ), array_keys( $first ) );
		self::assertInstanceOf( Response::class, $first[7] );
		self::assertSame( 200, $first[7]->status );
		self::assertStringStartsWith( 'application/json', $first[7]->header( 'Content-Type' ) );
		$second = $transfers->wait()[9] ?? null;
		self::assertInstanceOf( Unreachable::class, $second );
		self::assertSame( Failure::Refused, $second->failure );
		$third = $transfers->wait()[11] ?? null;
		self::assertInstanceOf( Unreachable::class, $third );
		self::assertSame( Failure::TooLarge, $third->failure );
		self::assertSame( array(), $transfers->wait() );
	}

	public function test_in_somebody_elses_fiber_it_just_waits(): void {
		$fiber = new \Fiber( fn (): int => $this->get( '/wp-json/?_fields=name' )->status );
		$fiber->start();
		self::assertTrue( $fiber->isTerminated() );
		self::assertSame( 200, $fiber->getReturn() );
	}

	public function test_what_is_sent_says_who_it_is_and_no_other_plugin_sees_it(): void {
		foreach ( array( 'http_request_args', 'pre_http_request', 'http_api_debug', 'http_response', 'http_api_curl' ) as $hook ) {
			add_filter( $hook, static fn () => self::fail( 'A plugin was shown the request.' ) );
		}
		$this->get( '/wp-json/?_fields=name&agent' );
		$requests = $this->remote->requests( '#agent#' );
		self::assertSame( 'Tandem User Sync/test; ' . home_url(), $requests[0]['agent'] );
	}

	public function test_failures_name_their_cause_and_nothing_of_the_request(): void {
		$request = new Request( 'POST', 'http://127.0.0.1:1/', array( 'Authorization' => 'Basic c2VjcmV0' ), 'secret body' );
		try {
			$this->client->send( $request );
			self::fail( 'It answered.' );
		} catch ( Unreachable $error ) {
			self::assertSame( Failure::Refused, $error->failure );
			self::assertStringNotContainsString( 'secret', $error . print_r( $request, true ) ); // phpcs:ignore WordPress.PHP.DevelopmentFunctions -- as a log would have it.
			self::assertStringNotContainsString( 'c2VjcmV0', $error . print_r( $error->getTrace(), true ) ); // phpcs:ignore WordPress.PHP.DevelopmentFunctions -- as a log would have it.
			self::assertNull( $error->getPrevious() );
		}
	}
}
