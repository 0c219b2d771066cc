<?php
/**
 * What the settings forms of a site offer: `GET /choices`.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

use Tandem\Integration\WooCommerce\Customers;
use Tandem\Remote\SiteSettings;
use Tandem\Security\ProtectedAccounts;
use Tandem\Rules\Courses;

final class ChoicesController implements Controller {

	/**
	 * @param MetaKeys $meta_keys Meta keys in use.
	 * @param Courses  $courses   The courses of this site.
	 */
	public function __construct( private readonly MetaKeys $meta_keys, private readonly Courses $courses ) {
	}

	/**
	 * The routes.
	 *
	 * @return list<Route>
	 */
	public function routes(): array {
		return array( new Route( 'GET', '/choices', $this->choices( ... ) ) );
	}

	/**
	 * Roles of this site, meta keys in use, and the profile fields by name.
	 *
	 * @return array<string, mixed> Shape of `Choices`.
	 */
	private function choices(): array {
		$roles = array();
		foreach ( wp_roles()->roles as $slug => $role ) {
			$roles[] = array(
				'slug'       => (string) $slug,
				'name'       => translate_user_role( $role['name'] ),
				'privileged' => SiteSettings::is_privileged( $role['capabilities'] ?? array() ),
				'strong'     => ProtectedAccounts::is_strong_role( (string) $slug ),
			);
		}
		$fields = array();
		foreach ( $this->labels() as $id => $label ) {
			$fields[] = array(
				'id'    => $id,
				'label' => $label,
			);
		}
		return array(
			'roles'      => $roles,
			'metaKeys'   => $this->meta_keys->in_use(),
			'fields'     => $fields,
			'metaGroups' => Customers::is_here() ? array(
				array(
					'id'    => 'woocommerce',
					'label' => __( 'WooCommerce addresses', 'tandem-user-sync' ),
					'keys'  => Customers::ADDRESS_KEYS,
				),
			) : array(),
			'hasShop'    => Customers::is_here(),
			'courses'    => $this->courses->all(),
		);
	}

	/**
	 * Names of what may be ticked, in the order of WordPress's profile screen.
	 *
	 * @return array<string, string>
	 */
	private function labels(): array {
		return array(
			'password'     => __( 'Password', 'tandem-user-sync' ),
			'roles'        => __( 'Roles', 'tandem-user-sync' ),
			'user_email'   => __( 'Email address', 'tandem-user-sync' ),
			'first_name'   => __( 'First name', 'tandem-user-sync' ),
			'last_name'    => __( 'Last name', 'tandem-user-sync' ),
			'nickname'     => __( 'Nickname', 'tandem-user-sync' ),
			'display_name' => __( 'Display name', 'tandem-user-sync' ),
			'user_url'     => __( 'Website', 'tandem-user-sync' ),
			'description'  => __( 'Biography', 'tandem-user-sync' ),
			'locale'       => __( 'Language', 'tandem-user-sync' ),
			'tags'         => __( 'Tags', 'tandem-user-sync' ),
		);
	}
}
