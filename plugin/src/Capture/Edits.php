<?php
/**
 * What one request did to one user.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Capture;

final class Edits {

	/** @var array<string, true> Names of fields. */
	public array $fields = array();

	/** @var array<int, string> Sealed new password by site. Sealed at the moment of capture. */
	public array $sealed = array();

	/** @var array<int, string> By site: by what the sealed password is known again in this request. */
	public array $prints = array();

	/** @var array<int, true> Sites whose outbox row is open. */
	public array $opened = array();

	/** When the account was made in this request, Unix seconds; 0 when it existed. */
	public int $created_at = 0;

	/** @var array<int, true> Sites that must hear that the user is deleted. */
	public array $deleted_for = array();

	/** @var array<int, true> Sites that must hear that the user has logged out. */
	public array $logged_out_for = array();

	/** @var array<string, mixed> `login`, `email` and, for paired sites, `uid` of a user who is being deleted. */
	public array $details = array();
}
