<?php
/**
 * The incoming webhooks. There are few: the page reads all at once.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Webhook;

use Tandem\Database\Connection;
use Tandem\Database\Failure;
use Tandem\Time\Clock;

final class Hooks {

	private const COLUMNS = 'id, slug, name, state, secret, access_key, settings, last_request, last_at, taken, created_at';

	/**
	 * @param Connection $db    Database.
	 * @param Clock      $clock Time.
	 */
	public function __construct( private readonly Connection $db, private readonly Clock $clock ) {
	}

	/**
	 * All, oldest first.
	 *
	 * @return list<Hook>
	 * @throws Failure When the database fails.
	 */
	public function all(): array {
		return array_map( self::value( ... ), $this->db->rows( 'SELECT ' . self::COLUMNS . ' FROM %i ORDER BY id', $this->table() ) );
	}

	/**
	 * One.
	 *
	 * @param int $id Webhook.
	 * @throws HookNotFound When there is none.
	 */
	public function get( int $id ): Hook {
		return $this->first( 'id = %d', $id ) ?? throw new HookNotFound( $id );
	}

	/**
	 * The one at an address, or null.
	 *
	 * @param string $slug What the address ends with.
	 */
	public function find_by_slug( string $slug ): ?Hook {
		return $this->first( 'slug = %s', $slug );
	}

	/**
	 * The one that a key of the compatible form opens, or null.
	 *
	 * @param string $fingerprint Of the key.
	 */
	public function find_by_access_key( string $fingerprint ): ?Hook {
		return '' === $fingerprint ? null : $this->first( 'access_key = %s', $fingerprint );
	}

	/**
	 * Adds one that listens, without its secret: that is sealed for the id which it gets here.
	 *
	 * @param string       $name     Its name.
	 * @param HookSettings $settings What the owner decided.
	 */
	public function add( string $name, HookSettings $settings ): Hook {
		$this->db->execute(
			"INSERT INTO %i (slug, name, state, secret, settings, last_request, created_at) VALUES (%s, %s, %s, '', %s, '', %d)",
			$this->table(),
			bin2hex( random_bytes( 16 ) ),
			$name,
			HookState::Listening->value,
			(string) wp_json_encode( $settings->to_array() ),
			$this->clock->now()
		);
		return $this->get( $this->db->insert_id() );
	}

	/**
	 * Stores what the owner decided.
	 *
	 * @param int          $id       Webhook.
	 * @param string       $name     Its name.
	 * @param HookState    $state    What it does.
	 * @param HookSettings $settings Decisions.
	 */
	public function change( int $id, string $name, HookState $state, HookSettings $settings ): void {
		$this->db->execute( 'UPDATE %i SET name = %s, state = %s, settings = %s WHERE id = %d', $this->table(), $name, $state->value, (string) wp_json_encode( $settings->to_array() ), $id );
	}

	/**
	 * Stores sealed secrets.
	 *
	 * @param int    $id     Webhook.
	 * @param string $sealed Sealed secrets.
	 */
	public function set_secret( int $id, string $sealed ): void {
		$this->db->execute( 'UPDATE %i SET secret = %s WHERE id = %d', $this->table(), $sealed, $id );
	}

	/**
	 * Stores the fingerprint of a key of the compatible form.
	 *
	 * @param int    $id          Webhook.
	 * @param string $fingerprint Fingerprint; '' takes the form away.
	 */
	public function set_access_key( int $id, string $fingerprint ): void {
		$this->db->execute( 'UPDATE %i SET access_key = %s WHERE id = %d', $this->table(), $fingerprint, $id );
	}

	/**
	 * Counts a request, unless there were too many in this minute. One statement, so that any number of web heads count
	 * together.
	 *
	 * @param Hook $hook The webhook.
	 * @return bool Whether it may go on.
	 */
	public function may_go_on( Hook $hook ): bool {
		$minute = intdiv( $this->clock->now(), MINUTE_IN_SECONDS );
		return 1 === $this->db->execute(
			'UPDATE %i SET rate_count = CASE WHEN rate_minute = %d THEN rate_count + 1 ELSE 1 END, rate_minute = %d WHERE id = %d AND ( rate_minute <> %d OR rate_count < %d )',
			$this->table(),
			$minute,
			$minute,
			$hook->id,
			$minute,
			$hook->settings->per_minute
		);
	}

	/**
	 * Keeps a request, in the place of the one before.
	 *
	 * @param int    $id     Webhook.
	 * @param string $sealed Sealed request; '' to forget it.
	 */
	public function set_last_request( int $id, string $sealed ): void {
		$this->db->execute( 'UPDATE %i SET last_request = %s, last_at = %d WHERE id = %d', $this->table(), $sealed, '' === $sealed ? 0 : $this->clock->now(), $id );
	}

	/**
	 * Counts somebody who was made or changed.
	 *
	 * @param int $id Webhook.
	 */
	public function count_taken( int $id ): void {
		$this->db->execute( 'UPDATE %i SET taken = taken + 1 WHERE id = %d', $this->table(), $id );
	}

	/**
	 * Forgets requests that came before a time.
	 *
	 * @param int $before Unix seconds.
	 */
	public function forget_requests( int $before ): void {
		$this->db->execute( "UPDATE %i SET last_request = '', last_at = 0 WHERE last_at > 0 AND last_at < %d", $this->table(), $before );
	}

	/**
	 * Switches all off: this is a copy of another site, and their secrets are that one's.
	 */
	public function switch_off(): void {
		$this->db->execute( "UPDATE %i SET state = %s, access_key = ''", $this->table(), HookState::Off->value );
	}

	/**
	 * Removes one. People whom it has made stay.
	 *
	 * @param int $id Webhook.
	 */
	public function remove( int $id ): void {
		$this->db->execute( 'DELETE FROM %i WHERE hook_id = %d', $this->db->table( 'hook_answers' ), $id );
		$this->db->execute( 'DELETE FROM %i WHERE id = %d', $this->table(), $id );
	}

	/**
	 * The first that fits, or null.
	 *
	 * @param literal-string $where Condition with one place.
	 * @param int|string     $value Its value.
	 */
	private function first( string $where, int|string $value ): ?Hook {
		$row = $this->db->row( 'SELECT ' . self::COLUMNS . " FROM %i WHERE $where", $this->table(), $value );
		return null === $row ? null : self::value( $row );
	}

	/**
	 * Turns a row into a value.
	 *
	 * @param array<string, string|null> $row Row.
	 */
	private static function value( array $row ): Hook {
		$settings = json_decode( (string) $row['settings'], true );
		return new Hook(
			(int) $row['id'],
			(string) $row['slug'],
			(string) $row['name'],
			HookState::tryFrom( (string) $row['state'] ) ?? HookState::Off,
			(string) $row['secret'],
			(string) $row['access_key'],
			HookSettings::from_array( is_array( $settings ) ? $settings : array() ),
			(string) $row['last_request'],
			(int) $row['last_at'],
			(int) $row['taken'],
			(int) $row['created_at']
		);
	}

	/**
	 * The table's name.
	 */
	private function table(): string {
		return $this->db->table( 'hooks' );
	}
}
