/**
 * A plain, complete WordPress core on the disk, wherever it comes from.
 *
 * The order: `WP_CORE_DIR`, the cache, wordpress.org, Debian's packages. A
 * folder that is returned here is shared by everything on this machine that
 * needs a WordPress: copy it, never write into it.
 */
import {
	chmod,
	mkdir,
	mkdtemp,
	readFile,
	rename,
	rm,
	stat,
} from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

import { fetchFromDebian } from './debian';
import { fetchFromWordPressOrg } from './wordpress-org';

/** The cores that this project is tested with: the newest, the oldest, an old plain site. */
export const CORE_VERSIONS = [ '6.1', '6.8', '7.1' ] as const;
export type CoreVersion = ( typeof CORE_VERSIONS )[ number ];

/** Fetches a core into an empty folder; throws an Error that a person can act on. */
export type Fetcher = (
	version: CoreVersion,
	target: string
) => Promise< void >;

/** Where everything lies that can be fetched again. */
export function cacheDirectory(): string {
	return (
		process.env.TANDEM_CACHE_DIR ??
		join(
			process.env.XDG_CACHE_HOME ?? join( homedir(), '.cache' ),
			'tandem-user-sync'
		)
	);
}

/**
 * The exact version of the core in a folder, such as `6.8.7`; null where there is none.
 *
 * @param directory A folder that may hold a WordPress.
 */
export async function coreVersionIn(
	directory: string
): Promise< string | null > {
	try {
		const php = await readFile(
			join( directory, 'wp-includes/version.php' ),
			'utf8'
		);
		return /\$wp_version\s*=\s*'([^']+)'/.exec( php )?.[ 1 ] ?? null;
	} catch {
		return null;
	}
}

function matches( found: string | null, wanted: CoreVersion ): boolean {
	return found === wanted || ( found?.startsWith( `${ wanted }.` ) ?? false );
}

async function givenByHand( version: CoreVersion ): Promise< string | null > {
	const given = process.env.WP_CORE_DIR;
	if ( ! given ) {
		return null;
	}
	for ( const directory of [ resolve( given, version ), resolve( given ) ] ) {
		if ( matches( await coreVersionIn( directory ), version ) ) {
			return directory;
		}
	}
	await stat( given ).catch( () => {
		throw new Error(
			`WP_CORE_DIR names ${ given }, which does not exist. Correct it or unset it.`
		);
	} );
	// It may hold one version while a test asks for another: go on looking.
	return null;
}

/**
 * A directory with a plain core: no wp-config.php, a default theme, no symlinks.
 *
 * Any number of processes may ask at once. Takes seconds the first time (a
 * download), nothing later.
 *
 * @param version The wanted minor version; its newest patch release that can be had is taken.
 * @param say     Is told what is being done, for a person who waits.
 * @return Absolute path. Throws an Error with a sentence that says what to do.
 */
export async function getCore(
	version: CoreVersion,
	say: ( sentence: string ) => void = () => {}
): Promise< string > {
	const byHand = await givenByHand( version );
	if ( byHand ) {
		return byHand;
	}
	const final = join( cacheDirectory(), 'core', version );
	if ( matches( await coreVersionIn( final ), version ) ) {
		return final;
	}

	const fetchers: Array< [ string, Fetcher ] > = [
		[ 'wordpress.org', fetchFromWordPressOrg ],
		[ "Debian's packages", fetchFromDebian ],
	];
	await mkdir( join( cacheDirectory(), 'core' ), { recursive: true } );
	const problems: string[] = [];
	for ( const [ source, fetchInto ] of fetchers ) {
		const work = await mkdtemp( `${ final }.` );
		try {
			say( `Getting WordPress ${ version } from ${ source }.` );
			await fetchInto( version, work );
			const found = await coreVersionIn( work );
			if ( ! matches( found, version ) ) {
				throw new Error( `what came is ${ found ?? 'no WordPress' }` );
			}
			await moveIntoPlace( work, final, version );
			return final;
		} catch ( error ) {
			const reason =
				error instanceof Error ? error.message : String( error );
			say( `That failed: ${ reason }.` );
			problems.push( `${ source }: ${ reason }` );
		} finally {
			await rm( work, { recursive: true, force: true } );
		}
	}
	throw new Error(
		`WordPress ${ version } can't be had (${ problems.join( '; ' ) }). ` +
			'Unpack one by hand and name its folder in WP_CORE_DIR.'
	);
}

/**
 * A folder appears whole or not at all: another process may be doing the same.
 *
 * @param work    The finished folder.
 * @param final   Where it belongs.
 * @param version What must be in it.
 */
async function moveIntoPlace(
	work: string,
	final: string,
	version: CoreVersion
): Promise< void > {
	// mkdtemp's folders are private; a web server may run as somebody else.
	await chmod( work, 0o755 );
	try {
		await rename( work, final );
	} catch ( error ) {
		if ( matches( await coreVersionIn( final ), version ) ) {
			return; // Somebody was quicker.
		}
		throw error;
	}
}
