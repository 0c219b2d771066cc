/**
 * Sees a row the moment another connection can see it: a loop inside the database server, which looks every millisecond.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

import { locate } from '../lab/machine';
import type { MariaDb } from '../lab/mariadb';

/** A user who is about to appear. */
export interface Expected {
	database: string;
	login: string;
}

export class Watcher {
	private readonly seen = new Map< string, number >();
	private readonly waiting = new Map< string, ( at: number ) => void >();

	private constructor( private readonly client: ChildProcess ) {
		createInterface( { input: client.stdout as NodeJS.ReadableStream } ).on(
			'line',
			( line ) => {
				const [ login = '', at ] = line.split( '\t' );
				this.seen.set( login, Number( at ) * 1000 );
				this.waiting.get( login )?.( Number( at ) * 1000 );
			}
		);
	}

	/**
	 * Begins to watch.
	 *
	 * @param server   Their server.
	 * @param expected Who appears, one after the other.
	 */
	static async start(
		server: MariaDb,
		expected: readonly Expected[]
	): Promise< Watcher > {
		const client = spawn(
			await locate( 'mariadb' ),
			[
				'--no-defaults',
				'--user=root',
				`--socket=${ server.socket }`,
				'--batch',
				'--skip-column-names',
				'--unbuffered',
			],
			{ stdio: [ 'pipe', 'pipe', 'inherit' ] }
		);
		client.stdin.on( 'error', () => {} );
		client.stdin.end(
			`DELIMITER //\n${ expected
				.map(
					( { database, login } ) =>
						`BEGIN NOT ATOMIC WHILE NOT EXISTS ( SELECT 1 FROM \`${ database }\`.wp_users WHERE user_login = '${ login }' ) DO DO SLEEP( 0.001 ); END WHILE; SELECT '${ login }', UNIX_TIMESTAMP( SYSDATE( 6 ) ); END//`
				)
				.join( '\n' ) }\n`
		);
		return new Watcher( client );
	}

	/**
	 * When somebody appeared.
	 *
	 * @param login Username.
	 * @return Milliseconds since 1970. Throws an Error after half a minute.
	 */
	appeared( login: string ): Promise< number > {
		const at = this.seen.get( login );
		if ( at !== undefined ) {
			return Promise.resolve( at );
		}
		return new Promise( ( resolve, reject ) => {
			const late = setTimeout(
				() => reject( new Error( `${ login } did not arrive.` ) ),
				30_000
			);
			this.waiting.set( login, ( moment ) => {
				clearTimeout( late );
				resolve( moment );
			} );
		} );
	}

	stop(): void {
		this.client.kill();
	}
}
