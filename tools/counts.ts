/**
 * How many tests passed, read from the closing lines of Jest, PHPUnit, Playwright and Node.
 */

export interface Counts {
	passed: number;
	failed: number;
	skipped: number;
}

export const none: Readonly< Counts > = { passed: 0, failed: 0, skipped: 0 };

/**
 * All together.
 *
 * @param all Counts of suites.
 */
export function sum( all: Counts[] ): Counts {
	return all.reduce(
		( a, b ) => ( {
			passed: a.passed + b.passed,
			failed: a.failed + b.failed,
			skipped: a.skipped + b.skipped,
		} ),
		none
	);
}

function number( text: string, pattern: RegExp ): number {
	return Number( pattern.exec( text )?.[ 1 ] ?? 0 );
}

/** `Tests:       1 failed, 2 skipped, 5 passed, 8 total` */
function jest( line: string ): Counts | null {
	return /^Tests:\s.* total$/.test( line )
		? {
				passed: number( line, /(\d+) passed/ ),
				failed: number( line, /(\d+) failed/ ),
				skipped:
					number( line, /(\d+) skipped/ ) +
					number( line, /(\d+) todo/ ),
			}
		: null;
}

/** `OK (12 tests, 40 assertions)` or `Tests: 12, Assertions: 40, Errors: 1, Failures: 1, Skipped: 2.` */
function phpunit( line: string ): Counts | null {
	const ok = /^OK \((\d+) tests?,/.exec( line );
	if ( ok ) {
		return { ...none, passed: Number( ok[ 1 ] ) };
	}
	if ( ! /^Tests: \d+, Assertions:/.test( line ) ) {
		return null;
	}
	const failed =
		number( line, /Errors: (\d+)/ ) + number( line, /Failures: (\d+)/ );
	const skipped =
		number( line, /Skipped: (\d+)/ ) + number( line, /Incomplete: (\d+)/ );
	return {
		passed: number( line, /^Tests: (\d+)/ ) - failed - skipped,
		failed,
		skipped,
	};
}

/** One line for each: `  9 passed (56.2s)`, `  1 failed`. */
function playwright( line: string ): Counts | null {
	const found =
		/^ {2}(\d+) (passed|failed|flaky|skipped|did not run|interrupted)\b/.exec(
			line
		);
	if ( ! found ) {
		return null;
	}
	const n = Number( found[ 1 ] );
	switch ( found[ 2 ] ) {
		case 'passed':
		case 'flaky':
			return { ...none, passed: n };
		case 'failed':
		case 'interrupted':
			return { ...none, failed: n };
		default:
			return { ...none, skipped: n };
	}
}

/** Node's own runner, a line for each: `# pass 5` or `ℹ pass 5`. */
function node( line: string ): Counts | null {
	const found = /^(?:#|ℹ) (pass|fail|cancelled|skipped|todo) (\d+)$/.exec(
		line
	);
	if ( ! found ) {
		return null;
	}
	const n = Number( found[ 2 ] );
	switch ( found[ 1 ] ) {
		case 'pass':
			return { ...none, passed: n };
		case 'fail':
		case 'cancelled':
			return { ...none, failed: n };
		default:
			return { ...none, skipped: n };
	}
}

/** Its lines, without colours. */
function lines( output: string ): string[] {
	return output
		.replace( new RegExp( '\\u001b\\[[0-9;]*m', 'g' ), '' )
		.split( /\r?\n/ );
}

/** How each program begins to tell of a test that failed: Node, Jest, PHPUnit and Playwright. */
const FAILED = /^\s*not ok \d|^ {2}● .+ › |^ {0,2}\d+\) \S+(::| › )/;
/** So much is repeated of each; the rest is further up. */
const REPEATED_LINES = 20;

/**
 * What the programs said of each test that failed, shortened.
 *
 * @param output What they printed, colours and all.
 */
export function failures( output: string ): string[] {
	const all = lines( output );
	return all.flatMap( ( line, at ) => {
		if ( ! FAILED.test( line ) ) {
			return [];
		}
		const rest = all.slice( at + 1, at + REPEATED_LINES );
		const next = rest.findIndex(
			( other ) => FAILED.test( other ) || /^\s*ok \d/.test( other )
		);
		return [
			[ line, ...( next < 0 ? rest : rest.slice( 0, next ) ) ]
				.join( '\n' )
				.trimEnd(),
		];
	} );
}

/**
 * Counts the tests of all suites in an output.
 *
 * @param output What the programs printed, colours and all.
 */
export function count( output: string ): Counts {
	return sum(
		lines( output )
			.map(
				( line ) =>
					jest( line ) ??
					phpunit( line ) ??
					playwright( line ) ??
					node( line )
			)
			.filter( ( counts ): counts is Counts => counts !== null )
	);
}
