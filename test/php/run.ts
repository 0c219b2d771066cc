/**
 * Runs PHPUnit in a real WordPress, on MariaDB and on SQLite, with a second
 * real WordPress to deliver to.
 *
 * `npx tsx test/php/run.ts --db=sqlite --filter=…` runs on one database and
 * passes the rest to PHPUnit. `WP_VERSION` and `REMOTE_WP_VERSION` choose the
 * cores (7.1).
 */
import { spawn } from 'node:child_process';
import {
	access,
	copyFile,
	mkdir,
	mkdtemp,
	readFile,
	rm,
	symlink,
	writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { getCore } from '../../tools/core';
import { need, NEEDS } from '../lab/machine';
import { MariaDb } from '../lab/mariadb';
import { freePort, run, start, stop, waitUntil } from '../lab/process';
import {
	addControl,
	copyCore,
	installWordPress,
	PROJECT,
	toCoreVersion,
	addSqlite,
} from '../lab/wordpress';

const DATABASES = [ 'mariadb', 'sqlite' ] as const;
type Database = ( typeof DATABASES )[ number ];

const say = ( sentence: string ) => console.error( sentence );

interface Remote {
	folder: string;
	env: Record< string, string >;
}

/**
 * What must be undone, the last first: also when a person presses Ctrl-C.
 */
const undo: Array< () => Promise< void > > = [];

async function clean(): Promise< void > {
	for ( const step of undo.splice( 0 ).reverse() ) {
		await step();
	}
}

/**
 * A plain WordPress under PHP's built-in server.
 *
 * @param work Folder that it may use.
 */
async function startRemote( work: string ): Promise< Remote > {
	const folder = join( work, 'remote' );
	await copyCore(
		toCoreVersion( process.env.REMOTE_WP_VERSION ?? '7.1' ),
		folder,
		say
	);
	const content = join( folder, 'wp-content' );
	await addSqlite( content );
	await addControl( content );
	await mkdir( join( folder, 'control' ) );
	await copyFile(
		join( PROJECT, 'test/php/wp-config-remote.php' ),
		join( folder, 'wp-config.php' )
	);
	const port = await freePort();
	const env: Record< string, string > = {
		TANDEM_REMOTE_URL: `http://127.0.0.1:${ port }`,
		TANDEM_REMOTE_DIR: folder,
		TANDEM_REMOTE_KEY: crypto.randomUUID(),
	};
	env.TANDEM_REMOTE_PASSWORD = await installWordPress(
		folder,
		'Site B',
		'password of b',
		env
	);
	env.PHP_CLI_SERVER_WORKERS = '4';
	const command = [
		'php',
		'-S',
		`127.0.0.1:${ port }`,
		'-t',
		folder,
		join( PROJECT, 'test/php/router.php' ),
	];
	const pid = start(
		'php',
		command.slice( 1 ),
		join( folder, 'server.log' ),
		{ ...process.env, ...env }
	);
	const server = join( folder, 'server.json' );
	await writeFile( server, JSON.stringify( { pid, command } ) );
	undo.push( async () => {
		// A test may have started it anew.
		const now = JSON.parse( await readFile( server, 'utf8' ) ) as {
			pid: number;
		};
		await stop( now.pid, 'SIGKILL' );
	} );
	await waitUntil( async () => {
		const response = await fetch( `${ env.TANDEM_REMOTE_URL }/index.php`, {
			method: 'POST',
			headers: { 'X-Tandem-Control': env.TANDEM_REMOTE_KEY as string },
			body: JSON.stringify( { do: 'keep' } ),
		} );
		if ( ! response.ok ) {
			throw new Error( await response.text() );
		}
		return true;
	}, `the remote WordPress does not start; ${ folder }/server.log says why` );
	return { folder, env };
}

/**
 * The folder that takes wp-content's place for the WordPress in PHPUnit's process.
 *
 * @param folder   Is made.
 * @param database Which one it uses.
 */
async function makeContent(
	folder: string,
	database: Database
): Promise< void > {
	await mkdir( join( folder, 'plugins' ), { recursive: true } );
	await mkdir( join( folder, 'themes' ) );
	await mkdir( join( folder, 'uploads' ) );
	await symlink(
		join( PROJECT, 'plugin' ),
		join( folder, 'plugins/tandem-user-sync' )
	);
	if ( database === 'sqlite' ) {
		await addSqlite( folder );
	}
}

/**
 * Installs WordPress in a fresh database and runs PHPUnit in it.
 *
 * @param database Which kind.
 * @param work     Folder that it may use.
 * @param core     A WordPress core, only read.
 * @param remote   The remote site.
 * @param rest     Arguments for PHPUnit.
 * @return PHPUnit's exit code.
 */
async function runOn(
	database: Database,
	work: string,
	core: string,
	remote: Remote,
	rest: readonly string[]
): Promise< number > {
	const folder = join( work, database );
	const content = join( folder, 'content' );
	await makeContent( content, database );
	const env: NodeJS.ProcessEnv = {
		...process.env,
		...remote.env,
		TANDEM_TEST_CORE: core,
		TANDEM_TEST_CONTENT: content,
		TANDEM_TEST_DATABASE: 'tandem',
		TANDEM_TEST_SOCKET: '',
	};
	if ( database === 'mariadb' ) {
		const server = await MariaDb.start( join( folder, 'mariadb' ), {
			durable: false,
		} );
		undo.push( () => server.stop() );
		await server.createDatabase( 'tandem' );
		env.TANDEM_TEST_SOCKET = server.socket;
	}
	await run(
		'php',
		[
			'-d',
			'display_errors=stderr',
			join( PROJECT, 'test/php/install.php' ),
		],
		{ env }
	);
	say(
		`PHPUnit on ${ database === 'sqlite' ? 'SQLite' : 'MariaDB' }, WordPress ${ core.split( '/' ).at( -1 ) ?? '' }`
	);
	return new Promise( ( resolve, reject ) => {
		const phpunit = spawn(
			'php',
			[
				'-d',
				'memory_limit=1G',
				'-d',
				'display_errors=stderr',
				join( PROJECT, 'vendor/bin/phpunit' ),
				'--configuration',
				join( PROJECT, 'phpunit.xml.dist' ),
				...rest,
			],
			{ cwd: PROJECT, env, stdio: 'inherit' }
		);
		phpunit.on( 'error', reject );
		phpunit.on( 'close', ( code ) => resolve( code ?? 1 ) );
	} );
}

async function main( args: readonly string[] ): Promise< number > {
	const chosen = args
		.filter( ( arg ) => arg.startsWith( '--db=' ) )
		.map( ( arg ) => arg.slice( '--db='.length ) );
	const unknown = chosen.find(
		( name ) => ! ( DATABASES as readonly string[] ).includes( name )
	);
	if ( unknown !== undefined ) {
		throw new Error(
			`--db is ${ DATABASES.join( ' or ' ) }, not ${ unknown }.`
		);
	}
	const databases = DATABASES.filter(
		( name ) => chosen.length === 0 || chosen.includes( name )
	);
	const rest = args.filter( ( arg ) => ! arg.startsWith( '--db=' ) );

	await need(
		[
			...NEEDS.php,
			...NEEDS.sqlite,
			...( databases.includes( 'mariadb' ) ? NEEDS.mariadb : [] ),
		],
		say
	);
	await access( join( PROJECT, 'vendor/bin/phpunit' ) ).catch( () => {
		throw new Error( 'PHPUnit is missing: run "composer install" first.' );
	} );

	const work = await mkdtemp( join( tmpdir(), 'tandem-phpunit-' ) );
	undo.push( () => rm( work, { recursive: true, force: true } ) );
	const core = await getCore(
		toCoreVersion( process.env.WP_VERSION ?? '7.1' ),
		say
	);
	const remote = await startRemote( work );
	let worst = 0;
	for ( const database of databases ) {
		worst = Math.max(
			worst,
			await runOn( database, work, core, remote, rest )
		);
	}
	return worst;
}

for ( const name of [ 'SIGINT', 'SIGTERM' ] as const ) {
	process.once( name, () => {
		void clean().finally( () => process.exit( 130 ) );
	} );
}

main( process.argv.slice( 2 ) )
	.catch( ( error: Error ) => {
		say( error.message );
		return 1;
	} )
	.then( async ( code ) => {
		await clean();
		process.exitCode = code;
	} );
