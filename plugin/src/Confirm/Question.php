<?php
/**
 * What the holder of an account is asked by mail: whether an account on another site is theirs too.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Confirm;

use Tandem\Remote\RemoteSite;

interface Question {

	/**
	 * The link was opened, or its button pressed. Whoever holds the token of the mail may answer, once; what is answered
	 * concerns the account that the mail went to and no other.
	 *
	 * @param int    $row    Which question.
	 * @param string $token  As it stands in the link.
	 * @param bool   $is_yes Whether the button was pressed. Else the link is only checked.
	 * @return RemoteSite The other site, so that the page says which one it is about.
	 * @throws Refused When the link is not good (any more), with the sentence for a person.
	 */
	public function answer( int $row, #[\SensitiveParameter] string $token, bool $is_yes ): RemoteSite;
}
