<?php
/**
 * The one place where objects are made and hooks are attached: read it as the table of contents.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem;

use Tandem\Activity\Log;
use Tandem\Database\Connection;
use Tandem\Database\Schema;
use Tandem\Remote\Links;
use Tandem\Remote\Sites;
use Tandem\Security\SiteIdentity;
use Tandem\Security\Vault;
use Tandem\Sync\Outbox;
use Tandem\Time\Clock;

final class Plugin {

	/** The plugin's version, as in the header of its main file. */
	public const VERSION = '0.1.0';

	/** @var array<string, object> What has been made so far: one of each. */
	private array $made = array();

	/**
	 * @param string $file  The plugin's main file.
	 * @param \wpdb  $wpdb  WordPress's database connection.
	 * @param Clock  $clock Time.
	 */
	public function __construct( public readonly string $file, private readonly \wpdb $wpdb, private readonly Clock $clock ) {
	}

	/**
	 * Attaches everything to WordPress.
	 */
	public function attach(): void {
		register_activation_hook( $this->file, fn () => $this->schema()->migrate() );
		add_action( 'plugins_loaded', fn () => $this->schema()->migrate() );
	}

	/**
	 * The database.
	 */
	public function db(): Connection {
		return $this->once( Connection::class, fn () => new Connection( $this->wpdb ) );
	}

	/**
	 * The tables.
	 */
	public function schema(): Schema {
		return $this->once( Schema::class, fn () => new Schema( $this->db(), $this->wpdb ) );
	}

	/**
	 * Makes an object the first time it is asked for.
	 *
	 * @template T of object
	 * @param class-string<T> $name Its class.
	 * @param \Closure(): T   $make Makes it.
	 * @return T
	 */
	private function once( string $name, \Closure $make ): object {
		/** @var T $object */
		$object = $this->made[ $name ] ??= $make();
		return $object;
	}
}
