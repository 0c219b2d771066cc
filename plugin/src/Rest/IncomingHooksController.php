<?php
/**
 * Webhooks that take people, for the page: `/webhooks/in`. What automators and CRMs send goes to another route
 * (`HookController`).
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
use Tandem\Security\ProtectedAccounts;
use Tandem\Sync\FieldSet;
use Tandem\Webhook\Existing;
use Tandem\Webhook\FieldMap;
use Tandem\Webhook\Hook;
use Tandem\Webhook\Hooks;
use Tandem\Webhook\HookSecrets;
use Tandem\Webhook\HookSettings;
use Tandem\Webhook\HookState;
use Tandem\Webhook\LastRequests;

final class IncomingHooksController implements Controller {

	private const ALL = '/webhooks/in';
	private const ONE = '/webhooks/in/' . self::ID;

	/**
	 * @param Hooks        $hooks    The webhooks.
	 * @param HookSecrets  $secrets  Their secrets.
	 * @param LastRequests $requests Their last requests.
	 * @param Log          $log      The record.
	 */
	public function __construct( private readonly Hooks $hooks, private readonly HookSecrets $secrets, private readonly LastRequests $requests, private readonly Log $log ) {
	}

	/**
	 * The routes.
	 *
	 * @return list<Route>
	 */
	public function routes(): array {
		$id   = array( 'id' => self::NUMBER );
		$name = array(
			'type'      => 'string',
			'minLength' => 1,
			'maxLength' => 200,
		);
		return array(
			new Route( 'GET', self::ALL, fn (): array => array_map( $this->answer( ... ), $this->hooks->all() ) ),
			new Route( 'POST', self::ALL, $this->add( ... ), array( 'name' => $name + array( 'required' => true ) ) ),
			new Route( 'GET', self::ONE, fn ( \WP_REST_Request $request ): array => $this->answer( $this->hooks->get( $request['id'] ) ), $id ),
			new Route(
				'PATCH',
				self::ONE,
				$this->change( ... ),
				$id + array(
					'name'     => $name,
					'state'    => array(
						'type' => 'string',
						'enum' => array_column( HookState::cases(), 'value' ),
					),
					'settings' => self::schema(),
				)
			),
			new Route( 'DELETE', self::ONE, $this->remove( ... ), $id ),
			new Route( 'POST', self::ONE . '/secret', $this->renew( ... ), $id ),
			new Route( 'POST', self::ONE . '/end-old-secret', $this->end_old( ... ), $id ),
			new Route( 'POST', self::ONE . '/access-key', $this->make_access_key( ... ), $id ),
			new Route( 'DELETE', self::ONE . '/access-key', $this->remove_access_key( ... ), $id ),
			new Route( 'DELETE', self::ONE . '/request', $this->forget_request( ... ), $id ),
		);
	}

	/**
	 * JSON schema of `Partial<HookSettings>`.
	 *
	 * @return array<string, mixed>
	 */
	private static function schema(): array {
		return array(
			'type'                 => 'object',
			'description'          => __( 'What this webhook does with a request. What is left out stays as it is.', 'tandem-user-sync' ),
			'additionalProperties' => false,
			'properties'           => array(
				'map'             => array(
					'type'     => 'array',
					'maxItems' => FieldMap::MOST,
					'items'    => array(
						'type'                 => 'object',
						'additionalProperties' => false,
						'properties'           => array(
							'field' => array(
								'type'      => 'string',
								'required'  => true,
								'minLength' => 1,
								'maxLength' => 260,
							),
							'from'  => array(
								'type'      => 'string',
								'required'  => true,
								'minLength' => 1,
								'maxLength' => FieldMap::LONGEST,
							),
						),
					),
				),
				'roles'           => array(
					'type'        => 'array',
					'maxItems'    => 100,
					'uniqueItems' => true,
					'items'       => array(
						'type'      => 'string',
						'minLength' => 1,
						'maxLength' => 100,
					),
				),
				'existing'        => array(
					'type' => 'string',
					'enum' => array_column( Existing::cases(), 'value' ),
				),
				'mail'            => array( 'type' => 'boolean' ),
				'secretInAddress' => array( 'type' => 'boolean' ),
				'perMinute'       => array(
					'type'    => 'integer',
					'minimum' => HookSettings::PER_MINUTE['minimum'],
					'maximum' => HookSettings::PER_MINUTE['maximum'],
				),
			),
		);
	}

	/**
	 * Adds one that listens. Its secret is in this answer and in no other.
	 *
	 * @param \WP_REST_Request $request `name`.
	 * @return \WP_REST_Response `HookSecret`.
	 */
	private function add( \WP_REST_Request $request ): \WP_REST_Response {
		$hook   = $this->hooks->add( WebhooksController::name( $request['name'] ), HookSettings::defaults() );
		$secret = $this->secrets->renew( $hook );
		/* translators: 1: username of an administrator, 2: name of a webhook. */
		$this->record( $hook, __( '%1$s added the incoming webhook “%2$s”.', 'tandem-user-sync' ) );
		return new \WP_REST_Response( $this->with_secret( $hook, $secret ), 201 );
	}

	/**
	 * Changes what is named: first what can be refused, so that nothing is changed by half.
	 *
	 * @param \WP_REST_Request $request `HookChanges`.
	 * @return array<string, mixed> `IncomingHook`.
	 * @throws Refused When a part can't be as it was asked for.
	 */
	private function change( \WP_REST_Request $request ): array {
		$hook     = $this->hooks->get( $request['id'] );
		$name     = null === $request['name'] ? $hook->name : WebhooksController::name( $request['name'] );
		$changes  = $request['settings'] ?? array();
		$settings = HookSettings::from_array( $changes, $hook->settings );
		$state    = HookState::tryFrom( (string) $request['state'] ) ?? $hook->state;
		self::check( $changes, $hook->settings );
		if ( HookState::On === $state && ! $settings->map->has( FieldSet::EMAIL ) ) {
			throw new Refused( 'tandem_hook_no_email', __( 'Map a field onto the email address first: by it people are found and created.', 'tandem-user-sync' ) );
		}
		$this->hooks->change( $hook->id, $name, $state, $settings );
		$differs = Audit::changes(
			array(
				'name'  => $hook->name,
				'state' => $hook->state->value,
			) + $hook->settings->to_array(),
			array(
				'name'  => $name,
				'state' => $state->value,
			) + $settings->to_array()
		);
		if ( '' !== $differs ) {
			/* translators: 1: username of an administrator, 2: name of a webhook. */
			$this->record( $hook, __( '%1$s changed the incoming webhook “%2$s”.', 'tandem-user-sync' ), $differs );
		}
		return $this->answer( $this->hooks->get( $hook->id ) );
	}

	/**
	 * Refuses what would be dropped in silence otherwise.
	 *
	 * @param array<string, mixed> $changes Part of `HookSettings`, already checked by `schema()`.
	 * @param HookSettings         $now     The settings as they are.
	 * @throws Refused With what is wrong.
	 */
	private static function check( array $changes, HookSettings $now ): void {
		$fields  = array_map( 'strval', array_column( (array) ( $changes['map'] ?? array() ), 'field' ) );
		$wrong   = array_filter( $fields, static fn ( string $field ): bool => ! FieldMap::is_field( $field ) );
		$roles   = array_map( 'strval', array_diff( (array) ( $changes['roles'] ?? array() ), $now->roles ) );
		$unknown = array_filter( $roles, static fn ( string $role ): bool => ! wp_roles()->is_role( $role ) );
		$strong  = array_filter( $roles, ProtectedAccounts::is_powerful_role( ... ) );
		if ( array() !== $wrong ) {
			/* translators: %s: names of fields. */
			throw new Refused( 'tandem_field_not_mappable', sprintf( __( 'Nothing can be mapped onto: %s. Passwords, rights and sessions never come from outside.', 'tandem-user-sync' ), implode( ', ', $wrong ) ) );
		}
		if ( count( $fields ) !== count( array_unique( $fields ) ) ) {
			throw new Refused( 'tandem_field_twice', __( 'A field is mapped twice. Put both parts into one text.', 'tandem-user-sync' ) );
		}
		if ( array() !== $unknown ) {
			/* translators: %s: slugs of roles, separated by commas. */
			throw new Refused( 'tandem_unknown_role', sprintf( __( 'This site has no such role: %s. Load this page again to see the roles that there are now.', 'tandem-user-sync' ), implode( ', ', $unknown ) ) );
		}
		if ( array() !== $strong ) {
			/* translators: %s: slugs of roles, separated by commas. */
			throw new Refused( 'tandem_powerful_role', sprintf( __( 'These roles give power over this site or its users, so no webhook gives them: %s.', 'tandem-user-sync' ), implode( ', ', $strong ) ) );
		}
	}

	/**
	 * Removes one. People whom it has made stay.
	 *
	 * @param \WP_REST_Request $request `id`.
	 * @return array{deleted: bool}
	 */
	private function remove( \WP_REST_Request $request ): array {
		$hook = $this->hooks->get( $request['id'] );
		$this->hooks->remove( $hook->id );
		/* translators: 1: username of an administrator, 2: name of a webhook. */
		$this->record( $hook, __( '%1$s removed the incoming webhook “%2$s”. People whom it has created stay.', 'tandem-user-sync' ) );
		return array( 'deleted' => true );
	}

	/**
	 * Makes another secret; the old one is good for a day.
	 *
	 * @param \WP_REST_Request $request `id`.
	 * @return array<string, mixed> `HookSecret`.
	 */
	private function renew( \WP_REST_Request $request ): array {
		$hook   = $this->hooks->get( $request['id'] );
		$secret = $this->secrets->renew( $hook );
		/* translators: 1: username of an administrator, 2: name of a webhook. */
		$this->record( $hook, __( '%1$s made another secret for the incoming webhook “%2$s”.', 'tandem-user-sync' ) );
		return $this->with_secret( $hook, $secret );
	}

	/**
	 * The old secret opens nothing any more.
	 *
	 * @param \WP_REST_Request $request `id`.
	 * @return array<string, mixed> `IncomingHook`.
	 */
	private function end_old( \WP_REST_Request $request ): array {
		$hook = $this->hooks->get( $request['id'] );
		$this->secrets->end_old( $hook );
		/* translators: 1: username of an administrator, 2: name of a webhook. */
		$this->record( $hook, __( '%1$s ended the old secret of the incoming webhook “%2$s”.', 'tandem-user-sync' ) );
		return $this->answer( $this->hooks->get( $hook->id ) );
	}

	/**
	 * Makes a key of the compatible form, in the place of the one before.
	 *
	 * @param \WP_REST_Request $request `id`.
	 * @return array{hook: array<string, mixed>, key: string, address: string} `HookAccessKey`.
	 */
	private function make_access_key( \WP_REST_Request $request ): array {
		$hook = $this->hooks->get( $request['id'] );
		$key  = $this->secrets->make_access_key( $hook );
		/* translators: 1: username of an administrator, 2: name of a webhook. */
		$this->record( $hook, __( '%1$s lets the incoming webhook “%2$s” take WP Fusion’s form of address.', 'tandem-user-sync' ) );
		return array(
			'hook'    => $this->answer( $this->hooks->get( $hook->id ) ),
			'key'     => $key,
			'address' => add_query_arg(
				array(
					'wpf_action' => 'add',
					'access_key' => $key,
				),
				home_url( '/' )
			),
		);
	}

	/**
	 * Takes the compatible form away.
	 *
	 * @param \WP_REST_Request $request `id`.
	 * @return array<string, mixed> `IncomingHook`.
	 */
	private function remove_access_key( \WP_REST_Request $request ): array {
		$hook = $this->hooks->get( $request['id'] );
		$this->hooks->set_access_key( $hook->id, '' );
		/* translators: 1: username of an administrator, 2: name of a webhook. */
		$this->record( $hook, __( '%1$s let the incoming webhook “%2$s” take WP Fusion’s form of address no more.', 'tandem-user-sync' ) );
		return $this->answer( $this->hooks->get( $hook->id ) );
	}

	/**
	 * Forgets the last request.
	 *
	 * @param \WP_REST_Request $request `id`.
	 * @return array<string, mixed> `IncomingHook`.
	 */
	private function forget_request( \WP_REST_Request $request ): array {
		$hook = $this->hooks->get( $request['id'] );
		$this->hooks->set_last_request( $hook->id, '' );
		return $this->answer( $this->hooks->get( $hook->id ) );
	}

	/**
	 * One, as the page sees it. No secret is part of it, sealed or not.
	 *
	 * @param Hook $hook The webhook.
	 * @return array<string, mixed> `IncomingHook` in admin-src/types.ts.
	 */
	private function answer( Hook $hook ): array {
		return array(
			'id'             => $hook->id,
			'name'           => $hook->name,
			'address'        => $hook->address(),
			'state'          => $hook->state->value,
			'settings'       => $hook->settings->to_array(),
			'taken'          => $hook->taken,
			'createdAt'      => $hook->created_at,
			'oldSecretUntil' => $this->secrets->old_until( $hook ),
			'compatible'     => '' !== $hook->access_key,
			'request'        => $this->requests->of( $hook ),
		);
	}

	/**
	 * One with its secret, to be shown once.
	 *
	 * @param Hook   $hook   The webhook.
	 * @param string $secret Its secret.
	 * @return array{hook: array<string, mixed>, secret: string}
	 */
	private function with_secret( Hook $hook, #[\SensitiveParameter] string $secret ): array {
		return array(
			'hook'   => $this->answer( $this->hooks->get( $hook->id ) ),
			'secret' => $secret,
		);
	}

	/**
	 * Puts on record what an administrator did.
	 *
	 * @param Hook   $hook     The webhook.
	 * @param string $sentence With places for the administrator's username and the webhook's name.
	 * @param string $changes  What was changed, from what to what.
	 */
	private function record( Hook $hook, string $sentence, string $changes = '' ): void {
		$this->log->add( new Entry( Action::Settings, Result::Success, 0, message: trim( sprintf( $sentence, Audit::who(), $hook->name ) . ' ' . $changes ) ) );
	}
}
