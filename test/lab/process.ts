/**
 * Programs that are run to their end, and programs that are started and stopped.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface RunOptions {
	cwd?: string;
	env?: NodeJS.ProcessEnv;
	/** Given to the program's standard input. */
	input?: string;
}

/**
 * Runs a program to its end and returns what it printed.
 *
 * @param program Its name or path.
 * @param args    Arguments, not seen by any shell.
 * @param options Folder, environment, standard input.
 */
export function run(
	program: string,
	args: readonly string[],
	options: RunOptions = {}
): Promise< string > {
	return new Promise( ( resolve, reject ) => {
		const child = execFile(
			program,
			args,
			{
				cwd: options.cwd,
				env: options.env ?? process.env,
				maxBuffer: 256 * 1024 * 1024,
			},
			( error, stdout, stderr ) => {
				if ( error ) {
					reject(
						new Error(
							`${ program } failed: ${ (
								`${ stderr }\n${ stdout }`.trim() ||
								error.message
							).trim() }`,
							{ cause: error }
						)
					);
				} else {
					resolve( stdout );
				}
			}
		);
		// A program that ends without reading closes its end: what it said counts, not that.
		child.stdin?.on( 'error', () => {} );
		child.stdin?.end( options.input ?? '' );
	} );
}

/**
 * Starts a program in a process group of its own, its output in a file, and lets go of it.
 *
 * @param program Its name or path.
 * @param args    Arguments.
 * @param log     File that its output is appended to.
 * @param env     Environment.
 * @return Its process id, which is its group's too.
 */
export function start(
	program: string,
	args: readonly string[],
	log: string,
	env: NodeJS.ProcessEnv = process.env
): number {
	const output = openSync( log, 'a' );
	try {
		const child: ChildProcess = spawn( program, args, {
			detached: true,
			stdio: [ 'ignore', output, output ],
			env,
		} );
		// Waiting for it to answer finds out; an unheard event would end this program instead.
		child.on( 'error', () => {} );
		child.unref();
		if ( child.pid === undefined ) {
			throw new Error( `${ program } can't be started.` );
		}
		return child.pid;
	} finally {
		closeSync( output );
	}
}

/**
 * Whether a process exists.
 *
 * @param pid Process id; negative for a group.
 */
export function isAlive( pid: number ): boolean {
	try {
		process.kill( pid, 0 );
		return true;
	} catch {
		return false;
	}
}

/**
 * Sends a signal to a process group; one that is gone already is no error.
 *
 * @param pid  The group's leader.
 * @param name Signal.
 */
export function signal( pid: number, name: NodeJS.Signals ): void {
	try {
		process.kill( -pid, name );
	} catch {}
}

/**
 * What the kernel says of a process: its state and its group; nothing when there is none.
 *
 * @param pid Process id.
 */
async function stateOf(
	pid: number | string
): Promise< { state: string; group: number } | null > {
	const stat = await readFile( `/proc/${ pid }/stat`, 'utf8' ).catch(
		() => ''
	);
	// After the program's name, which may hold anything: state, parent, group.
	const [ state = '', , group ] = stat
		.slice( stat.lastIndexOf( ')' ) + 2 )
		.split( ' ' );
	return stat === '' ? null : { state, group: Number( group ) };
}

/**
 * Whether a process can do nothing any more: it is gone, or dead and not fetched yet.
 *
 * @param pid Process id.
 */
export async function isDead( pid: number ): Promise< boolean > {
	return 'ZX'.includes( ( await stateOf( pid ) )?.state ?? 'X' );
}

/**
 * Whether a process group still has somebody who does anything. The dead who wait
 * to be fetched don't count: in a container, nobody may ever come for them.
 *
 * @param group The group's leader.
 */
async function isBusy( group: number ): Promise< boolean > {
	if ( ! isAlive( -group ) ) {
		return false;
	}
	const names = await readdir( '/proc' ).catch( () => null );
	if ( names === null ) {
		return true;
	}
	for ( const name of names.filter( ( one ) => /^\d+$/.test( one ) ) ) {
		const found = await stateOf( name );
		if ( found?.group === group && ! 'ZX'.includes( found.state ) ) {
			return true;
		}
	}
	return false;
}

/**
 * Ends a process group that `start` made, and waits until it is gone.
 *
 * @param pid   The group's leader.
 * @param name  How it is asked first.
 * @param forMs After this it is killed.
 */
export async function stop(
	pid: number,
	name: NodeJS.Signals = 'SIGTERM',
	forMs = 10_000
): Promise< void > {
	signal( pid, name );
	// A stopped process (SIGSTOP) hears nothing but SIGKILL until it goes on.
	signal( pid, 'SIGCONT' );
	const gone = async () => ! ( await isBusy( pid ) );
	await waitUntil( gone, '', forMs ).catch( () => signal( pid, 'SIGKILL' ) );
	await waitUntil( gone, `process ${ pid } does not end`, 10_000 );
}

/**
 * Waits for a condition.
 *
 * @param condition Asked again and again; an exception counts as "not yet".
 * @param what      What the error says when it doesn't come true.
 * @param forMs     For how long.
 */
export async function waitUntil(
	condition: () => boolean | Promise< boolean >,
	what: string,
	forMs = 30_000
): Promise< void > {
	const end = Date.now() + forMs;
	let last = '';
	do {
		try {
			if ( await condition() ) {
				return;
			}
		} catch ( error ) {
			last = error instanceof Error ? ` (${ error.message })` : '';
		}
		await pause( 20 );
	} while ( Date.now() < end );
	throw new Error( `${ what }${ last }` );
}

/**
 * A loopback port that is free now.
 *
 * @param from First port to try; 0 lets the system choose one.
 */
export async function freePort( from = 0 ): Promise< number > {
	for ( let port = from; port <= 65_535; port++ ) {
		const found = await new Promise< number | null >( ( resolve ) => {
			const server = createServer();
			server.once( 'error', () => resolve( null ) );
			server.listen( port, '127.0.0.1', () => {
				const address = server.address();
				server.close( () =>
					resolve(
						address && typeof address === 'object'
							? address.port
							: null
					)
				);
			} );
		} );
		if ( found !== null ) {
			return found;
		}
	}
	throw new Error( `No port is free from ${ from } on.` );
}
