<?php
/**
 * A confirmation link that is not good, with the sentence for the person who opened it.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Confirm;

final class Refused extends \RuntimeException {
}
