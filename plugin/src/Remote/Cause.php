<?php
/**
 * Why people wait, in a few words that fit all of them: for lists and choices. What is said of one of them, with names
 * and what to do, is `ProblemCode::sentence()`.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Hooks\FilterFailed;

final class Cause {

	/**
	 * The words for a code.
	 *
	 * @param string $code As an outbox row has it.
	 * @return string Without a full stop; the code itself where a later version has written it.
	 */
	public static function sentence( string $code ): string {
		$problem = ProblemCode::tryFrom( $code );
		return null === $problem ? self::of_this_site( $code ) : self::of_a_site( $problem );
	}

	/**
	 * For what is the matter on this site.
	 *
	 * @param string $code As an outbox row has it.
	 */
	private static function of_this_site( string $code ): string {
		return match ( $code ) {
			FilterFailed::CODE => __( 'A filter of a plugin or theme failed here', 'tandem-user-sync' ),
			'not_active'       => __( 'They wait for approval here, or are suspended', 'tandem-user-sync' ),
			'internal_error'   => __( 'Something went wrong on this site', 'tandem-user-sync' ),
			default            => $code,
		};
	}

	/**
	 * For what another site answered, or did not.
	 *
	 * @param ProblemCode $problem Which one.
	 */
	private static function of_a_site( ProblemCode $problem ): string {
		return match ( $problem ) {
			ProblemCode::Refused               => __( 'Nothing answers at the site’s address', 'tandem-user-sync' ),
			ProblemCode::Dns                   => __( 'The name in the site’s address is not known', 'tandem-user-sync' ),
			ProblemCode::Timeout               => __( 'The site doesn’t answer in time', 'tandem-user-sync' ),
			ProblemCode::Certificate           => __( 'The site’s certificate is not trusted', 'tandem-user-sync' ),
			ProblemCode::CutShort              => __( 'The site’s answer broke off', 'tandem-user-sync' ),
			ProblemCode::TooLarge              => __( 'The site’s answer was far too long', 'tandem-user-sync' ),
			ProblemCode::Network               => __( 'The connection to the site failed', 'tandem-user-sync' ),
			ProblemCode::ServerError           => __( 'The site answered with an error of its own', 'tandem-user-sync' ),
			ProblemCode::Maintenance           => __( 'The site is being maintained or overloaded', 'tandem-user-sync' ),
			ProblemCode::RateLimited           => __( 'The site gets too many requests', 'tandem-user-sync' ),
			ProblemCode::NotJson               => __( 'The site answered with a page instead of data', 'tandem-user-sync' ),
			ProblemCode::Noise                 => __( 'Something on the site prints into its answers', 'tandem-user-sync' ),
			ProblemCode::PeerStopped           => __( 'The site takes nothing at the moment', 'tandem-user-sync' ),
			ProblemCode::Unexpected            => __( 'The site answered something that WordPress does not', 'tandem-user-sync' ),
			ProblemCode::Insecure              => __( 'The site’s address is not HTTPS', 'tandem-user-sync' ),
			ProblemCode::BlockedHere           => __( 'wp-config.php here forbids reaching the site', 'tandem-user-sync' ),
			ProblemCode::Moved                 => __( 'The site sends us on to another address', 'tandem-user-sync' ),
			ProblemCode::LoginPage             => __( 'The site shows a log-in page', 'tandem-user-sync' ),
			ProblemCode::ServerPassword        => __( 'The site’s server asks for a password of its own', 'tandem-user-sync' ),
			ProblemCode::CredentialRefused     => __( 'The site does not accept our log-in any more', 'tandem-user-sync' ),
			ProblemCode::AccountGone           => __( 'The account that Tandem uses there is gone', 'tandem-user-sync' ),
			ProblemCode::HeaderStripped        => __( 'Our log-in does not arrive on the site', 'tandem-user-sync' ),
			ProblemCode::PasswordsOff          => __( 'Application passwords are switched off there', 'tandem-user-sync' ),
			ProblemCode::RestClosed            => __( 'The site’s REST API is closed', 'tandem-user-sync' ),
			ProblemCode::RestMissing           => __( 'The site’s REST API does not know users', 'tandem-user-sync' ),
			ProblemCode::Firewall              => __( 'Something in front of the site refuses us', 'tandem-user-sync' ),
			ProblemCode::MissingRight          => __( 'The account that Tandem uses there lacks a right', 'tandem-user-sync' ),
			ProblemCode::SaltsChanged          => __( 'The stored log-in can’t be read any more', 'tandem-user-sync' ),
			ProblemCode::Unpaired              => __( 'The site does not know this one any more', 'tandem-user-sync' ),
			ProblemCode::SignatureRefused      => __( 'The site does not accept our signature', 'tandem-user-sync' ),
			ProblemCode::ClockOff              => __( 'The site’s clock jumps', 'tandem-user-sync' ),
			ProblemCode::HookRefused           => __( 'The webhook’s address takes nothing', 'tandem-user-sync' ),
			ProblemCode::HookGone              => __( 'The webhook’s address is gone for good', 'tandem-user-sync' ),
			ProblemCode::HookAddress           => __( 'The webhook’s address lies in a private network', 'tandem-user-sync' ),
			ProblemCode::HookSecret            => __( 'The webhook’s secret can’t be read any more', 'tandem-user-sync' ),
			ProblemCode::ProtectedAccount      => __( 'The account there has an administrator’s rights', 'tandem-user-sync' ),
			ProblemCode::AccountExists         => __( 'An account there has the same email address', 'tandem-user-sync' ),
			ProblemCode::ConfirmNeeded         => __( 'The holder of the account there is asked by email', 'tandem-user-sync' ),
			ProblemCode::UsernameTaken         => __( 'The username belongs to somebody else there', 'tandem-user-sync' ),
			ProblemCode::UsernameInvalid       => __( 'The username is not accepted there', 'tandem-user-sync' ),
			ProblemCode::EmailTaken            => __( 'The email address belongs to somebody else there', 'tandem-user-sync' ),
			ProblemCode::EmailInvalid          => __( 'The email address is not accepted there', 'tandem-user-sync' ),
			ProblemCode::EmailMissing          => __( 'There is no email address here', 'tandem-user-sync' ),
			ProblemCode::LinkedToOther         => __( 'The account there is linked with somebody else', 'tandem-user-sync' ),
			ProblemCode::RemovedThere          => __( 'The account was removed there', 'tandem-user-sync' ),
			ProblemCode::OutOfReach            => __( 'The account that Tandem uses there may not do this', 'tandem-user-sync' ),
			ProblemCode::MultisiteCannotDelete => __( 'A multisite does not delete users for other sites', 'tandem-user-sync' ),
			ProblemCode::ReassignMissing       => __( 'Nobody there receives the content of the deleted', 'tandem-user-sync' ),
			ProblemCode::RefusedThere          => __( 'The site refused this person', 'tandem-user-sync' ),
			ProblemCode::NotAccepted           => __( 'The site’s owner does not accept this from here', 'tandem-user-sync' ),
			ProblemCode::RemovalLimit          => __( 'More removals than the site’s owner allows', 'tandem-user-sync' ),
			ProblemCode::GoneThere             => __( 'The person was deleted there', 'tandem-user-sync' ),
			ProblemCode::GrantRefused          => __( 'A rule wants what the site’s owner does not allow', 'tandem-user-sync' ),
			ProblemCode::RulesUnknown          => __( 'The site’s Tandem is too old for rules', 'tandem-user-sync' ),
			ProblemCode::UnknownThere          => __( 'The person is not known there any more', 'tandem-user-sync' ),
			ProblemCode::PasswordBackslash     => __( 'The password has a backslash', 'tandem-user-sync' ),
			ProblemCode::PasswordEncoding      => __( 'The password is not text in UTF-8', 'tandem-user-sync' ),
			ProblemCode::PasswordUnread        => __( 'The password could not be read there', 'tandem-user-sync' ),
			ProblemCode::PrivilegedRole        => __( 'A role has an administrator’s rights there', 'tandem-user-sync' ),
		};
	}
}
