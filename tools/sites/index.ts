/**
 * Two real WordPress sites on this machine: A with the plugin, B without.
 *
 * The sites are those of `.wp-env.json` and `.wp-env.site-b.json`, run by
 * Playground, the engine of wp-env's `--runtime=playground`. It is called
 * directly, because wp-env passes no worker count (with one or two, a site that
 * calls itself while it answers waits for ever) and can't be told not to log
 * everybody in.
 */
import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { cacheDirectory, getCore, type CoreVersion } from '../core';
import { PROJECT, readConfig } from './config';
import { PlaygroundSite, type SiteHandle, type SiteName } from './playground';
import { Server } from './server';

export type { Mail, RunningSite, SiteHandle } from './playground';

export interface StartOptions {
	/** Port of site A; by default that of its wp-env file. */
	a?: number;
	/** Port of site B. */
	b?: number;
	/** Core of site A. */
	wp?: CoreVersion;
	/** Core of site B; by default that of A. */
	wpB?: CoreVersion;
	/** Begin with new, empty sites instead of what the last start left. */
	fresh?: boolean;
	/** Whether the sites outlive this process. */
	detached?: boolean;
	/** Sites of different groups don't meet: those of `npm start` and those of the tests. */
	group?: string;
	/** Is told what is being done. */
	say?: ( sentence: string ) => void;
}

export interface Sites {
	a: SiteHandle;
	b: SiteHandle;
	/** Ends both; what they hold stays on the disk. */
	stop: () => Promise< void >;
}

/** Where the sites of this checkout lie. */
function groupDirectory( group = 'start' ): string {
	const checkout = createHash( 'sha256' )
		.update( PROJECT )
		.digest( 'hex' )
		.slice( 0, 8 );
	return join( cacheDirectory(), 'sites', checkout, group );
}

async function describeSite(
	name: SiteName,
	file: string,
	wanted: number | undefined,
	wp: CoreVersion,
	group: string | undefined
): Promise< PlaygroundSite > {
	const config = await readConfig( file );
	const port = wanted ?? config.port;
	// The address is part of what a site knows about itself: another port is another site.
	const directory = join(
		groupDirectory( group ),
		`${ name }-${ wp }-${ port }`
	);
	return new PlaygroundSite( name, config, port, wp, directory );
}

async function describeSites( options: StartOptions ) {
	const { group, wp = '7.1', wpB = wp } = options;
	return [
		await describeSite( 'a', '.wp-env.json', options.a, wp, group ),
		await describeSite( 'b', '.wp-env.site-b.json', options.b, wpB, group ),
	] as const;
}

/**
 * Starts both sites and returns when both answer. Sites that run already are
 * taken as they are, unless fresh ones are asked for.
 *
 * @param options What to start, and how.
 * @return Throws an Error with a sentence that says what to do.
 */
export async function startSites(
	options: StartOptions = {}
): Promise< Sites > {
	const sites = await describeSites( options );
	const cores = new Map< CoreVersion, string >();
	for ( const site of sites ) {
		if ( options.fresh ) {
			await site.stop();
		}
		if ( ! ( await site.isRunning() ) ) {
			await site.refuseTakenPort();
		}
		// One after the other: both may need the same download.
		cores.set( site.wp, await getCore( site.wp, options.say ) );
	}
	const stop = async () => {
		await Promise.all( sites.map( ( site ) => site.stop() ) );
	};
	const bring = async ( site: PlaygroundSite ) => {
		if ( await site.isRunning() ) {
			return;
		}
		if ( options.fresh ) {
			await rm( site.directory, { recursive: true, force: true } );
		}
		await site.prepare( cores.get( site.wp ) as string );
		await site.start( { detached: options.detached } );
	};
	const problem = ( await Promise.allSettled( sites.map( bring ) ) ).find(
		( result ) => result.status === 'rejected'
	);
	if ( problem ) {
		await stop();
		throw problem.reason;
	}
	const [ a, b ] = sites;
	return { a, b, stop };
}

/**
 * Starts one more site, for what needs two of a kind.
 *
 * @param name  C is plain, D has the plugin.
 * @param port  Where it listens, on 127.0.0.1.
 * @param group As in StartOptions; `stopSites` ends it with the others.
 * @param fresh Whether it is new and empty, or what the last start left.
 * @return Throws an Error with a sentence that says what to do.
 */
export async function startAnotherSite(
	name: 'c' | 'd',
	port: number,
	group: string,
	fresh = true
): Promise< SiteHandle > {
	const site = await describeSite(
		name,
		name === 'c' ? '.wp-env.site-b.json' : '.wp-env.json',
		port,
		'7.1',
		group
	);
	await site.stop();
	await site.refuseTakenPort();
	if ( fresh ) {
		await rm( site.directory, { recursive: true, force: true } );
	}
	await site.prepare( await getCore( site.wp ) );
	await site.start();
	return site;
}

/**
 * Ends the sites of a group that still run, whoever started them.
 *
 * @param group As in StartOptions.
 * @return How many were running.
 */
export async function stopSites( group?: string ): Promise< number > {
	const directory = groupDirectory( group );
	const names = await readdir( directory ).catch( () => [] );
	const stopped = await Promise.all(
		names.map( async ( name ) => {
			const server = new Server( join( directory, name ) );
			const running = await server.isRunning();
			await server.stop();
			return running;
		} )
	);
	return stopped.filter( Boolean ).length;
}
