/**
 * `npm start`: two WordPress sites, connected, with a person who exists on both.
 *
 *   npm start                     until Ctrl-C
 *   npm start -- --detach         in the background; `npm stop` ends it
 *   npm start -- --fresh          with new, empty sites
 *   npm start -- --a=9001 --b=9002   on other ports
 *   npm start -- --wp=6.8         on another WordPress (6.8 or 7.1)
 *   npm start -- --runtime=docker    in Docker instead
 */
import './require-node';

import { parseArgs } from 'node:util';

import { build, isStale } from './build';
import { CORE_VERSIONS, type CoreVersion } from './core';
import { connect, registerSomebody, waitForLogIn } from './demo';
import { startSites, stopSites, type RunningSite } from './sites';
import { startDockerSites, stopDockerSites } from './sites/docker';
import { seconds, step } from './steps';

function readOptions() {
	const { values } = parseArgs( {
		options: {
			detach: { type: 'boolean', default: false },
			fresh: { type: 'boolean', default: false },
			runtime: { type: 'string', default: 'playground' },
			a: { type: 'string' },
			b: { type: 'string' },
			wp: { type: 'string', default: '7.1' },
		},
	} );
	const port = ( text: string | undefined ) => {
		if ( text === undefined ) {
			return undefined;
		}
		const number = Number( text );
		if ( ! Number.isInteger( number ) || number < 1024 || number > 65535 ) {
			throw new Error(
				`${ text } is no port: take one from 1024 to 65535.`
			);
		}
		return number;
	};
	if ( ! [ 'playground', 'docker' ].includes( values.runtime ) ) {
		throw new Error( 'The runtime is playground or docker.' );
	}
	const wp = CORE_VERSIONS.find( ( version ) => version === values.wp );
	if ( ! wp || wp === '6.1' ) {
		throw new Error( 'Site A runs on WordPress 6.8 or 7.1.' );
	}
	return {
		...values,
		a: port( values.a ),
		b: port( values.b ),
		wp: wp as CoreVersion,
	};
}

function describe( site: RunningSite ): string {
	const what =
		site.name === 'a' ? 'with Tandem User Sync' : 'plain WordPress';
	return [
		`Site ${ site.name.toUpperCase() }, ${ what }: ${ site.url }`,
		`  wp-admin: ${ site.url }/wp-admin/ (${ site.user.username } / ${ site.user.password })`,
	].join( '\n' );
}

/**
 * Ctrl-C ends the sites too, also while they start.
 *
 * @param runtime What they run on.
 */
function stopOnSignal( runtime: string ): void {
	let isEnding = false;
	const end = async () => {
		// The terminal and npm both pass Ctrl-C on: the second must not cut the first short.
		if ( isEnding ) {
			return;
		}
		isEnding = true;
		process.stdout.write( '\nStopping both sites.\n' );
		await ( runtime === 'docker' ? stopDockerSites( {} ) : stopSites() );
		process.exit();
	};
	process.on( 'SIGINT', end );
	process.on( 'SIGTERM', end );
}

async function main(): Promise< void > {
	const started = Date.now();
	const options = readOptions();

	if ( await isStale() ) {
		await step( 'Building the admin page', build );
	}
	stopOnSignal( options.runtime );
	const { a, b, stop } = await step(
		'Starting site A (with the plugin) and site B (plain WordPress)',
		( say ) =>
			options.runtime === 'docker'
				? startDockerSites( options )
				: startSites( { ...options, detached: options.detach, say } )
	);
	try {
		await step( 'Connecting A to B with an application password', () =>
			connect( a, b )
		);
		const person = await step( 'Registering somebody on A', () =>
			registerSomebody( a )
		);
		await step( `Logging in as ${ person.username } on B`, () =>
			waitForLogIn( person, b, a )
		);
		process.stdout.write(
			[
				'',
				describe( a ),
				`  Sites, backfill, activity: ${ a.url }/wp-admin/users.php?page=tandem-user-sync`,
				describe( b ),
				`Registered on A, known on B: ${ person.username } / ${ person.password }`,
				'',
				options.detach
					? `Ready after ${ seconds(
							Date.now() - started
						) }. \`npm stop\` ends both.`
					: `Ready after ${ seconds(
							Date.now() - started
						) }. Ctrl-C ends both.`,
				'',
			].join( '\n' )
		);
	} catch ( error ) {
		await stop();
		if ( a.debugLog ) {
			process.stderr.write(
				`\nErrors of site A's PHP: ${ a.debugLog }\n`
			);
		}
		throw error;
	}
}

main().catch( ( error: Error ) => {
	process.stderr.write( `\n${ error.message }\n` );
	process.exit( 1 );
} );
