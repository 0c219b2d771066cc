<?php
/**
 * Runs the owner's rules. What they want for somebody is written down as a grant and travels with the person, by the
 * outbox like all else: an outage loses nothing, and a repetition does no harm.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rules;

use Tandem\Activity\Action;
use Tandem\Activity\Entry;
use Tandem\Activity\Log;
use Tandem\Activity\Result;
use Tandem\Guest\Guests;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\Sites;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outbox;
use Tandem\Time\Clock;

final class Engine {

	/** Code of somebody who is not sent to the rule's site. */
	public const OUT_OF_SCOPE = 'rule_out_of_scope';

	/** Code of a guest for whom nobody has a number. */
	public const GUEST = 'rule_guest';

	/** Whether something was written down that is to be delivered. */
	private bool $has_news = false;

	/** How deep in what rules of other sites do here: that sets no rule off, or two rules could do so for ever. */
	private int $quiet = 0;

	/**
	 * @param RuleBook $rules  The rules.
	 * @param Grants   $grants What they want.
	 * @param Sites    $sites  Remote sites.
	 * @param Outbox   $outbox Outbox.
	 * @param Log      $log    The record.
	 * @param Clock    $clock  Time.
	 */
	public function __construct(
		private readonly RuleBook $rules,
		private readonly Grants $grants,
		private readonly Sites $sites,
		private readonly Outbox $outbox,
		private readonly Log $log,
		private readonly Clock $clock,
	) {
	}

	/**
	 * Something happened that may set rules off.
	 *
	 * @param Trigger $trigger  What.
	 * @param int     $person   User here; a number from `Guests::FIRST_ID` on for a guest; 0 for a guest without one.
	 * @param string  $subject  Of that: see `Rule`.
	 * @param string  $occasion What it is: `order:123:item:45`, `role:vip`… The same one again is no news.
	 * @param bool    $is_proven Whether it is sure that it is that person: see `Occasion`.
	 */
	public function happened( Trigger $trigger, int $person, string $subject, string $occasion, bool $is_proven = true ): void {
		if ( $this->is_quiet() ) {
			return;
		}
		foreach ( $this->rules->set_off_by( $trigger, $subject ) as $rule ) {
			$this->run( $rule, new Occasion( $person, $occasion, $is_proven ) );
		}
	}

	/**
	 * It holds no longer: the order was refunded, the role was taken away. What other reasons speak for stays.
	 *
	 * @param int    $person       User here, or a guest's number.
	 * @param string ...$occasions What it was.
	 */
	public function undone( int $person, string ...$occasions ): void {
		if ( $person < 1 || array() === $occasions || $this->rules->is_blank() || $this->is_quiet() ) {
			return;
		}
		foreach ( $this->grants->of( $person ) as $grant ) {
			$gone  = array();
			$rules = array();
			foreach ( array_keys( $grant->reasons ) as $reason ) {
				list( $id, $of ) = array_pad( explode( '|', (string) $reason, 2 ), 2, '' );
				$rule            = $this->rules->find( (int) $id );
				// What a rule has given that was removed since is taken away, too.
				if ( in_array( $of, $occasions, true ) && ( $rule->reverses ?? true ) ) {
					$gone[]       = (string) $reason;
					$rules[ $of ] = $rule;
				}
			}
			if ( array() !== $gone ) {
				$this->take_back( $grant, $gone, $rules );
			}
		}
	}

	/**
	 * Runs one rule for one person.
	 *
	 * @param Rule     $rule     The rule.
	 * @param Occasion $occasion What sets it off.
	 * @return Verdict What came of it.
	 */
	public function run( Rule $rule, Occasion $occasion ): Verdict {
		$site    = $this->sites->find( $rule->site_id );
		$verdict = null === $site || SiteKind::Paired !== $site->kind ? Verdict::NoSite : $this->judge( $site, $rule, $occasion );
		if ( null === $site || Verdict::NoSite === $verdict || Verdict::Has === $verdict ) {
			return $verdict;
		}
		if ( Verdict::New !== $verdict ) {
			$this->record( $site, $rule->sentence(), $occasion->person, $occasion->name, Result::Skipped, $verdict->code(), $verdict->sentence( $site->name ) );
			return $verdict;
		}
		$this->outbox->open( $site->id, $occasion->person );
		$is_news = $this->grants->give( $site->id, $occasion->person, $rule->deed, $rule->target, $rule->reason( $occasion->name ) );
		$this->outbox->complete( $site->id, $occasion->person, $is_news ? new FieldSet( FieldSet::GRANTS ) : new FieldSet(), null, 0 );
		if ( ! $is_news ) {
			return Verdict::Has;
		}
		$this->has_news = true;
		$this->rules->ran( $rule->id, $this->clock->now() );
		$this->record( $site, $rule->sentence(), $occasion->person, $occasion->name, Result::Success );
		return $verdict;
	}

	/**
	 * What rules want for somebody is brought to a site once more: it does no harm there, and mends what the other site
	 * has lost, to a restored backup for instance.
	 *
	 * @param RemoteSite $site   The site.
	 * @param int        $person User here, or a guest's number.
	 */
	public function bring_again( RemoteSite $site, int $person ): void {
		$this->outbox->enqueue( $site->id, $person, new FieldSet( FieldSet::GRANTS ) );
		$this->has_news = true;
	}

	/**
	 * What running a rule would come to. Writes nothing.
	 *
	 * @param RemoteSite $site     The rule's site.
	 * @param Rule       $rule     The rule.
	 * @param Occasion   $occasion What would set it off.
	 */
	public function judge( RemoteSite $site, Rule $rule, Occasion $occasion ): Verdict {
		$is_guest = Guests::is_guest( $occasion->person );
		if ( $occasion->person < 1 || ( ! $occasion->is_proven && ! $rule->deed->gives() ) || ( $is_guest && ! $site->settings->guests->are_brought ) ) {
			return Verdict::Guest;
		}
		foreach ( $this->grants->of( $occasion->person ) as $grant ) {
			if ( $grant->site_id === $site->id && $grant->deed === $rule->deed && $grant->target === $rule->target && isset( $grant->reasons[ $rule->reason( $occasion->name ) ] ) ) {
				return Verdict::Has;
			}
		}
		if ( ! $is_guest ) {
			$user = get_userdata( $occasion->person );
			if ( false === $user ) {
				return Verdict::Gone;
			}
			if ( ! $site->may_cover( $user ) ) {
				return Verdict::OutOfScope;
			}
		}
		return Verdict::New;
	}

	/**
	 * Does something that sets no rule off: what rules of other sites want here.
	 *
	 * @template T
	 * @param \Closure(): T $work What.
	 * @return T What it returns.
	 */
	public function quietly( \Closure $work ): mixed {
		++$this->quiet;
		try {
			return $work();
		} finally {
			--$this->quiet;
		}
	}

	/**
	 * Whether something is to be delivered since this was last asked.
	 */
	public function took_news(): bool {
		$has_news       = $this->has_news;
		$this->has_news = false;
		return $has_news;
	}

	/**
	 * Whether what happens now sets no rule off: also in the middle of work on another site of the network.
	 */
	private function is_quiet(): bool {
		return $this->quiet > 0 || ( is_multisite() && ms_is_switched() );
	}

	/**
	 * Takes reasons away, and what they alone have given.
	 *
	 * @param Grant                    $grant   For what.
	 * @param list<string>             $reasons Which.
	 * @param array<string, Rule|null> $rules   Whose they are, by what is undone; null for a rule that was removed.
	 */
	private function take_back( Grant $grant, array $reasons, array $rules ): void {
		$site = $this->sites->find( $grant->site_id );
		if ( null === $site ) {
			return;
		}
		$this->outbox->open( $site->id, $grant->person );
		$is_news = $this->grants->take_back( $grant, $reasons );
		$this->outbox->complete( $site->id, $grant->person, $is_news ? new FieldSet( FieldSet::GRANTS ) : new FieldSet(), null, 0 );
		if ( ! $is_news ) {
			return;
		}
		$this->has_news = true;
		$is_over        = array() === array_diff( array_keys( $grant->reasons ), $reasons );
		foreach ( $rules as $occasion => $rule ) {
			$this->record(
				$site,
				null === $rule ? $grant->deed->sentence( $grant->target ) : $rule->sentence(),
				$grant->person,
				(string) $occasion,
				Result::Success,
				'',
				$is_over
					? __( 'Undone: what set it off holds no longer.', 'tandem-user-sync' )
					: __( 'What set it off holds no longer. There is another reason, so nothing is taken back.', 'tandem-user-sync' )
			);
		}
	}

	/**
	 * Puts a run on record.
	 *
	 * @param RemoteSite $site     The rule's site.
	 * @param string     $sentence The rule's sentence.
	 * @param int        $person   User here, or a guest's number.
	 * @param string     $occasion What set it off.
	 * @param Result     $result   How it ended.
	 * @param string     $code     Stable code, or ''.
	 * @param string     $more     What else is to be said.
	 */
	private function record( RemoteSite $site, string $sentence, int $person, string $occasion, Result $result, string $code = '', string $more = '' ): void {
		$user    = $person > 0 && $person < Guests::FIRST_ID ? get_userdata( $person ) : false;
		$words   = Occasion::words( $occasion );
		$message = sprintf( '%s. %s', '' === $words ? $sentence : "$sentence ($words)", $more );
		$this->log->add( new Entry( Action::Rule, $result, $site->id, $person, false === $user ? '' : $user->user_login, false === $user ? '' : $user->user_email, new FieldSet( FieldSet::GRANTS ), $code, trim( $message ) ) );
	}
}
