/**
 * `npm run bench`: what Tandem costs and how fast it is. `npm run bench -- clicks size` runs two of its parts.
 *
 * Writes docs/benchmarks.md and docs/benchmarks.json; parts that are not run keep what they had there. `--rounds=20`
 * is quicker and less sure; `--people` and `--workers` are the drain's, `--users=1000,10000` the backfill's, `--rows`
 * and `--sites` the page's; `--dry` writes nothing; `--check` fails where a goal is missed.
 */
import { parseArgs } from 'node:util';

import type { Part, Settings } from './part';
import { backfill } from './parts/backfill';
import { clicks } from './parts/clicks';
import { drain } from './parts/drain';
import { page } from './parts/page';
import { plain } from './parts/plain';
import { queries } from './parts/queries';
import { registration } from './parts/registration';
import { size } from './parts/size';
import { circumstances, readReport, writeReport } from './report';

const PARTS = [
	registration,
	clicks,
	queries,
	drain,
	backfill,
	plain,
	page,
	size,
] as ReadonlyArray< Part< unknown > >;

const numbers = ( text: string ) => text.split( ',' ).map( Number );

async function main(): Promise< void > {
	const { values, positionals } = parseArgs( {
		allowPositionals: true,
		options: {
			rounds: { type: 'string', default: '200' },
			people: { type: 'string', default: '2000' },
			workers: { type: 'string', default: '1,2,4,8' },
			users: { type: 'string', default: '1000' },
			rows: { type: 'string', default: '100000' },
			sites: { type: 'string', default: '200' },
			dry: { type: 'boolean', default: false },
			check: { type: 'boolean', default: false },
		},
	} );
	const unknown = positionals.filter(
		( name ) => ! PARTS.some( ( part ) => part.name === name )
	);
	if ( unknown.length > 0 ) {
		throw new Error(
			`Parts are ${ PARTS.map( ( { name } ) => name ).join( ', ' ) }, not ${ unknown.join( ', ' ) }.`
		);
	}
	const settings: Settings = {
		rounds: Number( values.rounds ),
		people: Number( values.people ),
		workers: numbers( values.workers ),
		users: numbers( values.users ),
		rows: Number( values.rows ),
		sites: Number( values.sites ),
		say: ( sentence ) => console.error( sentence ),
	};
	const report = await readReport();
	const missed: string[] = [];
	for ( const part of PARTS.filter(
		( { name } ) => positionals.length === 0 || positionals.includes( name )
	) ) {
		settings.say( `\n${ part.name }` );
		const measured = {
			...( await circumstances( part.size( settings ) ) ),
			result: await part.measure( settings ),
		};
		const before = report[ part.name ];
		console.log( part.tables( measured.result ) );
		missed.push( ...part.missed( measured.result ) );
		report[ part.name ] = {
			...measured,
			result:
				before && part.joined
					? part.joined( before.result, measured.result )
					: measured.result,
		};
		if ( ! values.dry ) {
			// After each: a part that fails costs nothing of those before it.
			await writeReport( report, PARTS );
		}
	}
	console.log(
		missed.length === 0
			? 'All goals are met.'
			: `Goals missed:\n${ missed.join( '\n' ) }`
	);
	if ( values.check && missed.length > 0 ) {
		process.exitCode = 1;
	}
}

main().catch( ( error: Error ) => {
	console.error( error.message );
	process.exitCode = 1;
} );
