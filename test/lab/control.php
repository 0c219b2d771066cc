<?php
/**
 * Must-use plugin of a test's site: faults, questions and clean-up on request.
 *
 * It acts before WordPress does anything with a request, and answers only who
 * knows the key. It is never part of a package.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Control;

defined( 'ABSPATH' ) || exit;

// Tests are about who can log in, not about how long hashing takes; the benchmark leaves the cost as it is.
if ( defined( 'TANDEM_CONTROL_FAST' ) && TANDEM_CONTROL_FAST ) {
	add_filter( 'wp_hash_password_options', static fn (): array => array( 'cost' => 4 ) );
}

final class Control {

	/** A hanging request looks whether its fault is over this often, in microseconds. */
	private const POLL = 20_000;

	/** A fault that nobody ends is over after this many seconds. */
	private const LONGEST = 60.0;

	/**
	 * @param string $folder Where the fault, the code of every request and the records lie.
	 * @param string $key    What a caller must know.
	 */
	public function __construct( private readonly string $folder, private readonly string $key ) {
	}

	public function attach(): void {
		add_filter( 'pre_wp_mail', array( $this, 'keep_mail' ), 10, 2 );
		if ( ! defined( 'TANDEM_CONTROL_RECORD' ) || TANDEM_CONTROL_RECORD ) {
			// A benchmark pays for no look at each query.
			add_filter( 'query', array( $this, 'meet_stop' ), PHP_INT_MAX );
		}
		add_action( 'init', array( $this, 'run_code_of_every_request' ) );
		if ( isset( $_SERVER['HTTP_X_TANDEM_CONTROL'] ) ) {
			if ( ! hash_equals( $this->key, (string) $_SERVER['HTTP_X_TANDEM_CONTROL'] ) ) {
				$this->answer( 403, 'wrong key' );
			}
			$this->control( (array) json_decode( (string) file_get_contents( 'php://input' ), true ) );
			return;
		}
		if ( 'cli' !== PHP_SAPI ) {
			$this->meet( $this->record() );
		}
	}

	/**
	 * Does what the test asks for.
	 *
	 * @param array<string, mixed> $request `do`, and what it needs.
	 */
	private function control( array $request ): void {
		switch ( $request['do'] ?? '' ) {
			case 'fault':
				file_put_contents( $this->file( 'fault' ), (string) wp_json_encode( $request['fault'] + array( 'id' => uniqid( '', true ) ) ), LOCK_EX );
				$this->answer( 200, null );
				// No fall-through: answer() ends the request.
			case 'clear':
				$this->forget( 'fault' );
				$this->answer( 200, null );
				// No fall-through: answer() ends the request.
			case 'stop':
				$this->forget( 'reached' );
				file_put_contents( $this->file( 'stop' ), (string) wp_json_encode( $request['stop'] ), LOCK_EX );
				$this->answer( 200, null );
				// No fall-through: answer() ends the request.
			case 'requests':
				$this->answer( 200, $this->lines( 'requests' ) );
				// No fall-through: answer() ends the request.
			case 'mails':
				$this->answer( 200, $this->lines( 'mails' ) );
				// No fall-through: answer() ends the request.
			case 'every-request':
				file_put_contents( $this->file( 'every-request' ), (string) $request['code'], LOCK_EX );
				$this->answer( 200, null );
				// No fall-through: answer() ends the request.
			case 'run':
				add_action( 'wp_loaded', fn () => $this->answer( 200, $this->evaluate( (string) $request['code'] ) ), PHP_INT_MAX );
				return;
			case 'visit':
				add_action( 'wp_loaded', fn () => $this->visit( (string) $request['login'] ), PHP_INT_MAX );
				return;
			case 'keep':
				add_action( 'wp_loaded', array( $this, 'keep_accounts' ), PHP_INT_MAX );
				return;
			case 'reset':
				add_action( 'wp_loaded', array( $this, 'reset' ), PHP_INT_MAX );
				return;
			default:
				$this->answer( 400, 'nothing to do' );
		}
	}

	/**
	 * Writes the request down: what a remote site saw is the only proof of what was sent.
	 *
	 * @return array{method: string, uri: string} The request.
	 */
	private function record(): array {
		$request = array(
			'method'     => (string) ( $_SERVER['REQUEST_METHOD'] ?? '' ),
			'uri'        => (string) ( $_SERVER['REQUEST_URI'] ?? '' ),
			'body'       => (string) file_get_contents( 'php://input' ),
			'authorized' => isset( $_SERVER['HTTP_AUTHORIZATION'] ) || isset( $_SERVER['PHP_AUTH_USER'] ),
			'agent'      => (string) ( $_SERVER['HTTP_USER_AGENT'] ?? '' ),
			'at'         => microtime( true ),
		);
		if ( ! defined( 'TANDEM_CONTROL_RECORD' ) || TANDEM_CONTROL_RECORD ) {
			$this->append( 'requests', $request );
		}
		return $request;
	}

	/**
	 * Lets the request meet the fault that is set, if it is meant.
	 *
	 * @param array{method: string, uri: string} $request The request.
	 */
	private function meet( array $request ): void {
		$fault = $this->take_fault( $request );
		switch ( $fault['kind'] ?? '' ) {
			case 'hang':
				$this->hang( (string) $fault['id'], (float) ( $fault['seconds'] ?? self::LONGEST ) );
				if ( ! isset( $fault['seconds'] ) ) {
					// It was a hang, not a slow answer: who has given up must not find it done after all.
					exit;
				}
				return;
			case 'answer':
				status_header( (int) ( $fault['status'] ?? 500 ) );
				foreach ( (array) ( $fault['headers'] ?? array() ) as $name => $value ) {
					header( "$name: $value" );
				}
				echo (string) ( $fault['body'] ?? '' ); // phpcs:ignore WordPress.Security.EscapeOutput -- a test's own words.
				exit;
			case 'half':
				ob_start(
					static function ( string $body ): string {
						header( 'Content-Length: ' . strlen( $body ) );
						return substr( $body, 0, intdiv( strlen( $body ), 2 ) );
					}
				);
				return;
			case 'prefix':
				ob_start( static fn ( string $body ): string => (string) $fault['body'] . $body );
				return;
			case 'lost':
				// Done, and nobody hears of it: nginx closes the connection without a word.
				ob_start(
					static function (): string {
						header( 'X-Accel-Redirect: /tandem-lost' );
						return '';
					}
				);
				return;
		}
	}

	/**
	 * Ends or holds this process where a test has said so: just before a query, as the power may fail at any.
	 *
	 * @param string $query SQL that is about to run.
	 */
	public function meet_stop( string $query ): string {
		if ( ! is_file( $this->file( 'stop' ) ) ) {
			return $query;
		}
		$stop = $this->take(
			'stop',
			static fn ( array $stop ): bool => 1 === preg_match( (string) $stop['query'], $query )
				&& in_array( $stop['in'] ?? PHP_SAPI, array( PHP_SAPI, 'cli' === PHP_SAPI ? 'workers' : 'web' ), true )
				&& ( ! isset( $stop['chance'] ) || random_int( 1, 1_000_000 ) <= 1_000_000 * $stop['chance'] )
		);
		if ( null === $stop ) {
			return $query;
		}
		file_put_contents( $this->file( 'reached' ), preg_replace( '/\s+/', ' ', substr( $query, 0, 1000 ) ) . "\n", FILE_APPEND | LOCK_EX );
		if ( 'wait' !== ( $stop['then'] ?? 'die' ) ) {
			posix_kill( (int) getmypid(), 9 ); // PHP-FPM does not know its name.
		}
		$end = microtime( true ) + self::LONGEST;
		while ( is_file( $this->file( 'stop' ) ) && microtime( true ) < $end ) {
			usleep( self::POLL );
			clearstatcache();
		}
		return $query;
	}

	/**
	 * The fault that this request meets, counted down; null when it meets none.
	 *
	 * @param array{method: string, uri: string} $request The request.
	 * @return array<string, mixed>|null
	 */
	private function take_fault( array $request ): ?array {
		return $this->take(
			'fault',
			static fn ( array $fault ): bool => 1 === preg_match( (string) ( $fault['match'] ?? '#^[^?]*/wp-json/|[?&]rest_route=#' ), rawurldecode( $request['uri'] ) )
				&& 1 === preg_match( (string) ( $fault['method'] ?? '#.#' ), $request['method'] )
		);
	}

	/**
	 * What a test has set, counted down by one; null where it is not set, not meant or used up.
	 *
	 * @param string                                $name    Which file.
	 * @param \Closure( array<string, mixed> ): bool $is_meant Whether it is meant.
	 * @return array<string, mixed>|null
	 */
	private function take( string $name, \Closure $is_meant ): ?array {
		$file = is_file( $this->file( $name ) ) ? fopen( $this->file( $name ), 'r+' ) : false;
		if ( false === $file ) {
			return null;
		}
		flock( $file, LOCK_EX );
		$set = json_decode( (string) stream_get_contents( $file ), true );
		try {
			if ( ! is_array( $set ) || 0 === ( $set['times'] ?? null ) || ! $is_meant( $set ) ) {
				return null;
			}
			if ( isset( $set['times'] ) ) {
				$left = array( 'times' => $set['times'] - 1 ) + $set;
				rewind( $file );
				ftruncate( $file, 0 );
				fwrite( $file, (string) wp_json_encode( $left ) );
			}
			return $set;
		} finally {
			fclose( $file );
		}
	}

	/**
	 * Waits until the fault is cleared or replaced, or the time is over.
	 *
	 * @param string $id      Which fault.
	 * @param float  $seconds For how long at most.
	 */
	private function hang( string $id, float $seconds ): void {
		$end = microtime( true ) + min( $seconds, self::LONGEST );
		do {
			usleep( self::POLL );
			$now = json_decode( (string) @file_get_contents( $this->file( 'fault' ) ), true ); // phpcs:ignore WordPress.PHP.NoSilencedErrors -- gone means over.
		} while ( microtime( true ) < $end && is_array( $now ) && ( $now['id'] ?? '' ) === $id );
	}

	/**
	 * Runs the test's code in this site. Its value, or the exception that it threw.
	 *
	 * @param string $code PHP without an opening tag; `return` gives a value.
	 */
	private function evaluate( string $code ): mixed {
		try {
			return eval( $code ); // phpcs:ignore Squiz.PHP.Eval -- a test's own words, on loopback.
		} catch ( \Throwable $error ) {
			$this->answer( 500, get_class( $error ) . ': ' . $error->getMessage() . ' in line ' . $error->getLine() );
		}
	}

	public function run_code_of_every_request(): void {
		if ( is_file( $this->file( 'every-request' ) ) ) {
			eval( (string) file_get_contents( $this->file( 'every-request' ) ) ); // phpcs:ignore Squiz.PHP.Eval -- a test's own words, on loopback.
		}
	}

	/**
	 * Gives the caller the cookies of somebody who is logged in, without a log-in.
	 *
	 * @param string $login User name.
	 */
	private function visit( string $login ): never {
		$user = get_user_by( 'login', $login );
		if ( false === $user ) {
			$this->answer( 404, "nobody is called $login" );
		}
		wp_set_auth_cookie( $user->ID );
		$this->answer( 200, $user->ID );
	}

	/**
	 * Remembers the accounts that a reset keeps: those that exist now.
	 */
	public function keep_accounts(): never {
		global $wpdb;
		$kept = array(
			'users'    => $wpdb->get_results( "SELECT * FROM {$wpdb->users}", ARRAY_A ),
			'usermeta' => $wpdb->get_results( "SELECT * FROM {$wpdb->usermeta}", ARRAY_A ),
		);
		file_put_contents( $this->file( 'kept' ), (string) wp_json_encode( $kept ) );
		$this->answer( 200, count( $kept['users'] ) );
	}

	/**
	 * Back to the accounts that are kept, with everything that belongs to them; no fault, no records.
	 */
	public function reset(): never {
		global $wpdb;
		$kept = (array) json_decode( (string) file_get_contents( $this->file( 'kept' ) ), true );
		foreach ( array( 'users', 'usermeta' ) as $table ) {
			$wpdb->query( "DELETE FROM {$wpdb->$table}" ); // phpcs:ignore WordPress.DB.PreparedSQL -- a name of wpdb's own.
			foreach ( (array) ( $kept[ $table ] ?? array() ) as $row ) {
				$wpdb->insert( $wpdb->$table, $row );
			}
		}
		foreach ( array( 'fault', 'stop', 'reached', 'clock', 'requests', 'mails', 'every-request' ) as $name ) {
			$this->forget( $name );
		}
		wp_cache_flush();
		$this->answer( 200, null );
	}

	/**
	 * Keeps a mail instead of sending it.
	 *
	 * @param bool|null            $short_circuit Ignored.
	 * @param array<string, mixed> $mail          Arguments of `wp_mail()`.
	 */
	public function keep_mail( ?bool $short_circuit, array $mail ): bool {
		$this->append( 'mails', $mail );
		return true;
	}

	private function file( string $name ): string {
		return $this->folder . '/' . $name;
	}

	private function forget( string $name ): void {
		if ( is_file( $this->file( $name ) ) ) {
			unlink( $this->file( $name ) );
		}
	}

	/**
	 * @param string               $name Which record.
	 * @param array<string, mixed> $line What is added.
	 */
	private function append( string $name, array $line ): void {
		file_put_contents( $this->file( $name ), wp_json_encode( $line ) . "\n", FILE_APPEND | LOCK_EX );
	}

	/**
	 * @param string $name Which record.
	 * @return list<mixed>
	 */
	private function lines( string $name ): array {
		$lines = is_file( $this->file( $name ) ) ? file( $this->file( $name ), FILE_IGNORE_NEW_LINES | FILE_SKIP_EMPTY_LINES ) : array();
		return array_map( static fn ( string $line ): mixed => json_decode( $line, true ), (array) $lines );
	}

	/**
	 * @param int   $status HTTP status.
	 * @param mixed $value  What the test gets.
	 */
	private function answer( int $status, mixed $value ): never {
		while ( ob_get_level() > 0 ) {
			ob_end_clean();
		}
		status_header( $status );
		header( 'Content-Type: application/json' );
		echo wp_json_encode( array( 'value' => $value ) );
		exit;
	}
}

( new Control( TANDEM_CONTROL_DIR, TANDEM_CONTROL_KEY ) )->attach();
