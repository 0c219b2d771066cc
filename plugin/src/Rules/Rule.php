<?php
/**
 * One rule of the owner's, for one remote site: when something happens here, something is done there.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rules;

final class Rule {

	/**
	 * @param int     $id       Its number.
	 * @param int     $site_id  The site on which it does something.
	 * @param bool    $is_on    Whether it is set off.
	 * @param Trigger $trigger  What sets it off.
	 * @param string  $subject  Of that: a role's slug, a tag, a product's id, a status without `wc-`, a plan's id.
	 * @param string  $subject_label What a person calls it.
	 * @param Deed    $deed     What it does.
	 * @param string  $target   To what: a role's slug, a tag, a course as `provider/id`.
	 * @param string  $target_label What a person calls it.
	 * @param bool    $reverses Whether it is undone when what set it off is undone.
	 */
	public function __construct(
		public readonly int $id,
		public readonly int $site_id,
		public readonly bool $is_on,
		public readonly Trigger $trigger,
		public readonly string $subject,
		public readonly string $subject_label,
		public readonly Deed $deed,
		public readonly string $target,
		public readonly string $target_label,
		public readonly bool $reverses,
	) {
	}

	/**
	 * Reads one; null when it is none.
	 *
	 * @param array<string, mixed> $data As `to_array()` gave it.
	 */
	public static function from_array( array $data ): ?self {
		$trigger = Trigger::tryFrom( (string) ( $data['trigger'] ?? '' ) );
		$deed    = Deed::tryFrom( (string) ( $data['deed'] ?? '' ) );
		if ( null === $trigger || null === $deed ) {
			return null;
		}
		return new self(
			(int) ( $data['id'] ?? 0 ),
			(int) ( $data['site'] ?? 0 ),
			! empty( $data['on'] ),
			$trigger,
			(string) ( $data['subject'] ?? '' ),
			(string) ( $data['subjectLabel'] ?? '' ),
			$deed,
			(string) ( $data['target'] ?? '' ),
			(string) ( $data['targetLabel'] ?? '' ),
			! empty( $data['reverses'] )
		);
	}

	/**
	 * As it lies in the database and travels to the page.
	 *
	 * @return array{id: int, site: int, on: bool, trigger: string, subject: string, subjectLabel: string, deed: string, target: string, targetLabel: string, reverses: bool}
	 */
	public function to_array(): array {
		return array(
			'id'           => $this->id,
			'site'         => $this->site_id,
			'on'           => $this->is_on,
			'trigger'      => $this->trigger->value,
			'subject'      => $this->subject,
			'subjectLabel' => $this->subject_label,
			'deed'         => $this->deed->value,
			'target'       => $this->target,
			'targetLabel'  => $this->target_label,
			'reverses'     => $this->reverses,
		);
	}

	/**
	 * The rule as a person reads it: "When Yoga Basics is bought, enrol in Yoga (LearnDash) there".
	 */
	public function sentence(): string {
		return sprintf(
			/* translators: 1: when something happens, 2: something is done. */
			__( '%1$s, %2$s', 'tandem-user-sync' ),
			$this->trigger->sentence( '' === $this->subject_label ? $this->subject : $this->subject_label ),
			$this->deed->sentence( '' === $this->target_label ? $this->target : $this->target_label )
		);
	}

	/**
	 * Why somebody has what this rule gives: one reason for each thing that set it off.
	 *
	 * @param string $occasion What set it off: `order:123:item:45`, `role:vip`…
	 */
	public function reason( string $occasion ): string {
		return $this->id . '|' . $occasion;
	}
}
