<?php
/**
 * Tells webhooks of people: signed requests as Standard Webhooks 1.0 has them
 * (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md).
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Activity\Action;
use Tandem\Remote\Http\Client;
use Tandem\Remote\Http\Request;
use Tandem\Remote\Http\Response;
use Tandem\Remote\Http\Unreachable;
use Tandem\Security\Unreadable;
use Tandem\Security\WebhookSignature;
use Tandem\Sync\Delivery;
use Tandem\Sync\Outcome;
use Tandem\Sync\OutcomeKind;
use Tandem\Time\Clock;

final class WebhookTransport implements Transport {

	/** Seconds that the specification recommends to wait for an answer ("Requests should timeout after 15-30 seconds"). */
	private const TIMEOUT = 15.0;

	/** Bytes of an answer that are read. Nothing of it is used but its first line. */
	private const MOST_BYTES = 100_000;

	/** "Gone" is for good: seconds until it is tried again without a person's word. */
	private const GONE_SECONDS = 10 * YEAR_IN_SECONDS;

	/**
	 * @param Client         $client  Sends.
	 * @param WebhookSecrets $secrets Signs.
	 * @param WebhookAddress $address Where to requests may go.
	 * @param Clock          $clock   Time.
	 */
	public function __construct( private readonly Client $client, private readonly WebhookSecrets $secrets, private readonly WebhookAddress $address, private readonly Clock $clock ) {
	}

	/**
	 * Tells of one user.
	 *
	 * @param Delivery $delivery Whom.
	 * @return Outcome What came of it; never throws for anything that the address answers.
	 */
	public function deliver( Delivery $delivery ): Outcome {
		$events = WebhookPayload::events( $delivery );
		$action = match ( true ) {
			null === $delivery->user                                => Action::Delete,
			in_array( WebhookEvent::Created, $events, true )        => Action::Create,
			default                                                 => Action::Update,
		};
		foreach ( $events as $event ) {
			$problem = $this->send( $delivery->site, self::id( $delivery, $event ), WebhookPayload::of( $delivery, $event ) );
			if ( null !== $problem ) {
				return self::outcome( $problem, $action, $delivery );
			}
		}
		return new Outcome(
			array() === $events ? OutcomeKind::Skipped : OutcomeKind::Delivered,
			$action,
			fields: $delivery->sent(),
			// From now on they are known there, by our own number.
			link: null === $delivery->user ? null : ( $delivery->link ?? new Link( $delivery->site->id, $delivery->user_id, $delivery->user_id, $delivery->user->login ) ),
			unlink: null === $delivery->user
		);
	}

	/**
	 * Nothing harmless can be asked of an address that runs an automation with whatever it gets: the next delivery tells.
	 *
	 * @param RemoteSite $site The webhook.
	 */
	public function probe( RemoteSite $site ): ?Outcome {
		return null;
	}

	/**
	 * Sends a test, and says what came back.
	 *
	 * @param RemoteSite $hook The webhook.
	 * @return array{ok: bool, checks: list<array{code: string, state: string, label: string, message: string}>} `TestAnswer` in admin-src/types.ts.
	 */
	public function test( RemoteSite $hook ): array {
		$list = new Checklist();
		str_starts_with( $hook->url, 'https://' )
			? $list->pass( 'https', __( 'The connection is encrypted.', 'tandem-user-sync' ) )
			: $list->warn( 'https', __( 'The connection is not encrypted. That is only for sites on your own computer.', 'tandem-user-sync' ) );
		$began   = microtime( true );
		$answer  = null;
		$problem = $this->send( $hook, 'msg_' . bin2hex( random_bytes( 16 ) ), WebhookPayload::of_ping( $this->clock->now_ms() ), $answer );
		if ( null !== $problem ) {
			$list->fail( 'hook', $problem->message );
		} else {
			$line = ( new Excerpt() )->first_line( $answer->body ?? '' );
			/* translators: 1: HTTP status, 2: milliseconds, 3: what came back. */
			$list->pass( 'hook', sprintf( __( 'It took the test (%1$d, %2$d ms): %3$s', 'tandem-user-sync' ), $answer->status ?? 0, (int) round( ( microtime( true ) - $began ) * 1000 ), '' === $line ? __( 'an empty answer', 'tandem-user-sync' ) : $line ) );
		}
		return array(
			'ok'     => $list->is_ok(),
			'checks' => array_map( static fn ( Check $check ): array => $check->to_array(), $list->checks() ),
		);
	}

	/**
	 * Sends one message.
	 *
	 * @param RemoteSite    $hook   The webhook.
	 * @param string        $id     The message's id.
	 * @param string        $body   Its body.
	 * @param Response|null $answer Filled with what came back.
	 * @return Problem|null What is in the way, or null.
	 */
	private function send( RemoteSite $hook, string $id, string $body, ?Response &$answer = null ): ?Problem {
		$reader = new ProblemReader( $hook->name, '', new Excerpt() );
		try {
			$secrets = $this->secrets->good( $hook );
		} catch ( Unreadable ) {
			return $reader->problem( ProblemCode::HookSecret );
		}
		$reader = new ProblemReader( $hook->name, '', new Excerpt( ...$secrets ) );
		$wrong  = $this->address->problem( $hook->url );
		if ( null !== $wrong ) {
			return $reader->problem( $wrong, self::host( $hook->url ) );
		}
		$now     = $this->clock->now();
		$headers = array(
			'Content-Type'      => 'application/json',
			'webhook-id'        => $id,
			'webhook-timestamp' => (string) $now,
			'webhook-signature' => WebhookSignature::header( $secrets, $id, $now, $body ),
		);
		try {
			$answer = $this->client->send( new Request( 'POST', $hook->url, $headers, $body, self::TIMEOUT, self::MOST_BYTES ) );
		} catch ( Unreachable $error ) {
			return $reader->of_unreachable( $error, $hook->url );
		}
		return $answer->status >= 200 && $answer->status < 300 ? null : self::refusal( $answer, $hook, $reader );
	}

	/**
	 * What an answer means that is none of success. The specification's section "Responding": 410 is "disable", 429 and
	 * 5xx are "later", everything else is a failure.
	 *
	 * @param Response      $answer The answer.
	 * @param RemoteSite    $hook   The webhook.
	 * @param ProblemReader $reader Knows what is the same as with sites.
	 */
	private static function refusal( Response $answer, RemoteSite $hook, ProblemReader $reader ): Problem {
		$line = trim( "HTTP $answer->status " . $reader->first_line_of( $answer->body ) );
		if ( 429 === $answer->status || 503 === $answer->status || '' !== $answer->redirects_to( $hook->url ) ) {
			return $reader->of_response( $answer, $hook->url, null );
		}
		if ( 410 === $answer->status ) {
			$gone = $reader->problem( ProblemCode::HookGone );
			return new Problem( $gone->code, $gone->kind, $gone->message, $line, self::GONE_SECONDS, $answer->status );
		}
		return match ( true ) {
			$answer->status >= 500                                                  => $reader->problem( ProblemCode::ServerError, $line ),
			in_array( $answer->status, array( 408, 425 ), true )                    => $reader->problem( ProblemCode::Timeout ),
			in_array( $answer->status, array( 401, 402, 403, 404, 405, 407 ), true ) => $reader->problem( ProblemCode::HookRefused, $line ),
			// The address is right, and this one person is not to its liking.
			default                                                                 => $reader->problem( ProblemCode::RefusedThere, $line ),
		};
	}

	/**
	 * The outcome of a delivery that did not get through.
	 *
	 * @param Problem  $problem  Why.
	 * @param Action   $action   What was tried.
	 * @param Delivery $delivery The delivery.
	 */
	private static function outcome( Problem $problem, Action $action, Delivery $delivery ): Outcome {
		return new Outcome( $problem->kind, $action, $problem->code->value, $problem->message, $delivery->sent(), retry_after: $problem->retry_after );
	}

	/**
	 * The id of a message: the same for every try by itself, so that the receiver can tell a repetition.
	 *
	 * @param Delivery     $delivery The delivery.
	 * @param WebhookEvent $event    Which event of it.
	 */
	private static function id( Delivery $delivery, WebhookEvent $event ): string {
		return 'msg_' . $delivery->message . ( WebhookEvent::Tagged === $event ? '_tags' : '' );
	}

	/**
	 * The host of an address: its path and its query may be all that keeps strangers out.
	 *
	 * @param string $url Address.
	 */
	private static function host( string $url ): string {
		return (string) wp_parse_url( $url, PHP_URL_HOST );
	}
}
