<?php
/**
 * The adapters of other plugins: they are hooked in where they override something, and asked for their own fields.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Hooks;

use Tandem\Capture\Trouble;
use Tandem\Contract\Adapter;
use Tandem\Contract\Site;
use Tandem\Remote\SiteSettings;

final class Adapters {

	/** The filter by which they come. */
	public const FILTER = 'tandem_adapters';

	/** Filters and actions by the method that is called: their name, and where the site stands among the arguments. */
	private const HOOKS = array(
		'syncs_user'  => array( 'tandem_sync_user', 2 ),
		'sent_fields' => array( 'tandem_sync_fields', 1 ),
		'payload'     => array( 'tandem_payload', 2 ),
		'delivering'  => array( 'tandem_delivering', 0 ),
		'delivered'   => array( 'tandem_delivered', 0 ),
		'received'    => array( 'tandem_received', 0 ),
		'conflict'    => array( 'tandem_conflict', 0 ),
	);

	/** @var array<string, Adapter> Who has a field, by its key. */
	private array $owners = array();

	/** @var array<string, string> What it is called, by its key. */
	private array $labels = array();

	/**
	 * @param Trouble $trouble Where failures are noted.
	 */
	public function __construct( private readonly Trouble $trouble ) {
	}

	/**
	 * Asks who has brought one, and hooks them in. Of two that claim one field the first has it.
	 */
	public function attach(): void {
		try {
			/**
			 * Filters the adapters (docs/hooks.md). Asked once, in `init`.
			 *
			 * @param list<\Tandem\Contract\Adapter> $adapters Adapters.
			 */
			$adapters = apply_filters( 'tandem_adapters', array() );
			foreach ( is_array( $adapters ) ? $adapters : array() as $adapter ) {
				if ( $adapter instanceof Adapter ) {
					$this->hook_in( $adapter );
					$this->take_fields( $adapter );
				}
			}
		} catch ( \Throwable $thrown ) {
			$this->trouble->of_hook( self::FILTER, $thrown );
		}
	}

	/**
	 * Who reads and writes a field, or null: then it is user meta.
	 *
	 * @param string $key Its key.
	 */
	public function owner( string $key ): ?Adapter {
		return $this->owners[ $key ] ?? null;
	}

	/**
	 * Fields of adapters.
	 *
	 * @return array<string, string> What they are called, by their keys.
	 */
	public function labels(): array {
		return $this->labels;
	}

	/**
	 * Hooks an adapter in where it overrides something.
	 *
	 * @param Adapter $adapter The adapter.
	 */
	private function hook_in( Adapter $adapter ): void {
		foreach ( self::HOOKS as $method => list( $hook, $place ) ) {
			if ( Adapter::class === ( new \ReflectionMethod( $adapter, $method ) )->getDeclaringClass()->getName() ) {
				continue;
			}
			$call = \Closure::fromCallable( array( $adapter, $method ) );
			add_filter(
				$hook,
				static function ( mixed ...$values ) use ( $call, $place ): mixed {
					$sites = array_splice( $values, $place, 1 );
					return $call( ...array( ...$values, Site::from_array( $sites[0] ) ) );
				},
				10,
				5
			);
		}
	}

	/**
	 * Notes which fields an adapter has. Those that nobody may send are left out.
	 *
	 * @param Adapter $adapter The adapter.
	 */
	private function take_fields( Adapter $adapter ): void {
		foreach ( $adapter->fields() as $key => $label ) {
			$key = (string) $key;
			if ( SiteSettings::is_meta_key_allowed( $key ) && ! isset( $this->owners[ $key ] ) ) {
				$this->owners[ $key ] = $adapter;
				$this->labels[ $key ] = (string) $label;
			}
		}
	}
}
