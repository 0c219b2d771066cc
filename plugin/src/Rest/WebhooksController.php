<?php
/**
 * Webhooks that are told of people: `/webhooks`. What they have in common with sites (name, what is sent, pause, test,
 * removal) is done by `/sites/{id}`.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

use Tandem\Activity\Action;
use Tandem\Activity\Audit;
use Tandem\Activity\Entry;
use Tandem\Activity\Log;
use Tandem\Activity\Result;
use Tandem\Remote\ProblemCode;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\Sites;
use Tandem\Remote\SiteSettings;
use Tandem\Remote\WebhookAddress;
use Tandem\Remote\WebhookSecrets;
use Tandem\Sync\Worker;

final class WebhooksController implements Controller {

	/** Characters of an address: some automators' are far longer than those of sites. */
	private const LONGEST = 2000;

	/**
	 * @param Sites          $sites   The sites, webhooks among them.
	 * @param SiteAnswer     $answer  How one looks to the page.
	 * @param WebhookSecrets $secrets Their secrets.
	 * @param WebhookAddress $address Which addresses they may have.
	 * @param Worker         $worker  Goes on with what waits.
	 * @param Log            $log     The record.
	 */
	public function __construct(
		private readonly Sites $sites,
		private readonly SiteAnswer $answer,
		private readonly WebhookSecrets $secrets,
		private readonly WebhookAddress $address,
		private readonly Worker $worker,
		private readonly Log $log,
	) {
	}

	/**
	 * The routes.
	 *
	 * @return list<Route>
	 */
	public function routes(): array {
		$id  = array( 'id' => self::NUMBER );
		$url = array(
			'type'        => 'string',
			'description' => __( 'Address that is told.', 'tandem-user-sync' ),
			'required'    => true,
			'minLength'   => 1,
			'maxLength'   => self::LONGEST,
		);
		return array(
			new Route(
				'POST',
				'/webhooks',
				$this->add( ... ),
				array(
					'url'  => $url,
					'name' => array(
						'type'      => 'string',
						'required'  => true,
						'minLength' => 1,
						'maxLength' => 200,
					),
				)
			),
			new Route( 'POST', '/webhooks/' . self::ID . '/address', $this->move( ... ), $id + array( 'url' => $url ) ),
			new Route( 'POST', '/webhooks/' . self::ID . '/secret', $this->renew( ... ), $id ),
			new Route( 'POST', '/webhooks/' . self::ID . '/end-old-secret', $this->end_old( ... ), $id ),
		);
	}

	/**
	 * Adds a webhook. Its secret is in this answer and in no other.
	 *
	 * @param \WP_REST_Request $request `url`, `name`.
	 * @return \WP_REST_Response `WebhookSecret`.
	 */
	private function add( \WP_REST_Request $request ): \WP_REST_Response {
		$url    = $this->checked( $request['url'] );
		$name   = self::name( $request['name'] );
		$hook   = $this->sites->add( $name, $url, RemoteSite::origin( $url ), SiteKind::Webhook, '', 0, false, SiteSettings::of_webhook() );
		$secret = $this->secrets->create( $hook->id );
		/* translators: 1: username of an administrator, 2: host name. */
		$this->record( $hook, sprintf( __( '%1$s added a webhook to %2$s.', 'tandem-user-sync' ), Audit::who(), $hook->shown_url() ) );
		return new \WP_REST_Response( $this->with_secret( $hook, $secret ), 201 );
	}

	/**
	 * Gives a webhook another address.
	 *
	 * @param \WP_REST_Request $request `id`, `url`.
	 * @return array<string, mixed> `Site`.
	 */
	private function move( \WP_REST_Request $request ): array {
		$hook = $this->hook( $request['id'] );
		$url  = $this->checked( $request['url'] );
		$this->sites->set_address( $hook->id, $url, RemoteSite::origin( $url ) );
		$this->sites->try_now( $hook->id );
		$this->worker->wake();
		/* translators: 1: username of an administrator, 2: host name. */
		$this->record( $hook, sprintf( __( '%1$s gave the webhook another address, on %2$s.', 'tandem-user-sync' ), Audit::who(), RemoteSite::origin( $url ) ) );
		return $this->answer->of( $this->sites->get( $hook->id ) );
	}

	/**
	 * Makes another secret; for a day requests are signed with both.
	 *
	 * @param \WP_REST_Request $request `id`.
	 * @return array<string, mixed> `WebhookSecret`.
	 */
	private function renew( \WP_REST_Request $request ): array {
		$hook   = $this->hook( $request['id'] );
		$secret = $this->secrets->renew( $hook );
		$this->sites->try_now( $hook->id );
		/* translators: %s: username of an administrator. */
		$this->record( $hook, sprintf( __( '%s made another secret for the webhook.', 'tandem-user-sync' ), Audit::who() ) );
		return $this->with_secret( $hook, $secret );
	}

	/**
	 * The receiver has the new secret: the old one is not used any more.
	 *
	 * @param \WP_REST_Request $request `id`.
	 * @return array<string, mixed> `Site`.
	 */
	private function end_old( \WP_REST_Request $request ): array {
		$hook = $this->hook( $request['id'] );
		$this->secrets->end_old( $hook );
		/* translators: %s: username of an administrator. */
		$this->record( $hook, sprintf( __( '%s ended the old secret of the webhook.', 'tandem-user-sync' ), Audit::who() ) );
		return $this->answer->of( $this->sites->get( $hook->id ) );
	}

	/**
	 * A webhook with its secret, to be shown once.
	 *
	 * @param RemoteSite $hook   The webhook.
	 * @param string     $secret Its secret.
	 * @return array{site: array<string, mixed>, secret: string}
	 */
	private function with_secret( RemoteSite $hook, #[\SensitiveParameter] string $secret ): array {
		return array(
			'site'   => $this->answer->of( $this->sites->get( $hook->id ) ),
			'secret' => $secret,
		);
	}

	/**
	 * A webhook.
	 *
	 * @param int $id Its number.
	 * @throws Refused When it is a site.
	 */
	private function hook( int $id ): RemoteSite {
		$site = $this->sites->get( $id );
		return SiteKind::Webhook === $site->kind ? $site : throw Refused::kind( false );
	}

	/**
	 * A name that can be read.
	 *
	 * @param string $given As it was typed.
	 * @throws Refused When nothing is left of it.
	 */
	public static function name( string $given ): string {
		$name = trim( sanitize_text_field( $given ) );
		return '' === $name ? throw new Refused( 'tandem_name_empty', __( 'Give it a name that can be read.', 'tandem-user-sync' ) ) : $name;
	}

	/**
	 * An address that may be told.
	 *
	 * @param string $given As it was typed.
	 * @throws Refused When it may not.
	 */
	private function checked( string $given ): string {
		$url = trim( $given );
		return match ( $this->address->problem( $url ) ) {
			null                  => $url,
			ProblemCode::Insecure => throw new Refused( 'tandem_address_insecure', __( 'Enter a whole address that begins with https:// and has neither a username nor blanks in it.', 'tandem-user-sync' ) ),
			ProblemCode::Dns      => throw new Refused( 'tandem_address_unknown', __( 'The name in this address is not known. Look whether it is spelled right.', 'tandem-user-sync' ) ),
			default               => throw new Refused( 'tandem_address_private', __( 'This address lies in a private network or uses a port that WordPress does not send to, so nothing is sent there. A plugin can allow it with the filters http_request_host_is_external and http_allowed_safe_ports.', 'tandem-user-sync' ) ),
		};
	}

	/**
	 * Puts on record what an administrator did.
	 *
	 * @param RemoteSite $hook     The webhook.
	 * @param string     $sentence Sentence.
	 */
	private function record( RemoteSite $hook, string $sentence ): void {
		$this->log->add( new Entry( Action::Settings, Result::Success, $hook->id, message: $sentence ) );
	}
}
