<?php
/**
 * What a site of the network needs of `Tandem\Sync\Records`: that itself, or the same in memory for many quick runs.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Unit\Sync\Network;

use Tandem\Sync\Applied;
use Tandem\Sync\Record;
use Tandem\Sync\Stamp;
use Tandem\Sync\UserState;

interface Book {

	public function find( int $user_id ): ?Record;

	public function find_by_uid( string $uid ): ?Record;

	/**
	 * @return list<string>
	 */
	public function all_uids( string $uid ): array;

	/**
	 * @param list<string> $touched Names of fields.
	 */
	public function settle( UserState $user, array $touched, ?string $password_hash ): Record;

	/**
	 * @param array<string, Stamp> $stamps By field.
	 */
	public function applied( UserState $after, array $stamps, ?string $password_hash, string $uid ): Applied;

	public function adopt_uid( int $user_id, string $uid ): bool;

	/**
	 * @param list<string> $uids Uids.
	 */
	public function bury( int $user_id, array $uids, Stamp $deleted ): Record;
}
