/**
 * Backfills between two real sites: what becomes of the fields of people who are on both, equal usernames, and two
 * backfills at once while people change themselves.
 */
import assert from 'node:assert/strict';
import { after, before as beforeAll, test } from 'node:test';

import type {
	Backfill,
	BackfillKind,
	BackfillOptions,
} from '../../admin-src/types';
import { Lab, type LabSite } from '../lab';
import { waitUntil } from '../lab/process';
import { account, activity, php, quiet, register, silently } from './support';

/** People on each site in the test of two backfills at once; half of them are on both. */
const EACH = 60;

let lab: Lab;
let a: LabSite;
let b: LabSite;
let ofB: number;
let ofA: number;

/** Changes somebody, as their profile does. */
const change = (
	site: LabSite,
	login: string,
	fields: Record< string, string >
) =>
	site.php(
		`return wp_update_user( array( 'ID' => get_user_by( 'login', ${ php( login ) } )->ID ) + json_decode( ${ php( JSON.stringify( fields ) ) }, true ) );`
	);

/** First name, last name, biography and roles of somebody. */
const fieldsOf = ( site: LabSite, login: string ) =>
	site.php(
		`$u = get_user_by( 'login', ${ php( login ) } ); return array( $u->first_name, $u->last_name, $u->description, array_values( $u->roles ) );`
	);

const people = ( prefix: string, from: number, count: number ) =>
	Array.from( { length: count }, ( _, n ) => `${ prefix }${ from + n }` );

beforeAll( async () => {
	lab = await Lab.up( {
		durable: false,
		port: 19300,
		sites: [
			{ name: 'a', wp: '7.1', plugin: true },
			{ name: 'b', wp: '7.1', plugin: true },
		],
	} );
	[ a, b ] = [ lab.site( 'a' ), lab.site( 'b' ) ];
	// All of them were there before the sites knew each other.
	for ( const name of [ 'fill', 'wins' ] ) {
		await register( a, name, `${ name } on a`, {
			first_name: 'A',
			description: 'From A',
			role: 'author',
		} );
		await register( b, name, `${ name } on b`, {
			first_name: 'B',
			last_name: 'Bee',
		} );
	}
	await register( a, 'namesake', 'namesake on a' );
	await register( b, 'namesake', 'namesake on b', {
		user_email: 'namesake@elsewhere.test',
	} );
	ofB = await lab.pair( 'a', 'b' );
	const [ known ] = await (
		await b.visitAs( 'admin' )
	).rest< { id: number }[] >( 'GET', 'tandem/v1/sites' );
	assert.ok( known );
	ofA = known.id;
} );

after( () => lab?.down() );

/** How a backfill stands. */
const now = async ( on: LabSite, id: number ): Promise< Backfill > =>
	( await on.visitAs( 'admin' ) ).rest(
		'GET',
		`tandem/v1/backfills/${ id }`
	);

/** Waits until a backfill is in a state. */
async function reaches(
	on: LabSite,
	id: number,
	state: Backfill[ 'state' ]
): Promise< Backfill > {
	let seen: Backfill | undefined;
	await waitUntil(
		async () => {
			seen = await now( on, id );
			return seen.state === state;
		},
		'the backfill does not get there',
		120_000
	).catch( async ( error: Error ) => {
		throw new Error(
			`${ error.message }: ${ JSON.stringify( seen ) } ${ JSON.stringify( ( await activity( on ) ).slice( 0, 5 ) ) }`
		);
	} );
	assert.ok( seen );
	return seen;
}

/** Makes a preview. */
async function preview(
	on: LabSite,
	site: number,
	options: Partial< BackfillOptions >
): Promise< Backfill > {
	const { id } = await (
		await on.visitAs( 'admin' )
	).rest< Backfill >( 'POST', 'tandem/v1/backfills', { site, options } );
	return reaches( on, id, 'ready' );
}

/** Sets one going. */
const run = async ( on: LabSite, id: number ) =>
	( await on.visitAs( 'admin' ) ).rest< Backfill >(
		'POST',
		`tandem/v1/backfills/${ id }/run`
	);

/** What its report says of somebody: the last columns. */
async function report(
	on: LabSite,
	id: number,
	login: string
): Promise< string > {
	const csv = await on.wp( [ 'tandem', 'backfill', 'csv', String( id ) ] );
	return (
		csv
			.split( /\r?\n/ )
			.find( ( row ) => row.includes( `,${ login },` ) ) ?? ''
	);
}

test( 'of several who begin a backfill of one site at the same moment one does', async () => {
	const admin = await a.visitAs( 'admin' );
	for ( let round = 0; round < 5; round++ ) {
		const begun = (
			await Promise.allSettled(
				Array.from( { length: 8 }, () =>
					admin.rest< Backfill >( 'POST', 'tandem/v1/backfills', {
						site: ofB,
					} )
				)
			)
		).filter( ( result ) => result.status === 'fulfilled' );
		// Whoever comes when that one's preview is ready may begin anew: never are two under way.
		const open = await a.php(
			`global $wpdb; return (int) $wpdb->get_var( "SELECT COUNT(*) FROM {$wpdb->prefix}tandem_backfills WHERE site_id = ${ ofB } AND state IN ( 'indexing', 'matching', 'ready', 'running', 'paused' )" );`
		);
		assert.ok( begun.length >= 1 );
		assert.equal( open, 1 );
		for ( const { value } of begun ) {
			if ( ( await now( a, value.id ) ).state !== 'cancelled' ) {
				await admin.rest(
					'POST',
					`tandem/v1/backfills/${ value.id }/cancel`
				);
			}
		}
	}
} );

test( 'only what is empty on the other site is filled; names, roles and passwords there stay', async () => {
	const { id, counts } = await preview( a, ofB, { bring: 'fill' } );
	assert.equal( counts.link, 2 );
	assert.equal( counts.bring, 2 );
	const before = ( await account( b, 'fill' ) )?.pass;
	await run( a, id );
	const done = await reaches( a, id, 'done' );
	assert.deepEqual(
		[ done.counts.linkDone, done.counts.bringDone, done.counts.failed ],
		[ 2, 2, 0 ]
	);
	await quiet( [ a, b ] );
	assert.deepEqual( await fieldsOf( b, 'fill' ), [
		'B',
		'Bee',
		'From A',
		[ 'subscriber' ],
	] );
	assert.deepEqual( await fieldsOf( a, 'fill' ), [
		'A',
		'',
		'From A',
		[ 'author' ],
	] );
	assert.equal( ( await account( b, 'fill' ) )?.pass, before );
	assert.match( await report( a, id, 'fill' ), /,link,,done,/ );
} );

test( 'this site’s values win for those who were linked already, but passwords; who is equal costs nothing', async () => {
	const { id, counts } = await preview( a, ofB, { bring: 'here' } );
	assert.equal( counts.alreadyLinked, 2 );
	const before = ( await account( b, 'wins' ) )?.pass;
	await run( a, id );
	await reaches( a, id, 'done' );
	await quiet( [ a, b ] );
	for ( const site of [ a, b ] ) {
		assert.deepEqual( await fieldsOf( site, 'wins' ), [
			'A',
			'',
			'From A',
			[ 'author' ],
		] );
	}
	assert.equal( ( await account( b, 'wins' ) )?.pass, before );
	assert.equal( await b.visitor().logIn( 'wins', 'wins on b' ), true );

	const again = await preview( a, ofB, { bring: 'here' } );
	await b.php( `@unlink( TANDEM_CONTROL_DIR . '/requests' ); return 1;` );
	await run( a, again.id );
	const equal = await reaches( a, again.id, 'done' );
	assert.equal( equal.counts.bringDone, 2 );
	assert.deepEqual(
		( await b.requests() )
			.map( ( { uri } ) => uri )
			.filter( ( uri ) => /peer\/users/.test( uri ) ),
		[]
	);
} );

test( 'who changes while this site’s values are brought keeps their change, on both sites', async () => {
	const live = [ 'live1', 'live2', 'live3' ];
	await silently( a, live );
	await silently( b, live, { user_url: 'https://old.test' } );
	// One after the other, so that some are brought after they have changed.
	const { id } = await preview( a, ofB, { bring: 'here', rate: 1 } );
	await run( a, id );
	await change( b, 'live3', { user_url: 'https://b.test' } );
	await change( a, 'live2', { user_url: 'https://a.test' } );
	await reaches( a, id, 'done' );
	await quiet( [ a, b ] );
	for ( const site of [ a, b ] ) {
		assert.deepEqual(
			await site.php(
				`return array_map( static fn ( string $name ): string => get_user_by( 'login', $name )->user_url, array( 'live1', 'live2', 'live3' ) );`
			),
			[ '', 'https://a.test', 'https://b.test' ],
			site.name
		);
	}
} );

test( 'an equal username is proposed; once the owner has confirmed it, the holder there is asked', async () => {
	const { id, counts } = await preview( a, ofB, { byName: true } );
	assert.equal( counts.byName, 1 );
	await run( a, id );
	await reaches( a, id, 'done' );
	assert.match( await report( a, id, 'namesake' ), /,link_by_name,,,/ );
	assert.deepEqual(
		JSON.parse(
			await a.wp( [
				'tandem',
				'backfill',
				'decide',
				String( id ),
				'--format=json',
			] )
		).map( ( { code, undecided }: BackfillKind ) => [ code, undecided ] ),
		[ [ 'link_by_name', 1 ] ]
	);
	const asked = async () =>
		( await b.mails() )
			.flatMap( ( { to } ) => to )
			.filter( ( to ) => to.startsWith( 'namesake' ) );
	assert.deepEqual( await asked(), [] );
	await a.wp( [
		'tandem',
		'backfill',
		'decide',
		String( id ),
		'link_by_name',
		'link',
	] );
	await waitUntil(
		async () =>
			/,link_by_name,link,failed,/.test(
				await report( a, id, 'namesake' )
			),
		'nothing comes of it'
	);
	// That site's guard: the address is another, so the word of this owner alone does not link them.
	assert.match( await report( a, id, 'namesake' ), /asked by email/ );
	assert.deepEqual( await asked(), [ 'namesake@elsewhere.test' ] );
	// They never answer.
	await a.php(
		`global $wpdb; return $wpdb->query( "DELETE FROM {$wpdb->prefix}tandem_outbox WHERE state = 'confirm'" );`
	);
} );

test( 'two backfills at once, from A to B and from B to A, while people change: everybody is there once, nothing is lost', async () => {
	const half = EACH / 2;
	const both = people( 'both', 0, half );
	const onlyA = people( 'onlya', 0, half );
	const onlyB = people( 'onlyb', 0, half );
	await Promise.all( [
		silently( a, [ ...both, ...onlyA ] ),
		silently( b, [ ...both, ...onlyB ] ),
	] );
	const [ there, back ] = await Promise.all( [
		preview( a, ofB, {} ),
		preview( b, ofA, {} ),
	] );
	assert.equal( there.counts.link, half );
	assert.equal( there.counts.create, half );
	await Promise.all( [ run( a, there.id ), run( b, back.id ) ] );
	// Meanwhile.
	const edits: [ LabSite, string ][] = [
		...both
			.slice( 0, 6 )
			.map( ( name ): [ LabSite, string ] => [ a, name ] ),
		...both
			.slice( 6, 12 )
			.map( ( name ): [ LabSite, string ] => [ b, name ] ),
		...onlyA
			.slice( 0, 6 )
			.map( ( name ): [ LabSite, string ] => [ a, name ] ),
		...onlyB
			.slice( 0, 6 )
			.map( ( name ): [ LabSite, string ] => [ b, name ] ),
	];
	for ( const [ site, name ] of edits ) {
		await change( site, name, { last_name: `Edited ${ name }` } );
	}
	const [ out, back2 ] = await Promise.all( [
		reaches( a, there.id, 'done' ),
		reaches( b, back.id, 'done' ),
	] );
	await quiet( [ a, b ] );
	assert.deepEqual( [ out.counts.failed, back2.counts.failed ], [ 0, 0 ] );
	for ( const site of [ a, b ] ) {
		const found = ( await site.php(
			`global $wpdb; return array( $wpdb->get_col( "SELECT user_login FROM $wpdb->users WHERE user_login REGEXP '^(both|onlya|onlyb)' ORDER BY user_login" ), (int) $wpdb->get_var( "SELECT COUNT( DISTINCT remote_id ) FROM {$wpdb->prefix}tandem_links l JOIN $wpdb->users u ON u.ID = l.user_id WHERE user_login REGEXP '^(both|onlya|onlyb)'" ), (int) $wpdb->get_var( "SELECT COUNT( DISTINCT t.uid ) FROM {$wpdb->prefix}tandem_users t JOIN $wpdb->users u ON u.ID = t.user_id WHERE user_login REGEXP '^(both|onlya|onlyb)'" ) );`
		) ) as [ string[], number, number ];
		assert.deepEqual(
			found[ 0 ],
			[ ...both, ...onlyA, ...onlyB ].sort(),
			site.name
		);
		assert.deepEqual( found.slice( 1 ), [ 3 * half, 3 * half ], site.name );
		for ( const [ , name ] of edits ) {
			assert.equal(
				( ( await fieldsOf( site, name ) ) as string[] ).at( 1 ),
				`Edited ${ name }`,
				`${ name } on ${ site.name }`
			);
		}
	}
	// Those who were made there have the password that they had.
	assert.equal(
		await b.visitor().logIn( 'onlya7', 'secret of onlya7' ),
		true
	);
	assert.equal(
		await a.visitor().logIn( 'onlyb7', 'secret of onlyb7' ),
		true
	);
} );

test( 'who is equal is told by one digest for a hundred; what no hook has seen is found, and where that site says nothing of a field everybody is asked about', async () => {
	await silently( a, people( 'many', 0, 150 ) );
	const bring = async () => {
		const { id } = await preview( a, ofB, { bring: 'here' } );
		await b.php( `@unlink( TANDEM_CONTROL_DIR . '/requests' ); return 1;` );
		await run( a, id );
		const { counts } = await reaches( a, id, 'done' );
		const uris = ( await b.requests() ).map( ( { uri } ) => uri );
		await quiet( [ a, b ] );
		return {
			brought: counts.bringDone,
			asked: uris.filter( ( uri ) => /peer\/digests/.test( uri ) ).length,
			sent: uris.filter( ( uri ) => /peer\/users/.test( uri ) ).length,
		};
	};
	await bring();
	const equal = await bring();
	assert.ok( equal.brought > 200, `${ equal.brought } are on both` );
	// Fifty people, then twice as many each time, as long as the site is quick.
	assert.ok( equal.asked <= 4, `${ equal.asked } questions` );
	assert.equal( equal.sent, 0 );

	await b.php(
		`global $wpdb; return $wpdb->query( $wpdb->prepare( "UPDATE $wpdb->usermeta SET meta_value = 'By SQL' WHERE meta_key = 'description' AND user_id = %d", get_user_by( 'login', 'many7' )->ID ) );`
	);
	const one = await bring();
	assert.deepEqual( [ one.brought, one.sent ], [ equal.brought, 1 ] );
	// B dates what SQL has changed from the moment in which it sees it: that is the newest word.
	for ( const site of [ a, b ] ) {
		assert.deepEqual( await fieldsOf( site, 'many7' ), [
			'Of a',
			'',
			'By SQL',
			[ 'subscriber' ],
		] );
	}

	// From now on B tells nothing of web addresses: equal digests would say nothing of them.
	const owner = await b.visitAs( 'admin' );
	const { settings } = await owner.rest< {
		settings: { fields: string[] };
	} >( 'GET', `tandem/v1/sites/${ ofA }` );
	await owner.rest( 'PATCH', `tandem/v1/sites/${ ofA }`, {
		settings: {
			fields: settings.fields.filter( ( field ) => field !== 'user_url' ),
		},
	} );
	const untold = await bring();
	assert.ok( untold.asked >= 3 && untold.sent > 0, JSON.stringify( untold ) );
} );
