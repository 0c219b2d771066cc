<?php
/**
 * Everything that can be in the way of a delivery, a test or a connection: a closed list.
 * docs/errors.md is the same list for people.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Sync\OutcomeKind;

enum ProblemCode: string {
	// The site can't be reached or answers errors: tried again by itself.
	case Refused     = 'refused';
	case Dns         = 'dns';
	case Timeout     = 'timeout';
	case Certificate = 'certificate';
	case CutShort    = 'cut_short';
	case TooLarge    = 'too_large';
	case Network     = 'network';
	case ServerError = 'server_error';
	case Maintenance = 'maintenance';
	case RateLimited = 'rate_limited';
	case NotJson     = 'not_json';
	case Noise       = 'noise';
	case Unexpected  = 'unexpected';
	case PeerStopped = 'peer_stopped';

	// The site refuses the credential, has moved or is closed: probed by itself, but probably needs a person.
	case Insecure          = 'insecure';
	case BlockedHere       = 'blocked_here';
	case Moved             = 'moved';
	case LoginPage         = 'login_page';
	case ServerPassword    = 'server_password';
	case CredentialRefused = 'credential_refused';
	case AccountGone       = 'account_gone';
	case HeaderStripped    = 'header_stripped';
	case PasswordsOff      = 'passwords_off';
	case RestClosed        = 'rest_closed';
	case RestMissing       = 'rest_missing';
	case Firewall          = 'firewall';
	case MissingRight      = 'missing_right';
	case SaltsChanged      = 'salts_changed';
	case Unpaired          = 'unpaired';
	case SignatureRefused  = 'signature_refused';
	case ClockOff          = 'clock_off';
	case HookRefused       = 'hook_refused';
	case HookGone          = 'hook_gone';
	case HookAddress       = 'hook_address';
	case HookSecret        = 'hook_secret';

	// This one person can't be delivered: a person must decide.
	case ProtectedAccount      = 'protected_account';
	case AccountExists         = 'account_exists';
	case ConfirmNeeded         = 'confirm_needed';
	case UsernameTaken         = 'username_taken';
	case UsernameInvalid       = 'username_invalid';
	case EmailTaken            = 'email_taken';
	case EmailInvalid          = 'email_invalid';
	case EmailMissing          = 'email_missing';
	case LinkedToOther         = 'linked_to_other';
	case RemovedThere          = 'removed_there';
	case OutOfReach            = 'out_of_reach';
	case MultisiteCannotDelete = 'multisite_cannot_delete';
	case ReassignMissing       = 'reassign_missing';
	case RefusedThere          = 'refused_there';
	case NotAccepted           = 'not_accepted';
	case RemovalLimit          = 'removal_limit';
	case GoneThere             = 'gone_there';
	case UnknownThere          = 'unknown_there';
	case GrantRefused          = 'grant_refused';
	case RulesUnknown          = 'rules_unknown';

	// It arrived, but not all of it.
	case PasswordBackslash = 'password_backslash';
	case PasswordEncoding  = 'password_encoding';
	case PasswordUnread    = 'password_unreadable';
	case PrivilegedRole    = 'privileged_role';

	/**
	 * What it means for the queue.
	 */
	public function kind(): OutcomeKind {
		return match ( $this ) {
			self::Refused, self::Dns, self::Timeout, self::Certificate, self::CutShort, self::TooLarge, self::Network,
			self::ServerError, self::Maintenance, self::RateLimited, self::NotJson, self::Noise, self::Unexpected, self::PeerStopped
				=> OutcomeKind::Unreachable,
			self::Insecure, self::BlockedHere, self::Moved, self::LoginPage, self::ServerPassword, self::CredentialRefused,
			self::AccountGone, self::HeaderStripped, self::PasswordsOff, self::RestClosed, self::RestMissing, self::Firewall,
			self::MissingRight, self::SaltsChanged, self::Unpaired, self::SignatureRefused, self::ClockOff,
			self::HookRefused, self::HookGone, self::HookAddress, self::HookSecret
				=> OutcomeKind::Held,
			self::ConfirmNeeded => OutcomeKind::Confirm,
			self::PasswordBackslash, self::PasswordEncoding, self::PasswordUnread => OutcomeKind::Delivered,
			default => OutcomeKind::Attention,
		};
	}

	/**
	 * Whether the same may be true of one request only, so that a look at something harmless tells
	 * whether it is the site or the person.
	 */
	public function may_concern_one_request(): bool {
		return in_array( $this, array( self::CutShort, self::TooLarge, self::ServerError, self::NotJson, self::Noise, self::Unexpected, self::Firewall, self::MissingRight, self::HeaderStripped, self::CredentialRefused ), true );
	}

	/**
	 * The sentence for a person: what happened, why, and what to do.
	 *
	 * @param string $site   The site's name.
	 * @param string $detail What the case needs: words that came back, an address, a name; '' for none.
	 */
	public function sentence( string $site, string $detail = '' ): string {
		$what = $this->what_happened( $site, $detail );
		return match ( true ) {
			OutcomeKind::Unreachable !== $this->kind() => $what,
			/* translators: what follows a sentence such as "The site asked us to wait 60 seconds." */
			self::Maintenance === $this, self::RateLimited === $this => $what . ' ' . __( 'It is tried again by itself, not before that.', 'tandem-user-sync' ),
			/* translators: what follows a sentence such as "The site can’t be reached." */
			default => $what . ' ' . __( 'It is tried again by itself.', 'tandem-user-sync' ),
		};
	}

	/**
	 * The same without a word on what comes next, for a site that is only being looked at.
	 *
	 * @param string $site   The site's name.
	 * @param string $detail What the case needs: words that came back, an address, a name; '' for none.
	 */
	public function what_happened( string $site, string $detail = '' ): string {
		// Words that came back bring a full stop of their own.
		$detail = self::ServerError === $this ? rtrim( $detail, '. ' ) : $detail;
		return match ( $this->kind() ) {
			OutcomeKind::Unreachable => $this->sentence_unreachable( $site, $detail ),
			OutcomeKind::Held        => $this->sentence_held( $site, $detail ),
			default                  => $this->sentence_person( $site, $detail ),
		};
	}

	/**
	 * For what gets better by waiting.
	 *
	 * @param string $site   The site's name.
	 * @param string $detail What the case needs.
	 */
	private function sentence_unreachable( string $site, string $detail ): string {
		$sentence = match ( $this ) {
			/* translators: %1$s: name of the other site. */
			self::Refused     => __( '%1$s can’t be reached: nothing answers at its address. The server may be down, or a firewall may block this one.', 'tandem-user-sync' ),
			/* translators: %1$s: name of the other site. */
			self::Dns         => __( '%1$s can’t be reached: the name in its address is not known. Check that the domain still exists and is spelled right.', 'tandem-user-sync' ),
			/* translators: %1$s: name of the other site. */
			self::Timeout     => __( '%1$s doesn’t answer in time. Its server may be overloaded or hang.', 'tandem-user-sync' ),
			/* translators: 1: name of the other site, 2: what the check said. */
			self::Certificate => __( 'The certificate of %1$s could not be trusted, so nothing was sent: %2$s. Renew or repair the certificate there.', 'tandem-user-sync' ),
			/* translators: %1$s: name of the other site. */
			self::CutShort    => __( 'The answer of %1$s broke off. It may have run out of memory or been restarted.', 'tandem-user-sync' ),
			/* translators: %1$s: name of the other site. */
			self::TooLarge    => __( 'The answer of %1$s was far longer than any that WordPress gives. Check that the address really is a WordPress site.', 'tandem-user-sync' ),
			/* translators: 1: name of the other site, 2: technical words. */
			self::Network     => __( 'The connection to %1$s failed: %2$s.', 'tandem-user-sync' ),
			/* translators: 1: name of the other site, 2: what came back. */
			self::ServerError => __( '%1$s answered with an error of its own: %2$s. Its error log says more.', 'tandem-user-sync' ),
			/* translators: 1: name of the other site, 2: "60 seconds" or nothing. */
			self::Maintenance => __( '%1$s is being maintained or overloaded and asked us to wait%2$s.', 'tandem-user-sync' ),
			/* translators: 1: name of the other site, 2: "60 seconds" or nothing. */
			self::RateLimited => __( '%1$s gets too many requests and asked us to wait%2$s.', 'tandem-user-sync' ),
			/* translators: 1: name of the other site, 2: what came back. */
			self::NotJson     => __( '%1$s answered with a page instead of data: %2$s. A maintenance page, a firewall or a host’s default page may be in front of it.', 'tandem-user-sync' ),
			/* translators: 1: name of the other site, 2: what came back. */
			self::Noise       => __( 'Something on %1$s prints into its answers, so that they can’t be read: %2$s. Find the plugin or theme that is named there, or switch the display of errors off (WP_DEBUG_DISPLAY).', 'tandem-user-sync' ),
			/* translators: %1$s: name of the other site. */
			self::PeerStopped => __( '%1$s takes nothing at the moment: its owner has paused the connection there, or it looks like a copy of another site.', 'tandem-user-sync' ),
			/* translators: 1: name of the other site, 2: what came back. */
			default           => __( '%1$s answered something that WordPress does not: %2$s. A plugin there may change its REST API.', 'tandem-user-sync' ),
		};
		return sprintf( $sentence, $site, $detail );
	}

	/**
	 * For what needs a person over there.
	 *
	 * @param string $site   The site's name.
	 * @param string $detail What the case needs.
	 */
	private function sentence_held( string $site, string $detail ): string {
		$sentence = match ( $this ) {
			/* translators: 1: name of the other site, 2: address. */
			self::Insecure          => __( 'Nothing was sent to %1$s, because its address %2$s is not HTTPS: passwords would travel readable for everybody on the way. Set up a certificate there and connect again.', 'tandem-user-sync' ),
			/* translators: 1: name of the other site, 2: host name. */
			self::BlockedHere       => __( 'This site is not allowed to reach %1$s: WP_HTTP_BLOCK_EXTERNAL is set in wp-config.php. Add %2$s to WP_ACCESSIBLE_HOSTS there.', 'tandem-user-sync' ),
			/* translators: 1: name of the other site, 2: address. */
			self::Moved             => __( '%1$s sends us on to another address, %2$s. Nothing was sent there. If the site has moved, connect it again under its new address.', 'tandem-user-sync' ),
			/* translators: %1$s: name of the other site. */
			self::LoginPage         => __( '%1$s shows a log-in page instead of answering. A plugin that closes the site to visitors is probably active there: allow the REST API (/wp-json/) in its settings.', 'tandem-user-sync' ),
			/* translators: %1$s: name of the other site. */
			self::ServerPassword    => __( 'The server of %1$s asks for a password of its own before WordPress is reached (.htaccess or a staging lock). Take that lock off /wp-json/, because both can’t be sent at once.', 'tandem-user-sync' ),
			/* translators: %1$s: name of the other site. */
			self::CredentialRefused => __( '%1$s does not accept our log-in any more: the application password was probably revoked there, or its account was removed. Connect the site again. If that does not help, its server may drop the Authorization header. What waits is kept.', 'tandem-user-sync' ),
			/* translators: 1: name of the other site, 2: username. */
			self::AccountGone       => __( 'The account “%2$s”, which Tandem uses on %1$s, does not exist there any more. Connect the site again with another account. What waits is kept.', 'tandem-user-sync' ),
			/* translators: %1$s: name of the other site. */
			self::HeaderStripped    => __( 'Our log-in does not arrive on %1$s: its server probably drops the Authorization header (common with CGI, some nginx and Plesk set-ups). In its .htaccess add: SetEnvIf Authorization "(.*)" HTTP_AUTHORIZATION=$1 or ask the host to pass that header on.', 'tandem-user-sync' ),
			/* translators: %1$s: name of the other site. */
			self::PasswordsOff      => __( 'Application passwords are switched off on %1$s, usually by a security plugin or because the site does not use HTTPS. Switch them on there for the account that Tandem uses.', 'tandem-user-sync' ),
			/* translators: 1: name of the other site, 2: what came back. */
			self::RestClosed        => __( 'The REST API of %1$s is closed: %2$s. A security plugin is probably active there: allow the REST API for logged-in users in its settings.', 'tandem-user-sync' ),
			/* translators: %1$s: name of the other site. */
			self::RestMissing       => __( 'The REST API of %1$s does not know users: a plugin there probably removes /wp/v2/users. Allow it for logged-in users in its settings.', 'tandem-user-sync' ),
			/* translators: 1: name of the other site, 2: what came back. */
			self::Firewall          => __( 'Something in front of %1$s refuses our requests (a firewall, a security plugin or the host): %2$s. Allow requests of this server to /wp-json/ there.', 'tandem-user-sync' ),
			/* translators: 1: name of the other site, 2: name of a right. */
			self::MissingRight      => __( 'The account that Tandem uses on %1$s lacks a right that is needed: %2$s. Give that account a role that has it, or connect again with another account. What waits is kept.', 'tandem-user-sync' ),
			/* translators: %1$s: name of the other site. */
			self::Unpaired          => __( '%1$s does not know this site any more: the connection was removed there. Connect again, or remove it here too. What waits is kept.', 'tandem-user-sync' ),
			/* translators: %1$s: name of the other site. */
			self::SignatureRefused  => __( '%1$s does not accept the signature of this site: one of the two was restored from a backup, moved or copied since they were connected. Connect again. What waits is kept.', 'tandem-user-sync' ),
			/* translators: %1$s: name of the other site. */
			self::ClockOff          => __( 'The clock of %1$s jumps, so that it takes our messages for old ones. Tell its host. What waits is kept.', 'tandem-user-sync' ),
			/* translators: 1: name of a webhook, 2: what came back. */
			self::HookRefused       => __( 'The address of %1$s takes nothing: %2$s. Look whether the automation there is switched on, has the secret of this webhook, and still has this address. What waits is kept.', 'tandem-user-sync' ),
			/* translators: %1$s: name of a webhook. */
			self::HookGone          => __( 'The address of %1$s says that it is gone for good (HTTP 410), so it is not tried any more. Enter another address and choose “Try now”, or remove the webhook. What waits is kept until then.', 'tandem-user-sync' ),
			/* translators: 1: name of a webhook, 2: host name. */
			self::HookAddress       => __( 'Nothing was sent to %1$s: %2$s lies in a private network or uses a port that WordPress does not send to. A plugin can allow it with the filters http_request_host_is_external and http_allowed_safe_ports.', 'tandem-user-sync' ),
			/* translators: %1$s: name of a webhook. */
			self::HookSecret        => __( 'The secret of %1$s can’t be read any more, because the salts in wp-config.php have changed. Make a new secret and enter it at the receiver. What waits is kept.', 'tandem-user-sync' ),
			/* translators: %1$s: name of the other site. */
			default                 => __( 'The stored log-in for %1$s can’t be read any more, because the salts in wp-config.php have changed. Connect the site again. What waits is kept.', 'tandem-user-sync' ),
		};
		return sprintf( $sentence, $site, $detail );
	}

	/**
	 * For what concerns one person.
	 *
	 * @param string $site   The site's name.
	 * @param string $detail What the case needs.
	 */
	private function sentence_person( string $site, string $detail ): string {
		$sentence = match ( $this ) {
			/* translators: 1: name of the other site, 2: username. */
			self::ProtectedAccount      => __( 'The account “%2$s” on %1$s belongs to an administrator or somebody with similar rights. Such accounts are never linked, changed or deleted from here unless you say so for this one.', 'tandem-user-sync' ),
			/* translators: 1: name of the other site, 2: username. */
			self::AccountExists         => __( 'An account with this email address, “%2$s”, exists on %1$s already. Decide whether they are the same person.', 'tandem-user-sync' ),
			/* translators: 1: name of the other site, 2: username. */
			self::ConfirmNeeded         => __( 'An account with this email address, “%2$s”, exists on %1$s already. Its holder is asked by email whether both are theirs. Nothing is changed there until then.', 'tandem-user-sync' ),
			/* translators: 1: name of the other site, 2: username. */
			self::UsernameTaken         => __( 'The username “%2$s” belongs to somebody with another email address on %1$s. Decide: the same person, or an account under another username.', 'tandem-user-sync' ),
			/* translators: 1: name of the other site, 2: what came back. */
			self::UsernameInvalid       => __( '%1$s does not accept this username: %2$s Choose another username for it.', 'tandem-user-sync' ),
			/* translators: %1$s: name of the other site. */
			self::EmailTaken            => __( 'This email address belongs to another account on %1$s, so it was not brought over. Change one of the two, or link this person with that account.', 'tandem-user-sync' ),
			/* translators: 1: name of the other site, 2: what came back. */
			self::EmailInvalid          => __( '%1$s does not accept this email address: %2$s Correct it here.', 'tandem-user-sync' ),
			/* translators: %1$s: name of the other site. */
			self::EmailMissing          => __( 'This person has no email address. Without one nobody can be found or created on %1$s. Enter one here.', 'tandem-user-sync' ),
			/* translators: 1: name of the other site, 2: username. */
			self::LinkedToOther         => __( 'The account “%2$s” on %1$s is linked with somebody else here already. Correct the email address of one of the two.', 'tandem-user-sync' ),
			/* translators: 1: name of the other site, 2: username. */
			self::RemovedThere          => __( 'The account “%2$s” was removed on %1$s. Create it again, or leave it removed.', 'tandem-user-sync' ),
			/* translators: 1: name of the other site, 2: what came back. */
			self::OutOfReach            => __( 'The account that Tandem uses on %1$s may not do this for this person: %2$s', 'tandem-user-sync' ),
			/* translators: 1: name of the other site, 2: what came back. */
			self::NotAccepted           => __( '%1$s does not accept this from here: %2$s Its owner can allow it under “What may that site do here?”; then press Retry.', 'tandem-user-sync' ),
			/* translators: %1$s: name of the other site. */
			self::RemovalLimit          => __( 'More people were to be removed on %1$s than its owner lets this site remove in an hour. It waits until the owner there says yes; then it goes on by itself, or with Retry.', 'tandem-user-sync' ),
			/* translators: %1$s: name of the other site. */
			self::GoneThere             => __( 'This person was deleted on %1$s, so nothing was changed there. What happens to the account here is what you chose under “What may that site do here?”.', 'tandem-user-sync' ),
			/* translators: 1: name of the other site, 2: what came back. */
			self::GrantRefused          => __( 'A rule of this site could not be carried out on %1$s: %2$s Its owner can allow it there under “What may that site do here?”; then it goes on by itself, or with Retry.', 'tandem-user-sync' ),
			/* translators: %1$s: name of the other site. */
			self::RulesUnknown          => __( '%1$s runs an older Tandem that knows no rules. Update it there; then press Retry.', 'tandem-user-sync' ),
			/* translators: %1$s: name of the other site. */
			self::UnknownThere          => __( '%1$s does not know this person (any more), for instance because a backup was restored there. Everything about them is sent again by itself.', 'tandem-user-sync' ),
			/* translators: %1$s: name of the other site. */
			self::PasswordUnread        => __( 'Everything but the password arrived on %1$s: it could not be opened there, or is stored in a way that it does not understand.', 'tandem-user-sync' ),
			/* translators: %1$s: name of the other site. */
			self::MultisiteCannotDelete => __( '%1$s is part of a multisite, where WordPress does not delete users for other sites. Delete the account there by hand.', 'tandem-user-sync' ),
			/* translators: %1$s: name of the other site. */
			self::ReassignMissing       => __( 'The account on %1$s that should receive the content of deleted people does not exist there, or is the one to delete. Choose another in the settings of this site.', 'tandem-user-sync' ),
			/* translators: %1$s: name of the other site. */
			self::PasswordBackslash     => __( 'WordPress’s REST API refuses passwords with a backslash, so %1$s has everything but the new password. The person can set it at %2$s', 'tandem-user-sync' ),
			/* translators: 1: name of the other site, 2: address. */
			self::PasswordEncoding      => __( 'The new password is not text in UTF-8 and can’t be sent to %1$s, which has everything else. The person can set it at %2$s', 'tandem-user-sync' ),
			/* translators: 1: name of the other site, 2: names of roles. */
			self::PrivilegedRole        => __( 'On %1$s a role of this person (%2$s) has an administrator’s rights, unlike here, and it could not be taken away again. Look at that account now, and remove the role from the list of roles that may be given.', 'tandem-user-sync' ),
			/* translators: 1: name of the other site, 2: what came back. */
			default                     => __( '%1$s refused this person: %2$s', 'tandem-user-sync' ),
		};
		return sprintf( $sentence, $site, $detail );
	}
}
