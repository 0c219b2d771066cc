/**
 * `npm run package`: the zip that an owner uploads, in `dist/`. It holds what
 * runs, in a folder of the plugin's name, and nothing else.
 */
import './require-node';

import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

import AdmZip from 'adm-zip';

import { build } from './build';
import { PROJECT, readConfig } from './sites/config';
import { step } from './steps';

/** What a folder of the plugin may hold besides what runs. */
const LEFT_OUT = /(^|\/)\.|\.map$|\.(part|log|orig|rej)$/;

async function filesIn( directory: string ): Promise< string[] > {
	const entries = await readdir( directory, {
		withFileTypes: true,
		recursive: true,
	} );
	return entries
		.filter( ( entry ) => entry.isFile() )
		.map( ( entry ) =>
			relative( directory, join( entry.parentPath, entry.name ) )
		)
		.filter( ( path ) => ! LEFT_OUT.test( path ) )
		.sort();
}

async function main(): Promise< void > {
	process.chdir( PROJECT );
	await step( 'Building the admin page', build );
	const [ plugin ] = ( await readConfig( '.wp-env.json' ) ).plugins;
	if ( ! plugin ) {
		throw new Error( '.wp-env.json names no plugin.' );
	}
	const slug = dirname( plugin.file );
	const header = await readFile( join( PROJECT, 'plugin', `${ slug }.php` ) );
	const version = /^ \* Version:\s*(\S+)/m.exec( header.toString() )?.[ 1 ];
	const { version: ours } = JSON.parse(
		await readFile( 'package.json', 'utf8' )
	) as { version: string };
	if ( version !== ours ) {
		throw new Error(
			`The plugin's header says version ${ version }, package.json ${ ours }. Make them the same.`
		);
	}
	const target = join( PROJECT, 'dist', `${ slug }.zip` );
	await step( 'Packing', async ( say ) => {
		const zip = new AdmZip();
		const files = await filesIn( plugin.directory );
		for ( const file of files ) {
			zip.addFile(
				`${ slug }/${ file }`,
				await readFile( join( plugin.directory, file ) )
			);
		}
		zip.addFile(
			`${ slug }/LICENSE`,
			await readFile( join( PROJECT, 'LICENSE' ) )
		);
		await mkdir( dirname( target ), { recursive: true } );
		await rm( target, { force: true } );
		zip.writeZip( target );
		say(
			`${ files.length + 1 } files in ${ relative( PROJECT, target ) }`
		);
	} );
}

main().catch( ( error: Error ) => {
	process.stderr.write( `${ error.message }\n` );
	process.exitCode = 1;
} );
