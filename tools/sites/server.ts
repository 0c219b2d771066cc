/**
 * A Playground server in a process of its own, which may outlive the one that
 * started it: a folder holds its log and its process id.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify( execFile );

const STARTS_WITHIN_MS = 180_000;
const ENDS_WITHIN_MS = 10_000;

function isAlive( pid: number ): boolean {
	try {
		process.kill( pid, 0 );
	} catch {
		return false;
	}
	try {
		// It has ended, but nobody has asked for its result: in a container, say, whose first process does not.
		return ! /\) Z /.test( readFileSync( `/proc/${ pid }/stat`, 'utf8' ) );
	} catch {
		return true;
	}
}

/**
 * The command line of a process; empty where it can't be known.
 *
 * @param pid Its id.
 */
async function commandOf( pid: number ): Promise< string > {
	return readFile( `/proc/${ pid }/cmdline`, 'utf8' ).catch( () =>
		run( 'ps', [ '-ww', '-o', 'command=', '-p', String( pid ) ] ).then(
			( { stdout } ) => stdout,
			() => ''
		)
	);
}

/**
 * Whether nothing listens on a port of 127.0.0.1.
 *
 * @param port Its number.
 */
export function isFree( port: number ): Promise< boolean > {
	return new Promise( ( resolve ) => {
		const probe = createServer();
		probe.once( 'error', () => resolve( false ) );
		probe.listen( port, '127.0.0.1', () =>
			probe.close( () => resolve( true ) )
		);
	} );
}

export class Server {
	/** What it printed since its last start. */
	readonly log: string;
	private readonly pidFile: string;
	private child: ChildProcess | null = null;

	/**
	 * @param directory Folder of its log and process id.
	 */
	constructor( private readonly directory: string ) {
		this.log = join( directory, 'server.log' );
		this.pidFile = join( directory, 'server.pid' );
	}

	/**
	 * Starts it and returns when WordPress is ready.
	 *
	 * @param args     Arguments of Playground's `server` command.
	 * @param detached Whether it outlives this process.
	 */
	async start( args: string[], detached: boolean ): Promise< void > {
		const program = join(
			dirname( require.resolve( '@wp-playground/cli/package.json' ) ),
			'wp-playground.js'
		);
		const output = await open( this.log, 'w' );
		try {
			this.child = spawn(
				process.execPath,
				[ program, 'server', ...args ],
				{
					// Its own process group, so that Ctrl-C reaches it through us, in order.
					detached: true,
					stdio: [ 'ignore', output.fd, output.fd ],
					env: { ...process.env, FORCE_COLOR: '0' },
				}
			);
		} finally {
			await output.close();
		}
		await writeFile( this.pidFile, String( this.child.pid ) );
		await this.waitUntilReady( this.child );
		if ( detached ) {
			this.child.unref();
		}
	}

	/** Ends it, and all its workers. Does nothing where it doesn't run. */
	async stop(): Promise< void > {
		const pid = await this.runningPid();
		if ( pid !== null ) {
			this.signal( pid, 'SIGTERM' );
			const deadline = Date.now() + ENDS_WITHIN_MS;
			while ( isAlive( pid ) ) {
				if ( Date.now() > deadline ) {
					this.signal( pid, 'SIGKILL' );
				}
				await pause( 50 );
			}
		}
		this.child = null;
		await rm( this.pidFile, { force: true } );
	}

	/** Whether it runs, whoever started it. */
	async isRunning(): Promise< boolean > {
		return ( await this.runningPid() ) !== null;
	}

	/** Its process id, if it runs; a number from before a reboot may be anybody's by now. */
	private async runningPid(): Promise< number | null > {
		const text = await readFile( this.pidFile, 'utf8' ).catch( () => '' );
		const pid = Number( text );
		if ( ! pid || ! isAlive( pid ) ) {
			return null;
		}
		if ( this.child?.pid === pid ) {
			return pid;
		}
		return ( await commandOf( pid ) ).includes( this.directory )
			? pid
			: null;
	}

	private signal( pid: number, signal: 'SIGTERM' | 'SIGKILL' ): void {
		try {
			// The whole group; Windows has none.
			process.kill( process.platform === 'win32' ? pid : -pid, signal );
		} catch {
			// Gone meanwhile.
		}
	}

	private async waitUntilReady( child: ChildProcess ): Promise< void > {
		const deadline = Date.now() + STARTS_WITHIN_MS;
		for (;;) {
			const said = await readFile( this.log, 'utf8' );
			if ( said.includes( 'Ready!' ) ) {
				return;
			}
			if ( child.exitCode !== null || child.signalCode !== null ) {
				throw new Error( `its server ended:\n${ said.trim() }` );
			}
			if ( Date.now() > deadline ) {
				throw new Error(
					`it was not ready after ${
						STARTS_WITHIN_MS / 1000
					} s; see ${ this.log }`
				);
			}
			await pause( 100 );
		}
	}
}
