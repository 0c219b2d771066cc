<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Peer;

use Tandem\Peer\Fence;
use Tandem\Peer\Refusals;

/**
 * Application passwords that introduce another site, when nobody is left who would keep them to their one route.
 */
final class FenceTest extends SignedTestCase {

	/**
	 * What an administrator has approved, and nobody has used yet: it stood in an address bar.
	 *
	 * @return string Its UUID.
	 */
	private function approved(): string {
		$made = \WP_Application_Passwords::create_new_application_password(
			1,
			array(
				'name'   => 'Tandem pairing: B',
				'app_id' => Fence::app_id( self::B ),
			)
		);
		self::assertIsArray( $made );
		return $made[1]['uuid'];
	}

	/**
	 * An administrator's own one.
	 *
	 * @return string Its UUID.
	 */
	private function own(): string {
		$made = \WP_Application_Passwords::create_new_application_password( 1, array( 'name' => 'Phone' ) );
		self::assertIsArray( $made );
		return $made[1]['uuid'];
	}

	private function is_there( string $uuid ): bool {
		return null !== \WP_Application_Passwords::get_user_application_password( 1, $uuid );
	}

	public function test_deactivation_leaves_none_that_would_open_everything_from_then_on(): void {
		list( $first, $second, $own ) = array( $this->approved(), $this->approved(), $this->own() );
		do_action( 'deactivate_' . plugin_basename( $this->plugin->file ), false );
		self::assertSame( array( false, false, true ), array( $this->is_there( $first ), $this->is_there( $second ), $this->is_there( $own ) ) );
		self::assertFalse( get_option( Fence::OPTION ) );
	}

	public function test_one_that_nobody_used_is_gone_within_the_hour(): void {
		$fence             = new Fence( new Refusals( $this->plugin->log() ), $this->clock );
		$uuid              = $this->approved();
		$this->clock->now += HOUR_IN_SECONDS - 60;
		$fence->revoke_unused();
		self::assertTrue( $this->is_there( $uuid ) );
		$this->clock->now += 120;
		$fence->revoke_unused();
		self::assertFalse( $this->is_there( $uuid ) );
	}
}
