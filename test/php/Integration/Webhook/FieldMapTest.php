<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Webhook;

use PHPUnit\Framework\Attributes\DataProvider;
use Tandem\Tests\TestCase;
use Tandem\Webhook\Body;
use Tandem\Webhook\FieldMap;
use Tandem\Webhook\TurnedAway;

/**
 * What automators and CRMs send becomes a person, without code.
 */
final class FieldMapTest extends TestCase {

	/**
	 * A body as it comes from somewhere.
	 *
	 * @param string $name Name of a file.
	 */
	public static function body( string $name ): Body {
		$raw = (string) file_get_contents( dirname( __DIR__, 3 ) . "/fixtures/webhooks/$name" );
		return Body::of( self::request( trim( $raw ), str_ends_with( $name, '.json' ) ? 'application/json' : 'application/x-www-form-urlencoded' ) );
	}

	private static function request( string $raw, string $type ): \WP_REST_Request {
		$request = new \WP_REST_Request( 'POST', '/tandem/v1/hooks/x' );
		$request->set_header( 'Content-Type', $type );
		$request->set_body( $raw );
		if ( str_contains( $type, 'urlencoded' ) ) {
			parse_str( $raw, $form );
			$request->set_body_params( $form );
		}
		return $request;
	}

	/**
	 * A map, of a list that is short to write.
	 *
	 * @param array<string, string> $from Texts by field.
	 */
	private static function map( array $from ): FieldMap {
		return FieldMap::from_array(
			array_map(
				static fn ( string $field, string $text ): array => array(
					'field' => $field,
					'from'  => $text,
				),
				array_keys( $from ),
				$from
			)
		);
	}

	/**
	 * Bodies, maps, and what they come to.
	 *
	 * @return array<string, array{string, array<string, string>, array<string, string|list<string>>}>
	 */
	public static function senders(): array {
		return array(
			'Zapier, JSON'                      => array(
				'zapier.json',
				array(
					'user_email' => '{email}',
					'first_name' => '{first_name}',
					'tags'       => 'zap, {plan}',
				),
				array(
					'user_email' => 'bryan@zapier.example',
					'first_name' => 'Bryan',
					'tags'       => array( 'zap', 'gold' ),
				),
			),
			'Make, nested, a list of objects'   => array(
				'make.json',
				array(
					'user_email'   => '{customer.email}',
					'display_name' => '{customer.name.first} {customer.name.last}',
					'tags'         => '{order.items.*.sku}',
					'meta:order'   => 'No. {order.number}',
					'roles'        => 'subscriber',
				),
				array(
					'user_email'   => 'ines@make.example',
					'display_name' => 'Inés Núñez',
					'tags'         => array( 'course-1', 'course-2' ),
					'meta:order'   => 'No. 1042',
					'roles'        => array( 'subscriber' ),
				),
			),
			'n8n, a list of words'              => array(
				'n8n.json',
				array(
					'user_email' => '{body.user.mail}',
					'tags'       => '{body.groups}',
				),
				array(
					'user_email' => 'kenji@n8n.example',
					'tags'       => array( 'sailors', 'beginners' ),
				),
			),
			'Uncanny Automator, a form'         => array(
				'uncanny-automator.txt',
				array(
					'user_email' => '{user_email}',
					'user_login' => '{username}',
					'tags'       => '{course}',
				),
				array(
					'user_email' => 'ken@automator.example',
					'user_login' => 'kensmith',
					'tags'       => array( 'Knots & Sails' ),
				),
			),
			'ActiveCampaign, a form with parts' => array(
				'activecampaign.txt',
				array(
					'user_email' => '{contact.email}',
					'tags'       => '{contact.tags}',
					'meta:age'   => '{contact.fields.age_group}',
				),
				array(
					'user_email' => 'john.doe@active.example',
					'tags'       => array( 'tag1', 'tag2' ),
					'meta:age'   => '60+',
				),
			),
			'FluentCRM, titles of tags'         => array(
				'fluentcrm.json',
				array(
					'user_email'     => '{email}',
					'tags'           => '{tags.*.title}',
					'meta:boat_name' => '{custom_values.boat_name}',
				),
				array(
					'user_email'     => 'lena@fluent.example',
					'tags'           => array( 'Gold', 'Early bird' ),
					'meta:boat_name' => 'Möwe',
				),
			),
		);
	}

	/**
	 * @param array<string, string>              $map      Texts by field.
	 * @param array<string, string|list<string>> $expected Values by field.
	 */
	#[DataProvider( 'senders' )]
	public function test_what_automators_and_crms_send_is_mapped_without_code( string $file, array $map, array $expected ): void {
		$person = self::map( $map )->person( self::body( $file ) );
		self::assertSame( array(), $person->no_text );
		self::assertSame( $expected, $person->values );
	}

	#[DataProvider( 'senders' )]
	public function test_every_path_that_is_shown_can_be_used( string $file ): void {
		$body = self::body( $file );
		self::assertNotSame( array(), $body->leaves() );
		foreach ( $body->leaves() as $path => $shown ) {
			self::assertNotNull( $body->at( (string) $path ), "$path is shown as $shown" );
		}
	}

	public function test_paths(): void {
		$body = new Body( array( 'a.b' => array( 'c' => 1 ), 'a' => array( 'b' => 2 ), 'list' => array( 'x', 'y' ), 'rows' => array( array( 'n' => 'one' ), array( 'm' => 'none' ), array( 'n' => 'two' ) ), 'no' => null, 'yes' => true ) );
		self::assertSame( 1, $body->at( 'a.b.c' ), 'The longest key that fits.' );
		self::assertSame( 'y', $body->at( 'list.1' ) );
		self::assertSame( array( 'one', 'two' ), $body->at( 'rows.*.n' ) );
		self::assertNull( $body->at( 'rows.9.n' ) );
		self::assertNull( $body->at( 'a.b.c.d' ) );
		self::assertSame( array( 'a.b.c', 'a.b', 'list', 'rows.*.n', 'rows.*.m', 'no', 'yes' ), array_keys( $body->leaves() ) );
		self::assertSame( 'x, y', $body->leaves()['list'] );
		self::assertSame( 'one, two', $body->leaves()['rows.*.n'] );
	}

	public function test_a_list_or_an_object_in_the_place_of_a_text_is_none(): void {
		$body   = new Body( array( 'email' => array( 'a@a.test', 'b@b.test' ), 'name' => array( 'first' => 'A' ), 'tags' => array( array( 'title' => 'x' ) ), 'role' => array( 'administrator' => true ) ) );
		$person = self::map( array( 'user_email' => '{email}', 'first_name' => '{name}', 'tags' => '{tags}', 'roles' => '{role}' ) )->person( $body );
		self::assertSame( array( 'user_email', 'first_name', 'tags' ), $person->no_text );
		self::assertSame( '', $person->email() );
		self::assertSame( array( 'true' ), $person->roles(), 'A role of that name does not exist.' );
	}

	public function test_nothing_is_mapped_onto_passwords_rights_and_sessions(): void {
		foreach ( array( 'password', 'user_pass', 'ID', 'role', 'wp_capabilities', 'meta:wp_capabilities', 'meta:WP_Capabilities', 'meta:session_tokens', 'meta:wp_user_level', 'meta:tandem_tag', 'meta:user_pass', 'meta:', 'meta:default_password_nag', 'user_activation_key' ) as $field ) {
			self::assertFalse( FieldMap::is_field( $field ), $field );
			self::assertFalse( self::map( array( $field => 'x' ) )->has( $field ), $field );
		}
		self::assertTrue( FieldMap::is_field( 'meta:billing_phone' ) );
	}

	public function test_what_did_not_come_is_not_part_of_the_person(): void {
		$person = self::map( array( 'user_email' => '{email}', 'first_name' => '{nowhere}', 'tags' => '{nowhere}' ) )->person( new Body( array( 'email' => 'a@a.test' ) ) );
		self::assertSame( array( 'user_email' ), array_keys( $person->values ) );
	}

	/**
	 * Bodies that are not read.
	 *
	 * @return array<string, array{string, string, string, int}>
	 */
	public static function bad_bodies(): array {
		return array(
			'no JSON'         => array( '{"a":', 'application/json', 'hook_unreadable', 400 ),
			'a word'          => array( '"a"', 'application/json', 'hook_unreadable', 400 ),
			'XML'             => array( '<a>b</a>', 'text/xml', 'hook_unreadable', 400 ),
			'too long'        => array( '{"a":"' . str_repeat( 'x', Body::MOST_BYTES ) . '"}', 'application/json', 'hook_too_large', 413 ),
			'too deep'        => array( str_repeat( '[', 50 ) . str_repeat( ']', 50 ), 'application/json', 'hook_unreadable', 400 ),
			'too many'        => array( (string) json_encode( range( 1, 501 ) ), 'application/json', 'hook_too_large', 413 ), // phpcs:ignore WordPress.WP.AlternativeFunctions -- as it would come.
			'another charset' => array( 'email=%FF%FE', 'application/x-www-form-urlencoded', 'hook_unreadable', 400 ),
		);
	}

	#[DataProvider( 'bad_bodies' )]
	public function test_a_body_that_can_t_be_read_or_is_too_large( string $raw, string $type, string $code, int $status ): void {
		try {
			Body::of( self::request( $raw, $type ) );
			self::fail( 'It was read.' );
		} catch ( TurnedAway $turned ) {
			self::assertSame( array( $code, $status ), array( $turned->reason, $turned->status ) );
			self::assertGreaterThan( 20, strlen( $turned->getMessage() ) );
		}
	}

	public function test_a_form_with_parts_is_measured_by_its_length(): void {
		$request = new \WP_REST_Request( 'POST', '/tandem/v1/hooks/x' );
		$request->set_header( 'Content-Type', 'multipart/form-data; boundary=x' );
		$request->set_header( 'Content-Length', (string) ( Body::MOST_BYTES + 1 ) );
		$request->set_body_params( array( 'email' => 'a@a.test' ) );
		$this->expectExceptionMessageMatches( '/longer than/' );
		Body::of( $request );
	}
}
