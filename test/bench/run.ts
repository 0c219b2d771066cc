/**
 * `npm run bench`: what a visitor of A waits for, without the plugin, with it,
 * and with the blocking call of the well-known tutorial.
 *
 * Writes docs/benchmarks.md and docs/benchmarks.json. `--rounds=20` is quicker
 * and less sure; `--dry` writes nothing; `--check` fails where a goal is missed.
 */
import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { PROJECT } from '../lab/wordpress';
import { measurePageViews, measureRegistrations } from './measure';
import {
	describeMachine,
	GOALS,
	toPage,
	toTables,
	type Report,
} from './report';
import { startSites, STATES, TITLES, type Candidate } from './sites';
import type { Lab } from '../lab';

const say = ( sentence: string ) => console.error( sentence );

/**
 * Measures on fresh sites: what one measurement leaves in a queue is nothing to the next.
 *
 * @param measure What.
 */
async function onFreshSites< T >(
	measure: ( lab: Lab ) => Promise< T >
): Promise< T > {
	const lab = await startSites( say );
	try {
		return await measure( lab );
	} finally {
		await lab.down();
	}
}

function missed( report: Report ): string[] {
	return report.registrations.flatMap( ( { state, ratios } ) =>
		(
			Object.entries( GOALS ) as Array<
				[ Exclude< Candidate, 'without' >, number ]
			>
		 )
			.filter( ( [ name, goal ] ) => ratios[ name ].ratio > goal )
			.map(
				( [ name, goal ] ) =>
					`B ${ state }, ${ TITLES[ name ] }: ${ ratios[
						name
					].ratio.toFixed( 3 ) }, the goal is ${ goal }`
			)
	);
}

async function main(): Promise< void > {
	const { values } = parseArgs( {
		options: {
			rounds: { type: 'string', default: '200' },
			dry: { type: 'boolean', default: false },
			check: { type: 'boolean', default: false },
		},
	} );
	const rounds = Number( values.rounds );
	const report: Report = {
		date: new Date().toISOString().slice( 0, 10 ),
		machine: await describeMachine(),
		rounds,
		load: loadavg()[ 0 ] ?? 0,
		registrations: [],
		pageViews: [],
	};
	for ( const state of STATES ) {
		say( `Registrations, B ${ state }.` );
		report.registrations.push(
			await onFreshSites( ( lab ) =>
				measureRegistrations( lab, state, rounds )
			)
		);
	}
	say( 'Page views, B hanging.' );
	report.pageViews = await onFreshSites( measurePageViews );

	console.log( toTables( report ) );
	const problems = missed( report );
	console.log(
		problems.length === 0
			? 'All goals are met.'
			: `Goals missed:\n${ problems.join( '\n' ) }`
	);
	if ( ! values.dry ) {
		await writeFile(
			join( PROJECT, 'docs/benchmarks.json' ),
			`${ JSON.stringify( report, null, '\t' ) }\n`
		);
		await writeFile(
			join( PROJECT, 'docs/benchmarks.md' ),
			toPage( report )
		);
	}
	if ( values.check && problems.length > 0 ) {
		process.exitCode = 1;
	}
}

main().catch( ( error: Error ) => {
	console.error( error.message );
	process.exitCode = 1;
} );
