<?php
/**
 * A stand-in for LearnDash: the functions that Tandem calls and the hooks that LearnDash fires, as its developers'
 * documentation describes them, on the same user meta. Nothing else of it.
 *
 * @package Tandem
 */

declare(strict_types=1);

add_action(
	'init',
	static function (): void {
		register_post_type( 'sfwd-courses', array( 'public' => true ) );
		register_post_type( 'groups', array( 'public' => true ) );
	},
	5
);

/** As LearnDash's: gives or takes access to a course. */
function ld_update_course_access( int $user_id, int $course_id, bool $remove = false ): bool {
	if ( get_option( 'stand_in_learndash_breaks' ) ) {
		throw new RuntimeException( 'LearnDash is out of order.' );
	}
	$remove
		? delete_user_meta( $user_id, "course_{$course_id}_access_from" )
		: update_user_meta( $user_id, "course_{$course_id}_access_from", time() );
	do_action( 'learndash_update_course_access', $user_id, $course_id, '', $remove );
	return true;
}

/**
 * As LearnDash's: whether somebody has access to a course. A filter has the last word there.
 *
 * @return mixed
 */
function sfwd_lms_has_access( int $post_id, ?int $user_id = null ) {
	return '' !== (string) get_user_meta( (int) $user_id, "course_{$post_id}_access_from", true );
}

/** As LearnDash's: gives or takes access to a group. */
function ld_update_group_access( int $user_id = 0, int $group_id = 0, bool $remove = false ): bool {
	$remove
		? delete_user_meta( $user_id, "learndash_group_users_$group_id" )
		: update_user_meta( $user_id, "learndash_group_users_$group_id", $group_id );
	do_action( $remove ? 'ld_removed_group_access' : 'ld_added_group_access', $user_id, $group_id );
	return true;
}

/**
 * As LearnDash's: whether somebody is in a group.
 *
 * @return mixed
 */
function learndash_is_user_in_group( int $user_id = 0, int $group_id = 0 ) {
	return '' !== (string) get_user_meta( $user_id, "learndash_group_users_$group_id", true );
}
