<?php
/**
 * What parts of the plugin are called where WordPress knows them, for those whose name is needed in every request and
 * the part itself in few: a name here costs one small file, the constant of a class that whole class.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem;

final class Names {

	/** Event of WP-Cron by which a worker is called each minute. */
	public const CRON = 'tandem_work';

	/** Action of `wp-login.php`: the link in the mail to whom an account on a plain site may belong. */
	public const CONFIRM = 'tandem_confirm';

	/** Action of `wp-login.php`: the link in the mail to whom an account here may belong. */
	public const APPROVE = 'tandem_approve';

	/** Action of wp-admin that suspends somebody, or ends that. */
	public const SUSPEND = 'tandem_suspend';

	/** Shortcode of a link that logs people in on another site. */
	public const LINK = 'tandem_link';

	/** Shortcode of what is for people with a tag. */
	public const ONLY_IF = 'tandem_if';

	/** Shortcode between what is for those and what is for the others. */
	public const OTHERWISE = 'tandem_else';

	/** Key of user meta: each row is one tag. */
	public const TAG_META = 'tandem_tag';

	/** Key of user meta behind the prefix of this site: what a suspended account gets back. */
	public const SUSPENDED_META = 'tandem_suspended';

	/** Parameter of an address: how many people of the list of users were given a tag, or lost one. */
	public const TAGGED = 'tandem_tagged';

	/** Parameter of an address: why another site's log-in was not taken. */
	public const REFUSED = 'tandem_refused';
}
