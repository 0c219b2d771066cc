<?php
/**
 * The owner's rules: `/sites/{id}/rules` and `/rules/{id}`.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

use Tandem\Activity\Action;
use Tandem\Activity\Audit;
use Tandem\Activity\Entry;
use Tandem\Activity\Log;
use Tandem\Activity\Result;
use Tandem\Guest\Guests;
use Tandem\Remote\PeerOffers;
use Tandem\Remote\RemoteFailure;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\Sites;
use Tandem\Rules\Deed;
use Tandem\Rules\Engine;
use Tandem\Rules\Occasion;
use Tandem\Rules\OccasionPage;
use Tandem\Rules\Occasions;
use Tandem\Rules\Rule;
use Tandem\Rules\RuleBook;
use Tandem\Rules\Trigger;
use Tandem\Rules\Verdict;
use Tandem\Sync\Worker;

final class RulesController implements Controller {

	/**
	 * @param RuleBook        $rules     The rules.
	 * @param Engine          $engine    Runs them.
	 * @param list<Occasions> $occasions What sets them off.
	 * @param Sites           $sites     The sites.
	 * @param PeerOffers      $offers    What sites let rules do.
	 * @param Log             $log       The record.
	 * @param Worker          $worker    Delivers.
	 */
	public function __construct(
		private readonly RuleBook $rules,
		private readonly Engine $engine,
		private readonly array $occasions,
		private readonly Sites $sites,
		private readonly PeerOffers $offers,
		private readonly Log $log,
		private readonly Worker $worker,
	) {
	}

	/**
	 * The routes.
	 *
	 * @return list<Route>
	 */
	public function routes(): array {
		$id      = array( 'id' => self::NUMBER );
		$text    = array(
			'type'      => 'string',
			'minLength' => 1,
			'maxLength' => Deed::LONGEST_TARGET,
		);
		$trigger = array(
			'type' => 'string',
			'enum' => array_column( Trigger::cases(), 'value' ),
		);
		$parts   = array(
			'on'       => array( 'type' => 'boolean' ),
			'trigger'  => $trigger,
			'subject'  => $text,
			'deed'     => array(
				'type' => 'string',
				'enum' => array_column( Deed::cases(), 'value' ),
			),
			'target'   => $text,
			'reverses' => array( 'type' => 'boolean' ),
		);
		$of_site = '/sites/' . self::ID;
		$one     = '/rules/' . self::ID;
		$needed  = array( 'required' => true );
		return array(
			new Route( 'GET', "$of_site/rules", fn ( \WP_REST_Request $request ): array => array_map( $this->answer( ... ), $this->rules->of_site( $this->sites->get( $request['id'] )->id ) ), $id ),
			new Route(
				'POST',
				"$of_site/rules",
				$this->add( ... ),
				$id + array(
					'on'       => $parts['on'],
					'trigger'  => $parts['trigger'] + $needed,
					'subject'  => $parts['subject'] + $needed,
					'deed'     => $parts['deed'] + $needed,
					'target'   => $parts['target'] + $needed,
					'reverses' => $parts['reverses'],
				)
			),
			new Route( 'GET', "$of_site/rule-choices", $this->choices( ... ), $id ),
			new Route(
				'GET',
				'/rule-subjects',
				$this->subjects( ... ),
				array(
					'trigger' => $trigger + $needed,
					'search'  => array(
						'type'      => 'string',
						'maxLength' => 100,
						'default'   => '',
					),
				)
			),
			new Route( 'PATCH', $one, $this->change( ... ), $id + $parts ),
			new Route( 'DELETE', $one, $this->remove( ... ), $id ),
			new Route(
				'POST',
				"$one/run",
				$this->run( ... ),
				$id + array(
					'dryRun' => array( 'type' => 'boolean' ) + $needed,
					'page'   => array(
						'type'    => 'integer',
						'minimum' => 1,
						'default' => 1,
					),
				)
			),
		);
	}

	/**
	 * Adds a rule.
	 *
	 * @param \WP_REST_Request $request `NewRule`.
	 * @return \WP_REST_Response `Rule`.
	 * @throws Refused When it can't be as it was asked for.
	 */
	private function add( \WP_REST_Request $request ): \WP_REST_Response {
		$site = $this->sites->get( $request['id'] );
		if ( SiteKind::Paired !== $site->kind ) {
			throw new Refused( 'tandem_rule_needs_tandem', __( 'Rules need Tandem on the other site, too: a plain WordPress knows neither tags nor courses, and can’t tell a role that a rule has given from any other. Install Tandem there and connect again.', 'tandem-user-sync' ), 409 );
		}
		if ( count( $this->rules->of_site( $site->id ) ) >= RuleBook::MOST ) {
			/* translators: %d: a number. */
			throw new Refused( 'tandem_too_many_rules', sprintf( __( 'A site may have %d rules. Remove one that you don’t need any more.', 'tandem-user-sync' ), RuleBook::MOST ), 409 );
		}
		$rule = $this->rules->add( $this->checked( $site, 0, $request->get_params() ) );
		/* translators: 1: username of an administrator, 2: name of a site, 3: a rule. */
		$this->record( $site, sprintf( __( '%1$s added a rule for %2$s: “%3$s”.', 'tandem-user-sync' ), Audit::who(), $site->name, $rule->sentence() ) );
		return new \WP_REST_Response( $this->answer( $rule ), 201 );
	}

	/**
	 * Changes a rule. What it has given so far stays as it is.
	 *
	 * @param \WP_REST_Request $request `RuleChanges`.
	 * @return array<string, mixed> `Rule`.
	 * @throws Refused When it can't be as it was asked for.
	 */
	private function change( \WP_REST_Request $request ): array {
		$rule    = $this->rule( $request['id'] );
		$site    = $this->sites->get( $rule->site_id );
		$changes = array_filter( array_intersect_key( $request->get_params(), array_flip( array( 'on', 'trigger', 'subject', 'deed', 'target', 'reverses' ) ) ), static fn ( mixed $value ): bool => null !== $value );
		// On and off, and whether it reverses, are this site's affair: the other one need not be asked.
		$changed = array() === array_diff_key( $changes, array_flip( array( 'on', 'reverses' ) ) )
			? Rule::from_array( $changes + $rule->to_array() ) ?? $rule
			: $this->checked( $site, $rule->id, $changes + $rule->to_array() );
		$this->rules->replace( $changed );
		$difference = Audit::changes( $rule->to_array(), $changed->to_array() );
		if ( '' !== $difference ) {
			/* translators: 1: username of an administrator, 2: name of a site, 3: a rule, 4: what was changed. */
			$this->record( $site, sprintf( __( '%1$s changed a rule for %2$s, “%3$s”: %4$s', 'tandem-user-sync' ), Audit::who(), $site->name, $changed->sentence(), $difference ) );
		}
		return $this->answer( $changed );
	}

	/**
	 * Removes a rule. What it has given stays, until what set it off is undone.
	 *
	 * @param \WP_REST_Request $request `id`.
	 * @return array{deleted: bool}
	 */
	private function remove( \WP_REST_Request $request ): array {
		$rule = $this->rule( $request['id'] );
		$this->rules->remove( $rule->id );
		$site = $this->sites->get( $rule->site_id );
		/* translators: 1: username of an administrator, 2: name of a site, 3: a rule. */
		$this->record( $site, sprintf( __( '%1$s removed a rule for %2$s: “%3$s”. What it has given stays.', 'tandem-user-sync' ), Audit::who(), $site->name, $rule->sentence() ) );
		return array( 'deleted' => true );
	}

	/**
	 * What a rule for a site may be about.
	 *
	 * @param \WP_REST_Request $request `id`.
	 * @return array<string, mixed> `RuleChoices`.
	 * @throws Refused When the site is a plain one.
	 */
	private function choices( \WP_REST_Request $request ): array {
		$site = $this->sites->get( $request['id'] );
		if ( SiteKind::Paired !== $site->kind ) {
			throw new Refused( 'tandem_not_paired', __( 'Only a paired site does something here. This one is plain.', 'tandem-user-sync' ) );
		}
		return array( 'triggers' => array_merge( ...array_map( static fn ( Occasions $source ): array => array_map( static fn ( Trigger $trigger ): string => $trigger->value, $source->triggers() ), $this->occasions ) ) ) + $this->offers->of( $site );
	}

	/**
	 * What may set a rule off.
	 *
	 * @param \WP_REST_Request $request `trigger`, `search`.
	 * @return list<array{id: string, label: string}> List of `RuleSubject`.
	 * @throws Refused When the plugin that it belongs to is missing.
	 */
	private function subjects( \WP_REST_Request $request ): array {
		$trigger = Trigger::from( $request['trigger'] );
		return $this->source( $trigger )->subjects( $trigger, trim( sanitize_text_field( $request['search'] ) ) );
	}

	/**
	 * Runs a rule for those who qualify now, a part of them, or says what that would come to. Who has it is brought once
	 * more.
	 *
	 * @param \WP_REST_Request $request `RuleRun`.
	 * @return array<string, mixed> `RuleStep`.
	 * @throws Refused When the plugin that it belongs to is missing.
	 */
	private function run( \WP_REST_Request $request ): array {
		$rule = $this->rule( $request['id'] );
		$site = $this->sites->get( $rule->site_id );
		$page = $this->source( $rule->trigger )->present( $rule->trigger, $rule->subject, $request['page'] );
		cache_users( array_values( array_filter( array_map( static fn ( Occasion $occasion ): int => $occasion->person, $page->occasions ), static fn ( int $id ): bool => $id > 0 && $id < Guests::FIRST_ID ) ) );
		$people = array();
		foreach ( $page->occasions as $occasion ) {
			$verdict = $this->engine->judge( $site, $rule, $occasion );
			if ( ! $request['dryRun'] ) {
				match ( $verdict ) {
					Verdict::New => $this->engine->run( $rule, $occasion ),
					Verdict::Has => $this->engine->bring_again( $site, $occasion->person ),
					default      => null,
				};
			}
			$user     = $occasion->person > 0 && $occasion->person < Guests::FIRST_ID ? get_userdata( $occasion->person ) : false;
			$people[] = array(
				'userId'   => $occasion->person,
				'username' => false === $user ? '' : $user->user_login,
				'email'    => false === $user ? '' : $user->user_email,
				'occasion' => $occasion->name,
				'verdict'  => $verdict->value,
				'message'  => $verdict->sentence( $site->name ),
			);
		}
		if ( ! $request['dryRun'] && $this->engine->took_news() ) {
			$this->worker->wake();
		}
		return array(
			'people' => $people,
			'looked' => $page->looked,
			'total'  => $page->total,
			'next'   => $page->looked < $page->total && $page->looked > ( $request['page'] - 1 ) * OccasionPage::SIZE ? $request['page'] + 1 : null,
		);
	}

	/**
	 * A rule as it was asked for, where it can be like that.
	 *
	 * @param RemoteSite           $site  Its site.
	 * @param int                  $id    Its number, or 0.
	 * @param array<string, mixed> $asked Its parts.
	 * @throws Refused       When it can't.
	 * @throws RemoteFailure When the other site does not say whether it can.
	 */
	private function checked( RemoteSite $site, int $id, array $asked ): Rule {
		$trigger = Trigger::from( $asked['trigger'] );
		$deed    = Deed::from( $asked['deed'] );
		$subject = (string) $asked['subject'];
		$target  = (string) $asked['target'];
		$label   = $this->source( $trigger )->label( $trigger, $subject );
		if ( null === $label ) {
			throw new Refused( 'tandem_rule_subject', __( 'What should set this rule off is not there (any more). Choose it anew.', 'tandem-user-sync' ) );
		}
		$there = $this->offers->label( $site, $deed, $target );
		if ( null === $there ) {
			/* translators: 1: name of a site, 2: what a rule wants. */
			throw new Refused( 'tandem_rule_target', sprintf( __( '%1$s does not let rules of this site do this: %2$s. Its owner can allow it there under “What may that site do here?”. Roles with power over a site are never given from outside.', 'tandem-user-sync' ), $site->name, $deed->sentence( $target ) ), 409 );
		}
		$rule = new Rule( $id, $site->id, (bool) ( $asked['on'] ?? true ), $trigger, $subject, $label, $deed, $target, $there, (bool) ( $asked['reverses'] ?? true ) );
		foreach ( $this->rules->of_site( $site->id ) as $other ) {
			if ( $other->id !== $id && array( $other->trigger, $other->subject, $other->deed, $other->target ) === array( $trigger, $subject, $deed, $target ) ) {
				throw new Refused( 'tandem_rule_exists', __( 'There is such a rule already.', 'tandem-user-sync' ), 409 );
			}
		}
		return $rule;
	}

	/**
	 * Where something happens.
	 *
	 * @param Trigger $trigger What.
	 * @throws Refused When the plugin that it belongs to is missing.
	 */
	private function source( Trigger $trigger ): Occasions {
		foreach ( $this->occasions as $source ) {
			if ( in_array( $trigger, $source->triggers(), true ) ) {
				return $source;
			}
		}
		throw new Refused( 'tandem_trigger_missing', __( 'The plugin that this rule waits for is not active on this site.', 'tandem-user-sync' ), 409 );
	}

	/**
	 * A rule.
	 *
	 * @param int $id Its number.
	 * @throws Refused When there is none.
	 */
	private function rule( int $id ): Rule {
		return $this->rules->find( $id ) ?? throw new Refused( 'tandem_rule_not_found', __( 'There is no rule with this number. It may have been removed in another window.', 'tandem-user-sync' ), 404 );
	}

	/**
	 * A rule for the page.
	 *
	 * @param Rule $rule The rule.
	 * @return array<string, mixed> `Rule`.
	 */
	private function answer( Rule $rule ): array {
		return $rule->to_array() + array(
			'sentence'  => $rule->sentence(),
			'lastRunAt' => $this->rules->last_run( $rule->id ),
		);
	}

	/**
	 * Puts on record what an administrator did.
	 *
	 * @param RemoteSite $site     The site.
	 * @param string     $sentence Sentence.
	 */
	private function record( RemoteSite $site, string $sentence ): void {
		$this->log->add( new Entry( Action::Settings, Result::Success, $site->id, message: $sentence ) );
	}
}
