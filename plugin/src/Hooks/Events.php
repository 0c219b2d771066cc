<?php
/**
 * What developers may hear of (docs/hooks.md). Whoever listens can't end a delivery or an update: what they throw is
 * noted for Site Health.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Hooks;

use Tandem\Capture\Trouble;
use Tandem\Remote\RemoteSite;
use Tandem\Sync\FieldSet;

final class Events {

	/**
	 * @param Trouble $trouble Where failures are noted.
	 */
	public function __construct( private readonly Trouble $trouble ) {
	}

	/**
	 * A delivery begins.
	 *
	 * @param RemoteSite $site    Where to.
	 * @param int        $user_id Who.
	 * @param FieldSet   $fields  What is brought.
	 */
	public function delivering( RemoteSite $site, int $user_id, FieldSet $fields ): void {
		try {
			/**
			 * Fires before a user is delivered to a site.
			 *
			 * @param array{id: int, name: string, url: string, kind: string} $site The site.
			 * @param int          $user_id User here; one who was deleted does not exist any more.
			 * @param list<string> $fields  Names of the fields that are brought: `*` for all, `deleted` for a deletion.
			 */
			do_action( 'tandem_delivering', Filters::site( $site ), $user_id, $fields->names );
		} catch ( \Throwable $thrown ) {
			$this->trouble->of_hook( 'tandem_delivering', $thrown );
		}
	}

	/**
	 * A delivery has ended, and what came of it is written down.
	 *
	 * @param RemoteSite $site    Where to.
	 * @param int        $user_id Who.
	 * @param FieldSet   $fields  What was brought; what was tried where it did not arrive.
	 * @param string     $result  What came of it, in a word.
	 * @param string     $code    Stable code, '' when all went well.
	 */
	public function delivered( RemoteSite $site, int $user_id, FieldSet $fields, string $result, string $code ): void {
		try {
			/**
			 * Fires after a user was delivered to a site, or was not.
			 *
			 * @param array{id: int, name: string, url: string, kind: string} $site The site.
			 * @param int          $user_id User here.
			 * @param list<string> $fields  Names of the fields that arrived, or were tried.
			 * @param string       $result  `delivered`, `skipped` (nothing to do), `retry`, `unreachable` and `held` (the site is away), `attention` or `confirm` (waits for a decision).
			 * @param string       $code    Why, as in docs/errors.md; '' when there is nothing to say.
			 */
			do_action( 'tandem_delivered', Filters::site( $site ), $user_id, $fields->names, $result, $code );
		} catch ( \Throwable $thrown ) {
			$this->trouble->of_hook( 'tandem_delivered', $thrown );
		}
	}

	/**
	 * A person of a paired site was applied here.
	 *
	 * @param RemoteSite $site    Where they came from.
	 * @param int        $user_id Who it is here.
	 * @param FieldSet   $fields  What was written.
	 * @param string     $action  What was done, in a word.
	 */
	public function received( RemoteSite $site, int $user_id, FieldSet $fields, string $action ): void {
		try {
			/**
			 * Fires after somebody from a paired site was applied here.
			 *
			 * @param array{id: int, name: string, url: string, kind: string} $site The site that they came from.
			 * @param int          $user_id User here; one who was deleted does not exist any more.
			 * @param list<string> $fields  Names of the fields that were written.
			 * @param string       $action  `create`, `link`, `update` or `delete`.
			 */
			do_action( 'tandem_received', Filters::site( $site ), $user_id, $fields->names, $action );
		} catch ( \Throwable $thrown ) {
			$this->trouble->of_hook( 'tandem_received', $thrown );
		}
	}

	/**
	 * Somebody waits for the owner's decision.
	 *
	 * @param RemoteSite $site    Where they could not be brought.
	 * @param int        $user_id Who.
	 * @param string     $code    Why.
	 */
	public function conflict( RemoteSite $site, int $user_id, string $code ): void {
		try {
			/**
			 * Fires when somebody waits for a decision of this site's owner.
			 *
			 * @param array{id: int, name: string, url: string, kind: string} $site The site that they could not be brought to.
			 * @param int    $user_id User here.
			 * @param string $code    Why, as in docs/errors.md.
			 */
			do_action( 'tandem_conflict', Filters::site( $site ), $user_id, $code );
		} catch ( \Throwable $thrown ) {
			$this->trouble->of_hook( 'tandem_conflict', $thrown );
		}
	}
}
