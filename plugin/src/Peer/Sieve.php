<?php
/**
 * Decides what of an incoming person is taken: what the owner of this site accepts from that site, and what is data.
 * Writes nothing. What is not taken is a sentence, and its stamp is not taken either.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Rules\Granted;
use Tandem\Sync\FieldSet;
use Tandem\Sync\UserState;
use Tandem\Tags\Tag;

final class Sieve {

	/** Characters that each core field may have. */
	private const LONGEST = array(
		'first_name'   => 1000,
		'last_name'    => 1000,
		'display_name' => 250,
		'nickname'     => 1000,
		'user_url'     => 2000,
		'description'  => 20000,
		'locale'       => 35,
	);

	/** Roles that one person may have. */
	private const MOST_ROLES = 100;

	/**
	 * @param StoredPassword $hashes     Which stored passwords are understood here.
	 * @param Suspension     $suspension Whose roles are only remembered.
	 */
	public function __construct( private readonly StoredPassword $hashes, private readonly Suspension $suspension ) {
	}

	/**
	 * Decides.
	 *
	 * @param Policy         $policy  What that site may do here.
	 * @param IncomingUser   $user    The person.
	 * @param list<string>   $names   The fields that are newer than those held.
	 * @param \WP_User|null  $account The account; null for a new one.
	 * @param UserState|null $state   The account as it is.
	 */
	public function plan( Policy $policy, IncomingUser $user, array $names, ?\WP_User $account, ?UserState $state ): Plan {
		$plan   = new Plan();
		$off    = array();
		$meta   = array();
		$no_use = array();
		foreach ( $names as $name ) {
			$field = $user->fields[ $name ] ?? null;
			if ( FieldSet::PASSWORD === $name && null !== $user->password ) {
				$this->password( $plan, $policy, $user->password, $account );
			} elseif ( FieldSet::ROLES === $name && null !== $field ) {
				$this->roles( $plan, $policy, $field, $account );
			} elseif ( null !== $field && str_starts_with( $name, FieldSet::META ) ) {
				if ( ! $this->meta( $plan, $policy, substr( $name, strlen( FieldSet::META ) ), $field, $account, $state ) ) {
					$meta[] = $name;
				}
			} elseif ( null !== $field && $policy->tags && FieldSet::is_tag( $name ) ) {
				if ( ! self::tag( $plan, $name, $field, $state ) ) {
					$no_use[] = $name;
				}
			} elseif ( ! $policy->update && null !== $account ) {
				$off[] = $name;
			} elseif ( FieldSet::EMAIL === $name && null !== $field ) {
				$this->email( $plan, $field, $account );
			} elseif ( null === $field || ! isset( self::LONGEST[ $name ] ) ) {
				$off[] = $name;
			} elseif ( ! $this->core( $plan, $name, $field, $state ) ) {
				$no_use[] = $name;
			}
		}
		self::limit_tags( $plan, $state );
		if ( array() !== $off ) {
			$plan->warnings[] = UserCode::NotAccepted->sentence() . ' ' . self::names( $off );
		}
		if ( array() !== $meta ) {
			$plan->warnings[] = UserCode::MetaRefused->sentence( self::names( $meta ) );
		}
		if ( array() !== $no_use ) {
			/* translators: %s: names of fields. */
			$plan->warnings[] = sprintf( __( 'Not a text, too long, or a language that is not installed: %s.', 'tandem-user-sync' ), self::names( $no_use ) );
		}
		return $plan;
	}

	/**
	 * An e-mail address that another account has is never taken, whoever says so.
	 *
	 * @param Plan          $plan    Gets it.
	 * @param IncomingField $field   The field.
	 * @param \WP_User|null $account The account; null for a new one.
	 */
	private function email( Plan $plan, IncomingField $field, ?\WP_User $account ): void {
		$email = PlainData::text( $field->value, 100 );
		$taken = null === $email || '' === $email ? false : email_exists( $email );
		$wrong = match ( true ) {
			'' === $email                                              => UserCode::EmailMissing,
			null === $email || is_email( $email ) !== $email           => UserCode::EmailInvalid,
			false !== $taken && $taken !== ( $account->ID ?? 0 )       => UserCode::EmailTaken,
			default                                                    => null,
		};
		if ( null !== $wrong ) {
			$plan->warnings[] = $wrong->sentence();
			return;
		}
		$plan->stamps[ FieldSet::EMAIL ] = $field->stamp;
		if ( $email !== $account?->user_email ) {
			$plan->core[ FieldSet::EMAIL ] = (string) $email;
		}
	}

	/**
	 * One of the other core fields.
	 *
	 * @param Plan           $plan  Gets it.
	 * @param string         $name  Which.
	 * @param IncomingField  $field The field.
	 * @param UserState|null $state The account as it is; null for a new one.
	 * @return bool Whether it can be taken.
	 */
	private function core( Plan $plan, string $name, IncomingField $field, ?UserState $state ): bool {
		$value = PlainData::text( $field->value, self::LONGEST[ $name ] );
		if ( null === $value || ( 'user_url' === $name && mb_strlen( esc_url_raw( $value ) ) > 100 ) || ( 'locale' === $name && ! self::is_language( $value ) ) ) {
			return false;
		}
		$plan->stamps[ $name ] = $field->stamp;
		if ( null === $state || $value !== $state->fields[ $name ] ) {
			$plan->core[ $name ] = $value;
		}
		return true;
	}

	/**
	 * Roles. Those that the owner does not let that site give are neither given nor taken; one that gives power never is.
	 *
	 * @param Plan          $plan    Gets them.
	 * @param Policy        $policy  What that site may do here.
	 * @param IncomingField $field   The field.
	 * @param \WP_User|null $account The account; null for a new one.
	 */
	private function roles( Plan $plan, Policy $policy, IncomingField $field, ?\WP_User $account ): void {
		$asked = PlainData::texts( $field->value, self::MOST_ROLES, 200 );
		if ( null === $asked ) {
			$plan->warnings[] = UserCode::RoleRefused->sentence( __( 'not a list of roles', 'tandem-user-sync' ) );
			return;
		}
		$given   = $policy->roles ? array_values( array_filter( $asked, $policy->lets_give( ... ) ) ) : array();
		$refused = array_values( array_diff( $asked, $given ) );
		if ( array() !== $refused || ! $policy->roles ) {
			$plan->warnings[] = UserCode::RoleRefused->sentence( self::names( $refused ) );
		}
		if ( ! $policy->roles || ( array() === $given && array() !== $asked ) ) {
			return;
		}
		$plan->stamps[ FieldSet::ROLES ] = $field->stamp;
		if ( null === $account ) {
			$plan->roles = $given;
			return;
		}
		// What rules have given stays, whatever the roles are: the other site need not know of it.
		$held   = Granted::of( $account->ID )->base_roles( $this->suspension->is_suspended( $account ) ? $this->suspension->roles( $account->ID ) : array_values( $account->roles ) );
		$kept   = array_values( array_filter( $held, static fn ( string $role ): bool => ! $policy->lets_give( $role ) ) );
		$wanted = array_values( array_unique( array( ...$kept, ...$given ) ) );
		if ( array() !== array_diff( $wanted, $held ) || array() !== array_diff( $held, $wanted ) ) {
			$plan->roles = $wanted;
		}
	}

	/**
	 * A meta value.
	 *
	 * @param Plan           $plan    Gets it.
	 * @param Policy         $policy  What that site may do here.
	 * @param string         $key     Meta key.
	 * @param IncomingField  $field   The field.
	 * @param \WP_User|null  $account The account; null for a new one.
	 * @param UserState|null $state   The account as it is.
	 * @return bool Whether it can be taken.
	 */
	private function meta( Plan $plan, Policy $policy, string $key, IncomingField $field, ?\WP_User $account, ?UserState $state ): bool {
		if ( ! $policy->lets_write( $key ) || ! PlainData::is( $field->value ) || ( null !== $account && ! $policy->update ) ) {
			return false;
		}
		$plan->stamps[ FieldSet::META . $key ] = $field->stamp;
		$held                                  = $state->meta[ $key ] ?? null;
		// What is not a list is stored as a text.
		$wanted = is_scalar( $field->value ) ? (string) $field->value : $field->value;
		if ( $wanted !== $held ) {
			$plan->meta[ $key ] = $field->value;
		}
		return true;
	}

	/**
	 * A tag. It has to be written as tags are: under another name the same tag would be two.
	 *
	 * @param Plan           $plan  Gets it.
	 * @param string         $name  Name of its field.
	 * @param IncomingField  $field The field.
	 * @param UserState|null $state The account as it is; null for a new one.
	 * @return bool Whether it can be taken.
	 */
	private static function tag( Plan $plan, string $name, IncomingField $field, ?UserState $state ): bool {
		$tag = substr( $name, strlen( FieldSet::TAG ) );
		if ( Tag::clean( $tag ) !== $tag || ! in_array( $field->value, array( '1', null ), true ) ) {
			return false;
		}
		$plan->stamps[ $name ] = $field->stamp;
		$wanted                = null !== $field->value;
		if ( in_array( $tag, $state->tags ?? array(), true ) !== $wanted ) {
			$plan->tags[ $tag ] = $wanted;
		}
		return true;
	}

	/**
	 * Nobody gets more tags than a person may have: what is over is not taken.
	 *
	 * @param Plan           $plan  Has them.
	 * @param UserState|null $state The account as it is; null for a new one.
	 */
	private static function limit_tags( Plan $plan, ?UserState $state ): void {
		$room = Tag::MOST - count( $state->tags ?? array() ) + count( $plan->tags( false ) );
		$over = array_slice( $plan->tags( true ), max( 0, $room ) );
		if ( array() === $over ) {
			return;
		}
		foreach ( $over as $tag ) {
			unset( $plan->tags[ $tag ], $plan->stamps[ FieldSet::TAG . $tag ] );
		}
		/* translators: 1: number of tags, 2: names of tags. */
		$plan->warnings[] = sprintf( __( 'Nobody has more than %1$d tags here, so these were not taken: %2$s.', 'tandem-user-sync' ), Tag::MOST, self::names( $over ) );
	}

	/**
	 * The password. One that is the same already is not written again: that would log the person out.
	 *
	 * @param Plan             $plan     Gets it.
	 * @param Policy           $policy   What that site may do here.
	 * @param IncomingPassword $password The password.
	 * @param \WP_User|null    $account  The account; null for a new one.
	 */
	private function password( Plan $plan, Policy $policy, IncomingPassword $password, ?\WP_User $account ): void {
		if ( ! $policy->password ) {
			$plan->warnings[] = UserCode::NotAccepted->sentence() . ' ' . FieldSet::PASSWORD;
			return;
		}
		if ( ! $password->is_readable() || ( $password->is_hash && ! $this->hashes->is_good( $password->value() ) ) ) {
			$plan->warnings[] = UserCode::PasswordUnreadable->sentence();
			return;
		}
		$plan->stamps[ FieldSet::PASSWORD ] = $password->stamp;
		$is_same                            = null !== $account && ( $password->is_hash
			? hash_equals( $account->user_pass, $password->value() )
			// WordPress hashes what is left after trimming, and trims again at log-in.
			: wp_check_password( trim( $password->value() ), $account->user_pass, $account->ID ) );
		if ( ! $is_same ) {
			$plan->password = $password;
		}
	}

	/**
	 * Whether a language is there. In one that is not, WordPress would speak English to the person.
	 *
	 * @param string $locale Locale; '' is the site's own.
	 */
	private static function is_language( string $locale ): bool {
		return in_array( $locale, array( '', 'en_US' ), true ) || in_array( $locale, get_available_languages(), true );
	}

	/**
	 * Names for a sentence, without what does not belong into one.
	 *
	 * @param list<string> $names Names.
	 */
	private static function names( array $names ): string {
		$short = array_map( static fn ( string $name ): string => mb_substr( sanitize_text_field( $name ), 0, 60 ), array_slice( $names, 0, 20 ) );
		return implode( ', ', $short );
	}
}
