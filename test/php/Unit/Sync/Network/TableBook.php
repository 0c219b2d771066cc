<?php
/**
 * The real `Records`.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Unit\Sync\Network;

use Tandem\Sync\Applied;
use Tandem\Sync\Record;
use Tandem\Sync\Records;
use Tandem\Sync\Stamp;
use Tandem\Sync\UserState;

final class TableBook implements Book {

	public function __construct( private readonly Records $records ) {
	}

	public function find( int $user_id ): ?Record {
		return $this->records->find( $user_id );
	}

	public function find_by_uid( string $uid ): ?Record {
		return $this->records->find_by_uid( $uid );
	}

	public function all_uids( string $uid ): array {
		return $this->records->all_uids( $uid );
	}

	public function settle( UserState $user, array $touched, ?string $password_hash ): Record {
		return $this->records->settle( $user, $touched, $password_hash );
	}

	public function applied( UserState $after, array $stamps, ?string $password_hash, string $uid ): Applied {
		return $this->records->applied( $after, $stamps, $password_hash, $uid );
	}

	public function adopt_uid( int $user_id, string $uid ): bool {
		return $this->records->adopt_uid( $user_id, $uid );
	}

	public function bury( int $user_id, array $uids, Stamp $deleted ): Record {
		return $this->records->bury( $user_id, $uids, $deleted );
	}
}
