/**
 * Every request and answer of the plugin's REST routes (`tandem/v1`), in one
 * place. The PHP controllers in `plugin/src/Rest` answer exactly these shapes;
 * `test/php/Integration/Rest/SchemaTest.php` compares them with this file.
 *
 * Times are Unix seconds (UTC). A code is stable and for machines; the sentence
 * beside it is for a person and already translated.
 */

/** What the owner sees of a remote site's condition. */
export type SiteState =
	/** Works. */
	| 'connected'
	/** Stopped by the owner: changes are kept. */
	| 'paused'
	/** Can't be reached or answers errors: tried again by itself at `nextTryAt`. */
	| 'unreachable'
	/** Refuses the credential or has moved: needs a person. Still probed by itself. */
	| 'held';

export type SiteKind =
	| 'plain'
	| 'paired'
	/** No site: an address that is told of people by signed requests. */
	| 'webhook';

/** What a webhook may be told of. */
export type WebhookEvent =
	'user.created' | 'user.updated' | 'user.deleted' | 'user.tagged';

/** Fields of a user that every WordPress takes through `wp/v2/users`. */
export type CoreField =
	| 'user_email'
	| 'first_name'
	| 'last_name'
	| 'display_name'
	| 'nickname'
	| 'user_url'
	| 'description'
	| 'locale'
	| 'roles'
	| 'password';

/** What an owner may tick for a site, besides meta keys. Tags go only to sites with Tandem. */
export type SyncedField = CoreField | 'tags';

/** What to do about an account that exists on the remote site already. */
export type ExistingPolicy = 'confirm' | 'trust' | 'never';

/** What to do when a linked account was removed on the remote site by hand. */
export type MissingPolicy = 'ask' | 'recreate' | 'unlink';

export interface SiteSettings {
	/** Core fields that are sent, and tags. */
	fields: SyncedField[];
	/** User meta keys that are sent besides. */
	meta: string[];
	/** Which users: everyone but administrators, or those with one of `roles`. */
	users: { mode: 'all_but_administrators' | 'roles'; roles: string[] };
	/** Role slugs that may be given on the remote site. Never `administrator` unless named. */
	grantRoles: string[];
	deletions: {
		enabled: boolean;
		/** Id of the account on the remote site that receives the content. Needed when enabled. */
		reassign: number | null;
	};
	existing: ExistingPolicy;
	missing: MissingPolicy;
	/** Send the password of a pre-existing user at the next correct log-in here. */
	catchUpAtLogin: boolean;
	/** How a password travels to a paired site: as it is stored where that is understood, else sealed; or always one of the two. */
	passwordForm: 'auto' | 'hash' | 'plain';
	/** What is done each week about a paired site: nothing, compare and report, or repair as well. */
	verify: 'off' | 'report' | 'repair';
	/** Whether somebody who orders here without an account gets one there; `role` is '' for the other site's default. */
	guests: { enabled: boolean; role: string };
	/** What a webhook is told of. */
	events: WebhookEvent[];
	/** One log-in with a paired site. */
	login: LoginSettings;
}

/** What this site does about one log-in with a paired site. What that one may do here stands in its policy. */
export interface LoginSettings {
	/** People who are logged in here may get in there by that. */
	vouch: boolean;
	/** Log-in forms here offer to log in with that site. */
	button: boolean;
	/** Visitors who come from there are looked up without a click. */
	quiet: boolean;
	/** Who logs out here is logged out there too. */
	logOut: boolean;
}

export interface Problem {
	/** Stable code from the closed list in `docs/errors.md`. */
	code: string;
	/** A sentence for the owner: what happened, why, and what to do. */
	message: string;
}

export interface Site {
	id: number;
	name: string;
	/** Home address of the remote site; of a webhook the address that is told. */
	url: string;
	kind: SiteKind;
	state: SiteState;
	/** Why, when the state is `unreachable` or `held`. */
	problem: Problem | null;
	/** When the present trouble began, or null. */
	problemSince: number | null;
	/** When it is tried again by itself, or null. */
	nextTryAt: number | null;
	/** Name of the account there that Tandem uses. */
	username: string;
	connectedAt: number;
	lastSuccessAt: number | null;
	/** People with changes that are due or being tried. */
	waiting: number;
	/** Since when the oldest of them waits, or null. */
	waitingSince: number | null;
	/** People that wait for a decision or a confirmation. */
	attention: number;
	/** Since when the oldest of those decisions waits, or null. */
	attentionSince: number | null;
	/** Milliseconds from the change here to its arrival there, over the newest thousand; null when nothing has arrived. */
	pace: { median: number; p95: number } | null;
	linked: number;
	isMultisite: boolean;
	/** Another plugin that syncs the same users to this site: nothing is sent until it is switched off. */
	heldBy: 'wprus' | null;
	settings: SiteSettings;
	/** Until when a webhook's requests are signed with its old secret too, or null. */
	oldSecretUntil: number | null;
	/** Of a paired site; null of a plain one. */
	pairing: Pairing | null;
}

/** What is known of a paired site. */
export interface Pairing {
	/** "Tandem 0.2.0, WordPress 7.1, PHP 8.2.29" */
	versions: string;
	/** Whether it could reach this site when they were paired: if not, only this site's changes travel. */
	reachesUs: boolean;
	/** Seconds by which its clock is ahead of ours. */
	clockOffset: number;
	/** Whether it can be asked for its people: `BackfillOptions.fetch`. */
	canBeAsked: boolean;
	/** Whether a test password that was set on one site worked on the other; null before the test. */
	passwords: {
		/** How ours arrive there; null while only the other direction was tested. */
		out: 'hash' | 'sealed' | 'none' | null;
		/** How theirs arrive here; null while only the other direction was tested. */
		in: 'hash' | 'sealed' | 'none' | null;
	} | null;
	policy: Policy;
	/** Until when the owner lets it remove more people than the policy says, or null. */
	removalsUntil: number | null;
	/** People whom it wanted to remove, or to take the last role from, and who wait for the owner's yes. */
	removalsWaiting: number;
}

/** What a removal on a paired site does here. */
export type Removal = 'ignore' | 'roles' | 'suspend' | 'delete';

/** What a paired site may do here. */
export interface Policy {
	create: boolean;
	update: boolean;
	password: boolean;
	roles: boolean;
	/** Whether it may give and take tags here. */
	tags: boolean;
	delete: Removal;
	/** Account here that receives the content of the deleted; needed for `delete`. */
	reassign: number | null;
	logout: boolean;
	/** Roles that it may give and take here. */
	roleList: string[];
	/** Meta keys that it may write here. */
	metaList: string[];
	/** What to do about an account that exists here already. */
	existing: ExistingPolicy;
	/** People that it may remove in an hour without being asked. */
	removalsPerHour: number;
	/** Whether WordPress's own mails about changed passwords and addresses go out here. */
	mail: boolean;
	/** Whether it may read the list of accounts here, which its backfill needs. */
	accounts: boolean;
	/** Whether a backfill from there makes accounts here without WordPress's hooks. */
	bare: boolean;
	/** People who are logged in there may get in here by that. */
	login: boolean;
	/** That holds for protected accounts too. */
	loginProtected: boolean;
	/** It takes that they have given a second factor there. */
	loginSecondFactor: boolean;
	/** It may ask for the people who were here before the connection. */
	bring: boolean;
	/** Which courses its rules may enrol people in here. */
	courses: 'none' | 'all' | 'some';
	/** For `some`: those, as `provider/id`. */
	courseList: string[];
}

/** `POST /sites/pair`: pairs with a code that was made on the other site's page. */
export interface PairRequest {
	url: string;
	code: string;
}

/** `POST /pairing-code`: a code for the other site's page. */
export interface PairingCode {
	code: string;
	/** Until when it is good. */
	goodUntil: number;
}

/** `POST /sites/{id}/allow-removals`: lets a paired site remove more people here for an hour. Answers with the site. */
export type AllowRemovalsAnswer = Site;

/** `GET /summary` */
export interface Summary {
	sites: number;
	connectedSites: number;
	users: number;
	waiting: number;
	attention: number;
	/** Deliveries that succeeded in the last 24 hours. */
	delivered24h: number;
	/** When something last worked in the background, or null: neither WP-Cron nor a worker has run for long. */
	lastRun: number | null;
	/** Whether that is too long ago, and somebody waits. */
	isLate: boolean;
}

export type CheckState = 'pass' | 'warn' | 'fail';

/** One line of the checklist of "discover" and "test". */
export interface Check {
	code: string;
	state: CheckState;
	/** What was looked at: "REST API", "HTTPS"… */
	label: string;
	/** What was found and, unless it passed, what to do. */
	message: string;
}

/** `POST /sites/discover` { url } */
export interface Discovery {
	/** Normalised home address, or what was asked for when nothing answered. */
	url: string;
	name: string;
	kind: SiteKind;
	checks: Check[];
	/** Whether *Connect* can work. */
	canConnect: boolean;
}

/** `POST /sites/connect` { url } or { site } to renew the credential of a site */
export interface ConnectAnswer {
	/** Where to send the browser. */
	authorizeUrl: string;
}

/** `POST /sites` */
export interface NewSite {
	url: string;
	username: string;
	/** Application password. Write only: it never comes back. */
	password: string;
}

/** `PATCH /sites/{id}` */
export interface SiteChanges {
	name?: string;
	settings?: Partial< SiteSettings >;
	/** Of a paired site. */
	policy?: Partial< Policy >;
	/** To enter a new credential by hand: both together. */
	username?: string;
	password?: string;
}

/** `POST /sites/{id}/test` */
export interface TestAnswer {
	ok: boolean;
	checks: Check[];
}

/** `GET /choices`: what the settings forms offer. */
export interface Choices {
	/**
	 * `privileged`: never given from outside. `strong`: given only where the owner says so, as it writes into others'
	 * content, unfiltered HTML, or sees who is here.
	 */
	roles: {
		slug: string;
		name: string;
		privileged: boolean;
		strong: boolean;
	}[];
	/** Meta keys in use on this site that may be sent, most used first. */
	/** `label`: what another plugin calls a field of its own, '' for user meta. */
	metaKeys: { key: string; label: string; users: number }[];
	fields: { id: SyncedField; label: string }[];
	/** Keys that belong together and may be chosen at once. */
	metaGroups: { id: string; label: string; keys: string[] }[];
	/** Whether people order here. */
	hasShop: boolean;
	/** Courses, groups and the like of this site, `id` as `provider/id`. */
	courses: RuleThing[];
}

/** What sets a rule off. */
export type RuleTrigger =
	'role' | 'tag' | 'product' | 'order_status' | 'subscription' | 'membership';

/** What a rule does on the other site. */
export type RuleDeed =
	'give_role' | 'take_role' | 'add_tag' | 'remove_tag' | 'enrol' | 'unenrol';

/** `GET /sites/{id}/rules`: all of a site, the oldest first. */
export interface Rule {
	id: number;
	/** Id of the site. */
	site: number;
	on: boolean;
	trigger: RuleTrigger;
	/** Of the trigger: a role's slug, a tag, a product's id, a status, a plan's id. */
	subject: string;
	/** What a person calls it. */
	subjectLabel: string;
	deed: RuleDeed;
	/** Of the deed: a role's slug, a tag, a course as `provider/id`. */
	target: string;
	targetLabel: string;
	/** Whether it is undone when what set it off is undone. */
	reverses: boolean;
	/** "When Yoga Basics is bought, enrol in Yoga there" */
	sentence: string;
	lastRunAt: number | null;
}

/** `POST /sites/{id}/rules` */
export interface NewRule {
	trigger: RuleTrigger;
	subject: string;
	deed: RuleDeed;
	target: string;
	reverses?: boolean;
	on?: boolean;
}

/** `PATCH /rules/{id}` */
export type RuleChanges = Partial< NewRule >;

/** Something that a rule may give. */
export interface RuleThing {
	id: string;
	title: string;
	/** "LearnDash, Course"; empty for a role. */
	kind: string;
}

/** `GET /sites/{id}/rule-choices`: what a rule may be about. The other site is asked. */
export interface RuleChoices {
	/** What can happen here. */
	triggers: RuleTrigger[];
	/** Roles that rules may give there. */
	roles: RuleThing[];
	/** Whether they may give tags. */
	tags: boolean;
	/** Courses in which they may enrol. */
	courses: RuleThing[];
	/** Whether they may enrol at all. */
	enrols: boolean;
}

/** `GET /rule-subjects?trigger=&search=`: a list. */
export interface RuleSubject {
	id: string;
	label: string;
}

/** `POST /rules/{id}/run`: for those who qualify now, a part of them. */
export interface RuleRun {
	/** Nothing is written. */
	dryRun: boolean;
	/** From 1. */
	page?: number;
}
export interface RuleStep {
	people: {
		userId: number;
		username: string;
		email: string;
		/** "order:12:item:3" */
		occasion: string;
		verdict:
			/** Gets it. */
			| 'new'
			/** Has had it for the same reason. */
			| 'has'
			/** Is not sent to that site. */
			| 'out_of_scope'
			| 'guest'
			| 'gone'
			| 'no_site';
		/** The sentence for the verdict. */
		message: string;
	}[];
	/** Users or orders that were looked at so far, and how many there are. */
	looked: number;
	total: number;
	/** The next part, or null at the end. */
	next: number | null;
}

/** `GET /sites/{id}/accounts?search=`: for the "reassign to" choice. Accounts on a plain site; of this one for a paired site, whose deletions leave content here. */
export interface RemoteAccount {
	id: number;
	username: string;
	name: string;
	email: string;
	roles: string[];
	/** Administrators and the like: never linked or changed unless the owner says so. */
	protected: boolean;
}

export type ActivityAction =
	| 'create'
	| 'update'
	| 'delete'
	| 'link'
	| 'unlink'
	| 'backfill'
	| 'site'
	| 'settings'
	| 'verify'
	| 'rule'
	| 'login';

export type ActivityResult =
	| 'success'
	| 'retrying'
	| 'attention'
	| 'skipped'
	/** A paired site asked for it, and its policy here does not allow it. */
	| 'refused';

export interface ActivityItem {
	id: number;
	at: number;
	siteId: number | null;
	siteName: string;
	direction: 'out' | 'in';
	action: ActivityAction;
	result: ActivityResult;
	/** Local user id; 0 where the row is about a site. */
	userId: number;
	username: string;
	email: string;
	/** Fields that were sent: `user_email`, `roles`, `password`, `meta:x`… */
	fields: string[];
	attempts: number;
	code: string;
	message: string;
	/** What the remote could not take, a sentence each. */
	warnings: string[];
	/** Id of the outbox row that *Retry* acts on, while there is one. */
	outboxId: number | null;
}

/** Lists carry `X-WP-Total` and `X-WP-TotalPages`, as WordPress's own do. */
export interface ActivityQuery {
	page?: number;
	per_page?: number;
	search?: string;
	site?: number;
	result?: ActivityResult[];
	action?: ActivityAction[];
	user?: number;
	/** Unix seconds. */
	after?: number;
	before?: number;
}

/** `GET /outbox/causes`: why people wait whom a retry would concern, the most frequent cause first. */
export interface CausesQuery {
	site?: number;
	/** Only those that wait since this time or later. */
	after?: number;
	/** Only those that wait since before this time. */
	before?: number;
}
export interface Cause {
	code: string;
	/** A few words for a person, without names and without a full stop. */
	sentence: string;
	people: number;
}

/** `POST /outbox/retry`: these rows, or all that wait for a site and/or a cause. */
export interface RetryRequest {
	ids?: number[];
	site?: number;
	code?: string;
	/** Only those that wait since this time or later. */
	after?: number;
	/** Only those that wait since before this time. */
	before?: number;
}
export interface RetryAnswer {
	retried: number;
}

export type Choice = 'link' | 'create' | 'ignore';

/** A person that waits for a decision. `GET /conflicts?site=` */
export interface Conflict {
	/** Id of the outbox row. */
	id: number;
	siteId: number;
	siteName: string;
	code: string;
	message: string;
	since: number;
	here: {
		id: number;
		username: string;
		email: string;
		name: string;
		roles: string[];
	};
	/** Null where the trouble is not another account (the remote refuses the e-mail, say). */
	there: RemoteAccount | null;
	/** Which of the three choices make sense here. */
	choices: Choice[];
}

/** `POST /conflicts/resolve` */
export interface ResolveRequest {
	ids: number[];
	choice: Choice;
	/** For `create`: the username to use there. One id only. Default: this one's with a number. */
	username?: string;
}
export interface ResolveAnswer {
	resolved: number;
	/** Those where it could not be done, with the reason. */
	failed: { id: number; message: string }[];
}

export type BackfillState =
	/** Reading the remote's accounts. */
	| 'indexing'
	/** Comparing. Nothing is written to either site. */
	| 'matching'
	/** The preview is complete and waits for *Run*. */
	| 'ready'
	| 'running'
	| 'paused'
	| 'done'
	| 'cancelled'
	| 'failed';

/** What becomes of the fields of people who are on both sites. */
export type BringFields =
	/** They stay as they are. */
	| 'nothing'
	/** This site's values replace those there. */
	| 'here'
	/** Only what is empty there is filled. */
	| 'fill';

export interface BackfillOptions {
	/** Whether those who are missing there are created. */
	create: boolean;
	bring: BringFields;
	/** Whether an equal username is proposed as a link. Part of the preview. */
	byName: boolean;
	/** Whether those who are only there are created here. Only where `Pairing.canBeAsked`. */
	fetch: boolean;
	/** People a second at most, or null. The only one that may be changed while it runs. */
	rate: number | null;
}

export interface Backfill {
	id: number;
	siteId: number;
	state: BackfillState;
	options: BackfillOptions;
	problem: Problem | null;
	startedAt: number;
	finishedAt: number | null;
	/** Users done and to do in the present state; while indexing, accounts of the other site. */
	done: number;
	/** Null while it can't be known. */
	total: number | null;
	/** Users per second, measured over the last minute; 0 while paused. While it waits for the site: over the minute before that. */
	rate: number;
	/** Seconds left as reckoned from `rate`, or null. */
	secondsLeft: number | null;
	counts: {
		/** Linked before the backfill began. */
		alreadyLinked: number;
		/** Same e-mail: will be (or was) linked. */
		link: number;
		/** Missing there: will be (or was) created. */
		create: number;
		/** Same username, another address: proposed, and nothing is done before the owner has confirmed it. */
		byName: number;
		/** Needs a decision. */
		conflict: number;
		/** Left out: not in scope, or ignored. */
		left: number;
		/** Of these, what has been carried out so far. */
		linkDone: number;
		createDone: number;
		/** Their fields will be (or were) compared, and brought where they differ: all who are linked. 0 where fields are not brought. */
		bring: number;
		bringDone: number;
		/** Accounts there that nobody here has: will be (or were) fetched, if that is wanted. 0 where they can't be. */
		onlyThere: number;
		fetchDone: number;
		/** May be the same person as somebody else, by their address. */
		remarked: number;
		failed: number;
	};
}

/** `POST /backfills` makes the preview. */
export interface NewBackfill {
	site: number;
	options?: Partial< BackfillOptions >;
}

/** `PATCH /backfills/{id}` */
export interface BackfillChanges {
	options: Partial< BackfillOptions >;
}

/** `GET /backfills/{id}/kinds`: how many need a decision for the same reason. */
export interface BackfillKind {
	code: string;
	people: number;
	undecided: number;
	/** Of the undecided: protected accounts, which are linked one by one. */
	protected: number;
	/** What can be said of all of them at once. */
	choices: Choice[];
}

export type BackfillFinding =
	| 'already'
	| 'link'
	| 'link_by_name'
	| 'create'
	| 'conflict'
	| 'left'
	| 'missing_here';

/** `GET /backfills/{id}/people?show=`: a finding, or `remarked`. Paged. */
export interface BackfillPerson {
	/** Id of the item. */
	id: number;
	finding: BackfillFinding;
	progress:
		'' | 'queued' | 'linked' | 'bringing' | 'done' | 'failed' | 'ignored';
	message: string;
	/** "May be the same person as maria@x.org here.", or empty. */
	remark: string;
	here: Conflict[ 'here' ];
	there: RemoteAccount | null;
}

/** `GET /backfills/{id}/conflicts`, paged. */
export interface BackfillConflict {
	/** Id of the item. */
	id: number;
	code: string;
	message: string;
	here: Conflict[ 'here' ];
	there: RemoteAccount | null;
	remark: string;
	choices: Choice[];
	decision: Choice | null;
}

/** `POST /backfills/{id}/conflicts` */
export interface DecideRequest {
	ids?: number[];
	/** In place of ids: all of a kind that are undecided, but protected accounts. */
	kind?: string;
	decision: Choice | null;
}

export type VerificationState =
	| 'comparing'
	/** Looking for people who should be known on the other site and are not. */
	| 'looking'
	| 'repairing'
	| 'done'
	| 'cancelled'
	| 'failed';

/** `GET /verifications?site=`: a list of the newest one, or empty. */
export interface Verification {
	id: number;
	siteId: number;
	state: VerificationState;
	/** Whether it repairs what it finds by itself. */
	repairs: boolean;
	problem: Problem | null;
	startedAt: number;
	finishedAt: number | null;
	/** People who were linked when it began. */
	total: number;
	compared: number;
	/** People who were on their way at that moment, and were left alone. */
	waiting: number;
	/** People whom the other site should have brought here and has not. */
	straysThere: number;
	/** People who differ, by what is done about it. */
	counts: {
		open: number;
		/** To be repaired next. */
		wanted: number;
		/** On their way. */
		sent: number;
		refused: number;
	};
}

/** `POST /verifications` */
export interface NewVerification {
	site: number;
}

/** `POST /verifications/{id}/repair`: these findings, or all that are open. Answers with the verification. */
export interface RepairRequest {
	ids?: number[];
	/** This site's values win, also where neither is newer or the other one's are. */
	mine?: boolean;
}

/** A person who differs. `GET /verifications/{id}/findings`, paged. */
export interface VerifyFinding {
	id: number;
	here: Conflict[ 'here' ];
	/** Id of the account there, or 0. */
	remoteId: number;
	kind:
		| 'differs'
		| 'missing_there'
		| 'unlinked_here'
		| 'missing_here'
		| 'stray'
		| 'somebody_else';
	message: string;
	/** Fields that differ, and where the newer value is. */
	fields: { name: string; newer: 'here' | 'there' | 'nobody' }[];
	mending: 'open' | 'wanted' | 'asked' | 'forced' | 'sent' | 'refused';
	/** Whether it can be repaired without anybody's word. */
	repairable: boolean;
	/** Whether the owner may say that this site's values are the right ones. */
	forcible: boolean;
}

/** One field of a person here and on another site: without its values. */
export interface FieldView {
	name: string;
	/** `not_compared`: the other site does not accept it or does not show it. */
	state: 'same' | 'differs' | 'not_compared';
	newer: 'here' | 'there' | 'nobody' | null;
}

/** What goes on with one person and one site. */
export interface SiteExplanation {
	siteId: number;
	siteName: string;
	kind: SiteKind;
	/** Whether this person is one of those who are sent there, and the sentence for it. */
	sent: boolean;
	why: string;
	/** The account there, or null. */
	remoteId: number | null;
	remoteName: string;
	/** How they were linked, a sentence; or that they are not. */
	linked: string;
	waiting: {
		state: 'due' | 'attention' | 'confirm';
		since: number;
		fields: string[];
		code: string;
		message: string;
	} | null;
	/** Empty when it could not be looked at. */
	fields: FieldView[];
	/** Fields that would be sent now; `*` for everything. */
	wouldSend: string[];
	/** What is wrong besides fields, a sentence. */
	wrong: string | null;
	/** Why the other site could not be asked. */
	problem: Problem | null;
}

/** `GET /users/{id}/explanation`; `POST /users/{id}/sync` { site? } makes the person right now and answers the same. */
export interface UserExplanation {
	user: Conflict[ 'here' ];
	sites: SiteExplanation[];
}

/** `GET`/`PATCH /settings` */
export interface Settings {
	/** Days that activity rows are kept. */
	keepActivityDays: number;
	/** Hours after which a captured password that could not be delivered is wiped. */
	passwordExpiryHours: number;
	/** Ids of users whom no other site may change, besides administrators. */
	protectedAccounts: number[];
	/** Whether a mail tells when a site has needed attention for an hour, and when it is well again. */
	alerts: boolean;
	/** Who gets it; empty for the administrator of this site. */
	alertAddress: string;
}

/** A site that WP Remote Users Sync knows, with what Tandem would do alike. */
export interface ImportProposal {
	url: string;
	/** The connected site at that address, or null. */
	siteId: number | null;
	settings: { fields: SyncedField[]; meta: string[]; grantRoles: string[] };
	policy: {
		create: boolean;
		update: boolean;
		password: boolean;
		roles: boolean;
		logout: boolean;
		roleList: string[];
		metaList: string[];
	};
	/** What is not taken over, a sentence each. */
	notes: string[];
}

/** `GET /import` */
export interface ImportFound {
	/** Meta keys that hold numbers of accounts on other sites. */
	ids: { key: string; people: number }[];
	/** Ids of connected sites whose accounts are known from a backfill. */
	indexed: number[];
	proposals: ImportProposal[];
	/** Whether WP Remote Users Sync is switched on. */
	isActive: boolean;
	/** Whether WP Fusion holds tags of people. */
	tags: boolean;
}

/** `POST /import/tags` { after } */
export interface ImportTagsStep {
	/** Who has tags now that they had not. */
	people: number;
	/** Where to go on, or null at the end. */
	next: number | null;
}

export interface ImportCounts {
	/** The account has that number and the same email there; of a POST, those who were linked. */
	fits: number;
	/** Linked already. */
	linked: number;
	/** The account with that email there has another number, or there is none. */
	differs: number;
	/** An administrator there, or not among those who are synced. */
	left: number;
}

/** `GET`/`POST /import/links` { site, key, after } */
export interface ImportStep {
	fits: number;
	linked: number;
	differs: number;
	left: number;
	/** Where to go on, or null at the end. */
	next: number | null;
}

/** `POST /webhooks` makes one that is told of people. */
export interface NewWebhook {
	name: string;
	url: string;
}

/** Its answer, and that of `POST /webhooks/{id}/secret`: the only ones with the secret. */
export interface WebhookSecret {
	site: Site;
	/** `whsec_…`. Shown once. */
	secret: string;
}

/** `POST /webhooks/{id}/address`, answered with the site. */
export interface WebhookAddress {
	url: string;
}

export type HookState =
	/** Keeps the last request and makes nobody. */
	'listening' | 'on' | 'off';

/** One field of a person and the text that it gets: `{path}` stands for a part of the request. */
export interface HookMapping {
	/** `user_email`, `user_login`, `first_name`…, `roles`, `tags`, `meta:…`. */
	field: string;
	from: string;
}

export interface HookSettings {
	map: HookMapping[];
	/** Roles that it may give. None that gives power. */
	roles: string[];
	/** What is done to an account that is here already: nothing, add roles and tags, or write the profile too. */
	existing: 'leave' | 'add' | 'profile';
	/** Whether a new person gets WordPress's mail to set a password. */
	mail: boolean;
	/** Whether the secret may stand in the address. */
	secretInAddress: boolean;
	/** Requests in a minute. */
	perMinute: number;
}

/** The last request to an incoming webhook, without anything that looks like a secret. */
export interface HookRequest {
	at: number;
	headers: { name: string; value: string }[];
	fields: { path: string; value: string }[];
}

/** An address of this site that automators and CRMs send people to. `GET /webhooks/in` */
export interface IncomingHook {
	id: number;
	name: string;
	address: string;
	state: HookState;
	settings: HookSettings;
	/** People whom it has created or changed. */
	taken: number;
	createdAt: number;
	/** Until when its old secret is good too, or null. */
	oldSecretUntil: number | null;
	/** Whether it takes WP Fusion's form of address. */
	compatible: boolean;
	request: HookRequest | null;
}

/** `POST /webhooks/in` */
export interface NewHook {
	name: string;
}

/** Its answer, and that of `POST /webhooks/in/{id}/secret`: the only ones with the secret. */
export interface HookSecret {
	hook: IncomingHook;
	secret: string;
}

/** `PATCH /webhooks/in/{id}` */
export interface HookChanges {
	name?: string;
	state?: HookState;
	settings?: Partial< HookSettings >;
}

/** `POST /webhooks/in/{id}/access-key`: the only answer with the key. */
export interface HookAccessKey {
	hook: IncomingHook;
	key: string;
	/** The whole address, to be entered in a CRM. */
	address: string;
}

/** What `wp_localize_script`'s replacement hands to the page (`window.tandem`). */
export interface Boot {
	/** Address of the page itself, for links. */
	pageUrl: string;
	siteName: string;
	version: string;
	/** A message after coming back from the remote's authorize screen. */
	notice: {
		kind: 'success' | 'error';
		message: string;
		siteId: number | null;
	} | null;
	/** Set when nothing is sent because this looks like a copy of another site. */
	copyOf: string | null;
}

/** WordPress's error body. */
export interface RestError {
	code: string;
	message: string;
	data?: { status: number; params?: Record< string, string > };
}
