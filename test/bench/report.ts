/**
 * The page that the benchmark writes, and the numbers behind it. Parts that were not run keep what they had.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';

import { run } from '../lab/process';
import { PROJECT } from '../lab/wordpress';
import type { Part } from './part';

/** Where it was measured: enough to judge the numbers, nothing that names a machine. */
export interface Machine {
	processor: string;
	cores: number;
	memoryGiB: number;
	php: string;
	mariadb: string;
	nginx: string;
}

/** What a part found out, when and where. */
export interface Measured {
	date: string;
	machine: Machine;
	/** How many processes wanted the processor when it began, the benchmark not among them (the system's load average). */
	load: number;
	/** Such as "40 rounds". */
	size: string;
	result: unknown;
}

export type Report = Record< string, Measured >;

const NUMBERS = join( PROJECT, 'docs/benchmarks.json' );
const PAGE = join( PROJECT, 'docs/benchmarks.md' );

async function describeMachine(): Promise< Machine > {
	const version = async ( program: string, args: string[], at: RegExp ) =>
		at.exec( await run( program, args ) )?.[ 1 ] ?? '?';
	return {
		processor: cpus()[ 0 ]?.model.trim() ?? '?',
		cores: cpus().length,
		memoryGiB: Math.round( totalmem() / 2 ** 30 ),
		php: await version( 'php', [ '-v' ], /PHP (\S+)/ ),
		mariadb: await version(
			'mariadb',
			[ '--version' ],
			/([\d.]+)-MariaDB/
		),
		// nginx says it on standard error.
		nginx: await version(
			'sh',
			[ '-c', 'PATH=$PATH:/usr/sbin nginx -v 2>&1' ],
			/nginx\/(\S+)/
		),
	};
}

/**
 * The circumstances of now, for a part that is about to begin.
 *
 * @param size How much it is about to do.
 */
export async function circumstances(
	size: string
): Promise< Omit< Measured, 'result' > > {
	return {
		date: new Date().toISOString().slice( 0, 10 ),
		machine: await describeMachine(),
		load: loadavg()[ 0 ] ?? 0,
		size,
	};
}

/** What was measured before. */
export async function readReport(): Promise< Report > {
	return JSON.parse(
		await readFile( NUMBERS, 'utf8' ).catch( () => '{}' )
	) as Report;
}

/**
 * The whole page.
 *
 * @param report What was measured.
 * @param parts  All parts, in their order.
 */
export function toPage(
	report: Report,
	parts: ReadonlyArray< Part< unknown > >
): string {
	const told = parts.flatMap( ( part ) => {
		const measured = report[ part.name ];
		if ( ! measured ) {
			return [];
		}
		const { machine, date, size, load, result } = measured;
		return [
			`${ part.tables( result ) }
\`npm run bench -- ${ part.name }\`, ${ date }, ${ size }. ${ machine.processor }, ${ machine.cores } cores, ${ machine.memoryGiB } GiB; PHP ${ machine.php }, MariaDB ${ machine.mariadb }, nginx ${ machine.nginx }. At the start ${ load.toFixed( 1 ) } other processes wanted the processor.

${ part.how.map( ( paragraph ) => `- ${ paragraph }` ).join( '\n' ) }
`,
		];
	} );
	return `# Benchmarks

Made by \`npm run bench\`, on real sites of the lab: WordPress 7.1, nginx, PHP-FPM and MariaDB (a commit is on the disk when it returns), all on one machine, so A, B, their databases and the measurement share its processor. A part can be run alone, and keeps its numbers when others are run. They are in [benchmarks.json](benchmarks.json).

${ told.join( '\n' ) }`;
}

/**
 * Writes numbers and page.
 *
 * @param report What was measured.
 * @param parts  All parts, in their order.
 */
export async function writeReport(
	report: Report,
	parts: ReadonlyArray< Part< unknown > >
): Promise< void > {
	await writeFile( NUMBERS, `${ JSON.stringify( report, null, '\t' ) }\n` );
	await writeFile( PAGE, toPage( report, parts ) );
}
