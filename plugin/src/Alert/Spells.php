<?php
/**
 * Since when each site has been in trouble, and whether the owner was told: one option. Written only if nobody else
 * has written it meanwhile, so that of any number of workers one sends the mail.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Alert;

use Tandem\Database\Connection;

final class Spells {

	/** Name of the option. */
	private const OPTION = 'tandem_alerts';

	/** What it holds when all is well. */
	private const NONE = '{}';

	/** What was read, as it lies there. */
	private string $read = self::NONE;

	/**
	 * @param Connection $db Database.
	 */
	public function __construct( private readonly Connection $db ) {
	}

	/**
	 * The sites in trouble.
	 *
	 * @return array<int, array{since: int, told: bool}> By the site's id; since when, Unix seconds.
	 */
	public function read(): array {
		$found = $this->db->value( 'SELECT option_value FROM %i WHERE option_name = %s', $this->db->options(), self::OPTION );
		if ( null === $found ) {
			add_option( self::OPTION, self::NONE, '', false );
		}
		$this->read = $found ?? self::NONE;
		$known      = json_decode( $this->read, true );
		$spells     = array();
		foreach ( is_array( $known ) ? $known : array() as $id => $spell ) {
			$spells[ (int) $id ] = array(
				'since' => (int) ( $spell['since'] ?? 0 ),
				'told'  => (bool) ( $spell['told'] ?? false ),
			);
		}
		return $spells;
	}

	/**
	 * Writes what has become of it.
	 *
	 * @param array<int, array{since: int, told: bool}> $spells The sites in trouble.
	 * @return bool Whether this process has written it; false when another was faster.
	 */
	public function write( array $spells ): bool {
		$now = (string) wp_json_encode( (object) $spells );
		if ( $now === $this->read ) {
			return true;
		}
		$has_written = 1 === $this->db->execute( 'UPDATE %i SET option_value = %s WHERE option_name = %s AND option_value = %s', $this->db->options(), $now, self::OPTION, $this->read );
		$this->read  = $has_written ? $now : $this->read;
		return $has_written;
	}
}
