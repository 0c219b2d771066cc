<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Peer;

use Tandem\Remote\SiteState;

/**
 * What a stolen key is worth after its owner has replaced it: nothing, from the moment on in which this site knows the new one.
 */
final class KeysTest extends SignedTestCase {

	private const ASK = array(
		'after' => 0,
		'limit' => 1,
	);

	public function test_who_has_stolen_the_key_before_can_not_replace_the_one_after(): void {
		list( $old, $new, $thief ) = array( $this->keys_of_b, $this->made_keys(), $this->made_keys() );
		self::assertSame( 200, $this->message( $old, 'accounts', self::ASK )[0] );
		self::assertSame( 200, $this->tell_keys( $old, $new )[0] );

		list( $status, $answer ) = $this->tell_keys( $old, $thief );
		self::assertSame( array( 403, 'unknown_key' ), array( $status, $answer['code'] ?? '' ) );
		self::assertSame( $this->public_keys( $new )->id(), $this->known()->keys->id(), 'The thief’s keys are not B’s.' );
		self::assertSame( 200, $this->message( $new, 'accounts', self::ASK )[0], 'B is not locked out,' );
		self::assertSame( 403, $this->message( $thief, 'accounts', self::ASK )[0], 'and the thief is.' );
		$this->clock->now += 2 * DAY_IN_SECONDS;
		self::assertSame( 200, $this->message( $new, 'accounts', self::ASK )[0], 'B still is not.' );
	}

	public function test_the_key_before_signs_nothing_any_more(): void {
		list( $old, $new ) = array( $this->keys_of_b, $this->made_keys() );
		$this->tell_keys( $old, $new );
		$messages = array(
			array( 'accounts', self::ASK ),
			array( 'users', array( 'users' => array() ) ),
			array( 'notice', array( 'type' => 'unpaired' ) ),
			array(
				'notice',
				array(
					'type'     => 'moved',
					'url'      => 'https://thief.test',
					'rest_url' => 'https://thief.test/wp-json/',
				),
			),
		);
		foreach ( $messages as list( $route, $body ) ) {
			list( $status, $answer ) = $this->message( $old, $route, $body );
			self::assertSame( array( 403, 'unknown_key' ), array( $status, $answer['code'] ?? '' ), "$route " . wp_json_encode( $body ) );
		}
		$site = $this->plugin->sites()->get( $this->site->id );
		self::assertSame( array( SiteState::Connected, 'https://b.test' ), array( $site->state, $site->url ) );
	}

	public function test_a_notice_that_comes_again_changes_nothing(): void {
		list( $old, $new ) = array( $this->keys_of_b, $this->made_keys() );
		$this->tell_keys( $old, $new );
		// Its answer was lost: B tells it once more, by the key that must be known by now.
		self::assertSame( 200, $this->tell_keys( $new, $new )[0] );
		self::assertSame( $this->public_keys( $new )->id(), $this->known()->keys->id() );
	}

	public function test_new_keys_must_want_to_be_b_s(): void {
		$public                  = $this->public_keys( $this->made_keys() )->to_array();
		list( $status, $answer ) = $this->message(
			$this->keys_of_b,
			'notice',
			array(
				'type'  => 'keys',
				'keys'  => $public,
				'proof' => base64_encode( random_bytes( 64 ) ),
			)
		);
		self::assertSame( array( 403, 'bad_signature' ), array( $status, $answer['code'] ?? '' ) );
		self::assertSame( $this->public_keys( $this->keys_of_b )->id(), $this->known()->keys->id() );
	}
}
