<?php
/**
 * A person in a backfill, or an account of the remote site that nobody here was found for.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Backfill;

final class Item {

	/** Columns of its row. */
	public const COLUMNS = 'id, user_id, remote_id, email, username, name, roles, is_protected, outcome, decision, result, code, message, remark';

	/**
	 * @param int          $id           Id.
	 * @param int          $user_id      User here, or 0.
	 * @param int          $remote_id    Account there, or 0.
	 * @param string       $email        E-mail address there, in lower case.
	 * @param string       $username     Username there, in lower case.
	 * @param string       $name         Display name there.
	 * @param list<string> $roles        Roles there.
	 * @param bool         $is_protected Whether it is an administrator's account or the like.
	 * @param Finding|null $finding      What the comparison found out; null for an account there that is nobody here.
	 * @param string       $decision     The owner's: `link`, `create`, `ignore`, or ''.
	 * @param Progress     $progress     What became of it.
	 * @param string       $code         Why it is a conflict or failed, or ''.
	 * @param string       $message      The sentence for it.
	 * @param string       $remark       What else the owner should look at, or ''.
	 */
	public function __construct(
		public readonly int $id,
		public readonly int $user_id,
		public readonly int $remote_id,
		public readonly string $email,
		public readonly string $username,
		public readonly string $name,
		public readonly array $roles,
		public readonly bool $is_protected,
		public readonly ?Finding $finding,
		public readonly string $decision,
		public readonly Progress $progress,
		public readonly string $code,
		public readonly string $message,
		public readonly string $remark = '',
	) {
	}

	/**
	 * Reads a row of the table `backfill_items`: `COLUMNS`.
	 *
	 * @param array<string, string|null> $row Row.
	 */
	public static function of_row( array $row ): self {
		$roles = json_decode( (string) $row['roles'], true );
		return new self(
			(int) $row['id'],
			(int) $row['user_id'],
			(int) $row['remote_id'],
			(string) $row['email'],
			(string) $row['username'],
			(string) $row['name'],
			is_array( $roles ) ? array_values( array_map( 'strval', $roles ) ) : array(),
			(bool) (int) $row['is_protected'],
			Finding::tryFrom( (string) $row['outcome'] ),
			(string) $row['decision'],
			Progress::from( (string) $row['result'] ),
			(string) $row['code'],
			(string) $row['message'],
			(string) $row['remark']
		);
	}
}
