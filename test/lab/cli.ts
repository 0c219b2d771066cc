/**
 * The lab from the command line: `npm run lab -- help`.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { cacheDirectory } from '../../tools/core';
import { Lab, type Fault, type LabSite } from '.';
import { FAULTS } from './site';
import { PROJECT, toCoreVersion } from './wordpress';

const HELP = `npm run lab -- up [--sites=2] [--wp=7.1] [--plugin=a] [--connect|--pair] [--workers=8] [--port=8910]
    starts sites a, b, c… on nginx, PHP-FPM and a private MariaDB. --wp=7.1,6.8 gives each
    its own core, the last for the rest; --plugin=a,b says where Tandem is active;
    --connect connects a to all others as plain sites, --pair as paired ones (with
    --plugin=a,b,…); --workers is PHP's pm.max_children.
npm run lab -- status
npm run lab -- refuse|hang|restore b          the whole site
npm run lab -- fault b slow 3                 its REST API answers after 3 s; further kinds:
    silent (never answers), status 503 [60] (with Retry-After), html, half (an answer cut
    short), warning (PHP's, before the JSON), redirect https://…, lost (done, and no answer)
npm run lab -- heal b                         ends a fault
npm run lab -- database b lost|back           it loses its database
npm run lab -- disk b full|free               Tandem's tables take no new rows ("table is full")
npm run lab -- clock b 3600                   Tandem's clock there is an hour ahead; 0 is right
npm run lab -- work a 8                       eight times "wp tandem work", in the background
npm run lab -- kill a php|workers             SIGKILL for PHP-FPM's workers, or for those
npm run lab -- stop a 'DELETE FROM .*outbox'  the next process dies just before such a query
npm run lab -- php a 'return wp_count_posts();'
npm run lab -- wp a user list
npm run lab -- down`;

/** One lab for each checkout: two of them may be up at once. */
const FOLDER = join(
	cacheDirectory(),
	'lab',
	createHash( 'sha256' ).update( PROJECT ).digest( 'hex' ).slice( 0, 8 )
);

async function current(): Promise< Lab > {
	const lab = await Lab.attach( FOLDER );
	if ( ! lab ) {
		throw new Error( 'No lab is up. Start one: npm run lab -- up' );
	}
	return lab;
}

function describe( site: LabSite ): string {
	return `${ site.name }  ${ site.url }/wp-admin/  ${ site.adminUsername } / ${ site.adminPassword }`;
}

async function up( args: string[] ): Promise< void > {
	const { values } = parseArgs( {
		args,
		options: {
			sites: { type: 'string', default: '2' },
			wp: { type: 'string', default: '7.1' },
			plugin: { type: 'string', default: 'a' },
			connect: { type: 'boolean', default: false },
			pair: { type: 'boolean', default: false },
			workers: { type: 'string', default: '8' },
			port: { type: 'string', default: '8910' },
		},
	} );
	const versions = values.wp.split( ',' ).map( toCoreVersion );
	const withPlugin = values.plugin.split( ',' );
	const started = Date.now();
	const lab = await Lab.up( {
		folder: FOLDER,
		detached: true,
		port: Number( values.port ),
		say: console.log,
		sites: Array.from( { length: Number( values.sites ) }, ( _, index ) => {
			const name = String.fromCharCode( 'a'.charCodeAt( 0 ) + index );
			return {
				name,
				wp: versions[ index ] ?? versions.at( -1 ) ?? '7.1',
				plugin: withPlugin.includes( name ),
				workers: Number( values.workers ),
			};
		} ),
	} );
	for ( const site of lab.all().slice( 1 ) ) {
		if ( values.pair ) {
			await lab.pair( 'a', site.name );
		} else if ( values.connect ) {
			await lab.connect( 'a', site.name );
		}
	}
	lab.all().forEach( ( site ) => console.log( describe( site ) ) );
	console.log(
		`Up in ${ ( ( Date.now() - started ) / 1000 ).toFixed( 1 ) } s, in ${ FOLDER }.`
	);
}

/**
 * A fault by its name on the command line.
 *
 * @param kind   Its name.
 * @param detail What it needs.
 * @param more   What it may have besides.
 */
function toFault( kind: string, detail = '', more = '' ): Fault {
	switch ( kind ) {
		case 'slow':
			return { kind: 'hang', seconds: Number( detail ) };
		case 'silent':
			return { kind: 'hang' };
		case 'status':
			return {
				kind: 'answer',
				status: Number( detail ),
				headers: more ? { 'Retry-After': more } : {},
			};
		case 'html':
			return FAULTS.html;
		case 'half':
			return FAULTS.half;
		case 'warning':
			return FAULTS.warning;
		case 'redirect':
			return {
				kind: 'answer',
				status: 301,
				headers: { Location: detail },
			};
		case 'lost':
			return FAULTS.lost;
		default:
			throw new Error( `"${ kind }" is no fault.\n${ HELP }` );
	}
}

/**
 * One of two words.
 *
 * @param word What was said.
 * @param yes  The one.
 * @param no   The other.
 */
function either( word: string | undefined, yes: string, no: string ): boolean {
	if ( word !== yes && word !== no ) {
		throw new Error( `Say ${ yes } or ${ no }.` );
	}
	return word === yes;
}

/**
 * Breaks something of a site.
 *
 * @param site    Which.
 * @param command How.
 * @param args    What it needs.
 */
async function breakIt(
	site: LabSite,
	command: string,
	args: string[]
): Promise< void > {
	const [ what = '', ...more ] = args;
	switch ( command ) {
		case 'fault':
			return site.fault( toFault( what, ...more ) );
		case 'heal':
			return site.heal();
		case 'database':
			return either( what, 'lost', 'back' )
				? site.loseDatabase()
				: site.regainDatabase();
		case 'disk':
			return either( what, 'full', 'free' )
				? site.fillDisk()
				: site.freeDisk();
		case 'clock':
			return site.setClock( Number( what ) );
		case 'work':
			await site.startWorkers( Number( what || 1 ), 86_400 );
			return;
		case 'kill':
			return either( what, 'php', 'workers' )
				? site.killPhp()
				: site.killWorkers();
		case 'stop':
			return site.stopAt( { query: what, times: 1 } );
	}
}

async function main( [
	command = 'help',
	...args
]: string[] ): Promise< void > {
	const [ name = '', ...rest ] = args;
	switch ( command ) {
		case 'up':
			return up( args );
		case 'status':
			( await current() )
				.all()
				.forEach( ( site ) => console.log( describe( site ) ) );
			return;
		case 'refuse':
		case 'hang':
		case 'restore':
			return ( await current() ).site( name )[ command ]();
		case 'fault':
		case 'heal':
		case 'database':
		case 'disk':
		case 'clock':
		case 'work':
		case 'kill':
		case 'stop':
			return breakIt( ( await current() ).site( name ), command, rest );
		case 'php':
			console.log(
				JSON.stringify(
					await (
						await current()
					)
						.site( name )
						.php( rest.join( ' ' ) ),
					null,
					2
				)
			);
			return;
		case 'wp':
			process.stdout.write(
				await ( await current() ).site( name ).wp( rest )
			);
			return;
		case 'down':
			return ( await current() ).down();
		default:
			console.log( HELP );
			process.exitCode = command === 'help' ? 0 : 1;
	}
}

main( process.argv.slice( 2 ) ).catch( ( error: Error ) => {
	console.error( error.message );
	process.exitCode = 1;
} );
