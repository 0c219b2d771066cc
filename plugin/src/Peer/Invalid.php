<?php
/**
 * A person in a message who is not what the protocol says, with a sentence.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

final class Invalid extends \RuntimeException {
}
