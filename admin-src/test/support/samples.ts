/** Small builders for what the routes answer. */
import type {
	Backfill,
	Choices,
	Conflict,
	IncomingHook,
	Pairing,
	Rule,
	RuleChoices,
	Site,
	SiteSettings,
	Verification,
	VerifyFinding,
} from '../../types';

export const siteSettings = (
	more: Partial< SiteSettings > = {}
): SiteSettings => ( {
	fields: [ 'user_email', 'roles', 'password' ],
	meta: [],
	users: { mode: 'all_but_administrators', roles: [] },
	grantRoles: [ 'subscriber' ],
	deletions: { enabled: false, reassign: null },
	existing: 'confirm',
	missing: 'ask',
	catchUpAtLogin: false,
	passwordForm: 'auto',
	guests: { enabled: false, role: 'customer' },
	login: { vouch: true, button: true, quiet: false, logOut: false },
	verify: 'report',
	events: [ 'user.created', 'user.updated', 'user.deleted', 'user.tagged' ],
	...more,
} );

export const site = ( more: Partial< Site > = {} ): Site => ( {
	id: 1,
	name: 'Academy',
	url: 'https://academy.example',
	kind: 'plain',
	state: 'connected',
	problem: null,
	problemSince: null,
	nextTryAt: null,
	username: 'tandem',
	connectedAt: 1_700_000_000,
	lastSuccessAt: null,
	waiting: 0,
	waitingSince: null,
	attention: 0,
	attentionSince: null,
	pace: { median: 800, p95: 2400 },
	linked: 5,
	isMultisite: false,
	heldBy: null,
	settings: siteSettings(),
	oldSecretUntil: null,
	pairing: null,
	...more,
} );

/** What is known of a site that changes go both ways with. */
export const pairing = ( more: Partial< Pairing > = {} ): Pairing => ( {
	versions: 'Tandem 0.1.0, WordPress 7.1, PHP 8.2',
	reachesUs: true,
	clockOffset: 0,
	canBeAsked: true,
	passwords: { out: 'hash', in: 'hash' },
	policy: {
		create: true,
		update: true,
		password: true,
		roles: true,
		tags: true,
		delete: 'ignore',
		reassign: null,
		logout: true,
		roleList: [ 'subscriber' ],
		metaList: [],
		existing: 'confirm',
		removalsPerHour: 5,
		mail: true,
		bare: false,
		accounts: true,
		login: true,
		loginProtected: false,
		loginSecondFactor: false,
		bring: false,
		courses: 'all',
		courseList: [],
	},
	removalsUntil: null,
	removalsWaiting: 0,
	...more,
} );

export const choices = (): Choices => ( {
	roles: [
		{
			slug: 'subscriber',
			name: 'Subscriber',
			privileged: false,
			strong: false,
		},
		{ slug: 'editor', name: 'Editor', privileged: false, strong: true },
		{
			slug: 'administrator',
			name: 'Administrator',
			privileged: true,
			strong: true,
		},
	],
	metaKeys: [
		{ key: 'bp_city', label: 'City (profile)', users: 0 },
		{ key: 'billing_phone', label: '', users: 3 },
	],
	fields: [
		{ id: 'user_email', label: 'Email address' },
		{ id: 'roles', label: 'Roles' },
		{ id: 'password', label: 'Password' },
		{ id: 'locale', label: 'Language' },
		{ id: 'tags', label: 'Tags' },
	],
	metaGroups: [
		{
			id: 'woocommerce',
			label: 'WooCommerce addresses',
			keys: [ 'billing_phone', 'billing_city' ],
		},
	],
	hasShop: true,
	courses: [
		{
			id: 'learndash/course:12',
			title: 'Yoga',
			kind: 'LearnDash, Course',
		},
	],
} );

export const rule = ( more: Partial< Rule > = {} ): Rule => ( {
	id: 1,
	site: 1,
	on: true,
	trigger: 'product',
	subject: '45',
	subjectLabel: 'Yoga Basics',
	deed: 'enrol',
	target: 'learndash/course:12',
	targetLabel: 'Yoga',
	reverses: true,
	sentence: 'When Yoga Basics is bought, enrol in Yoga there',
	lastRunAt: null,
	...more,
} );

export const ruleChoices = (
	more: Partial< RuleChoices > = {}
): RuleChoices => ( {
	triggers: [ 'role', 'tag', 'product', 'order_status' ],
	roles: [ { id: 'student', title: 'Student', kind: '' } ],
	tags: true,
	courses: [
		{
			id: 'learndash/course:12',
			title: 'Yoga',
			kind: 'LearnDash, Course',
		},
	],
	enrols: true,
	...more,
} );

export const conflict = ( more: Partial< Conflict > = {} ): Conflict => ( {
	id: 7,
	siteId: 1,
	siteName: 'Academy',
	code: 'username_taken',
	message: 'The username “amina” belongs to somebody else on Academy.',
	since: 1_700_000_000,
	here: {
		id: 41,
		username: 'amina',
		email: 'amina@shop.example',
		name: 'Amina Okafor',
		roles: [ 'subscriber' ],
	},
	there: {
		id: 9,
		username: 'amina',
		name: 'Amina Other',
		email: 'other@mail.example',
		roles: [ 'subscriber' ],
		protected: false,
	},
	choices: [ 'link', 'create', 'ignore' ],
	...more,
} );

export const backfill = ( more: Partial< Backfill > = {} ): Backfill => ( {
	id: 3,
	siteId: 1,
	state: 'ready',
	problem: null,
	startedAt: 1_700_000_000,
	finishedAt: null,
	done: 0,
	total: null,
	rate: 0,
	secondsLeft: null,
	options: {
		create: true,
		bring: 'nothing',
		byName: false,
		fetch: false,
		rate: null,
	},
	counts: {
		alreadyLinked: 1,
		link: 20,
		create: 4,
		byName: 0,
		conflict: 0,
		left: 2,
		linkDone: 0,
		createDone: 0,
		bring: 0,
		bringDone: 0,
		onlyThere: 0,
		fetchDone: 0,
		remarked: 0,
		failed: 0,
	},
	...more,
} );

export const verification = (
	more: Partial< Verification > = {}
): Verification => ( {
	id: 9,
	siteId: 3,
	state: 'done',
	repairs: false,
	problem: null,
	startedAt: 1_750_000_000,
	finishedAt: 1_750_000_010,
	total: 5,
	compared: 5,
	waiting: 0,
	straysThere: 0,
	counts: { open: 0, wanted: 0, sent: 0, refused: 0 },
	...more,
} );

export const finding = (
	more: Partial< VerifyFinding > = {}
): VerifyFinding => ( {
	id: 1,
	here: {
		id: 1,
		username: 'anna',
		email: 'anna@a.test',
		name: 'Anna',
		roles: [ 'subscriber' ],
	},
	remoteId: 12,
	kind: 'differs',
	message: 'The two accounts differ.',
	fields: [ { name: 'first_name', newer: 'nobody' } ],
	mending: 'open',
	repairable: false,
	forcible: true,
	...more,
} );

/** An incoming webhook that has received one request. */
export const hook = ( more: Partial< IncomingHook > = {} ): IncomingHook => ( {
	id: 4,
	name: 'Newsletter',
	address: 'https://shop.example/wp-json/tandem/v1/hooks/0123',
	state: 'listening',
	settings: {
		map: [],
		roles: [ 'subscriber' ],
		existing: 'add',
		mail: true,
		secretInAddress: false,
		perMinute: 60,
	},
	taken: 0,
	createdAt: 1_700_000_000,
	oldSecretUntil: null,
	compatible: false,
	request: {
		at: 1_700_000_100,
		headers: [ { name: 'user-agent', value: 'Zapier' } ],
		fields: [
			{ path: 'contact.email', value: 'amina@mail.example' },
			{ path: 'contact.first_name', value: 'Amina' },
			{ path: 'tags', value: 'gold, silver' },
		],
	},
	...more,
} );
