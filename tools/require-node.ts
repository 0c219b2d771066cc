/**
 * Import this first: an old Node fails later with errors that help nobody.
 */
import { engines } from '../package.json';

const [ major = 0, minor = 0 ] = process.versions.node
	.split( '.' )
	.map( Number );
const needed = /(\d+)\.(\d+)/.exec( engines.node );
const needMajor = Number( needed?.[ 1 ] );
const needMinor = Number( needed?.[ 2 ] );

if ( major < needMajor || ( major === needMajor && minor < needMinor ) ) {
	process.stderr.write(
		`Node ${ process.versions.node } is too old: version ${ needMajor }.${ needMinor } or newer is needed. ` +
			'Get one at https://nodejs.org/ or with `nvm install`.\n'
	);
	process.exit( 1 );
}
