<?php
/**
 * The edits of this request, per user.
 *
 * The first touch of a user opens their outbox rows at once, so that whatever dies
 * after that, the change is not lost. The end of the request completes them. Nothing
 * that happens here can make a visitor's own save fail.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Capture;

use Tandem\Login\Departures;
use Tandem\Remote\Links;
use Tandem\Remote\PasswordForm;
use Tandem\Remote\PeerPayload;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\Sites;
use Tandem\Security\PlainPassword;
use Tandem\Security\Vault;
use Tandem\Settings;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outbox;
use Tandem\Sync\Records;
use Tandem\Sync\UserReader;
use Tandem\Time\Clock;

final class Recorder {

	/** Users after which a long script writes down what it has, so that it holds no growing memory. */
	private const STEP = 50;

	/** @var array<int, Edits> What this request did, by user id. */
	private array $edits = array();

	/** @var list<RemoteSite>|null The sites, read at the first touch. */
	private ?array $known_sites = null;

	/** What was read with them of whom was touched first. */
	private ?FirstLook $look = null;

	/** Whether an account is being made. */
	private bool $is_creating = false;

	/** @var int User whom another site is writing at this moment, or 0. */
	private int $silent_about = 0;

	/** Key of this process alone, made when it is needed. */
	private ?string $print_key = null;

	/** Whether something was written that is to be delivered. */
	private bool $has_written = false;

	/**
	 * @param Sites    $sites    Remote sites.
	 * @param FirstLooks $looks  Reads them with what they have to do with somebody.
	 * @param Links    $links    Links.
	 * @param Outbox   $outbox   Outbox.
	 * @param Vault    $vault    Seals passwords.
	 * @param Settings $settings How long a password is kept.
	 * @param Records  $records  When fields were changed.
	 * @param UserReader $reader Reads users.
	 * @param Trouble  $trouble  Where our own failures are noted.
	 * @param Unwritten $unwritten Whose changes could not be written down.
	 * @param Departures $departures When people logged out of everything.
	 * @param Clock    $clock    Time.
	 */
	public function __construct(
		private readonly Sites $sites,
		private readonly FirstLooks $looks,
		private readonly Links $links,
		private readonly Outbox $outbox,
		private readonly Vault $vault,
		private readonly Settings $settings,
		private readonly Records $records,
		private readonly UserReader $reader,
		private readonly Trouble $trouble,
		private readonly Unwritten $unwritten,
		private readonly Departures $departures,
		private readonly Clock $clock,
	) {
	}

	/**
	 * An account is being made: what WordPress says of it from now on is kept in mind and written down in one go by
	 * `created()`, a few queries later. Until then there is no account worth speaking of.
	 */
	public function creating(): void {
		$this->is_creating = true;
	}

	/**
	 * An account was made.
	 *
	 * @param int                $user_id  User here.
	 * @param PlainPassword|null $password Its password, if it has one.
	 */
	public function created( int $user_id, ?PlainPassword $password ): void {
		$this->is_creating = false;
		if ( -1 === $this->silent_about ) {
			$this->silent_about = $user_id;
			return;
		}
		if ( null !== $password ) {
			$this->password( $user_id, $password );
		}
		$this->touch( $user_id, FieldSet::ALL );
		if ( isset( $this->edits[ $user_id ] ) ) {
			$this->edits[ $user_id ]->created_at = $this->clock->now();
		}
	}

	/**
	 * Runs work in which another site's changes of a user are written here: they are not this site's own. Whoever does
	 * the work says afterwards what else has changed about that user (`Records::applied()`).
	 *
	 * @template T
	 * @param int           $user_id User here, -1 for one that is about to be made.
	 * @param \Closure(): T $work    The work.
	 * @return T What it returns.
	 */
	public function silently( int $user_id, \Closure $work ): mixed {
		$before             = $this->silent_about;
		$this->silent_about = $user_id;
		try {
			return $work();
		} finally {
			$this->silent_about = $before;
			$this->is_creating  = false;
		}
	}

	/**
	 * Fields of a user were changed.
	 *
	 * @param int    $user_id   User here.
	 * @param string ...$fields Names of fields.
	 */
	public function touch( int $user_id, string ...$fields ): void {
		if ( $this->is_silent_about( $user_id ) ) {
			return;
		}
		$this->for_each_site(
			$user_id,
			function ( RemoteSite $site ) use ( $user_id, $fields ): void {
				$sent = array_filter( $fields, static fn ( string $field ): bool => $site->may_send( $field ) );
				if ( array() !== $sent ) {
					$this->open( $site, $user_id )->fields += array_fill_keys( $sent, true );
				}
			}
		);
	}

	/**
	 * Somebody has logged out here, or may not be logged in any more: paired sites end what they have opened there before.
	 *
	 * @param int  $user_id   User here.
	 * @param bool $is_forced Whether that goes to every paired site where they are known, and not only to those where the
	 *                        owner wants people logged out together.
	 */
	public function logged_out( int $user_id, bool $is_forced ): void {
		if ( $this->is_silent_about( $user_id ) ) {
			return;
		}
		$is_noted = false;
		$this->for_each_site(
			$user_id,
			function ( RemoteSite $site ) use ( $user_id, $is_forced, &$is_noted ): void {
				if ( SiteKind::Paired !== $site->kind || ( ! $is_forced && ! $site->settings->login->logs_out ) || null === $this->links->find( $site->id, $user_id ) ) {
					return;
				}
				if ( ! $is_noted ) {
					$this->departures->note( $user_id );
					$is_noted = true;
				}
				$this->open( $site, $user_id )->logged_out_for[ $site->id ] = true;
			}
		);
	}

	/**
	 * A user's password was changed; the write is confirmed.
	 *
	 * @param int           $user_id  User here.
	 * @param PlainPassword $password The new one.
	 */
	public function password( int $user_id, PlainPassword $password ): void {
		if ( $this->is_silent_about( $user_id ) ) {
			return;
		}
		// Several hooks show the same password in one request: that is one change.
		$print = hash_hmac( 'sha256', $password->stored(), $this->print_key ??= random_bytes( 32 ) );
		$this->for_each_site(
			$user_id,
			function ( RemoteSite $site ) use ( $user_id, $password, $print ): void {
				$is_known = ( $this->edits[ $user_id ]->prints[ $site->id ] ?? '' ) === $print;
				if ( ! $is_known && $site->may_send( FieldSet::PASSWORD ) ) {
					// Sealed and written down at once: nobody else knows it any more should this process die.
					$sealed                              = $this->sealed( $site, $user_id, $password );
					$is_open                             = isset( $this->edits[ $user_id ]->opened[ $site->id ] );
					$edits                               = $this->open( $site, $user_id, $sealed );
					$edits->fields[ FieldSet::PASSWORD ] = true;
					$edits->sealed[ $site->id ]          = $sealed;
					if ( $is_open ) {
						$this->outbox->keep_secret( $site->id, $user_id, $sealed, $this->secret_expires_at() );
					}
					$edits->prints[ $site->id ] = $print;
				}
			}
		);
	}

	/**
	 * A password as it lies in the outbox: for a plain site under a key of this site's, for a paired one to its own key,
	 * so that not even this site can open it again. Where the stored password itself travels, only that it is to.
	 *
	 * @param RemoteSite    $site     The site.
	 * @param int           $user_id  User here.
	 * @param PlainPassword $password The password.
	 */
	public function sealed( RemoteSite $site, int $user_id, PlainPassword $password ): string {
		if ( SiteKind::Plain === $site->kind ) {
			return $this->vault->seal( $password->stored(), 'password:' . $site->id . ':' . $user_id );
		}
		$form      = $site->settings->password_form;
		$hash_does = PasswordForm::Plain !== $form && ( $site->pairing->test['hashOut'] ?? false );
		return null === $site->pairing || $hash_does || PasswordForm::Hash === $form
			? PeerPayload::STORED
			: PeerPayload::SEALED . $site->pairing->keys->seal( PeerPayload::password_text( 'plain', $password->stored() ) );
	}

	/**
	 * Whether a change is none of this site's own.
	 *
	 * @param int $user_id User here.
	 */
	public function is_silent_about( int $user_id ): bool {
		return $user_id < 1 || $user_id === $this->silent_about || -1 === $this->silent_about;
	}

	/**
	 * A user is about to be deleted. Written down at once: should this process die after the deletion, nobody else
	 * knows any more that the account did not go by itself. Should the deletion fail, the delivery sees that they
	 * still exist. Sites that neither have them nor would get them don't hear of it.
	 *
	 * @param \WP_User $user As they are, or were a moment ago.
	 */
	public function deleted( \WP_User $user ): void {
		if ( $this->is_silent_about( $user->ID ) ) {
			return;
		}
		$details = array(
			'login' => $user->user_login,
			'email' => $user->user_email,
		);
		$this->for_each_site(
			$user->ID,
			function ( RemoteSite $site ) use ( $user, $details ): void {
				if ( isset( $this->edits[ $user->ID ]->deleted_for[ $site->id ] ) || ( ! $site->may_cover( $user ) && null === $this->links->find( $site->id, $user->ID ) ) ) {
					return;
				}
				$edits                              = $this->open( $site, $user->ID );
				$edits->fields[ FieldSet::DELETED ] = true;
				$edits->deleted_for[ $site->id ]    = true;
				$edits->details                    += $details;
				if ( SiteKind::Paired === $site->kind ) {
					$edits->details += array( 'uid' => $this->records->find( $user->ID )->uid ?? '' );
				}
				$this->outbox->open( $site->id, $user->ID );
				$this->outbox->complete( $site->id, $user->ID, new FieldSet( FieldSet::DELETED ), null, 0, $edits->details );
			},
			true
		);
	}

	/**
	 * A user is gone. Where paired sites know them, they get a tombstone, whether the deletion travels or not: a late
	 * change from there must not bring them back.
	 *
	 * @param int $user_id User that was here.
	 */
	public function gone( int $user_id ): void {
		$this->safely(
			function () use ( $user_id ): void {
				if ( ! $this->is_silent_about( $user_id ) && $this->has_paired_site() ) {
					$this->records->bury_here( $user_id, (string) ( $this->edits[ $user_id ]->details['uid'] ?? '' ) );
				}
			}
		);
	}

	/**
	 * Whether this request has changed somebody.
	 */
	public function has_edits(): bool {
		return array() !== $this->edits || $this->has_written;
	}

	/**
	 * Whether some site wants the password of a pre-existing user at their next log-in.
	 *
	 * @param int $user_id User here.
	 */
	public function lacks_password( int $user_id ): bool {
		if ( ! $this->sites->any_catches_up() ) {
			return false;
		}
		foreach ( $this->sites( $user_id ) as $site ) {
			if ( $site->settings->catch_up_at_login && $site->may_send( FieldSet::PASSWORD ) ) {
				$link = $this->links->find( $site->id, $user_id );
				if ( null !== $link && 0 === $link->password_at ) {
					return true;
				}
			}
		}
		return false;
	}

	/**
	 * Runs something of ours so that a failure stays ours.
	 *
	 * @param \Closure(): void $work       What to do.
	 * @param int               $user_id    User whose change it writes down, 0 for none: they are brought later.
	 * @param bool              $is_deleted Whether that change is their deletion.
	 */
	public function safely( \Closure $work, int $user_id = 0, bool $is_deleted = false ): void {
		try {
			$work();
		} catch ( \Throwable $failure ) {
			$this->trouble->note( $failure );
			$this->unwritten->note( $user_id, $is_deleted );
		}
	}

	/**
	 * The request has ended, or a long script has collected enough: completes what was opened.
	 *
	 * @return bool Whether something is to be delivered.
	 */
	public function flush(): bool {
		$this->write();
		$written           = $this->has_written;
		$this->has_written = false;
		return $written;
	}

	/**
	 * Completes what was opened.
	 */
	private function write(): void {
		$edits       = $this->edits;
		$this->edits = array();
		foreach ( $edits as $user_id => $edit ) {
			if ( $edit->created_at > 0 && ! $this->has_no_older_links( $user_id, $edit->created_at ) ) {
				continue;
			}
			$user = get_userdata( $user_id );
			if ( false !== $user && $this->has_paired_site() ) {
				$read = $user;
				$this->safely(
					function () use ( $read, &$user, $edit ): void {
						$user = $this->stamp( $read, $edit );
					},
					$user_id
				);
			}
			$this->for_each_site( $user_id, fn ( RemoteSite $site ) => $this->complete( $site, $user_id, false === $user ? null : $user, $edit ), isset( $edit->fields[ FieldSet::DELETED ] ) );
		}
		// A long script sees what the owner changed meanwhile.
		$this->known_sites = null;
		$this->look        = null;
	}

	/**
	 * A number that a deleted user had before does not inherit their links.
	 *
	 * @param int $user_id User here.
	 * @param int $since   When they were made, Unix seconds.
	 * @return bool Whether that is made sure. Otherwise the rows stay open, to be taken up later.
	 */
	private function has_no_older_links( int $user_id, int $since ): bool {
		$is_sure = $this->is_on_another_site() || ( $this->look?->user_id === $user_id && ! $this->look->was_linked_before( $since ) );
		if ( ! $is_sure ) {
			$this->safely(
				function () use ( $user_id, $since, &$is_sure ): void {
					$this->links->remove_older( $user_id, $since );
					$is_sure = true;
				}
			);
		}
		return $is_sure;
	}

	/**
	 * Whether this is in the middle of work on another site of the network, whose tables and roles are not ours.
	 */
	private function is_on_another_site(): bool {
		return is_multisite() && ms_is_switched();
	}

	/**
	 * Notes when the fields were changed. Paired sites keep the newest of each.
	 *
	 * @param \WP_User $user The user, as this request knows them.
	 * @param Edits    $edit What was done.
	 * @return \WP_User|false The user as they are, when that had to be read anew; false when they are gone.
	 */
	private function stamp( \WP_User $user, Edits $edit ): \WP_User|false {
		$meta = array();
		foreach ( $this->sites() as $site ) {
			array_push( $meta, ...( SiteKind::Paired === $site->kind ? $site->meta_keys() : array() ) );
		}
		$meta = array_values( array_unique( $meta ) );
		if ( $this->look?->user_id === $user->ID ) {
			$this->records->expect( $user->ID, $this->look->record );
		}
		$now    = $user;
		$anew   = function () use ( $user, $meta, &$now ): array {
			clean_user_cache( $user->ID );
			$now  = get_userdata( $user->ID );
			$seen = false === $now ? $user : $now;
			return array( $this->reader->read( $seen, $meta ), (string) $seen->user_pass );
		};
		$record = $this->records->settle( $this->reader->read( $user, $meta ), array_keys( $edit->fields ), (string) $user->user_pass, $anew );
		// What was changed past the hooks and is seen only now goes along.
		$edit->fields += array_fill_keys( $record->renewed, true );
		return $now;
	}

	/**
	 * Whether any remote site is a paired one.
	 */
	private function has_paired_site(): bool {
		foreach ( $this->sites() as $site ) {
			if ( SiteKind::Paired === $site->kind ) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Completes the row of one user for one site.
	 *
	 * @param RemoteSite    $site    The site.
	 * @param int           $user_id User here.
	 * @param \WP_User|null $user    As they are now; null when they were deleted.
	 * @param Edits         $edit    What was done.
	 */
	private function complete( RemoteSite $site, int $user_id, ?\WP_User $user, Edits $edit ): void {
		$fields = new FieldSet( ...array_filter( array_keys( $edit->fields ), static fn ( string $name ): bool => $site->may_send( $name ) ) );
		$sealed = $edit->sealed[ $site->id ] ?? null;
		if ( $fields->has( FieldSet::DELETED ) && ! isset( $edit->deleted_for[ $site->id ] ) ) {
			$fields = new FieldSet();
		}
		$logout = isset( $edit->logged_out_for[ $site->id ] ) ? array( FieldSet::LOGOUT ) : array();
		$fields = $fields->with( new FieldSet( ...$logout ) );
		if ( ! isset( $edit->opened[ $site->id ] ) ) {
			if ( $fields->is_empty() ) {
				return;
			}
			// Kept in mind while an account was being made that was not made in the end.
			$this->outbox->open( $site->id, $user_id );
		}
		if ( null !== $user && ! $site->may_cover( $user ) ) {
			// Not one of the people of this site (any more). Who leaves that circle takes the change of role along.
			$leaves = $fields->includes( FieldSet::ROLES ) && null !== $this->links->find( $site->id, $user_id );
			$fields = new FieldSet( ...( $leaves ? array( FieldSet::ROLES ) : array() ), ...$logout );
			$sealed = Outbox::NO_SECRET;
		}
		$this->outbox->complete( $site->id, $user_id, $fields, $sealed, null === $sealed ? 0 : $this->secret_expires_at(), $edit->details );
		$this->has_written = $this->has_written || ! $fields->is_empty();
	}

	/**
	 * Does something for each site; what fails for one does not keep it from the others.
	 *
	 * @param int                           $user_id    User whose change it writes down.
	 * @param \Closure( RemoteSite ): void $work       What to do.
	 * @param bool                          $is_deleted Whether that change is their deletion.
	 */
	private function for_each_site( int $user_id, \Closure $work, bool $is_deleted = false ): void {
		$this->safely(
			function () use ( $user_id, $work, $is_deleted ): void {
				if ( $this->is_on_another_site() ) {
					return;
				}
				foreach ( $this->sites( $user_id ) as $site ) {
					$this->safely( static fn () => $work( $site ), $user_id, $is_deleted );
				}
			},
			$user_id,
			$is_deleted
		);
	}

	/**
	 * The edits of a user, with the outbox row of a site open.
	 *
	 * @param RemoteSite $site    The site.
	 * @param int        $user_id User here.
	 * @param string     $sealed  Sealed new password, to be written down with it; '' for none.
	 */
	private function open( RemoteSite $site, int $user_id, string $sealed = Outbox::NO_SECRET ): Edits {
		if ( ! isset( $this->edits[ $user_id ] ) ) {
			if ( count( $this->edits ) >= self::STEP ) {
				$this->write();
			}
			$this->edits[ $user_id ] = new Edits();
		}
		$edits = $this->edits[ $user_id ];
		if ( ! isset( $edits->opened[ $site->id ] ) && ! $this->is_creating ) {
			$this->outbox->open( $site->id, $user_id, $sealed, Outbox::NO_SECRET === $sealed ? 0 : $this->secret_expires_at() );
			$edits->opened[ $site->id ] = true;
		}
		return $edits;
	}

	/**
	 * When a password that is captured now is wiped, Unix seconds.
	 */
	private function secret_expires_at(): int {
		return $this->clock->now() + $this->settings->password_expiry_hours() * HOUR_IN_SECONDS;
	}

	/**
	 * The sites, read once for a request, or for a step of a long script, together with what they have to do with whom is
	 * touched first: most requests touch nobody else.
	 *
	 * @param int $user_id User here whom it is about, or 0.
	 * @return list<RemoteSite>
	 */
	private function sites( int $user_id = 0 ): array {
		if ( null === $this->known_sites && $user_id > 0 ) {
			$this->look        = $this->looks->at( $user_id );
			$this->known_sites = $this->look->sites;
			foreach ( $this->look->waiting as $site_id => $row ) {
				$this->outbox->expect( $site_id, $user_id, $row );
			}
		}
		return $this->known_sites ??= $this->sites->all();
	}
}
