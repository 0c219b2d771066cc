<?php
/**
 * A WordPress that this one is connected to, or an address that is told of people.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Guest\GuestMark;
use Tandem\Hooks\FilterFailed;
use Tandem\Hooks\Filters;
use Tandem\Peer\Policy;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Standing;

final class RemoteSite {

	/** What is sent there; asked of the filter once. */
	private ?SiteSettings $sent = null;

	/**
	 * @param int          $id              Id here.
	 * @param string       $name            Its name, for people.
	 * @param string       $url             Home address, without a slash at the end.
	 * @param string       $rest_url        Address of its REST index, as discovered (`…/wp-json/` or `…/?rest_route=/`).
	 * @param SiteKind     $kind            Plain, paired or a webhook.
	 * @param SiteState    $state           Its condition.
	 * @param string       $username        Account there that Tandem uses.
	 * @param int          $remote_user_id  Id of that account there.
	 * @param string       $credential      Sealed application password, of a webhook its sealed secrets; opened by `Credentials` only.
	 * @param bool         $is_multisite    Whether it is a multisite, where REST can't delete users.
	 * @param SiteSettings $settings        What the owner decided.
	 * @param string       $problem_code    Why it is unreachable or held, or ''.
	 * @param string       $problem         The sentence for it.
	 * @param int          $problem_since   Unix seconds, or 0.
	 * @param int          $failures        Failures in a row.
	 * @param int          $next_try_at     Unix seconds: not tried before, or 0.
	 * @param int          $connected_at    Unix seconds.
	 * @param int          $last_success_at Unix seconds, or 0.
	 * @param int          $lease_until     Until when a process has taken it to deliver, Unix seconds, or 0.
	 * @param Pairing|null $pairing         What is known of a paired site; null for a plain one.
	 * @param array<string, mixed> $policy  What a paired site may do here (`Peer\Policy`), as stored.
	 * @param int          $removals_until  Until when the owner lets it remove more people than its policy says, Unix seconds, or 0.
	 * @param int          $recovered_at    When it answered again after a time in which it didn't, Unix seconds, or 0.
	 */
	public function __construct(
		public readonly int $id,
		public readonly string $name,
		public readonly string $url,
		public readonly string $rest_url,
		public readonly SiteKind $kind,
		public readonly SiteState $state,
		public readonly string $username,
		public readonly int $remote_user_id,
		public readonly string $credential,
		public readonly bool $is_multisite,
		public readonly SiteSettings $settings,
		public readonly string $problem_code,
		public readonly string $problem,
		public readonly int $problem_since,
		public readonly int $failures,
		public readonly int $next_try_at,
		public readonly int $connected_at,
		public readonly int $last_success_at,
		public readonly int $lease_until = 0,
		public readonly ?Pairing $pairing = null,
		public readonly array $policy = array(),
		public readonly int $removals_until = 0,
		public readonly int $recovered_at = 0,
	) {
	}

	/**
	 * Its address for people who read a mail, a report or an export, and for other plugins: of a webhook only the host,
	 * because its path and its query may be all that keeps strangers out.
	 */
	public function shown_url(): string {
		return SiteKind::Webhook === $this->kind ? self::origin( $this->url ) : $this->url;
	}

	/**
	 * Scheme, host and port of an address.
	 *
	 * @param string $url Address.
	 */
	public static function origin( string $url ): string {
		return (string) preg_replace( '#^([a-z]+://[^/?\\#]*).*$#is', '$1', $url );
	}

	/**
	 * The owner's settings with the fields that are sent there after developers had their say.
	 *
	 * @throws FilterFailed When a filter can't tell.
	 */
	public function sent(): SiteSettings {
		return $this->sent ??= Filters::sent( $this );
	}

	/**
	 * Whether a changed field concerns this site. A password never concerns a webhook, whatever its settings or a filter say.
	 *
	 * @param string $field Name of a field.
	 * @throws FilterFailed When a filter can't tell.
	 */
	public function sends( string $field ): bool {
		if ( SiteKind::Webhook === $this->kind ) {
			if ( in_array( $field, array( FieldSet::PASSWORD, FieldSet::UID, FieldSet::EMPTY, FieldSet::GRANTS ), true ) ) {
				return false;
			}
			if ( FieldSet::TAGS === $field || FieldSet::is_tag( $field ) ) {
				return $this->settings->tells( WebhookEvent::Tagged );
			}
		} elseif ( ( FieldSet::TAGS === $field || FieldSet::is_tag( $field ) ) && ! $this->takes_tags() ) {
			return false;
		}
		return $this->sent()->sends( $field );
	}

	/**
	 * Whether it and this site have anything to do with each other at the moment. One that is away has: it answers a
	 * browser, or does not.
	 */
	public function is_connected(): bool {
		$is_over = SiteState::Held === $this->state && ProblemCode::Unpaired->value === $this->problem_code;
		return SiteKind::Paired === $this->kind && SiteState::Paused !== $this->state && ! $is_over;
	}

	/**
	 * Whether people who are logged in there may get in here by that.
	 */
	public function lets_in(): bool {
		return $this->is_connected() && Policy::from_array( $this->policy )->login;
	}

	/**
	 * Names of all fields of a person that are sent there, but the password.
	 *
	 * @return list<string>
	 * @throws FilterFailed When a filter can't tell.
	 */
	public function sent_names(): array {
		$sent  = $this->sent();
		$names = array( ...$sent->fields, ...array_map( static fn ( string $key ): string => FieldSet::META . $key, $sent->meta ) );
		return array_values( array_filter( $names, fn ( string $field ): bool => FieldSet::PASSWORD !== $field && $this->sends( $field ) ) );
	}

	/**
	 * Whether it knows what a tag is: WordPress alone does not, nor does an older Tandem.
	 */
	public function takes_tags(): bool {
		return SiteKind::Paired === $this->kind && ( null === $this->pairing || in_array( Pairing::TAGS, $this->pairing->features, true ) );
	}

	/**
	 * Whether it can be asked for its people: WordPress alone can't, nor can an older Tandem.
	 */
	public function can_be_asked(): bool {
		return SiteKind::Paired === $this->kind && in_array( Pairing::BRING, $this->pairing->features ?? array(), true );
	}

	/**
	 * Whether an account is one that this site receives, whether it is active or not. Administrators of a network never are,
	 * nor is somebody who has ordered there as a guest and got an account here.
	 *
	 * @param \WP_User $user The account.
	 * @throws FilterFailed When a filter can't tell.
	 */
	public function covers_account( \WP_User $user ): bool {
		$is_super_admin = is_multisite() && is_super_admin( $user->ID );
		return ! $is_super_admin && ! GuestMark::is_set( $user->ID, $this->id ) && Filters::syncs_user( $this->settings->covers( array_values( $user->roles ) ), $user, $this );
	}

	/**
	 * Whether a user is one that this site receives as they are now.
	 *
	 * @param \WP_User $user The user.
	 * @throws FilterFailed When a filter can't tell.
	 */
	public function covers_user( \WP_User $user ): bool {
		return Standing::is_active( $user ) && $this->covers_account( $user );
	}

	/**
	 * The same as `covers_user()` for what is told or shown: where a filter can't tell, no.
	 *
	 * @param \WP_User $user The user.
	 */
	public function surely_covers( \WP_User $user ): bool {
		try {
			return $this->covers_user( $user );
		} catch ( FilterFailed ) {
			return false;
		}
	}

	/**
	 * The same as `sends()` for what is only written down: where a filter can't tell, yes. It is asked again before anything is sent.
	 *
	 * @param string $field Name of a field.
	 */
	public function may_send( string $field ): bool {
		try {
			return $this->sends( $field );
		} catch ( FilterFailed ) {
			return true;
		}
	}

	/**
	 * The same as `covers_account()` for what is only written down.
	 *
	 * @param \WP_User $user The account.
	 */
	public function may_cover( \WP_User $user ): bool {
		try {
			return $this->covers_account( $user );
		} catch ( FilterFailed ) {
			return true;
		}
	}

	/**
	 * Meta keys that are sent there, or may be, where a filter can't tell: for what is only written down.
	 *
	 * @return list<string>
	 */
	public function meta_keys(): array {
		try {
			return $this->sent()->meta;
		} catch ( FilterFailed ) {
			return $this->settings->meta;
		}
	}
}
