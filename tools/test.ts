/**
 * `npm test`: everything. `npm test -- types js` or `npm run test:php`: parts
 * of it; what follows the name of a single part goes to its program
 * (`npm run test:e2e -- -g "reset"`).
 *
 * The last line says how much passed: each test of a suite, and each linter, is one. What was said of the suites'
 * tests that failed stands before it once more.
 */
import './require-node';

import { readdirSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';

import { build, isStale } from './build';
import { ensureChromium } from './chromium';
import { count, failures, none, sum, type Counts } from './counts';
import { capture, ensurePhp } from './machine';
import { PROJECT } from './sites/config';
import { seconds } from './steps';

interface Part {
	name: string;
	title: string;
	/** Program and arguments. */
	command: string[];
	/** Fetches what it needs; throws a sentence where it can't. */
	needs: Array< () => Promise< void > >;
	/** Whether its output counts tests. A part that doesn't is one test itself. */
	isSuite?: boolean;
}

const nodeModules = ( path: string ) => join( PROJECT, 'node_modules', path );
const wpScripts = ( ...args: string[] ) => [
	process.execPath,
	nodeModules( '@wordpress/scripts/bin/wp-scripts.js' ),
	...args,
];
const vendor = ( name: string, ...args: string[] ) => [
	'php',
	join( 'vendor/bin', name ),
	...args,
];

/**
 * The tests in a folder, so that none is forgotten.
 *
 * @param folder Folder.
 */
const testsIn = ( folder: string ) =>
	readdirSync( join( PROJECT, folder ) )
		.filter( ( name ) => name.endsWith( '.test.ts' ) )
		.sort()
		.map( ( name ) => `${ folder }/${ name }` );

/**
 * Does something once, however many parts ask for it, also at the same time.
 *
 * @param work What to do.
 */
function once( work: () => Promise< void > ): () => Promise< void > {
	let done: Promise< void > | null = null;
	return () => ( done ??= work() );
}

const php = once( async () => {
	await ensurePhp();
	const age = async ( path: string ) =>
		( await stat( join( PROJECT, path ) ).catch( () => null ) )?.mtimeMs ??
		0;
	if (
		( await age( 'vendor/composer/installed.json' ) ) <
		( await age( 'composer.json' ) )
	) {
		const { code, output } = await capture( 'composer', [
			'update',
			'--no-interaction',
			'--no-progress',
		] );
		if ( code !== 0 ) {
			throw new Error(
				`Composer could not fetch the PHP tools (is the network there?):\n${ output }`
			);
		}
	}
} );

const builtPage = once( async () => {
	if ( await isStale() ) {
		await build();
	}
} );

const PARTS: Part[] = [
	{
		name: 'types',
		title: 'TypeScript types',
		command: [
			process.execPath,
			nodeModules( 'typescript/bin/tsc' ),
			'--noEmit',
		],
		needs: [],
	},
	{
		name: 'lint-js',
		title: 'ESLint',
		command: wpScripts(
			'lint-js',
			'admin-src',
			'tools',
			'test',
			...[ 'eslint', 'jest', 'webpack' ].map(
				( n ) => `${ n }.config.js`
			),
			'playwright.config.ts'
		),
		needs: [],
	},
	{
		name: 'lint-css',
		title: 'Stylelint',
		command: wpScripts( 'lint-style', 'admin-src/**/*.scss' ),
		needs: [],
	},
	{
		name: 'phpcs',
		title: 'PHP_CodeSniffer',
		command: vendor( 'phpcs' ),
		needs: [ php ],
	},
	{
		name: 'phpstan',
		title: 'PHPStan',
		command: vendor(
			'phpstan',
			'analyse',
			'--no-progress',
			'--memory-limit=2G'
		),
		needs: [ php ],
	},
	{
		name: 'js',
		title: 'Jest',
		command: wpScripts( 'test-unit-js', '--config', 'jest.config.js' ),
		needs: [],
		isSuite: true,
	},
	{
		name: 'php',
		title: 'PHPUnit',
		command: [
			process.execPath,
			nodeModules( 'tsx/dist/cli.mjs' ),
			'test/php/run.ts',
		],
		needs: [ php ],
		isSuite: true,
	},
	{
		name: 'lab',
		title: 'The lab',
		command: [
			process.execPath,
			nodeModules( 'tsx/dist/cli.mjs' ),
			'--test',
			'test/lab/lab.test.ts',
		],
		needs: [ php ],
		isSuite: true,
	},
	{
		name: 'paired',
		title: 'Paired sites',
		command: [
			process.execPath,
			nodeModules( 'tsx/dist/cli.mjs' ),
			'--test',
			...testsIn( 'test/paired' ),
		],
		needs: [ php, builtPage, ensureChromium ],
		isSuite: true,
	},
	{
		name: 'faults',
		title: 'Faults',
		command: [
			process.execPath,
			nodeModules( 'tsx/dist/cli.mjs' ),
			'--test',
			'--test-concurrency=1',
			...testsIn( 'test/faults' ),
		],
		needs: [ php ],
		isSuite: true,
	},
	{
		name: 'e2e',
		title: 'Playwright',
		command: [
			process.execPath,
			nodeModules( '@playwright/test/cli.js' ),
			'test',
		],
		needs: [ builtPage, ensureChromium ],
		isSuite: true,
	},
];

/** What was said of tests that failed. */
const failed: string[] = [];

/**
 * Runs one part.
 *
 * @param part   Which.
 * @param extra  Arguments for its program.
 * @param isLive Whether its output is shown as it comes, or at the end and only if it failed.
 */
async function runPart(
	part: Part,
	extra: string[],
	isLive: boolean
): Promise< Counts > {
	const started = Date.now();
	const finish = ( counts: Counts, output: string ) => {
		const isBad = counts.failed > 0;
		process.stdout.write(
			`${ isBad ? output : '' }${ isBad ? '✗' : '✓' } ${
				part.title
			} (${ seconds( Date.now() - started ) })\n`
		);
		return counts;
	};
	try {
		for ( const need of part.needs ) {
			await need();
		}
	} catch ( error ) {
		return finish(
			{ ...none, failed: 1 },
			`${ error instanceof Error ? error.message : String( error ) }\n`
		);
	}
	if ( isLive ) {
		process.stdout.write( `\n${ part.title }\n` );
	}
	const [ program = '', ...args ] = [ ...part.command, ...extra ];
	const { code, output } = await capture( program, args, {}, ( text ) => {
		if ( isLive ) {
			process.stdout.write( text );
		}
	} );
	const unshown = isLive ? '' : output;
	if ( ! part.isSuite ) {
		return finish(
			code === 0 ? { ...none, passed: 1 } : { ...none, failed: 1 },
			unshown
		);
	}
	const counts = count( output );
	failed.push( ...failures( output ) );
	if ( code === 0 && counts.passed === 0 ) {
		return finish(
			{ ...counts, failed: 1 },
			`${ unshown }No test ran: that is a failure.\n`
		);
	}
	return finish(
		// A suite that dies before its first test has still failed.
		code === 0 || counts.failed > 0 ? counts : { ...counts, failed: 1 },
		unshown
	);
}

/**
 * Several at a time, as many as the machine has processors for.
 *
 * @param parts Which.
 */
async function runSideBySide( parts: Part[] ): Promise< Counts[] > {
	const waiting = [ ...parts ];
	const results: Counts[] = [];
	const worker = async () => {
		for (
			let part = waiting.shift();
			part !== undefined;
			part = waiting.shift()
		) {
			results.push( await runPart( part, [], false ) );
		}
	};
	await Promise.all(
		Array.from( { length: Math.max( 1, cpus().length - 1 ) }, worker )
	);
	return results;
}

async function main(): Promise< void > {
	process.chdir( PROJECT );
	const args = process.argv.slice( 2 );
	const wanted: Part[] = [];
	while ( args.length > 0 ) {
		const part = PARTS.find( ( { name } ) => name === args[ 0 ] );
		if ( ! part ) {
			break;
		}
		wanted.push( part );
		args.shift();
	}
	if ( args.length > 0 && wanted.length !== 1 ) {
		throw new Error(
			`Parts are ${ PARTS.map( ( { name } ) => name ).join(
				', '
			) }; other arguments go to one of them.`
		);
	}
	const parts = wanted.length > 0 ? wanted : PARTS;
	const isAlone = parts.length === 1;
	const results = await runSideBySide(
		parts.filter( ( part ) => ! part.isSuite && ! isAlone )
	);
	// One suite after the other: each starts servers and measures time.
	for ( const part of parts.filter( ( p ) => p.isSuite || isAlone ) ) {
		results.push( await runPart( part, args, true ) );
	}
	const total = sum( results );
	if ( ! isAlone && failed.length > 0 ) {
		process.stdout.write( `\nWhat failed\n\n${ failed.join( '\n\n' ) }\n` );
	}
	process.stdout.write(
		`\n${ total.passed } passed, ${ total.failed } failed${
			total.skipped > 0 ? `, ${ total.skipped } skipped` : ''
		}\n`
	);
	process.exitCode = total.failed > 0 ? 1 : 0;
}

main().catch( ( error: Error ) => {
	process.stderr.write( `${ error.message }\n` );
	process.exitCode = 1;
} );
