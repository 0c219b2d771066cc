<?php
/**
 * What a message says of a person, read.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Peer;

use PHPUnit\Framework\Attributes\DataProvider;
use Tandem\Peer\Claim;
use Tandem\Peer\IncomingUser;
use Tandem\Peer\Invalid;
use Tandem\Peer\UserResult;
use Tandem\Security\Unreadable;

final class IncomingUserTest extends PeerTestCase {

	/** Messages that the random test makes. */
	private const MESSAGES = 3000;

	public function test_a_message_is_read_as_the_protocol_says(): void {
		$user = IncomingUser::from_array( json_decode( '{ "ref": 41, "uid": "3f0c0000-0000-4000-8000-000000000000", "id": 12, "login": "maria", "registered_at": 1750000000, "claim": "backfill", "create_as": null, "link_with": null, "deleted": null, "fields": { "user_email": { "v": "maria@example.org", "s": "1760000000123-bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb" }, "meta:x": { "v": null, "s": "1760000000123-bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb" } }, "password": { "s": "1760000000124-bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb", "sealed": "xyz" } }', true ), static fn ( string $sealed ): string => (string) wp_json_encode( array( 'k' => 'plain', 'v' => "opened $sealed" ) ) );
		self::assertSame( array( 41, '3f0c0000-0000-4000-8000-000000000000', 12, 'maria', 1750000000, Claim::Backfill, null, 0, null ), array( $user->ref, $user->uid, $user->id, $user->login, $user->registered_at, $user->claim, $user->create_as, $user->link_with, $user->deleted ) );
		self::assertSame( 'maria@example.org', $user->email() );
		self::assertSame( array( 'user_email', 'meta:x', 'password' ), array_keys( $user->stamps() ) );
		self::assertSame( 'opened xyz', $user->password?->value() );
	}

	/**
	 * @param array<string, mixed> $wrong What is wrong.
	 */
	#[DataProvider( 'wrong_parts' )]
	public function test_what_is_not_as_the_protocol_says_is_invalid( array $wrong ): void {
		$this->expectException( Invalid::class );
		IncomingUser::from_array( $wrong + $this->newcomer() );
	}

	/**
	 * @return list<array{array<string, mixed>}>
	 */
	public static function wrong_parts(): array {
		$stamp = '1760000000123-' . self::B;
		$field = static fn ( mixed $field, string $name = 'x' ): array => array( 'fields' => array( $name => $field ) );
		return array_map(
			static fn ( array $wrong ): array => array( $wrong ),
			array(
				array( 'ref' => 0 ),
				array( 'ref' => -1 ),
				array( 'ref' => '41' ),
				array( 'ref' => 1e30 ),
				array( 'ref' => null ),
				array( 'uid' => 'x' ),
				array( 'uid' => strtoupper( self::B ) ),
				array( 'uid' => self::B . "\n" ),
				array( 'uid' => null ),
				array( 'other_uids' => 'x' ),
				array( 'other_uids' => array( 'x' ) ),
				array( 'other_uids' => array_fill( 0, 51, self::B ) ),
				array( 'deleted' => '1760000000123-' . self::B, 'email' => 7 ),
				array( 'id' => -5 ),
				array( 'login' => null ),
				array( 'login' => str_repeat( 'x', 1001 ) ),
				array( 'login' => array( 'maria' ) ),
				array( 'login' => "\xff" ),
				array( 'claim' => 'owner' ),
				array( 'claim' => true ),
				array( 'create_as' => 5 ),
				array( 'link_with' => 'x' ),
				array( 'deleted' => 'yesterday' ),
				array( 'deleted' => false ),
				array( 'deleted' => '9999999999999-' . self::B ),
				array( 'fields' => null === $stamp ? array() : 'x' ),
				array( 'fields' => array_fill( 0, 1001, array( 'v' => 1, 's' => $stamp ) ) ),
				$field( 'x' ),
				$field( array( 'v' => 1 ) ),
				$field( array( 's' => $stamp ) ),
				$field( array( 'v' => 1, 's' => 5 ) ),
				$field( array( 'v' => 1, 's' => "$stamp " ) ),
				$field( array( 'v' => 1, 's' => '9999999999999-' . self::B ) ),
				$field( array( 'v' => 1, 's' => $stamp ), '' ),
				$field( array( 'v' => 1, 's' => $stamp ), 'password' ),
				$field( array( 'v' => 1, 's' => $stamp ), str_repeat( 'x', 300 ) ),
				$field( array( 'v' => new \stdClass(), 's' => $stamp ) ),
				array( 'password' => 'x' ),
				array( 'password' => array( 's' => $stamp ) ),
				array( 'password' => array( 'sealed' => 'x' ) ),
				array( 'password' => array( 's' => $stamp, 'k' => 'plain', 'v' => 'not sealed' ) ),
			)
		);
	}

	public function test_a_password_that_can_not_be_opened_is_one_all_the_same(): void {
		foreach ( array( null, static fn (): ?string => null, static fn (): string => throw new Unreadable( 'x' ), static fn (): string => 'garbage', static fn (): string => '{"k":"plain"}', static fn (): string => '{"k":"magic","v":"x"}', static fn (): string => '{"k":"plain","v64":"***"}', static fn (): string => '[[[[[[]]]]]]' ) as $open ) {
			$user = IncomingUser::from_array( array( 'password' => array( 's' => (string) $this->stamp(), 'sealed' => 'x' ) ) + $this->newcomer(), $open );
			self::assertFalse( $user->password?->is_readable() );
		}
	}

	/**
	 * Anything.
	 *
	 * @param int $depth How deep it may be.
	 */
	private static function whatever( int $depth = 3 ): mixed {
		switch ( mt_rand( 0, $depth > 0 ? 13 : 10 ) ) {
			case 0:
				return null;
			case 1:
				return (bool) mt_rand( 0, 1 );
			case 2:
				return mt_rand( -5, 50 );
			case 3:
				return PHP_INT_MAX - mt_rand( 0, 1 );
			case 4:
				return mt_rand() / 7;
			case 5:
				// Not random_bytes(): a seed that was printed makes the same message again.
				return implode( '', array_map( static fn (): string => chr( mt_rand( 0, 255 ) ), array_fill( 0, mt_rand( 1, 12 ), 0 ) ) );
			case 6:
				return (string) mt_rand();
			case 7:
				return '1760000000123-' . self::B;
			case 8:
				return array( self::B, 'maria', 'maria@b.test', 'administrator', 'O:8:"stdClass":0:{}', "a\0b", '' )[ mt_rand( 0, 6 ) ];
			case 9:
				return array( 'registered', 'backfill', 'older', 'plain', 'hash' )[ mt_rand( 0, 4 ) ];
			case 10:
				return str_repeat( 'ž', mt_rand( 0, 600 ) );
			default:
				$list = array();
				for ( $i = mt_rand( 0, 4 ); $i > 0; $i-- ) {
					$list[ mt_rand( 0, 1 ) ? array( 'v', 's', 'user_email', 'roles', 'meta:wp_capabilities', 'sealed', 'first_name', 'meta:billing_phone' )[ mt_rand( 0, 7 ) ] : mt_rand( 0, 3 ) ] = self::whatever( $depth - 1 );
				}
				return $list;
		}
	}

	public function test_random_messages_are_read_or_invalid_and_never_anything_else(): void {
		$seed = mt_rand();
		mt_srand( $seed );
		$parts = array_keys( $this->newcomer() );
		$read  = 0;
		for ( $i = 0; $i < self::MESSAGES; $i++ ) {
			$message = $this->newcomer();
			foreach ( array_rand( array_flip( $parts ), mt_rand( 2, 4 ) ) as $part ) {
				$message[ $part ] = self::whatever();
			}
			try {
				IncomingUser::from_array( $message, static fn (): string => (string) wp_json_encode( self::whatever(), JSON_PARTIAL_OUTPUT_ON_ERROR ) );
				++$read;
			} catch ( Invalid $invalid ) {
				self::assertNotSame( '', $invalid->getMessage() );
			} catch ( \Throwable $other ) {
				self::fail( "Seed $seed: " . $other );
			}
		}
		self::assertGreaterThan( 0, $read );
		self::assertLessThan( self::MESSAGES, $read );
	}

	public function test_random_fields_are_applied_or_not_and_nothing_ever_breaks(): void {
		$seed = mt_rand();
		mt_srand( $seed );
		$this->decide_policy( array( 'metaList' => array( 'billing_phone' ), 'removalsPerHour' => 100000 ) );
		$id = $this->linked();
		for ( $i = 0; $i < 150; $i++ ) {
			$fields = array();
			foreach ( array( 'user_email', 'first_name', 'display_name', 'nickname', 'user_url', 'description', 'locale', 'roles', 'meta:billing_phone', 'meta:wp_capabilities' ) as $name ) {
				if ( mt_rand( 0, 2 ) === 0 ) {
					$fields[ $name ] = self::whatever();
				}
			}
			$result = $this->receive( $this->password( mt_rand( 0, 1 ) ? 'plain' : 'hash', (string) wp_json_encode( self::whatever(), JSON_PARTIAL_OUTPUT_ON_ERROR ), $this->stamp( $i + 1 ) ) + $this->person( $fields, array(), $this->stamp( $i + 1 ) ) );
			self::assertContains( $result->result, array( UserResult::UPDATED, UserResult::EQUAL ), "Seed $seed, message $i: {$result->code}" );
			$user = $this->account( $id );
			self::assertSame( array(), array_diff( $user->roles, array( 'subscriber' ) ), "Seed $seed" );
			self::assertSame( $user->user_email, is_email( $user->user_email ) );
		}
	}
}
