<?php
/**
 * While a message was looked at, another about the same person was done: two sites send the same one at once, or what
 * was sent the other way has been answered. What was read of them is old, so all of it is read again.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

final class CameMeanwhile extends \Exception {
}
