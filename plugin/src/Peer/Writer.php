<?php
/**
 * Writes accounts, by WordPress's own functions, so that its hooks fire for other plugins: `user_register` for a new
 * account and `profile_update` for a changed one, once each.
 *
 * A ready hash is put in by the filter `wp_pre_insert_user_data`: `wp_insert_user()` and `wp_update_user()` would hash
 * it once more.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Hooks\Adapters;
use Tandem\Rules\Granted;
use Tandem\Security\ProtectedAccounts;
use Tandem\Sync\FieldSet;
use Tandem\Tags\Tags;

final class Writer {

	/** Codes of `wp_insert_user()` that say something about the person. */
	private const REASONS = array(
		'existing_user_login'    => UserCode::UsernameTaken,
		'existing_user_email'    => UserCode::EmailTaken,
		'empty_user_login'       => UserCode::UsernameInvalid,
		'user_login_too_long'    => UserCode::UsernameInvalid,
		'invalid_username'       => UserCode::UsernameInvalid,
		'empty_user_nicename'    => UserCode::UsernameInvalid,
		'user_nicename_too_long' => UserCode::UsernameInvalid,
	);

	/**
	 * @param ProtectedAccounts $protected_accounts What nobody may become from outside.
	 * @param Suspension        $suspension         Whose roles are only remembered.
	 * @param FirstWords        $first_words        Makes a new account's link and record together with it.
	 * @param BareAccounts      $bare               Makes accounts without hooks.
	 * @param Adapters          $adapters           Whose fields are no user meta.
	 * @param Tags              $tags               Writes tags.
	 */
	public function __construct(
		private readonly ProtectedAccounts $protected_accounts,
		private readonly Suspension $suspension,
		private readonly FirstWords $first_words,
		private readonly BareAccounts $bare,
		private readonly Adapters $adapters,
		private readonly Tags $tags,
	) {
	}

	/**
	 * Makes an account.
	 *
	 * @param string                $login  Username; checked by `wp_insert_user()`.
	 * @param Plan                  $plan   What is taken.
	 * @param bool                  $bare   Whether WordPress's hooks are passed over.
	 * @param \Closure( int ): void $linked Writes down whose account this is, in the same transaction as the account.
	 * @return int Its id.
	 * @throws Declined When WordPress refuses it.
	 */
	public function create( string $login, Plan $plan, bool $bare, \Closure $linked ): int {
		$plain = $plan->password?->plain();
		$hash  = true === $plan->password?->is_hash ? $plan->password->value() : null;
		$roles = $plan->roles ?? $this->default_roles();
		$given = array_intersect_key( $plan->core, array_flip( FieldSet::CORE ) );
		$meta  = array_filter( $plan->meta, fn ( mixed $value, string|int $key ): bool => null !== $value && null === $this->adapters->owner( (string) $key ), ARRAY_FILTER_USE_BOTH );
		if ( $bare ) {
			$id = $this->bare->make( $login, null === $plain ? $hash : wp_hash_password( $plain->stored() ), $given, $roles, $meta, $linked );
			return $this->completed( new \WP_User( $id ), $plan );
		}
		/** @var array{user_login: string, user_pass: string, role: string, meta_input: array<string, mixed>} $data */
		$data    = array(
			'user_login' => $login,
			// Hashed as it is. Where only its hash is known, or there is none: one that nobody knows.
			'user_pass'  => null === $plain ? bin2hex( random_bytes( 24 ) ) : $plain->stored(),
			'role'       => $roles[0] ?? '',
			'meta_input' => wp_slash( $meta ),
		) + wp_slash( $given );
		$created = $this->first_words->around( $login, $hash, $linked, static fn (): int|\WP_Error => wp_insert_user( $data ) );
		$user    = new \WP_User( $this->checked( $created ) );
		foreach ( array_slice( $roles, 1 ) as $role ) {
			$user->add_role( $role );
		}
		return $this->completed( $user, $plan );
	}

	/**
	 * What a new account needs besides.
	 *
	 * @param \WP_User $user The account.
	 * @param Plan     $plan What is taken.
	 * @return int Its id.
	 */
	private function completed( \WP_User $user, Plan $plan ): int {
		$this->check_power( $user, array(), $plan );
		foreach ( $plan->meta as $key => $value ) {
			$this->adapters->owner( (string) $key )?->write( $user->ID, (string) $key, self::as_stored( $value ) );
		}
		$this->tags->change( $user->ID, $plan->tags( true ), array() );
		return $user->ID;
	}

	/**
	 * Changes an account.
	 *
	 * @param \WP_User $user The account.
	 * @param Plan     $plan What is taken.
	 * @param Policy   $policy Whether the person gets mails.
	 * @throws Declined When WordPress refuses it.
	 */
	public function update( \WP_User $user, Plan $plan, Policy $policy ): void {
		foreach ( $plan->meta as $key => $value ) {
			$this->own_field( $user->ID, (string) $key, $value );
		}
		$this->tags->change( $user->ID, $plan->tags( true ), $plan->tags( false ) );
		if ( null !== $plan->roles ) {
			$this->roles( $user, $plan->roles, $plan );
		}
		if ( array() === $plan->core && null === $plan->password ) {
			return;
		}
		$this->quietly(
			$user->ID,
			$policy,
			true === $plan->password?->is_hash ? $plan->password->value() : null,
			fn () => $this->checked( wp_update_user( wp_slash( $plan->core ) + array( 'ID' => $user->ID ) + ( null === $plan->password?->plain() ? array() : array( 'user_pass' => $plan->password->value() ) ) ) )
		);
		if ( null !== $plan->password ) {
			\WP_Session_Tokens::get_instance( $user->ID )->destroy_all();
			if ( $plan->password->is_hash && $policy->mail ) {
				$this->tell_of_password( $user );
			}
		}
	}

	/**
	 * Writes a field that is not WordPress's own.
	 *
	 * @param int    $user_id The account.
	 * @param string $key     Meta key, or an adapter's.
	 * @param mixed  $value   Its value; null takes it away.
	 */
	private function own_field( int $user_id, string $key, mixed $value ): void {
		$adapter = $this->adapters->owner( $key );
		if ( null !== $adapter ) {
			$adapter->write( $user_id, $key, self::as_stored( $value ) );
		} elseif ( null === $value ) {
			delete_user_meta( $user_id, $key );
		} else {
			update_user_meta( $user_id, $key, wp_slash( $value ) );
		}
	}

	/**
	 * A value as user meta would hold it: what is not a list is a text.
	 *
	 * @param mixed $value Plain data.
	 * @return string|array<array-key, mixed>|null
	 */
	private static function as_stored( mixed $value ): string|array|null {
		return null === $value || is_array( $value ) ? $value : (string) $value;
	}

	/**
	 * Writes roles, those that stay first: WordPress takes none away for a moment. What rules have given is added.
	 *
	 * @param \WP_User     $user  The account.
	 * @param list<string> $roles Role slugs.
	 * @param Plan         $plan  Gets a word, where one can't be given.
	 */
	private function roles( \WP_User $user, array $roles, Plan $plan ): void {
		$granted = Granted::of( $user->ID );
		$granted->with_base_roles( $roles )->store( $user->ID, $granted );
		$roles = $granted->real_roles( $roles );
		if ( $this->suspension->is_suspended( $user ) ) {
			$this->suspension->set_roles( $user->ID, $roles );
			return;
		}
		$before = array_values( $user->roles );
		self::set_roles( $user, $roles );
		$this->check_power( $user, $before, $plan );
	}

	/**
	 * Gives and takes roles one by one.
	 *
	 * @param \WP_User     $user  The account.
	 * @param list<string> $roles Role slugs.
	 */
	private static function set_roles( \WP_User $user, array $roles ): void {
		foreach ( array_diff( $roles, $user->roles ) as $role ) {
			$user->add_role( $role );
		}
		foreach ( array_diff( $user->roles, $roles ) as $role ) {
			$user->remove_role( $role );
		}
	}

	/**
	 * A role that looks harmless may give power by another plugin's filter (`user_has_cap`): then it is taken back.
	 *
	 * @param \WP_User     $user   The account as it is now.
	 * @param list<string> $before Roles that it had.
	 * @param Plan         $plan   Gets a word.
	 */
	private function check_power( \WP_User $user, array $before, Plan $plan ): void {
		if ( null === $plan->roles || ! $this->protected_accounts->covers( $user ) ) {
			return;
		}
		$plan->warnings[] = UserCode::RoleRefused->sentence( implode( ', ', array_diff( $user->roles, $before ) ) );
		unset( $plan->stamps[ FieldSet::ROLES ] );
		self::set_roles( $user, $before );
		$plan->roles = null;
	}

	/**
	 * What a new account gets whose roles are not taken: this site's own default.
	 *
	 * @return list<string>
	 */
	private function default_roles(): array {
		$role = (string) get_option( 'default_role', '' );
		return wp_roles()->is_role( $role ) && ! ProtectedAccounts::is_powerful_role( $role ) ? array( $role ) : array();
	}

	/**
	 * Does something to an account with a hash put in, and without mails to its holder unless they are wanted.
	 *
	 * @param int             $user_id User here.
	 * @param Policy          $policy  Whether mails are wanted.
	 * @param string|null     $hash    Password hash to store; null for none.
	 * @param \Closure(): mixed $work  What to do.
	 */
	private function quietly( int $user_id, Policy $policy, #[\SensitiveParameter] ?string $hash, \Closure $work ): void {
		$mail = static fn ( mixed $send, mixed $user = array() ): mixed => is_array( $user ) && (int) ( $user['ID'] ?? 0 ) === $user_id && ! $policy->mail ? false : $send;
		$put  = static fn ( mixed $data, mixed $update = false, mixed $id = null ): mixed => is_array( $data ) && (int) $id === $user_id && null !== $hash
			// A reset link that was asked for before is void, as after any change of password.
			? array(
				'user_pass'           => $hash,
				'user_activation_key' => '',
			) + $data
			: $data;
		add_filter( 'send_password_change_email', $mail, PHP_INT_MAX, 2 );
		add_filter( 'send_email_change_email', $mail, PHP_INT_MAX, 2 );
		add_filter( 'wp_pre_insert_user_data', $put, PHP_INT_MAX, 3 );
		try {
			$work();
		} finally {
			remove_filter( 'send_password_change_email', $mail, PHP_INT_MAX );
			remove_filter( 'send_email_change_email', $mail, PHP_INT_MAX );
			remove_filter( 'wp_pre_insert_user_data', $put, PHP_INT_MAX );
		}
	}

	/**
	 * The mail that WordPress sends when a password was changed. It does not know that this one was.
	 *
	 * @param \WP_User $user The account.
	 */
	private function tell_of_password( \WP_User $user ): void {
		$switched = switch_to_user_locale( $user->ID );
		$here     = wp_specialchars_decode( get_bloginfo( 'name' ), ENT_QUOTES );
		wp_mail(
			$user->user_email,
			/* translators: %s: name of this site. */
			sprintf( __( '[%s] Password changed', 'tandem-user-sync' ), $here ),
			sprintf(
				/* translators: 1: username, 2: name of this site, 3: its address, 4: administrator's e-mail address. */
				__(
					'Hi %1$s,

your password on %2$s (%3$s) was changed, because it was changed on a site that shares its accounts.

If that was not you, please write to %4$s.',
					'tandem-user-sync'
				),
				$user->user_login,
				$here,
				home_url(),
				(string) get_option( 'admin_email' )
			)
		);
		if ( $switched ) {
			restore_previous_locale();
		}
	}

	/**
	 * Turns WordPress's error into ours.
	 *
	 * @param int|\WP_Error $result What `wp_insert_user()` gave.
	 * @throws Declined When it is an error.
	 */
	private function checked( int|\WP_Error $result ): int {
		if ( is_int( $result ) ) {
			return $result;
		}
		$reason = self::REASONS[ (string) $result->get_error_code() ] ?? UserCode::Failed;
		throw new Declined( $reason, null, UserCode::Failed === $reason ? $reason->sentence() . ' ' . wp_strip_all_tags( $result->get_error_message() ) : '' );
	}
}
