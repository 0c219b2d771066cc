<?php
/**
 * A sealed secret that this site's salts can't open: they were changed, or the text was.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Security;

final class Unreadable extends \RuntimeException {
}
