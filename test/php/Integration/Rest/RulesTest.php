<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Rest;

use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\SiteSettings;
use Tandem\Rules\Deed;
use Tandem\Rules\Rule;
use Tandem\Rules\RuleBook;
use Tandem\Rules\Trigger;

/**
 * The routes of the owner's rules. What the other site offers is asked of two real sites in `test/paired/rules.test.ts`.
 */
final class RulesTest extends RestTestCase {

	private function paired(): RemoteSite {
		return $this->sites->add( 'Site B', 'https://b.test', 'https://b.test/wp-json/', SiteKind::Paired, '', 0, false, SiteSettings::defaults() );
	}

	private function rule( RemoteSite $site ): Rule {
		return ( new RuleBook() )->add( new Rule( 0, $site->id, true, Trigger::Role, 'author', 'Author', Deed::Enrol, 'learndash/course:12', 'Yoga', true ) );
	}

	public function test_a_plain_site_takes_no_rules_and_says_why(): void {
		$site = $this->silent();
		self::assertSame(
			'tandem_rule_needs_tandem',
			$this->refusal(
				409,
				'POST',
				"/sites/{$site->id}/rules",
				array(
					'trigger' => 'role',
					'subject' => 'author',
					'deed'    => 'give_role',
					'target'  => 'student',
				)
			)
		);
		self::assertSame( 'tandem_not_paired', $this->refusal( 400, 'GET', "/sites/{$site->id}/rule-choices" ) );
	}

	public function test_rules_are_listed_switched_and_removed_and_that_is_on_record(): void {
		$site = $this->paired();
		$rule = $this->rule( $site );
		$list = $this->answer( 'GET', "/sites/{$site->id}/rules" );
		self::assertSame( array(), ( new TypeScriptContract() )->problems( 'Rule', $list[0] ) );
		self::assertSame( 'When somebody gets the role Author, enrol in Yoga there', $list[0]['sentence'] );
		$changed = $this->answer( 'PATCH', "/rules/{$rule->id}", array( 'on' => false ) );
		self::assertFalse( $changed['on'] );
		self::assertTrue( $changed['reverses'] );
		self::assertTrue( $this->answer( 'DELETE', "/rules/{$rule->id}" )['deleted'] );
		self::assertSame( array(), $this->answer( 'GET', "/sites/{$site->id}/rules" ) );
		self::assertSame( 'tandem_rule_not_found', $this->refusal( 404, 'DELETE', "/rules/{$rule->id}" ) );
		$said = implode( ' ', array_column( $this->answer( 'GET', '/activity' ), 'message' ) );
		self::assertStringContainsString( 'on: true → false', $said );
		self::assertStringContainsString( 'removed a rule', $said );
	}

	public function test_a_dry_run_counts_and_names_and_writes_nothing(): void {
		$site   = $this->paired();
		$rule   = $this->rule( $site );
		$author = $this->make_user( array( 'role' => 'author' ) );
		$before = $this->answer( 'GET', '/activity' );
		$step   = $this->answer( 'POST', "/rules/{$rule->id}/run", array( 'dryRun' => true ) );
		self::assertSame( array(), ( new TypeScriptContract() )->problems( 'RuleStep', $step ) );
		self::assertSame( $before, $this->answer( 'GET', '/activity' ) );
		self::assertNull( $step['next'] );
		$applied = $this->answer( 'POST', "/rules/{$rule->id}/run", array( 'dryRun' => false ) );
		self::assertContains( $author, array_column( $applied['people'], 'userId' ) );
		$again = $this->answer( 'POST', "/rules/{$rule->id}/run", array( 'dryRun' => true ) );
		self::assertSame( array( 'has' ), array_values( array_unique( array_column( $again['people'], 'verdict' ) ) ) );
		$row = $this->outbox->find_for( $site->id, $author );
		self::assertNotNull( $row );
		$this->outbox->discard( $row->id );
		$this->answer( 'POST', "/rules/{$rule->id}/run", array( 'dryRun' => false ) );
		self::assertSame( array( 'grants' ), $this->outbox->find_for( $site->id, $author )->fields->names ?? array(), 'Who has it is brought once more.' );
	}

	public function test_a_site_that_does_not_answer_is_named(): void {
		$site = $this->paired();
		self::assertSame( 400, $this->ask( 'GET', '/rule-subjects' )->get_status() );
		self::assertContains(
			array(
				'id'    => 'author',
				'label' => 'Author',
			),
			$this->answer( 'GET', '/rule-subjects', array( 'trigger' => 'role' ) )
		);
		self::assertSame( 'tandem_site_not_found', $this->refusal( 404, 'GET', '/sites/9999/rules' ) );
		self::assertSame( 'tandem_trigger_missing', $this->refusal( 409, 'GET', '/rule-subjects', array( 'trigger' => 'membership' ) ) );
		self::assertGreaterThan( 0, $site->id );
	}
}
