/**
 * The same two sites in Docker, by wp-env's ordinary commands. For people who
 * have Docker and want MySQL and Apache; nothing else in this project needs it.
 */
import { capture } from '../machine';
import { readConfig } from './config';
import type { RunningSite } from './playground';

const FILES = { a: '.wp-env.json', b: '.wp-env.site-b.json' } as const;

/** Other ports than those of the wp-env files. */
interface Ports {
	a?: number;
	b?: number;
}

async function wpEnv(
	command: 'start' | 'stop',
	file: string,
	port: number
): Promise< void > {
	const program = require.resolve( '@wordpress/env/package.json' );
	const { code, output } = await capture(
		process.execPath,
		[
			program.replace( /package\.json$/, 'bin/wp-env' ),
			command,
			`--config=${ file }`,
			...( command === 'start' ? [ '--runtime=docker' ] : [] ),
		],
		{ WP_ENV_PORT: String( port ) }
	);
	if ( code !== 0 ) {
		throw new Error( `wp-env ${ command } failed:\n${ output.trim() }` );
	}
}

async function each(
	command: 'start' | 'stop',
	ports: { a?: number; b?: number }
): Promise< RunningSite[] > {
	const sites: RunningSite[] = [];
	for ( const name of [ 'a', 'b' ] as const ) {
		const port =
			ports[ name ] ?? ( await readConfig( FILES[ name ] ) ).port;
		await wpEnv( command, FILES[ name ], port );
		sites.push( {
			name,
			url: `http://localhost:${ port }`,
			// wp-env gives its containers this name for the machine they run on.
			urlForOthers: `http://host.docker.internal:${ port }`,
			user: { username: 'admin', password: 'password' },
			debugLog: null,
			mails: async () => null,
		} );
	}
	return sites;
}

/** Starts both sites. */
export async function startDockerSites( ports: Ports ): Promise< {
	a: RunningSite;
	b: RunningSite;
	stop: () => Promise< void >;
} > {
	const { code } = await capture( 'docker', [ 'info' ] );
	if ( code !== 0 ) {
		throw new Error(
			'Docker does not answer. Start it, or leave out --runtime=docker: the sites need no Docker.'
		);
	}
	const [ a, b ] = await each( 'start', ports );
	return {
		a: a as RunningSite,
		b: b as RunningSite,
		stop: () => stopDockerSites( ports ),
	};
}

/** Stops both sites; their data stays in Docker's volumes. */
export async function stopDockerSites( ports: Ports ): Promise< void > {
	await each( 'stop', ports );
}
