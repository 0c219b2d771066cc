/**
 * The commands, typed into a real WP-CLI: A and B are paired with a code, C is a plain site.
 */
import assert from 'node:assert/strict';
import { after, before as beforeAll, test } from 'node:test';

import { Lab, type LabSite } from '../lab';
import { waitUntil } from '../lab/process';
import { account, becomes, register, waiting } from './support';

let lab: Lab;
let a: LabSite;
let b: LabSite;
let c: LabSite;

beforeAll( async () => {
	lab = await Lab.up( {
		durable: false,
		sites: [
			// Only what is typed delivers.
			{
				name: 'a',
				wp: '7.1',
				plugin: true,
				constants: { DISABLE_WP_CRON: true },
			},
			{ name: 'b', wp: '7.1', plugin: true },
			{ name: 'c', wp: '6.8', plugin: false },
		],
	} );
	[ a, b, c ] = [ lab.site( 'a' ), lab.site( 'b' ), lab.site( 'c' ) ];
} );

after( () => lab.down() );

async function json< T >( site: LabSite, ...args: string[] ): Promise< T > {
	return JSON.parse(
		await site.wp( [ 'tandem', ...args, '--format=json' ] )
	) as T;
}

/** What a command says when it refuses. */
async function refusal(
	site: LabSite,
	args: string[],
	input = ''
): Promise< string > {
	return site.wp( [ 'tandem', ...args ], input ).then(
		( said ) => assert.fail( `It did not refuse: ${ said }` ),
		( error: Error ) => error.message
	);
}

/** A fatal error would end with 255. */
async function endsWithOne( args: string[] ): Promise< void > {
	await assert.rejects(
		a.wp( [ 'tandem', ...args ] ),
		( error: Error ) => ( error.cause as { code?: unknown } ).code === 1
	);
}

/** The owner's word without the wake-up that follows it on the page: only what is typed delivers. */
async function set( state: 'paused' | 'connected' ): Promise< void > {
	await a.php(
		`global $wpdb; $wpdb->query( "UPDATE {$wpdb->prefix}tandem_sites SET state = '${ state }'" ); return true;`
	);
}

test( 'site add pairs with a code and connects with an application password, both from standard input', async () => {
	const { code } = await (
		await b.visitAs( 'admin' )
	).rest< { code: string } >( 'POST', 'tandem/v1/pairing-code' );
	assert.match(
		await a.wp( [ 'tandem', 'site', 'add', b.url ], `${ code }\n` ),
		/Success: Connected with .*paired/
	);
	assert.match(
		await refusal(
			a,
			[ 'site', 'add', c.url, '--username=admin' ],
			'wrong\n'
		),
		/does not accept this username.*\(credential_refused\)/s
	);
	assert.match(
		await refusal( a, [ 'site', 'add', c.url ] ),
		/Pairing code is expected on standard input/
	);
	assert.match(
		await a.wp(
			[ 'tandem', 'site', 'add', c.url, '--username=admin' ],
			`${ await c.applicationPassword() }\n`
		),
		/Success: Connected with .*plain/
	);
	const sites = await json< { kind: string; state: string }[] >(
		a,
		'site',
		'list'
	);
	assert.deepEqual(
		sites.map( ( { kind, state } ) => [ kind, state ] ),
		[
			[ 'paired', 'connected' ],
			[ 'plain', 'connected' ],
		]
	);
} );

test( 'what is wrong is said in a sentence, with its code', async () => {
	assert.match(
		await refusal( a, [ 'site', 'test', 'nowhere' ] ),
		/There is no connected site “nowhere”.*1 \(/s
	);
	assert.match( await refusal( a, [ 'retry' ] ), /Say whom/ );
	assert.match(
		await refusal( a, [ 'retry', '--after=the day of days' ] ),
		/no time that can be understood/
	);
	assert.match(
		await refusal( a, [ 'sync', 'nobody' ] ),
		/There is no user “nobody”/
	);
	assert.match(
		await refusal( a, [ 'retry', 'admin', '--code=not_accepted' ] ),
		/Name either users, or/
	);
	assert.match(
		await refusal( a, [ 'backfill', 'run', '999' ] ),
		/\(backfill_not_found\)/
	);
	assert.match( await refusal( a, [ 'work', '--for=0' ] ), /above 0/ );
} );

test( 'pause and resume', async () => {
	await a.wp( [ 'tandem', 'site', 'pause', 'Site C' ] );
	const states = async () =>
		( await json< { state: string }[] >( a, 'site', 'list' ) ).map(
			( { state } ) => state
		);
	assert.deepEqual( await states(), [ 'connected', 'paused' ] );
	await a.wp( [ 'tandem', 'site', 'resume', 'Site C' ] );
	assert.deepEqual( await states(), [ 'connected', 'connected' ] );
} );

test( 'site list as numbers only, for a loop in a shell', async () => {
	assert.match(
		await a.wp( [ 'tandem', 'site', 'list', '--format=ids' ] ),
		/^\d+ \d+\s*$/
	);
} );

test( 'site test shows a checklist and ends with 1 where something is in the way', async () => {
	const checks = await json< { state: string }[] >(
		a,
		'site',
		'test',
		b.url
	);
	assert.ok( checks.length > 2 );
	await c.refuse();
	await endsWithOne( [ 'site', 'test', c.url ] );
	await c.restore();
} );

test( 'work delivers until nothing is due, and several at once share it', async () => {
	await set( 'paused' );
	for ( const name of [ 'ann', 'ben', 'cleo', 'dan', 'eve', 'fred' ] ) {
		await register( a, name, `secret of ${ name }` );
	}
	await set( 'connected' );
	await Promise.all(
		[ 1, 2, 3 ].map( () =>
			a.wp( [ 'tandem', 'work', '--until-empty', '--for=60' ] )
		)
	);
	await a.wp( [ 'tandem', 'work', '--until-empty', '--for=60' ] );
	assert.equal( await waiting( a ), 0 );
	for ( const site of [ b, c ] ) {
		assert.notEqual( await account( site, 'fred' ), null );
		assert.equal(
			await site.visitor().logIn( 'ann', 'secret of ann' ),
			true
		);
	}
} );

test( 'work for one site leaves the others alone', async () => {
	await set( 'paused' );
	await register( a, 'gus', 'secret of gus' );
	await set( 'connected' );
	await a.wp( [ 'tandem', 'work', `--sites=${ b.url }`, '--until-empty' ] );
	assert.notEqual( await account( b, 'gus' ), null );
	// The end of the command itself delivers nothing: nobody was changed in it.
	assert.equal( await account( c, 'gus' ), null );
	await a.wp( [ 'tandem', 'work', '--until-empty' ] );
	assert.notEqual( await account( c, 'gus' ), null );
} );

/** What `wp tandem status --format=json` says. */
interface Status {
	waiting: number;
	isLate: boolean;
	bySite: {
		id: number;
		state: string;
		troubleSeconds: number;
		waiting: number;
		attention: number;
		attentionSeconds: number;
		medianMs: number | null;
		p95Ms: number | null;
		error: string;
	}[];
}

test( 'status tells what monitoring needs, and --check ends with 1 when a site is away', async () => {
	const status = await json< Status >( a, 'status' );
	assert.equal( status.waiting, 0 );
	assert.equal( status.isLate, false );
	assert.ok( ( status.bySite[ 0 ]?.medianMs ?? 0 ) > 0 );
	assert.ok(
		( status.bySite[ 0 ]?.p95Ms ?? 0 ) >=
			( status.bySite[ 0 ]?.medianMs ?? 0 )
	);
	await a.wp( [ 'tandem', 'status', '--check' ] );
	await c.refuse();
	await register( a, 'hal', 'secret of hal' );
	await a.wp( [ 'tandem', 'work', '--for=1' ] );
	const away = await json< Status >( a, 'status' );
	assert.deepEqual(
		[ away.bySite[ 1 ]?.state, away.bySite[ 1 ]?.error ],
		[ 'unreachable', 'refused' ]
	);
	await a.wp( [ 'tandem', 'status', '--check' ] );
	await endsWithOne( [ 'status', '--check', '--patience=0' ] );
	await a.php(
		`global $wpdb; return $wpdb->query( "UPDATE {$wpdb->prefix}tandem_sites SET problem_since = problem_since - 960 WHERE id = ${ away.bySite[ 1 ]?.id }" );`
	);
	await endsWithOne( [ 'status', '--check' ] );
	await a.wp( [ 'tandem', 'status', '--check', '--patience=20' ] );
	assert.match(
		await refusal( a, [ 'status', '--check', '--patience=soon' ] ),
		/a number of minutes/
	);
	await c.restore();
	await a.wp( [ 'tandem', 'retry', '--all' ] );
} );

test( 'status --check leaves a person some time for a decision', async () => {
	await c.php(
		`return wp_insert_user( array( 'user_login' => 'ivy', 'user_email' => 'another.ivy@people.test', 'user_pass' => 'of another' ) );`
	);
	await register( a, 'ivy', 'secret of ivy' );
	await a.wp( [ 'tandem', 'work', '--until-empty' ] );
	const waits = ( await json< Status >( a, 'status' ) ).bySite[ 1 ];
	assert.equal( waits?.attention, 1 );
	assert.ok( waits.attentionSeconds < 600, 'it waits since now' );
	await a.wp( [ 'tandem', 'status', '--check' ] );
	await endsWithOne( [ 'status', '--check', '--patience=0' ] );
	await a.php(
		`global $wpdb; return $wpdb->query( "UPDATE {$wpdb->prefix}tandem_outbox SET due_at = due_at - 960 WHERE state = 'attention'" );`
	);
	await endsWithOne( [ 'status', '--check' ] );
	await a.php(
		`global $wpdb; return $wpdb->query( "DELETE FROM {$wpdb->prefix}tandem_outbox" );`
	);
} );

test( 'sync makes one person right now, and says for each site what came of it', async () => {
	const id = await register( a, 'ida', 'secret of ida' );
	await a.php(
		`global $wpdb; $wpdb->update( $wpdb->usermeta, array( 'meta_value' => 'By SQL' ), array( 'user_id' => ${ id }, 'meta_key' => 'first_name' ) ); return true;`
	);
	const rows = await json< { result: string }[] >( a, 'sync', 'ida' );
	assert.equal( rows[ 0 ]?.result, 'right' );
	await becomes( b, 'ida', ( it ) => it?.first === 'By SQL', 'synced' );
} );

test( 'activity and retry of one person', async () => {
	const rows = await json< { username: string; result: string }[] >(
		a,
		'activity',
		'ida',
		'--number=5'
	);
	assert.ok( rows.length > 0 );
	assert.ok( rows.every( ( { username } ) => username === 'ida' ) );
	assert.match(
		await a.wp( [ 'tandem', 'retry', 'ida' ] ),
		/Nothing of them waits/
	);
} );

/** Who waits for which site, and with which state, by username. */
async function whoWaits(): Promise< Record< string, string > > {
	return ( await a.php(
		`global $wpdb; return (object) array_column( $wpdb->get_results( "SELECT u.user_login, CONCAT( o.state, ' ', o.code ) AS what FROM {$wpdb->prefix}tandem_outbox o JOIN $wpdb->users u ON u.ID = o.user_id ORDER BY o.id", ARRAY_A ), 'what', 'user_login' );`
	) ) as Record< string, string >;
}

test( 'retry of those whom a filter names: one person, a cause, a time; the others are left alone', async () => {
	// Three whose usernames are taken on C by accounts of other people, and one whom C's own code refuses.
	await set( 'paused' );
	for ( const login of [ 'lea', 'max', 'nia' ] ) {
		await c.php(
			`return wp_insert_user( array( 'user_login' => '${ login }', 'user_email' => 'another.${ login }@people.test', 'user_pass' => 'of another' ) );`
		);
		await register( a, login, `secret of ${ login }` );
	}
	await register( a, 'oda', 'secret of oda' );
	await c.onEveryRequest(
		`add_filter( 'rest_pre_insert_user', function ( $user ) { return 'oda' === ( $user->user_login ?? '' ) ? new WP_Error( 'not_today', 'Not today', array( 'status' => 400 ) ) : $user; } );`
	);
	await set( 'connected' );
	await a.wp( [ 'tandem', 'work', '--until-empty' ] );
	const before = await whoWaits();
	assert.equal( before.lea, 'attention username_taken' );
	assert.deepEqual( Object.keys( before ), [ 'lea', 'max', 'nia', 'oda' ] );
	const causes = Object.values( before );
	assert.notEqual( before.oda, before.lea );
	assert.deepEqual( causes.slice( 0, 3 ), Array( 3 ).fill( before.lea ) );

	// The causes are gone: whoever is tried again arrives.
	await c.onEveryRequest( '' );
	await c.php(
		`global $wpdb; foreach ( array( 'lea', 'max', 'nia' ) as $login ) { $wpdb->update( $wpdb->users, array( 'user_login' => 'not-' . $login ), array( 'user_login' => $login ) ); } return true;`
	);
	const retry = ( ...args: string[] ) =>
		a.wp( [ 'tandem', 'retry', ...args ] );
	// A request that the command wakes may be the one that delivers.
	const onlyLeft = ( ...logins: string[] ) =>
		waitUntil(
			async () =>
				Object.keys( await whoWaits() ).join() === logins.join(),
			`not only ${ logins.join( ', ' ) || 'nobody' } is left`
		);

	assert.match( await retry( 'lea' ), /1 tried again/ );
	await onlyLeft( 'max', 'nia', 'oda' );

	assert.match( await retry( 'max', '--site=Site B' ), /Nothing of them/ );
	assert.match( await retry( '--code=nothing_of_that_kind' ), /0 tried/ );
	assert.match(
		await retry( `--code=${ before.oda?.split( ' ' )[ 1 ] }` ),
		/1 tried again/
	);
	await onlyLeft( 'max', 'nia' );

	// Max has waited for two hours.
	await a.php(
		`global $wpdb; return $wpdb->query( "UPDATE {$wpdb->prefix}tandem_outbox SET first_at = first_at - 7200 WHERE user_id = " . get_user_by( 'login', 'max' )->ID );`
	);
	assert.match(
		await retry( '--after=5 hours ago', '--before=3 hours ago' ),
		/0 tried/
	);
	await onlyLeft( 'max', 'nia' );
	assert.match(
		await retry( '--after=3 hours ago', '--before=1 hour ago' ),
		/1 tried again/
	);
	await onlyLeft( 'nia' );
	assert.match( await retry( '--after=1 hour ago' ), /1 tried again/ );
	await onlyLeft();
	for ( const login of [ 'lea', 'max', 'nia', 'oda' ] ) {
		assert.ok( await account( c, login ), `${ login } is on C` );
	}
} );

test( 'verify shows who differs and in what, and repairs; explain tells of one person', async () => {
	await a.wp( [ 'tandem', 'work', '--until-empty' ] );
	assert.deepEqual( await json( a, 'verify', b.url ), [] );
	await b.php(
		`global $wpdb; $wpdb->update( $wpdb->usermeta, array( 'meta_value' => 'Changed there' ), array( 'user_id' => get_user_by( 'login', 'ida' )->ID, 'meta_key' => 'first_name' ) ); return true;`
	);
	const [ explained ] = await json<
		{ fields: { name: string; state: string }[] }[]
	>( a, 'explain', 'ida' );
	assert.equal(
		explained?.fields.find( ( { name } ) => name === 'first_name' )?.state,
		'differs'
	);
	assert.match(
		await a.wp( [ 'tandem', 'explain', 'ida' ] ),
		/differs: first_name/
	);
	assert.match(
		await refusal( a, [ 'verify', b.url ] ),
		/ida.*first_name \(newer there\)/s
	);
	await a.wp( [ 'tandem', 'verify', b.url, '--repair' ] );
	await becomes(
		a,
		'ida',
		( it ) => it?.first === 'Changed there',
		'mended'
	);
	assert.match( await refusal( a, [ 'verify', c.url ] ), /Tandem|paired/ );
} );

test( 'a backfill of a site that is away ends with what is wrong, and goes on later', async () => {
	await c.refuse();
	assert.match(
		await refusal( a, [ 'backfill', 'preview', c.url, '--wait=1' ] ),
		/\(refused\) It goes on by itself/
	);
	await c.restore();
	const [ it ] = await json< { id: number }[] >(
		a,
		'backfill',
		'list',
		c.url
	);
	await a.wp( [ 'tandem', 'backfill', 'cancel', String( it?.id ) ] );
	await a.wp( [ 'tandem', 'retry', '--all' ] );
} );

test( 'backfill: preview, run, list, csv', async () => {
	await register( b, 'kim', 'secret of kim' );
	const [ preview ] = await json< { id: number; state: string }[] >(
		a,
		'backfill',
		'preview',
		c.url
	);
	assert.equal( preview?.state, 'ready' );
	await a.wp( [ 'tandem', 'backfill', 'run', String( preview?.id ) ] );
	const [ done ] = await json< { state: string }[] >(
		a,
		'backfill',
		'list',
		c.url
	);
	assert.equal( done?.state, 'done' );
	assert.match(
		await a.wp( [ 'tandem', 'backfill', 'csv', String( preview?.id ) ] ),
		/ann/
	);
} );

test( 'site remove asks, and leaves accounts alone', async () => {
	await a.wp( [ 'tandem', 'site', 'remove', c.url, '--yes' ] );
	assert.equal( ( await json< unknown[] >( a, 'site', 'list' ) ).length, 1 );
	assert.notEqual( await account( c, 'ann' ), null );
} );
