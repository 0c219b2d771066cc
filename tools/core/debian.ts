/**
 * WordPress from Debian's packages, without root and without changing anything
 * on the machine: an apt configuration of our own, `apt-get download`, `dpkg -x`.
 *
 * Debian replaces the libraries that WordPress bundles by symlinks into its own
 * packages, so these are unpacked beside it and the links followed.
 */
import { execFile } from 'node:child_process';
import {
	copyFile,
	lstat,
	mkdir,
	mkdtemp,
	readdir,
	readFile,
	readlink,
	realpath,
	rm,
	stat,
	writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

import type { CoreVersion } from '.';

const run = promisify( execFile );

/** Which release of Debian has which core, and the default theme packaged there. */
const RELEASES: Record< CoreVersion, { suite: string; theme: string } > = {
	'6.1': { suite: 'bookworm', theme: 'wordpress-theme-twentytwentythree' },
	'6.8': { suite: 'trixie', theme: 'wordpress-theme-twentytwentyfive' },
	'7.1': { suite: 'sid', theme: 'wordpress-theme-twentytwentyfive' },
};

/** Packages of the `Depends` line that links in WordPress point into; the rest is PHP and web servers. */
const LINKED = /^(libjs-[\w.+-]+|libphp-[\w.+-]+|php-getid3)$/;

/** Debian's own configuration, which looks for /etc/wordpress. */
const NOT_WORDPRESS = new Set( [ 'wp-config.php', '.htaccess' ] );

interface Mirror {
	address: string;
	signedBy: string | null;
}

/**
 * The machine's own Debian mirror: the one thing that is known to be reachable.
 *
 * Understands both of apt's formats: one line (`deb … http://… suite main`) and
 * stanzas (`URIs: …`).
 */
async function findMirror(): Promise< Mirror > {
	const folder = '/etc/apt/sources.list.d';
	const parts = await readdir( folder ).catch( () => [] );
	const files = [
		'/etc/apt/sources.list',
		...parts.map( ( name ) => join( folder, name ) ),
	];
	for ( const file of files ) {
		const text = await readFile( file, 'utf8' ).catch( () => '' );
		const paragraphs = file.endsWith( '.sources' )
			? text.split( /\n\s*\n/ )
			: text.split( '\n' );
		for ( const paragraph of paragraphs ) {
			const address =
				/^URIs:\s*(\S*\/debian\/?)(?:\s|$)/m.exec( paragraph ) ??
				/^deb\s+(?:\[[^\]]*\]\s+)?(\S*\/debian\/?)\s/.exec( paragraph );
			if ( address ) {
				const key = /signed-by(?:=|:\s*)([^\s\]]+)/i.exec( paragraph );
				return {
					address: address[ 1 ] as string,
					signedBy: key?.[ 1 ] ?? null,
				};
			}
		}
	}
	throw new Error( "this machine has no Debian mirror in apt's sources" );
}

/**
 * An apt of our own in a folder: returns what runs `apt-get` and `apt-cache` with it.
 *
 * @param work  An empty folder.
 * @param suite Codename of a Debian release.
 */
async function privateApt( work: string, suite: string ) {
	const { address, signedBy } = await findMirror();
	const file = join( work, 'sources.list' );
	const options = signedBy?.startsWith( '/' )
		? ` [signed-by=${ signedBy }]`
		: '';
	await writeFile( file, `deb${ options } ${ address } ${ suite } main\n` );
	for ( const folder of [ 'lists/partial', 'cache/archives/partial' ] ) {
		await mkdir( join( work, folder ), { recursive: true } );
	}
	const settings = Object.entries( {
		'Dir::Etc::SourceList': file,
		'Dir::Etc::SourceParts': '/dev/null',
		'Dir::State::Lists': join( work, 'lists' ),
		'Dir::Cache': join( work, 'cache' ),
		// As root, apt would download as a user who may not write here.
		'APT::Sandbox::User': 'root',
		'Acquire::Languages': 'none',
	} ).flatMap( ( [ name, value ] ) => [ '-o', `${ name }=${ value }` ] );
	return async ( program: 'apt-get' | 'apt-cache', ...args: string[] ) =>
		(
			await run( program, [ ...settings, '-q', ...args ], {
				cwd: work,
				maxBuffer: 64 * 1024 * 1024,
			} )
		).stdout;
}

/**
 * Where a link leads, with `root` as the root of the file system; a file of the
 * machine itself (its certificates) where the packages don't have it.
 *
 * @param path A path under root, maybe a link.
 * @param root Folder that the packages were unpacked into.
 */
async function follow( path: string, root: string ): Promise< string > {
	let now = path;
	for ( let depth = 0; depth < 20; depth++ ) {
		const to = await readlink( now ).catch( () => null );
		if ( to === null ) {
			await stat( now ).catch( () => {
				throw new Error(
					`a link leads to ${ now.slice(
						root.length
					) }, which is in none of the packages`
				);
			} );
			return now;
		}
		const inside = to.startsWith( '/' )
			? join( root, to )
			: resolve( dirname( now ), to );
		const there = await lstat( inside ).then(
			() => true,
			() => false
		);
		now = there || ! to.startsWith( '/' ) ? inside : await realpath( to );
	}
	throw new Error( `${ path } is a circle of links` );
}

async function copyFollowing(
	from: string,
	to: string,
	root: string
): Promise< void > {
	await mkdir( to, { recursive: true } );
	for ( const name of await readdir( from ) ) {
		if ( NOT_WORDPRESS.has( name ) ) {
			continue;
		}
		const source = await follow( join( from, name ), root );
		if ( ( await stat( source ) ).isDirectory() ) {
			await copyFollowing( source, join( to, name ), root );
		} else {
			await copyFile( source, join( to, name ) );
		}
	}
}

/**
 * Puts a core with a default theme into an empty folder.
 *
 * @param version Minor version.
 * @param target  An empty folder.
 */
export async function fetchFromDebian(
	version: CoreVersion,
	target: string
): Promise< void > {
	await Promise.all( [
		run( 'apt-get', [ '--version' ] ),
		run( 'dpkg', [ '--version' ] ),
	] ).catch( () => {
		throw new Error( 'this machine has no apt' );
	} );
	const { suite, theme } = RELEASES[ version ];
	const work = await mkdtemp( join( tmpdir(), 'tandem-apt-' ) );
	try {
		const apt = await privateApt( work, suite );
		await apt( 'apt-get', 'update' );
		const about = await apt(
			'apt-cache',
			'show',
			'--no-all-versions',
			'wordpress'
		).catch( () => {
			// apt counts a mirror that does not answer as a warning.
			throw new Error( "the machine's mirror can't be reached" );
		} );
		const depends = /^Depends: (.*)$/m.exec( about )?.[ 1 ] ?? '';
		const linked = depends
			.split( /[,|]/ )
			.map( ( part ) => part.trim().split( ' ' )[ 0 ] ?? '' )
			.filter( ( name ) => LINKED.test( name ) );
		await apt(
			'apt-get',
			'download',
			...new Set( [ 'wordpress', theme, ...linked ] )
		);
		const root = join( work, 'root' );
		for ( const file of await readdir( work ) ) {
			if ( file.endsWith( '.deb' ) ) {
				await run( 'dpkg', [ '-x', join( work, file ), root ] );
			}
		}
		await copyFollowing(
			join( root, 'usr/share/wordpress' ),
			target,
			root
		);
	} finally {
		await rm( work, { recursive: true, force: true } );
	}
}
