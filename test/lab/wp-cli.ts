/**
 * The real WP-CLI, from Packagist into the cache.
 *
 * 2.4.1 declares PHP 7 and runs on 8 all the same; newer ones are not on every
 * copy of Packagist.
 */
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { cacheDirectory } from '../../tools/core';
import { find } from './machine';
import { run } from './process';

const PACKAGES = {
	'wp-cli/wp-cli': '2.4.1',
	'wp-cli/entity-command': '2.0.7',
};

/** What `wpCli()` promised, so that sites started side by side fetch it once. */
let fetched: Promise< string > | null = null;

async function fetchIt(): Promise< string > {
	const folder = join( cacheDirectory(), 'wp-cli' );
	const program = join( folder, 'vendor/wp-cli/wp-cli/php/boot-fs.php' );
	const isThere = await access( program ).then(
		() => true,
		() => false
	);
	if ( isThere ) {
		return program;
	}
	if ( ! ( await find( 'composer' ) ) ) {
		throw new Error(
			'WP-CLI is fetched with Composer, which is not on this machine. On Debian: apt-get install composer'
		);
	}
	await mkdir( folder, { recursive: true } );
	await writeFile(
		join( folder, 'composer.json' ),
		JSON.stringify( {
			require: PACKAGES,
			config: { 'allow-plugins': true },
		} )
	);
	await run( 'composer', [
		'install',
		`--working-dir=${ folder }`,
		'--ignore-platform-req=php',
		'--no-interaction',
		'--no-progress',
		'--quiet',
	] );
	return program;
}

/** Path of WP-CLI's PHP file. */
export function wpCli(): Promise< string > {
	fetched ??= fetchIt();
	return fetched;
}
