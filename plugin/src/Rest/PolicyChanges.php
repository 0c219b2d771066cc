<?php
/**
 * What an owner may change about what a paired site may do here: schema and checks.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

use Tandem\Peer\Policy;
use Tandem\Peer\Removal;
use Tandem\Remote\ExistingPolicy;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\SiteSettings;

final class PolicyChanges {

	/**
	 * JSON schema of `Partial<Policy>`.
	 *
	 * @return array<string, mixed>
	 */
	public function schema(): array {
		$yes_or_no = array( 'type' => 'boolean' );
		$words     = static fn ( int $most ): array => array(
			'type'        => 'array',
			'maxItems'    => $most,
			'uniqueItems' => true,
			'items'       => array(
				'type'      => 'string',
				'minLength' => 1,
				'maxLength' => 255,
			),
		);
		return array(
			'type'                 => 'object',
			'description'          => __( 'What this paired site may do here. What is left out stays as it is.', 'tandem-user-sync' ),
			'additionalProperties' => false,
			'properties'           => array(
				'create'            => $yes_or_no,
				'update'            => $yes_or_no,
				'password'          => $yes_or_no,
				'roles'             => $yes_or_no,
				'tags'              => $yes_or_no,
				'delete'            => array(
					'type' => 'string',
					'enum' => array_column( Removal::cases(), 'value' ),
				),
				'reassign'          => array(
					'type'    => array( 'integer', 'null' ),
					'minimum' => 1,
				),
				'logout'            => $yes_or_no,
				'roleList'          => $words( 100 ),
				'metaList'          => $words( 200 ),
				'existing'          => array(
					'type' => 'string',
					'enum' => array_column( ExistingPolicy::cases(), 'value' ),
				),
				'removalsPerHour'   => array(
					'type'    => 'integer',
					'minimum' => 0,
					'maximum' => 100_000,
				),
				'mail'              => $yes_or_no,
				'bare'              => $yes_or_no,
				'courses'           => array(
					'type' => 'string',
					'enum' => array( Policy::NO_COURSES, Policy::ALL_COURSES, Policy::SOME_COURSES ),
				),
				'courseList'        => $words( 1000 ),
				'login'             => $yes_or_no,
				'loginProtected'    => $yes_or_no,
				'loginSecondFactor' => $yes_or_no,
				'accounts'          => $yes_or_no,
				'bring'             => $yes_or_no,
			),
		);
	}

	/**
	 * The policy after a change.
	 *
	 * @param RemoteSite           $site    The site as it is.
	 * @param array<string, mixed> $changes Part of `Policy`, already checked by `schema()`.
	 * @throws Refused When a part can't be as it was asked for.
	 */
	public function apply( RemoteSite $site, array $changes ): Policy {
		if ( SiteKind::Paired !== $site->kind ) {
			throw new Refused( 'tandem_not_paired', __( 'Only a paired site does something here. This one is plain.', 'tandem-user-sync' ) );
		}
		$policy  = Policy::from_array( $changes, Policy::from_array( $site->policy ) );
		$keys    = array_filter( array_map( 'strval', (array) ( $changes['metaList'] ?? array() ) ), static fn ( string $key ): bool => ! SiteSettings::is_meta_key_allowed( $key ) );
		$unknown = array_diff( (array) ( $changes['roleList'] ?? array() ), array_map( 'strval', array_keys( wp_roles()->roles ) ), $policy->role_list === ( $changes['roleList'] ?? null ) ? array() : $policy->role_list );
		if ( array() !== $keys ) {
			/* translators: %s: names of meta keys, separated by commas. */
			throw new Refused( 'tandem_meta_not_allowed', sprintf( __( 'These meta keys can’t be taken from another site: %s. They carry rights, sessions or secrets of this site, or are a profile field already.', 'tandem-user-sync' ), implode( ', ', $keys ) ) );
		}
		if ( array() !== $unknown ) {
			/* translators: %s: slugs of roles, separated by commas. */
			throw new Refused( 'tandem_unknown_role', sprintf( __( 'This site has no such role: %s. Load this page again to see the roles that there are now.', 'tandem-user-sync' ), implode( ', ', array_map( 'strval', $unknown ) ) ) );
		}
		if ( Removal::Delete === $policy->delete && ( null === $policy->reassign || false === get_userdata( $policy->reassign ) ) ) {
			throw new Refused( 'tandem_reassign_needed', __( 'Choose the account on this site that receives the posts of deleted users. Deletions can’t be switched on without one.', 'tandem-user-sync' ) );
		}
		return $policy;
	}
}
