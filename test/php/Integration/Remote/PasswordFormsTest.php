<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Remote;

use PHPUnit\Framework\Attributes\DataProvider;
use Tandem\Remote\AddressChanges;
use Tandem\Remote\Link;
use Tandem\Remote\Pairing;
use Tandem\Remote\PeerPayload;
use Tandem\Remote\Recognition;
use Tandem\Remote\SiteSettings;
use Tandem\Security\PlainPassword;
use Tandem\Security\PublicKeys;
use Tandem\Sync\Decision;
use Tandem\Sync\Delivery;
use Tandem\Sync\FieldSet;
use Tandem\Tests\Integration\Peer\PeerTestCase;

/**
 * In which form a password goes to a paired site: what the test has found decides, and what the owner has chosen.
 */
final class PasswordFormsTest extends PeerTestCase {

	private const WORKS  = array(
		'hashOut'   => true,
		'sealedOut' => true,
	);
	private const SEALED = array(
		'hashOut'   => false,
		'sealedOut' => true,
	);
	private const NONE   = array(
		'hashOut'   => false,
		'sealedOut' => false,
	);

	/**
	 * What the test found, what the owner has chosen, what goes of a new password (with what is kept of it until then),
	 * and what goes of one that was set long ago.
	 *
	 * @return array<string, array{array<string, bool>, string, string, string|null, string|null}>
	 */
	public static function cases(): array {
		$stored = PeerPayload::STORED;
		$sealed = PeerPayload::SEALED;
		return array(
			'not tested'                     => array( array(), 'auto', $sealed, 'hash', 'hash' ),
			'works'                          => array( self::WORKS, 'auto', $stored, 'hash', 'hash' ),
			'works, the owner wants sealed'  => array( self::WORKS, 'plain', $sealed, 'plain', null ),
			'only sealed works'              => array( self::SEALED, 'auto', $sealed, 'plain', null ),
			'only sealed works, not allowed' => array( self::SEALED, 'hash', $stored, null, null ),
			'nothing works'                  => array( self::NONE, 'auto', $sealed, 'plain', null ),
			'only what comes was tested'     => array( array( 'hashIn' => false ), 'auto', $sealed, 'hash', 'hash' ),
		);
	}

	/**
	 * @param array<string, bool> $test  What the test found.
	 * @param string              $form  What the owner has chosen.
	 * @param string              $kept  How what is kept of it until then begins.
	 * @param string|null         $new   What goes of a new password.
	 * @param string|null         $older What goes of one that was set before.
	 */
	#[DataProvider( 'cases' )]
	public function test_the_form( array $test, string $form, string $kept, ?string $new, ?string $older ): void {
		$box  = sodium_crypto_box_keypair();
		$keys = PublicKeys::of( str_repeat( 's', 32 ), sodium_crypto_box_publickey( $box ) );
		// It looks like one that the other site understands: a pepper is not seen.
		$hash = '$2y$04$vwF86DCIh86d/9U85eccBO8GImx9fFKAxwEE5pX6DRvE.Cy.OJUhe';
		$this->plugin->sites()->set_pairing( $this->site->id, new Pairing( self::B, $keys, hashes: array( 'bcrypt', 'wp-bcrypt' ), test: $test ) );
		$this->plugin->sites()->set_settings( $this->site->id, SiteSettings::from_array( array( 'passwordForm' => $form ) ) );
		$site = $this->plugin->sites()->get( $this->site->id );
		$id   = $this->linked();
		$does = $this->plugin->recorder()->sealed( $site, $id, new PlainPassword( 'a new one' ) );
		self::assertSame( $kept, substr( $does, 0, 3 ) );

		$goes = function ( FieldSet $due, string $sealed, ?Link $link ) use ( $site, $id, $hash, $box ): array {
			$state    = $this->plugin->reader()->read( $this->account( $id ) );
			$record   = $this->plugin->records()->settle( $state, array(), $hash );
			$delivery = new Delivery( $site, $id, $state, $due, null, $link, new Decision(), null, static function (): void {}, $sealed );
			$payload  = new PeerPayload( $delivery, $site->pairing, $record, new Recognition( $delivery, $this->plugin->links(), new AddressChanges( $this->clock ) ) );
			$password = $payload->of_user( $state, $hash )['password'];
			return array( null === $password ? null : json_decode( (string) sodium_crypto_box_seal_open( base64_decode( $password['sealed'] ), $box ), true ), $payload->warnings );
		};

		list( $sent, $warnings ) = $goes( new FieldSet( FieldSet::PASSWORD ), $does, new Link( $site->id, $id, 41, 'there', false, 1 ) );
		self::assertSame( array( $new, null === $new ), array( $sent['k'] ?? null, array() !== $warnings ), 'Where a new one can’t go, that is said.' );
		if ( null !== $sent ) {
			self::assertSame( 'plain' === $new ? 'a new one' : $hash, $sent['v'] );
		}
		list( $sent, $warnings ) = $goes( new FieldSet( FieldSet::ALL ), '', null );
		self::assertSame( array( $older, array() ), array( $sent['k'] ?? null, $warnings ) );
	}
}
