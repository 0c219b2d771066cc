<?php
/**
 * The column "Synced" in the list of users: where each person is right, and where not.
 *
 * Two queries for a whole page of the list: the sites, and the states.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Admin;

use Tandem\Database\Failure;
use Tandem\Hooks\FilterFailed;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\Sites;
use Tandem\Rest\Api;
use Tandem\Sync\OutboxState;

final class UsersColumn {

	private const COLUMN = 'tandem_synced';

	/** @var list<RemoteSite>|null The sites, once they were read. */
	private ?array $known_sites = null;

	/** @var array<int, array<int, string>> States by user and site, of those that were read. */
	private array $states = array();

	/**
	 * @param Sites      $sites  The sites.
	 * @param UserStates $lookup The states.
	 */
	public function __construct( private readonly Sites $sites, private readonly UserStates $lookup ) {
	}

	/**
	 * Adds the column when there is a site to speak of. For the filter `manage_users_columns`.
	 *
	 * @param array<string, string> $columns Columns that there are.
	 * @return array<string, string>
	 */
	public function add( array $columns ): array {
		return current_user_can( Api::CAPABILITY ) && array() !== $this->sites()
			? $columns + array( self::COLUMN => __( 'Synced', 'tandem-user-sync' ) )
			: $columns;
	}

	/**
	 * What stands in the column. For the filter `manage_users_custom_column`.
	 *
	 * @param string $output  What others put there.
	 * @param string $column  Name of the column.
	 * @param int    $user_id User of this row.
	 */
	public function cell( string $output, string $column, int $user_id ): string {
		if ( self::COLUMN !== $column ) {
			return $output;
		}
		if ( ! isset( $this->states[ $user_id ] ) ) {
			$this->read( $user_id );
		}
		$lines = array();
		foreach ( $this->sites() as $site ) {
			$lines[] = $this->line( $site, $user_id );
		}
		return implode( '<br>', $lines );
	}

	/**
	 * One site's line.
	 *
	 * @param RemoteSite $site    The site.
	 * @param int        $user_id User of this row.
	 */
	private function line( RemoteSite $site, int $user_id ): string {
		$state = $this->states[ $user_id ][ $site->id ] ?? null;
		$words = match ( $state ) {
			null => $this->is_sent( $site, $user_id ) ? $this->not_yet( $site ) : __( 'not sent', 'tandem-user-sync' ),
			UserStates::SYNCED            => $this->arrived( $site ),
			OutboxState::Due->value       => __( 'waiting', 'tandem-user-sync' ),
			OutboxState::Confirm->value   => __( 'waits for a confirmation by email', 'tandem-user-sync' ),
			default                       => __( 'needs attention', 'tandem-user-sync' ),
		};
		$text = esc_html(
			/* translators: 1: name of a site, 2: state of a user there. */
			sprintf( __( '%1$s: %2$s', 'tandem-user-sync' ), $site->name, $words )
		);
		if ( null === $state || UserStates::SYNCED === $state ) {
			return $text;
		}
		$url = add_query_arg(
			array(
				'view' => 'activity',
				'user' => $user_id,
			),
			Page::url()
		);
		return '<a href="' . esc_url( $url ) . '">' . $text . '</a>';
	}

	/**
	 * What is said of somebody who is sent to a site and is not known there.
	 *
	 * @param RemoteSite $site The site.
	 */
	private function not_yet( RemoteSite $site ): string {
		return SiteKind::Webhook === $site->kind ? __( 'not told yet', 'tandem-user-sync' ) : __( 'not linked', 'tandem-user-sync' );
	}

	/**
	 * What is said of somebody who is right there.
	 *
	 * @param RemoteSite $site The site.
	 */
	private function arrived( RemoteSite $site ): string {
		return SiteKind::Webhook === $site->kind ? __( 'told', 'tandem-user-sync' ) : __( 'synced', 'tandem-user-sync' );
	}

	/**
	 * Whether somebody is one of those who are sent to a site at all. The list has read all its users already.
	 *
	 * @param RemoteSite $site    The site.
	 * @param int        $user_id User of this row.
	 */
	private function is_sent( RemoteSite $site, int $user_id ): bool {
		$user = get_userdata( $user_id );
		try {
			return false !== $user && $site->covers_user( $user );
		} catch ( FilterFailed ) {
			return false;
		}
	}

	/**
	 * Reads the states of all users of the page at once; of this one alone where the list is not known.
	 *
	 * @param int $user_id User of this row.
	 */
	private function read( int $user_id ): void {
		$table = $GLOBALS['wp_list_table'] ?? null;
		$ids   = $table instanceof \WP_List_Table && is_array( $table->items ) ? array_map( 'intval', array_keys( $table->items ) ) : array();
		$ids   = in_array( $user_id, $ids, true ) ? $ids : array( $user_id );
		try {
			$states = $this->lookup->of( $ids );
		} catch ( Failure ) {
			// The list of users must come up whatever becomes of this column.
			$states = array();
		}
		$this->states = $states + array_fill_keys( $ids, array() ) + $this->states;
	}

	/**
	 * The sites; read once.
	 *
	 * @return list<RemoteSite>
	 */
	private function sites(): array {
		try {
			$this->known_sites ??= $this->sites->all();
		} catch ( Failure ) {
			$this->known_sites = array();
		}
		return $this->known_sites;
	}
}
