/**
 * The must-use plugin that counts and takes times inside a site (meter.php), and what it wrote down.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { LabSite } from '../lab';
import { PROJECT } from '../lab/wordpress';

const lines = ( site: LabSite ) =>
	join( site.folder, 'wp-content/bench.jsonl' );

/** A line of what was measured; which of these are there depends on what the request was asked for. */
export interface Line {
	uri: string;
	asked: string;
	/** `by`: the plugin's method, or nothing where WordPress alone is behind it; a number from the sites that record all. */
	queries?: { by: string; when: 'before' | 'after'; sql: string }[] | number;
	wall?: number;
	cpu?: number;
	slowest?: number;
	sql?: string;
	memory?: number;
}

/**
 * Puts the meter into a site.
 *
 * @param site Site.
 */
export async function addMeter( site: LabSite ): Promise< void > {
	await site.addMuPlugin(
		'meter.php',
		await readFile( join( PROJECT, 'test/bench/meter.php' ), 'utf8' )
	);
}

/** How much of what each site wrote down was read already. */
const read = new WeakMap< LabSite, number >();

/**
 * What was written down since it was asked last.
 *
 * @param site Site.
 */
export async function readMeter( site: LabSite ): Promise< Line[] > {
	const text = await readFile( lines( site ), 'utf8' ).catch( () => '' );
	// A line may be half written.
	const end = text.lastIndexOf( '\n' ) + 1;
	const news = text.slice( read.get( site ) ?? 0, end );
	read.set( site, end );
	return news
		.split( '\n' )
		.filter( Boolean )
		.map( ( line ) => JSON.parse( line ) as Line );
}
