<?php
/**
 * What one paired site may do here, as the owner of this site decided.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Remote\ExistingPolicy;
use Tandem\Remote\SiteSettings;
use Tandem\Rules\Courses;
use Tandem\Security\ProtectedAccounts;

final class Policy {

	/** What `removalsPerHour` may be. */
	public const REMOVALS = array(
		'minimum' => 0,
		'default' => 20,
		'maximum' => 100000,
	);

	/** Which courses rules of that site may enrol people in. */
	public const NO_COURSES   = 'none';
	public const ALL_COURSES  = 'all';
	public const SOME_COURSES = 'some';

	/**
	 * @param bool           $create            Make accounts.
	 * @param bool           $update            Change profiles, addresses and meta.
	 * @param bool           $password          Set passwords.
	 * @param bool           $roles             Give and take roles of `$role_list`.
	 * @param Removal        $delete            What a deletion there does here.
	 * @param bool           $logout            Log people out everywhere.
	 * @param list<string>   $role_list         Roles that may be given and taken. One that gives power never is.
	 * @param list<string>   $meta_list         Meta keys that may be written.
	 * @param ExistingPolicy $existing          What happens to an account here with the same e-mail address.
	 * @param int            $removals_per_hour How many people it may remove in an hour without being asked.
	 * @param bool           $mail              Whether people get WordPress's mails about changes from there.
	 * @param int|null       $reassign          Account here that receives the content of the deleted.
	 * @param bool           $bare              Whether a backfill from there makes accounts without WordPress's hooks.
	 * @param bool           $tags              Give and take tags.
	 * @param string         $courses           Which courses its rules may enrol people in: one of the three above.
	 * @param list<string>   $course_list       Where only some: these.
	 * @param bool           $login             Whether people who are logged in there may get in here by that.
	 * @param bool           $login_protected   Whether that holds for protected accounts too.
	 * @param bool           $login_second_factor Whether it takes that they have given a second factor there.
	 * @param bool           $accounts          Whether it may read the list of accounts here, which its backfill needs.
	 * @param bool           $bring             Whether it may ask for the people who were here before the connection.
	 */
	public function __construct(
		public readonly bool $create,
		public readonly bool $update,
		public readonly bool $password,
		public readonly bool $roles,
		public readonly Removal $delete,
		public readonly bool $logout,
		public readonly array $role_list,
		public readonly array $meta_list,
		public readonly ExistingPolicy $existing,
		public readonly int $removals_per_hour,
		public readonly bool $mail,
		public readonly ?int $reassign = null,
		public readonly bool $bare = false,
		public readonly bool $tags = true,
		public readonly string $courses = self::NO_COURSES,
		public readonly array $course_list = array(),
		public readonly bool $login = true,
		public readonly bool $login_protected = false,
		public readonly bool $login_second_factor = false,
		public readonly bool $accounts = true,
		public readonly bool $bring = false,
	) {
	}

	/**
	 * What a new pair starts with: everything but deletions and asking for people, and no role that gives power, or with which one writes into
	 * what others wrote: who controls the other site could make themselves one of those. A connection that is older
	 * than rules enrols nobody until its owner says so: they agreed to something else.
	 */
	public static function defaults(): self {
		$roles = array_values( array_filter( array_map( 'strval', array_keys( wp_roles()->roles ) ), static fn ( string $role ): bool => ! ProtectedAccounts::is_strong_role( $role ) ) );
		return new self( true, true, true, true, Removal::Ignore, true, $roles, array(), ExistingPolicy::Confirm, self::REMOVALS['default'], false, courses: self::ALL_COURSES );
	}

	/**
	 * Reads a policy as it lies in the database or comes from the page. What is absent, or of another kind than it
	 * should be, is taken from `$base`. One that an older version has stored says nothing of tags: its owner was never
	 * asked, and tags open what others pay for, so that is a no. As with the list of accounts.
	 *
	 * @param array<string, mixed> $data Shape of `PeerPolicy` in admin-src/types.ts.
	 * @param self|null            $base What to start from; the defaults when null.
	 */
	public static function from_array( array $data, ?self $base = null ): self {
		$tags    = null !== $base ? $base->tags : array() === $data;
		$listed  = null !== $base ? $base->accounts : array() === $data;
		$courses = in_array( $data['courses'] ?? null, array( self::NO_COURSES, self::ALL_COURSES, self::SOME_COURSES ), true ) ? $data['courses'] : $base->courses ?? ( array() === $data ? self::ALL_COURSES : self::NO_COURSES );
		// Decided before there was one log-in: who may set people's passwords here can log them in anyway, others can't.
		$login    = null !== $base ? $base->login : false !== ( $data['password'] ?? true );
		$base   ??= self::defaults();
		$flag     = static fn ( string $name, bool $otherwise ): bool => is_bool( $data[ $name ] ?? null ) ? $data[ $name ] : $otherwise;
		$case     = static fn ( string $name ): string => is_string( $data[ $name ] ?? null ) ? $data[ $name ] : '';
		$limit    = $data['removalsPerHour'] ?? null;
		$reassign = array_key_exists( 'reassign', $data ) ? $data['reassign'] : $base->reassign;
		return new self(
			$flag( 'create', $base->create ),
			$flag( 'update', $base->update ),
			$flag( 'password', $base->password ),
			$flag( 'roles', $base->roles ),
			Removal::tryFrom( $case( 'delete' ) ) ?? $base->delete,
			$flag( 'logout', $base->logout ),
			is_array( $data['roleList'] ?? null ) ? self::strings( $data['roleList'] ) : $base->role_list,
			is_array( $data['metaList'] ?? null ) ? array_values( array_filter( self::strings( $data['metaList'] ), SiteSettings::is_meta_key_allowed( ... ) ) ) : $base->meta_list,
			ExistingPolicy::tryFrom( $case( 'existing' ) ) ?? $base->existing,
			is_int( $limit ) ? max( self::REMOVALS['minimum'], min( self::REMOVALS['maximum'], $limit ) ) : $base->removals_per_hour,
			$flag( 'mail', $base->mail ),
			is_int( $reassign ) && $reassign > 0 ? $reassign : null,
			$flag( 'bare', $base->bare ),
			$flag( 'tags', $tags ),
			$courses,
			is_array( $data['courseList'] ?? null ) ? array_values( array_filter( self::strings( $data['courseList'] ), Courses::is_course( ... ) ) ) : $base->course_list,
			$flag( 'login', $login ),
			$flag( 'loginProtected', $base->login_protected ),
			$flag( 'loginSecondFactor', $base->login_second_factor ),
			$flag( 'accounts', $listed ),
			$flag( 'bring', $base->bring )
		);
	}

	/**
	 * The policy as REST and the database know it.
	 *
	 * @return array<string, mixed>
	 */
	public function to_array(): array {
		return array(
			'create'            => $this->create,
			'update'            => $this->update,
			'password'          => $this->password,
			'roles'             => $this->roles,
			'tags'              => $this->tags,
			'delete'            => $this->delete->value,
			'reassign'          => $this->reassign,
			'logout'            => $this->logout,
			'roleList'          => $this->role_list,
			'metaList'          => $this->meta_list,
			'existing'          => $this->existing->value,
			'removalsPerHour'   => $this->removals_per_hour,
			'mail'              => $this->mail,
			'bare'              => $this->bare,
			'courses'           => $this->courses,
			'courseList'        => $this->course_list,
			'login'             => $this->login,
			'loginProtected'    => $this->login_protected,
			'loginSecondFactor' => $this->login_second_factor,
			'accounts'          => $this->accounts,
			'bring'             => $this->bring,
		);
	}

	/**
	 * Whether a role may be given and taken.
	 *
	 * @param string $role Role slug.
	 */
	public function lets_give( string $role ): bool {
		return in_array( $role, $this->role_list, true ) && wp_roles()->is_role( $role ) && ! ProtectedAccounts::is_powerful_role( $role );
	}

	/**
	 * Whether a rule may enrol people in a course.
	 *
	 * @param string $course `provider/id`.
	 */
	public function lets_enrol( string $course ): bool {
		return match ( $this->courses ) {
			self::ALL_COURSES  => true,
			self::SOME_COURSES => in_array( $course, $this->course_list, true ),
			default            => false,
		};
	}

	/**
	 * Whether a rule may give and take tags.
	 */
	public function lets_tag(): bool {
		return $this->tags;
	}

	/**
	 * Whether a meta key may be written.
	 *
	 * @param string $key Meta key.
	 */
	public function lets_write( string $key ): bool {
		return in_array( $key, $this->meta_list, true ) && SiteSettings::is_meta_key_allowed( $key );
	}

	/**
	 * A list of strings from a list of anything.
	 *
	 * @param array<mixed> $value List.
	 * @return list<string>
	 */
	private static function strings( array $value ): array {
		return array_values( array_unique( array_filter( $value, 'is_string' ) ) );
	}
}
