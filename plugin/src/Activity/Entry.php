<?php
/**
 * One thing to be put on record.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Activity;

use Tandem\Sync\FieldSet;

final class Entry {

	/**
	 * @param Action       $action   What was done or tried.
	 * @param Result       $result   How it ended.
	 * @param int          $site_id  Remote site, or 0.
	 * @param int          $user_id  User here, or 0 where it is about a site.
	 * @param string       $username Username here.
	 * @param string       $email    E-mail address here.
	 * @param FieldSet     $fields   What was sent.
	 * @param string       $code     Stable code, or ''.
	 * @param string       $message  Sentence for a person.
	 * @param list<string> $warnings What the remote could not take.
	 * @param Direction    $direction Which way it went.
	 * @param int          $took     Milliseconds from the change to its arrival, or 0.
	 */
	public function __construct(
		public readonly Action $action,
		public readonly Result $result,
		public readonly int $site_id,
		public readonly int $user_id = 0,
		public readonly string $username = '',
		public readonly string $email = '',
		public readonly FieldSet $fields = new FieldSet(),
		public readonly string $code = '',
		public readonly string $message = '',
		public readonly array $warnings = array(),
		public readonly Direction $direction = Direction::Out,
		public readonly int $took = 0,
	) {
	}
}
