/**
 * How much the browser of an administrator fetches for the page.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { build, isStale } from '../../../tools/build';
import { PROJECT } from '../../lab/wordpress';
import { table, type Part } from '../part';

type Result = { file: string; bytes: number; gzip: number }[];

const kilobytes = ( bytes: number ) => `${ ( bytes / 1024 ).toFixed( 1 ) } KB`;

export const size: Part< Result > = {
	name: 'size',
	size: () => 'the build for release',
	measure: async ( { say } ) => {
		if ( await isStale() ) {
			say( 'The page is built.' );
			await build();
		}
		const folder = join( PROJECT, 'plugin/build' );
		// components.js is nothing but the way by which webpack comes to its style.
		const files = ( await readdir( folder ) ).filter(
			( name ) => /\.(js|css)$/.test( name ) && name !== 'components.js'
		);
		return Promise.all(
			files.sort().map( async ( file ) => {
				const content = await readFile( join( folder, file ) );
				return {
					file,
					bytes: content.length,
					gzip: gzipSync( content ).length,
				};
			} )
		);
	},
	tables: ( files ) => `## Script and style of the page

${ table(
	[ 'file', 'raw', 'gzip' ],
	files.map( ( { file, bytes, gzip } ) => [
		file,
		kilobytes( bytes ),
		kilobytes( gzip ),
	] )
) }
`,
	how: [
		"What the browser fetches of Tandem when an administrator opens its page, and nobody else does; `-rtl` in place of the other style where the language is written from right to left. WordPress's own packages, which the page uses, are not counted.",
	],
	missed: () => [],
};
