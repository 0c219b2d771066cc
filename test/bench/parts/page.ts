/**
 * The admin page's routes, with many rows and sites behind them.
 */
import { join } from 'node:path';

import { Lab } from '../../lab';
import { PROJECT } from '../../lab/wordpress';
import { addMeter, readMeter } from '../meter';
import { ms, table, type Part } from '../part';
import { onCommandLine } from '../people';
import { median } from '../statistics';

interface Route {
	what: string;
	route: string;
	/** Milliseconds until the whole answer was there. */
	took: number;
	queries: number;
	/** The slowest query, milliseconds, and which it is. */
	slowest: number;
	sql: string;
}

const QUERY_MS = 20;
const PAGE_MS = 200;

/** How often each is asked, after one that warms up. */
const TIMES = 9;

/**
 * What the page asks for.
 *
 * @param rows Rows of the activity.
 */
const routes = ( rows: number ): Record< string, string > => {
	const last = Math.ceil( rows / 20 );
	return {
		summary: 'summary',
		'the sites': 'sites',
		'one site': 'sites/1',
		'activity, first page': 'activity?per_page=20',
		'activity, second page': 'activity?per_page=20&page=2',
		'activity, middle page': `activity?per_page=20&page=${ Math.ceil( last / 2 ) }`,
		'activity, last page': `activity?per_page=20&page=${ last }`,
		'activity, 100 on a page': 'activity?per_page=100',
		'activity, searched': 'activity?search=crowd12',
		'activity, searched, nobody': 'activity?search=zzz',
		'activity of a site': 'activity?site=1',
		'activity of a small site': 'activity?site=2',
		'activity, successes': 'activity?result[]=success',
		'activity, failures': 'activity?result[]=attention&result[]=refused',
		'activity, deletions': 'activity?action[]=delete',
		'activity, deletions that succeeded':
			'activity?action[]=delete&result[]=success',
		'activity of a site, deletions': 'activity?site=1&action[]=delete',
		'activity of a site, failures': 'activity?site=1&result[]=attention',
		'activity of a day': `activity?after=${ Math.floor( Date.now() / 1000 ) - 86_400 }`,
		'activity of a person': 'activity?user=100',
		'people who wait': 'conflicts?per_page=20',
		'people who wait, last page': `conflicts?per_page=20&page=${ Math.max( 1, Math.floor( rows / 250 ) ) }`,
		'people who wait, of a site': 'conflicts?site=1',
		'backfills of a site': 'backfills?site=1',
		'a backfill': 'backfills/1',
		'conflicts of a backfill': 'backfills/1/conflicts?per_page=20',
		'conflicts of a backfill, last page': `backfills/1/conflicts?per_page=20&page=${ Math.max( 1, Math.floor( rows / 200 ) ) }`,
		settings: 'settings',
	};
};

export const page: Part< { rows: number; sites: number; routes: Route[] } > = {
	name: 'page',
	size: ( { rows, sites } ) => `${ rows } rows, ${ sites } sites`,
	measure: async ( { rows, sites, say } ) => {
		const lab = await Lab.up( {
			say,
			sites: [
				{
					name: 'a',
					wp: '7.1',
					plugin: true,
					record: false,
					constants: {
						WP_DEBUG: false,
						DISABLE_WP_CRON: true,
						SAVEQUERIES: true,
					},
				},
			],
		} );
		try {
			const site = lab.site( 'a' );
			say( `${ rows } rows of each table are written.` );
			await onCommandLine(
				site,
				`require '${ join( PROJECT, 'test/php/FilledTables.php' ) }';
				( new Tandem\\Tests\\FilledTables( $GLOBALS['wpdb'], ${ rows }, ${ sites }, time() ) )->fill();
				// Nobody answers there.
				$GLOBALS['wpdb']->query( "UPDATE {$GLOBALS['wpdb']->prefix}tandem_sites SET state = 'paused'" );`
			);
			await addMeter( site );
			const owner = await site.visitAs( 'admin' );
			// Fetches the nonce.
			await owner.rest( 'GET', 'tandem/v1/settings' );
			const measured: Route[] = [];
			for ( const [ what, route ] of Object.entries( routes( rows ) ) ) {
				await owner.rest( 'GET', `tandem/v1/${ route }` );
				await readMeter( site );
				const took: number[] = [];
				for ( let time = 0; time < TIMES; time++ ) {
					const began = performance.now();
					await owner.rest( 'GET', `tandem/v1/${ route }` );
					took.push( performance.now() - began );
				}
				const lines = await readMeter( site );
				const slowest = lines.map( ( line ) => line.slowest ?? 0 );
				measured.push( {
					what,
					route,
					took: median( took ),
					queries: Number( lines[ 0 ]?.queries ?? 0 ),
					slowest: median( slowest ),
					sql:
						(
							lines.find(
								( line ) => line.slowest === median( slowest )
							) ?? lines[ 0 ]
						)?.sql ?? '',
				} );
				say(
					`${ what }: ${ ms( median( took ) ) }, slowest query ${ ms( median( slowest ) ) }`
				);
			}
			return { rows, sites, routes: measured };
		} finally {
			await lab.down();
		}
	},
	tables: ( {
		rows,
		sites,
		routes: measured,
	} ) => `## The page with ${ rows } rows and ${ sites } sites

${ table(
	[ 'what', 'the whole request', "Tandem's queries", 'the slowest of them' ],
	measured.map( ( { what, took, queries: count, slowest } ) => [
		what,
		ms( took ),
		String( count ),
		ms( slowest ),
	] )
) }
`,
	how: [
		"So many users, links, rows of the outbox, of the activity and of a backfill; half of the rows are about one site. Each route is asked as the page does, by an administrator; medians. The queries are those of WordPress's own record (`SAVEQUERIES`) that come from Tandem.",
	],
	missed: ( { routes: measured } ) =>
		measured.flatMap( ( { what, took, slowest, sql } ) => [
			...( took >= PAGE_MS
				? [ `${ what }: ${ ms( took ) }, the goal is ${ PAGE_MS } ms` ]
				: [] ),
			...( slowest >= QUERY_MS
				? [
						`${ what }: a query of ${ ms( slowest ) }, the goal is ${ QUERY_MS } ms: ${ sql.slice( 0, 200 ) }`,
					]
				: [] ),
		] ),
};
