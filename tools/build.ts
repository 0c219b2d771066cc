/**
 * Builds the admin page where its sources are newer than what was built.
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { capture } from './machine';
import { PROJECT } from './sites/config';

const BUILT = join( PROJECT, 'plugin/build/index.asset.php' );
const SOURCES = [ 'admin-src', 'webpack.config.js', 'package-lock.json' ];

async function newest( path: string ): Promise< number > {
	const about = await stat( path );
	if ( ! about.isDirectory() ) {
		return about.mtimeMs;
	}
	const inside = await Promise.all(
		( await readdir( path ) )
			.filter( ( name ) => name !== 'test' )
			.map( ( name ) => newest( join( path, name ) ) )
	);
	return Math.max( ...inside, 0 );
}

/** Whether the built page is older than its sources, or missing. */
export async function isStale(): Promise< boolean > {
	const built = await newest( BUILT ).catch( () => 0 );
	const sources = await Promise.all(
		SOURCES.map( ( source ) => newest( join( PROJECT, source ) ) )
	);
	return Math.max( ...sources ) > built;
}

/** Builds the page. Throws an Error with what the build printed. */
export async function build(): Promise< void > {
	const { code, output } = await capture( process.execPath, [
		join( PROJECT, 'node_modules/@wordpress/scripts/bin/wp-scripts.js' ),
		'build',
	] );
	if ( code !== 0 ) {
		throw new Error( `The admin page can't be built:\n${ output }` );
	}
}
