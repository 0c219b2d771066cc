/**
 * `npm stop`: ends the sites that `npm start -- --detach` left running.
 */
import './require-node';

import { parseArgs } from 'node:util';

import { stopSites } from './sites';
import { stopDockerSites } from './sites/docker';

async function main(): Promise< void > {
	const { values } = parseArgs( {
		options: { runtime: { type: 'string', default: 'playground' } },
	} );
	if ( values.runtime === 'docker' ) {
		await stopDockerSites( {} );
		return;
	}
	const stopped = await stopSites();
	process.stdout.write(
		stopped === 0
			? 'No site was running.\n'
			: `Stopped ${ stopped } ${ stopped === 1 ? 'site' : 'sites' }.\n`
	);
}

main().catch( ( error: Error ) => {
	process.stderr.write( `${ error.message }\n` );
	process.exitCode = 1;
} );
