<?php
/**
 * What came of what rules of a paired site wanted for one account.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

final class GrantReport {

	/** @var list<string> Sentences about what was done. */
	public array $done = array();

	/** @var list<string> Sentences about what the owner does not let that site do, or what can't be done. */
	public array $refused = array();

	/** @var list<string> What went wrong, and is wanted again. */
	public array $failed = array();

	/**
	 * Why the person has to come again, or null.
	 */
	public function code(): ?UserCode {
		return match ( true ) {
			array() !== $this->failed  => UserCode::Failed,
			array() !== $this->refused => UserCode::GrantRefused,
			default                    => null,
		};
	}

	/**
	 * The sentence for it.
	 */
	public function sentence(): string {
		return implode( ' ', array() === $this->failed ? $this->refused : array( UserCode::Failed->sentence() . ' ' . implode( ', ', $this->failed ) ) );
	}
}
