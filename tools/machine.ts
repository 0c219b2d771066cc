/**
 * What a machine may lack, and how it gets it: by itself where it can (Debian
 * or a relative of it, as root), otherwise a sentence that says what to do.
 */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** How long apt waits while another apt is at work. */
const APT_LOCK_SECONDS = 300;

/**
 * Runs a program and shows what it prints.
 *
 * @param command Program.
 * @param args    Its arguments.
 * @param env     Environment variables besides this process's own.
 * @return Its exit code.
 */
export function show(
	command: string,
	args: string[],
	env: Record< string, string > = {}
): Promise< number > {
	return new Promise( ( resolve, reject ) => {
		const child = spawn( command, args, {
			stdio: [ 'ignore', 'inherit', 'inherit' ],
			env: { ...process.env, ...env },
		} );
		child.once( 'error', reject );
		child.once( 'close', ( code ) => resolve( code ?? 1 ) );
	} );
}

/**
 * Runs a program and returns what it prints; never throws.
 *
 * @param command Program.
 * @param args    Its arguments.
 * @param env     Environment variables besides this process's own.
 * @param onText  Is handed each piece as it comes.
 */
export function capture(
	command: string,
	args: string[],
	env: Record< string, string > = {},
	onText: ( text: string ) => void = () => {}
): Promise< { code: number; output: string } > {
	return new Promise( ( resolve ) => {
		const child = spawn( command, args, {
			stdio: [ 'ignore', 'pipe', 'pipe' ],
			env: { ...process.env, ...env },
		} );
		let output = '';
		const take = ( piece: Buffer ) => {
			const text = piece.toString();
			output += text;
			onText( text );
		};
		child.stdout.on( 'data', take );
		child.stderr.on( 'data', take );
		child.once( 'error', ( error ) =>
			resolve( { code: 127, output: output + error.message } )
		);
		child.once( 'close', ( code ) =>
			resolve( { code: code ?? 1, output } )
		);
	} );
}

/**
 * Where a program is; null where it isn't.
 *
 * @param command Its name.
 */
export function which( command: string ): string | null {
	for ( const folder of ( process.env.PATH ?? '' ).split( delimiter ) ) {
		const file = join( folder, command );
		try {
			accessSync( file, constants.X_OK );
			return file;
		} catch {
			// Not in this one.
		}
	}
	return null;
}

/** Whether packages can be installed without asking anybody. */
export function mayInstall(): boolean {
	return process.getuid?.() === 0 && which( 'apt-get' ) !== null;
}

let listsAreFresh = false;

/**
 * Installs packages of the machine's own distribution.
 *
 * @param packages Names.
 * @param why      For the sentence where it can't be done: "the PHP tests need…".
 */
export async function install(
	packages: string[],
	why: string
): Promise< void > {
	const manual = `${ why }. Install ${ packages.join(
		', '
	) } (or what your system calls it) and try again.`;
	if ( ! mayInstall() ) {
		throw new Error( manual );
	}
	process.stderr.write( `Installing ${ packages.join( ', ' ) }.\n` );
	const apt = ( ...args: string[] ) =>
		capture(
			'apt-get',
			[
				'-o',
				`DPkg::Lock::Timeout=${ APT_LOCK_SECONDS }`,
				'-q',
				'-y',
				...args,
			],
			{ DEBIAN_FRONTEND: 'noninteractive' }
		);
	if ( ! listsAreFresh ) {
		await apt( 'update' );
		listsAreFresh = true;
	}
	const { code, output } = await apt(
		'install',
		'--no-install-recommends',
		...packages
	);
	if ( code !== 0 ) {
		throw new Error(
			`${ manual } apt-get said:\n${ output.slice( -600 ) }`
		);
	}
}

/**
 * PHP and Composer with what the PHP tests and linters need.
 */
export async function ensurePhp(): Promise< void > {
	if ( ! which( 'php' ) ) {
		await install( [ 'php-cli' ], 'There is no PHP on this machine' );
	}
	const { output } = await capture( 'php', [
		'-r',
		'echo PHP_MAJOR_VERSION, ".", PHP_MINOR_VERSION, "\n", implode( "\n", get_loaded_extensions() );',
	] );
	const [ version = '', ...loaded ] = output.toLowerCase().split( '\n' );
	const [ major = 0, minor = 0 ] = version.split( '.' ).map( Number );
	if ( major * 100 + minor < 801 ) {
		throw new Error(
			`PHP ${ version } is too old: the plugin needs PHP 8.1 or newer. Install it and put it first in PATH.`
		);
	}
	/** Extension: Debian's package. */
	const needed: Record< string, string > = {
		pdo_sqlite: 'sqlite3',
		mysqli: 'mysql',
		curl: 'curl',
		dom: 'xml',
		xmlwriter: 'xml',
		mbstring: 'mbstring',
		gd: 'gd',
		zip: 'zip',
	};
	const missing = new Set(
		Object.keys( needed )
			.filter( ( name ) => ! loaded.includes( name ) )
			.map( ( name ) => `php${ version }-${ needed[ name ] }` )
	);
	if ( missing.size > 0 ) {
		await install( [ ...missing ], 'PHP lacks extensions' );
	}
	if ( ! which( 'composer' ) ) {
		await install(
			[ 'composer' ],
			'There is no Composer (https://getcomposer.org) on this machine'
		);
	}
}
