<?php
/**
 * Keeps the mails that WordPress sends.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests;

use PHPMailer\PHPMailer\PHPMailer;

require_once ABSPATH . WPINC . '/PHPMailer/PHPMailer.php';
require_once ABSPATH . WPINC . '/PHPMailer/SMTP.php';
require_once ABSPATH . WPINC . '/PHPMailer/Exception.php';

final class Mailbox extends PHPMailer {

	/** @var list<array{to: list<string>, subject: string, body: string}> */
	private array $mails = array();

	/**
	 * Takes the place of WordPress's mailer, which `wp_mail()` keeps once it is there.
	 */
	public static function install(): self {
		$mailbox         = new self( true );
		self::$validator = static fn ( string $email ): bool => (bool) is_email( $email );

		$GLOBALS['phpmailer'] = $mailbox; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- what it is for.
		return $mailbox;
	}

	/**
	 * Called when the mail is ready to go out.
	 */
	public function postSend(): bool { // phpcs:ignore WordPress.NamingConventions -- PHPMailer's name.
		$this->mails[] = array(
			'to'      => array_map( static fn ( array $address ): string => (string) $address[0], array_values( $this->getToAddresses() ) ),
			'subject' => $this->Subject, // phpcs:ignore WordPress.NamingConventions -- PHPMailer's name.
			'body'    => $this->Body, // phpcs:ignore WordPress.NamingConventions -- PHPMailer's name.
		);
		return true;
	}

	/**
	 * @return list<array{to: list<string>, subject: string, body: string}> In their order.
	 */
	public function mails(): array {
		return $this->mails;
	}
}
