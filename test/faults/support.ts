/**
 * What the fault tests share: a site A with Tandem, what its owner reads, and time that can be moved.
 */
import assert from 'node:assert/strict';

import { Lab, type LabSite } from '../lab';
import { waitUntil } from '../lab/process';
import { php } from '../paired/support';

/** The long form does everything more often: `npm run test:faults:long`. */
export const IS_LONG = process.env.TANDEM_FAULTS === 'long';

/** A remote site as its owner sees it, as far as these tests look. */
export interface OwnersView {
	id: number;
	url: string;
	state: string;
	problem: { code: string; message: string } | null;
	nextTryAt: number | null;
	waiting: number;
	attention: number;
	/** Of a paired site. */
	pairing: { clockOffset: number } | null;
}

/** A row of the activity as the owner sees it. */
export interface ActivityRow {
	action: string;
	result: string;
	code: string;
	message: string;
	warnings: string[];
}

/** How a remote site is reached. */
export const KINDS = [ 'plain', 'paired' ] as const;
export type Kind = ( typeof KINDS )[ number ];

/**
 * Ends whatever is wrong with any site, and A's workers.
 *
 * @param lab The lab.
 * @param a   Site that sends.
 */
export async function mendAll( lab: Lab, a: LabSite ): Promise< void > {
	await a.killWorkers();
	for ( const site of lab.all() ) {
		await site.restore();
		await site.goOn();
		await site.regainDatabase();
		await site.freeDisk();
		await site.heal();
		await site.setClock( 0 );
	}
}

/**
 * A with Tandem, a plain and a paired site that it delivers to.
 *
 * @param more Further plain sites, not connected.
 */
export async function startSites( more: readonly string[] = [] ): Promise< {
	lab: Lab;
	a: LabSite;
	ids: Record< Kind, number >;
} > {
	// What works in the background is started by the tests.
	const constants = { DISABLE_WP_CRON: true };
	const lab = await Lab.up( {
		durable: false,
		sites: [
			{ name: 'a', wp: '7.1', plugin: true, workers: 8, constants },
			{ name: 'plain', wp: '7.1', plugin: false, workers: 6, constants },
			{ name: 'paired', wp: '7.1', plugin: true, workers: 6, constants },
			...more.map( ( name ) => ( {
				name,
				wp: '7.1' as const,
				plugin: false,
				workers: 2,
				constants,
			} ) ),
		],
	} );
	try {
		const plain = await lab.connect( 'a', 'plain' );
		const paired = await lab.pair( 'a', 'paired' );
		return { lab, a: lab.site( 'a' ), ids: { plain, paired } };
	} catch ( error ) {
		await lab.down();
		throw error;
	}
}

/**
 * What the owner of a site reads about another.
 *
 * @param site The site.
 * @param id   The other there.
 */
export async function view( site: LabSite, id: number ): Promise< OwnersView > {
	const admin = await site.visitAs( 'admin' );
	return admin.rest< OwnersView >( 'GET', `tandem/v1/sites/${ id }` );
}

/**
 * The rows of the activity about a person, the newest first.
 *
 * @param site  Where.
 * @param login Whose.
 * @param id    About which remote site.
 */
export async function rows(
	site: LabSite,
	login: string,
	id: number
): Promise< ActivityRow[] > {
	const admin = await site.visitAs( 'admin' );
	const page = await admin.rest< { items: ActivityRow[] } | ActivityRow[] >(
		'GET',
		`tandem/v1/activity?search=${ login }&site=${ id }`
	);
	return Array.isArray( page ) ? page : page.items;
}

/**
 * Waits for what the owner of A reads.
 *
 * @param site A.
 * @param id   The remote site.
 * @param is   Whether it is that.
 * @param what For the failure.
 */
export async function reads(
	site: LabSite,
	id: number,
	is: ( seen: OwnersView ) => boolean,
	what: string
): Promise< OwnersView > {
	let seen = await view( site, id );
	await waitUntil( async () => {
		seen = await view( site, id );
		return is( seen );
	}, what ).catch( ( error: Error ) => {
		throw new Error(
			`${ error.message }; the owner reads ${ JSON.stringify( seen ) }`
		);
	} );
	return seen;
}

/**
 * Lets time pass on A until a site is looked at again.
 *
 * @param site A.
 * @param id   The remote site.
 * @return Seconds that passed.
 */
export async function passTime( site: LabSite, id: number ): Promise< number > {
	const { nextTryAt } = await view( site, id );
	const wait = ( nextTryAt ?? 0 ) - Math.floor( Date.now() / 1000 );
	if ( wait > 0 ) {
		await site.setClock( wait );
	}
	return Math.max( 0, wait );
}

/**
 * Waits until somebody can log in on a site with their password, by its form.
 *
 * @param site     Where.
 * @param login    Who.
 * @param password Their password.
 * @param forMs    For how long.
 * @return Milliseconds that it took.
 */
export async function logsIn(
	site: LabSite,
	login: string,
	password: string,
	forMs = 10_000
): Promise< number > {
	const start = performance.now();
	await waitUntil(
		() => site.visitor().logIn( login, password ),
		`${ login } can't log in on ${ site.name }`,
		forMs
	);
	return performance.now() - start;
}

/**
 * How many accounts of a site have usernames or addresses that begin so.
 *
 * @param site   Where.
 * @param prefix How.
 */
export async function accounts(
	site: LabSite,
	prefix: string
): Promise< number > {
	return Number(
		await site.php(
			`global $wpdb; return (int) $wpdb->get_var( $wpdb->prepare( "SELECT COUNT(*) FROM $wpdb->users WHERE user_login LIKE %s OR user_email LIKE %s", ${ php( `${ prefix }%` ) }, ${ php( `${ prefix }%` ) } ) );`
		)
	);
}

/**
 * What is left in A's outbox for a site, in a few words for each row.
 *
 * @param site A.
 * @param id   The remote site.
 */
export async function outbox(
	site: LabSite,
	id: number
): Promise< unknown[] > {
	return ( await site.php(
		`global $wpdb; return $wpdb->get_results( "SELECT user_id, state, attempts, open_count, code, message, CAST( due_at AS SIGNED ) - UNIX_TIMESTAMP() AS due_in, CAST( claimed_until AS SIGNED ) - UNIX_TIMESTAMP() AS claimed_for FROM {$wpdb->prefix}tandem_outbox WHERE site_id = ${ id }", ARRAY_A );`
	) ) as unknown[];
}

/**
 * Waits until nothing is left in A's outbox for a site.
 *
 * @param site  A.
 * @param id    The remote site.
 * @param forMs For how long.
 */
export async function isEmpty(
	site: LabSite,
	id: number,
	forMs = 30_000
): Promise< void > {
	let left: unknown[] = [];
	await waitUntil(
		async () => {
			left = await outbox( site, id );
			return left.length === 0;
		},
		'something stays in the outbox',
		forMs
	).catch( ( error: Error ) => {
		throw new Error(
			`${ error.message }: ${ left.length } rows, ${ JSON.stringify( left.slice( 0, 5 ) ) }`
		);
	} );
}

/**
 * Makes people on a site as an import does, without anything being sent, and puts them into the outbox.
 *
 * @param site   A.
 * @param id     The remote site.
 * @param prefix How their usernames begin.
 * @param count  How many.
 */
export async function crowd(
	site: LabSite,
	id: number,
	prefix: string,
	count: number
): Promise< void > {
	await site.php( `
		global $wpdb;
		set_time_limit( 0 );
		remove_all_actions( 'user_register' );
		$plugin = new Tandem\\Plugin( WP_PLUGIN_DIR . '/tandem-user-sync/tandem-user-sync.php', $wpdb, new Tandem\\Time\\SystemClock() );
		for ( $n = 0; $n < ${ count }; $n++ ) {
			$user = wp_insert_user( array( 'user_login' => "${ prefix }$n", 'user_email' => "${ prefix }$n@people.test", 'user_pass' => "secret $n", 'role' => 'subscriber', 'first_name' => "First $n" ) );
			$plugin->outbox()->enqueue( ${ id }, $user, new Tandem\\Sync\\FieldSet( Tandem\\Sync\\FieldSet::ALL ) );
		}
		// What was seen of them is of no interest: they are in the outbox.
		remove_all_actions( 'shutdown' );
		return true;
	` );
}

/**
 * How many connections the lab's database server has refused so far. WordPress tries five times, a second apart, to
 * reach a database that is gone; then it gives up, and the process ends.
 *
 * @param lab The lab.
 */
export async function refusedConnections( lab: Lab ): Promise< number > {
	return Number(
		(
			await lab.database.query(
				"SHOW GLOBAL STATUS LIKE 'Aborted_connects'"
			)
		).split( '\t' )[ 1 ]
	);
}

/** One line of the table that is printed at the end. */
const printed: string[][] = [];

/**
 * Notes numbers for the table at the end.
 *
 * @param fault  What was done.
 * @param result What came of it, with numbers.
 */
export function note( fault: string, result: string ): void {
	printed.push( [ fault, result ] );
}

/** Prints what was noted. */
export function print(): void {
	for ( const [ fault, result ] of printed ) {
		console.log( `# ${ fault }: ${ result }` );
	}
}

/**
 * Seconds with one digit.
 *
 * @param ms Milliseconds.
 */
export function seconds( ms: number ): string {
	return `${ ( ms / 1000 ).toFixed( 1 ) } s`;
}

/**
 * That a number is at most another, with a sentence.
 *
 * @param value It.
 * @param most  The other.
 * @param what  What it is.
 */
export function atMost( value: number, most: number, what: string ): void {
	assert.ok( value <= most, `${ what }: ${ value }, at most ${ most }` );
}
