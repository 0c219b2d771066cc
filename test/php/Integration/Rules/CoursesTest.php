<?php
/**
 * LearnDash and LifterLMS, by stand-ins with the same functions.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Rules;

use Tandem\Capture\Trouble;
use Tandem\Rules\Courses;
use Tandem\Tests\TestCase;
use Tandem\Time\SystemClock;

final class CoursesTest extends TestCase {

	protected function setUp(): void {
		parent::setUp();
		require_once dirname( __DIR__, 3 ) . '/stand-ins/learndash.php';
		require_once dirname( __DIR__, 3 ) . '/stand-ins/lifterlms.php';
	}

	private function courses(): Courses {
		return new Courses( new Trouble( new SystemClock() ) );
	}

	private function post( string $type, string $title, string $status = 'publish' ): int {
		register_post_type( $type );
		return (int) wp_insert_post(
			array(
				'post_type'   => $type,
				'post_title'  => $title,
				'post_status' => $status,
			)
		);
	}

	public function test_all_that_people_can_be_enrolled_in_is_listed(): void {
		$course     = $this->post( 'sfwd-courses', 'Yoga &amp; <b>Breath</b>' );
		$group      = $this->post( 'groups', 'Spring' );
		$lesson     = $this->post( 'course', 'Cooking', 'private' );
		$membership = $this->post( 'llms_membership', 'Gold' );
		$this->post( 'course', 'Not ready', 'draft' );
		$courses = array_column( $this->courses()->all(), null, 'id' );
		self::assertSame( array( "learndash/course:$course", "learndash/group:$group", "lifterlms/course:$lesson", "lifterlms/membership:$membership" ), array_keys( $courses ) );
		self::assertSame( array( 'Yoga & Breath', 'LearnDash, Course' ), array( $courses[ "learndash/course:$course" ]['title'], $courses[ "learndash/course:$course" ]['kind'] ) );
	}

	public function test_enrolments_go_by_the_plugins_own_functions(): void {
		$anna = $this->make_user();
		foreach ( array(
			'learndash/course:' . $this->post( 'sfwd-courses', 'Yoga' )       => 'learndash_update_course_access',
			'learndash/group:' . $this->post( 'groups', 'Spring' )            => 'ld_added_group_access',
			'lifterlms/course:' . $this->post( 'course', 'Cooking' )          => 'llms_user_enrolled_in_course',
			'lifterlms/membership:' . $this->post( 'llms_membership', 'Gold' ) => 'llms_user_enrolled_in_course',
		) as $id => $hook ) {
			$courses = $this->courses();
			$before  = did_action( $hook );
			self::assertTrue( $courses->exists( $id ) );
			self::assertFalse( $courses->is_enrolled( $anna, $id ) );
			$courses->set( $anna, $id, true );
			self::assertTrue( $courses->is_enrolled( $anna, $id ), $id );
			self::assertSame( $before + 1, did_action( $hook ) );
			$courses->set( $anna, $id, true );
			self::assertSame( $before + 1, did_action( $hook ), 'Not twice.' );
			$courses->set( $anna, $id, false );
			self::assertFalse( $courses->is_enrolled( $anna, $id ) );
		}
	}

	public function test_a_provider_that_fails_takes_no_other_along(): void {
		$course = $this->post( 'sfwd-courses', 'Yoga' );
		add_filter( 'tandem_course_providers', static fn (): string => 'nonsense' );
		self::assertSame( array( "learndash/course:$course" ), array_column( $this->courses()->all(), 'id' ) );
		add_filter( 'tandem_course_providers', static fn () => throw new \RuntimeException( 'x' ) );
		self::assertSame( array( "learndash/course:$course" ), array_column( $this->courses()->all(), 'id' ) );
		self::assertFalse( $this->courses()->exists( 'nobody/1' ) );
		self::assertFalse( $this->courses()->is_enrolled( 1, 'nobody/1' ) );
	}
}
