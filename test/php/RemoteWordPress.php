<?php
/**
 * The plain remote site of the tests: a second real WordPress under PHP's built-in server.
 *
 * One for a whole run; `reset()` brings it back to its administrator alone.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests;

use RuntimeException;
use Tandem\Remote\Pairing;
use Tandem\Security\PublicKeys;

final class RemoteWordPress {

	/** Requests that a fault meets unless a test says otherwise: those to the REST API. */
	public const REST = '#^[^?]*/wp-json/|[?&]rest_route=#';

	/** Every request. */
	public const ANY = '#.#';

	/**
	 * @param string $url                  Address without a slash at the end.
	 * @param string $folder               Its files; `server.json` there says how it is started.
	 * @param string $key                  Opens the control endpoint.
	 * @param string $application_password Of its administrator `admin`.
	 */
	private function __construct(
		public readonly string $url,
		private readonly string $folder,
		private readonly string $key,
		public readonly string $application_password,
	) {
	}

	/** User name of its administrator, whose id is 1 and whose password is "password of b". */
	public const ADMIN = 'admin';

	public const ADMIN_PASSWORD = 'password of b';

	/**
	 * The remote site that run.ts has started: running, with no account but its administrator's, no fault, no records.
	 */
	public static function clean(): self {
		$remote = new self(
			(string) getenv( 'TANDEM_REMOTE_URL' ),
			(string) getenv( 'TANDEM_REMOTE_DIR' ),
			(string) getenv( 'TANDEM_REMOTE_KEY' ),
			(string) getenv( 'TANDEM_REMOTE_PASSWORD' ),
		);
		$remote->restore();
		$remote->control( array( 'do' => 'reset' ) );
		return $remote;
	}

	/** Where its REST API begins, with a slash at the end. */
	public function rest_url(): string {
		return $this->url . '/wp-json/';
	}

	// Questions.

	/**
	 * Runs PHP inside this site and returns its value (as JSON can carry it).
	 *
	 * @param string $code      PHP; `return` gives a value, `$args` are the arguments.
	 * @param mixed  ...$args   What JSON can carry.
	 * @throws RuntimeException With what the code threw.
	 */
	public function run( string $code, mixed ...$args ): mixed {
		$given = base64_encode( (string) json_encode( $args ) ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- so that no byte is lost in quotes.
		return $this->control(
			array(
				'do'   => 'run',
				'code' => "\$args = json_decode( base64_decode( '$given' ), true ); $code",
			)
		);
	}

	/**
	 * An account there, or null: `id`, `login`, `email`, `first_name`, `last_name`, `display_name`, `nickname`, `url`, `description`, `locale`, `roles`, `hash`.
	 *
	 * @param string $login User name or e-mail address.
	 * @return array{id: int, login: string, email: string, first_name: string, last_name: string, display_name: string, nickname: string, url: string, description: string, locale: string, roles: list<string>, hash: string}|null
	 */
	public function user( string $login ): ?array {
		return $this->run(
			'$u = get_user_by( "login", $args[0] ) ?: get_user_by( "email", $args[0] );
			return $u ? array(
				"id" => $u->ID, "login" => $u->user_login, "email" => $u->user_email,
				"first_name" => $u->first_name, "last_name" => $u->last_name, "display_name" => $u->display_name,
				"nickname" => $u->nickname, "url" => $u->user_url, "description" => $u->description,
				"locale" => $u->locale, "roles" => array_values( $u->roles ), "hash" => $u->user_pass,
			) : null;',
			$login
		);
	}

	/**
	 * Adds an account there.
	 *
	 * @param array<string, mixed> $fields As `wp_insert_user()` takes them.
	 * @return int Its id there.
	 */
	public function make_user( array $fields ): int {
		$id = $this->run( '$id = wp_insert_user( wp_slash( $args[0] ) ); return is_wp_error( $id ) ? $id->get_error_message() : $id;', $fields );
		if ( ! is_int( $id ) ) {
			throw new RuntimeException( "No account on the remote site: $id" );
		}
		return $id;
	}

	/**
	 * How many accounts are there.
	 */
	public function count_users(): int {
		return (int) $this->run( 'return count_users()["total_users"];' );
	}

	/**
	 * Whether a real log-in through its log-in form succeeds.
	 *
	 * @param string $login    User name or e-mail address.
	 * @param string $password As a person types it.
	 */
	public function can_log_in( string $login, string $password ): bool {
		$answer     = $this->request(
			'POST',
			'/wp-login.php',
			http_build_query(
				array(
					'log'        => $login,
					'pwd'        => $password,
					'testcookie' => '1',
				)
			),
			array( 'Cookie: wordpress_test_cookie=WP%20Cookie%20check' )
		);
		$cookie     = 1 === preg_match( '/^set-cookie:\s*wordpress_logged_in_[^=]+=(?!%20|deleted)\S/mi', $answer['head'] );
		$redirected = 302 === $answer['status'];
		if ( $redirected === $cookie ) {
			return $cookie;
		}
		throw new RuntimeException( "The remote site's log-in answers {$answer['status']}: " . substr( $answer['body'], 0, 300 ) );
	}

	/**
	 * Every request that it was sent since it was clean, those of log-in tests left out.
	 *
	 * @param string $match Regular expression that the address (decoded) must fit.
	 * @return list<array{method: string, uri: string, body: string, authorized: bool, agent: string, at: float}>
	 */
	public function requests( string $match = self::REST ): array {
		return array_values(
			array_filter(
				$this->control( array( 'do' => 'requests' ) ),
				static fn ( array $request ): bool => 1 === preg_match( $match, rawurldecode( $request['uri'] ) ) && ! str_contains( $request['uri'], 'wp-login.php' )
			)
		);
	}

	/**
	 * The requests that changed something.
	 *
	 * @return list<array{method: string, uri: string, body: string, authorized: bool, agent: string, at: float}>
	 */
	public function writes(): array {
		return array_values( array_filter( $this->requests(), static fn ( array $request ): bool => 'GET' !== $request['method'] ) );
	}

	/**
	 * The mails that it wanted to send since it was clean.
	 *
	 * @return list<array{to: string|list<string>, subject: string, message: string}>
	 */
	public function mails(): array {
		return $this->control( array( 'do' => 'mails' ) );
	}

	/**
	 * Runs PHP on `init` of every request, until it is clean again: to register meta, take rights, close REST.
	 *
	 * @param string $code PHP.
	 */
	public function on_every_request( string $code ): void {
		$this->control(
			array(
				'do'   => 'every-request',
				'code' => $code,
			)
		);
	}

	/**
	 * Has it answer as a paired site's Tandem would, until it is clean again: it has none.
	 *
	 * @param array<string, string> $routes PHP by route below `peer/`: gets `$body`, the message, and returns the answer.
	 */
	public function answer_as_peer( array $routes ): void {
		$code = '';
		foreach ( $routes as $route => $answer ) {
			$code .= "if ( str_contains( \$_SERVER['REQUEST_URI'], '/tandem/v1/peer/$route' ) ) { wp_send_json( ( static function ( array \$body ) { $answer } )( (array) json_decode( file_get_contents( 'php://input' ), true ) ) ); }";
		}
		$this->on_every_request( $code );
	}

	/**
	 * What this site knows of it as of a paired one.
	 */
	public static function pairing(): Pairing {
		$keys = PublicKeys::from(
			array(
				'sign' => base64_encode( sodium_crypto_sign_publickey( sodium_crypto_sign_keypair() ) ),
				'box'  => base64_encode( sodium_crypto_box_publickey( sodium_crypto_box_keypair() ) ),
			)
		);
		return new Pairing( 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb', $keys ?? throw new RuntimeException( 'No keys.' ), most_users: 200, most_bytes: 1_000_000 );
	}

	// Faults. Each replaces the one before and lasts until `heal()`.

	/**
	 * Accepts requests and never answers; nothing of them is done.
	 *
	 * @param int|null $times  After so many, all is well; null: until `heal()`.
	 * @param string   $match  Regular expression of addresses.
	 * @param string   $method Regular expression of methods.
	 */
	public function hang( ?int $times = null, string $match = self::REST, string $method = self::ANY ): void {
		$this->fault( array( 'kind' => 'hang' ), $times, $match, $method );
	}

	/**
	 * Answers as it should, but late.
	 *
	 * @param float    $seconds How late.
	 * @param int|null $times   After so many, all is well.
	 * @param string   $match   Regular expression of addresses.
	 * @param string   $method  Regular expression of methods.
	 */
	public function answer_after( float $seconds, ?int $times = null, string $match = self::REST, string $method = self::ANY ): void {
		$this->fault(
			array(
				'kind'    => 'hang',
				'seconds' => $seconds,
			),
			$times,
			$match,
			$method
		);
	}

	/**
	 * Answers this instead of doing anything.
	 *
	 * @param int                   $status  HTTP status.
	 * @param string                $body    Body.
	 * @param array<string, string> $headers Headers.
	 * @param int|null              $times   After so many, all is well.
	 * @param string                $match   Regular expression of addresses.
	 * @param string                $method  Regular expression of methods.
	 */
	public function answer( int $status, string $body = '', array $headers = array(), ?int $times = null, string $match = self::REST, string $method = self::ANY ): void {
		$this->fault(
			array(
				'kind'    => 'answer',
				'status'  => $status,
				'body'    => $body,
				'headers' => $headers,
			),
			$times,
			$match,
			$method
		);
	}

	/**
	 * Does what it is asked, but the connection breaks in the middle of the answer.
	 *
	 * @param int|null $times  After so many, all is well.
	 * @param string   $match  Regular expression of addresses.
	 * @param string   $method Regular expression of methods.
	 */
	public function send_half( ?int $times = null, string $match = self::REST, string $method = self::ANY ): void {
		$this->fault( array( 'kind' => 'half' ), $times, $match, $method );
	}

	/**
	 * Does what it is asked, and prints something before the JSON, as a PHP warning does.
	 *
	 * @param string   $text   What.
	 * @param int|null $times  After so many, all is well.
	 * @param string   $match  Regular expression of addresses.
	 * @param string   $method Regular expression of methods.
	 */
	public function print_before( string $text = "<br />\n<b>Warning</b>:  Undefined variable in <b>/srv/plugin.php</b> on line <b>7</b><br />\n", ?int $times = null, string $match = self::REST, string $method = self::ANY ): void {
		$this->fault(
			array(
				'kind' => 'prefix',
				'body' => $text,
			),
			$times,
			$match,
			$method
		);
	}

	/**
	 * Answers with a page, status 200: a maintenance page, a host's default page.
	 */
	public function answer_html(): void {
		$this->answer( 200, "<!DOCTYPE html>\n<html><head><title>Back soon</title></head><body><h1>Back soon</h1></body></html>", array( 'Content-Type' => 'text/html; charset=UTF-8' ) );
	}

	/**
	 * Redirects.
	 *
	 * @param string $to     Address; one of this site's own (`$remote->url . '/elsewhere'`) shows in `requests( '#elsewhere#' )` whether anybody followed, and with what.
	 * @param int    $status 301, 302, 307 or 308.
	 */
	public function redirect( string $to, int $status = 301 ): void {
		$this->answer( $status, '', array( 'Location' => $to ) );
	}

	/**
	 * Redirects to its log-in page, as plugins that close a site do.
	 */
	public function redirect_to_login(): void {
		$this->redirect( $this->url . '/wp-login.php?redirect_to=' . rawurlencode( $this->rest_url() ), 302 );
	}

	/**
	 * Ends the fault. Requests that hang end without having been done.
	 */
	public function heal(): void {
		$this->control( array( 'do' => 'clear' ) );
	}

	/**
	 * Refuses connections: the server is killed, whatever it was doing. Nothing can be asked of it until `restore()`.
	 */
	public function refuse(): void {
		posix_kill( -$this->server()['pid'], SIGKILL );
		$this->wait( fn (): bool => ! $this->listens(), 'The remote site still listens.' );
	}

	/**
	 * Starts the server again; does nothing when it runs.
	 */
	public function restore(): void {
		if ( $this->listens() ) {
			return;
		}
		$server  = $this->server();
		$command = implode( ' ', array_map( 'escapeshellarg', $server['command'] ) );
		$log     = escapeshellarg( $this->folder . '/server.log' );
		// Its environment is this process's own. A group of its own, so that its workers end with it.
		$pid = (int) shell_exec( "setsid $command >>$log 2>&1 </dev/null & echo \$!" ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- a test starts its server.
		file_put_contents( $this->folder . '/server.json', json_encode( array( 'pid' => $pid ) + $server ) );
		$this->wait( fn (): bool => $this->listens(), 'The remote site does not start.' );
	}

	/**
	 * @return array{pid: int, command: list<string>}
	 */
	private function server(): array {
		return json_decode( (string) file_get_contents( $this->folder . '/server.json' ), true );
	}

	private function listens(): bool {
		$parts      = parse_url( $this->url );
		$connection = @fsockopen( (string) ( $parts['host'] ?? '' ), (int) ( $parts['port'] ?? 80 ), $code, $message, 1.0 ); // phpcs:ignore WordPress.PHP.NoSilencedErrors -- refused is an answer.
		if ( false === $connection ) {
			return false;
		}
		fclose( $connection );
		return true;
	}

	/**
	 * @param callable(): bool $condition Asked again and again.
	 * @param string           $otherwise What the exception says.
	 */
	private function wait( callable $condition, string $otherwise ): void {
		$end = microtime( true ) + 10;
		while ( ! $condition() ) {
			if ( microtime( true ) > $end ) {
				throw new RuntimeException( $otherwise );
			}
			usleep( 10_000 );
		}
	}

	/**
	 * @param array<string, mixed> $fault  Kind and what it needs.
	 * @param int|null             $times  How often.
	 * @param string               $match  Regular expression of addresses.
	 * @param string               $method Regular expression of methods.
	 */
	private function fault( array $fault, ?int $times, string $match, string $method ): void {
		$this->control(
			array(
				'do'    => 'fault',
				'fault' => $fault + array(
					'times'  => $times,
					'match'  => $match,
					'method' => $method,
				),
			)
		);
	}

	/**
	 * Says something to the control endpoint.
	 *
	 * @param array<string, mixed> $what What to do.
	 * @return mixed What it answers.
	 * @throws RuntimeException When it doesn't.
	 */
	private function control( array $what ): mixed {
		$answer = $this->request( 'POST', '/index.php', (string) json_encode( $what ), array( 'X-Tandem-Control: ' . $this->key, 'Content-Type: application/json' ) );
		$value  = json_decode( $answer['body'], true );
		if ( 200 !== $answer['status'] || ! is_array( $value ) ) {
			throw new RuntimeException( "The remote site answers {$answer['status']}: " . ( is_array( $value ) ? (string) $value['value'] : substr( $answer['body'], 0, 1000 ) ) );
		}
		return $value['value'];
	}

	/**
	 * A request by curl itself: WordPress's own HTTP functions are what is tested, and hooked into.
	 *
	 * @param string       $method  Method.
	 * @param string       $path    Path.
	 * @param string       $body    Body.
	 * @param list<string> $headers Header lines.
	 * @return array{status: int, head: string, body: string}
	 */
	private function request( string $method, string $path, string $body, array $headers ): array {
		$curl = curl_init( $this->url . $path );
		if ( false === $curl ) {
			throw new RuntimeException( 'No curl.' );
		}
		curl_setopt_array(
			$curl,
			array(
				CURLOPT_CUSTOMREQUEST  => $method,
				CURLOPT_POSTFIELDS     => $body,
				CURLOPT_HTTPHEADER     => $headers,
				CURLOPT_RETURNTRANSFER => true,
				CURLOPT_HEADER         => true,
				CURLOPT_TIMEOUT        => 30,
				CURLOPT_PROXY          => '',
			)
		);
		$text = curl_exec( $curl );
		if ( ! is_string( $text ) ) {
			throw new RuntimeException( 'The remote site: ' . curl_error( $curl ) );
		}
		$size = (int) curl_getinfo( $curl, CURLINFO_HEADER_SIZE );
		return array(
			'status' => (int) curl_getinfo( $curl, CURLINFO_RESPONSE_CODE ),
			'head'   => substr( $text, 0, $size ),
			'body'   => substr( $text, $size ),
		);
	}
}
