/**
 * A MariaDB of our own: its data in a folder, reached by a socket in that folder,
 * no network, nothing of the machine's own server used or changed.
 */
import {
	mkdir,
	mkdtemp,
	readFile,
	rename,
	rm,
	writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { cacheDirectory } from '../../tools/core';
import { locate } from './machine';
import { isAlive, run, start, stop, waitUntil } from './process';

export interface MariaDbOptions {
	/** True as on a real host: a commit is on the disk when it returns. False for tests, which are quicker. */
	durable: boolean;
	/** Path of its socket, for a server that comes back at the same place; at most 107 characters. */
	socket?: string;
}

const AS_ROOT = process.getuid?.() === 0 ? [ '--user=root' ] : [];

/** The longest path of a socket that Linux takes is 107 characters: the folder of data may be deeper. */
async function socketFolder(): Promise< string > {
	return mkdtemp( join( tmpdir(), 'tandem-db-' ) );
}

/**
 * An empty data folder, made once for each version of MariaDB: making one takes
 * seconds, copying it does not.
 */
async function template(): Promise< string > {
	const server = await locate( 'mariadbd' );
	const version =
		/Ver (\S+)/.exec( await run( server, [ '--version' ] ) )?.[ 1 ] ??
		'unknown';
	const final = join(
		cacheDirectory(),
		'mariadb',
		version.replace( /[^\w.-]/g, '_' )
	);
	const isThere = () =>
		readFile( join( final, 'ibdata1' ) ).then(
			() => true,
			() => false
		);
	if ( await isThere() ) {
		return final;
	}
	await mkdir( join( cacheDirectory(), 'mariadb' ), { recursive: true } );
	const work = await mkdtemp( `${ final }.` );
	try {
		await run( await locate( 'mariadb-install-db' ), [
			'--no-defaults',
			...AS_ROOT,
			`--datadir=${ work }`,
			'--auth-root-authentication-method=normal',
			'--skip-test-db',
			'--innodb-log-file-size=32M',
		] );
		await rename( work, final ).catch( async ( error: Error ) => {
			// Another process may have been quicker.
			if ( ! ( await isThere() ) ) {
				throw error;
			}
		} );
	} finally {
		await rm( work, { recursive: true, force: true } );
	}
	return final;
}

export class MariaDb {
	private constructor(
		private readonly folder: string,
		private readonly options: MariaDbOptions,
		readonly socket: string,
		readonly pid: number
	) {}

	/**
	 * Starts a server; with a folder that one has run in before, with its data.
	 *
	 * @param folder  Where its data, log and configuration lie.
	 * @param options How it runs.
	 */
	static async start(
		folder: string,
		options: MariaDbOptions
	): Promise< MariaDb > {
		const data = join( folder, 'data' );
		await mkdir( folder, { recursive: true } );
		const isNew = await mkdir( data ).then(
			() => true,
			() => false
		);
		if ( isNew ) {
			await run( 'cp', [ '-r', `${ await template() }/.`, data ] );
		}
		const log = join( folder, 'mariadb.log' );
		const socket = options.socket ?? join( await socketFolder(), 's' );
		const pid = start(
			await locate( 'mariadbd' ),
			[
				'--no-defaults',
				...AS_ROOT,
				`--datadir=${ data }`,
				`--socket=${ socket }`,
				`--pid-file=${ join( folder, 'mariadb.pid' ) }`,
				'--skip-networking',
				'--skip-log-bin',
				'--character-set-server=utf8mb4',
				'--innodb-log-file-size=32M',
				'--innodb-buffer-pool-size=128M',
				'--max-connections=300',
				`--innodb-flush-log-at-trx-commit=${ options.durable ? 1 : 0 }`,
			],
			log
		);
		const server = new MariaDb( folder, options, socket, pid );
		await writeFile(
			join( folder, 'server.json' ),
			JSON.stringify( { pid, socket, options } )
		);
		await waitUntil( async () => {
			if ( ! isAlive( pid ) ) {
				return true;
			}
			await server.query( 'SELECT 1' );
			return true;
		}, `MariaDB does not start; ${ log } says why` );
		if ( ! isAlive( pid ) ) {
			throw new Error( `MariaDB does not start; ${ log } says why.` );
		}
		return server;
	}

	/**
	 * The server that runs in a folder, started by another process; null where none does.
	 *
	 * @param folder Its folder.
	 */
	static async attach( folder: string ): Promise< MariaDb | null > {
		const text = await readFile(
			join( folder, 'server.json' ),
			'utf8'
		).catch( () => null );
		if ( text === null ) {
			return null;
		}
		const { pid, socket, options } = JSON.parse( text ) as {
			pid: number;
			socket: string;
			options: MariaDbOptions;
		};
		return isAlive( pid )
			? new MariaDb( folder, options, socket, pid )
			: null;
	}

	/**
	 * Runs SQL as root and returns the rows as the client prints them, one on a line, columns apart by tabs.
	 *
	 * @param sql      One or more statements.
	 * @param database Database to run it in.
	 */
	async query( sql: string, database?: string ): Promise< string > {
		return run(
			await locate( 'mariadb' ),
			[
				'--no-defaults',
				'--user=root',
				`--socket=${ this.socket }`,
				'--batch',
				'--skip-column-names',
				...( database ? [ database ] : [] ),
			],
			{ input: sql }
		);
	}

	/**
	 * Makes an empty database, in place of one of that name, and a user of that name who may do everything in it.
	 *
	 * @param name Letters, digits and `_`.
	 */
	async createDatabase( name: string ): Promise< void > {
		await this.query(
			`DROP DATABASE IF EXISTS \`${ name }\`; CREATE DATABASE \`${ name }\` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;
			CREATE OR REPLACE USER \`${ name }\`@localhost; GRANT ALL ON \`${ name }\`.* TO \`${ name }\`@localhost`
		);
	}

	/**
	 * Ends the connections of a database's user and takes no new ones, or takes them again.
	 *
	 * @param name   As given to `createDatabase`.
	 * @param isAway Whether it is to be away.
	 */
	async setAway( name: string, isAway: boolean ): Promise< void > {
		await this.query(
			isAway
				? `ALTER USER \`${ name }\`@localhost ACCOUNT LOCK; KILL USER \`${ name }\`@localhost`
				: `ALTER USER \`${ name }\`@localhost ACCOUNT UNLOCK`
		);
	}

	/**
	 * Refuses new rows of Tandem's tables as a full disk does ("The table is full", 1114), or takes them again.
	 * What fits in pages that are there already still succeeds on a full disk: so changes and removals do here.
	 *
	 * @param name   As given to `createDatabase`.
	 * @param isFull Whether it is to be full.
	 */
	async setFull( name: string, isFull: boolean ): Promise< void > {
		const tables = (
			await this.query( "SHOW TABLES LIKE '%tandem%'", name )
		).split( '\n' );
		for ( const table of tables.filter( Boolean ) ) {
			await this.query(
				`DROP TRIGGER IF EXISTS ${ table }_full; ${
					isFull
						? `CREATE TRIGGER ${ table }_full BEFORE INSERT ON ${ table } FOR EACH ROW SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1114, MESSAGE_TEXT = 'The table is full'`
						: ''
				}`,
				name
			);
		}
	}

	/** Ends the server; its data stay. */
	async stop(): Promise< void > {
		await stop( this.pid, this.options.durable ? 'SIGTERM' : 'SIGKILL' );
		if ( ! this.options.socket ) {
			await rm( dirname( this.socket ), {
				recursive: true,
				force: true,
			} );
		}
		await rm( join( this.folder, 'server.json' ), { force: true } );
	}
}
