<?php
/**
 * Explains one person: for the page, the profile and the command line. Reads only; `sync()` makes them right.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Verify;

use Tandem\Activity\Action;
use Tandem\Activity\Log;
use Tandem\Activity\Query;
use Tandem\Remote\Changes;
use Tandem\Remote\Link;
use Tandem\Remote\Links;
use Tandem\Remote\PlainSites;
use Tandem\Remote\Problem;
use Tandem\Remote\ProblemCode;
use Tandem\Remote\RemoteFailure;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\Sites;
use Tandem\Remote\SiteState;
use Tandem\Security\Unreadable;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outbox;
use Tandem\Sync\OutcomeKind;
use Tandem\Sync\Standing;
use Tandem\Sync\UserReader;
use Tandem\Sync\Worker;

final class Explainer {

	/** Seconds that a person waits for a delivery that they asked for. */
	private const SECONDS = 8.0;

	/**
	 * @param Sites      $sites      Remote sites.
	 * @param Links      $links      Who is who.
	 * @param Outbox     $outbox     What waits.
	 * @param Log        $log        How they were linked.
	 * @param Comparison $comparison Compares with paired sites.
	 * @param PlainSites $plain      Reads accounts of plain ones.
	 * @param Bringing   $bringing   Puts people on their way to paired ones.
	 * @param UserReader $reader     Reads users.
	 * @param Worker     $worker     Delivers.
	 */
	public function __construct(
		private readonly Sites $sites,
		private readonly Links $links,
		private readonly Outbox $outbox,
		private readonly Log $log,
		private readonly Comparison $comparison,
		private readonly PlainSites $plain,
		private readonly Bringing $bringing,
		private readonly UserReader $reader,
		private readonly Worker $worker,
	) {
	}

	/**
	 * Explains a person, for every site.
	 *
	 * @param \WP_User $user The user.
	 * @param bool     $asks Whether the other sites are asked what they have.
	 * @return list<Explanation>
	 */
	public function explain( \WP_User $user, bool $asks = true ): array {
		return array_map( fn ( RemoteSite $site ): Explanation => $this->of( $site, $user, $asks ), $this->sites->all() );
	}

	/**
	 * Makes a person right on the other sites now: on all of them side by side, for as long as somebody waits for it.
	 *
	 * @param \WP_User $user    The user.
	 * @param int|null $site_id Only this site.
	 * @param bool     $whole   Whether everything of them is sent, without asking what is there; else what would be sent.
	 */
	public function sync( \WP_User $user, ?int $site_id, bool $whole = false ): void {
		$served = array();
		foreach ( $this->sites->all() as $site ) {
			if ( ( null === $site_id || $site->id === $site_id ) && $this->put_into_queue( $site, $user, $whole ) ) {
				$this->sites->try_now( $site->id );
				$this->outbox->prefer( $site->id, $user->ID );
				$served[] = $site->id;
			}
		}
		if ( array() !== $served ) {
			$this->worker->serve_now( $served, self::SECONDS );
		}
		clean_user_cache( $user->ID );
	}

	/**
	 * Puts a person on their way to a site.
	 *
	 * @param RemoteSite $site  The site.
	 * @param \WP_User   $user  The user.
	 * @param bool       $whole As in `sync()`.
	 * @return bool Whether there is something to bring.
	 */
	private function put_into_queue( RemoteSite $site, \WP_User $user, bool $whole ): bool {
		$now = $whole ? null : $this->of( $site, $user, true );
		if ( false === ( $now->is_sent ?? $site->surely_covers( $user ) ) || ( null !== $now && array() === $now->would && null === $now->waiting ) ) {
			return false;
		}
		if ( null !== $now?->waiting ) {
			$this->outbox->retry( array( $now->waiting->id ) );
		} elseif ( null === $now || array( FieldSet::ALL ) === $now->would ) {
			$has_password = SiteKind::Paired === $site->kind && $site->may_send( FieldSet::PASSWORD );
			$this->outbox->enqueue( $site->id, $user->ID, $has_password ? new FieldSet( FieldSet::ALL, FieldSet::PASSWORD ) : new FieldSet( FieldSet::ALL ) );
		} elseif ( SiteKind::Paired === $site->kind ) {
			$this->bringing->bring( $site, $user, $now->would );
		} else {
			$this->outbox->enqueue( $site->id, $user->ID, new FieldSet( ...$now->would ) );
		}
		return true;
	}

	/**
	 * Explains a person for one site.
	 *
	 * @param RemoteSite $site The site.
	 * @param \WP_User   $user The user.
	 * @param bool       $asks Whether that site is asked what it has.
	 */
	private function of( RemoteSite $site, \WP_User $user, bool $asks ): Explanation {
		$is_sent = $site->surely_covers( $user );
		$link    = $this->links->find( $site->id, $user->ID );
		$waiting = $this->outbox->find_for( $site->id, $user->ID );
		$fields  = array();
		$would   = null === $waiting ? array() : $waiting->fields->names;
		$wrong   = null;
		$problem = null;
		if ( null === $link ) {
			$would = $is_sent ? array( FieldSet::ALL ) : array();
		} elseif ( $asks && SiteState::Paused !== $site->state && SiteKind::Webhook !== $site->kind ) {
			try {
				list( $fields, $wrong ) = SiteKind::Paired === $site->kind ? $this->paired( $site, $user ) : $this->plain( $site, $user, $link );

				$would = $this->would( $site, $is_sent, $would, $fields, $wrong );
			} catch ( RemoteFailure $failure ) {
				$problem = $failure->problem;
			} catch ( Unreadable ) {
				$problem = new Problem( ProblemCode::SaltsChanged, OutcomeKind::Held, ProblemCode::SaltsChanged->sentence( $site->name ) );
			}
		}
		return new Explanation( $site, $is_sent, self::why( $site, $user, $is_sent ), $link, $this->how( $site, $user, $link ), $waiting, $fields, $would, $wrong, $problem );
	}

	/**
	 * Field by field with a paired site.
	 *
	 * @param RemoteSite $site The site.
	 * @param \WP_User   $user The user.
	 * @return array{list<FieldView>, Kind|null}
	 * @throws RemoteFailure When it does not answer as it should.
	 * @throws Unreadable When this site's keys can't be read.
	 */
	private function paired( RemoteSite $site, \WP_User $user ): array {
		list( $agreement, $difference ) = $this->comparison->of_user( $site, $user->ID );
		if ( null !== $difference && Kind::Differs !== $difference->kind ) {
			return array( array(), $difference->kind );
		}
		$names  = ( new FieldSet( ...Agreement::offer( $site )['sends'], ...$agreement->fields() ) )->names;
		$fields = array();
		foreach ( $names as $name ) {
			$newer    = $difference->fields[ $name ] ?? null;
			$fields[] = match ( true ) {
				null !== $newer                                      => new FieldView( $name, FieldView::DIFFERS, $newer ),
				in_array( $name, $agreement->fields(), true )        => new FieldView( $name, FieldView::SAME ),
				default                                              => new FieldView( $name, FieldView::NOT_COMPARED ),
			};
		}
		return array( $fields, null );
	}

	/**
	 * Field by field with a plain site: what is here counts.
	 *
	 * @param RemoteSite $site The site.
	 * @param \WP_User   $user The user.
	 * @param Link       $link Who they are there.
	 * @return array{list<FieldView>, Kind|null}
	 * @throws RemoteFailure When it does not answer as it should.
	 * @throws Unreadable When the credential can't be read.
	 */
	private function plain( RemoteSite $site, \WP_User $user, Link $link ): array {
		try {
			$there = $this->plain->api( $site )->get( $link->remote_id );
		} catch ( RemoteFailure $failure ) {
			return ProblemCode::RemovedThere === $failure->problem->code ? array( array(), Kind::MissingThere ) : throw $failure;
		}
		$state   = $this->reader->read( $user, $site->settings->meta );
		$changes = Changes::of_known( $state, $there, new FieldSet( FieldSet::ALL ), $site->settings );
		$granted = array_values( array_intersect( $state->roles, $site->settings->grant_roles ) );
		$fields  = array();
		// A plain site has no tags.
		foreach ( array( ...array_diff( $site->settings->fields, array( FieldSet::TAGS ) ), ...array_map( static fn ( string $key ): string => FieldSet::META . $key, $site->settings->meta ) ) as $name ) {
			$is_hidden = FieldSet::PASSWORD === $name || ( str_starts_with( $name, FieldSet::META ) && ! array_key_exists( substr( $name, strlen( FieldSet::META ) ), $there->meta ) ) || ( FieldSet::ROLES === $name && array() === $granted && array() !== $state->roles );
			$differs   = FieldSet::ROLES === $name ? array() !== array_diff( $granted, $there->roles ) || array() !== array_diff( array_intersect( $there->roles, $site->settings->grant_roles ), $granted ) : $changes->has( $name );
			$fields[]  = match ( true ) {
				$is_hidden => new FieldView( $name, FieldView::NOT_COMPARED ),
				$differs   => new FieldView( $name, FieldView::DIFFERS, Wins::Here ),
				default    => new FieldView( $name, FieldView::SAME ),
			};
		}
		return array( $fields, null );
	}

	/**
	 * What would be sent now.
	 *
	 * @param RemoteSite      $site    The site.
	 * @param bool            $is_sent Whether this person is sent there.
	 * @param list<string>    $waiting Fields that wait.
	 * @param list<FieldView> $fields  Field by field.
	 * @param Kind|null       $wrong   What is wrong besides.
	 * @return list<string>
	 */
	private function would( RemoteSite $site, bool $is_sent, array $waiting, array $fields, ?Kind $wrong ): array {
		if ( ! $is_sent || Kind::SomebodyElse === $wrong ) {
			return array();
		}
		if ( null !== $wrong ) {
			return array( FieldSet::ALL );
		}
		$newer = array_map( static fn ( FieldView $field ): string => $field->name, array_filter( $fields, static fn ( FieldView $field ): bool => Wins::Here === $field->newer && $site->may_send( $field->name ) ) );
		return ( new FieldSet( ...$waiting, ...array_values( $newer ) ) )->names;
	}

	/**
	 * Why somebody is sent to a site, or not.
	 *
	 * @param RemoteSite $site    The site.
	 * @param \WP_User   $user    The user.
	 * @param bool       $is_sent Whether they are.
	 */
	private static function why( RemoteSite $site, \WP_User $user, bool $is_sent ): string {
		$only = $site->settings->only_roles;
		if ( $is_sent ) {
			return null === $only
				? __( 'Everyone but administrators is sent there.', 'tandem-user-sync' )
				/* translators: %s: roles. */
				: sprintf( __( 'Has one of the roles that are sent there: %s.', 'tandem-user-sync' ), implode( ', ', array_intersect( $user->roles, $only ) ) );
		}
		return match ( true ) {
			! Standing::is_active( $user )                     => __( 'Not sent: waits for approval here, or is suspended or marked as spam.', 'tandem-user-sync' ),
			is_multisite() && is_super_admin( $user->ID )      => __( 'Not sent: an administrator of this network.', 'tandem-user-sync' ),
			null === $only                                     => __( 'Not sent: an administrator, or somebody with an administrator’s power.', 'tandem-user-sync' ),
			/* translators: %s: roles. */
			default                                            => sprintf( __( 'Not sent: has none of the roles that are sent there (%s).', 'tandem-user-sync' ), implode( ', ', $only ) ),
		};
	}

	/**
	 * How somebody was linked, as far as the activity goes back.
	 *
	 * @param RemoteSite $site The site.
	 * @param \WP_User   $user The user.
	 * @param Link|null  $link Who they are there.
	 */
	private function how( RemoteSite $site, \WP_User $user, ?Link $link ): string {
		if ( null === $link ) {
			return SiteKind::Webhook === $site->kind ? __( 'Not told of this person yet.', 'tandem-user-sync' ) : __( 'Not linked with an account there.', 'tandem-user-sync' );
		}
		$made = $this->log->search( new Query( 1, 1, site_id: $site->id, user_id: $user->ID, actions: array( Action::Create, Action::Link ) ) )[0]->entry ?? null;
		$date = $link->linked_at > 1 ? wp_date( (string) get_option( 'date_format' ), $link->linked_at ) : '';
		$text = match ( true ) {
			SiteKind::Webhook === $site->kind      => __( 'Told of this person.', 'tandem-user-sync' ),
			null === $made                         => __( 'Linked with an account there.', 'tandem-user-sync' ),
			Action::Create === $made->action       => __( 'Linked when the account was created.', 'tandem-user-sync' ),
			'' !== $made->message                  => $made->message,
			default                                => __( 'Linked with an account that existed already.', 'tandem-user-sync' ),
		};
		/* translators: 1: a sentence, 2: a date. */
		return '' === $date ? $text : sprintf( __( '%1$s Since %2$s.', 'tandem-user-sync' ), $text, $date );
	}
}
