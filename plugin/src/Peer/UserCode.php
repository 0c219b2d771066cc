<?php
/**
 * Why a person, or a field of theirs, is not taken from a paired site: a closed list (docs/protocol.md, "Error codes").
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

enum UserCode: string {
	case Invalid            = 'invalid';
	case NotAccepted        = 'not_accepted';
	case ProtectedAccount   = 'protected_account';
	case RoleRefused        = 'role_refused';
	case MetaRefused        = 'meta_refused';
	case AccountExists      = 'account_exists';
	case ConfirmNeeded      = 'confirm_needed';
	case UsernameTaken      = 'username_taken';
	case UsernameInvalid    = 'username_invalid';
	case EmailTaken         = 'email_taken';
	case EmailInvalid       = 'email_invalid';
	case EmailMissing       = 'email_missing';
	case LinkedToOther      = 'linked_to_other';
	case RemovalLimit       = 'removal_limit';
	case PasswordUnreadable = 'password_unreadable';
	case GrantRefused       = 'grant_refused';
	case Failed             = 'failed';

	/**
	 * Whether sending the same again later may help without anybody doing anything. The sender goes by it (`retry`). Not
	 * where a person here says yes: then this site asks for it again. In particular not of removals: a batch of them would
	 * pass bit by bit.
	 */
	public function may_be_retried(): bool {
		return self::Failed === $this;
	}

	/**
	 * The sentence for a person, as true on the one site as on the other.
	 *
	 * @param string $detail Names, where the case has some.
	 */
	public function sentence( string $detail = '' ): string {
		$sentence = match ( $this ) {
			self::Invalid            => __( 'What came about this person is not what the protocol says.', 'tandem-user-sync' ),
			self::NotAccepted        => __( 'The site’s owner does not accept this from that site.', 'tandem-user-sync' ),
			self::ProtectedAccount   => __( 'The account belongs to an administrator or somebody with similar rights, or the site’s owner protects it. No other site changes, links or removes such accounts.', 'tandem-user-sync' ),
			/* translators: %s: names of roles. */
			self::RoleRefused        => __( 'Roles that the site’s owner does not let that site give were not given: %s.', 'tandem-user-sync' ),
			/* translators: %s: meta keys. */
			self::MetaRefused        => __( 'Not accepted by the site’s owner, or not plain data: %s.', 'tandem-user-sync' ),
			self::AccountExists      => __( 'An account with this e-mail address exists, and the site’s owner wants no existing accounts linked.', 'tandem-user-sync' ),
			self::ConfirmNeeded      => __( 'An account with this e-mail address exists. Its holder is asked by mail whether both are theirs; nothing is changed until then.', 'tandem-user-sync' ),
			self::UsernameTaken      => __( 'The username belongs to somebody with another e-mail address.', 'tandem-user-sync' ),
			self::UsernameInvalid    => __( 'WordPress does not accept this username.', 'tandem-user-sync' ),
			self::EmailTaken         => __( 'The e-mail address belongs to another account, so it was not taken.', 'tandem-user-sync' ),
			self::EmailInvalid       => __( 'WordPress does not accept this e-mail address, so it was not taken.', 'tandem-user-sync' ),
			self::EmailMissing       => __( 'There is no e-mail address. Without one nobody can be found or created.', 'tandem-user-sync' ),
			self::LinkedToOther      => __( 'The account with this e-mail address is linked with somebody else on that site already.', 'tandem-user-sync' ),
			self::RemovalLimit       => __( 'More people were to be removed than the site’s owner lets that site remove in an hour. This waits for the owner’s yes.', 'tandem-user-sync' ),
			self::PasswordUnreadable => __( 'The password could not be opened, or is stored in a way that this WordPress does not understand.', 'tandem-user-sync' ),
			/* translators: %s: what a rule wants, such as "enrol in Yoga there". */
			self::GrantRefused       => __( 'A rule wants something that the site’s owner does not let that site do, or that is not there (any more): %s.', 'tandem-user-sync' ),
			self::Failed             => __( 'Something went wrong with this person. It is tried again.', 'tandem-user-sync' ),
		};
		return str_contains( $sentence, '%s' ) ? sprintf( $sentence, $detail ) : $sentence;
	}
}
