/**
 * A backfill between two paired sites: how many people a second are compared and brought over, and what memory it takes.
 */
import { Lab } from '../../lab';
import { waitUntil } from '../../lab/process';
import { addMeter, readMeter } from '../meter';
import { megabytes, table, type Part } from '../part';
import { addPeople, work } from '../people';
import { AS_IN_LIFE } from '../sites';

interface Run {
	users: number;
	/** Seconds. */
	preview: number;
	carriedOut: number;
	/** The preview of a second backfill, when all of them are linked: nothing of them is compared. */
	again: number;
	/** A backfill that brings this site's fields, when all of them are equal there: from the owner's click to its end. */
	equal?: number;
	/** As `carriedOut`, where B passes over WordPress's hooks. */
	bare?: number;
	/** Most memory above WordPress, bytes: of the worker on A, and of a request on B. */
	memoryHere: number;
	memoryThere: number;
}

/** What the owner may have set to work beside the page. */
const WORKERS = 2;

/** What a worker does until the backfill has come to a stop. */
export const untilStill = ( id: number ) => `do {
	$plugin->worker()->work( 5.0, null, true, static fn (): bool => true );
	$state = $GLOBALS['wpdb']->get_var( "SELECT state FROM {$GLOBALS['wpdb']->prefix}tandem_backfills WHERE id = ${ id }" );
} while ( in_array( $state, array( 'indexing', 'matching', 'running' ), true ) );`;

/**
 * Backfills between fresh sites.
 *
 * @param users  How many people there are on A.
 * @param isBare Whether B passes over WordPress's hooks.
 * @param say    Is told what is being done.
 */
async function measure(
	users: number,
	isBare: boolean,
	say: ( sentence: string ) => void
): Promise< Run > {
	const lab = await Lab.up( {
		say,
		sites: ( [ 'a', 'b' ] as const ).map( ( name ) => ( {
			...AS_IN_LIFE,
			name,
			plugin: true,
			constants: {
				WP_DEBUG: false,
				// WP-Cron, or the page, would be one more worker.
				DISABLE_WP_CRON: true,
				TANDEM_BENCH_MEMORY: true,
			},
		} ) ),
	} );
	try {
		const [ a, b ] = [ lab.site( 'a' ), lab.site( 'b' ) ];
		const other = await lab.pair( 'a', 'b' );
		const ownerOfB = await b.visitAs( 'admin' );
		const [ seenFromB ] = await ownerOfB.rest< { id: number }[] >(
			'GET',
			'tandem/v1/sites'
		);
		await ownerOfB.rest( 'PATCH', `tandem/v1/sites/${ seenFromB?.id }`, {
			policy: { bare: isBare },
		} );
		await addPeople( a, 'person', users );
		await addMeter( b );
		const owner = await a.visitAs( 'admin' );
		const state = async ( id: number ) =>
			await owner.rest< {
				state: string;
				problem: unknown;
				counts: { bringDone: number };
			} >( 'GET', `tandem/v1/backfills/${ id }` );
		const memory: number[] = [];
		const timed = async ( id: number, is: string ): Promise< number > => {
			const began = performance.now();
			memory.push(
				...( await Promise.all(
					Array.from( { length: WORKERS }, () =>
						work( a, untilStill( id ) )
					)
				) )
			);
			const seconds = ( performance.now() - began ) / 1000;
			const now = await state( id );
			if ( now.state !== is ) {
				throw new Error(
					`The backfill is ${ JSON.stringify( now ) }, not ${ is }.`
				);
			}
			say( `${ users } people, ${ is }: ${ seconds.toFixed( 1 ) } s` );
			return seconds;
		};
		const start = async ( bring = 'nothing' ) =>
			(
				await owner.rest< { id: number } >(
					'POST',
					'tandem/v1/backfills',
					{ site: other, options: { bring } }
				)
			).id;
		const first = await start();
		const preview = await timed( first, 'ready' );
		await owner.rest( 'POST', `tandem/v1/backfills/${ first }/run` );
		const carriedOut = await timed( first, 'done' );
		await waitUntil(
			async () =>
				( await lab.database.query(
					"SELECT COUNT(*) FROM wp_users WHERE user_login LIKE 'person%'",
					'b'
				) ) === `${ users }\n`,
			'not all of them are on B'
		);
		const again = await timed( await start(), 'ready' );
		const untilThen = await readMeter( b );
		const third = await start( 'here' );
		await timed( third, 'ready' );
		await owner.rest( 'POST', `tandem/v1/backfills/${ third }/run` );
		const equal = await timed( third, 'done' );
		const { counts } = await state( third );
		const compared = await readMeter( b );
		const written = compared.filter( ( { uri } ) =>
			uri.includes( 'peer/users' )
		);
		if ( counts.bringDone !== users || written.length > 0 ) {
			throw new Error(
				`Of ${ users } equal people ${ counts.bringDone } were found so; ${ written.length } messages were sent to write.`
			);
		}
		say(
			`asked for digests ${ compared.filter( ( { uri } ) => uri.includes( 'peer/digests' ) ).length } times`
		);
		const there = [ ...untilThen, ...compared ].filter( ( { uri } ) =>
			uri.includes( 'tandem' )
		);
		const base = await b.php( 'return memory_get_peak_usage();' );
		return {
			users,
			preview,
			carriedOut,
			again,
			equal,
			memoryHere: Math.max( ...memory ),
			memoryThere:
				Math.max( ...there.map( ( line ) => line.memory ?? 0 ) ) -
				Number( base ),
		};
	} finally {
		await lab.down();
	}
}

/**
 * People a second, for the table.
 *
 * @param users   How many.
 * @param seconds How long it took; nothing where it was not measured.
 */
const aSecond = ( users: number, seconds?: number ) =>
	seconds ? ( users / seconds ).toFixed( 0 ) : '–';

export const backfill: Part< Run[] > = {
	name: 'backfill',
	size: ( { users } ) => `${ users.join( ', ' ) } people`,
	measure: async ( { users, say } ) => {
		const runs: Run[] = [];
		for ( const count of users ) {
			const run = await measure( count, false, say );
			say( 'without hooks on B' );
			const { carriedOut: bare } = await measure( count, true, say );
			runs.push( { ...run, bare } );
		}
		return runs;
	},
	joined: ( before, now ) =>
		[
			...before.filter(
				( { users } ) => ! now.some( ( run ) => run.users === users )
			),
			...now,
		].sort( ( one, other ) => one.users - other.users ),
	tables: ( runs ) => `## A backfill between paired sites

${ table(
	[
		'people',
		'compared a second',
		'created a second',
		'without hooks on B',
		'linked already, previewed a second',
		'equal already, brought a second',
		'memory above WordPress on A',
		'on B',
	],
	runs.map( ( run ) => [
		String( run.users ),
		( run.users / run.preview ).toFixed( 0 ),
		`**${ aSecond( run.users, run.carriedOut ) }**`,
		run.bare
			? `${ aSecond( run.users, run.bare ) } (${ ( run.carriedOut / run.bare ).toFixed( 1 ) } times)`
			: '–',
		aSecond( run.users, run.again ),
		aSecond( run.users, run.equal ),
		megabytes( run.memoryHere ),
		megabytes( run.memoryThere ),
	] )
) }
`,
	how: [
		`People who exist on A alone, put there by SQL; passwords travel as they are stored. ${ WORKERS } workers on A's command line carry it out (\`wp tandem work\` without WP-CLI's own start), B has 8 PHP workers. "Compared" is the preview, "created" is all of them made on B with working passwords, "without hooks on B" the same on fresh sites where B's owner has ticked *Backfills from there pass over other plugins* (B has no other plugins: with some, the hooks cost more). "Linked already" is the preview of a second backfill; nothing of those people is compared. "Equal already" is a third one that brings A's fields to people who have them: it fails where anybody is sent.`,
		'The line of 100,000 people is measured on its own (`--users=100000`, about 25 minutes on two cores) and stays when others are; a dash is what was not measured then.',
		'Memory is the peak of a worker on A above WordPress alone, and of a request on B above one that does nothing.',
	],
	missed: ( runs ) =>
		runs.flatMap( ( run ) => [
			...( run.users / run.carriedOut < 150
				? [
						`A backfill of ${ run.users }: ${ ( run.users / run.carriedOut ).toFixed( 0 ) } created a second, the goal is 150 (with 4 cores for B)`,
					]
				: [] ),
			...( run.equal && run.users / run.equal < 2000
				? [
						`A backfill of ${ run.users } who are equal: ${ aSecond( run.users, run.equal ) } a second, the goal is 2000 (with 4 cores for B)`,
					]
				: [] ),
			...( run.bare && run.carriedOut / run.bare < 2
				? [
						`A backfill of ${ run.users } without hooks on B: ${ ( run.carriedOut / run.bare ).toFixed( 1 ) } times as fast, the goal is 2`,
					]
				: [] ),
			...( Math.max( run.memoryHere, run.memoryThere ) > 64 * 2 ** 20
				? [ `A backfill of ${ run.users }: more than 64 MB` ]
				: [] ),
		] ),
};
