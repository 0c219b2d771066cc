<?php
/**
 * Whoever wants somebody else's account there by way of a backfill.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Backfill;

final class TakeoverTest extends BackfillTestCase {

	public function test_who_takes_a_strangers_address_between_preview_and_run_does_not_get_their_account(): void {
		$thief             = $this->person( 'thief', 'thief@a.test' );
		$victim            = $this->account( 'victim', 'victim@b.test' );
		$backfill          = $this->preview();
		$this->clock->now += 60;
		$this->new_request();
		wp_update_user(
			array(
				'ID'         => $thief,
				'user_email' => 'victim@b.test',
			)
		);
		$this->plugin->recorder()->flush();
		$this->plugin->outbox()->discard( (int) $this->plugin->outbox()->find_for( $this->site->id, $thief )?->id );
		$this->run_to_the_end( $backfill );
		self::assertNull( $this->plugin->links()->find_by_remote( $this->site->id, $victim ) );
	}
}
