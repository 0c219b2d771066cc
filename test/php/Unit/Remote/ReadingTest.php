<?php
/**
 * Reading what comes back, and showing it without secrets.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Unit\Remote;

use PHPUnit\Framework\TestCase;
use Tandem\Remote\Cause;
use Tandem\Remote\Excerpt;
use Tandem\Remote\Http\Failure;
use Tandem\Remote\Http\Options;
use Tandem\Remote\Http\Response;
use Tandem\Remote\Json;
use Tandem\Remote\PlainSiteApi;
use Tandem\Remote\ProblemCode;
use Tandem\Remote\ProblemReader;
use Tandem\Remote\RemoteUser;
use Tandem\Sync\OutcomeKind;

final class ReadingTest extends TestCase {

	public function test_json_is_found_behind_noise_only_when_there_is_one_way_to_read_it(): void {
		self::assertSame( array( 'a' => 1 ), Json::read( '{"a":1}' )->value );
		self::assertSame( array( 'a' => 1 ), Json::read( "\xEF\xBB\xBF{\"a\":1}" )->value );
		$read = Json::read( "Warning: x[0] in {main} on line 7\n{\"a\":{\"b\":[1]}}" );
		self::assertSame( array( 'a' => array( 'b' => array( 1 ) ) ), $read->value );
		self::assertSame( "Warning: x[0] in {main} on line 7\n", $read->noise );
		self::assertNull( Json::read( '{"id":1}{"id":2}' )->value );
		self::assertNull( Json::read( '["x"] [{"id":2}]' )->value );
		self::assertNull( Json::read( '{"id":1,"name":"x' )->value );
		self::assertNull( Json::read( 'Warning: x {"id":1} and more' )->value );
		self::assertNull( Json::read( '' )->value );
		self::assertNull( Json::read( str_repeat( '[', 100_000 ) )->value );
	}

	public function test_a_port_where_nothing_listens_is_known_by_what_curl_says_of_it(): void {
		self::assertSame( Failure::Refused, Options::curl_failure( 7, 'Failed to connect' )->failure );
		self::assertSame( Failure::Refused, Options::curl_failure( 55, 'Send failure: Socket not connected' )->failure );
		self::assertSame( Failure::Other, Options::curl_failure( 55, 'Send failure: Broken pipe' )->failure );
	}

	public function test_no_form_of_a_secret_is_shown(): void {
		$secret  = 'pä ss"word&<1>';
		$excerpt = new Excerpt( $secret, 'abcd efgh', 'abcdefgh' );
		foreach ( array( $secret, rawurlencode( $secret ), urlencode( $secret ), base64_encode( $secret ), esc_html( $secret ), (string) json_encode( $secret ), 'abcd efgh', 'abcdefgh' ) as $form ) { // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions, WordPress.WP.AlternativeFunctions -- the forms that it may come back in.
			$line = $excerpt->first_line( "You sent $form to us" );
			self::assertStringStartsWith( 'You sent', $line );
			self::assertStringNotContainsString( trim( $form, '"' ), $line );
			self::assertStringNotContainsString( $secret, $line );
		}
		self::assertStringNotContainsString( 'abcd', print_r( $excerpt, true ) ); // phpcs:ignore WordPress.PHP.DevelopmentFunctions -- as a log would have it.
	}

	public function test_a_line_is_short_and_without_markup(): void {
		$excerpt = new Excerpt();
		self::assertSame( 'Fatal error: x', $excerpt->first_line( "\n<br />\n<b>Fatal error</b>:  x\x07\nmore" ) );
		self::assertSame( '502 Bad Gateway', $excerpt->first_line( '<html><head><title>502 Bad Gateway</title></head><body>nginx</body>' ) );
		self::assertSame( '', $excerpt->first_line( '<script>alert(1)</script>' ) );
		self::assertSame( 160, mb_strlen( $excerpt->first_line( str_repeat( 'ä', 500 ) ) ) );
		self::assertSame( 'a?b', $excerpt->first_line( "a\xffb" ) );
	}

	public function test_waiting_times_of_any_kind(): void {
		$reader = new ProblemReader( 'B', 'admin', new Excerpt() );
		$wait   = static fn ( string $value, string $date = '' ): ?int => $reader->of_response( new Response( 503, array( 'retry-after' => $value, 'date' => $date ), '' ), 'https://b.test', null )->retry_after; // phpcs:ignore WordPress.Arrays -- short.
		self::assertSame( 120, $wait( '120' ) );
		// By its own clock, which is a year off.
		self::assertSame( 60, $wait( 'Fri, 31 Dec 1999 23:59:59 GMT', 'Fri, 31 Dec 1999 23:58:59 GMT' ) );
		self::assertSame( 0, $wait( 'Fri, 31 Dec 1999 23:59:59 GMT' ) );
		self::assertSame( DAY_IN_SECONDS, $wait( '999999999999' ) );
		self::assertNull( $wait( '-5' ) );
		self::assertNull( $wait( '' ) );
	}

	public function test_every_code_says_a_sentence_of_its_own_and_what_it_means(): void {
		$sentences = array();
		foreach ( ProblemCode::cases() as $code ) {
			$sentence = $code->sentence( 'Site B', 'DETAIL' );
			self::assertStringContainsString( 'Site B', $sentence );
			self::assertDoesNotMatchRegularExpression( '/%\d?\$?[sd]/', $sentence );
			$sentences[] = $sentence;
			self::assertContains( $code->kind(), array( OutcomeKind::Unreachable, OutcomeKind::Held, OutcomeKind::Attention, OutcomeKind::Confirm, OutcomeKind::Delivered ) );
		}
		self::assertSame( count( $sentences ), count( array_unique( $sentences ) ) );
	}

	public function test_every_code_has_a_few_words_of_its_own(): void {
		$words = array_map( static fn ( ProblemCode $code ): string => Cause::sentence( $code->value ), ProblemCode::cases() );
		self::assertSame( count( $words ), count( array_unique( $words ) ) );
		foreach ( array( ...$words, Cause::sentence( 'filter_failed' ), Cause::sentence( 'not_active' ), Cause::sentence( 'internal_error' ) ) as $sentence ) {
			self::assertMatchesRegularExpression( '/^\S+ .*[^.]$/u', $sentence );
			// As much as a choice shows in a narrow dialog.
			self::assertLessThanOrEqual( 52, mb_strlen( $sentence ), $sentence );
		}
		self::assertSame( 'of_a_later_version', Cause::sentence( 'of_a_later_version' ) );
	}

	public function test_the_list_for_people_is_the_list_of_the_code(): void {
		$text = (string) file_get_contents( dirname( __DIR__, 4 ) . '/docs/errors.md' ); // phpcs:ignore WordPress.WP.AlternativeFunctions -- a file of the project.
		// What stands in the report of a backfill that fetches is no problem of a site or a delivery.
		$text = (string) preg_replace( '/^## A backfill that fetches people\n.*?(?=^## )/ms', '', $text );
		preg_match_all( '/^\| `([a-z_]+)` \|/m', $text, $documented );
		self::assertEqualsCanonicalizing( array_map( static fn ( ProblemCode $code ): string => $code->value, ProblemCode::cases() ), $documented[1] );
	}

	public function test_addresses_of_routes_in_both_forms(): void {
		self::assertSame( 'https://b.test/wp-json/wp/v2/users?search=a%2Bb%40c&search_columns%5B%5D=email', PlainSiteApi::address( 'https://b.test/wp-json/', 'wp/v2/users', array( 'search' => 'a+b@c', 'search_columns[]' => 'email' ) ) ); // phpcs:ignore WordPress.Arrays -- short.
		self::assertSame( 'https://b.test/?rest_route=/wp/v2/users&page=2', PlainSiteApi::address( 'https://b.test/?rest_route=/', 'wp/v2/users', array( 'page' => 2 ) ) );
		self::assertSame( 'https://b.test/wp-json/', PlainSiteApi::address( 'https://b.test/wp-json', '', array() ) );
	}

	public function test_an_account_without_what_tells_an_administrator_is_none(): void {
		$whole = array(
			'id'           => 5,
			'username'     => 'anna',
			'email'        => 'Anna@b.test',
			'roles'        => array( 'subscriber' ),
			'capabilities' => array( 'read' => true ),
		);
		self::assertNotNull( RemoteUser::from( $whole ) );
		foreach ( array_keys( $whole ) as $key ) {
			self::assertNull( RemoteUser::from( array_diff_key( $whole, array( $key => 1 ) ) ), $key );
		}
		self::assertNull( RemoteUser::from( array( 'id' => '5' ) + $whole ) );
		self::assertNull( RemoteUser::from( array( 'id' => 0 ) + $whole ) );
		self::assertNull( RemoteUser::from( null ) );
	}

	public function test_powers_that_are_switched_off_are_none(): void {
		$user = RemoteUser::from(
			array(
				'id'           => 5,
				'username'     => 'anna',
				'email'        => 'anna@b.test',
				'roles'        => array( 'editor' ),
				'capabilities' => array(
					'promote_users'   => false,
					'unfiltered_html' => true,
				),
			)
		);
		self::assertFalse( $user?->is_privileged() );
	}

	public function test_only_the_whole_address_is_the_address(): void {
		$user = RemoteUser::from( array( 'id' => 5, 'username' => 'anna', 'email' => 'kate@b.test', 'roles' => array(), 'capabilities' => array() ) ); // phpcs:ignore WordPress.Arrays -- short.
		self::assertTrue( $user?->has_email( 'KATE@B.test' ) );
		foreach ( array( '', 'ate@b.test', 'kate@b.test ', "\u{212A}ate@b.test", 'káte@b.test' ) as $other ) {
			self::assertFalse( $user->has_email( $other ), $other );
		}
	}
}
