<?php
/**
 * A query that the database refused.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Database;

final class Failure extends \RuntimeException {
}
