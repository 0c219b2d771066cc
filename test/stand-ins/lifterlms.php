<?php
/**
 * A stand-in for LifterLMS: the functions that Tandem calls, with the signatures of `llms.functions.person.php`. Nothing
 * else of it.
 *
 * @package Tandem
 */

declare(strict_types=1);

add_action(
	'init',
	static function (): void {
		register_post_type( 'course', array( 'public' => true ) );
		register_post_type( 'llms_membership', array( 'public' => true ) );
	},
	5
);

/** As LifterLMS's: false for somebody who is enrolled already. */
function llms_enroll_student( int $user_id, int $product_id, string $trigger = 'unspecified' ): bool {
	if ( 'enrolled' === get_user_meta( $user_id, "llms_status_$product_id", true ) ) {
		return false;
	}
	update_user_meta( $user_id, "llms_status_$product_id", 'enrolled' );
	update_user_meta( $user_id, "llms_trigger_$product_id", $trigger );
	do_action( 'llms_user_enrolled_in_course', $user_id, $product_id );
	return true;
}

/** As LifterLMS's: only where the trigger is that of the enrolment, or `any`. */
function llms_unenroll_student( int $user_id, int $product_id, string $new_status = 'expired', string $trigger = 'any' ): bool {
	if ( 'enrolled' !== get_user_meta( $user_id, "llms_status_$product_id", true ) || ( 'any' !== $trigger && get_user_meta( $user_id, "llms_trigger_$product_id", true ) !== $trigger ) ) {
		return false;
	}
	update_user_meta( $user_id, "llms_status_$product_id", $new_status );
	do_action( 'llms_user_removed_from_course', $user_id, $product_id, $trigger, $new_status );
	return true;
}

/**
 * As LifterLMS's.
 *
 * @return mixed
 */
function llms_is_user_enrolled( int $user_id, int $product_id, string $relation = 'all', bool $use_cache = true ) {
	return 'enrolled' === get_user_meta( $user_id, "llms_status_$product_id", true );
}
