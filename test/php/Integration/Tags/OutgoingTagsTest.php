<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Tags;

use Tandem\Remote\Link;
use Tandem\Remote\Pairing;
use Tandem\Remote\PeerPayload;
use Tandem\Remote\Recognition;
use Tandem\Remote\AddressChanges;
use Tandem\Remote\SiteKind;
use Tandem\Security\PublicKeys;
use Tandem\Sync\Decision;
use Tandem\Sync\Delivery;
use Tandem\Sync\FieldSet;
use Tandem\Tests\Integration\Peer\PeerTestCase;

/**
 * Tags on their way to a paired site.
 */
final class OutgoingTagsTest extends PeerTestCase {

	/**
	 * What is sent of somebody.
	 *
	 * @param int       $id       User here.
	 * @param FieldSet  $due      What is due.
	 * @param Link|null $link     Who they are there.
	 * @param list<string> $features What the other site understands.
	 * @return array<string, mixed> Values of the fields that are tags.
	 */
	private function sent( int $id, FieldSet $due, ?Link $link, array $features = array( 'tags' ) ): array {
		$keys = PublicKeys::from(
			array(
				'sign' => base64_encode( str_repeat( 's', 32 ) ),
				'box'  => base64_encode( str_repeat( 'b', 32 ) ),
			)
		);
		self::assertNotNull( $keys );
		$pairing = new Pairing( self::B, $keys, features: $features );
		$this->plugin->sites()->set_pairing( $this->site->id, $pairing );
		$site     = $this->plugin->sites()->get( $this->site->id );
		$state    = $this->plugin->reader()->read( $this->account( $id ) );
		$record   = $this->plugin->records()->settle( $state, $due->names, null );
		$delivery = new Delivery( $site, $id, $state, $due, null, $link, new Decision(), null, static function (): void {} );
		$payload  = new PeerPayload( $delivery, $pairing, $record, new Recognition( $delivery, $this->plugin->links(), new AddressChanges( $this->clock ) ) );
		$fields   = (array) $payload->of_user( $state, '' )['fields'];
		return array_map( static fn ( array $field ): mixed => $field['v'], array_filter( $fields, FieldSet::is_tag( ... ), ARRAY_FILTER_USE_KEY ) );
	}

	private function known( int $id ): Link {
		return new Link( $this->site->id, $id, 41, 'there', false, 1 );
	}

	public function test_what_has_changed_goes_given_or_taken(): void {
		$id = $this->linked();
		tandem_add_tag( $id, array( 'vip', 'old' ) );
		$this->end_request();
		tandem_remove_tag( $id, 'old' );
		$this->end_request();
		self::assertSame( array( 'tag:vip' => '1', 'tag:old' => null ), $this->sent( $id, new FieldSet( 'tag:vip', 'tag:old' ), $this->known( $id ) ) );
		self::assertSame( array( 'tag:old' => null ), $this->sent( $id, new FieldSet( 'tag:old' ), $this->known( $id ) ) );
		self::assertSame( array( 'tag:vip' => '1', 'tag:old' => null ), $this->sent( $id, new FieldSet( FieldSet::TAGS ), $this->known( $id ) ) );
		self::assertSame( array( 'tag:vip' => '1', 'tag:old' => null ), $this->sent( $id, new FieldSet( 'first_name' ), null ), 'A person who is not known there goes whole.' );
		self::assertSame( array(), $this->sent( $id, new FieldSet( 'first_name' ), $this->known( $id ) ) );
	}

	public function test_a_site_that_does_not_know_tags_is_sent_none(): void {
		$id = $this->linked();
		tandem_add_tag( $id, 'vip' );
		$this->end_request();
		self::assertSame( array(), $this->sent( $id, new FieldSet( FieldSet::ALL ), null, array( 'users', 'accounts' ) ) );
		self::assertFalse( $this->plugin->sites()->get( $this->site->id )->sends( 'tag:vip' ) );
		tandem_add_tag( $id, 'other' );
		self::assertNotContains( 'tag:other', $this->due( $id ) );
		self::assertContains( 'tag:other', $this->due( $id, $this->other ) );
	}

	public function test_a_plain_site_is_sent_none(): void {
		$plain = $this->plugin->sites()->add( 'P', 'https://p.test', 'https://p.test/wp-json/', SiteKind::Plain, 'x', 1, false, $this->site->settings );
		self::assertFalse( $plain->sends( FieldSet::TAGS ) );
		self::assertFalse( $plain->sends( 'tag:vip' ) );
	}

	public function test_a_developer_may_keep_a_tag_here(): void {
		$id = $this->linked();
		tandem_add_tag( $id, array( 'vip', 'internal' ) );
		$this->end_request();
		add_filter(
			'tandem_payload',
			static function ( array $values ): array {
				unset( $values['tag:internal'] );
				return $values;
			}
		);
		$state   = $this->plugin->reader()->read( $this->account( $id ) );
		$payload = \Tandem\Hooks\Filters::payload( $state, $this->site );
		self::assertSame( array( 'vip' ), $payload->tags );
	}

	public function test_the_owners_word_makes_every_tag_here_the_newest(): void {
		$id = $this->linked();
		add_user_meta( $id, 'tandem_tag', 'vip' );
		$this->end_request();
		$state = $this->plugin->reader()->read( $this->account( $id ) );
		$this->plugin->records()->renew( $state, array( FieldSet::TAGS => $this->stamp( 50 ) ) );
		self::assertTrue( $this->plugin->records()->find( $id )?->stamp( 'tag:vip' )->is_newer_than( $this->stamp( 50 ) ) );
	}
}
