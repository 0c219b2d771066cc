<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Peer;

use PHPUnit\Framework\Attributes\DataProvider;
use Tandem\Peer\PasswordTest;
use Tandem\Peer\StoredPassword;

/**
 * The test of passwords, as B asks for it.
 */
final class SelfTestTest extends SignedTestCase {

	/**
	 * Hashes of `x` that cost more than any site's own. These are just above what is let through, so that this test ends
	 * where they are tried after all: bcrypt of cost 31 takes days.
	 *
	 * @return array<string, array{string}>
	 */
	public static function costly(): array {
		return array(
			'bcrypt'                       => array( '$2y$16$vwF86DCIh86d/9U85eccBO8GImx9fFKAxwEE5pX6DRvE.Cy.OJUhe' ),
			'WordPress’s bcrypt'           => array( '$wp$2y$16$ay2.ycUQH6b473owDj8y8uTKU1Mvqf4XCtu3mmt8Cu0ffCwA4lVPm' ),
			'phpass'                       => array( '$P$Gabcdefgh' . str_repeat( 'x', 22 ) ),
			'Argon2'                       => array( '$argon2id$v=19$m=140000,t=1,p=1$N1lKL2JINzIzeUc2YXJGaw$Gqp4d4ATo9sxiUgvQ4fR/61mMgpE1fc8VFdBOE8VqFo' ),
			'none of a kind that is known' => array( md5( 'x' ) ),
		);
	}

	#[DataProvider( 'costly' )]
	public function test_a_costly_hash_is_not_even_tried( string $hash ): void {
		$tried                   = $this->tried();
		list( $status, $answer ) = $this->message( $this->keys_of_b, 'self-test', $this->asked( $hash ) );
		self::assertSame( array( 200, false, true ), array( $status, $answer['hash'] ?? null, $answer['sealed'] ?? null ) );
		self::assertNotContains( $hash, (array) $tried );
		self::assertNotSame( array(), (array) $tried, 'The other password was tried.' );
	}

	#[DataProvider( 'costly' )]
	public function test_nor_is_one_in_the_answer_to_a_test_of_ours( string $hash ): void {
		$tried = $this->tried();
		$found = ( new PasswordTest( $this->plugin->keys(), new StoredPassword() ) )->check( $this->asked( $hash ) );
		self::assertSame( array( false, true ), array( $found['hash'], $found['sealed'] ) );
		self::assertNotContains( $hash, (array) $tried );
	}

	public function test_a_hash_of_wordpress_is_tried_and_found_good(): void {
		list( $status, $answer ) = $this->message( $this->keys_of_b, 'self-test', $this->asked( wp_hash_password( 'x' ) ) );
		self::assertSame( array( 200, true, true ), array( $status, $answer['hash'] ?? null, $answer['sealed'] ?? null ) );
	}

	public function test_what_was_found_is_kept_here_too_and_not_only_where_the_owner_pressed_the_button(): void {
		self::assertSame( array(), $this->known()->test );
		$this->message( $this->keys_of_b, 'self-test', $this->asked( '$2y$04$vwF86DCIh86d/9U85eccBO8GImx9fFKAxwEE5pX6DRvE.Cy.OJUhe' ) );
		self::assertSame(
			array(
				'hashIn'   => false,
				'sealedIn' => true,
			),
			$this->known()->test
		);
		self::assertSame(
			array(
				'out' => null,
				'in'  => 'sealed',
			),
			$this->shown()
		);
		list( $status ) = $this->message(
			$this->keys_of_b,
			'notice',
			array(
				'type'   => 'tested',
				'hash'   => true,
				'sealed' => true,
			)
		);
		self::assertSame( 200, $status );
		self::assertSame(
			array(
				'out' => 'hash',
				'in'  => 'sealed',
			),
			$this->shown()
		);
	}

	public function test_a_result_that_is_none_is_not_kept(): void {
		foreach ( array( array(), array( 'hash' => 'yes', 'sealed' => 1 ) ) as $found ) {
			self::assertSame( 400, $this->message( $this->keys_of_b, 'notice', array( 'type' => 'tested' ) + $found )[0] );
		}
		self::assertSame( array(), $this->known()->test );
	}

	/**
	 * What the page says of B's passwords.
	 *
	 * @return array<string, string|null>|null
	 */
	private function shown(): ?array {
		wp_set_current_user( 1 );
		$sites = rest_do_request( new \WP_REST_Request( 'GET', '/tandem/v1/sites' ) )->get_data();
		wp_set_current_user( 0 );
		return $sites[0]['pairing']['passwords'];
	}

	/**
	 * A test as B makes it.
	 *
	 * @param string $hash What it says is the hash of `x`.
	 * @return array{hash: string, sealed: string}
	 */
	private function asked( string $hash ): array {
		$seal = fn ( array $what ): string => $this->plugin->keys()->public_keys()->seal( (string) wp_json_encode( $what ) );
		return array(
			'hash'   => $seal(
				array(
					'plain' => 'x',
					'hash'  => $hash,
				)
			),
			'sealed' => $seal( array( 'plain' => 'y' ) ),
		);
	}

	/**
	 * The hashes that WordPress verifies from now on.
	 *
	 * @return \ArrayObject<int, string>
	 */
	private function tried(): \ArrayObject {
		$tried = new \ArrayObject();
		add_filter(
			'check_password',
			static function ( bool $fits, string $password, string $hash ) use ( $tried ): bool {
				$tried->append( $hash );
				return $fits;
			},
			10,
			3
		);
		return $tried;
	}
}
