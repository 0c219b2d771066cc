/**
 * A backfill whose workers are killed at random, and one whose site is away for an hour: nobody is lost, nobody is
 * there twice, and its owner reads what it waits for.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import type { Backfill } from '../../admin-src/types';
import type { Lab, LabSite } from '../lab';
import { waitUntil } from '../lab/process';
import { silently } from '../paired/support';
import {
	accounts,
	IS_LONG,
	KINDS,
	note,
	passTime,
	mendAll,
	print,
	startSites,
	type Kind,
} from './support';

/** Seconds for which what a dead process had claimed is nobody else's. */
const CLAIM = 75;

/** People on A; every other one is on the other site too. */
const PEOPLE = IS_LONG ? 400 : 40;

let lab: Lab;
let a: LabSite;
let ids: Record< Kind, number >;

before( async () => {
	( { lab, a, ids } = await startSites() );
} );

after( async () => {
	await lab?.down();
	print();
} );

beforeEach( async () => {
	await mendAll( lab, a );
} );

/** Has A's own code do something, without waking what works in the background. */
const engine = ( code: string ) =>
	a.php(
		`global $wpdb; $plugin = new Tandem\\Plugin( WP_PLUGIN_DIR . '/tandem-user-sync/tandem-user-sync.php', $wpdb, new Tandem\\Time\\SystemClock() ); ${ code }`
	);

/** A backfill as the owner sees it. */
const seen = async ( id: number ): Promise< Backfill > =>
	( await a.visitAs( 'admin' ) ).rest( 'GET', `tandem/v1/backfills/${ id }` );

/** Waits until a backfill is as it should be. */
async function becomes(
	id: number,
	is: ( now: Backfill ) => boolean,
	what: string
): Promise< Backfill > {
	let now = await seen( id );
	await waitUntil(
		async () => {
			now = await seen( id );
			return is( now );
		},
		what,
		90_000
	).catch( ( error: Error ) => {
		throw new Error( `${ error.message }: ${ JSON.stringify( now ) }` );
	} );
	return now;
}

/** Makes people, and the preview of a backfill that creates the one half and brings the fields of the other. */
async function prepared( kind: Kind, prefix: string ): Promise< number > {
	const names = Array.from( { length: PEOPLE }, ( _, n ) => prefix + n );
	await silently( a, names );
	await silently(
		lab.site( kind ),
		names.filter( ( name, n ) => n % 2 === 0 )
	);
	const id = Number(
		await engine(
			`return $plugin->backfill()->start( ${ ids[ kind ] }, new Tandem\\Backfill\\Options( bring: Tandem\\Backfill\\Bring::Here ) )->id;`
		)
	);
	const workers = await a.startWorkers( 1 );
	await becomes( id, ( now ) => now.state === 'ready', 'no preview' );
	await a.killWorkers( workers );
	await engine( `return $plugin->backfill()->run( ${ id } )->id;` );
	return id;
}

/** That everybody is there once, linked with an account of their own, and has A's values. */
async function isRight( kind: Kind, prefix: string, id: number ) {
	const done = await becomes(
		id,
		( now ) => now.state === 'done',
		'it does not end'
	);
	assert.equal( done.counts.failed, 0, JSON.stringify( done ) );
	assert.equal( await accounts( lab.site( kind ), prefix ), PEOPLE );
	assert.deepEqual(
		await a.php(
			`global $wpdb; return array_map( 'intval', $wpdb->get_row( "SELECT COUNT(*), COUNT( DISTINCT remote_id ) FROM {$wpdb->prefix}tandem_links l JOIN $wpdb->users u ON u.ID = l.user_id WHERE l.site_id = ${ ids[ kind ] } AND u.user_login LIKE '${ prefix }%'", ARRAY_N ) );`
		),
		[ PEOPLE, PEOPLE ]
	);
	assert.deepEqual(
		await lab
			.site( kind )
			.php(
				`global $wpdb; return $wpdb->get_col( "SELECT DISTINCT meta_value FROM $wpdb->usermeta m JOIN $wpdb->users u ON u.ID = m.user_id WHERE u.user_login LIKE '${ prefix }%' AND meta_key = 'first_name'" );`
			),
		[ 'Of a' ]
	);
}

for ( const kind of KINDS ) {
	test( `workers of a backfill to a ${ kind } site are killed at random: everybody is there once`, async () => {
		const prefix = `killed${ kind }x`;
		const goal = IS_LONG ? 100 : 8;
		const id = await prepared( kind, prefix );
		await a.stopAt( {
			query: 'tandem_(outbox|links|backfill_items|backfills|users)',
			chance: 0.04,
			in: 'workers',
		} );
		let moved = 0;
		let deaths = 0;
		while ( deaths < goal && ( await seen( id ) ).state !== 'done' ) {
			// What the dead had claimed is free again.
			await a.setClock( ( moved += CLAIM ) );
			const alive = await a.startWorkers( 2, 4 );
			await waitUntil(
				() => a.workers().length === 0,
				'workers go on',
				15_000
			).catch( () => a.killWorkers( alive ) );
			deaths = await a.stopped();
		}
		assert.ok( deaths >= 3, `only ${ deaths } died` );
		await a.goOn();
		await a.setClock( moved + CLAIM );
		await a.startWorkers( 2 );
		await isRight( kind, prefix, id );
		note(
			`workers of a backfill killed at random, ${ kind }`,
			`${ deaths } deaths, ${ PEOPLE } people, all there once`
		);
	} );

	test( `a ${ kind } site is away for an hour in the middle of a backfill: its owner reads that it waits, and it goes on by itself`, async () => {
		const prefix = `away${ kind }x`;
		const id = await prepared( kind, prefix );
		const b = lab.site( kind );
		await b.refuse();
		await a.startWorkers( 2 );
		const waits = await becomes(
			id,
			( now ) => now.problem !== null,
			'it does not say that it waits'
		);
		assert.equal( waits.state, 'running' );
		for ( let minute = 0; minute < 60; minute += 20 ) {
			await a.setClock( minute * 60 );
			await waitUntil(
				async () => ( await seen( id ) ).problem !== null,
				'it waits no more'
			);
		}
		await a.setClock( 3600 );
		await b.restore();
		await a.setClock( 3600 + ( await passTime( a, ids[ kind ] ) ) );
		await isRight( kind, prefix, id );
		note(
			`a site away for an hour during a backfill, ${ kind }`,
			`"${ waits.problem?.message }"; ${ PEOPLE } people, all there once afterwards`
		);
	} );
}
