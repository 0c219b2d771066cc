<?php
/**
 * Why nobody is introduced: a closed list (docs/protocol.md, "Error codes").
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

enum IntroductionCode: string {
	case CodeWrong     = 'tandem_code_wrong';
	case NotIntroduced = 'tandem_not_introduced';
	case Fenced        = 'tandem_fenced';

	/**
	 * The sentence for a person.
	 */
	public function sentence(): string {
		return match ( $this ) {
			self::CodeWrong     => __( 'This pairing code is wrong, was used already, or is older than a quarter of an hour. Make a new one.', 'tandem-user-sync' ),
			self::NotIntroduced => __( 'An administrator has to approve this, or make a pairing code.', 'tandem-user-sync' ),
			self::Fenced        => __( 'This application password only introduces another site. It opens nothing else.', 'tandem-user-sync' ),
		};
	}

	/**
	 * As WordPress's REST API answers. The same never helps later: a person has to do something.
	 */
	public function to_error(): \WP_Error {
		return new \WP_Error(
			$this->value,
			$this->sentence(),
			array(
				'status' => self::NotIntroduced === $this ? rest_authorization_required_code() : 403,
				'retry'  => false,
			)
		);
	}
}
