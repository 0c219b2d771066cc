<?php
/**
 * Listens for passwords in plain text: WordPress shows each one once, before it hashes it.
 *
 * A password belongs to a user id and is tentative until the write is confirmed. Only
 * what hooks hand over is read, never the form: whoever sends a request decides what
 * is in it (CVE-2026-89079 in another plugin).
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Capture;

use Tandem\Security\PlainPassword;

final class Passwords {

	/** Bytes. Of a longer one core stores `*`, with which nobody can log in (`wp_hash_password()`). */
	private const LONGEST = 4096;

	/** A stored hash: bcrypt as WordPress 6.8 marks it or bare, phpass, Argon2. */
	private const HASH = '~^(?:\$wp)?\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}$|^\$[PH]\$[./A-Za-z0-9]{31}$|^(?:\$wp)?\$argon2(?:i|d|id)\$~';

	/** @var array<int, PlainPassword> Seen, but not written yet, by user id. */
	private array $tentative = array();

	/**
	 * @param Recorder $recorder Takes confirmed passwords.
	 */
	public function __construct( private readonly Recorder $recorder ) {
	}

	/**
	 * Action `user_register`: an account was made. The second argument holds what was hashed (wp-includes/user.php,
	 * since 5.8).
	 *
	 * @param int                  $user_id  User here.
	 * @param array<string, mixed> $userdata As `wp_insert_user()` got it.
	 */
	public function registered( int $user_id, #[\SensitiveParameter] array $userdata ): void {
		unset( $this->tentative[ $user_id ] );
		$this->recorder->created( $user_id, self::text( $userdata['user_pass'] ?? null ) );
	}

	/**
	 * Action `user_profile_update_errors`: a profile form, not yet saved. One that is not valid never will be.
	 *
	 * @param \WP_Error|null $errors What is wrong with it.
	 * @param bool           $update Whether the account exists.
	 * @param object|null    $user   What the form would save.
	 */
	public function entered( ?\WP_Error $errors, bool $update, #[\SensitiveParameter] ?object $user ): void {
		$user_id = (int) ( $user->ID ?? 0 );
		unset( $this->tentative[ $user_id ] );
		$password = self::text( $user->user_pass ?? null );
		if ( $update && null !== $password && $user_id > 0 && ! $errors?->has_errors() ) {
			$this->tentative[ $user_id ] = $password;
		}
	}

	/**
	 * Action `profile_update`: the row is written. Also fires when a reset key was stored, so the hash decides.
	 *
	 * @param int                  $user_id  User here.
	 * @param \WP_User|null        $old      As they were.
	 * @param array<string, mixed> $userdata What was written: `user_pass` is a hash here, never to be sent.
	 */
	public function updated( int $user_id, ?\WP_User $old, array $userdata ): void {
		if ( null !== $old && isset( $this->tentative[ $user_id ] ) && isset( $userdata['user_pass'] ) && $userdata['user_pass'] !== $old->user_pass ) {
			$this->confirm( $user_id, $this->tentative[ $user_id ] );
		}
	}

	/**
	 * Action `wp_update_user`: after success, with what the caller gave in the third argument (since 6.3). That may be
	 * the stored hash, handed through unchanged: then core has not hashed it, and it is no password.
	 *
	 * @param int                                  $user_id User here.
	 * @param array<string, mixed>                 $written What was written, with the hash.
	 * @param array<string, mixed>|object          $given   What the caller gave.
	 */
	public function saved( int $user_id, array $written, #[\SensitiveParameter] array|object $given ): void {
		// Core has turned a WP_User into an array by now.
		$password = self::text( ( (array) $given )['user_pass'] ?? null );
		if ( null !== $password && $password->stored() !== ( $written['user_pass'] ?? null ) ) {
			$this->confirm( $user_id, $password );
		}
		unset( $this->tentative[ $user_id ] );
	}

	/**
	 * Action `after_password_reset`: a reset link was used.
	 *
	 * @param int    $user_id  User here.
	 * @param string $password The new one.
	 */
	public function reset( int $user_id, #[\SensitiveParameter] string $password ): void {
		$this->confirm( $user_id, self::text( $password ) );
	}

	/**
	 * Action `wp_set_password`. In `wp_set_password()` itself the row is written already. From 6.9 on it fires in
	 * `wp_insert_user()` and `wp_update_user()` too, there before the row is written. At log-in it fires with the
	 * unchanged password when core only renews an old hash: two sites with different costs would answer each other
	 * for ever, so that is not a change.
	 *
	 * @param string        $password The new one.
	 * @param int           $user_id  User here.
	 * @param \WP_User|null $old      As they were (since 6.7).
	 */
	public function set( #[\SensitiveParameter] string $password, int $user_id, ?\WP_User $old ): void {
		$given = self::text( $password );
		if ( null === $given || doing_filter( 'authenticate' ) ) {
			return;
		}
		$now = get_userdata( $user_id );
		if ( null !== $old && false !== $now && $now->user_pass !== $old->user_pass ) {
			$this->confirm( $user_id, $given );
		} else {
			$this->tentative[ $user_id ] = $given;
		}
	}

	/**
	 * Filter `authenticate`, at its end: where the owner wants it, the first correct log-in of a user who existed
	 * before the connection shows their password. An application password is not one.
	 *
	 * @param mixed $user     WP_User when somebody got in.
	 * @param mixed $password As it was entered.
	 * @return mixed The first argument.
	 */
	public function logged_in( mixed $user, #[\SensitiveParameter] mixed $password ): mixed {
		$given = self::text( $password );
		if ( $user instanceof \WP_User && null !== $given && 0 === did_action( 'application_password_did_authenticate' ) ) {
			$this->recorder->safely(
				function () use ( $user, $given ): void {
					if ( $this->recorder->lacks_password( $user->ID ) && wp_check_password( $given->stored(), $user->user_pass, $user->ID ) ) {
						$this->confirm( $user->ID, $given );
					}
				}
			);
		}
		return $user;
	}

	/**
	 * A password is written: it goes to the recorder.
	 *
	 * @param int                $user_id  User here.
	 * @param PlainPassword|null $password The new one.
	 */
	private function confirm( int $user_id, ?PlainPassword $password ): void {
		unset( $this->tentative[ $user_id ] );
		if ( null !== $password ) {
			$this->recorder->password( $user_id, $password );
		}
	}

	/**
	 * A password, if there is one. Code that saves a user as it read them some time ago hands over the hash of the
	 * password before: a hash is never sent, whoever calls it a password.
	 *
	 * @param mixed $value Anything.
	 */
	private static function text( #[\SensitiveParameter] mixed $value ): ?PlainPassword {
		return is_string( $value ) && '' !== $value && strlen( $value ) <= self::LONGEST && 1 !== preg_match( self::HASH, $value )
			? new PlainPassword( $value )
			: null;
	}
}
