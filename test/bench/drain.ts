/**
 * `npm run bench:drain`: how many people a second go from A to B, with 1, 2, 4 and 8 workers on the command line, to a
 * paired and to a plain B; what is created, what is changed, and what is right there already. And what that costs:
 * memory of a worker, requests at B, bytes in A's tables. For docs/operations.md.
 *
 * `--people=2000` in each run, `--workers=1,2,4,8`.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

import { Lab, type LabSite } from '../lab';
import { run } from '../lab/process';

const say = ( sentence: string ) => console.error( sentence );

type Kind = 'paired' | 'plain';
type Work = 'create' | 'update' | 'equal';

interface Drain {
	kind: Kind;
	work: Work;
	workers: number;
	people: number;
	seconds: number;
	/** The most that one worker took, bytes. */
	memory: number;
}

/** What a worker does: as `wp tandem work`, until nothing is due, and without WP-CLI's own start. */
const WORKER = `
	$_SERVER['HTTP_HOST'] = wp_parse_url_host();
	require ABSPATH_OF_SITE . '/wp-load.php';
	$plugin = new Tandem\\Plugin( WP_PLUGIN_DIR . '/tandem-user-sync/tandem-user-sync.php', $GLOBALS['wpdb'], new Tandem\\Time\\SystemClock() );
	$before = memory_get_peak_usage();
	do {
		$plugin->dispatcher()->run( Tandem\\Sync\\Budget::worker( 5.0 ) );
	} while ( $plugin->dispatcher()->has_work() );
	echo json_encode( array( 'memory' => memory_get_peak_usage() - $before ) );
`;

async function work( site: LabSite ): Promise< number > {
	const code = WORKER.replace(
		'wp_parse_url_host()',
		`'${ new URL( site.url ).host }'`
	).replace( 'ABSPATH_OF_SITE', `'${ site.folder }'` );
	const said = await run( 'php', [ '-d', 'memory_limit=1G', '-r', code ] );
	return (
		JSON.parse( said.slice( said.lastIndexOf( '{' ) ) ) as {
			memory: number;
		}
	 ).memory;
}

/** Puts people into A by SQL, as an import does that no hook sees, and says who they are. */
async function people(
	site: LabSite,
	prefix: string,
	count: number
): Promise< void > {
	await site.php( `
		global $wpdb;
		$hash = wp_hash_password( 'secret' );
		$role = esc_sql( serialize( array( 'subscriber' => true ) ) );
		foreach ( array_chunk( range( 1, ${ count } ), 500 ) as $numbers ) {
			$rows = array_map( static fn ( $n ) => $wpdb->prepare( '(%s, %s, %s, %s, %s, %s)', "${ prefix }$n", $hash, "${ prefix }$n", "${ prefix }$n@people.test", '2020-01-01 00:00:00', "Person $n" ), $numbers );
			$wpdb->query( "INSERT INTO $wpdb->users (user_login, user_pass, user_nicename, user_email, user_registered, display_name) VALUES " . implode( ',', $rows ) );
		}
		foreach ( array( $wpdb->prefix . 'capabilities' => $role, 'first_name' => 'First', 'last_name' => 'Last', 'nickname' => 'nick', 'description' => '' ) as $key => $value ) {
			$wpdb->query( "INSERT INTO $wpdb->usermeta (user_id, meta_key, meta_value) SELECT ID, '$key', '$value' FROM $wpdb->users WHERE user_login LIKE '${ prefix }%'" );
		}
		return true;
	` );
}

/** Makes people due for a site. */
async function due(
	site: LabSite,
	prefix: string,
	other: number,
	fields: string
): Promise< void > {
	await site.php( `
		global $wpdb;
		set_time_limit( 0 );
		$plugin = new Tandem\\Plugin( WP_PLUGIN_DIR . '/tandem-user-sync/tandem-user-sync.php', $wpdb, new Tandem\\Time\\SystemClock() );
		foreach ( $wpdb->get_col( "SELECT ID FROM $wpdb->users WHERE user_login LIKE '${ prefix }%'" ) as $id ) {
			$plugin->outbox()->enqueue( ${ other }, (int) $id, new Tandem\\Sync\\FieldSet( ${ fields } ) );
		}
		return true;
	` );
}

async function waiting( site: LabSite ): Promise< number > {
	return Number(
		await site.php(
			'global $wpdb; return (int) $wpdb->get_var( "SELECT COUNT(*) FROM {$wpdb->prefix}tandem_outbox" );'
		)
	);
}

/** Lets some workers empty A's outbox. */
async function drain(
	site: LabSite,
	kind: Kind,
	name: Work,
	workers: number,
	count: number
): Promise< Drain > {
	const began = performance.now();
	const memory = await Promise.all(
		Array.from( { length: workers }, () => work( site ) )
	);
	const seconds = ( performance.now() - began ) / 1000;
	const left = await waiting( site );
	if ( left > 0 ) {
		throw new Error( `${ left } of ${ count } people are left over.` );
	}
	say(
		`${ kind }, ${ name }, ${ workers } workers: ${ ( count / seconds ).toFixed( 0 ) } people a second`
	);
	return {
		kind,
		work: name,
		workers,
		people: count,
		seconds,
		memory: Math.max( ...memory ),
	};
}

async function bytes( site: LabSite, lab: Lab ): Promise< string > {
	return lab.database.query(
		`SELECT table_name, table_rows, ROUND( ( data_length + index_length ) / GREATEST( table_rows, 1 ) ) FROM information_schema.tables WHERE table_schema = '${ site.name }' AND table_name LIKE '%tandem%' AND table_rows > 100`
	);
}

async function main(): Promise< void > {
	const { values } = parseArgs( {
		options: {
			people: { type: 'string', default: '2000' },
			workers: { type: 'string', default: '1,2,4,8' },
		},
	} );
	const count = Number( values.people );
	const drains: Drain[] = [];
	const lab = await Lab.up( {
		say,
		sites: [
			// WP-Cron would be one more worker.
			{
				name: 'a',
				wp: '7.1',
				plugin: true,
				record: false,
				constants: { DISABLE_WP_CRON: true, WP_DEBUG: false },
				cheapHashes: false,
			},
			{
				name: 'b',
				wp: '7.1',
				plugin: true,
				record: false,
				constants: { WP_DEBUG: false },
				cheapHashes: false,
				workers: 8,
			},
			{
				name: 'c',
				wp: '7.1',
				plugin: false,
				record: false,
				constants: { WP_DEBUG: false },
				cheapHashes: false,
				workers: 8,
			},
		],
	} );
	try {
		const a = lab.site( 'a' );
		for ( const kind of [ 'paired', 'plain' ] as const ) {
			const site =
				kind === 'paired'
					? await lab.pair( 'a', 'b' )
					: await lab.connect( 'a', 'c' );
			for ( const workers of values.workers.split( ',' ).map( Number ) ) {
				const prefix = `${ kind }${ workers }x`;
				const each =
					kind === 'paired' ? count : Math.ceil( count / 10 );
				await people( a, prefix, each );
				const all = 'Tandem\\Sync\\FieldSet::ALL';
				await due( a, prefix, site, all );
				drains.push( await drain( a, kind, 'create', workers, each ) );
				await due( a, prefix, site, all );
				drains.push( await drain( a, kind, 'equal', workers, each ) );
				await a.php(
					`global $wpdb; $wpdb->query( "UPDATE $wpdb->usermeta SET meta_value = 'Changed' WHERE meta_key = 'first_name' AND user_id IN ( SELECT ID FROM $wpdb->users WHERE user_login LIKE '${ prefix }%' )" ); return true;`
				);
				await due( a, prefix, site, "'first_name'" );
				drains.push( await drain( a, kind, 'update', workers, each ) );
			}
		}
		console.log(
			[
				`${ cpus().length } cores for A, B, the databases and the workers together.`,
				'',
				'| B is | work | workers | people a second | memory of a worker above WordPress |',
				'|---|---|---|---|---|',
				...drains.map(
					( it ) =>
						`| ${ it.kind } | ${ it.work } | ${ it.workers } | ${ ( it.people / it.seconds ).toFixed( 0 ) } | ${ ( it.memory / 2 ** 20 ).toFixed( 1 ) } MB |`
				),
				'',
				'Rows and bytes of a row, indexes included:',
				await bytes( a, lab ),
			].join( '\n' )
		);
	} finally {
		await lab.down();
	}
}

main().catch( ( error: Error ) => {
	console.error( error.message );
	process.exitCode = 1;
} );
