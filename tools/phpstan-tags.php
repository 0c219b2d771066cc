<?php
/**
 * What PHPStan needs to know of the functions for tags.
 *
 * @package Tandem
 */

// phpcs:disable
function tandem_add_tag( int $user_id, string $tag ): void {}
function tandem_remove_tag( int $user_id, string $tag ): void {}
