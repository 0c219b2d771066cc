/**
 * What a request costs more with Tandem: its queries, counted by a must-use plugin, and milliseconds.
 */
import { Lab, type LabSite } from '../../lab';
import { waitUntil } from '../../lab/process';
import { addMeter, readMeter, type Line } from '../meter';
import { ms, table, type Part } from '../part';
import { pairedDifference, type Difference } from '../statistics';

/** Connected sites in the test of growth. */
const SITES = [ 1, 2, 3, 5 ];

interface Counted {
	what: string;
	/** Whether a change before it still waits for the site. */
	isWaiting: boolean;
	kind: string;
	sites: number;
	/** Before the visitor has the answer. */
	before: number;
	/** After it, to complete what is due. */
	after: number;
	/** Methods and how many queries each of them sent. */
	by: Record< string, number >;
}

interface Result {
	untouched: {
		what: string;
		queries: number;
		wall: Difference;
		cpu: Difference;
	}[];
	touched: Counted[];
}

/** Goals: queries, and milliseconds. */
const MS = 0.3;
const mostQueries = ( sites: number ) => 3 + 2 * ( sites - 1 );

type Send = ( ask: string ) => Promise< Response >;

/**
 * Sends a request that is asked for something, and reads what the meter wrote.
 *
 * @param site Site.
 * @param send Sends it.
 * @param what What it is asked for.
 */
async function ask( site: LabSite, send: Send, what: string ): Promise< Line > {
	await readMeter( site );
	const response = await send( what );
	await response.arrayBuffer();
	if ( response.status >= 400 ) {
		throw new Error( `${ response.url } answered ${ response.status }.` );
	}
	let found: Line | undefined;
	// What is counted is written after the answer has gone out.
	await waitUntil( async () => {
		found = ( await readMeter( site ) ).find(
			( line ) => line.asked === what
		);
		return found !== undefined;
	}, `${ response.url } was not measured` );
	return found as unknown as Line;
}

let made = 0;

/** Another value for each request: the second of two equal ones would change nothing. */
const another = () => String( ++made );

const listed = ( line: Line ) =>
	Array.isArray( line.queries ) ? line.queries : [];

/**
 * Requests that touch no user.
 *
 * @param site   Site with one connected site.
 * @param rounds How often each is sent with and without the plugin.
 */
async function measureUntouched(
	site: LabSite,
	rounds: number
): Promise< Result[ 'untouched' ] > {
	const visitor = site.visitor();
	const admin = await site.visitAs( 'admin' );
	const requests: Record< string, Send > = {
		'the front page': ( what ) =>
			visitor.request( '/', { headers: { 'X-Bench': what } } ),
		'the log-in form': ( what ) =>
			visitor.request( '/wp-login.php', {
				headers: { 'X-Bench': what },
			} ),
		'REST, `wp/v2/posts`': ( what ) =>
			visitor.request( '/index.php?rest_route=/wp/v2/posts', {
				headers: { 'X-Bench': what },
			} ),
		'the dashboard': ( what ) =>
			admin.request( '/wp-admin/index.php', {
				headers: { 'X-Bench': what },
			} ),
	};
	const results: Result[ 'untouched' ] = [];
	for ( const [ what, send ] of Object.entries( requests ) ) {
		for ( const way of [ 'time', 'time without', 'time' ] ) {
			await ask( site, send, way );
		}
		const pairs: Array< [ Line, Line ] > = [];
		for ( let round = 0; round < rounds; round++ ) {
			// In turn, and each is first as often as the other.
			const order =
				round % 2
					? [ 'time', 'time without' ]
					: [ 'time without', 'time' ];
			const lines = [
				await ask( site, send, order[ 0 ] as string ),
				await ask( site, send, order[ 1 ] as string ),
			] as [ Line, Line ];
			pairs.push( round % 2 ? lines : [ lines[ 1 ], lines[ 0 ] ] );
		}
		const difference = ( of: 'wall' | 'cpu' ) =>
			pairedDifference(
				pairs.map(
					( [ with_, without ] ) =>
						[ with_[ of ] ?? 0, without[ of ] ?? 0 ] as const
				)
			);
		results.push( {
			what,
			queries:
				listed( await ask( site, send, 'count' ) ).length -
				listed( await ask( site, send, 'count without' ) ).length,
			wall: difference( 'wall' ),
			cpu: difference( 'cpu' ),
		} );
	}
	return results;
}

/**
 * Requests that change somebody.
 *
 * @param site  Site.
 * @param kind  Of the remote sites.
 * @param sites How many of them are connected.
 */
async function measureTouched(
	site: LabSite,
	kind: 'plain' | 'paired',
	sites: number
): Promise< Counted[] > {
	// Nobody answers at these addresses: what is counted is what a request writes down, not what is delivered.
	const login = `${ kind }${ sites }`;
	const id = await site.php( `
		$plugin = new Tandem\\Plugin( WP_PLUGIN_DIR . '/tandem-user-sync/tandem-user-sync.php', $GLOBALS['wpdb'], new Tandem\\Time\\SystemClock() );
		foreach ( $plugin->sites()->all() as $known ) {
			$plugin->sites()->remove( $known->id );
		}
		foreach ( range( 1, ${ sites } ) as $number ) {
			$added = $plugin->sites()->add( "Site $number", "http://127.0.0.1:9/$number", "http://127.0.0.1:9/$number/wp-json/", Tandem\\Remote\\SiteKind::from( '${ kind }' ), 'tandem', 1, false, Tandem\\Remote\\SiteSettings::from_array( array() ) );
			$plugin->sites()->pause( $added->id );
		}
		return wp_insert_user( array( 'user_login' => '${ login }', 'user_email' => '${ login }@example.test', 'user_pass' => 'secret' ) );` );
	const admin = await site.visitAs( 'admin' );
	const visitor = site.visitor();
	const nonce = (
		await (
			await admin.request( '/wp-admin/admin-ajax.php?action=rest-nonce' )
		).text()
	).trim();
	const rest = ( json: unknown, what: string ) =>
		admin.request( `/index.php?rest_route=/wp/v2/users/${ id }`, {
			json,
			headers: { 'X-Bench': what, 'X-WP-Nonce': nonce },
		} );
	const requests: Record< string, Send > = {
		'a registration': ( what ) => {
			const name = `${ login }x${ another() }`;
			return visitor.request( '/wp-login.php?action=register', {
				form: {
					user_login: name,
					user_email: `${ name }@example.test`,
				},
				headers: { 'X-Bench': what },
			} );
		},
		'a change of a profile': ( what ) =>
			rest( { first_name: `Ann${ another() }` }, what ),
		'a new password': ( what ) =>
			rest( { password: `secret ${ another() }` }, what ),
	};
	const forget = () =>
		site.php(
			'global $wpdb; return $wpdb->query( "DELETE FROM {$wpdb->prefix}tandem_outbox" );'
		);
	const results: Counted[] = [];
	for ( const [ what, send ] of Object.entries( requests ) ) {
		// What is read or written once only, by WordPress itself.
		await ask( site, send, 'count without' );
		await ask( site, send, 'count' );
		// A new account has nothing that waits.
		for ( const isWaiting of what === 'a registration'
			? [ false ]
			: [ false, true ] ) {
			// Without the plugin first: what the request makes is there for the next one either way.
			const without = listed( await ask( site, send, 'count without' ) );
			if ( ! isWaiting ) {
				await forget();
			}
			const queries = listed( await ask( site, send, 'count' ) );
			const own = queries.filter( ( { by } ) => by !== '' );
			const by: Record< string, number > = {};
			for ( const query of own ) {
				by[ query.by ] = ( by[ query.by ] ?? 0 ) + 1;
			}
			const after = own.filter( ( { when } ) => when === 'after' ).length;
			results.push( {
				what,
				isWaiting,
				kind,
				sites,
				before: queries.length - after - without.length,
				after,
				by,
			} );
		}
	}
	return results;
}

export const queries: Part< Result > = {
	name: 'queries',
	size: ( { rounds } ) => `${ rounds } pairs of each request`,
	measure: async ( { rounds, say } ) => {
		const lab = await Lab.up( {
			say,
			sites: [
				{
					name: 'a',
					wp: '7.1',
					plugin: true,
					// One worker: each request follows the one before in the same process.
					workers: 1,
					record: false,
					constants: { WP_DEBUG: false, DISABLE_WP_CRON: true },
				},
			],
		} );
		try {
			const site = lab.site( 'a' );
			await addMeter( site );
			const touched: Counted[] = [];
			for ( const kind of [ 'plain', 'paired' ] as const ) {
				for ( const sites of SITES ) {
					touched.push(
						...( await measureTouched( site, kind, sites ) )
					);
				}
			}
			return {
				untouched: await measureUntouched( site, rounds ),
				touched,
			};
		} finally {
			await lab.down();
		}
	},
	tables: ( { untouched, touched } ) => `## What a request costs more

${ table(
	[ 'a request that touches no user', 'queries', 'time', 'processor time' ],
	untouched.map( ( { what, queries: count, wall, cpu } ) => [
		what,
		String( count ),
		`${ ms( wall.difference ) } (${ ms( wall.low ) } to ${ ms( wall.high ) })`,
		`${ ms( cpu.difference ) } (${ ms( cpu.low ) } to ${ ms( cpu.high ) })`,
	] )
) }

${ table(
	[
		'a request that does',
		'remote sites',
		'queries before the answer',
		'after it',
		'together',
		'by',
	],
	touched.map( ( { what, isWaiting, kind, sites, before, after, by } ) => [
		isWaiting ? `${ what }, while one before it waits` : what,
		`${ sites } ${ kind }`,
		String( before ),
		String( after ),
		`**${ before + after }**`,
		Object.entries( by )
			.map( ( [ who, count ] ) => `${ who } ${ count }` )
			.join( ', ' ),
	] )
) }
`,
	how: [
		'Queries are counted by a must-use plugin (`test/bench/meter.php`), with Tandem and without it (left out of the active plugins of that request): the difference is what is added. "By" tells in which of Tandem\'s methods they are sent; some of those (`get_userdata()` in `AddressChanges`) WordPress would send itself a moment later, so they are more than are added. Counted are those that write down what is due, not the deliveries after that.',
		'Times are those of neighbours, one with the plugin and one without it (left out of the active plugins of that request), on the same PHP worker, from the first line of PHP to the end of the answer: the median of the differences, and the interval that holds it 95 times in 100.',
	],
	missed: ( { untouched, touched } ) => [
		...untouched
			.filter( ( { queries: count } ) => count > 0 )
			.map(
				( { what, queries: count } ) =>
					`${ what }: ${ count } queries, the goal is 0`
			),
		...untouched
			.filter( ( { wall } ) => wall.difference >= MS )
			.map(
				( { what, wall } ) =>
					`${ what }: ${ ms( wall.difference ) }, the goal is ${ MS } ms`
			),
		...touched
			.filter(
				( { sites, before, after } ) =>
					before + after > mostQueries( sites )
			)
			.map(
				( { what, isWaiting, kind, sites, before, after } ) =>
					`${ what }${ isWaiting ? ', while one before it waits,' : '' } with ${ sites } ${ kind } sites: ${ before + after } queries, the goal is ${ mostQueries( sites ) }`
			),
	],
};
