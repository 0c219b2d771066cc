<?php
/**
 * What developers may decide: who is synced, which fields, and what is sent of them (docs/hooks.md).
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Hooks;

use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteSettings;
use Tandem\Sync\FieldSet;
use Tandem\Sync\UserState;

final class Filters {

	/**
	 * A remote site as hooks get it: without its credential and its keys.
	 *
	 * @param RemoteSite $site The site.
	 * @return array{id: int, name: string, url: string, kind: string} `kind` is `plain`, `paired` or `webhook`; of a webhook `url` is the host alone.
	 */
	public static function site( RemoteSite $site ): array {
		return array(
			'id'   => $site->id,
			'name' => $site->name,
			'url'  => $site->shown_url(),
			'kind' => $site->kind->value,
		);
	}

	/**
	 * Whether somebody is one of the people that a site receives.
	 *
	 * @param bool       $is_synced What the site's settings say.
	 * @param \WP_User   $user      The user.
	 * @param RemoteSite $site      The site.
	 * @throws FilterFailed When it can't be told.
	 */
	public static function syncs_user( bool $is_synced, \WP_User $user, RemoteSite $site ): bool {
		try {
			/**
			 * Filters whether a user is synced to a site. Asked when they change, and again when they are delivered.
			 *
			 * @param bool     $is_synced What the site's settings say.
			 * @param \WP_User $user      The user.
			 * @param array{id: int, name: string, url: string, kind: string} $site The site.
			 */
			$answer = apply_filters( 'tandem_sync_user', $is_synced, $user, self::site( $site ) );
		} catch ( \Throwable $thrown ) {
			throw new FilterFailed( 'tandem_sync_user', $thrown ); // phpcs:ignore WordPress.Security.EscapeOutput.ExceptionNotEscaped -- escaped where it is shown.
		}
		return is_bool( $answer ) ? $answer : throw new FilterFailed( 'tandem_sync_user' );
	}

	/**
	 * A site's settings with the fields that are sent to it.
	 *
	 * @param RemoteSite $site The site.
	 * @throws FilterFailed When it can't be told.
	 */
	public static function sent( RemoteSite $site ): SiteSettings {
		$own    = $site->settings;
		$fields = array( ...$own->fields, ...array_map( static fn ( string $key ): string => FieldSet::META . $key, $own->meta ) );
		try {
			/**
			 * Filters which fields of users are sent to a site. What may never be sent is taken out of the answer again.
			 *
			 * @param list<string> $fields Names of fields, as the site's settings say: `first_name`, `roles`, `password`, `meta:billing_phone`…
			 * @param array{id: int, name: string, url: string, kind: string} $site The site.
			 */
			$answer = apply_filters( 'tandem_sync_fields', $fields, self::site( $site ) );
		} catch ( \Throwable $thrown ) {
			throw new FilterFailed( 'tandem_sync_fields', $thrown ); // phpcs:ignore WordPress.Security.EscapeOutput.ExceptionNotEscaped -- escaped where it is shown.
		}
		if ( ! is_array( $answer ) ) {
			throw new FilterFailed( 'tandem_sync_fields' );
		}
		if ( $answer === $fields ) {
			return $own;
		}
		$names = array_values( array_filter( $answer, 'is_string' ) );
		$meta  = array_filter( $names, static fn ( string $name ): bool => str_starts_with( $name, FieldSet::META ) );
		return SiteSettings::from_array(
			array(
				'fields' => $names,
				'meta'   => array_map( static fn ( string $name ): string => substr( $name, strlen( FieldSet::META ) ), array_values( $meta ) ),
			),
			$own
		);
	}

	/**
	 * A user as they are sent to a site. The e-mail address stays: by it they are found there, and the account-takeover
	 * guard rests on it. The password is never part of this.
	 *
	 * @param UserState  $user The user as they are.
	 * @param RemoteSite $site The site.
	 * @throws FilterFailed When it can't be told.
	 */
	public static function payload( UserState $user, RemoteSite $site ): UserState {
		if ( ! has_filter( 'tandem_payload' ) ) {
			return $user;
		}
		$values = array_filter( $user->values(), $site->sends( ... ), ARRAY_FILTER_USE_KEY );
		try {
			/**
			 * Filters what is sent of a user. Never holds the password. A field that is taken out is not sent; one that the
			 * site's settings don't send can't be added; `user_email` stays as it is.
			 *
			 * @param array<string, mixed> $values  Values by the name of their field; null for a meta key that the user has not.
			 * @param int                  $user_id User here.
			 * @param array{id: int, name: string, url: string, kind: string} $site The site.
			 */
			$answer = apply_filters( 'tandem_payload', $values, $user->id, self::site( $site ) );
		} catch ( \Throwable $thrown ) {
			throw new FilterFailed( 'tandem_payload', $thrown ); // phpcs:ignore WordPress.Security.EscapeOutput.ExceptionNotEscaped -- escaped where it is shown.
		}
		if ( ! is_array( $answer ) ) {
			throw new FilterFailed( 'tandem_payload' );
		}
		return $user->sent_as( $values, $answer ) ?? throw new FilterFailed( 'tandem_payload' );
	}
}
