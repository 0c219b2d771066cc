/**
 * WordPress from wordpress.org, the ordinary way.
 */
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import AdmZip from 'adm-zip';

import type { CoreVersion } from '.';

/** A name that doesn't resolve is known at once; a network that swallows packets is not. */
const ANSWERS_WITHIN_MS = 6_000;
const DOWNLOADED_WITHIN_MS = 180_000;

async function get( url: string, milliseconds: number ): Promise< Response > {
	const response = await fetch( url, {
		signal: AbortSignal.timeout( milliseconds ),
	} ).catch( () => {
		throw new Error( "can't be reached" );
	} );
	if ( ! response.ok ) {
		throw new Error( `${ url } answered ${ response.status }` );
	}
	return response;
}

function byPatch( a: string, b: string ): number {
	return (
		Number( a.split( '.' )[ 2 ] ?? 0 ) - Number( b.split( '.' )[ 2 ] ?? 0 )
	);
}

/**
 * Puts the newest patch release of a version into an empty folder.
 *
 * @param version Minor version.
 * @param target  An empty folder on the disk that the core ends on.
 */
export async function fetchFromWordPressOrg(
	version: CoreVersion,
	target: string
): Promise< void > {
	const answer = await get(
		'https://api.wordpress.org/core/stable-check/1.0/',
		ANSWERS_WITHIN_MS
	);
	const known = Object.keys( ( await answer.json() ) as object );
	const newest = known
		.filter( ( v ) => v === version || v.startsWith( `${ version }.` ) )
		.sort( byPatch )
		.at( -1 );
	if ( ! newest ) {
		throw new Error( `does not know WordPress ${ version }` );
	}
	const zip = await get(
		`https://wordpress.org/wordpress-${ newest }.zip`,
		DOWNLOADED_WITHIN_MS
	);
	const work = await mkdtemp( join( tmpdir(), 'tandem-wordpress-' ) );
	try {
		const file = join( work, 'wordpress.zip' );
		await writeFile( file, Buffer.from( await zip.arrayBuffer() ) );
		const unpacked = join( target, '.unpacked' );
		new AdmZip( file ).extractAllTo( unpacked );
		for ( const name of await readdir( join( unpacked, 'wordpress' ) ) ) {
			await rename(
				join( unpacked, 'wordpress', name ),
				join( target, name )
			);
		}
		await rm( unpacked, { recursive: true } );
	} finally {
		await rm( work, { recursive: true, force: true } );
	}
}
