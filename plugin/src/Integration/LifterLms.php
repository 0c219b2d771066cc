<?php
/**
 * LifterLMS's courses and memberships. Every call into LifterLMS stands here.
 *
 * Its public functions, as they stand in `includes/functions/llms.functions.person.php` of github.com/gocodebox/lifterlms:
 * `llms_enroll_student( $user_id, $product_id, $trigger )`, `llms_unenroll_student( $user_id, $product_id, $new_status,
 * $trigger )`, `llms_is_user_enrolled( $user_id, $product_id, $relation, $use_cache )`. Courses are posts of the type
 * `course`, memberships of the type `llms_membership`.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Integration;

use Tandem\Contract\Courses;

final class LifterLms implements Courses {

	private const COURSE     = 'course:';
	private const MEMBERSHIP = 'membership:';

	/** What an enrolment by a rule is triggered by. */
	private const TRIGGER = 'tandem_rule';

	/** Posts of each kind that are listed. */
	private const MOST = 2000;

	/**
	 * Whether LifterLMS is here.
	 */
	public static function is_present(): bool {
		return function_exists( 'llms_enroll_student' ) && function_exists( 'llms_unenroll_student' ) && function_exists( 'llms_is_user_enrolled' );
	}

	/** Its short name. */
	public function id(): string {
		return 'lifterlms';
	}

	/** Its name. */
	public function name(): string {
		return 'LifterLMS';
	}

	/**
	 * Courses and memberships.
	 *
	 * @return list<array{id: string, title: string, kind: string}>
	 */
	public function courses(): array {
		return array(
			...Posts::titled( 'course', self::COURSE, __( 'Course', 'tandem-user-sync' ), self::MOST ),
			...Posts::titled( 'llms_membership', self::MEMBERSHIP, __( 'Membership', 'tandem-user-sync' ), self::MOST ),
		);
	}

	/**
	 * Whether somebody is enrolled.
	 *
	 * @param int    $user_id User here.
	 * @param string $id      Course or membership.
	 */
	public function is_enrolled( int $user_id, string $id ): bool {
		return (bool) llms_is_user_enrolled( $user_id, self::number( $id ), 'all', false );
	}

	/**
	 * Enrols somebody.
	 *
	 * @param int    $user_id User here.
	 * @param string $id      Course or membership.
	 * @throws \RuntimeException When LifterLMS does not do it.
	 */
	public function enrol( int $user_id, string $id ): void {
		if ( false === llms_enroll_student( $user_id, self::number( $id ), self::TRIGGER ) && ! $this->is_enrolled( $user_id, $id ) ) {
			throw new \RuntimeException( 'LifterLMS did not enrol.' );
		}
	}

	/**
	 * Ends it. LifterLMS keeps the progress.
	 *
	 * @param int    $user_id User here.
	 * @param string $id      Course or membership.
	 */
	public function unenrol( int $user_id, string $id ): void {
		llms_unenroll_student( $user_id, self::number( $id ), 'cancelled', 'any' );
	}

	/**
	 * The id of the post.
	 *
	 * @param string $id Course or membership.
	 */
	private static function number( string $id ): int {
		return (int) substr( $id, (int) strpos( $id, ':' ) + 1 );
	}
}
