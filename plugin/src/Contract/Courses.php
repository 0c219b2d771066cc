<?php
/**
 * What a plugin with courses brings along, so that rules of other sites can enrol people in them (docs/hooks.md,
 * "Courses"). Hand an object over by the filter `tandem_course_providers`.
 *
 * This interface is part of the contract: it changes only with the plugin's major version.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Contract;

interface Courses {

	/**
	 * The provider's short name: small letters, digits, `-` and `_`, up to 30 of them.
	 */
	public function id(): string;

	/**
	 * What people call it: "LearnDash".
	 */
	public function name(): string;

	/**
	 * What people can be enrolled in. Shown to the owners of this site and of the paired sites that may enrol.
	 *
	 * @return list<array{id: string, title: string, kind: string}> `id`: letters, digits, `:`, `_`, `.` and `-`, up to 60 of
	 *                                                             them. `kind`: what it is, for people: "Course", "Group".
	 */
	public function courses(): array;

	/**
	 * Whether somebody is enrolled.
	 *
	 * @param int    $user_id User here.
	 * @param string $id      One of `courses()`.
	 */
	public function is_enrolled( int $user_id, string $id ): bool;

	/**
	 * Enrols somebody who is not.
	 *
	 * @param int    $user_id User here.
	 * @param string $id      One of `courses()`.
	 * @throws \Exception When it can't be done at the moment: it is tried again later.
	 */
	public function enrol( int $user_id, string $id ): void;

	/**
	 * Ends an enrolment. What the person has reached so far should stay, should they come back.
	 *
	 * @param int    $user_id User here.
	 * @param string $id      One of `courses()`.
	 * @throws \Exception When it can't be done at the moment: it is tried again later.
	 */
	public function unenrol( int $user_id, string $id ): void;
}
