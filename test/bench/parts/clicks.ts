/**
 * From the click on A to the row on B: a registration on A, until another connection sees the account in B's database.
 */
import { Lab, type LabSite } from '../../lab';
import { waitUntil } from '../../lab/process';
import { Client } from '../client';
import { ms, table, type Part } from '../part';
import { AS_IN_LIFE, tutorial } from '../sites';
import { median, pairedRatio, quantile, type Ratio } from '../statistics';
import { Watcher } from '../watcher';

const WAYS = [ 'paired', 'plain', 'tutorial', 'signed', 'post' ] as const;
type Way = ( typeof WAYS )[ number ];

const TITLES: Record< Way, string > = {
	paired: 'a registration on A, with Tandem, B is paired',
	plain: 'a registration on A, with Tandem, B is a plain site',
	tutorial: "a registration on A, with the tutorial's blocking call",
	signed: 'a bare `wp_remote_post()` to `tandem/v1/peer/users`, signed beforehand',
	post: 'a bare `wp_remote_post()` to `wp/v2/users`',
};

/** What each is compared with: the bare request to the same route. */
const BARE = { paired: 'signed', plain: 'post', tutorial: 'post' } as const;

/** Before anything is measured: opcode caches, first cron runs. */
const WARM_UP = 3;

interface Result {
	ways: Record< Way, { median: number; p95: number } >;
	ratios: Record< keyof typeof BARE, Ratio >;
}

/**
 * Creates an account on B by one request and nothing else.
 *
 * @param from  Site whose PHP sends it.
 * @param login Username.
 * @param to    PHP that gives the address and the arguments of `wp_remote_post()`.
 * @return When it began, milliseconds since 1970.
 */
async function post(
	from: LabSite,
	login: string,
	to: string
): Promise< number > {
	const { at, status, body } = ( await from.php( `
		$login = '${ login }';
		${ to }
		$at = microtime( true );
		$answer = wp_remote_post( $url, $request );
		return array( 'at' => $at, 'status' => wp_remote_retrieve_response_code( $answer ), 'body' => wp_remote_retrieve_body( $answer ) );
	` ) ) as { at: number; status: number; body: string };
	if (
		status > 201 ||
		( body.includes( '"results"' ) && ! body.includes( '"created"' ) )
	) {
		throw new Error( `B did not create ${ login }: ${ status } ${ body }` );
	}
	return at * 1000;
}

/**
 * PHP for a request to `wp/v2/users`.
 *
 * @param to       B.
 * @param password Application password of its administrator.
 */
function plainRequest( to: LabSite, password: string ): string {
	return `$url = '${ to.url }/wp-json/wp/v2/users';
		$request = array(
			'headers' => array( 'Authorization' => 'Basic ' . base64_encode( 'admin:${ password }' ) ),
			'body'    => array( 'username' => $login, 'email' => "$login@example.test", 'password' => wp_generate_password() ),
		);`;
}

/**
 * PHP for a message to a paired site, signed as Tandem does, before the clock starts.
 *
 * @param site Id of B on A.
 */
function signedRequest( site: number ): string {
	return `$plugin = new Tandem\\Plugin( WP_PLUGIN_DIR . '/tandem-user-sync/tandem-user-sync.php', $GLOBALS['wpdb'], new Tandem\\Time\\SystemClock() );
		$site   = $plugin->sites()->get( ${ site } );
		$route  = '/tandem/v1/peer/users';
		$stamp  = sprintf( '%013d-%s', microtime( true ) * 1000, $plugin->identity()->uuid() );
		$values = array( 'user_email' => "$login@example.test", 'first_name' => '', 'last_name' => '', 'display_name' => $login, 'nickname' => $login, 'user_url' => '', 'description' => '', 'locale' => '', 'roles' => array( 'subscriber' ) );
		$json   = wp_json_encode( array( 'users' => array( array(
			'ref' => random_int( 1000000, 9999999 ), 'uid' => wp_generate_uuid4(), 'id' => 0, 'login' => $login, 'registered_at' => time(), 'claim' => 'registered', 'create_as' => null, 'link_with' => null, 'deleted' => null,
			'fields' => array_map( static fn ( $value ) => array( 'v' => $value, 's' => $stamp ), $values ),
			'password' => array( 's' => $stamp, 'sealed' => $site->pairing->keys->seal( Tandem\\Remote\\PeerPayload::password_text( 'hash', wp_hash_password( 'secret' ) ) ) ),
		) ) ) );
		$envelope = new Tandem\\Peer\\Envelope( 'POST', $route, $plugin->identity()->uuid(), $site->pairing->uuid, time(), bin2hex( random_bytes( 16 ) ) );
		$key      = $site->pairing->our_key;
		$url      = $site->rest_url . ltrim( $route, '/' );
		$request  = array( 'headers' => $envelope->headers( $plugin->keys()->public_keys_with( $key )->id(), $plugin->keys()->sign( $envelope->text( $json ), $key ) ) + array( 'Content-Type' => 'application/json' ), 'body' => $json );`;
}

/**
 * Measures.
 *
 * @param lab    Sites `paired`, `b`, `plain`, `tutorial`, `c`.
 * @param site   Id of B on `paired`.
 * @param rounds How often.
 */
async function measure(
	lab: Lab,
	site: number,
	rounds: number
): Promise< Result > {
	const password = await lab.site( 'c' ).applicationPassword();
	await lab
		.site( 'tutorial' )
		.addMuPlugin(
			'tutorial.php',
			tutorial( lab.site( 'c' ).url, password )
		);
	const clients = Object.fromEntries(
		( [ 'paired', 'plain', 'tutorial' ] as const ).map( ( name ) => [
			name,
			new Client( lab.site( name ).url ),
		] )
	) as Record< keyof typeof BARE, Client >;
	const click = async (
		way: keyof typeof BARE,
		login: string
	): Promise< number > => {
		const at = Date.now();
		await clients[ way ].register( login );
		return at;
	};
	const begin: Record< Way, ( login: string ) => Promise< number > > = {
		paired: ( login ) => click( 'paired', login ),
		plain: ( login ) => click( 'plain', login ),
		tutorial: ( login ) => click( 'tutorial', login ),
		signed: ( login ) =>
			post( lab.site( 'paired' ), login, signedRequest( site ) ),
		post: ( login ) =>
			post(
				lab.site( 'tutorial' ),
				login,
				plainRequest( lab.site( 'c' ), password )
			),
	};
	// Whoever comes first in a round comes last in another: it evens out.
	const order = Array.from( { length: WARM_UP + rounds }, ( _, round ) =>
		WAYS.map( ( __, index ) => {
			const way = WAYS[ ( round + index ) % WAYS.length ] as Way;
			return { round, way, login: `${ way }x${ round }` };
		} )
	).flat();
	const watcher = await Watcher.start(
		lab.database,
		order.map( ( { way, login } ) => ( {
			login,
			database: way === 'paired' || way === 'signed' ? 'b' : 'c',
		} ) )
	);
	const took: Record< Way, number[] > = {
		paired: [],
		plain: [],
		tutorial: [],
		signed: [],
		post: [],
	};
	try {
		for ( const { round, way, login } of order ) {
			const at = await begin[ way ]( login );
			const after = ( await watcher.appeared( login ) ) - at;
			if ( round >= WARM_UP ) {
				took[ way ].push( after );
			}
			// Nothing of this one takes processor time from the next.
			for ( const name of [ 'paired', 'plain', 'b' ] ) {
				await waitUntil(
					async () =>
						( await lab.database.query(
							'SELECT COUNT(*) FROM wp_tandem_outbox',
							name
						) ) === '0\n',
					`${ name } does not deliver`
				);
			}
		}
	} finally {
		watcher.stop();
		Object.values( clients ).forEach( ( client ) => client.close() );
	}
	const summary = ( way: Way ) => ( {
		median: median( took[ way ] ),
		p95: quantile( took[ way ], 0.95 ),
	} );
	const ratio = ( way: keyof typeof BARE ) =>
		pairedRatio(
			took[ way ].map(
				( value, index ) =>
					[ value, took[ BARE[ way ] ][ index ] as number ] as const
			)
		);
	return {
		ways: {
			paired: summary( 'paired' ),
			plain: summary( 'plain' ),
			tutorial: summary( 'tutorial' ),
			signed: summary( 'signed' ),
			post: summary( 'post' ),
		},
		ratios: {
			paired: ratio( 'paired' ),
			plain: ratio( 'plain' ),
			tutorial: ratio( 'tutorial' ),
		},
	};
}

export const clicks: Part< Result > = {
	name: 'clicks',
	size: ( { rounds } ) => `${ rounds } rounds`,
	measure: async ( { rounds, say } ) => {
		const lab = await Lab.up( {
			say,
			sites: [
				{ ...AS_IN_LIFE, name: 'paired', plugin: true },
				{ ...AS_IN_LIFE, name: 'b', plugin: true },
				{ ...AS_IN_LIFE, name: 'plain', plugin: true },
				{ ...AS_IN_LIFE, name: 'tutorial', plugin: false },
				{ ...AS_IN_LIFE, name: 'c', plugin: false },
			],
		} );
		try {
			const site = await lab.pair( 'paired', 'b' );
			await lab.connect( 'plain', 'c' );
			return await measure( lab, site, rounds );
		} finally {
			await lab.down();
		}
	},
	tables: ( { ways, ratios } ) => `## From the click on A to the row on B

${ table(
	[ 'what', 'median', '95 of 100 within', 'ratio to the bare request' ],
	WAYS.map( ( way ) => {
		const { median: middle, p95 } = ways[ way ];
		const ratio = ( ratios as Partial< Record< Way, Ratio > > )[ way ];
		return [
			TITLES[ way ],
			ms( middle ),
			ms( p95 ),
			ratio
				? `**${ ratio.ratio.toFixed( 2 ) }** (${ ratio.low.toFixed( 2 ) } to ${ ratio.high.toFixed( 2 ) })`
				: '1',
		];
	} )
) }
`,
	how: [
		"The clock starts when the browser sends the form of `wp-login.php?action=register`, for a bare request just before `wp_remote_post()`; it stops when a second connection to B's database sees the account there (it looks every millisecond). A registration is in the first three: WordPress hashes a password and writes a mail before anything can be sent.",
		'The five ways take turns, each round in another order, and the next waits until nothing is on its way. A ratio compares two of the same round. The bare request to a paired site carries what Tandem sends, signed before the clock starts.',
	],
	missed: () => [],
};
