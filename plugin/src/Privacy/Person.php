<?php
/**
 * Whose data an e-mail address stands for, as far as this plugin knows.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Privacy;

use Tandem\Activity\Log;
use Tandem\Activity\Query;

final class Person {

	/** How many rows of the record are looked at. */
	private const ROWS = 100;

	/**
	 * @param Log $log The record.
	 */
	public function __construct( private readonly Log $log ) {
	}

	/**
	 * Ids of the account with this address, and of deleted accounts that had it. An account that has another
	 * address today is somebody whom nobody asked about.
	 *
	 * @param string $email E-mail address.
	 * @return list<int> User ids.
	 */
	public function ids( string $email ): array {
		$user = get_user_by( 'email', $email );
		$ids  = false === $user ? array() : array( $user->ID );
		foreach ( $this->log->search( new Query( per_page: self::ROWS, search: $email ) ) as $item ) {
			$id = $item->entry->user_id;
			if ( $id > 0 && 0 === strcasecmp( $item->entry->email, $email ) && false === get_userdata( $id ) ) {
				$ids[] = $id;
			}
		}
		return array_values( array_unique( $ids ) );
	}
}
