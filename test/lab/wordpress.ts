/**
 * Copies of a WordPress core that a test may write into, and WordPress on SQLite.
 */
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import AdmZip from 'adm-zip';

import { CORE_VERSIONS, getCore, type CoreVersion } from '../../tools/core';
import { run } from './process';

/** The root of this project. */
export const PROJECT = join( import.meta.dirname, '../..' );

/**
 * A version of WordPress as given by a person.
 *
 * @param value Such as `7.1`.
 */
export function toCoreVersion( value: string ): CoreVersion {
	const version = CORE_VERSIONS.find( ( known ) => known === value );
	if ( ! version ) {
		throw new Error(
			`WordPress ${ value } is not one that is tested: ${ CORE_VERSIONS.join(
				', '
			) }.`
		);
	}
	return version;
}

/**
 * A copy of a core.
 *
 * @param version Its version.
 * @param target  A folder that is made.
 * @param say     Is told when it has to be fetched first.
 */
export async function copyCore(
	version: CoreVersion,
	target: string,
	say: ( sentence: string ) => void
): Promise< void > {
	await mkdir( target, { recursive: true } );
	// `cp` shares the blocks where the file system can; Node copies file by file.
	await run( 'cp', [
		'-r',
		'--reflink=auto',
		`${ await getCore( version, say ) }/.`,
		target,
	] );
}

/**
 * Makes a WordPress use SQLite: puts WordPress's own integration and its drop-in in place.
 *
 * @param content Its wp-content folder.
 */
export async function addSqlite( content: string ): Promise< void > {
	const require = createRequire( import.meta.url );
	const zip = join(
		dirname( require.resolve( '@wp-playground/cli/package.json' ) ),
		'sqlite-database-integration.zip'
	);
	const target = join( content, 'sqlite-database-integration' );
	await rm( target, { recursive: true, force: true } );
	await mkdir( content, { recursive: true } );
	new AdmZip( zip ).extractAllTo( content, true );
	await run( 'mv', [
		join( content, 'plugin-sqlite-database-integration' ),
		target,
	] );
	// Cores before 6.2 lack a private property that the integration reads in its parent, and end with a fatal error.
	const driver = join( target, 'wp-includes/sqlite/class-wp-sqlite-db.php' );
	await writeFile(
		driver,
		( await readFile( driver, 'utf8' ) ).replace(
			'private $allow_unsafe_unquoted_parameters',
			'protected $allow_unsafe_unquoted_parameters'
		)
	);
	const dropIn = await readFile( join( target, 'db.copy' ), 'utf8' );
	await writeFile(
		join( content, 'db.php' ),
		dropIn
			.replaceAll( '{SQLITE_IMPLEMENTATION_FOLDER_PATH}', target )
			.replaceAll(
				'{SQLITE_PLUGIN}',
				'sqlite-database-integration/load.php'
			)
	);
	await mkdir( join( content, 'database' ), { recursive: true } );
}

/**
 * Puts the tests' own must-use plugins into a site: faults and questions on request, and a clock that can be wrong.
 *
 * @param content Its wp-content folder.
 */
export async function addControl( content: string ): Promise< void > {
	const target = join( content, 'mu-plugins' );
	await mkdir( target, { recursive: true } );
	for ( const file of [ 'clock.php', 'control.php' ] ) {
		await copyFile(
			join( PROJECT, 'test/lab', file ),
			join( target, file )
		);
	}
}

/**
 * Installs a WordPress whose wp-config.php is in place, with an administrator `admin`.
 *
 * @param folder   Its folder.
 * @param title    Its name.
 * @param password The administrator's.
 * @param env      What its wp-config.php reads from the environment.
 * @return An application password of the administrator.
 */
export async function installWordPress(
	folder: string,
	title: string,
	password: string,
	env: Record< string, string > = {}
): Promise< string > {
	const printed = await run(
		'php',
		[
			'-d',
			'display_errors=stderr',
			// Old cores are deprecated on new versions of PHP, which is no news here.
			'-d',
			'error_reporting=8191',
			join( PROJECT, 'test/lab/install.php' ),
			folder,
			title,
			password,
		],
		{ env: { ...process.env, ...env } }
	);
	return ( JSON.parse( printed ) as { password: string } ).password;
}
