/**
 * A backfill that nobody looks at: the tab is closed, WP-Cron is off, and nobody visits the site. Its own requests wake
 * each other until it has ended.
 */
import assert from 'node:assert/strict';
import { after, before as beforeAll, test } from 'node:test';

import type { Backfill } from '../../admin-src/types';
import { Lab } from '../lab';
import { waitUntil } from '../lab/process';
import { silently } from './support';

/** More than one request carries out: each works for seconds at most, and a few hundred are on their way at a time. */
const PEOPLE = 700;

let lab: Lab;
let other: number;

beforeAll( async () => {
	lab = await Lab.up( {
		durable: false,
		port: 19400,
		sites: [
			{
				name: 'a',
				wp: '7.1',
				plugin: true,
				constants: { DISABLE_WP_CRON: true },
			},
			{ name: 'b', wp: '7.1', plugin: true },
		],
	} );
	await silently(
		lab.site( 'a' ),
		Array.from( { length: PEOPLE }, ( _, n ) => `tab${ n }` )
	);
	other = await lab.pair( 'a', 'b' );
} );

after( () => lab?.down() );

test( 'a backfill ends by itself when the tab is closed and WP-Cron is off', async () => {
	const a = lab.site( 'a' );
	// Only the database is asked: a request would be a visit.
	const state = async ( id: number ) =>
		(
			await lab.database.query(
				`SELECT state FROM wp_tandem_backfills WHERE id = ${ id }`,
				'a'
			)
		).trim();
	const reaches = ( id: number, wanted: string ) =>
		waitUntil(
			async () => ( await state( id ) ) === wanted,
			`it does not get to "${ wanted }"`,
			180_000
		);
	const owner = await a.visitAs( 'admin' );
	const { id } = await owner.rest< Backfill >(
		'POST',
		'tandem/v1/backfills',
		{ site: other }
	);
	await reaches( id, 'ready' );
	await owner.rest( 'POST', `tandem/v1/backfills/${ id }/run` );
	const asked = ( await a.requests() ).length;
	await reaches( id, 'done' );
	assert.equal(
		(
			await lab.database.query(
				"SELECT COUNT(*) FROM wp_users WHERE user_login LIKE 'tab%'",
				'b'
			)
		).trim(),
		String( PEOPLE )
	);
	const since = ( await a.requests() ).slice( asked );
	assert.deepEqual(
		since.filter(
			( { uri } ) => ! /tandem\/v1\/(wake|work|peer)/.test( uri )
		),
		[],
		'Only its own requests, and those of B.'
	);
} );
