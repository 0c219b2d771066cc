<?php
/**
 * What the owner decided for one remote site: which users, which fields, and how careful.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Guest\GuestSettings;
use Tandem\Login\LoginSettings;
use Tandem\Sync\FieldSet;

final class SiteSettings {

	/** Capabilities that make a role one that is not given away by default. */
	public const PRIVILEGED = array( 'manage_options', 'promote_users', 'edit_users', 'create_users', 'delete_users', 'activate_plugins', 'edit_plugins', 'install_plugins', 'switch_themes', 'manage_network' );

	/**
	 * @param list<string>   $fields            Core fields that are sent, and `tags`.
	 * @param list<string>   $meta              Meta keys that are sent besides.
	 * @param list<string>|null $only_roles     Users with one of these roles; null means everyone but administrators. Never those of a network.
	 * @param list<string>   $grant_roles       Roles that may be given there.
	 * @param bool           $delete            Whether a deletion here goes there. A paired site decides itself what it does then.
	 * @param int|null       $reassign          Account on a plain site that receives the content of the deleted.
	 * @param ExistingPolicy $existing          What to do about an account that exists there already.
	 * @param MissingPolicy  $missing           What to do when a linked account is gone there.
	 * @param bool           $catch_up_at_login Whether a correct log-in here sends the password of a pre-existing user.
	 * @param PasswordForm   $password_form     How a password travels to a paired site.
	 * @param VerifyPolicy   $verify            What is done each week about a paired site.
	 * @param GuestSettings  $guests            Whether somebody who orders here without an account gets one there.
	 * @param list<WebhookEvent> $events        What a webhook is told of.
	 * @param LoginSettings  $login             One log-in with a paired site.
	 */
	public function __construct(
		public readonly array $fields,
		public readonly array $meta,
		public readonly ?array $only_roles,
		public readonly array $grant_roles,
		public readonly bool $delete,
		public readonly ?int $reassign,
		public readonly ExistingPolicy $existing,
		public readonly MissingPolicy $missing,
		public readonly bool $catch_up_at_login,
		public readonly PasswordForm $password_form = PasswordForm::Auto,
		public readonly VerifyPolicy $verify = VerifyPolicy::Report,
		public readonly GuestSettings $guests = new GuestSettings(),
		public readonly array $events = WebhookEvent::ALL,
		public readonly LoginSettings $login = new LoginSettings(),
	) {
	}

	/**
	 * What a new connection starts with: everything but deletions, everyone but administrators.
	 */
	public static function defaults(): self {
		$grant = array();
		foreach ( wp_roles()->roles as $slug => $role ) {
			if ( ! self::is_privileged( $role['capabilities'] ?? array() ) ) {
				$grant[] = (string) $slug;
			}
		}
		return new self( FieldSet::CHOICES, array(), null, $grant, false, null, ExistingPolicy::Confirm, MissingPolicy::Ask, false );
	}

	/**
	 * What a new webhook starts with: told of everything, of everyone but administrators; no password ever.
	 */
	public static function of_webhook(): self {
		return self::from_array(
			array(
				'fields'    => array_values( array_diff( FieldSet::CORE, array( FieldSet::PASSWORD ) ) ),
				'deletions' => array( 'enabled' => true ),
				'verify'    => VerifyPolicy::Off->value,
			)
		);
	}

	/**
	 * Whether a webhook is told of an event.
	 *
	 * @param WebhookEvent $event The event.
	 */
	public function tells( WebhookEvent $event ): bool {
		return in_array( $event, $this->events, true );
	}

	/**
	 * Reads settings as they lie in the database or come from the page. What is absent is taken from `$base`.
	 *
	 * @param array<string, mixed> $data Shape of `SiteSettings` in admin-src/types.ts.
	 * @param self|null            $base What to start from; the defaults when null.
	 */
	public static function from_array( array $data, ?self $base = null ): self {
		$data += ( $base ?? self::defaults() )->to_array();
		$users = (array) $data['users'];
		$roles = self::strings( $users['roles'] ?? array() );
		$gone  = (array) $data['deletions'];
		return new self(
			array_values( array_intersect( FieldSet::CHOICES, self::strings( $data['fields'] ) ) ),
			array_values( array_filter( self::strings( $data['meta'] ), array( self::class, 'is_meta_key_allowed' ) ) ),
			'roles' === ( $users['mode'] ?? '' ) ? $roles : null,
			self::strings( $data['grantRoles'] ),
			! empty( $gone['enabled'] ),
			empty( $gone['reassign'] ) ? null : (int) $gone['reassign'],
			ExistingPolicy::tryFrom( (string) $data['existing'] ) ?? ExistingPolicy::Confirm,
			MissingPolicy::tryFrom( (string) $data['missing'] ) ?? MissingPolicy::Ask,
			(bool) $data['catchUpAtLogin'],
			PasswordForm::tryFrom( (string) ( $data['passwordForm'] ?? '' ) ) ?? PasswordForm::Auto,
			VerifyPolicy::tryFrom( (string) ( $data['verify'] ?? '' ) ) ?? VerifyPolicy::Report,
			GuestSettings::from_array( $data['guests'] ?? null ),
			array_values( array_filter( array_map( WebhookEvent::tryFrom( ... ), self::strings( $data['events'] ) ) ) ),
			LoginSettings::from_array( $data['login'] ?? null )
		);
	}

	/**
	 * The settings as REST and the database know them.
	 *
	 * @return array<string, mixed>
	 */
	public function to_array(): array {
		return array(
			'fields'         => $this->fields,
			'meta'           => $this->meta,
			'users'          => array(
				'mode'  => null === $this->only_roles ? 'all_but_administrators' : 'roles',
				'roles' => $this->only_roles ?? array(),
			),
			'grantRoles'     => $this->grant_roles,
			'deletions'      => array(
				'enabled'  => $this->delete,
				'reassign' => $this->reassign,
			),
			'existing'       => $this->existing->value,
			'missing'        => $this->missing->value,
			'catchUpAtLogin' => $this->catch_up_at_login,
			'passwordForm'   => $this->password_form->value,
			'verify'         => $this->verify->value,
			'guests'         => $this->guests->to_array(),
			'events'         => array_column( $this->events, 'value' ),
			'login'          => $this->login->to_array(),
		);
	}

	/**
	 * Whether a user with these roles is one that this site receives. "Administrators" are all whose role has an
	 * administrator's power, whatever it is called. Those of a whole network are nobody's to send: their password
	 * opens more than this site, and its owner may not be one of them.
	 *
	 * @param list<string> $roles          Role slugs of the user.
	 * @param bool         $is_super_admin Whether they are an administrator of the network.
	 */
	public function covers( array $roles, bool $is_super_admin = false ): bool {
		if ( $is_super_admin ) {
			return false;
		}
		return null === $this->only_roles
			? array() === array_filter( $roles, self::is_administrators( ... ) )
			: array() !== array_intersect( $roles, $this->only_roles );
	}

	/**
	 * Whether a changed field concerns this site.
	 *
	 * @param string $field Name of a field.
	 */
	public function sends( string $field ): bool {
		if ( in_array( $field, array( FieldSet::ALL, FieldSet::DELETED, FieldSet::UID, FieldSet::EMPTY, FieldSet::GRANTS, FieldSet::LOGOUT ), true ) ) {
			// A deletion concerns every site: where deletions are off, the link goes, and the activity says so.
			return true;
		}
		if ( FieldSet::is_tag( $field ) ) {
			return in_array( FieldSet::TAGS, $this->fields, true );
		}
		return str_starts_with( $field, FieldSet::META )
			? in_array( substr( $field, strlen( FieldSet::META ) ), $this->meta, true )
			: in_array( $field, $this->fields, true );
	}

	/**
	 * Whether a meta key may be synced at all: never what WordPress's own rights, sessions and keys hang on. MariaDB
	 * takes `WP_Capabilities`, `wp_capabilitiés` and `wp_capabilities ` for `wp_capabilities`, and WordPress strips
	 * backslashes: a key is compared in small letters, and is ASCII without blanks around it and without backslashes.
	 *
	 * @param string $key Meta key.
	 */
	public static function is_meta_key_allowed( string $key ): bool {
		$small = strtolower( $key );
		return 1 === preg_match( '/^[!-~](?:[ -~]{0,253}[!-~])?$/D', $key )
			&& ! str_contains( $key, '\\' )
			&& 1 !== preg_match( '/(capabilities|user_level|_new_email|session_tokens)$/', $small )
			&& 1 !== preg_match( '/^(session_tokens|_?application_passwords|default_password_nag|_two_factor|_?wc_.*session|_woocommerce_persistent_cart)/', $small )
			&& 1 !== preg_match( '/(^|_)tandem_/', $small )
			&& ! in_array( $small, array( 'first_name', 'last_name', 'nickname', 'description', 'locale', 'primary_blog', 'source_domain', 'user_login', 'user_pass', 'user_email', 'user_activation_key', 'user_status' ), true );
	}

	/**
	 * Whether a role is an administrator's, by its name or its power.
	 *
	 * @param string $role Role slug.
	 */
	private static function is_administrators( string $role ): bool {
		$can = wp_roles()->roles[ $role ]['capabilities'] ?? array();
		return 'administrator' === $role || ! empty( $can['manage_options'] ) || ! empty( $can['promote_users'] );
	}

	/**
	 * Whether a set of capabilities gives power over the site or its users.
	 *
	 * @param array<string, bool> $capabilities By name.
	 */
	public static function is_privileged( array $capabilities ): bool {
		return array() !== array_intersect( self::PRIVILEGED, array_keys( array_filter( $capabilities ) ) );
	}

	/**
	 * A list of strings from whatever came.
	 *
	 * @param mixed $value Anything.
	 * @return list<string>
	 */
	private static function strings( mixed $value ): array {
		return is_array( $value ) ? array_values( array_unique( array_map( 'strval', array_filter( $value, 'is_scalar' ) ) ) ) : array();
	}
}
