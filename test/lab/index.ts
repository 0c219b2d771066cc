/**
 * The lab: any number of WordPress sites on nginx, PHP-FPM and a private MariaDB,
 * all on loopback, in a folder of their own, gone without a trace.
 *
 * 	const lab = await Lab.up( { sites: [
 * 		{ name: 'a', wp: '7.1', plugin: true },
 * 		{ name: 'b', wp: '6.8', plugin: false },
 * 	] } );
 * 	await lab.connect( 'a', 'b' );
 * 	await lab.site( 'b' ).refuse();
 * 	await lab.down();
 */
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { need, NEEDS } from './machine';
import { MariaDb } from './mariadb';
import { freePort, signal } from './process';
import { LabSite, phpVersion, type SiteOptions, type SiteState } from './site';

export { LabSite } from './site';
export type { Fault, SeenRequest, SiteOptions, Stop } from './site';

export interface LabOptions {
	sites: SiteOptions[];
	/** A folder for it; a temporary one unless told otherwise. */
	folder?: string;
	/** Whether it outlives this process. */
	detached?: boolean;
	/** Whether a commit is on the disk when it returns, as on a real host; true unless told otherwise. */
	durable?: boolean;
	/** First port that may be used; any free one unless told otherwise. */
	port?: number;
	/** Is told what is being done. */
	say?: ( sentence: string ) => void;
}

interface LabState {
	/** For sockets, whose paths must be short. */
	sockets: string;
	sites: SiteState[];
}

const SIGNALS = [ 'SIGINT', 'SIGTERM', 'SIGHUP' ] as const;

export class Lab {
	private readonly sites = new Map< string, LabSite >();
	/** Nothing outlives this process, even if it is interrupted. */
	private readonly killAll = () => {
		for ( const pid of [
			...this.processes(),
			...( this.server ? [ this.server.pid ] : [] ),
		] ) {
			signal( pid, 'SIGKILL' );
		}
		for ( const folder of [ this.folder, this.sockets ] ) {
			rmSync( folder, { recursive: true, force: true, maxRetries: 3 } );
		}
	};
	/** Without this, a signal ends Node before it tells anybody. */
	private readonly endBySignal = () => process.exit( 130 );

	private constructor(
		readonly folder: string,
		private readonly sockets: string,
		private server: MariaDb | null
	) {}

	/**
	 * Starts sites.
	 *
	 * @param options Which, and how.
	 * @return When all of them answer. Throws an Error with a sentence that says what to do.
	 */
	static async up( options: LabOptions ): Promise< Lab > {
		const say = options.say ?? ( () => {} );
		await need( [ ...NEEDS.php, ...NEEDS.mariadb, ...NEEDS.nginx ], say );
		const version = await phpVersion();
		await need(
			[
				{
					what: `php-fpm${ version }`,
					debian: `php${ version }-fpm`,
				},
			],
			say
		);
		const folder =
			options.folder ??
			( await mkdtemp( join( tmpdir(), 'tandem-lab-' ) ) );
		await mkdir( folder, { recursive: true } );
		if (
			await readFile( join( folder, 'lab.json' ) ).catch( () => null )
		) {
			throw new Error(
				`There is a lab in ${ folder } already. Take it down first: npm run lab -- down`
			);
		}
		// What is left of a lab that did not come up, kept for its logs.
		for ( const name of [
			'mariadb',
			...options.sites.map( ( site ) => site.name ),
		] ) {
			await rm( join( folder, name ), { recursive: true, force: true } );
		}
		const sockets = await mkdtemp( join( tmpdir(), 'tandem-s-' ) );
		const server = await MariaDb.start( join( folder, 'mariadb' ), {
			durable: options.durable ?? true,
			socket: join( sockets, 'mariadb' ),
		} );
		const lab = new Lab( folder, sockets, server );
		if ( ! options.detached ) {
			process.once( 'exit', lab.killAll );
			SIGNALS.forEach( ( name ) =>
				process.once( name, lab.endBySignal )
			);
		}
		try {
			const ports = new Set< number >();
			for ( const site of options.sites ) {
				let port = site.port ?? ( await freePort( options.port ?? 0 ) );
				while ( ports.has( port ) ) {
					port = await freePort( options.port ? port + 1 : 0 );
				}
				ports.add( port );
			}
			const free = [ ...ports ];
			// All are waited for, so that a failure of one takes the others down too.
			const making = options.sites.map( ( site, index ) =>
				LabSite.make(
					site,
					join( folder, site.name ),
					join( sockets, site.name ),
					free[ index ] as number,
					() => lab.database,
					() => lab.save(),
					say
				)
			);
			const made = await Promise.allSettled( making );
			for ( const result of made ) {
				if ( result.status === 'fulfilled' ) {
					lab.sites.set( result.value.name, result.value );
				}
			}
			for ( const result of made ) {
				if ( result.status === 'rejected' ) {
					throw result.reason;
				}
			}
			await lab.save();
			return lab;
		} catch ( error ) {
			await lab.down( { keep: true } );
			throw error;
		}
	}

	/**
	 * A lab that another process has started; null where there is none.
	 *
	 * @param folder Its folder.
	 */
	static async attach( folder: string ): Promise< Lab | null > {
		const text = await readFile( join( folder, 'lab.json' ), 'utf8' ).catch(
			() => null
		);
		if ( text === null ) {
			return null;
		}
		const state = JSON.parse( text ) as LabState;
		const lab = new Lab(
			folder,
			state.sockets,
			await MariaDb.attach( join( folder, 'mariadb' ) )
		);
		for ( const site of state.sites ) {
			lab.sites.set(
				site.options.name,
				LabSite.attach(
					site,
					() => lab.database,
					() => lab.save()
				)
			);
		}
		return lab;
	}

	/**
	 * One of its sites.
	 *
	 * @param name As given to `up`.
	 */
	site( name: string ): LabSite {
		const site = this.sites.get( name );
		if ( ! site ) {
			throw new Error(
				`The lab has no site "${ name }", only ${ [
					...this.sites.keys(),
				].join( ', ' ) }.`
			);
		}
		return site;
	}

	/** All of its sites. */
	all(): LabSite[] {
		return [ ...this.sites.values() ];
	}

	/** The database server; a database is called as its site. */
	get database(): MariaDb {
		if ( ! this.server ) {
			throw new Error( "The lab's database does not run." );
		}
		return this.server;
	}

	/** Ends the database server, as a crash would; `startDatabase()` brings it back with its data. */
	async stopDatabase(): Promise< void > {
		await this.database.stop();
		this.server = null;
	}

	async startDatabase(): Promise< void > {
		this.server ??= await MariaDb.start( join( this.folder, 'mariadb' ), {
			durable: true,
			socket: join( this.sockets, 'mariadb' ),
		} );
	}

	/**
	 * Connects a site with Tandem to another, as the administrator would by hand.
	 *
	 * @param from Name of the site that has Tandem.
	 * @param to   Name of the other.
	 * @return The remote site's id on the first.
	 */
	async connect( from: string, to: string ): Promise< number > {
		const remote = this.site( to );
		const admin = await this.site( from ).visitAs( 'admin' );
		const added = await admin.rest< { id: number } >(
			'POST',
			'tandem/v1/sites',
			{
				url: remote.url,
				username: remote.adminUsername,
				password: await remote.applicationPassword(),
			}
		);
		return added.id;
	}

	/**
	 * Pairs two sites that both have Tandem, as their owner does: Connect on the first, Approve on the second.
	 *
	 * @param from Name of the site where the owner begins.
	 * @param to   Name of the other.
	 * @param site Id of the other on the first, to connect it again.
	 * @return The other's id on the first.
	 */
	async pair( from: string, to: string, site?: number ): Promise< number > {
		const owner = await this.site( from ).visitAs( 'admin' );
		const { authorizeUrl } = await owner.rest< { authorizeUrl: string } >(
			'POST',
			'tandem/v1/sites/connect',
			site === undefined ? { url: this.site( to ).url } : { site }
		);
		const back = await this.approve( to, authorizeUrl );
		const landing = await owner.request( back );
		const clean = landing.headers.get( 'location' ) ?? '';
		if (
			landing.status !== 303 ||
			/password|tandem_connect/.test( clean )
		) {
			throw new Error(
				`Coming back ended at ${ landing.status } ${ clean }`
			);
		}
		const sites = await owner.rest< { id: number; url: string }[] >(
			'GET',
			'tandem/v1/sites'
		);
		const found = sites.find( ( { url } ) => url === this.site( to ).url );
		if ( ! found ) {
			const page = await ( await owner.request( clean ) ).text();
			throw new Error(
				`The sites are not paired: ${ /"notice":\{[^}]*\}/.exec( page )?.[ 0 ] }`
			);
		}
		return found.id;
	}

	/**
	 * Approves an application password on WordPress's own screen.
	 *
	 * @param name         Site.
	 * @param authorizeUrl The screen with its parameters.
	 * @return Where WordPress sends the owner then.
	 */
	async approve( name: string, authorizeUrl: string ): Promise< string > {
		const admin = await this.site( name ).visitAs( 'admin' );
		const screen = await ( await admin.request( authorizeUrl ) ).text();
		const form: Record< string, string > = {};
		for ( const [ , key = '', value = '' ] of screen.matchAll(
			/<input type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g
		) ) {
			form[ key ] = value
				.replaceAll( '&amp;', '&' )
				.replaceAll( '&#038;', '&' );
		}
		const appName =
			/name="app_name" value="([^"]*)"/.exec( screen )?.[ 1 ] ?? '';
		const response = await admin.request(
			'/wp-admin/authorize-application.php',
			{
				form: {
					...form,
					app_name: appName || 'Tandem',
					approve: 'Yes, I approve of this connection',
				},
			}
		);
		const location = response.headers.get( 'location' );
		if ( ! location ) {
			throw new Error(
				`Approving ended at ${ response.status }: ${ ( await response.text() ).replace( /<[^>]+>/g, ' ' ).slice( 0, 500 ) }`
			);
		}
		return location;
	}

	/**
	 * Ends everything and removes it.
	 *
	 * @param options      How.
	 * @param options.keep Leave the files, to look at logs.
	 */
	async down( options: { keep?: boolean } = {} ): Promise< void > {
		await Promise.all( this.all().map( ( site ) => site.stop() ) );
		await this.server?.stop();
		this.server = null;
		process.off( 'exit', this.killAll );
		SIGNALS.forEach( ( name ) => process.off( name, this.endBySignal ) );
		await rm( this.sockets, { recursive: true, force: true } );
		await rm( join( this.folder, 'lab.json' ), { force: true } );
		if ( ! options.keep ) {
			await rm( this.folder, { recursive: true, force: true } );
		}
	}

	private processes(): number[] {
		return this.all().flatMap( ( site ) => site.processes );
	}

	private async save(): Promise< void > {
		const state: LabState = {
			sockets: this.sockets,
			sites: this.all().map( ( site ) => site.toJSON() ),
		};
		await writeFile(
			join( this.folder, 'lab.json' ),
			JSON.stringify( state, null, '\t' )
		);
	}
}
