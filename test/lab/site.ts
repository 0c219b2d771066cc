/**
 * One site of the lab: a WordPress with an nginx, a PHP-FPM and a database of its own.
 *
 * nginx is a process of its own for each site, so that one site can refuse
 * connections or hang while its neighbours don't notice.
 */
import {
	mkdir,
	readFile,
	rename,
	rm,
	symlink,
	writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';

import type { CoreVersion } from '../../tools/core';
import { Visitor } from '../../tools/sites/visitor';
import { locate } from './machine';
import type { MariaDb } from './mariadb';
import {
	isAlive,
	isDead,
	run,
	signal,
	start,
	stop,
	waitUntil,
} from './process';
import { addControl, copyCore, installWordPress, PROJECT } from './wordpress';
import { wpCli } from './wp-cli';

export interface SiteOptions {
	/** Letters and digits; its database has this name too. */
	name: string;
	wp: CoreVersion;
	/** Whether Tandem is installed and active. */
	plugin: boolean;
	/** PHP workers; 8 unless told otherwise. */
	workers?: number;
	/** Address on loopback; 127.0.0.1 unless told otherwise. To a browser, another one is another site. */
	host?: string;
	/** Its port; a free one unless told otherwise. */
	port?: number;
	/** Passwords hashed at the lowest cost (true unless told otherwise), which is all that a benchmark must not do. */
	cheapHashes?: boolean;
	/** Whether each request is written down, for `requests()`; true unless told otherwise. */
	record?: boolean;
	/** Settings of PHP itself, such as `disable_functions`. */
	phpSettings?: Record< string, string >;
	/** Whether nginx keeps pages of people who are not logged in, for ten minutes, as hosts have it. */
	pageCache?: boolean;
	/** Further constants of wp-config.php. */
	constants?: Record< string, string | number | boolean >;
}

/** What the site is, for another process that takes it over. */
export interface SiteState {
	options: SiteOptions;
	folder: string;
	socket: string;
	port: number;
	key: string;
	nginx: number;
	fpm: number;
	hanging: boolean;
	/** Those that were started on the command line. */
	workers: number[];
	applicationPassword: string;
}

/** What a request to the site meets. */
export type Fault = {
	/** Which requests, by a regular expression on the address; those to REST unless told otherwise. */
	match?: string;
	/** And by their method. */
	method?: string;
	/** How many of them; all unless told otherwise. */
	times?: number;
} & (
	| { kind: 'hang' }
	/** Answers, but after some seconds. */
	| { kind: 'hang'; seconds: number }
	/** Answers this, and does nothing. */
	| {
			kind: 'answer';
			status: number;
			headers?: Record< string, string >;
			body?: string;
	  }
	/** Does what was asked and answers half of it. */
	| { kind: 'half' }
	/** Does what was asked and prints this before the answer. */
	| { kind: 'prefix'; body: string }
	/** Does what was asked and closes the connection without an answer. */
	| { kind: 'lost' }
);

/** Faults that have a name. */
export const FAULTS = {
	html: {
		kind: 'answer',
		status: 200,
		headers: { 'Content-Type': 'text/html' },
		body: '<!DOCTYPE html><html><body><h1>Back soon</h1></body></html>',
	},
	half: { kind: 'half' },
	warning: {
		kind: 'prefix',
		body: '<br />\n<b>Warning</b>:  Undefined variable $x in <b>/srv/www/plugin.php</b> on line <b>7</b><br />\n',
	},
	lost: { kind: 'lost' },
} satisfies Record< string, Fault >;

/** Where a process of the site is ended or held: just before a query. */
export interface Stop {
	/** Regular expression on the SQL. */
	query: string;
	/** Ended by SIGKILL unless told otherwise; `wait` holds it until `goOn()`. */
	then?: 'die' | 'wait';
	/** How many processes; all unless told otherwise. */
	times?: number;
	/** How likely at each such query, from 0 to 1. */
	chance?: number;
	/** Only PHP-FPM's workers, or only those on the command line. */
	in?: 'web' | 'workers';
}

/** A request as the site saw it. */
export interface SeenRequest {
	method: string;
	uri: string;
	body: string;
	authorized: boolean;
	agent: string;
	/** Unix time in seconds. */
	at: number;
}

/**
 * Where a site listens.
 *
 * @param options What it is.
 */
const hostOf = ( options: SiteOptions ) => options.host ?? '127.0.0.1';

const IS_ROOT = process.getuid?.() === 0;

/** nginx looks for its own log before it reads its configuration: `-e` says where. */
function nginxConfig( site: SiteState ): string {
	const { folder, port, socket } = site;
	const cache = site.options.pageCache === true;
	return `${ IS_ROOT ? 'user root;' : '' }
daemon off;
worker_processes 1;
pid ${ folder }/nginx.pid;
events { worker_connections 512; }
http {
	types { text/html html; text/css css; application/javascript js; image/png png; image/svg+xml svg; font/woff2 woff2; application/json json; }
	default_type application/octet-stream;
	access_log off;
	client_max_body_size 64m;
	client_body_temp_path ${ folder }/nginx-body;
	fastcgi_temp_path ${ folder }/nginx-fastcgi;
	proxy_temp_path ${ folder }/nginx-proxy;
	uwsgi_temp_path ${ folder }/nginx-uwsgi;
	scgi_temp_path ${ folder }/nginx-scgi;
	${ cache ? `fastcgi_cache_path ${ folder }/nginx-cache keys_zone=pages:1m;` : '' }
	server {
		listen ${ hostOf( site.options ) }:${ port };
		root ${ folder }/wordpress;
		index index.php;
		set $pass 0;
		if ($http_cookie ~ wordpress_logged_in) { set $pass 1; }
		if ($request_uri ~ ^/(wp-|index.php)) { set $pass 1; }
		location = /tandem-lost { internal; return 444; }
		location / { try_files $uri $uri/ /index.php?$args; }
		location ~ \\.php$ {
			try_files $uri =404;
			# Debian's fastcgi_params is not included: it drops the port from HTTP_HOST.
			fastcgi_param QUERY_STRING $query_string;
			fastcgi_param REQUEST_METHOD $request_method;
			fastcgi_param CONTENT_TYPE $content_type;
			fastcgi_param CONTENT_LENGTH $content_length;
			fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
			fastcgi_param SCRIPT_NAME $fastcgi_script_name;
			fastcgi_param REQUEST_URI $request_uri;
			fastcgi_param DOCUMENT_URI $document_uri;
			fastcgi_param DOCUMENT_ROOT $document_root;
			fastcgi_param SERVER_PROTOCOL $server_protocol;
			fastcgi_param REQUEST_SCHEME $scheme;
			fastcgi_param GATEWAY_INTERFACE CGI/1.1;
			fastcgi_param SERVER_SOFTWARE nginx;
			fastcgi_param REMOTE_ADDR $remote_addr;
			fastcgi_param REMOTE_PORT $remote_port;
			fastcgi_param SERVER_ADDR $server_addr;
			fastcgi_param SERVER_PORT $server_port;
			fastcgi_param SERVER_NAME $host;
			fastcgi_param HTTP_AUTHORIZATION $http_authorization;
			fastcgi_read_timeout 120s;
			${
				cache
					? `fastcgi_cache pages;
			fastcgi_cache_key $request_method$host$request_uri;
			fastcgi_cache_valid any 10m;
			fastcgi_cache_bypass $pass;
			fastcgi_no_cache $pass;
			add_header X-Cache $upstream_cache_status;`
					: ''
			}
			fastcgi_pass unix:${ socket };
		}
	}
}
`;
}

function fpmConfig( site: SiteState ): string {
	const { folder, socket, options } = site;
	return `[global]
daemonize = no
error_log = ${ folder }/fpm.log
[${ options.name }]
${ IS_ROOT ? 'user = root\ngroup = root' : '' }
listen = ${ socket }
pm = static
pm.max_children = ${ options.workers ?? 8 }
catch_workers_output = yes
php_admin_value[error_log] = ${ folder }/php.log
php_admin_flag[log_errors] = on
php_admin_value[memory_limit] = 256M
php_admin_value[sendmail_path] = /bin/true
${ Object.entries( options.phpSettings ?? {} )
	.map( ( [ name, value ] ) => `php_admin_value[${ name }] = ${ value }` )
	.join( '\n' ) }
`;
}

/**
 * A value as PHP source.
 *
 * @param value Text, number or truth.
 */
function toPhp( value: string | number | boolean ): string {
	return typeof value === 'string'
		? `'${ value.replace( /[\\']/g, '\\$&' ) }'`
		: String( value );
}

/**
 * A regular expression as PHP wants it.
 *
 * @param text Without delimiters.
 */
function toPattern( text: string ): string {
	return `~${ text.replaceAll( '~', '\\~' ) }~s`;
}

function wpConfig( site: SiteState, database: MariaDb ): string {
	const { options } = site;
	const constants: Record< string, string | number | boolean > = {
		DB_NAME: options.name,
		// One of its own, so that one site can lose its database and the others don't.
		DB_USER: options.name,
		DB_PASSWORD: '',
		DB_HOST: `localhost:${ database.socket }`,
		DB_CHARSET: 'utf8mb4',
		DB_COLLATE: '',
		WP_HOME: `http://${ hostOf( options ) }:${ site.port }`,
		WP_SITEURL: `http://${ hostOf( options ) }:${ site.port }`,
		WP_ENVIRONMENT_TYPE: 'local',
		WP_DEBUG: true,
		WP_DEBUG_DISPLAY: false,
		WP_DEBUG_LOG: join( site.folder, 'debug.log' ),
		AUTOMATIC_UPDATER_DISABLED: true,
		WP_HTTP_BLOCK_EXTERNAL: true,
		// Sites of the lab are each other's "external" hosts.
		WP_ACCESSIBLE_HOSTS: '127.0.0.1,127.0.0.2,127.0.0.3',
		TANDEM_CONTROL_KEY: site.key,
		TANDEM_CONTROL_DIR: join( site.folder, 'control' ),
		TANDEM_CONTROL_FAST: options.cheapHashes ?? true,
		TANDEM_CONTROL_RECORD: options.record ?? true,
		...options.constants,
	};
	for ( const scheme of [ 'AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE' ] ) {
		for ( const kind of [ 'KEY', 'SALT' ] ) {
			constants[ `${ scheme }_${ kind }` ] =
				`${ crypto.randomUUID() }${ crypto.randomUUID() }`;
		}
	}
	const lines = Object.entries( constants ).map(
		( [ name, value ] ) => `define( '${ name }', ${ toPhp( value ) } );`
	);
	return `<?php
${ lines.join( '\n' ) }
$table_prefix = 'wp_';
if ( ! defined( 'ABSPATH' ) ) {
	define( 'ABSPATH', __DIR__ . '/' );
}
require_once ABSPATH . 'wp-settings.php';
`;
}

/** Debian names PHP-FPM by its version. */
export async function locateFpm(): Promise< string > {
	return locate( `php-fpm${ await phpVersion() }` ).catch( () =>
		locate( 'php-fpm' )
	);
}

/** Such as `8.2`, of the PHP on the path. */
export async function phpVersion(): Promise< string > {
	return run( 'php', [
		'-r',
		'echo PHP_MAJOR_VERSION . "." . PHP_MINOR_VERSION;',
	] );
}

export class LabSite {
	readonly adminUsername = 'admin';
	readonly adminPassword = 'password';

	private constructor(
		private readonly state: SiteState,
		private readonly database: () => MariaDb,
		/** Called when something about the site has changed that another process must know. */
		private readonly changed: () => Promise< void >
	) {}

	get name(): string {
		return this.state.options.name;
	}

	/** Address without a slash at the end. */
	get url(): string {
		return `http://${ hostOf( this.state.options ) }:${ this.state.port }`;
	}

	/** WordPress's folder. */
	get folder(): string {
		return join( this.state.folder, 'wordpress' );
	}

	/** WordPress's debug log, which may not exist. */
	get debugLog(): string {
		return join( this.state.folder, 'debug.log' );
	}

	/**
	 * Makes a site and starts it.
	 *
	 * @param options What it is.
	 * @param folder  A folder for it alone.
	 * @param socket  Path for PHP-FPM's socket, at most 107 characters.
	 * @param port    Its port.
	 * @param server  The database server, which may be another one later.
	 * @param changed Called when its state has changed.
	 * @param say     Is told what is being done.
	 */
	static async make(
		options: SiteOptions,
		folder: string,
		socket: string,
		port: number,
		server: () => MariaDb,
		changed: () => Promise< void >,
		say: ( sentence: string ) => void
	): Promise< LabSite > {
		const site = new LabSite(
			{
				options,
				folder,
				socket,
				port,
				key: crypto.randomUUID(),
				nginx: 0,
				fpm: 0,
				hanging: false,
				workers: [],
				applicationPassword: '',
			},
			server,
			changed
		);
		await copyCore( options.wp, site.folder, say );
		await mkdir( join( folder, 'control' ) );
		const content = join( site.folder, 'wp-content' );
		await addControl( content );
		await writeFile(
			join( site.folder, 'wp-config.php' ),
			wpConfig( site.state, server() )
		);
		await server().createDatabase( options.name );
		site.state.applicationPassword = await installWordPress(
			site.folder,
			`Site ${ options.name.toUpperCase() }`,
			site.adminPassword
		);
		await writeFile(
			join( folder, 'nginx.conf' ),
			nginxConfig( site.state )
		);
		await writeFile( join( folder, 'fpm.conf' ), fpmConfig( site.state ) );
		try {
			await site.start();
			if ( options.plugin ) {
				await site.installPlugin();
			}
			await site.control( { do: 'keep' } );
			return site;
		} catch ( error ) {
			await site.stop();
			throw error;
		}
	}

	/**
	 * A site that another process has made.
	 *
	 * @param state   What that process wrote down.
	 * @param server  The database server.
	 * @param changed Called when its state has changed.
	 */
	static attach(
		state: SiteState,
		server: () => MariaDb,
		changed: () => Promise< void >
	): LabSite {
		return new LabSite( state, server, changed );
	}

	toJSON(): SiteState {
		return this.state;
	}

	/** Process groups that belong to it. */
	get processes(): number[] {
		return [
			this.state.nginx,
			this.state.fpm,
			...this.state.workers,
		].filter( ( pid ) => pid > 0 );
	}

	/** Puts Tandem in place as it is in this checkout, and activates it. */
	async installPlugin(): Promise< void > {
		const target = join(
			this.folder,
			'wp-content/plugins/tandem-user-sync'
		);
		await rm( target, { force: true } );
		await symlink( join( PROJECT, 'plugin' ), target );
		const problem = await this.php(
			`require_once ABSPATH . 'wp-admin/includes/plugin.php';
			$result = activate_plugin( 'tandem-user-sync/tandem-user-sync.php' );
			return is_wp_error( $result ) ? $result->get_error_message() : null;`
		);
		if ( problem !== null ) {
			throw new Error(
				`Tandem can't be activated: ${ String( problem ) }`
			);
		}
	}

	/**
	 * Adds a must-use plugin.
	 *
	 * @param file Its file name.
	 * @param text Its text.
	 */
	async addMuPlugin( file: string, text: string ): Promise< void > {
		await writeFile(
			join( this.folder, 'wp-content/mu-plugins', file ),
			text
		);
	}

	// What the site can be asked.

	/** A visitor who has not logged in. */
	visitor(): Visitor {
		return new Visitor( this.url );
	}

	/**
	 * A visitor who is logged in, without the log-in.
	 *
	 * @param username Whose cookies.
	 */
	async visitAs( username: string ): Promise< Visitor > {
		const visitor = this.visitor();
		const response = await visitor.request( '/index.php', {
			json: { do: 'visit', login: username },
			headers: { 'X-Tandem-Control': this.state.key },
		} );
		await this.valueOf( response );
		return visitor;
	}

	/**
	 * Runs PHP inside this site's WordPress, in a web request of its own (so what happens after an answer happens too).
	 *
	 * @param code PHP; `return` gives a value.
	 * @return The value, as JSON can carry it.
	 */
	php( code: string ): Promise< unknown > {
		return this.control( { do: 'run', code } );
	}

	/**
	 * Runs PHP on `init` of each request from now on; an empty text ends it.
	 *
	 * @param code PHP.
	 */
	async onEveryRequest( code: string ): Promise< void > {
		await this.control( { do: 'every-request', code } );
	}

	/**
	 * Runs WP-CLI in this site and returns what it printed.
	 *
	 * @param args  Such as `[ 'user', 'list' ]`.
	 * @param input Given to its standard input.
	 */
	async wp( args: readonly string[], input = '' ): Promise< string > {
		return run(
			'php',
			[
				'-d',
				'error_reporting=8191',
				await wpCli(),
				`--path=${ this.folder }`,
				...( IS_ROOT ? [ '--allow-root' ] : [] ),
				...args,
			],
			{ input }
		);
	}

	/** A new application password of the administrator. */
	async applicationPassword(): Promise< string > {
		return String(
			await this.php(
				`return WP_Application_Passwords::create_new_application_password( 1, array( 'name' => 'Lab ' . wp_generate_uuid4() ) )[0];`
			)
		);
	}

	/**
	 * The requests that the site was sent since it was made or reset.
	 */
	async requests(): Promise< SeenRequest[] > {
		return ( await this.control( { do: 'requests' } ) ) as SeenRequest[];
	}

	/** The mails that it wanted to send, with the arguments of `wp_mail()`. */
	async mails(): Promise<
		Array< { to: string | string[]; subject: string; message: string } >
	> {
		return ( await this.control( { do: 'mails' } ) ) as Array< {
			to: string | string[];
			subject: string;
			message: string;
		} >;
	}

	/** Everybody but the administrator goes, and the records with them. */
	async reset(): Promise< void > {
		await this.control( { do: 'reset' } );
	}

	// Faults.

	/** Refuses connections until `restore()`. PHP goes on with what it does. */
	async refuse(): Promise< void > {
		await this.stopNginx();
		await this.changed();
	}

	/** Accepts connections and never answers, until `restore()`. PHP goes on with what it does. */
	async hang(): Promise< void > {
		if ( ! isAlive( this.state.nginx ) ) {
			await this.startNginx();
		}
		// The kernel goes on accepting for a stopped process.
		signal( this.state.nginx, 'SIGSTOP' );
		this.state.hanging = true;
		await this.changed();
	}

	/** Ends a fault. Requests that were hanging are gone, not done late. */
	async restore(): Promise< void > {
		if ( this.state.hanging ) {
			await this.stopNginx();
		}
		if ( this.state.nginx === 0 || ! isAlive( this.state.nginx ) ) {
			await this.startNginx();
		}
		await this.changed();
	}

	/**
	 * Lets requests meet a fault, until `heal()` or another one. Who asks by this class is not concerned.
	 *
	 * @param fault Which.
	 */
	async fault( fault: Fault ): Promise< void > {
		await this.control( {
			do: 'fault',
			fault: {
				...fault,
				...( fault.match && { match: toPattern( fault.match ) } ),
				...( fault.method && { method: toPattern( fault.method ) } ),
			},
		} );
	}

	/** Ends the fault that `fault()` began. Requests that were hanging are gone, slow ones are done. */
	async heal(): Promise< void > {
		await this.control( { do: 'clear' } );
	}

	/**
	 * Ends or holds the site's processes at a point, until `goOn()`.
	 *
	 * @param point Where, and how.
	 */
	async stopAt( point: Stop ): Promise< void > {
		await this.control( {
			do: 'stop',
			stop: { ...point, query: toPattern( point.query ) },
		} );
	}

	/** Processes that came to the point of `stopAt()`: so many. */
	async stopped(): Promise< number > {
		return ( await this.stoppedAt() ).length;
	}

	/** The beginning of the query before which each of them came to it, in their order. */
	async stoppedAt(): Promise< string[] > {
		const text = await readFile(
			join( this.state.folder, 'control/reached' ),
			'utf8'
		).catch( () => '' );
		return text.split( '\n' ).slice( 0, -1 );
	}

	/** Ends what `stopAt()` began; who is held goes on. */
	async goOn(): Promise< void > {
		await rm( join( this.state.folder, 'control/stop' ), { force: true } );
	}

	/** Its database ends the site's connections and takes no new ones. */
	async loseDatabase(): Promise< void > {
		await this.database().setAway( this.name, true );
	}

	/** The database is back, with its data. */
	async regainDatabase(): Promise< void > {
		await this.database().setAway( this.name, false );
	}

	/** Tandem's tables take no new rows. */
	async fillDisk(): Promise< void > {
		await this.database().setFull( this.name, true );
	}

	/** There is room again. */
	async freeDisk(): Promise< void > {
		await this.database().setFull( this.name, false );
	}

	/**
	 * Sets Tandem's clock on this site.
	 *
	 * @param seconds So far ahead of the right time; less than 0 is behind it, 0 is right.
	 */
	async setClock( seconds: number ): Promise< void > {
		const file = join( this.state.folder, 'control/clock' );
		// Renamed: nobody reads half a number.
		await writeFile( `${ file }.new`, String( seconds ) );
		await rename( `${ file }.new`, file );
	}

	/**
	 * Starts `wp tandem work` in processes of their own.
	 *
	 * @param count   How many.
	 * @param seconds For how long they work, unless they are killed.
	 * @return Their process ids.
	 */
	async startWorkers( count: number, seconds = 600 ): Promise< number[] > {
		const program = await wpCli();
		const started = Array.from( { length: count }, () =>
			start(
				'php',
				[
					'-d',
					'error_reporting=8191',
					program,
					`--path=${ this.folder }`,
					...( IS_ROOT ? [ '--allow-root' ] : [] ),
					'tandem',
					'work',
					`--for=${ seconds }`,
				],
				join( this.state.folder, 'workers.log' )
			)
		);
		this.state.workers.push( ...started );
		await this.changed();
		return started;
	}

	/** The workers on the command line that still run. */
	workers(): number[] {
		return this.state.workers.filter( ( pid ) => isAlive( pid ) );
	}

	/**
	 * Kills workers on the command line (SIGKILL), wherever they are.
	 *
	 * @param pids Which; all unless told otherwise.
	 */
	async killWorkers( pids = this.state.workers ): Promise< void > {
		await Promise.all( pids.map( ( pid ) => stop( pid, 'SIGKILL' ) ) );
		this.state.workers = this.state.workers.filter(
			( pid ) => ! pids.includes( pid )
		);
		await this.changed();
	}

	/**
	 * Kills the PHP-FPM workers of the moment (SIGKILL), as a host does that runs out of memory. PHP-FPM starts others.
	 *
	 * Waits until they are dead: one that has been sent the signal may still take a connection from the queue, and the next request would die with it.
	 *
	 * @param count How many; all unless told otherwise.
	 */
	async killPhp( count = Infinity ): Promise< void > {
		const children = (
			await readFile(
				`/proc/${ this.state.fpm }/task/${ this.state.fpm }/children`,
				'utf8'
			)
		)
			.trim()
			.split( ' ' )
			.map( Number )
			.filter( ( pid ) => pid > 0 )
			.sort( () => Math.random() - 0.5 )
			.slice( 0, count );
		for ( const pid of children ) {
			try {
				process.kill( pid, 'SIGKILL' );
			} catch {
				// It has ended by itself.
			}
		}
		await waitUntil(
			async () =>
				( await Promise.all( children.map( isDead ) ) ).every(
					Boolean
				),
			'a killed PHP-FPM worker does not end'
		);
	}

	/** Starts PHP and nginx. */
	async start(): Promise< void > {
		this.state.fpm = start(
			await locateFpm(),
			[
				'--nodaemonize',
				'--fpm-config',
				join( this.state.folder, 'fpm.conf' ),
				...( IS_ROOT ? [ '--allow-to-run-as-root' ] : [] ),
			],
			join( this.state.folder, 'fpm-start.log' )
		);
		await this.startNginx();
		await waitUntil( async () => {
			const response = await fetch( `${ this.url }/wp-login.php` );
			if ( ! response.ok ) {
				throw new Error( `it answers ${ response.status }` );
			}
			return true;
		}, `site ${ this.name } does not start; the logs in ${ this.state.folder } say why` );
		await this.changed();
	}

	/** Stops PHP, nginx and workers; the site's data stay. */
	async stop(): Promise< void > {
		await this.killWorkers();
		await this.stopNginx();
		if ( this.state.fpm > 0 ) {
			await stop( this.state.fpm );
			this.state.fpm = 0;
		}
		await this.changed();
	}

	private async startNginx(): Promise< void > {
		this.state.nginx = start(
			await locate( 'nginx' ),
			[
				'-e',
				join( this.state.folder, 'nginx.log' ),
				'-p',
				this.state.folder,
				'-c',
				join( this.state.folder, 'nginx.conf' ),
			],
			join( this.state.folder, 'nginx-start.log' )
		);
		this.state.hanging = false;
		await waitUntil( async () => {
			// Any answer will do: PHP may be busy or broken.
			await fetch( `${ this.url }/license.txt` );
			return true;
		}, `nginx of ${ this.name } does not start; ${ this.state.folder }/nginx-start.log says why` );
	}

	private async stopNginx(): Promise< void > {
		if ( this.state.nginx > 0 ) {
			await stop( this.state.nginx, 'SIGKILL' );
		}
		this.state.nginx = 0;
		this.state.hanging = false;
	}

	private async control(
		what: Record< string, unknown >
	): Promise< unknown > {
		return this.valueOf(
			await fetch( `${ this.url }/index.php`, {
				method: 'POST',
				headers: { 'X-Tandem-Control': this.state.key },
				body: JSON.stringify( what ),
			} )
		);
	}

	private async valueOf( response: Response ): Promise< unknown > {
		const text = await response.text();
		let value: unknown;
		try {
			value = ( JSON.parse( text ) as { value: unknown } ).value;
		} catch {
			value = undefined;
		}
		if ( ! response.ok || value === undefined ) {
			const log = await readFile(
				join( this.state.folder, 'debug.log' ),
				'utf8'
			).catch( () => '' );
			throw new Error(
				`Site ${ this.name } answers ${ response.status }: ${
					value === undefined
						? `${ text.slice( 0, 500 ) }\n${ log.slice( -1000 ) }`
						: String( value )
				}`
			);
		}
		return value;
	}
}
