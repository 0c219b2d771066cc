<?php
/**
 * That something of ours failed while a visitor saved a user. The save went on; Site Health tells the owner.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Capture;

use Tandem\Admin\SiteHealth;
use Tandem\Time\Clock;

final class Trouble {

	/** Whether this request has noted something. Once is enough. */
	private bool $noted = false;

	/**
	 * @param Clock $clock Time.
	 */
	public function __construct( private readonly Clock $clock ) {
	}

	/**
	 * Notes a failure: its kind and place, never a value.
	 *
	 * @param \Throwable $failure What happened.
	 */
	public function note( \Throwable $failure ): void {
		$this->write( $failure, '' );
	}

	/**
	 * Notes that somebody who listens to one of our hooks failed.
	 *
	 * @param string     $hook    Its name.
	 * @param \Throwable $failure What they threw.
	 */
	public function of_hook( string $hook, \Throwable $failure ): void {
		$this->write( $failure, $hook );
	}

	/**
	 * Writes it down.
	 *
	 * @param \Throwable $failure What happened.
	 * @param string     $hook    Hook in which it happened, '' for none.
	 */
	private function write( \Throwable $failure, string $hook ): void {
		if ( $this->noted ) {
			return;
		}
		$this->noted = true;
		try {
			update_option(
				SiteHealth::TROUBLE,
				array(
					'at'      => $this->clock->now(),
					'hook'    => $hook,
					'message' => ( new \ReflectionClass( $failure ) )->getShortName() . ', ' . basename( $failure->getFile() ) . ':' . $failure->getLine(),
				),
				false
			);
		} catch ( \Throwable ) {
			// The database is away altogether: then WordPress itself says so.
			return;
		}
	}
}
