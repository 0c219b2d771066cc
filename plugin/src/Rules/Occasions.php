<?php
/**
 * Where rules are set off: WordPress itself, tags, a shop. Whoever implements it also listens, and tells `Engine`.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rules;

interface Occasions {

	/**
	 * The kinds of things that happen here. None where the plugin that they belong to is missing.
	 *
	 * @return list<Trigger>
	 */
	public function triggers(): array;

	/**
	 * What a rule may be about.
	 *
	 * @param Trigger $trigger One of `triggers()`.
	 * @param string  $search  What was typed, or ''.
	 * @return list<array{id: string, label: string}> A hundred at most.
	 */
	public function subjects( Trigger $trigger, string $search ): array;

	/**
	 * What a subject is called, or null where there is none.
	 *
	 * @param Trigger $trigger One of `triggers()`.
	 * @param string  $subject The subject's id.
	 */
	public function label( Trigger $trigger, string $subject ): ?string;

	/**
	 * What holds now, a part of it.
	 *
	 * @param Trigger $trigger One of `triggers()`.
	 * @param string  $subject The subject's id.
	 * @param int     $page    Which part, from 1.
	 * @return OccasionPage
	 */
	public function present( Trigger $trigger, string $subject, int $page ): OccasionPage;
}
