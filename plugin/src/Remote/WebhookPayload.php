<?php
/**
 * What a webhook is told: the bodies of requests (docs/webhooks.md). A person is told as they are now, with all fields
 * that the owner has chosen; what changed is named beside. A password is never part of it: nothing here knows one.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Sync\Delivery;
use Tandem\Sync\FieldSet;
use Tandem\Sync\UserState;
use Tandem\Tags\Tags;

final class WebhookPayload {

	/** Names of fields that WordPress calls otherwise than the people who read a webhook would. */
	private const NAMES = array(
		'user_email' => 'email',
		'user_url'   => 'url',
	);

	/**
	 * Which events a delivery is. A new person is one event, with their tags in it; somebody who is known gets one for
	 * their fields and one for their tags, whichever has changed.
	 *
	 * @param Delivery $delivery The delivery.
	 * @return list<WebhookEvent> Without those that the owner wants not to be told.
	 */
	public static function events( Delivery $delivery ): array {
		if ( null === $delivery->user ) {
			$events = array( WebhookEvent::Deleted );
		} elseif ( null === $delivery->link && $delivery->user->registered_at >= $delivery->site->connected_at ) {
			$events = array( WebhookEvent::Created );
		} else {
			$tags   = self::tags_among( $delivery->fields );
			$events = array();
			if ( count( $tags ) < count( $delivery->fields->names ) ) {
				$events[] = WebhookEvent::Updated;
			}
			if ( array() !== $tags ) {
				$events[] = WebhookEvent::Tagged;
			}
		}
		return array_values( array_filter( $events, $delivery->site->settings->tells( ... ) ) );
	}

	/**
	 * The body of one event.
	 *
	 * @param Delivery     $delivery The delivery.
	 * @param WebhookEvent $event    Which.
	 */
	public static function of( Delivery $delivery, WebhookEvent $event ): string {
		$since = 0 === $delivery->since_ms ? time() * 1000 : $delivery->since_ms;
		return self::body( $event->value, $since, null === $delivery->payload ? self::gone( $delivery ) : self::person( $delivery, $delivery->payload, $event ) );
	}

	/**
	 * The body of a test.
	 *
	 * @param int $now_ms Unix milliseconds.
	 */
	public static function of_ping( int $now_ms ): string {
		return self::body( WebhookEvent::PING, $now_ms, array( 'message' => __( 'A test from Tandem User Sync. Nobody was changed.', 'tandem-user-sync' ) ) );
	}

	/**
	 * A body: type, timestamp and data, as Standard Webhooks recommends.
	 *
	 * @param string               $type Event.
	 * @param int                  $ms   Since when, Unix milliseconds.
	 * @param array<string, mixed> $data Data.
	 */
	private static function body( string $type, int $ms, array $data ): string {
		return (string) wp_json_encode(
			array(
				'type'      => $type,
				'timestamp' => gmdate( 'Y-m-d\TH:i:s', intdiv( $ms, 1000 ) ) . sprintf( '.%03dZ', $ms % 1000 ),
				'data'      => $data + array( 'site' => home_url() ),
			),
			JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE
		);
	}

	/**
	 * Somebody who exists.
	 *
	 * @param Delivery     $delivery The delivery.
	 * @param UserState    $user     As they travel.
	 * @param WebhookEvent $event    Which.
	 * @return array<string, mixed>
	 */
	private static function person( Delivery $delivery, UserState $user, WebhookEvent $event ): array {
		$site = $delivery->site;
		// Somebody who has left the circle of people who are told of takes the change of role along, and nothing else.
		$account = get_userdata( $user->id );
		$leaves  = false === $account || ! $site->surely_covers( $account );
		$values  = array_filter(
			$user->values(),
			static fn ( string $name ): bool => ( FieldSet::ROLES === $name ? $user->has_roles : ! $leaves && ! FieldSet::is_tag( $name ) ) && $site->sends( $name ),
			ARRAY_FILTER_USE_KEY
		);
		$fields  = array();
		$meta    = array();
		foreach ( $values as $name => $value ) {
			str_starts_with( $name, FieldSet::META ) ? $meta[ substr( $name, strlen( FieldSet::META ) ) ] = $value : $fields[ self::NAMES[ $name ] ?? $name ] = $value;
		}
		return array(
			'id'            => $user->id,
			'username'      => $user->login,
			'registered_at' => gmdate( 'Y-m-d\TH:i:s\Z', $user->registered_at ),
		) + $fields + array(
			'meta'    => (object) $meta,
			'tags'    => $leaves || ! $site->settings->tells( WebhookEvent::Tagged ) ? array() : Tags::of( $user->id ),
			'changed' => self::changed( $delivery, $event, array_keys( $values ) ),
		);
	}

	/**
	 * Somebody who was deleted: what is known of them.
	 *
	 * @param Delivery $delivery The delivery.
	 * @return array<string, mixed>
	 */
	private static function gone( Delivery $delivery ): array {
		$email = $delivery->gone['email'];
		return array(
			'id'       => $delivery->user_id,
			'username' => $delivery->gone['login'] ?? $delivery->link->remote_login ?? '',
		) + ( '' !== $email && $delivery->site->sends( FieldSet::EMAIL ) ? array( 'email' => $email ) : array() );
	}

	/**
	 * What has changed, by the names that the body has for it.
	 *
	 * @param Delivery     $delivery The delivery.
	 * @param WebhookEvent $event    Which.
	 * @param list<string> $sent     Names of the fields that are in the body.
	 * @return list<string>
	 */
	private static function changed( Delivery $delivery, WebhookEvent $event, array $sent ): array {
		if ( WebhookEvent::Tagged === $event ) {
			return array( 'tags' );
		}
		$names = array_values( array_filter( $sent, $delivery->fields->includes( ... ) ) );
		$names = array_map( static fn ( string $name ): string => str_starts_with( $name, FieldSet::META ) ? 'meta.' . substr( $name, strlen( FieldSet::META ) ) : ( self::NAMES[ $name ] ?? $name ), $names );
		sort( $names );
		return $names;
	}

	/**
	 * Fields that are tags.
	 *
	 * @param FieldSet $fields Fields.
	 * @return list<string>
	 */
	private static function tags_among( FieldSet $fields ): array {
		return array_values( array_filter( $fields->names, static fn ( string $name ): bool => FieldSet::is_tag( $name ) ) );
	}
}
