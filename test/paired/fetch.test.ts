/**
 * A backfill of A fetches people who are only on B, between two real sites: only where B's owner lets it, everybody
 * once and with their old password, whatever happens in between. Nobody logs in on B for it.
 */
import assert from 'node:assert/strict';
import { after, before as beforeAll, test } from 'node:test';

import type {
	Backfill,
	BackfillOptions,
	BackfillPerson,
	Policy,
} from '../../admin-src/types';
import { Lab, type LabSite } from '../lab';
import { waitUntil } from '../lab/process';
import { account, activity, php, silently, waiting } from './support';

const EACH = 60;

let lab: Lab;
let a: LabSite;
let b: LabSite;
let ofB: number;
let ofA: number;

const people = ( prefix: string, count: number ) =>
	Array.from( { length: count }, ( _, n ) => `${ prefix }${ n }` );

const admin = ( site: LabSite ) => site.visitAs( 'admin' );

/** Changes what the site A may do on B. */
const allow = async ( policy: Partial< Policy > ) =>
	( await admin( b ) ).rest( 'PATCH', `tandem/v1/sites/${ ofA }`, {
		policy,
	} );

/** Changes somebody, as their profile does; nothing where they are not (yet). */
const change = (
	site: LabSite,
	login: string,
	fields: Record< string, string >
) =>
	site.php(
		`$u = get_user_by( 'login', ${ php( login ) } ); return $u ? wp_update_user( array( 'ID' => $u->ID ) + json_decode( ${ php( JSON.stringify( fields ) ) }, true ) ) : 0;`
	);

/** Makes people of B of another role, whom no hook of Tandem sees. */
async function silentlyAs( role: string, name: string ) {
	await silently( b, [ name ] );
	await b.php(
		`global $wpdb; return $wpdb->update( $wpdb->usermeta, array( 'meta_value' => serialize( array( ${ php( role ) } => true ) ) ), array( 'user_id' => get_user_by( 'login', ${ php( name ) } )->ID, 'meta_key' => $wpdb->prefix . 'capabilities' ) );`
	);
}

beforeAll( async () => {
	lab = await Lab.up( {
		durable: false,
		port: 19700,
		sites: [
			{ name: 'a', wp: '7.1', plugin: true },
			{ name: 'b', wp: '7.1', plugin: true },
		],
	} );
	[ a, b ] = [ lab.site( 'a' ), lab.site( 'b' ) ];
	ofB = await lab.pair( 'a', 'b' );
	const [ known ] = await (
		await admin( b )
	).rest< { id: number }[] >( 'GET', 'tandem/v1/sites' );
	assert.ok( known );
	ofA = known.id;
} );

after( () => lab?.down() );

/** How a backfill of A stands. */
const now = async ( id: number ): Promise< Backfill > =>
	( await admin( a ) ).rest( 'GET', `tandem/v1/backfills/${ id }` );

/** Waits until a backfill is as it should be. */
async function becomes(
	id: number,
	is: ( seen: Backfill ) => boolean,
	what = 'the backfill does not get there'
): Promise< Backfill > {
	let seen: Backfill | undefined;
	await waitUntil(
		async () => {
			seen = await now( id );
			return is( seen );
		},
		what,
		150_000
	).catch( async ( error: Error ) => {
		throw new Error(
			`${ error.message }: ${ JSON.stringify( seen ) } ${ JSON.stringify( ( await activity( a ) ).slice( 0, 5 ) ) }`
		);
	} );
	assert.ok( seen );
	return seen;
}

/** Makes a preview that creates nobody there and fetches who is only there. */
async function preview(
	options: Partial< BackfillOptions > = {}
): Promise< Backfill > {
	const { id } = await (
		await admin( a )
	).rest< Backfill >( 'POST', 'tandem/v1/backfills', {
		site: ofB,
		options: { create: false, fetch: true, ...options },
	} );
	return becomes( id, ( { state } ) => state === 'ready' );
}

/** Sets one going. */
const run = async ( id: number ) =>
	( await admin( a ) ).rest< Backfill >(
		'POST',
		`tandem/v1/backfills/${ id }/run`
	);

const ends = ( id: number ) =>
	becomes( id, ( { state } ) => state === 'done', 'it does not end' );

/** Waits until nothing is on its way. An edit of somebody who has only just come may have to be tried once more: that is not left to WP-Cron. */
const settled = () =>
	waitUntil(
		async () => {
			for ( const site of [ a, b ] ) {
				await site.wp( [
					'tandem',
					'work',
					'--for=5',
					'--until-empty',
					'--quiet',
				] );
			}
			return ( await waiting( a ) ) + ( await waiting( b ) ) === 0;
		},
		'the traffic between the sites does not end',
		120_000
	);

/** That those people are on both sites, once, linked with an account of their own, and have the first name that they had. */
async function areThereOnce( prefix: string, count: number ) {
	await settled();
	for ( const site of [ a, b ] ) {
		assert.deepEqual(
			await site.php(
				`global $wpdb; return array( array_map( 'intval', $wpdb->get_row( "SELECT COUNT(*), COUNT( DISTINCT user_login ), COUNT( DISTINCT l.remote_id ), COUNT( DISTINCT t.uid ) FROM $wpdb->users u LEFT JOIN {$wpdb->prefix}tandem_links l ON l.user_id = u.ID LEFT JOIN {$wpdb->prefix}tandem_users t ON t.user_id = u.ID WHERE user_login LIKE '${ prefix }%'", ARRAY_N ) ), $wpdb->get_col( "SELECT DISTINCT meta_value FROM $wpdb->usermeta m JOIN $wpdb->users u ON u.ID = m.user_id WHERE user_login LIKE '${ prefix }%' AND meta_key = 'first_name'" ) );`
			),
			[ [ count, count, count, count ], [ 'Of b' ] ],
			site.name
		);
	}
}

test( 'where B does not let A ask, A’s report says for each what is to be ticked there, and nobody comes', async () => {
	await silently( b, people( 'denied', 3 ) );
	const { id, counts } = await preview();
	assert.equal( counts.onlyThere, 3 );
	const only = await (
		await admin( a )
	).rest< BackfillPerson[] >(
		'GET',
		`tandem/v1/backfills/${ id }/people?show=missing_here`
	);
	assert.deepEqual(
		only.map( ( { here, there } ) => [ here.id, there?.username ] ),
		people( 'denied', 3 ).map( ( name ) => [ 0, name ] )
	);
	await run( id );
	const done = await ends( id );
	assert.deepEqual( [ done.counts.failed, done.counts.fetchDone ], [ 3, 0 ] );
	const csv = await a.wp( [ 'tandem', 'backfill', 'csv', String( id ) ] );
	assert.match(
		csv,
		/denied1,missing_here,,failed,.*Ask for the people who were here before the connection.*What may that site do here/
	);
	assert.equal( await account( a, 'denied0' ), null );
	await b.php(
		`require_once ABSPATH . 'wp-admin/includes/user.php'; foreach ( array( 'denied0', 'denied1', 'denied2' ) as $name ) { wp_delete_user( get_user_by( 'login', $name )->ID ); } return true;`
	);
	await allow( { bring: true } );
} );

test( 'A alone fetches sixty people of B while both sites edit: everybody is there once, with their old password', async () => {
	const names = people( 'fetched', EACH );
	await silently( b, names );
	// On both sites, and an administrator: not among them.
	await silently( a, [ 'both0' ] );
	await silently( b, [ 'both0' ] );
	await silentlyAs( 'administrator', 'chief' );
	const { id, counts } = await preview();
	assert.deepEqual( [ counts.onlyThere, counts.link ], [ EACH, 1 ] );
	await run( id );
	// Meanwhile.
	for ( const name of names.slice( 0, 8 ) ) {
		await change( b, name, { last_name: `Edited ${ name }` } );
	}
	for ( const name of names.slice( 8, 16 ) ) {
		await waitUntil(
			// WordPress gives a role last: until then it is still making them.
			async () => ( await account( a, name ) )?.roles.length === 1,
			`${ name } does not come`
		);
		await change( a, name, { last_name: `Edited ${ name }` } );
	}
	const done = await ends( id );
	assert.deepEqual(
		[ done.counts.fetchDone, done.counts.failed, done.counts.linkDone ],
		[ EACH, 0, 1 ]
	);
	await areThereOnce( 'fetched', EACH );
	for ( const site of [ a, b ] ) {
		assert.deepEqual(
			await site.php(
				`return array_map( static fn ( string $name ): string => get_user_by( 'login', $name )->last_name, json_decode( ${ php( JSON.stringify( names.slice( 0, 17 ) ) ) } ) );`
			),
			[
				...names.slice( 0, 16 ).map( ( name ) => `Edited ${ name }` ),
				'',
			],
			site.name
		);
	}
	assert.equal( await account( a, 'chief' ), null );
	assert.equal(
		await a.visitor().logIn( 'fetched20', 'secret of fetched20' ),
		true
	);
	assert.match(
		await a.wp( [ 'tandem', 'backfill', 'csv', String( id ) ] ),
		/^\d+,fetched20,fetched20@people\.test,\d+,fetched20,missing_here,,done,/m
	);
	// Nobody is left, and the command line says so.
	const [ again ] = JSON.parse(
		await a.wp( [
			'tandem',
			'backfill',
			'preview',
			b.url,
			'--create=no',
			'--fetch=yes',
			'--format=json',
		] )
	) as { id: number; onlyThere: number }[];
	assert.equal( again?.onlyThere, 0 );
} );

test( 'B’s own settings hold: whom it does not send does not come, and no password where it sends none', async () => {
	const settings = ( fields: string[], roles: string[] | null ) =>
		admin( b ).then( ( visitor ) =>
			visitor.rest( 'PATCH', `tandem/v1/sites/${ ofA }`, {
				settings: {
					fields,
					users:
						roles === null
							? { mode: 'all_but_administrators', roles: [] }
							: { mode: 'roles', roles },
				},
			} )
		);
	const before = (
		await (
			await admin( b )
		).rest< { id: number; settings: { fields: string[] } }[] >(
			'GET',
			'tandem/v1/sites'
		)
	)[ 0 ]?.settings.fields;
	assert.ok( before?.includes( 'password' ) );
	await settings(
		before.filter( ( field ) => field !== 'password' ),
		[ 'author' ]
	);
	await silentlyAs( 'author', 'insider' );
	await silently( b, [ 'outsider' ] );
	const { id } = await preview();
	await run( id );
	const done = await ends( id );
	assert.deepEqual( [ done.counts.fetchDone, done.counts.failed ], [ 1, 1 ] );
	assert.match(
		await a.wp( [ 'tandem', 'backfill', 'csv', String( id ) ] ),
		/,outsider,missing_here,,failed,.*does not send this person/
	);
	assert.equal( await account( a, 'outsider' ), null );
	assert.ok( await account( a, 'insider' ) );
	assert.equal(
		await a.visitor().logIn( 'insider', 'secret of insider' ),
		false
	);
	await settings( before, null );
	await b.php(
		`require_once ABSPATH . 'wp-admin/includes/user.php'; return wp_delete_user( get_user_by( 'login', 'outsider' )->ID );`
	);
	await settled();
} );

test( 'B is away in the middle: it waits, says for what, and goes on', async () => {
	await silently( b, people( 'away', 20 ) );
	const { id, counts } = await preview( { rate: 4 } );
	assert.equal( counts.onlyThere, 20 );
	await run( id );
	await becomes( id, ( seen ) => seen.counts.fetchDone > 0 );
	await b.refuse();
	const waits = await becomes(
		id,
		( { problem } ) => problem !== null,
		'it does not say that it waits'
	);
	assert.ok( waits.counts.fetchDone < 20 );
	assert.equal( waits.state, 'running' );
	await b.restore();
	const done = await ends( id );
	assert.deepEqual(
		[ done.counts.fetchDone, done.counts.failed ],
		[ 20, 0 ]
	);
	await areThereOnce( 'away', 20 );
} );

test( 'A’s worker is killed after it has asked, another one among those who come: nobody is doubled', async () => {
	await silently( b, people( 'killed', EACH ) );
	const { id } = await preview();
	// Before it writes down that it has asked, so that it asks once more.
	await a.stopAt( { query: 'backfill_items.*asked = ', times: 1 } );
	await run( id );
	await waitUntil(
		async () => ( await a.stopped() ) > 0,
		'nobody is killed'
	);
	await a.goOn();
	// What the dead had claimed is free again.
	await a.setClock( 120 );
	await becomes( id, ( seen ) => seen.counts.fetchDone > 0 );
	await a.killPhp();
	await b.killPhp();
	await a.setClock( 240 );
	await b.setClock( 240 );
	const done = await ends( id );
	assert.deepEqual(
		[ done.counts.fetchDone, done.counts.failed ],
		[ EACH, 0 ]
	);
	await areThereOnce( 'killed', EACH );
	assert.equal(
		await a.visitor().logIn( 'killed7', 'secret of killed7' ),
		true
	);
} );
