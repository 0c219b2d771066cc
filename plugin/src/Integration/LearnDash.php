<?php
/**
 * LearnDash's courses and groups. Every call into LearnDash stands here.
 *
 * Its public functions, as its developers' documentation describes them: `ld_update_course_access( $user_id, $course_id,
 * $remove = false )`, `sfwd_lms_has_access( $post_id, $user_id )`, `ld_update_group_access( $user_id, $group_id,
 * $remove = false )`, `learndash_is_user_in_group( $user_id, $group_id )`. Courses are posts of the type `sfwd-courses`,
 * groups of the type `groups`.
 *
 * @link https://developers.learndash.com/function/ld_update_course_access/
 * @link https://developers.learndash.com/function/ld_update_group_access/
 * @link https://developers.learndash.com/function/sfwd_lms_has_access/
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Integration;

use Tandem\Contract\Courses;

final class LearnDash implements Courses {

	private const COURSE = 'course:';
	private const GROUP  = 'group:';

	/** Posts of each kind that are listed. */
	private const MOST = 2000;

	/**
	 * Whether LearnDash is here.
	 */
	public static function is_present(): bool {
		return function_exists( 'ld_update_course_access' ) && function_exists( 'sfwd_lms_has_access' );
	}

	/** Its short name. */
	public function id(): string {
		return 'learndash';
	}

	/** Its name. */
	public function name(): string {
		return 'LearnDash';
	}

	/**
	 * Courses and groups.
	 *
	 * @return list<array{id: string, title: string, kind: string}>
	 */
	public function courses(): array {
		return array(
			...Posts::titled( 'sfwd-courses', self::COURSE, __( 'Course', 'tandem-user-sync' ), self::MOST ),
			...( function_exists( 'ld_update_group_access' ) ? Posts::titled( 'groups', self::GROUP, __( 'Group', 'tandem-user-sync' ), self::MOST ) : array() ),
		);
	}

	/**
	 * Whether somebody has access. Also by a group, or because the course is open to everybody: then nothing is given,
	 * and nothing is taken away later.
	 *
	 * @param int    $user_id User here.
	 * @param string $id      Course or group.
	 */
	public function is_enrolled( int $user_id, string $id ): bool {
		if ( str_starts_with( $id, self::GROUP ) ) {
			return function_exists( 'learndash_is_user_in_group' ) && (bool) learndash_is_user_in_group( $user_id, self::number( $id ) );
		}
		return (bool) sfwd_lms_has_access( self::number( $id ), $user_id );
	}

	/**
	 * Enrols somebody.
	 *
	 * @param int    $user_id User here.
	 * @param string $id      Course or group.
	 */
	public function enrol( int $user_id, string $id ): void {
		$this->set( $user_id, $id, false );
	}

	/**
	 * Ends it. LearnDash keeps the progress.
	 *
	 * @param int    $user_id User here.
	 * @param string $id      Course or group.
	 */
	public function unenrol( int $user_id, string $id ): void {
		$this->set( $user_id, $id, true );
	}

	/**
	 * Gives or takes access.
	 *
	 * @param int    $user_id User here.
	 * @param string $id      Course or group.
	 * @param bool   $remove  Whether it is taken.
	 */
	private function set( int $user_id, string $id, bool $remove ): void {
		if ( str_starts_with( $id, self::GROUP ) ) {
			ld_update_group_access( $user_id, self::number( $id ), $remove );
		} else {
			ld_update_course_access( $user_id, self::number( $id ), $remove );
		}
	}

	/**
	 * The id of the post.
	 *
	 * @param string $id Course or group.
	 */
	private static function number( string $id ): int {
		return (int) substr( $id, (int) strpos( $id, ':' ) + 1 );
	}
}
