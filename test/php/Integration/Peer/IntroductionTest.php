<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Peer;

use Tandem\Peer\Introduction;
use Tandem\Remote\Link;
use Tandem\Remote\SiteKind;

/**
 * A site introduces itself with an administrator's word, at an address at which nothing answers in this moment.
 */
final class IntroductionTest extends SignedTestCase {

	/** UUID of a site that is not known. */
	private const STRANGER = 'eeeeeeee-eeee-4eee-8eee-eeeeeeeeeeee';

	/**
	 * It introduces itself with a code.
	 *
	 * @param string $uuid Its UUID.
	 * @param string $url  Where it says that it is.
	 * @return array{int, array<string, mixed>} Status and what was answered.
	 */
	private function introduced( string $uuid, string $url ): array {
		wp_set_current_user( 1 );
		$code = rest_do_request( new \WP_REST_Request( 'POST', '/tandem/v1/pairing-code' ) )->get_data()['code'];
		wp_set_current_user( 0 );
		$keys    = $this->made_keys();
		$site    = (string) wp_json_encode(
			array(
				'uuid'     => $uuid,
				'name'     => 'Who comes',
				'url'      => $url,
				'rest_url' => "$url/wp-json/",
				'keys'     => $this->public_keys( $keys )->to_array(),
				'protocol' => 1,
			)
		);
		$request = new \WP_REST_Request( 'POST', '/tandem/v1/peer/introduce' );
		$request->set_header( 'Content-Type', 'application/json' );
		$request->set_body(
			(string) wp_json_encode(
				array(
					'site'  => $site,
					'code'  => $code,
					'proof' => base64_encode( sodium_crypto_sign_detached( Introduction::proof_text( $uuid, $this->plugin->identity()->uuid(), $site ), sodium_crypto_sign_secretkey( $keys['sign'] ) ) ),
				)
			)
		);
		$response = rest_do_request( $request );
		return array( $response->get_status(), (array) $response->get_data() );
	}

	public function test_it_does_not_take_the_place_of_a_paired_site_that_is_away(): void {
		$id = $this->make_known_user();
		$this->plugin->links()->save( new Link( $this->site->id, $id, 41, 'there', false, 1 ) );
		list( $status, $answer ) = $this->introduced( self::STRANGER, 'https://b.test' );
		self::assertSame( array( 400, 'invalid' ), array( $status, $answer['code'] ?? '' ) );
		self::assertStringContainsString( 'b.test', $answer['message'] );
		self::assertSame( array( self::B, 41 ), array( $this->known()->uuid, $this->plugin->links()->find( $this->site->id, $id )?->remote_id ) );
		self::assertCount( 1, $this->plugin->sites()->all() );
	}

	public function test_nor_of_a_plain_one_with_whose_people_others_here_are_linked(): void {
		$plain = $this->plugin->sites()->add( 'P', 'https://p.test', 'https://p.test/wp-json/', SiteKind::Plain, 'tandem', 1, false, $this->site->settings );
		self::assertSame( 400, $this->introduced( self::STRANGER, 'https://p.test' )[0] );
		self::assertSame( SiteKind::Plain, $this->plugin->sites()->get( $plain->id )->kind );
	}

	public function test_nor_does_a_site_that_is_known_move_to_where_another_one_is(): void {
		$this->plugin->sites()->add( 'P', 'https://p.test', 'https://p.test/wp-json/', SiteKind::Plain, 'tandem', 1, false, $this->site->settings );
		self::assertSame( 400, $this->introduced( self::B, 'https://p.test' )[0] );
		self::assertSame( 'https://b.test', $this->plugin->sites()->get( $this->site->id )->url );
	}

	public function test_at_an_address_of_its_own_it_is_paired_and_waits_for_what_comes(): void {
		list( $status, $answer ) = $this->introduced( self::STRANGER, 'https://behind-a-firewall.test' );
		self::assertSame( array( 200, false ), array( $status, $answer['reachable'] ?? null ) );
		self::assertNotNull( $this->plugin->sites()->find_by_uuid( self::STRANGER ) );
	}
}
