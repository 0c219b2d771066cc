/**
 * The lab from the command line: `npm run lab -- help`.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { cacheDirectory } from '../../tools/core';
import { Lab, type LabSite } from '.';
import { PROJECT, toCoreVersion } from './wordpress';

const HELP = `npm run lab -- up [--sites=2] [--wp=7.1] [--plugin=a] [--connect] [--workers=8] [--port=8910]
    starts sites a, b, c… on nginx, PHP-FPM and a private MariaDB. --wp=7.1,6.8 gives each
    its own core, the last for the rest; --plugin=a,b says where Tandem is active;
    --connect connects a to all others.
npm run lab -- status
npm run lab -- refuse|hang|restore b
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
	if ( values.connect ) {
		for ( const site of lab.all().slice( 1 ) ) {
			await lab.connect( 'a', site.name );
		}
	}
	lab.all().forEach( ( site ) => console.log( describe( site ) ) );
	console.log(
		`Up in ${ ( ( Date.now() - started ) / 1000 ).toFixed( 1 ) } s, in ${ FOLDER }.`
	);
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
