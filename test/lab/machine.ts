/**
 * What this machine must have, installed from Debian where that is possible.
 */
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import { run } from './process';

/** Something that the tests need, and the Debian package that brings it. */
export interface Need {
	/** A program, or `php:name` for an extension of the PHP that is on the path. */
	what: string;
	debian: string;
}

/** Debian keeps servers where ordinary users don't look. */
const FOLDERS = [
	...( process.env.PATH ?? '' ).split( delimiter ),
	'/usr/local/sbin',
	'/usr/sbin',
	'/sbin',
];

/**
 * Where a program lies, or null.
 *
 * @param program Its name.
 */
export async function find( program: string ): Promise< string | null > {
	for ( const folder of FOLDERS ) {
		const path = join( folder, program );
		try {
			await access( path, constants.X_OK );
			return path;
		} catch {}
	}
	return null;
}

/**
 * Where a program lies; `need` has made sure of it.
 *
 * @param program Its name.
 */
export async function locate( program: string ): Promise< string > {
	const path = await find( program );
	if ( ! path ) {
		throw new Error( `${ program } is not on this machine.` );
	}
	return path;
}

async function extensions(): Promise< Set< string > > {
	const printed = await run( 'php', [
		'-r',
		'echo implode( "\\n", get_loaded_extensions() );',
	] ).catch( () => '' );
	return new Set( printed.toLowerCase().split( '\n' ) );
}

async function missing( needs: readonly Need[] ): Promise< Need[] > {
	const loaded = await extensions();
	const absent: Need[] = [];
	for ( const one of needs ) {
		const there = one.what.startsWith( 'php:' )
			? loaded.has( one.what.slice( 4 ) )
			: ( await find( one.what ) ) !== null;
		if ( ! there ) {
			absent.push( one );
		}
	}
	return absent;
}

/**
 * Makes sure that everything named is there; as root on Debian by installing it.
 *
 * @param needs What is needed.
 * @param say   Is told what is being done.
 * @throws Error with one sentence that says what to do.
 */
export async function need(
	needs: readonly Need[],
	say: ( sentence: string ) => void
): Promise< void > {
	const absent = await missing( needs );
	if ( absent.length === 0 ) {
		return;
	}
	const packages = [ ...new Set( absent.map( ( { debian } ) => debian ) ) ];
	const names = absent.map( ( { what } ) =>
		what.replace( 'php:', "PHP's " )
	);
	const command = `apt-get install ${ packages.join( ' ' ) }`;
	if ( process.getuid?.() !== 0 || ! ( await find( 'apt-get' ) ) ) {
		throw new Error(
			`These tests need ${ names.join( ', ' ) }. On Debian: ${ command }`
		);
	}
	say( `Installing ${ packages.join( ', ' ) } with apt.` );
	const env = {
		...process.env,
		DEBIAN_FRONTEND: 'noninteractive',
		// Packages of servers start them as services; the tests start their own.
		RUNLEVEL: '1',
	};
	await run( 'apt-get', [ 'update', '-q' ], { env } );
	await run(
		'apt-get',
		[ 'install', '-y', '-q', '--no-install-recommends', ...packages ],
		{ env }
	);
	const still = await missing( needs );
	if ( still.length > 0 ) {
		throw new Error(
			`${ still
				.map( ( { what } ) => what )
				.join( ', ' ) } is still missing after "${ command }".`
		);
	}
}

export const NEEDS = {
	php: [
		{ what: 'php', debian: 'php-cli' },
		{ what: 'php:curl', debian: 'php-curl' },
		{ what: 'php:mbstring', debian: 'php-mbstring' },
		{ what: 'php:dom', debian: 'php-xml' },
		{ what: 'php:sodium', debian: 'php-cli' },
	],
	sqlite: [ { what: 'php:pdo_sqlite', debian: 'php-sqlite3' } ],
	mariadb: [
		{ what: 'mariadbd', debian: 'mariadb-server' },
		{ what: 'mariadb-install-db', debian: 'mariadb-server' },
		{ what: 'mariadb', debian: 'mariadb-client' },
		{ what: 'php:mysqli', debian: 'php-mysql' },
	],
	nginx: [ { what: 'nginx', debian: 'nginx' } ],
} as const satisfies Record< string, readonly Need[] >;
