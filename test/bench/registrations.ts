/**
 * What is measured: a registration in the visitor's eyes, and a page view while others register.
 */
import type { Lab } from '../lab';
import { waitUntil } from '../lab/process';
import { Client } from './client';
import { CANDIDATES, type Candidate, type State } from './sites';
import { median, pairedRatio, type Ratio } from './statistics';

/** Registrations of each candidate before anything is measured: opcode caches, first cron runs. */
const WARM_UP = 5;

/** In the tutorial's way a hanging B costs five seconds a time: it is measured in every so many-th round only. */
const TUTORIAL_EVERY = 8;

/** Registrations at once in the test of page views: as many as PHP has workers. */
const AT_ONCE = 8;

/** Page views are taken for this long, in milliseconds: longer than Tandem may work behind a visitor's back (2 s). */
const VIEW_FOR_MS = 3000;

export interface Registrations {
	state: State;
	/** Medians in milliseconds. */
	medians: Record< Candidate, number >;
	/** Paired ratios to "without". */
	ratios: Record< Exclude< Candidate, 'without' >, Ratio >;
}

export interface PageViews {
	candidate: Candidate;
	/** Milliseconds. */
	median: number;
	slowest: number;
	views: number;
}

/**
 * B as it should behave.
 *
 * @param lab   The sites.
 * @param state How.
 */
export async function put( lab: Lab, state: State ): Promise< void > {
	const b = lab.site( 'b' );
	if ( state === 'up' ) {
		await b.restore();
	} else if ( state === 'down' ) {
		await b.refuse();
	} else {
		await b.hang();
	}
}

/**
 * Waits until nothing that was sent before takes processor time from what is measured next.
 *
 * @param lab   The sites.
 * @param state How B behaves: only one that is up gets anything done.
 */
async function settle( lab: Lab, state: State ): Promise< void > {
	if ( state !== 'up' ) {
		return;
	}
	for ( const name of [ 'tandem', 'elsewhere' ] ) {
		await waitUntil(
			async () =>
				( await lab.database.query(
					"SELECT COUNT(*) FROM wp_tandem_outbox WHERE state = 'due'",
					name
				) ) === '0\n',
			`${ name } does not deliver`
		);
	}
}

/**
 * All orders of some things.
 *
 * @param things At least one.
 */
function orders< T >( things: readonly T[] ): T[][] {
	return things.length < 2
		? [ [ ...things ] ]
		: things.flatMap( ( first ) =>
				orders( things.filter( ( other ) => other !== first ) ).map(
					( rest ) => [ first, ...rest ]
				)
			);
}

/**
 * Registers accounts on all sites in turn and compares.
 *
 * @param lab    The sites, fresh.
 * @param state  How B behaves.
 * @param rounds How often.
 */
export async function measureRegistrations(
	lab: Lab,
	state: State,
	rounds: number
): Promise< Registrations > {
	const clients = new Map< Candidate, Client >(
		CANDIDATES.map( ( name ) => [
			name,
			new Client( lab.site( name ).url ),
		] )
	);
	const client = ( name: Candidate ) => clients.get( name ) as Client;
	for ( let round = 0; round < WARM_UP; round++ ) {
		for ( const name of CANDIDATES ) {
			await client( name ).register( `warm-${ name }-${ round }` );
			await settle( lab, 'up' );
		}
	}
	await put( lab, state );

	const took: Record< Candidate, Map< number, number > > = {
		without: new Map(),
		again: new Map(),
		tandem: new Map(),
		elsewhere: new Map(),
		tutorial: new Map(),
	};
	const allOrders = orders( CANDIDATES );
	for ( let round = 0; round < rounds; round++ ) {
		// All orders come equally often: whoever is next to whom, it evens out.
		const order = allOrders[
			( round * 7 ) % allOrders.length
		] as Candidate[];
		for ( const name of order ) {
			if (
				name === 'tutorial' &&
				state === 'hanging' &&
				round % TUTORIAL_EVERY
			) {
				continue;
			}
			took[ name ].set(
				round,
				await client( name ).register( `person-${ name }-${ round }` )
			);
			await settle( lab, state );
		}
	}
	clients.forEach( ( one ) => one.close() );
	await put( lab, 'up' );

	const ratio = ( name: Candidate ) =>
		pairedRatio(
			[ ...took[ name ] ].map(
				( [ round, ms ] ) =>
					[ ms, took.without.get( round ) as number ] as const
			)
		);
	const middle = ( name: Candidate ) =>
		median( [ ...took[ name ].values() ] );
	return {
		state,
		medians: {
			without: middle( 'without' ),
			again: middle( 'again' ),
			tandem: middle( 'tandem' ),
			elsewhere: middle( 'elsewhere' ),
			tutorial: middle( 'tutorial' ),
		},
		ratios: {
			again: ratio( 'again' ),
			tandem: ratio( 'tandem' ),
			elsewhere: ratio( 'elsewhere' ),
			tutorial: ratio( 'tutorial' ),
		},
	};
}

/**
 * Views pages of a site while B hangs and as many people register at once as PHP has workers.
 *
 * Each site meets the hanging B for the first time: that is the worst case, since
 * Tandem does not know yet that B doesn't answer.
 *
 * @param lab The sites, fresh.
 */
export async function measurePageViews( lab: Lab ): Promise< PageViews[] > {
	const results: PageViews[] = [];
	for ( const name of CANDIDATES ) {
		const warm = new Client( lab.site( name ).url );
		for ( let round = 0; round < WARM_UP; round++ ) {
			await warm.register( `warm-${ name }-${ round }` );
			await settle( lab, 'up' );
			await warm.view();
		}
		warm.close();
	}
	await put( lab, 'hanging' );
	for ( const name of CANDIDATES ) {
		const people = new Client( lab.site( name ).url, AT_ONCE );
		const visitor = new Client( lab.site( name ).url );
		let registering = true;
		const all = Promise.all(
			Array.from( { length: AT_ONCE }, ( _, person ) =>
				people.register( `crowd-${ name }-${ person }` )
			)
		).finally( () => {
			registering = false;
		} );
		const views: number[] = [];
		const start = performance.now();
		while ( registering || performance.now() - start < VIEW_FOR_MS ) {
			views.push( await visitor.view() );
		}
		await all;
		people.close();
		visitor.close();
		results.push( {
			candidate: name,
			median: median( views ),
			slowest: Math.max( ...views ),
			views: views.length,
		} );
	}
	await put( lab, 'up' );
	return results;
}
