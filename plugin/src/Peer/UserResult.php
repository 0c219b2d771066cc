<?php
/**
 * What came of one person of a message: docs/protocol.md, "A result".
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

final class UserResult {

	public const CREATED = 'created';
	public const UPDATED = 'updated';
	public const EQUAL   = 'equal';
	public const DELETED = 'deleted';
	public const WAITING = 'waiting';
	public const REFUSED = 'refused';
	public const GONE    = 'gone';
	public const UNKNOWN = 'unknown';

	/**
	 * @param string                    $result   One of the above.
	 * @param int                       $ref      The sender's id for the person.
	 * @param string                    $code     Of `UserCode`, or ''.
	 * @param string                    $message  The sentence for it.
	 * @param int                       $id       The account here, or 0.
	 * @param string                    $uid      The person's uid here, or ''.
	 * @param string                    $login    Username here, or ''.
	 * @param list<string>              $warnings Sentences about what was not taken.
	 * @param list<string>              $newer    Fields that are newer here.
	 * @param array<string, mixed>|null $there    The account in the way.
	 * @param int|null                  $granted  How many grants were looked at; null where none came.
	 */
	public function __construct(
		public readonly string $result,
		public readonly int $ref,
		public readonly string $code = '',
		public readonly string $message = '',
		public readonly int $id = 0,
		public readonly string $uid = '',
		public readonly string $login = '',
		public readonly array $warnings = array(),
		public readonly array $newer = array(),
		public readonly ?array $there = null,
		public readonly ?int $granted = null,
	) {
	}

	/**
	 * Somebody was not taken.
	 *
	 * @param int    $ref     The sender's id for the person, or 0.
	 * @param string $code    Why.
	 * @param string $message The sentence for it.
	 */
	public static function refused( int $ref, string $code, string $message ): self {
		return new self( self::REFUSED, $ref, $code, $message );
	}

	/**
	 * The result as it travels.
	 *
	 * @return array<string, mixed>
	 */
	public function to_array(): array {
		return array(
			'ref'      => $this->ref,
			'result'   => $this->result,
			'code'     => $this->code,
			'message'  => $this->message,
			'retry'    => UserCode::tryFrom( $this->code )?->may_be_retried() ?? false,
			'id'       => $this->id,
			'uid'      => $this->uid,
			'login'    => $this->login,
			'warnings' => $this->warnings,
			'newer'    => $this->newer,
			'there'    => $this->there,
		) + ( null === $this->granted ? array() : array( 'granted' => $this->granted ) );
	}
}
