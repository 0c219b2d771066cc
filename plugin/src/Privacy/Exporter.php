<?php
/**
 * What the plugin keeps of a person, for WordPress's export of personal data.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Privacy;

use Tandem\Activity\Item;
use Tandem\Activity\Log;
use Tandem\Activity\Query;
use Tandem\Remote\Link;
use Tandem\Remote\Links;
use Tandem\Remote\Sites;
use Tandem\Rules\Grant;
use Tandem\Rules\Granted;
use Tandem\Rules\Grants;
use Tandem\Tags\Tags;
use Tandem\Webhook\Hook;
use Tandem\Webhook\LastRequests;

final class Exporter {

	/** Rows of the record in one step. */
	private const ROWS = 100;

	/**
	 * @param Person $person Who an address is.
	 * @param Log    $log    The record.
	 * @param Links  $links  The links.
	 * @param Sites  $sites  For their names.
	 * @param Grants $grants What rules want for people.
	 * @param LastRequests $requests What incoming webhooks received last.
	 */
	public function __construct(
		private readonly Person $person,
		private readonly Log $log,
		private readonly Links $links,
		private readonly Sites $sites,
		private readonly Grants $grants,
		private readonly LastRequests $requests,
	) {
	}

	/**
	 * Registers the exporter. For the filter `wp_privacy_personal_data_exporters`.
	 *
	 * @param array<string, array<string, mixed>> $exporters Those that there are.
	 * @return array<string, array<string, mixed>>
	 */
	public function register( array $exporters ): array {
		$exporters['tandem-user-sync'] = array(
			'exporter_friendly_name' => __( 'Tandem User Sync', 'tandem-user-sync' ),
			'callback'               => $this->export( ... ),
		);
		return $exporters;
	}

	/**
	 * One step of an export.
	 *
	 * @param string $email E-mail address.
	 * @param int    $page  From 1.
	 * @return array{data: list<array<string, mixed>>, done: bool} As WordPress wants it.
	 */
	public function export( string $email, int $page = 1 ): array {
		$names = array();
		foreach ( $this->sites->all() as $site ) {
			$names[ $site->id ] = $site->name . ' (' . $site->shown_url() . ')';
		}
		$data = 1 === $page ? array_map( $this->request( ... ), $this->requests->naming( $email ) ) : array();
		$done = true;
		foreach ( $this->person->ids( $email ) as $id ) {
			if ( 1 === $page ) {
				array_push( $data, ...$this->tags( $id ) );
				foreach ( $this->links->of_user( $id ) as $link ) {
					$data[] = $this->link( $link, $names[ $link->site_id ] ?? (string) $link->site_id );
				}
				foreach ( $this->grants->of( $id ) as $grant ) {
					$data[] = $this->grant( $grant, $names[ $grant->site_id ] ?? (string) $grant->site_id );
				}
				foreach ( Granted::of( $id )->in_force() as $thing => $is_given ) {
					$data[] = $this->granted( $id, $thing, $is_given );
				}
			}
			$items = $this->log->search( new Query( $page, self::ROWS, user_id: $id ) );
			foreach ( $items as $item ) {
				$data[] = $this->activity( $item, $names[ $item->entry->site_id ] ?? (string) $item->entry->site_id );
			}
			$done = $done && count( $items ) < self::ROWS;
		}
		return array(
			'data' => $data,
			'done' => $done,
		);
	}

	/**
	 * Somebody's tags, for people.
	 *
	 * @param int $user_id User here.
	 * @return list<array<string, mixed>> None, or one group.
	 */
	private function tags( int $user_id ): array {
		$tags = Tags::of( $user_id );
		return array() === $tags ? array() : array(
			array(
				'group_id'    => 'tandem-tags',
				'group_label' => __( 'Tags', 'tandem-user-sync' ),
				'item_id'     => "tandem-tags-$user_id",
				'data'        => $this->pairs( array( __( 'Tags', 'tandem-user-sync' ) => implode( ', ', $tags ) ) ),
			),
		);
	}

	/**
	 * A link, for people.
	 *
	 * @param Link   $link The link.
	 * @param string $site Name of the site.
	 * @return array<string, mixed>
	 */
	private function link( Link $link, string $site ): array {
		return array(
			'group_id'    => 'tandem-links',
			'group_label' => __( 'Accounts on connected sites', 'tandem-user-sync' ),
			'item_id'     => "tandem-link-{$link->site_id}-{$link->user_id}",
			'data'        => $this->pairs(
				array(
					__( 'Site', 'tandem-user-sync' )      => $site,
					__( 'Username there', 'tandem-user-sync' ) => $link->remote_login,
					__( 'User ID there', 'tandem-user-sync' ) => (string) $link->remote_id,
					__( 'Linked at', 'tandem-user-sync' ) => $this->time( $link->linked_at ),
					__( 'Password last sent at', 'tandem-user-sync' ) => $this->time( $link->password_at ),
				)
			),
		);
	}

	/**
	 * What rules here want for somebody on another site, for people.
	 *
	 * @param Grant  $grant What.
	 * @param string $site  Name of the site.
	 * @return array<string, mixed>
	 */
	private function grant( Grant $grant, string $site ): array {
		return array(
			'group_id'    => 'tandem-grants',
			'group_label' => __( 'What rules give on connected sites', 'tandem-user-sync' ),
			'item_id'     => 'tandem-grant-' . md5( $grant->site_id . $grant->deed->value . $grant->target ) . "-{$grant->person}",
			'data'        => $this->pairs(
				array(
					__( 'Site', 'tandem-user-sync' ) => $site,
					__( 'What', 'tandem-user-sync' ) => $grant->deed->sentence( $grant->target ),
					__( 'Why', 'tandem-user-sync' )  => $grant->holds() ? implode( ', ', array_map( static fn ( string|int $reason ): string => explode( '|', (string) $reason, 2 )[1] ?? (string) $reason, array_keys( $grant->reasons ) ) ) : __( 'Taken back', 'tandem-user-sync' ),
				)
			),
		);
	}

	/**
	 * What rules of connected sites have given here, for people.
	 *
	 * @param int    $user_id  User here.
	 * @param string $thing    Kind and name.
	 * @param bool   $is_given Whether it was given; else it was taken.
	 * @return array<string, mixed>
	 */
	private function granted( int $user_id, string $thing, bool $is_given ): array {
		return array(
			'group_id'    => 'tandem-granted',
			'group_label' => __( 'What rules of connected sites give here', 'tandem-user-sync' ),
			'item_id'     => 'tandem-granted-' . md5( $thing ) . "-$user_id",
			'data'        => $this->pairs( array( ( $is_given ? __( 'Given', 'tandem-user-sync' ) : __( 'Taken', 'tandem-user-sync' ) ) => $thing ) ),
		);
	}

	/**
	 * What an incoming webhook received last, for people.
	 *
	 * @param Hook $hook The webhook.
	 * @return array<string, mixed>
	 */
	private function request( Hook $hook ): array {
		return array(
			'group_id'    => 'tandem-requests',
			'group_label' => __( 'Last requests to webhooks', 'tandem-user-sync' ),
			'item_id'     => "tandem-request-{$hook->id}",
			'data'        => $this->pairs( array( __( 'Webhook', 'tandem-user-sync' ) => $hook->name ) + array_column( $this->requests->of( $hook )['fields'] ?? array(), 'value', 'path' ) ),
		);
	}

	/**
	 * A row of the record, for people.
	 *
	 * @param Item   $item The row.
	 * @param string $site Name of the site.
	 * @return array<string, mixed>
	 */
	private function activity( Item $item, string $site ): array {
		$entry = $item->entry;
		return array(
			'group_id'    => 'tandem-activity',
			'group_label' => __( 'Changes sent to connected sites', 'tandem-user-sync' ),
			'item_id'     => "tandem-activity-{$item->id}",
			'data'        => $this->pairs(
				array(
					__( 'Time', 'tandem-user-sync' )     => $this->time( $item->at ),
					__( 'Site', 'tandem-user-sync' )     => $site,
					__( 'Action', 'tandem-user-sync' )   => $entry->action->value,
					__( 'Result', 'tandem-user-sync' )   => $entry->result->value,
					__( 'Username', 'tandem-user-sync' ) => $entry->username,
					__( 'Email address', 'tandem-user-sync' ) => $entry->email,
					__( 'Fields sent', 'tandem-user-sync' ) => implode( ', ', $entry->fields->names ),
					__( 'Message', 'tandem-user-sync' )  => $entry->message,
				)
			),
		);
	}

	/**
	 * Names and values as WordPress wants them, without the empty ones.
	 *
	 * @param array<string, string> $values By name.
	 * @return list<array{name: string, value: string}>
	 */
	private function pairs( array $values ): array {
		$pairs = array();
		foreach ( $values as $name => $value ) {
			if ( '' !== $value ) {
				$pairs[] = array(
					'name'  => $name,
					'value' => $value,
				);
			}
		}
		return $pairs;
	}

	/**
	 * A time for people, '' where there was none.
	 *
	 * @param int $seconds Unix seconds, or 0.
	 */
	private function time( int $seconds ): string {
		return 0 === $seconds ? '' : gmdate( 'Y-m-d H:i:s', $seconds ) . ' UTC';
	}
}
