<?php
/**
 * A row of a site's outbox: that one user must be made right on one site.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Unit\Sync\Network;

use Tandem\Sync\FieldSet;
use Tandem\Sync\Stamp;

final class Row {

	public FieldSet $fields;
	public int $version = 0;

	/** The letter that is on its way for it; 0 for none. */
	public int $claim = 0;

	/** What the last answer said. */
	public string $said = '';

	/** @var list<string> What was changed by a process that died before it could settle it. */
	public array $abandoned = array();

	/** @var array{uids: list<string>, stamp: Stamp}|null Set when the user was deleted. */
	public ?array $deletion = null;

	public function __construct( public readonly int $peer, public readonly int $user ) {
		$this->fields = new FieldSet();
	}
}
