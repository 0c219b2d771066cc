/**
 * A backfill to a plain site, beside what that site can take: the same accounts by the same route on as many
 * connections, sent by nothing but a client. Both in turns, on the same site.
 */
import { Lab, type LabSite } from '../../lab';
import { table, type Part } from '../part';
import { addPeople, work } from '../people';
import { AS_IN_LIFE } from '../sites';
import { untilStill } from './backfill';

/** As many deliveries as Tandem runs to one site at the same time (`Sync\Budget`). */
const CONNECTIONS = 4;
/** Turns of each. */
const TURNS = 4;

interface Run {
	people: number;
	/** Seconds of all turns. */
	client: number;
	tandem: number;
}

/** Creates accounts as fast as the site takes them. */
async function create(
	site: LabSite,
	prefix: string,
	people: number
): Promise< number > {
	const authorization = `Basic ${ Buffer.from(
		`${ site.adminUsername }:${ await site.applicationPassword() }`
	).toString( 'base64' ) }`;
	let next = 0;
	const began = performance.now();
	await Promise.all(
		Array.from( { length: CONNECTIONS }, async () => {
			while ( next < people ) {
				const username = `${ prefix }${ ++next }`;
				const answer = await fetch(
					`${ site.url }/wp-json/wp/v2/users?context=edit`,
					{
						method: 'POST',
						headers: {
							Authorization: authorization,
							'Content-Type': 'application/json',
						},
						body: JSON.stringify( {
							username,
							email: `${ username }@people.test`,
							password: 'a password of twenty-four',
							name: 'Person',
							first_name: 'First',
							last_name: 'Last',
							nickname: 'nick',
							description: '',
							roles: [ 'subscriber' ],
						} ),
					}
				);
				await answer.text();
				if ( answer.status !== 201 ) {
					throw new Error(
						`${ site.url } answered ${ answer.status } to ${ username }.`
					);
				}
			}
		} )
	);
	return ( performance.now() - began ) / 1000;
}

async function measure(
	people: number,
	say: ( sentence: string ) => void
): Promise< Run > {
	const lab = await Lab.up( {
		say,
		sites: [
			{
				...AS_IN_LIFE,
				name: 'a',
				plugin: true,
				constants: { WP_DEBUG: false, DISABLE_WP_CRON: true },
			},
			{
				...AS_IN_LIFE,
				name: 'b',
				plugin: false,
				constants: { WP_DEBUG: false },
			},
		],
	} );
	try {
		const [ a, b ] = [ lab.site( 'a' ), lab.site( 'b' ) ];
		const other = await lab.connect( 'a', 'b' );
		const owner = await a.visitAs( 'admin' );
		const backfill = async ( prefix: string ): Promise< number > => {
			await addPeople( a, prefix, people );
			const { id } = await owner.rest< { id: number } >(
				'POST',
				'tandem/v1/backfills',
				{ site: other }
			);
			await work( a, untilStill( id ) );
			await owner.rest( 'POST', `tandem/v1/backfills/${ id }/run` );
			const began = performance.now();
			await work( a, untilStill( id ) );
			const seconds = ( performance.now() - began ) / 1000;
			const made = await lab.database.query(
				`SELECT COUNT(*) FROM wp_users WHERE user_login LIKE '${ prefix }%'`,
				'b'
			);
			if ( made !== `${ people }\n` ) {
				throw new Error(
					`${ made.trim() } of ${ people } people were made on B.`
				);
			}
			return seconds;
		};
		const run: Run = { people: people * TURNS, client: 0, tandem: 0 };
		for ( let turn = 0; turn < TURNS; turn++ ) {
			const client = await create( b, `client${ turn }x`, people );
			const tandem = await backfill( `tandem${ turn }x` );
			run.client += client;
			run.tandem += tandem;
			say(
				`${ people } people: client ${ client.toFixed( 1 ) } s, Tandem ${ tandem.toFixed( 1 ) } s`
			);
		}
		return run;
	} finally {
		await lab.down();
	}
}

export const plain: Part< Run > = {
	name: 'plain',
	size: ( { rounds } ) =>
		`${ TURNS } turns of ${ Math.max( 20, rounds ) } people`,
	measure: ( { rounds, say } ) => measure( Math.max( 20, rounds ), say ),
	tables: ( run ) => `## A backfill to a plain site

${ table(
	[ 'people', 'a client alone, a second', 'Tandem, a second', 'ratio' ],
	[
		[
			String( run.people ),
			( run.people / run.client ).toFixed( 1 ),
			( run.people / run.tandem ).toFixed( 1 ),
			`**${ ( run.client / run.tandem ).toFixed( 2 ) }**`,
		],
	]
) }
`,
	how: [
		`To a plain site: a client sends the same accounts to \`wp/v2/users\` on ${ CONNECTIONS } connections, as many as Tandem uses, and a backfill does; in turns, on the same site. The backfill's preview is not counted, the start of its worker is.`,
	],
	missed: ( run ) =>
		run.client / run.tandem < 0.9
			? [
					`To a plain site: ${ ( run.client / run.tandem ).toFixed( 2 ) } of what it can take, the goal is 0.9`,
				]
			: [],
};
