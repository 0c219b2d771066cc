<?php
/**
 * The checklist of "discover" and "test", line by line.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

final class Checklist {

	/** @var list<Check> */
	private array $checks = array();

	/**
	 * It is as it should be.
	 *
	 * @param string $code    What was looked at.
	 * @param string $message What was found.
	 */
	public function pass( string $code, string $message ): void {
		$this->add( $code, CheckState::Pass, $message );
	}

	/**
	 * It works, but not as it should.
	 *
	 * @param string $code    What was looked at.
	 * @param string $message What was found and what to do.
	 */
	public function warn( string $code, string $message ): void {
		$this->add( $code, CheckState::Warn, $message );
	}

	/**
	 * It is in the way.
	 *
	 * @param string $code    What was looked at.
	 * @param string $message What was found and what to do.
	 */
	public function fail( string $code, string $message ): void {
		$this->add( $code, CheckState::Fail, $message );
	}

	/**
	 * All lines.
	 *
	 * @return list<Check>
	 */
	public function checks(): array {
		return $this->checks;
	}

	/**
	 * Whether nothing is in the way.
	 */
	public function is_ok(): bool {
		return null === $this->first_failure();
	}

	/**
	 * What is in the way first, or null.
	 */
	public function first_failure(): ?Check {
		foreach ( $this->checks as $check ) {
			if ( CheckState::Fail === $check->state ) {
				return $check;
			}
		}
		return null;
	}

	/**
	 * Adds a line.
	 *
	 * @param string     $code    What was looked at.
	 * @param CheckState $state   How it came out.
	 * @param string     $message What was found.
	 */
	private function add( string $code, CheckState $state, string $message ): void {
		$this->checks[] = new Check( $code, $state, self::label( $code ), $message );
	}

	/**
	 * What was looked at, for people.
	 *
	 * @param string $code What was looked at.
	 */
	private static function label( string $code ): string {
		return match ( $code ) {
			'address'               => __( 'Address', 'tandem-user-sync' ),
			'reachable'             => __( 'Reachable', 'tandem-user-sync' ),
			'https'                 => __( 'HTTPS', 'tandem-user-sync' ),
			'core'                  => __( 'WordPress', 'tandem-user-sync' ),
			'this_site'             => __( 'Another site', 'tandem-user-sync' ),
			'connected'             => __( 'Connection', 'tandem-user-sync' ),
			'rest'                  => __( 'REST API', 'tandem-user-sync' ),
			'permalinks'            => __( 'Permalinks', 'tandem-user-sync' ),
			'application_passwords' => __( 'Application passwords', 'tandem-user-sync' ),
			'tandem'                => __( 'Tandem', 'tandem-user-sync' ),
			'credential'            => __( 'Stored log-in', 'tandem-user-sync' ),
			'authorization'         => __( 'Log-in arrives', 'tandem-user-sync' ),
			'account'               => __( 'Account', 'tandem-user-sync' ),
			'rights'                => __( 'Rights', 'tandem-user-sync' ),
			'roles'                 => __( 'Right to change roles', 'tandem-user-sync' ),
			'deletions'             => __( 'Deletions', 'tandem-user-sync' ),
			'multisite'             => __( 'Multisite', 'tandem-user-sync' ),
			'clock'                 => __( 'Clock', 'tandem-user-sync' ),
			'passwords'             => __( 'Passwords', 'tandem-user-sync' ),
			'way_back'              => __( 'Way back', 'tandem-user-sync' ),
			'hook'                  => __( 'Test request', 'tandem-user-sync' ),
			'noise'                 => __( 'Clean answers', 'tandem-user-sync' ),
			default                 => $code,
		};
	}
}
