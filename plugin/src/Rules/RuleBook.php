<?php
/**
 * The owner's rules, in one option that WordPress loads with the others: that there is none for what just happened
 * costs no query.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rules;

final class RuleBook {

	/** Name of the option. */
	public const OPTION = 'tandem_rules';

	/** When each rule last ran. Not loaded with the others: it changes often. */
	public const RUNS = 'tandem_rule_runs';

	/** Rules that one site may have. */
	public const MOST = 100;

	/**
	 * The rules of a site, the oldest first.
	 *
	 * @param int $site_id Remote site.
	 * @return list<Rule>
	 */
	public function of_site( int $site_id ): array {
		return array_values( array_filter( $this->all(), static fn ( Rule $rule ): bool => $rule->site_id === $site_id ) );
	}

	/**
	 * A rule, or null.
	 *
	 * @param int $id Its number.
	 */
	public function find( int $id ): ?Rule {
		foreach ( $this->all() as $rule ) {
			if ( $rule->id === $id ) {
				return $rule;
			}
		}
		return null;
	}

	/**
	 * The rules that something sets off.
	 *
	 * @param Trigger $trigger What happened.
	 * @param string  $subject Of that.
	 * @return list<Rule>
	 */
	public function set_off_by( Trigger $trigger, string $subject ): array {
		return array_values( array_filter( $this->all(), static fn ( Rule $rule ): bool => $rule->is_on && $rule->trigger === $trigger && $rule->subject === $subject ) );
	}

	/**
	 * Whether there was never a rule here: then nothing is to be undone, and nobody need look.
	 */
	public function is_blank(): bool {
		return array() === $this->stored();
	}

	/**
	 * Adds a rule.
	 *
	 * @param Rule $rule The rule; its number is given here.
	 */
	public function add( Rule $rule ): Rule {
		$stored = $this->stored();
		$id     = max( 1, (int) ( $stored['next'] ?? 1 ) );
		$added  = Rule::from_array( array( 'id' => $id ) + $rule->to_array() ) ?? $rule;
		$this->store( array( ...$this->all(), $added ), $id + 1 );
		return $added;
	}

	/**
	 * Puts a rule in the place of the one with its number.
	 *
	 * @param Rule $rule The rule.
	 */
	public function replace( Rule $rule ): void {
		$this->store( array_map( static fn ( Rule $held ): Rule => $held->id === $rule->id ? $rule : $held, $this->all() ) );
	}

	/**
	 * Removes a rule.
	 *
	 * @param int $id Its number.
	 */
	public function remove( int $id ): void {
		$this->store( array_values( array_filter( $this->all(), static fn ( Rule $rule ): bool => $rule->id !== $id ) ) );
	}

	/**
	 * Removes the rules of a site that is removed.
	 *
	 * @param int $site_id Remote site.
	 */
	public function forget_site( int $site_id ): void {
		if ( array() !== $this->of_site( $site_id ) ) {
			$this->store( array_values( array_filter( $this->all(), static fn ( Rule $rule ): bool => $rule->site_id !== $site_id ) ) );
		}
	}

	/**
	 * Notes that a rule ran.
	 *
	 * @param int $id Its number.
	 * @param int $at Unix seconds.
	 */
	public function ran( int $id, int $at ): void {
		$runs = get_option( self::RUNS );
		$runs = is_array( $runs ) ? $runs : array();
		if ( ( $runs[ $id ] ?? 0 ) !== $at ) {
			update_option( self::RUNS, array( $id => $at ) + $runs, false );
		}
	}

	/**
	 * When a rule last ran, Unix seconds, or null.
	 *
	 * @param int $id Its number.
	 */
	public function last_run( int $id ): ?int {
		$runs = get_option( self::RUNS );
		$at   = is_array( $runs ) ? (int) ( $runs[ $id ] ?? 0 ) : 0;
		return 0 === $at ? null : $at;
	}

	/**
	 * All rules.
	 *
	 * @return list<Rule>
	 */
	private function all(): array {
		$rules = $this->stored()['rules'] ?? array();
		return array_values( array_filter( array_map( static fn ( mixed $data ): ?Rule => is_array( $data ) ? Rule::from_array( $data ) : null, is_array( $rules ) ? $rules : array() ) ) );
	}

	/**
	 * The option.
	 *
	 * @return array<string, mixed>
	 */
	private function stored(): array {
		$stored = get_option( self::OPTION );
		return is_array( $stored ) ? $stored : array();
	}

	/**
	 * Stores rules.
	 *
	 * @param list<Rule> $rules All of them.
	 * @param int|null   $next  The next number; as before when null. No number is given twice: what the rule with it has given bears it.
	 */
	private function store( array $rules, ?int $next = null ): void {
		update_option(
			self::OPTION,
			array(
				'next'  => $next ?? max( 1, (int) ( $this->stored()['next'] ?? 1 ) ),
				'rules' => array_map( static fn ( Rule $rule ): array => $rule->to_array(), $rules ),
			),
			true
		);
	}
}
