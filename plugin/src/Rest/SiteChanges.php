<?php
/**
 * What the owner may change about a remote site, and what is refused with a
 * sentence rather than dropped in silence.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

use Tandem\Guest\GuestSettings;
use Tandem\Remote\ExistingPolicy;
use Tandem\Remote\MissingPolicy;
use Tandem\Remote\PasswordForm;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\SiteSettings;
use Tandem\Remote\VerifyPolicy;
use Tandem\Remote\WebhookEvent;
use Tandem\Sync\FieldSet;

final class SiteChanges {

	/**
	 * JSON schema of `Partial<SiteSettings>` in admin-src/types.ts.
	 *
	 * @return array<string, mixed>
	 */
	public function schema(): array {
		$strings = static fn ( int $length, int $count ): array => array(
			'type'        => 'array',
			'maxItems'    => $count,
			'uniqueItems' => true,
			'items'       => array(
				'type'      => 'string',
				'minLength' => 1,
				'maxLength' => $length,
			),
		);
		$roles   = $strings( 100, 500 );
		return array(
			'type'                 => 'object',
			'description'          => __( 'What is sent to this site, for whom, and how carefully. What is left out stays as it is.', 'tandem-user-sync' ),
			'additionalProperties' => false,
			'properties'           => array(
				'fields'         => array(
					'type'        => 'array',
					'uniqueItems' => true,
					'items'       => array(
						'type' => 'string',
						'enum' => FieldSet::CHOICES,
					),
				),
				'meta'           => $strings( 255, 200 ),
				'users'          => array(
					'type'                 => 'object',
					'additionalProperties' => false,
					'properties'           => array(
						'mode'  => array(
							'type'     => 'string',
							'enum'     => array( 'all_but_administrators', 'roles' ),
							'required' => true,
						),
						'roles' => $roles + array( 'required' => true ),
					),
				),
				'grantRoles'     => $roles,
				'deletions'      => array(
					'type'                 => 'object',
					'additionalProperties' => false,
					'properties'           => array(
						'enabled'  => array(
							'type'     => 'boolean',
							'required' => true,
						),
						'reassign' => array(
							'type'     => array( 'integer', 'null' ),
							'minimum'  => 1,
							'required' => true,
						),
					),
				),
				'existing'       => array(
					'type' => 'string',
					'enum' => array_column( ExistingPolicy::cases(), 'value' ),
				),
				'missing'        => array(
					'type' => 'string',
					'enum' => array_column( MissingPolicy::cases(), 'value' ),
				),
				'catchUpAtLogin' => array( 'type' => 'boolean' ),
				'passwordForm'   => array(
					'type' => 'string',
					'enum' => array_column( PasswordForm::cases(), 'value' ),
				),
				'verify'         => array(
					'type' => 'string',
					'enum' => array_column( VerifyPolicy::cases(), 'value' ),
				),
				'guests'         => array(
					'type'                 => 'object',
					'additionalProperties' => false,
					'properties'           => array(
						'enabled' => array(
							'type'     => 'boolean',
							'required' => true,
						),
						'role'    => array(
							'type'      => 'string',
							'maxLength' => 100,
							'required'  => true,
						),
					),
				),
				'login'          => array(
					'type'                 => 'object',
					'additionalProperties' => false,
					'properties'           => array_fill_keys(
						array( 'vouch', 'button', 'quiet', 'logOut' ),
						array(
							'type'     => 'boolean',
							'required' => true,
						)
					),
				),
				'events'         => array(
					'type'        => 'array',
					'uniqueItems' => true,
					'items'       => array(
						'type' => 'string',
						'enum' => array_column( WebhookEvent::cases(), 'value' ),
					),
				),
			),
		);
	}

	/**
	 * The settings after a change.
	 *
	 * @param RemoteSite           $site    The site as it is.
	 * @param array<string, mixed> $changes Part of `SiteSettings`, already checked by `schema()`.
	 * @throws Refused When a part can't be as it was asked for.
	 */
	public function apply( RemoteSite $site, array $changes ): SiteSettings {
		$this->check_meta( (array) ( $changes['meta'] ?? array() ) );
		$users = (array) ( $changes['users'] ?? array() );
		$known = array( ...array_keys( wp_roles()->roles ), ...$site->settings->grant_roles, ...( $site->settings->only_roles ?? array() ) );
		$this->check_roles( array( ...(array) ( $users['roles'] ?? array() ), ...(array) ( $changes['grantRoles'] ?? array() ) ), $known );
		$guest_role = (string) ( ( (array) ( $changes['guests'] ?? array() ) )['role'] ?? '' );
		$this->check_roles( '' === $guest_role || GuestSettings::DEFAULT_ROLE === $guest_role ? array() : array( $guest_role ), $known );
		if ( 'roles' === ( $users['mode'] ?? '' ) && array() === $users['roles'] ) {
			throw new Refused( 'tandem_no_roles', __( 'Choose at least one role: with none, nobody would be sent to this site. To stop sending for a while, pause the site.', 'tandem-user-sync' ) );
		}
		if ( SiteKind::Webhook === $site->kind ) {
			return $this->of_webhook( $site, $changes );
		}
		$this->check_deletions( $site, (array) ( $changes['deletions'] ?? array() ) );
		return SiteSettings::from_array( $changes, $site->settings );
	}

	/**
	 * The settings of a webhook after a change. What makes no sense for one stays as it is.
	 *
	 * @param RemoteSite           $hook    The webhook as it is.
	 * @param array<string, mixed> $changes Part of `SiteSettings`.
	 * @throws Refused When a part can't be as it was asked for.
	 */
	private function of_webhook( RemoteSite $hook, array $changes ): SiteSettings {
		if ( in_array( FieldSet::PASSWORD, (array) ( $changes['fields'] ?? array() ), true ) ) {
			throw new Refused( 'tandem_webhook_password', __( 'Passwords are never sent to a webhook.', 'tandem-user-sync' ) );
		}
		if ( array() === ( $changes['events'] ?? null ) ) {
			throw new Refused( 'tandem_no_events', __( 'Choose at least one event: with none, this webhook is told nothing. To stop for a while, pause it.', 'tandem-user-sync' ) );
		}
		return SiteSettings::from_array( array_intersect_key( $changes, array_flip( array( 'fields', 'meta', 'users', 'events' ) ) ), $hook->settings );
	}

	/**
	 * Refuses meta keys that WordPress's own rights, sessions and keys hang on.
	 *
	 * @param array<mixed> $keys Meta keys.
	 * @throws Refused With the keys.
	 */
	private function check_meta( array $keys ): void {
		$not_allowed = array_filter( array_map( 'strval', $keys ), static fn ( string $key ): bool => ! SiteSettings::is_meta_key_allowed( $key ) );
		if ( array() !== $not_allowed ) {
			throw new Refused(
				'tandem_meta_not_allowed',
				sprintf(
					/* translators: %s: names of meta keys, separated by commas. */
					__( 'These meta keys can’t be sent: %s. They carry rights, sessions or secrets of this site, or are sent as a profile field already.', 'tandem-user-sync' ),
					implode( ', ', $not_allowed )
				)
			);
		}
	}

	/**
	 * Refuses roles that this site doesn't have. Those that the settings name already may stay: the plugin
	 * that made them may be switched off for a moment.
	 *
	 * @param array<mixed>     $roles Role slugs.
	 * @param list<int|string> $known Role slugs that are known.
	 * @throws Refused With the slugs.
	 */
	private function check_roles( array $roles, array $known ): void {
		$unknown = array_unique( array_diff( array_map( 'strval', $roles ), array_map( 'strval', $known ) ) );
		if ( array() !== $unknown ) {
			throw new Refused(
				'tandem_unknown_role',
				sprintf(
					/* translators: %s: slugs of roles, separated by commas. */
					__( 'This site has no such role: %s. Load this page again to see the roles that there are now.', 'tandem-user-sync' ),
					implode( ', ', $unknown )
				)
			);
		}
	}

	/**
	 * Refuses deletions that would fail or throw content away.
	 *
	 * @param RemoteSite   $site      The site.
	 * @param array<mixed> $deletions `enabled` and `reassign`.
	 * @throws Refused With what is missing.
	 */
	private function check_deletions( RemoteSite $site, array $deletions ): void {
		if ( empty( $deletions['enabled'] ) || SiteKind::Paired === $site->kind ) {
			// A paired site decides itself what a deletion does there, and who receives the content.
			return;
		}
		if ( $site->is_multisite ) {
			throw new Refused( 'tandem_deletions_impossible', __( 'The other site is part of a multisite network, where WordPress lets nobody delete users from outside. Deletions can’t be switched on for it.', 'tandem-user-sync' ) );
		}
		if ( empty( $deletions['reassign'] ) ) {
			throw new Refused( 'tandem_reassign_needed', __( 'Choose the account on the other site that receives the posts of deleted users. Deletions can’t be switched on without one.', 'tandem-user-sync' ) );
		}
	}
}
