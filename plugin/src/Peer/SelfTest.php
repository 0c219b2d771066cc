<?php
/**
 * Keeps on both sites what a test of passwords has found, whichever of the two has asked for it.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Remote\RemoteSite;
use Tandem\Remote\Sites;

final class SelfTest {

	/**
	 * @param PasswordTest $test  Tries passwords.
	 * @param Sites        $sites Remote sites.
	 */
	public function __construct( private readonly PasswordTest $test, private readonly Sites $sites ) {
	}

	/**
	 * Tries what a paired site has made for this one, and makes the same for that one.
	 *
	 * @param RemoteSite              $from Who asks.
	 * @param array<array-key, mixed> $body As `PasswordTest::make()` gave it there.
	 * @return array{hash: bool, sealed: bool, test: array{hash: string, sealed: string}|null}
	 */
	public function take( RemoteSite $from, array $body ): array {
		$found = $this->test->check( $body );
		$this->keep(
			$from,
			array(
				'hashIn'   => $found['hash'],
				'sealedIn' => $found['sealed'],
			)
		);
		return $found + array( 'test' => null === $from->pairing ? null : $this->test->make( $from->pairing->keys ) );
	}

	/**
	 * What a paired site has found of the passwords that this one had made for it. It knows best what works there, and
	 * says nothing by this that it could not say in its description.
	 *
	 * @param RemoteSite              $from Who says it.
	 * @param array<array-key, mixed> $body `hash`, `sealed`.
	 * @throws MessageRefused When they are not there.
	 */
	public function found( RemoteSite $from, array $body ): void {
		if ( ! is_bool( $body['hash'] ?? null ) || ! is_bool( $body['sealed'] ?? null ) ) {
			throw new MessageRefused( MessageCode::Invalid, __( 'It does not say what was found.', 'tandem-user-sync' ) );
		}
		$this->keep(
			$from,
			array(
				'hashOut'   => $body['hash'],
				'sealedOut' => $body['sealed'],
			)
		);
	}

	/**
	 * Keeps it.
	 *
	 * @param RemoteSite          $from  The other site.
	 * @param array<string, bool> $found What was found, as in `Pairing::$test`.
	 */
	private function keep( RemoteSite $from, array $found ): void {
		$pairing = $this->sites->find( $from->id )?->pairing;
		if ( null !== $pairing && array_merge( $pairing->test, $found ) !== $pairing->test ) {
			$this->sites->set_pairing( $from->id, $pairing->with( array( 'test' => array_merge( $pairing->test, $found ) ) ) );
		}
	}
}
