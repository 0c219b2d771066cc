<?php
/**
 * The routes for paired sites (docs/protocol.md). Two are open: who this site is, and being introduced with an
 * administrator's word. The others take signed messages only.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

use Tandem\Login\Redemption;
use Tandem\Peer\Accounts;
use Tandem\Peer\BringRequests;
use Tandem\Peer\Description;
use Tandem\Peer\Fence;
use Tandem\Peer\Gate;
use Tandem\Peer\Introduction;
use Tandem\Peer\IntroductionCode;
use Tandem\Peer\MessageCode;
use Tandem\Peer\LinkRequests;
use Tandem\Peer\MessageRefused;
use Tandem\Peer\Notices;
use Tandem\Peer\Offers;
use Tandem\Peer\PairingCodes;
use Tandem\Peer\SelfTest;
use Tandem\Peer\UserSchema;
use Tandem\Peer\Users;
use Tandem\Remote\RemoteSite;
use Tandem\Security\SiteKeys;
use Tandem\Security\Unreadable;
use Tandem\Verify\Answers;

final class PeerController {

	/** @var \WeakMap<\WP_REST_Request, true> Requests behind which an administrator stands. */
	private \WeakMap $introduced;

	/**
	 * @param Gate         $gate         Who sent a message, and whether it is accepted.
	 * @param Description  $description  What this site says of itself.
	 * @param SiteKeys     $keys         This site's keys.
	 * @param Fence        $fence        Application passwords that introduce.
	 * @param PairingCodes $codes        One-time codes that introduce.
	 * @param Introduction $introduction Makes sites known.
	 * @param SelfTest     $test         Tries passwords.
	 * @param Notices      $notices      Short messages.
	 * @param Accounts     $accounts     Accounts of this site.
	 * @param Users        $users        Takes people.
	 * @param \Closure(): LinkRequests $link_requests Makes what links many people.
	 * @param \Closure(): Answers $answers Makes what answers a site that verifies: only when one asks.
	 * @param \Closure(): Offers $offers Makes what tells a site what its rules may give here.
	 * @param \Closure(): BringRequests $bring_requests Makes what brings people to a site that asks for them.
	 * @param \Closure(): Redemption $redemption Makes what says who somebody is.
	 */
	public function __construct(
		private readonly Gate $gate,
		private readonly Description $description,
		private readonly SiteKeys $keys,
		private readonly Fence $fence,
		private readonly PairingCodes $codes,
		private readonly Introduction $introduction,
		private readonly SelfTest $test,
		private readonly Notices $notices,
		private readonly Accounts $accounts,
		private readonly Users $users,
		private readonly \Closure $link_requests,
		private readonly \Closure $answers,
		private readonly \Closure $offers,
		private readonly \Closure $bring_requests,
		private readonly \Closure $redemption,
	) {
		$this->introduced = new \WeakMap();
	}

	/**
	 * Registers the routes. For the action `rest_api_init`.
	 */
	public function register(): void {
		$this->route(
			'GET',
			'',
			$this->describe( ... ),
			// Whoever wants to connect must be able to ask who this is.
			'__return_true',
			array(
				'challenge' => array(
					'type'    => 'string',
					'pattern' => '^[0-9a-f]{32}$',
				),
			)
		);
		$text = array(
			'type'      => 'string',
			'required'  => true,
			'minLength' => 1,
			'maxLength' => 20_000,
		);
		$this->route(
			'POST',
			'/introduce',
			$this->introduce( ... ),
			$this->may_introduce( ... ),
			array(
				'site'  => $text,
				'proof' => $text,
				'code'  => array(
					'type'      => 'string',
					'maxLength' => 100,
				),
			)
		);
		$signed = $this->gate->permits( ... );
		// After an update the other site hears of it with the next answer.
		$also = array( 'features' => Description::features() );
		$this->route( 'POST', '/self-test', fn ( array $body, RemoteSite $from ): array => $this->test->take( $from, $body ), $signed );
		$this->route( 'POST', '/notice', fn ( array $body, RemoteSite $from ): array => $this->notices->take( $from, $body ), $signed );
		$this->route( 'POST', '/accounts', fn ( array $body, RemoteSite $from ): array => $this->accounts->page( $from, $body ) + $also, $signed );
		$this->route( 'POST', '/users', fn ( array $body, RemoteSite $from ): array => $this->users->take( $from, $body ) + $also, $signed, self::said_only( UserSchema::documented()['properties'] ), true );
		$this->route( 'POST', '/links', fn ( array $body, RemoteSite $from ): array => ( $this->link_requests )()->take( $from, $body ), $signed );
		$this->route( 'POST', '/digests', fn ( array $body, RemoteSite $from ): array => ( $this->answers )()->digests( $from, $body ), $signed );
		$this->route( 'POST', '/offers', fn ( array $body, RemoteSite $from ): array => ( $this->offers )()->to( $from ) + $also, $signed );
		$this->route( 'POST', '/repair', fn ( array $body, RemoteSite $from ): array => ( $this->answers )()->repair( $from, $body ), $signed );
		$this->route( 'POST', '/bring', fn ( array $body, RemoteSite $from ): array => ( $this->bring_requests )()->take( $from, $body ), $signed );
		$this->route( 'POST', '/login', fn ( array $body, RemoteSite $from ): array => ( $this->redemption )()->redeem( $from, $body ), $signed );
	}

	/**
	 * Registers one.
	 *
	 * @param string                              $method     Method.
	 * @param string                              $path       Below `/peer`.
	 * @param \Closure                            $answer     Gets the request, or of a signed message its body and sender.
	 * @param callable                            $permission Permission callback.
	 * @param array<string, array<string, mixed>> $args       JSON schema of each argument.
	 * @param bool|null                           $is_signed  Whether it is a signed message; null: if it has no arguments.
	 */
	private function route( string $method, string $path, \Closure $answer, callable $permission, array $args = array(), ?bool $is_signed = null ): void {
		$is_signed ??= array() === $args;
		register_rest_route(
			Api::NAMESPACE,
			'/peer' . $path,
			array(
				'methods'             => $method,
				'permission_callback' => $permission,
				'args'                => $args,
				'show_in_index'       => false,
				'callback'            => function ( \WP_REST_Request $request ) use ( $answer, $is_signed ): \WP_REST_Response|\WP_Error {
					nocache_headers();
					try {
						return new \WP_REST_Response( $is_signed ? $answer( self::body( $request ), $this->gate->sender( $request ) ) : $answer( $request ), 200, array( 'Cache-Control' => 'no-store, private' ) );
					} catch ( MessageRefused $refused ) {
						return $refused->to_error();
					}
				},
			)
		);
	}

	/**
	 * Arguments that WordPress shows to developers and does not look at: it would before the signature is checked, and
	 * in the address. What was signed is validated by the same schema afterwards.
	 *
	 * @param array<string, array<string, mixed>> $properties JSON schema of each.
	 * @return array<string, array<string, mixed>>
	 */
	private static function said_only( array $properties ): array {
		return array_map( static fn ( array $schema ): array => array( 'sanitize_callback' => null ) + $schema, $properties );
	}

	/**
	 * Who this site is.
	 *
	 * @param \WP_REST_Request $request `challenge`.
	 * @return array<string, mixed>
	 */
	private function describe( \WP_REST_Request $request ): array {
		$about = $this->description->for_anybody() + array( 'authorization_arrived' => 'Tandem probe' === $request->get_header( 'authorization' ) );
		if ( null === $request['challenge'] ) {
			return $about;
		}
		try {
			return $about + array( 'proof' => $this->keys->sign( Description::proof_text( (string) $about['uuid'], $request['challenge'] ) ) );
		} catch ( Unreadable ) {
			// The salts have changed: this site can't prove who it is.
			return $about;
		}
	}

	/**
	 * Takes an introduction. The application password is of no more use, however it ends.
	 *
	 * @param \WP_REST_Request $request `site`, `proof`.
	 * @return array{site: array<string, mixed>, reachable: bool}
	 * @throws MessageRefused When something is not as it should be.
	 */
	private function introduce( \WP_REST_Request $request ): array {
		try {
			$reaches = $this->introduction->take( $request['site'], $request['proof'] );
			return array(
				'site'      => $this->description->for_peer(),
				'reachable' => $reaches,
			);
		} finally {
			$this->fence->revoke_used();
		}
	}

	/**
	 * Whether an administrator stands behind an introduction.
	 *
	 * @param \WP_REST_Request $request `site`, `code`.
	 */
	private function may_introduce( \WP_REST_Request $request ): bool|\WP_Error {
		if ( isset( $this->introduced[ $request ] ) ) {
			// WordPress asks twice (`rest_send_allow_header()`), and a code is good once.
			return true;
		}
		$site = json_decode( (string) $request['site'], true );
		$uuid = is_array( $site ) && is_string( $site['uuid'] ?? null ) ? $site['uuid'] : '';
		$code = $request['code'];
		if ( is_string( $code ) ? $this->codes->take( $code ) : $this->fence->introduces( $uuid ) ) {
			$this->introduced[ $request ] = true;
			return true;
		}
		return ( is_string( $code ) ? IntroductionCode::CodeWrong : IntroductionCode::NotIntroduced )->to_error();
	}

	/**
	 * The body of a signed message.
	 *
	 * @param \WP_REST_Request $request The request.
	 * @return array<array-key, mixed>
	 * @throws MessageRefused When it is no JSON object.
	 */
	private static function body( \WP_REST_Request $request ): array {
		// Exactly what was signed: not WordPress's merged parameters, in which an address could have a say.
		$body = json_decode( (string) $request->get_body(), true, 32 );
		return is_array( $body ) ? $body : throw new MessageRefused( MessageCode::Invalid, __( 'Its body is no JSON.', 'tandem-user-sync' ) );
	}
}
