<?php
/**
 * A choice that can't be carried out for a person, with the reason as a translated sentence.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

final class CannotResolve extends \RuntimeException {
}
