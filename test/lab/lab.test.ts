/**
 * The lab itself, by Node's own test runner: `npx tsx --test test/lab/lab.test.ts`.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';

import { Lab } from '.';
import { FAULTS } from './site';
import { waitUntil } from './process';

let lab: Lab;

before( async () => {
	lab = await Lab.up( {
		sites: [
			{ name: 'a', wp: '7.1', plugin: true, workers: 4 },
			{ name: 'b', wp: '6.8', plugin: false },
			{ name: 'old', wp: '6.1', plugin: false },
		],
	} );
} );

after( () => lab.down() );

/**
 * What a request of a visitor ends with: a status, or the name of the error.
 *
 * @param name Site.
 */
async function outcome( name: string ): Promise< string > {
	try {
		const response = await fetch(
			`${ lab.site( name ).url }/wp-login.php`,
			{
				signal: AbortSignal.timeout( 1000 ),
			}
		);
		return String( response.status );
	} catch ( error ) {
		const { name: kind, cause } = error as Error;
		return ( cause as NodeJS.ErrnoException | undefined )?.code ?? kind;
	}
}

test( 'each site has the core that was asked for, and knows its port', async () => {
	for ( const [ name, version ] of [
		[ 'a', '7.1' ],
		[ 'b', '6.8' ],
		[ 'old', '6.1' ],
	] as const ) {
		const [ core, host ] = ( await lab
			.site( name )
			.php(
				'return array( $GLOBALS["wp_version"], $_SERVER["HTTP_HOST"] );'
			) ) as string[];
		assert.ok(
			core?.startsWith( `${ version }.` ),
			`${ name }: ${ core }`
		);
		assert.equal( `http://${ host }`, lab.site( name ).url );
	}
} );

test( 'work after fastcgi_finish_request is not what a visitor waits for', async () => {
	const a = lab.site( 'a' );
	await a.onEveryRequest(
		`if ( isset( $_GET['late'] ) ) { echo 'sent'; fastcgi_finish_request(); sleep( 2 ); file_put_contents( TANDEM_CONTROL_DIR . '/late', 'done' ); exit; }`
	);
	const start = Date.now();
	const response = await fetch( `${ a.url }/?late=1` );
	assert.equal( await response.text(), 'sent' );
	assert.ok( Date.now() - start < 1500 );
	await waitUntil(
		async () =>
			( await a.php(
				`return file_exists( TANDEM_CONTROL_DIR . '/late' );`
			) ) === true,
		'the rest was not done'
	);
	await a.onEveryRequest( '' );
} );

test( 'one site refuses connections, its neighbour does not notice', async () => {
	await lab.site( 'b' ).refuse();
	assert.equal( await outcome( 'b' ), 'ECONNREFUSED' );
	assert.equal( await outcome( 'a' ), '200' );
	await lab.site( 'b' ).restore();
	assert.equal( await outcome( 'b' ), '200' );
} );

test( 'one site hangs; what it was asked meanwhile is not done later', async () => {
	const b = lab.site( 'b' );
	await b.reset();
	await b.hang();
	await b.hang();
	assert.equal( await outcome( 'b' ), 'TimeoutError' );
	assert.equal( await outcome( 'a' ), '200' );
	await b.restore();
	assert.equal( await outcome( 'b' ), '200' );
	assert.equal(
		( await b.requests() ).filter( ( { uri } ) => uri === '/wp-login.php' )
			.length,
		1
	);
} );

test( 'a person logs in with a form, WP-CLI adds one, a reset removes them', async () => {
	const b = lab.site( 'b' );
	await b.wp( [
		'user',
		'create',
		'ada',
		'ada@b.test',
		"--user_pass=O'Neil x",
	] );
	assert.equal( await b.visitor().logIn( 'ada', "O'Neil x" ), true );
	assert.equal( await b.visitor().logIn( 'ada', 'wrong' ), false );
	const ada = await b.visitAs( 'ada' );
	const me = await ada.rest< { name: string } >( 'GET', 'wp/v2/users/me' );
	assert.equal( me.name, 'ada' );
	await b.reset();
	assert.equal( await b.visitor().logIn( 'ada', "O'Neil x" ), false );
	assert.equal(
		await b.visitor().logIn( b.adminUsername, b.adminPassword ),
		true
	);
} );

test( 'an application password opens REST on every core', async () => {
	for ( const site of lab.all() ) {
		const password = await site.applicationPassword();
		const response = await fetch(
			`${ site.url }/wp-json/wp/v2/users/me?context=edit`,
			{
				headers: {
					authorization: `Basic ${ btoa( `admin:${ password }` ) }`,
				},
			}
		);
		assert.equal( response.status, 200, site.name );
	}
} );

test( 'mails are kept', async () => {
	const a = lab.site( 'a' );
	await a.visitor().register( 'grace', 'grace@a.test' );
	const mails = await a.mails();
	assert.ok(
		mails.some( ( { to } ) => [ to ].flat().includes( 'grace@a.test' ) )
	);
} );

test( 'the database goes away and comes back with its data', async () => {
	await lab.stopDatabase();
	assert.equal( await outcome( 'a' ), '500' );
	await lab.startDatabase();
	assert.equal( await outcome( 'a' ), '200' );
	assert.equal(
		await lab.site( 'a' ).php( 'return get_option( "blogname" );' ),
		'Site A'
	);
} );

test( 'its REST API is silent, slow, wrong, cut short or noisy, and well again', async () => {
	const b = lab.site( 'b' );
	const rest = () =>
		fetch( `${ b.url }/wp-json/`, {
			redirect: 'manual',
			signal: AbortSignal.timeout( 1500 ),
		} );
	await b.fault( { kind: 'hang' } );
	await assert.rejects( rest(), { name: 'TimeoutError' } );
	await b.fault( { kind: 'hang', seconds: 0.5 } );
	const start = Date.now();
	assert.equal( ( await rest() ).status, 200 );
	assert.ok( Date.now() - start >= 500 );
	await b.fault( {
		kind: 'answer',
		status: 503,
		headers: { 'Retry-After': '7' },
		times: 1,
	} );
	const busy = await rest();
	assert.deepEqual(
		[ busy.status, busy.headers.get( 'retry-after' ) ],
		[ 503, '7' ]
	);
	assert.equal( ( await rest() ).status, 200, 'one time was said' );
	await b.fault( FAULTS.html );
	await assert.rejects( ( await rest() ).json(), SyntaxError );
	await b.fault( FAULTS.half );
	await assert.rejects( async () => ( await rest() ).text() );
	await b.fault( FAULTS.warning );
	assert.match( await ( await rest() ).text(), /Warning[^{]*\{.*\}$/s );
	assert.equal( await outcome( 'b' ), '200', 'other pages are as ever' );
	await b.heal();
	assert.equal( ( await ( await rest() ).json() ).name, 'Site B' );
} );

test( 'an answer is lost, and what was asked is done', async () => {
	const b = lab.site( 'b' );
	await b.fault( { ...FAULTS.lost, match: 'wp-login', times: 1 } );
	await assert.rejects( b.visitor().register( 'lost', 'lost@b.test' ) );
	assert.notEqual(
		await b.php( `return get_user_by( 'login', 'lost' );` ),
		false
	);
} );

test( 'one site loses its database and gets it back, its neighbour does not notice', async () => {
	await lab.site( 'b' ).loseDatabase();
	assert.equal( await outcome( 'b' ), '500' );
	assert.equal( await outcome( 'a' ), '200' );
	await lab.site( 'b' ).regainDatabase();
	assert.equal( await outcome( 'b' ), '200' );
} );

test( "Tandem's tables are full", async () => {
	const a = lab.site( 'a' );
	const add = () =>
		a.php(
			`global $wpdb; $wpdb->suppress_errors(); return array( $wpdb->insert( $wpdb->prefix . 'tandem_messages', array( 'message' => 'x', 'at' => 1 ) ), $wpdb->last_error );`
		);
	await a.fillDisk();
	assert.deepEqual( await add(), [ false, 'The table is full' ] );
	await a.freeDisk();
	assert.deepEqual( await add(), [ 1, '' ] );
} );

test( "Tandem's clock is wrong, WordPress's is not", async () => {
	const a = lab.site( 'a' );
	const off = () =>
		a.php(
			`$clock = new Tandem\\Time\\SystemClock(); return array( round( ( $clock->now() - time() ) / 60 ), round( ( $clock->now_ms() / 1000 - time() ) / 60 ) );`
		);
	await a.setClock( 3600 );
	assert.deepEqual( await off(), [ 60, 60 ] );
	await a.setClock( -7200 );
	assert.deepEqual( await off(), [ -120, -120 ] );
	await a.setClock( 0 );
	assert.deepEqual( await off(), [ 0, 0 ] );
} );

test( 'a process is held or ended at a point', async () => {
	const a = lab.site( 'a' );
	const set = ( value: string ) =>
		a.php( `return update_option( 'lab_point', '${ value }' );` );
	await a.stopAt( { query: 'INTO .wp_options.*lab_point', then: 'wait' } );
	let isDone = false;
	const held = set( 'one' ).finally( () => {
		isDone = true;
	} );
	await waitUntil(
		async () => ( await a.stopped() ) === 1,
		'nobody came there'
	);
	assert.equal( await outcome( 'a' ), '200' );
	assert.equal( isDone, false );
	await a.goOn();
	assert.equal( await held, true );
	await a.stopAt( { query: 'UPDATE .wp_options.*lab_point', times: 1 } );
	await assert.rejects( set( 'two' ), /502/ );
	assert.equal( await a.php( `return get_option( 'lab_point' );` ), 'one' );
	assert.equal( await set( 'three' ), true, 'one time was said' );
	await a.goOn();
} );

test( 'workers run on the command line and are killed; so are those of PHP-FPM', async () => {
	const a = lab.site( 'a' );
	const [ first = 0, second = 0 ] = await a.startWorkers( 2 );
	await waitUntil(
		async () =>
			( await a.php(
				'return Tandem\\Sync\\Worker::last_run() >= time() - 60;'
			) ) === true,
		'they do not work'
	);
	await a.killWorkers( [ first ] );
	assert.deepEqual( a.workers(), [ second ] );
	await a.killWorkers();
	assert.deepEqual( a.workers(), [] );

	const answer = a.php(
		`update_option( 'lab_asleep', 1 ); sleep( 20 ); return true;`
	);
	const killed = assert.rejects( answer, /502/ );
	await waitUntil(
		async () =>
			( await a.php( `return get_option( 'lab_asleep' );` ) ) === '1',
		'it does not sleep'
	);
	await a.killPhp();
	await killed;
	assert.equal( await outcome( 'a' ), '200' );
} );

test( 'another process finds the lab', async () => {
	const other = await Lab.attach( lab.folder );
	await other?.site( 'b' ).refuse();
	assert.equal( await outcome( 'b' ), 'ECONNREFUSED' );
	await other?.site( 'b' ).restore();
	assert.equal( await outcome( 'b' ), '200' );
	// This process knows the old one only.
	Object.assign( lab.site( 'b' ).toJSON(), other?.site( 'b' ).toJSON() );
} );

test( 'nothing is left when the process that started it is interrupted', async () => {
	const script = `require( ${ JSON.stringify(
		join( __dirname, 'index.ts' )
	) } ).Lab.up( { sites: [ { name: 'x', wp: '7.1', plugin: false } ] } ).then( ( lab ) => { console.log( JSON.stringify( [ lab.folder, lab.site( 'x' ).url ] ) ); setInterval( () => {}, 1000 ); } );`;
	const child = spawn(
		process.execPath,
		[ '--import', 'tsx', '-e', script ],
		{
			stdio: [ 'ignore', 'pipe', 'inherit' ],
		}
	);
	const printed = await new Promise< string >( ( resolve, reject ) => {
		child.stdout.once( 'data', ( data ) => resolve( String( data ) ) );
		child.once( 'exit', () => reject( new Error( 'it ended by itself' ) ) );
	} );
	const [ folder, url ] = JSON.parse( printed ) as [ string, string ];
	assert.equal( ( await fetch( url ) ).status, 200 );
	child.removeAllListeners( 'exit' );
	const ended = new Promise( ( resolve ) => child.once( 'exit', resolve ) );
	child.kill( 'SIGTERM' );
	await ended;
	await assert.rejects( fetch( url ) );
	await assert.rejects( access( folder ) );
} );
