<?php
/**
 * A conversation with one plain site: typed calls of WordPress's own `wp/v2/users`.
 *
 * Every call throws `RemoteFailure` with the problem when the answer is not
 * WordPress's, and remembers what was printed into answers and the site's own time.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Remote\Http\Client;
use Tandem\Remote\Http\Request;
use Tandem\Remote\Http\Response;
use Tandem\Remote\Http\Unreachable;

final class PlainSiteApi {

	/** What WordPress gives at most for a page. */
	public const PER_PAGE = 100;

	/** How many pages of a search are read: beyond that it is no e-mail address that was looked for. */
	private const SEARCH_PAGES = 20;

	/** Longest page of accounts, bytes. */
	private const PAGE_BYTES = 16_000_000;

	private const USERS = 'wp/v2/users';

	private string $noise = '';

	private int $remote_now = 0;

	/**
	 * @param Client        $client   Sends requests.
	 * @param ProblemReader $problems Understands what comes back.
	 * @param string        $rest_url Address of the REST index: `…/wp-json/` or `…/?rest_route=/`.
	 * @param string        $username Account there.
	 * @param string        $password Its application password.
	 */
	public function __construct(
		private readonly Client $client,
		private readonly ProblemReader $problems,
		private readonly string $rest_url,
		private readonly string $username,
		#[\SensitiveParameter] private readonly string $password,
	) {
	}

	/**
	 * The account with exactly this e-mail address, or null.
	 *
	 * @param string $email E-mail address.
	 * @throws RemoteFailure When the site does not answer as it should.
	 */
	public function find_by_email( string $email ): ?RemoteUser {
		// An empty search finds everybody.
		if ( '' === trim( $email ) ) {
			return null;
		}
		return $this->find( array( 'search' => $email ), 'email', static fn ( RemoteUser $user ): bool => $user->has_email( $email ) );
	}

	/**
	 * The account with exactly this username, or null.
	 *
	 * @param string $login Username.
	 * @throws RemoteFailure When the site does not answer as it should.
	 */
	public function find_by_login( string $login ): ?RemoteUser {
		if ( '' === trim( $login ) ) {
			return null;
		}
		$is_it = static fn ( RemoteUser $user ): bool => $user->has_login( $login );
		// Before 6.8 a search for something with an @ looks at e-mail addresses only: the slug is made of the username.
		return $this->find( array( 'search' => $login ), 'username', $is_it ) ?? $this->find( array( 'slug' => mb_substr( sanitize_title( sanitize_user( $login, true ) ), 0, 50 ) ), null, $is_it );
	}

	/**
	 * Accounts that fit a text, for a person to choose from.
	 *
	 * @param string $text  What they typed.
	 * @param int    $limit How many at most.
	 * @return list<RemoteUser>
	 * @throws RemoteFailure When the site does not answer as it should.
	 */
	public function search( string $text, int $limit = 20 ): array {
		$query = array( 'per_page' => max( 1, min( self::PER_PAGE, $limit ) ) );
		return $this->users( '' === trim( $text ) ? $query : $query + array( 'search' => $text ) )->users;
	}

	/**
	 * A page of all accounts, in the order of their ids.
	 *
	 * @param int $page     From 1.
	 * @param int $per_page Up to 100.
	 * @throws RemoteFailure When the site does not answer as it should.
	 */
	public function page( int $page, int $per_page = self::PER_PAGE ): UsersPage {
		return $this->users(
			array(
				'page'     => $page,
				'per_page' => $per_page,
			)
		);
	}

	/**
	 * An account.
	 *
	 * @param int $id Id there.
	 * @throws RemoteFailure When there is none (`RemovedThere`), or the site does not answer as it should.
	 */
	public function get( int $id ): RemoteUser {
		return $this->user( $this->call( 'GET', self::USERS . '/' . $id, array( '_fields' => RemoteUser::REST_FIELDS ) + self::edit() ) );
	}

	/**
	 * The account that Tandem uses there.
	 *
	 * @throws RemoteFailure When the credential is refused, or the site does not answer as it should.
	 */
	public function me(): RemoteUser {
		try {
			return $this->user( $this->call( 'GET', self::USERS . '/me', array( '_fields' => RemoteUser::REST_FIELDS ) + self::edit() ) );
		} catch ( RemoteFailure $failure ) {
			if ( 401 === $failure->problem->status && in_array( $failure->problem->code, array( ProblemCode::HeaderStripped, ProblemCode::CredentialRefused ), true ) && $this->has_passwords_off() ) {
				throw new RemoteFailure( $this->problem( ProblemCode::PasswordsOff ) );
			}
			throw $failure;
		}
	}

	/**
	 * Creates an account.
	 *
	 * @param array<string, mixed> $fields Fields by their names there; username, email and password are needed.
	 * @throws RemoteFailure When it is refused.
	 */
	public function create( #[\SensitiveParameter] array $fields ): RemoteUser {
		return $this->user( $this->call( 'POST', self::USERS, array( '_fields' => RemoteUser::REST_FIELDS ) + self::edit(), $fields ) );
	}

	/**
	 * Changes an account.
	 *
	 * @param int                  $id     Id there.
	 * @param array<string, mixed> $fields Fields by their names there.
	 * @throws RemoteFailure When it is refused.
	 */
	public function update( int $id, #[\SensitiveParameter] array $fields ): RemoteUser {
		return $this->user( $this->call( 'POST', self::USERS . '/' . $id, array( '_fields' => RemoteUser::REST_FIELDS ) + self::edit(), $fields ) );
	}

	/**
	 * Deletes an account for good. WordPress knows no trash for users.
	 *
	 * @param int $id       Id there.
	 * @param int $reassign Account there that receives its content.
	 * @throws RemoteFailure When it is refused.
	 */
	public function delete( int $id, int $reassign ): void {
		$json = $this->call(
			'DELETE',
			self::USERS . '/' . $id,
			array(
				'force'    => 'true',
				'reassign' => $reassign,
				'_fields'  => 'deleted',
			)
		);
		if ( ! is_array( $json ) || true !== ( $json['deleted'] ?? null ) ) {
			throw new RemoteFailure( $this->problems->problem( ProblemCode::Unexpected, '…' ) );
		}
	}

	/**
	 * Which application password is in use: `uuid`, `name`, `created`, `last_used`…; null where the site does not tell (before 5.7).
	 *
	 * @return array<string, mixed>|null
	 */
	public function introspect(): ?array {
		try {
			$json = $this->call( 'GET', self::USERS . '/me/application-passwords/introspect', self::edit() );
		} catch ( RemoteFailure ) {
			return null;
		}
		return is_array( $json ) && is_string( $json['uuid'] ?? null ) ? $json : null;
	}

	/**
	 * Revokes the application password in use. Whether it worked does not matter to anybody who is leaving.
	 */
	public function revoke(): void {
		$uuid = $this->introspect()['uuid'] ?? null;
		if ( is_string( $uuid ) && wp_is_uuid( $uuid ) ) {
			try {
				$this->call( 'DELETE', self::USERS . '/me/application-passwords/' . $uuid, array() );
			} catch ( RemoteFailure ) {
				return;
			}
		}
	}

	/**
	 * Whether the site is part of a multisite; null where our account may not see it. There, the general
	 * settings have no e-mail address (`register_initial_settings()`).
	 */
	public function is_multisite(): ?bool {
		try {
			$json = $this->call( 'GET', 'wp/v2/settings', array() );
		} catch ( RemoteFailure ) {
			return null;
		}
		return is_array( $json ) && array_key_exists( 'title', $json ) ? ! array_key_exists( 'email', $json ) : null;
	}

	/**
	 * First line of what was printed into the answers so far, or ''.
	 */
	public function noise(): string {
		return $this->noise;
	}

	/**
	 * The site's own time at its last answer, Unix seconds; 0 when it does not tell.
	 */
	public function remote_now(): int {
		return $this->remote_now;
	}

	/**
	 * A problem with its own sentence.
	 *
	 * @param ProblemCode $code   Which one.
	 * @param string      $detail What the sentence needs.
	 */
	public function problem( ProblemCode $code, string $detail = '' ): Problem {
		return $this->problems->problem( $code, $detail );
	}

	/**
	 * The first line of a text of the site, without secrets and markup.
	 *
	 * @param string $text Text.
	 */
	public function shown( string $text ): string {
		return $this->problems->first_line_of( $text );
	}

	/**
	 * Whether the REST index says that there are no application passwords. To whoever logs in with one, WordPress
	 * answers as if nothing had been sent.
	 */
	private function has_passwords_off(): bool {
		try {
			$url  = self::address( $this->rest_url, '', array( '_fields' => 'namespaces,authentication' ) );
			$json = Json::read( $this->client->send( new Request( 'GET', $url, array( 'Accept' => 'application/json' ) ) )->body )->value;
		} catch ( Unreachable ) {
			return false;
		}
		return is_array( $json ) && isset( $json['namespaces'] ) && ! isset( $json['authentication']['application-passwords'] );
	}

	/**
	 * The first account of a search that is the right one. The search finds parts of words, so all its pages are read.
	 *
	 * @param array<string, scalar>       $query  What to look for.
	 * @param string|null                 $column Where, on cores that have it (6.8); others pass over it.
	 * @param callable( RemoteUser ): bool $is_it Whether it is the right one.
	 */
	private function find( array $query, ?string $column, callable $is_it ): ?RemoteUser {
		$query += array( 'per_page' => self::PER_PAGE );
		$with   = null === $column ? $query : $query + array( 'search_columns[]' => $column );
		for ( $page = 1; $page <= self::SEARCH_PAGES; $page++ ) {
			try {
				$found = $this->users( $with + array( 'page' => $page ) );
			} catch ( RemoteFailure $failure ) {
				if ( $with === $query || 'rest_invalid_param' !== $failure->problem->remote_code ) {
					throw $failure;
				}
				$with  = $query;
				$found = $this->users( $with + array( 'page' => $page ) );
			}
			foreach ( $found->users as $user ) {
				if ( $is_it( $user ) ) {
					return $user;
				}
			}
			if ( $page >= $found->pages ) {
				break;
			}
		}
		return null;
	}

	/**
	 * Accounts.
	 *
	 * @param array<string, scalar> $query Parameters.
	 */
	private function users( array $query ): UsersPage {
		$headers = array();
		$json    = $this->call(
			'GET',
			self::USERS,
			$query + array(
				'orderby' => 'id',
				'order'   => 'asc',
				'_fields' => RemoteUser::REST_FIELDS,
			) + self::edit(),
			null,
			$headers
		);
		$users   = array();
		foreach ( is_array( $json ) && array_is_list( $json ) ? $json : array( null ) as $data ) {
			$users[] = RemoteUser::from( $data );
		}
		$known = array_values( array_filter( $users, static fn ( ?RemoteUser $user ): bool => null !== $user ) );
		if ( count( $known ) < count( $users ) ) {
			throw new RemoteFailure( $this->problems->problem( ProblemCode::Unexpected, __( 'a list of users without their email addresses or rights', 'tandem-user-sync' ) ) );
		}
		return new UsersPage( $known, (int) ( $headers['x-wp-total'] ?? count( $known ) ), (int) ( $headers['x-wp-totalpages'] ?? 1 ) );
	}

	/**
	 * An account out of an answer.
	 *
	 * @param mixed $json Decoded JSON.
	 */
	private function user( mixed $json ): RemoteUser {
		return RemoteUser::from( $json ) ?? throw new RemoteFailure( $this->problems->problem( ProblemCode::Unexpected, __( 'a user without email address or rights', 'tandem-user-sync' ) ) );
	}

	/**
	 * Asks WordPress's own form to mail somebody a link with which they set a password, without our credential.
	 *
	 * @param string $site_url Home address of the site.
	 * @param string $email    Address of the account.
	 * @return bool Whether the site says that it has (wp-login.php redirects to `checkemail=confirm` then).
	 */
	public function ask_for_password_link( string $site_url, string $email ): bool {
		$url = $site_url . '/wp-login.php?action=lostpassword';
		try {
			$response = $this->client->send( new Request( 'POST', $url, array( 'Content-Type' => 'application/x-www-form-urlencoded' ), http_build_query( array( 'user_login' => $email ) ) ) );
		} catch ( Unreachable ) {
			return false;
		}
		return 302 === $response->status && str_contains( $response->header( 'location' ), 'checkemail=confirm' );
	}

	/**
	 * Asks, and reads the JSON.
	 *
	 * @param string                     $method  Method.
	 * @param string                     $route   Route, without a slash in front.
	 * @param array<string, scalar>      $query   Parameters of the address.
	 * @param array<string, mixed>|null  $fields  Body.
	 * @param array<string, string>      $headers Filled with the answer's headers.
	 * @throws RemoteFailure For everything but a success with JSON.
	 */
	private function call( string $method, string $route, array $query, #[\SensitiveParameter] ?array $fields = null, array &$headers = array() ): mixed {
		$url = self::address( $this->rest_url, $route, $query );
		try {
			$response = $this->client->send( $this->request( $method, $url, $fields ) );
		} catch ( Unreachable $error ) {
			throw new RemoteFailure( $this->problems->of_unreachable( $error, $url ) );
		}
		$this->remote_now = $response->date();
		$json             = Json::read( $response->body );
		if ( '' !== $json->noise && '' === $this->noise ) {
			$this->noise = $this->problems->first_line_of( $json->noise );
		}
		if ( ! self::is_success( $response ) || null === $json->value ) {
			throw new RemoteFailure( $this->problems->of_response( $response, $url, $json->value ) );
		}
		$headers = $response->headers;
		return $json->value;
	}

	/**
	 * A request with our credential.
	 *
	 * @param string                    $method Method.
	 * @param string                    $url    Address.
	 * @param array<string, mixed>|null $fields Body.
	 */
	private function request( string $method, string $url, #[\SensitiveParameter] ?array $fields ): Request {
		$headers = array(
			// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions.obfuscation_base64_encode -- Basic authentication.
			'Authorization' => 'Basic ' . base64_encode( $this->username . ':' . $this->password ),
			'Accept'        => 'application/json',
			'Cache-Control' => 'no-cache',
		);
		if ( null === $fields ) {
			return new Request( $method, $url, $headers, '', 15.0, self::PAGE_BYTES );
		}
		return new Request( $method, $url, $headers + array( 'Content-Type' => 'application/json' ), (string) wp_json_encode( (object) $fields, JSON_INVALID_UTF8_SUBSTITUTE ) );
	}

	/**
	 * Whether an answer is a success and no redirect.
	 *
	 * @param Response $response The answer.
	 */
	private static function is_success( Response $response ): bool {
		return $response->status >= 200 && $response->status < 300;
	}

	/**
	 * Address of a route, for both forms of the REST index.
	 *
	 * @param string                $rest_url Address of the index.
	 * @param string                $route    Route.
	 * @param array<string, scalar> $query    Parameters.
	 */
	public static function address( string $rest_url, string $route, array $query ): string {
		$url = str_contains( $rest_url, '?' ) ? $rest_url . $route : trailingslashit( $rest_url ) . $route;
		if ( array() === $query ) {
			return $url;
		}
		return $url . ( str_contains( $url, '?' ) ? '&' : '?' ) . http_build_query( $query, '', '&', PHP_QUERY_RFC3986 );
	}

	/**
	 * Asks for e-mail addresses, usernames and rights too.
	 *
	 * @return array<string, string>
	 */
	private static function edit(): array {
		return array( 'context' => 'edit' );
	}
}
