/**
 * How many people a second go from A to B with some workers on the command line, to a paired and to a plain B: what is
 * created, what is changed, and what is right there already. And what that costs.
 */
import { Lab, type LabSite } from '../../lab';
import { megabytes, table, type Part } from '../part';
import { addPeople, onCommandLine, work } from '../people';
import { AS_IN_LIFE } from '../sites';

type Kind = 'paired' | 'plain';
type Work = 'create' | 'equal' | 'update';

interface Drain {
	kind: Kind;
	work: Work;
	workers: number;
	people: number;
	seconds: number;
	/** The most that one worker took above WordPress, bytes. */
	memory: number;
}

interface Result {
	drains: Drain[];
	tables: { name: string; rows: number; bytes: number }[];
}

/** What a worker does until nothing is due. */
const WORKER = `do {
	$plugin->dispatcher()->run( Tandem\\Sync\\Budget::worker( 5.0 ) );
} while ( $plugin->dispatcher()->has_work() );`;

/**
 * Makes people due for a site.
 *
 * @param site   A.
 * @param prefix Beginning of their usernames.
 * @param other  Id of B there.
 * @param fields PHP: the fields.
 */
async function due(
	site: LabSite,
	prefix: string,
	other: number,
	fields: string
): Promise< void > {
	await onCommandLine(
		site,
		`foreach ( $GLOBALS['wpdb']->get_col( "SELECT ID FROM {$GLOBALS['wpdb']->users} WHERE user_login LIKE '${ prefix }%'" ) as $id ) {
			$plugin->outbox()->enqueue( ${ other }, (int) $id, new Tandem\\Sync\\FieldSet( ${ fields } ) );
		}`
	);
}

export const drain: Part< Result > = {
	name: 'drain',
	size: ( { people } ) =>
		`${ people } people in each run to the paired site, a tenth of that to the plain one`,
	measure: async ( { people, workers, say } ) => {
		const lab = await Lab.up( {
			say,
			sites: [
				// WP-Cron would be one more worker.
				{
					...AS_IN_LIFE,
					name: 'a',
					plugin: true,
					constants: { DISABLE_WP_CRON: true, WP_DEBUG: false },
				},
				{
					...AS_IN_LIFE,
					name: 'b',
					plugin: true,
				},
				{
					...AS_IN_LIFE,
					name: 'c',
					plugin: false,
				},
			],
		} );
		const drains: Drain[] = [];
		try {
			const a = lab.site( 'a' );
			const empty = async (
				kind: Kind,
				name: Work,
				count: number,
				each: number
			) => {
				const began = performance.now();
				const memory = await Promise.all(
					Array.from( { length: count }, () => work( a, WORKER ) )
				);
				const seconds = ( performance.now() - began ) / 1000;
				const left = Number(
					await lab.database.query(
						'SELECT COUNT(*) FROM wp_tandem_outbox',
						'a'
					)
				);
				if ( left > 0 ) {
					throw new Error(
						`${ left } of ${ each } people are left over.`
					);
				}
				say(
					`${ kind }, ${ name }, ${ count } workers: ${ ( each / seconds ).toFixed( 0 ) } people a second`
				);
				drains.push( {
					kind,
					work: name,
					workers: count,
					people: each,
					seconds,
					memory: Math.max( ...memory ),
				} );
			};
			for ( const kind of [ 'paired', 'plain' ] as const ) {
				const other =
					kind === 'paired'
						? await lab.pair( 'a', 'b' )
						: await lab.connect( 'a', 'c' );
				for ( const count of workers ) {
					const prefix = `${ kind }${ count }x`;
					const each =
						kind === 'paired' ? people : Math.ceil( people / 10 );
					await addPeople( a, prefix, each );
					const all = 'Tandem\\Sync\\FieldSet::ALL';
					await due( a, prefix, other, all );
					await empty( kind, 'create', count, each );
					await due( a, prefix, other, all );
					await empty( kind, 'equal', count, each );
					await lab.database.query(
						`UPDATE wp_usermeta SET meta_value = 'Changed' WHERE meta_key = 'first_name' AND user_id IN ( SELECT ID FROM wp_users WHERE user_login LIKE '${ prefix }%' )`,
						'a'
					);
					await due( a, prefix, other, "'first_name'" );
					await empty( kind, 'update', count, each );
				}
			}
			const lines = await lab.database.query(
				`SELECT table_name, table_rows, ROUND( ( data_length + index_length ) / GREATEST( table_rows, 1 ) ) FROM information_schema.tables WHERE table_schema = 'a' AND table_name LIKE '%tandem%' AND table_rows > 100`
			);
			return {
				drains,
				tables: lines
					.split( '\n' )
					.filter( Boolean )
					.map( ( line ) => {
						const [ name = '', rows, bytes ] = line.split( '\t' );
						return {
							name,
							rows: Number( rows ),
							bytes: Number( bytes ),
						};
					} ),
			};
		} finally {
			await lab.down();
		}
	},
	tables: ( result ) => `## Workers that empty the outbox

${ table(
	[
		'B is',
		'people are',
		'workers',
		'people a second',
		'memory of a worker above WordPress',
	],
	result.drains.map( ( it ) => [
		it.kind,
		{ create: 'created', equal: 'equal already', update: 'changed' }[
			it.work
		],
		String( it.workers ),
		( it.people / it.seconds ).toFixed( 0 ),
		megabytes( it.memory ),
	] )
) }

${ table(
	[ 'table', 'rows', 'bytes of a row, indexes included' ],
	result.tables.map( ( { name, rows, bytes } ) => [
		name,
		String( rows ),
		String( bytes ),
	] )
) }
`,
	how: [
		"People are put into A by SQL, made due for B, and workers (`wp tandem work` without WP-CLI's own start) begin all at once; the time is that until nothing is due. A start of PHP and WordPress is in it. To a paired site the password goes as it is stored.",
	],
	missed: () => [],
};
