/**
 * `npx tsx tools/get-core.ts 7.1` prints the path of a plain WordPress core.
 */
import { CORE_VERSIONS, getCore, type CoreVersion } from './core';

function isCoreVersion( value: string ): value is CoreVersion {
	return ( CORE_VERSIONS as readonly string[] ).includes( value );
}

const wanted = process.argv[ 2 ] ?? '7.1';
if ( isCoreVersion( wanted ) ) {
	getCore( wanted, ( sentence ) => process.stderr.write( `${ sentence }\n` ) )
		.then( ( path ) => process.stdout.write( `${ path }\n` ) )
		.catch( ( error: Error ) => {
			process.stderr.write( `${ error.message }\n` );
			process.exitCode = 1;
		} );
} else {
	process.stderr.write(
		`Which WordPress? One of ${ CORE_VERSIONS.join( ', ' ) }.\n`
	);
	process.exitCode = 1;
}
