/**
 * Reads the part of `.wp-env.json` that these tools use, so that
 * `npx wp-env start` and `npm start` mean the same sites.
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** The repository. */
export const PROJECT = resolve( __dirname, '../..' );

export interface Plugin {
	/** Where it lies on this machine. */
	directory: string;
	/** Its folder and file in wp-content/plugins, under the name that it is published by. */
	file: string;
}

export interface SiteConfig {
	/** Absolute path of the file this comes from. */
	path: string;
	port: number;
	phpVersion: string;
	/** Constants for wp-config.php. */
	constants: Record< string, string | number | boolean >;
	plugins: Plugin[];
}

/** The keys of the file that matter here. */
interface WpEnvFile {
	port: number;
	phpVersion: string;
	plugins?: string[];
	config?: Record< string, string | number | boolean >;
}

async function describePlugin( directory: string ): Promise< Plugin > {
	for ( const name of await readdir( directory ) ) {
		if (
			name.endsWith( '.php' ) &&
			( await readFile( join( directory, name ), 'utf8' ) ).includes(
				'Plugin Name:'
			)
		) {
			return {
				directory,
				file: `${ basename( name, '.php' ) }/${ name }`,
			};
		}
	}
	throw new Error( `There is no plugin in ${ directory }.` );
}

/**
 * What a wp-env file says.
 *
 * @param name File name in the repository.
 */
export async function readConfig( name: string ): Promise< SiteConfig > {
	const path = join( PROJECT, name );
	const file = JSON.parse( await readFile( path, 'utf8' ) ) as WpEnvFile;
	return {
		path,
		port: file.port,
		phpVersion: file.phpVersion,
		constants: file.config ?? {},
		plugins: await Promise.all(
			( file.plugins ?? [] ).map( ( source ) =>
				describePlugin( resolve( dirname( path ), source ) )
			)
		),
	};
}
