/**
 * One WordPress site run by Playground (PHP as WebAssembly, SQLite inside). Its
 * files lie on the disk, so it can be stopped and started again and is still
 * the same site.
 */
import { randomBytes } from 'node:crypto';
import {
	copyFile,
	cp,
	mkdir,
	readdir,
	readFile,
	rename,
	rm,
	writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { coreVersionIn, type CoreVersion } from '../core';
import type { SiteConfig } from './config';
import { isFree, Server } from './server';

/**
 * A site that calls itself (WP-Cron) while it serves a page and its assets needs
 * several; each costs 150 MB and half a second at the start.
 */
const WORKERS = 4;

export interface Mail {
	to: string;
	subject: string;
	text: string;
}

/** A has the plugin, B is plain; C and D are one more of each, for what needs two of a kind. */
export type SiteName = 'a' | 'b' | 'c' | 'd';

/** A WordPress that these tools have started, on whatever runtime. */
export interface RunningSite {
	readonly name: SiteName;
	/** Address without a slash at the end. */
	readonly url: string;
	/** The address under which the other site reaches it. */
	readonly urlForOthers: string;
	/** The account of the administrator. */
	readonly user: { username: string; password: string };
	/** Where WordPress logs its errors; null where that is not on this machine. */
	readonly debugLog: string | null;
	/** Mails that the site wanted to send, oldest first; null where they can't be seen. */
	mails: () => Promise< Mail[] | null >;
}

/** What tests may do with a site besides. */
export interface SiteHandle extends RunningSite {
	readonly port: number;
	readonly wp: CoreVersion;
	/** WordPress's folder on this machine. */
	readonly wordpress: string;
	/** File with what the server printed since its last start. */
	readonly log: string;
	start: ( options?: { detached?: boolean } ) => Promise< void >;
	/** Ends it: its port refuses connections then. Start it again when you like. */
	stop: () => Promise< void >;
	mails: () => Promise< Mail[] >;
}

/**
 * PHP that activates a plugin. Playground's own step for it says nothing of why
 * a plugin could not be loaded.
 *
 * @param file As in `Plugin`.
 */
function activation( file: string ): string {
	return `<?php
		try {
			require '/wordpress/wp-load.php';
			require_once ABSPATH . 'wp-admin/includes/plugin.php';
			$answer = activate_plugin( '${ file }' );
			$reason = is_wp_error( $answer ) ? $answer->get_error_message() : '';
		} catch ( Throwable $error ) {
			$reason = (string) $error;
		}
		if ( '' !== $reason ) {
			file_put_contents( 'php://stderr', $reason );
			exit( 1 );
		}`;
}

export class PlaygroundSite implements SiteHandle {
	readonly url: string;
	readonly urlForOthers: string;
	readonly user = { username: 'admin', password: 'password' };
	readonly wordpress: string;
	readonly log: string;
	readonly debugLog: string;
	private readonly server: Server;

	/**
	 * @param name      Which of them.
	 * @param config    Its wp-env file.
	 * @param port      Where it listens, on 127.0.0.1.
	 * @param wp        Its core.
	 * @param directory Its own folder; need not exist.
	 */
	constructor(
		readonly name: SiteName,
		private readonly config: SiteConfig,
		readonly port: number,
		readonly wp: CoreVersion,
		readonly directory: string
	) {
		// Not "localhost": only this address may use application passwords without TLS.
		this.url = `http://127.0.0.1:${ port }`;
		this.urlForOthers = this.url;
		this.wordpress = join( directory, 'wordpress' );
		this.debugLog = join( this.wordpress, 'wp-content/debug.log' );
		this.server = new Server( directory );
		this.log = this.server.log;
	}

	/** Whether these tools have started it and it still runs. */
	isRunning(): Promise< boolean > {
		return this.server.isRunning();
	}

	/** Throws where something else listens on the port. */
	async refuseTakenPort(): Promise< void > {
		if ( ! ( await isFree( this.port ) ) ) {
			throw new Error(
				`Port ${ this.port } is taken. Stop what uses it, or choose another: ` +
					`npm start -- --${ this.name }=${ this.port + 100 }`
			);
		}
	}

	/**
	 * Makes the site's own copy of WordPress, unless it has one already.
	 *
	 * @param core A plain core.
	 */
	async prepare( core: string ): Promise< void > {
		const has = await coreVersionIn( this.wordpress );
		if ( has !== ( await coreVersionIn( core ) ) ) {
			// Another patch release: the old site's data is not worth an upgrade.
			await rm( this.directory, { recursive: true, force: true } );
			const half = `${ this.wordpress }.part`;
			await cp( core, half, { recursive: true } );
			await this.writeWpConfig( half );
			await rename( half, this.wordpress );
		}
		const mu = join( this.wordpress, 'wp-content/mu-plugins' );
		await mkdir( mu, { recursive: true } );
		const own = join( __dirname, 'mu-plugins' );
		for ( const file of await readdir( own ) ) {
			await copyFile( join( own, file ), join( mu, file ) );
		}
	}

	async start( { detached = false } = {} ): Promise< void > {
		await this.refuseTakenPort();
		const blueprint = join( this.directory, 'blueprint.json' );
		await writeFile(
			blueprint,
			JSON.stringify( this.blueprint(), null, '\t' )
		);
		const args = [
			...[ '--port', String( this.port ) ],
			...[ '--site-url', this.url ],
			...[ '--workers', String( WORKERS ) ],
			...[ '--blueprint', blueprint ],
			...[ '--mount-dir-before-install', this.wordpress, '/wordpress' ],
			...[
				'--wordpress-install-mode',
				'install-from-existing-files-if-needed',
			],
			...this.config.plugins.flatMap( ( { directory, file } ) => [
				'--mount-dir',
				directory,
				`/wordpress/wp-content/plugins/${ dirname( file ) }`,
			] ),
		];
		await this.server.start( args, detached ).catch( ( error: Error ) => {
			throw new Error(
				`Site ${ this.name.toUpperCase() } did not start: ${
					error.message
				}`
			);
		} );
		// The first request gets an empty redirect that resets Playground's cookies.
		await ( await fetch( this.url, { redirect: 'manual' } ) ).arrayBuffer();
	}

	stop(): Promise< void > {
		return this.server.stop();
	}

	async mails(): Promise< Mail[] > {
		const folder = join( this.wordpress, 'wp-content/mails' );
		const names = await readdir( folder ).catch( () => [] );
		return Promise.all(
			names
				.filter( ( name ) => name.endsWith( '.json' ) )
				.sort()
				.map(
					async ( name ) =>
						JSON.parse(
							await readFile( join( folder, name ), 'utf8' )
						) as Mail
				)
		);
	}

	/** Steps that Playground carries out at each start; all may be repeated. */
	private blueprint() {
		return {
			// Playground ignores --php when there is a blueprint.
			preferredVersions: { php: this.config.phpVersion, wp: 'latest' },
			steps: [
				{
					step: 'setSiteOptions',
					options: {
						users_can_register: '1',
						permalink_structure: '/%postname%/',
						blogname: `Site ${ this.name.toUpperCase() }`,
					},
				},
				...this.config.plugins.map( ( { file } ) => ( {
					step: 'runPHP',
					code: activation( file ),
				} ) ),
			],
		};
	}

	/** With salts of its own, as any installed site has. */
	private async writeWpConfig( wordpress: string ): Promise< void > {
		const sample = await readFile(
			join( wordpress, 'wp-config-sample.php' ),
			'utf8'
		);
		const own = Object.entries( this.config.constants ).map(
			( [ name, value ] ) =>
				`define( '${ name }', ${
					typeof value === 'string' ? `'${ value }'` : String( value )
				} );`
		);
		await writeFile(
			join( wordpress, 'wp-config.php' ),
			sample
				.replace( /put your unique phrase here/g, () =>
					randomBytes( 32 ).toString( 'hex' )
				)
				.replace( /^define\( 'WP_DEBUG'.*$/m, '' )
				.replace( /^(\/\* That's all)/m, `${ own.join( '\n' ) }\n\n$1` )
		);
	}
}
