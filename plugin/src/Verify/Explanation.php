<?php
/**
 * What goes on with one person and one site: linked how, sent or why not, what differs, and what would be sent.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Verify;

use Tandem\Remote\Link;
use Tandem\Remote\Problem;
use Tandem\Remote\RemoteSite;
use Tandem\Sync\OutboxRow;

final class Explanation {

	/**
	 * @param RemoteSite      $site     The site.
	 * @param bool            $is_sent  Whether this person is one of those who are sent there.
	 * @param string          $why      The sentence for it.
	 * @param Link|null       $link     Who they are there.
	 * @param string          $how      How they were linked, a sentence; or why they are not.
	 * @param OutboxRow|null  $waiting  What waits for them.
	 * @param list<FieldView> $fields   Field by field; empty when it could not be looked at.
	 * @param list<string>    $would    Fields that would be sent now; `*` for everything.
	 * @param Kind|null       $wrong    What is wrong besides fields.
	 * @param Problem|null    $problem  Why the other site could not be asked.
	 */
	public function __construct(
		public readonly RemoteSite $site,
		public readonly bool $is_sent,
		public readonly string $why,
		public readonly ?Link $link,
		public readonly string $how,
		public readonly ?OutboxRow $waiting,
		public readonly array $fields,
		public readonly array $would,
		public readonly ?Kind $wrong,
		public readonly ?Problem $problem,
	) {
	}

	/**
	 * `SiteExplanation` in admin-src/types.ts, and what the command line prints.
	 *
	 * @return array<string, mixed>
	 */
	public function to_array(): array {
		return array(
			'siteId'     => $this->site->id,
			'siteName'   => $this->site->name,
			'kind'       => $this->site->kind->value,
			'sent'       => $this->is_sent,
			'why'        => $this->why,
			'remoteId'   => $this->link?->remote_id,
			'remoteName' => $this->link->remote_login ?? '',
			'linked'     => $this->how,
			'waiting'    => null === $this->waiting ? null : array(
				'state'   => $this->waiting->state->value,
				'since'   => $this->waiting->waits_since(),
				'fields'  => $this->waiting->fields->names,
				'code'    => $this->waiting->code,
				'message' => $this->waiting->message,
			),
			'fields'     => array_map( static fn ( FieldView $field ): array => $field->to_array(), $this->fields ),
			'wouldSend'  => $this->would,
			'wrong'      => $this->wrong?->sentence( $this->site->name ),
			'problem'    => null === $this->problem ? null : array(
				'code'    => $this->problem->code->value,
				'message' => $this->problem->message,
			),
		);
	}
}
