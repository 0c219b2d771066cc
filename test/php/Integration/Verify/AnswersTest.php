<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Verify;

use Tandem\Database\Connection;
use Tandem\Peer\MessageRefused;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteSettings;
use Tandem\Security\ProtectedAccounts;
use Tandem\Sync\FieldSet;
use Tandem\Sync\UserState;
use Tandem\Tests\Integration\Peer\PeerTestCase;
use Tandem\Verify\Agreement;
use Tandem\Verify\Answers;
use Tandem\Verify\Bringing;
use Tandem\Verify\People;
use Tandem\Verify\Strays;

/**
 * What a paired site that compares is told, and what it is not.
 */
final class AnswersTest extends PeerTestCase {

	private const NONCE = 'ffffffffffffffffffffffffffffffff';

	/** @var list<array{int, list<string>}> What other sites were told. */
	private array $news = array();

	private function answers(): Answers {
		$people = new People( new Connection( $GLOBALS['wpdb'] ), $this->plugin->reader() );
		return new Answers(
			$people,
			new Strays( $people ),
			$this->plugin->links(),
			$this->plugin->records(),
			$this->plugin->outbox(),
			new ProtectedAccounts(),
			new Bringing(
				$this->plugin->records(),
				$this->plugin->outbox(),
				$this->plugin->reader(),
				function ( int $user_id, FieldSet $fields ): void {
					$this->news[] = array( $user_id, $fields->names );
				}
			),
			static function (): void {}
		);
	}

	/**
	 * B asks about digests.
	 *
	 * @param array<string, mixed> $question What.
	 * @param RemoteSite|null      $from     B when null.
	 * @return array<string, mixed>
	 */
	private function ask( array $question, ?RemoteSite $from = null ): array {
		$from ??= $this->plugin->sites()->get( $this->site->id );
		return json_decode(
			(string) wp_json_encode(
				$this->answers()->digests(
					$from,
					$question + array(
						'nonce' => self::NONCE,
						'offer' => Agreement::offer( $from ),
					)
				)
			),
			true
		);
	}

	/**
	 * @return array<string, mixed> What B is told of its account.
	 */
	private function told_of( int $ref, array $more = array() ): array {
		return $this->ask( array( 'about' => 'fields', 'refs' => array( $ref ) ) + $more )['people'][0];
	}

	private function whole(): string {
		return $this->ask( array( 'about' => 'ranges', 'ranges' => array( array( 0, People::END ) ) ) )['ranges'][0][1];
	}

	public function test_only_people_who_are_linked_with_the_site_that_asks_are_told(): void {
		$this->make_known_user();
		$id = $this->linked();
		$this->link( $id, 900, $this->other );
		$range = array( array( 0, People::END ) );
		self::assertSame( 1, $this->ask( array( 'about' => 'ranges', 'ranges' => $range ) )['ranges'][0][0] );
		self::assertSame( array( 41 ), array_column( $this->ask( array( 'about' => 'people', 'ranges' => $range ) )['ranges'][0]['people'], 0 ) );
		self::assertSame( $id, $this->told_of( 41 )['id'] );
		self::assertSame( array( 'ref' => 900, 'id' => null ), $this->told_of( 900 ), 'That is its number on the other site.' );
		self::assertSame( array( 'ref' => $id, 'id' => null ), $this->told_of( $id ) );
	}

	public function test_only_fields_that_travel_are_told_and_never_a_value(): void {
		$id = $this->linked( array( 'first_name' => 'Wilhelmine', 'user_pass' => 'secret password' ) );
		update_user_meta( $id, 'billing_phone', '0123456789' );
		update_user_meta( $id, 'private_note', 'nobody else' );
		$fields = $this->told_of( 41 )['fields'];
		self::assertSame( array( 'user_email', 'first_name', 'last_name', 'display_name', 'nickname', 'user_url', 'description', 'locale', 'roles', 'tags', 'password', 'uid' ), array_keys( $fields ), 'B does not let this site write the phone number: it offers what it knows.' );
		$offer = array( 'accepts' => array( 'meta:billing_phone', 'meta:private_note', 'user_pass', 'first_name' ) );
		$told  = $this->told_of( 41, array( 'offer' => $offer ) );
		self::assertSame( array( 'first_name', 'meta:billing_phone', 'uid' ), array_keys( $told['fields'] ) );
		$text = (string) wp_json_encode( array( $told, $this->told_of( 41 ) ) );
		foreach ( array( 'Wilhelmine', '0123456789', 'nobody else', $this->account( $id )->user_pass, 'maria' ) as $secret ) {
			self::assertStringNotContainsString( $secret, $text );
		}
	}

	public function test_a_digest_is_of_no_use_for_another_question(): void {
		$this->linked( array( 'first_name' => 'Maria' ) );
		$one = $this->told_of( 41 )['fields']['first_name'];
		self::assertSame( $one, $this->told_of( 41 )['fields']['first_name'] );
		self::assertNotSame( $one, $this->told_of( 41, array( 'nonce' => str_repeat( 'e', 32 ) ) )['fields']['first_name'] );
	}

	public function test_what_is_compared_changes_the_digest_and_what_is_not_does_not(): void {
		global $wpdb;
		$id    = $this->linked( array( 'first_name' => 'Maria' ) );
		$whole = $this->whole();
		update_user_meta( $id, 'private_note', 'x' );
		$wpdb->update( $wpdb->users, array( 'user_pass' => '$wp$2y$12$renewed at a log-in' ), array( 'ID' => $id ) );
		( new \WP_User( $id ) )->add_cap( 'some_capability' );
		self::assertSame( $whole, $this->whole() );
		$wpdb->update( $wpdb->usermeta, array( 'meta_value' => 'Anna' ), array( 'user_id' => $id, 'meta_key' => 'first_name' ) );
		self::assertNotSame( $whole, $this->whole() );
	}

	public function test_roles_that_may_not_travel_are_not_compared(): void {
		add_role( 'of_this_site_only', 'Of this site only' );
		$id    = $this->linked();
		$whole = $this->whole();
		( new \WP_User( $id ) )->add_role( 'of_this_site_only' );
		self::assertSame( $whole, $this->whole() );
		( new \WP_User( $id ) )->set_role( 'of_this_site_only' );
		self::assertTrue( $this->told_of( 41 )['hides_roles'] );
		remove_role( 'of_this_site_only' );
	}

	public function test_of_somebody_who_is_not_sent_there_nothing_is_told(): void {
		$one   = $this->linked( array( 'role' => 'administrator' ) );
		$whole = $this->whole();
		update_user_meta( $one, 'first_name', 'Somebody Else' );
		self::assertSame( $whole, $this->whole(), 'Whatever they are called.' );
		self::assertSame( array( 'ref', 'id', 'sent', 'protected', 'waiting' ), array_keys( $this->told_of( 41 ) ) );
		self::assertFalse( $this->told_of( 41 )['sent'] );
	}

	public function test_of_a_field_that_comes_from_the_site_that_asks_only_nothing_is_told(): void {
		$id = $this->linked();
		update_user_meta( $id, 'loyalty_card', '4711' );
		$this->plugin->sites()->set_policy( $this->site->id, array( 'metaList' => array( 'loyalty_card' ) ) );
		$offer = array( 'sends' => array( 'meta:loyalty_card', 'first_name' ), 'accepts' => array( 'first_name' ) );
		self::assertSame( array( 'first_name', 'uid' ), array_keys( $this->told_of( 41, array( 'offer' => $offer ) )['fields'] ) );
		$whole = $this->ask( array( 'about' => 'ranges', 'offer' => $offer, 'ranges' => array( array( 0, People::END ) ) ) );
		update_user_meta( $id, 'loyalty_card', '4712' );
		self::assertSame( $whole, $this->ask( array( 'about' => 'ranges', 'offer' => $offer, 'ranges' => array( array( 0, People::END ) ) ) ) );
	}

	public function test_who_is_on_their_way_says_so(): void {
		$id = $this->linked();
		self::assertFalse( $this->told_of( 41 )['waiting'] );
		$this->plugin->outbox()->enqueue( $this->site->id, $id, new FieldSet( 'first_name' ) );
		self::assertTrue( $this->told_of( 41 )['waiting'] );
	}

	public function test_a_range_that_holds_too_many_people_ends_earlier(): void {
		self::assertSame( array( array( 'to' => 50, 'people' => array() ), array( 'to' => People::END, 'people' => array() ) ), $this->ask( array( 'about' => 'people', 'ranges' => array( array( 0, 50 ), array( 50, People::END ) ) ) )['ranges'] );
	}

	/**
	 * @dataProvider nonsense
	 * @param array<string, mixed> $question What is asked.
	 */
	public function test_nonsense_is_refused( array $question ): void {
		$this->expectException( MessageRefused::class );
		$this->ask( $question );
	}

	/**
	 * @return array<string, list<array<string, mixed>>>
	 */
	public static function nonsense(): array {
		return array(
			'nothing'         => array( array() ),
			'a short number'  => array( array( 'about' => 'strays', 'nonce' => 'ff' ) ),
			'no ranges'       => array( array( 'about' => 'ranges' ) ),
			'too many ranges' => array( array( 'about' => 'ranges', 'ranges' => array_fill( 0, 51, array( 0, 1 ) ) ) ),
			'half a range'    => array( array( 'about' => 'people', 'ranges' => array( array( 0 ) ) ) ),
			'too many people' => array( array( 'about' => 'fields', 'refs' => range( 1, 201 ) ) ),
			'no number'       => array( array( 'about' => 'fields', 'refs' => array( '1' ) ) ),
		);
	}

	/**
	 * B asks for people.
	 *
	 * @param array<string, mixed> ...$people Who.
	 * @return list<string>
	 */
	private function repair( array ...$people ): array {
		return $this->answers()->repair( $this->plugin->sites()->get( $this->site->id ), array( 'people' => array_values( $people ) ) )['results'];
	}

	public function test_a_repair_brings_what_sql_has_changed_and_tells_every_site(): void {
		global $wpdb;
		$id = $this->linked( array( 'first_name' => 'Maria' ) );
		$wpdb->delete( $wpdb->prefix . 'tandem_users', array( 'user_id' => $id ) );
		$this->plugin->records()->settle( UserState::of( $this->account( $id ) ), array(), null );
		$wpdb->update( $wpdb->usermeta, array( 'meta_value' => 'Anna' ), array( 'user_id' => $id, 'meta_key' => 'first_name' ) );
		clean_user_cache( $id );
		self::assertSame( array( 'queued' ), $this->repair( array( 'ref' => 41, 'fields' => array( 'first_name', 'last_name', '*', 'deleted', 'meta:private_note' ) ) ) );
		self::assertSame( array( 'first_name' ), $this->row( $id )->fields->names ?? array(), 'A field that was never changed would become a change.' );
		self::assertSame( array( array( $id, array( 'first_name' ) ) ), $this->news );
	}

	public function test_who_is_not_linked_with_that_site_or_not_sent_there_is_not_brought(): void {
		$this->link( $this->make_known_user(), 7, $this->other );
		$this->link( $this->make_known_user( array( 'role' => 'administrator' ) ), 8 );
		self::assertSame( array( 'refused', 'refused' ), $this->repair( array( 'ref' => 7 ), array( 'ref' => 8 ) ) );
		self::assertSame( 0, $this->plugin->outbox()->counts( $this->site->id )->waiting );
	}

	public function test_somebody_who_is_gone_there_goes_whole(): void {
		$id = $this->linked();
		self::assertSame( array( 'queued' ), $this->repair( array( 'ref' => 41 ) ) );
		self::assertSame( array( '*', 'password' ), $this->row( $id )->fields->names ?? array() );
		self::assertNull( $this->plugin->links()->find( $this->site->id, $id ) );
	}

	public function test_a_repair_never_fills_the_queue(): void {
		for ( $i = 1; $i <= 500; $i++ ) {
			$this->plugin->outbox()->enqueue( $this->site->id, 100_000 + $i, new FieldSet( 'roles' ) );
		}
		$this->linked();
		self::assertSame( array( 'later' ), $this->repair( array( 'ref' => 41 ) ) );
	}

	public function test_strays_are_counted_who_came_after_the_connection_and_are_neither_linked_nor_waiting(): void {
		$later  = gmdate( 'Y-m-d H:i:s', $this->site->connected_at + 10 );
		$before = gmdate( 'Y-m-d H:i:s', $this->site->connected_at - 10 );
		$this->make_known_user( array( 'user_registered' => $before ) );
		$this->make_known_user( array( 'user_registered' => $later ) );
		$this->linked( array( 'user_registered' => $later ) );
		$this->make_known_user(
			array(
				'user_registered' => $later,
				'role'            => 'administrator',
			)
		);
		$this->plugin->outbox()->enqueue( $this->site->id, $this->make_known_user( array( 'user_registered' => $later ) ), new FieldSet( FieldSet::ALL ) );
		self::assertSame( 1, $this->ask( array( 'about' => 'strays' ) )['count'] );
	}

	public function test_what_only_one_site_offers_is_not_agreed(): void {
		$site = $this->plugin->sites()->get( $this->site->id );
		$ours = Agreement::between( array(), $site );
		self::assertSame( array(), $ours->fields() );
		$this->plugin->sites()->set_settings( $site->id, SiteSettings::from_array( array( 'fields' => array( 'first_name' ), 'meta' => array() ), $site->settings ) );
		$this->plugin->sites()->set_policy( $site->id, array( 'update' => false, 'roles' => false, 'password' => false ) );
		self::assertSame( array( 'first_name' ), Agreement::between( Agreement::offer( $site ), $this->plugin->sites()->get( $site->id ) )->fields() );
		self::assertSame( array(), Agreement::answered( array( 'out' => array( 'last_name', 'meta:x' ) ), $this->plugin->sites()->get( $site->id ) )->fields() );
	}
}
