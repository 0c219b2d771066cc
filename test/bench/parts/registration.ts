/**
 * What a visitor of A waits for, without the plugin, with it, and with the blocking call of the well-known tutorial.
 */
import type { Lab } from '../../lab';
import { ms, table, type Part } from '../part';
import {
	measurePageViews,
	measureRegistrations,
	type PageViews,
	type Registrations,
} from '../registrations';
import { startSites, STATES, TITLES, type Candidate } from '../sites';

interface Result {
	registrations: Registrations[];
	pageViews: PageViews[];
}

/** What is promised, as a ratio to a site without the plugin. */
const GOALS: Array< [ Exclude< Candidate, 'without' >, number ] > = [
	[ 'tandem', 1.02 ],
	[ 'elsewhere', 1.1 ],
];

/**
 * Measures on fresh sites: what one measurement leaves in a queue is nothing to the next.
 *
 * @param say     Is told what is being done.
 * @param measure What.
 */
async function onFreshSites< T >(
	say: ( sentence: string ) => void,
	measure: ( lab: Lab ) => Promise< T >
): Promise< T > {
	const lab = await startSites( say );
	try {
		return await measure( lab );
	} finally {
		await lab.down();
	}
}

export const registration: Part< Result > = {
	name: 'registration',
	size: ( { rounds } ) => `${ rounds } rounds`,
	measure: async ( { rounds, say } ) => {
		const registrations: Registrations[] = [];
		for ( const state of STATES ) {
			say( `Registrations, B ${ state }.` );
			registrations.push(
				await onFreshSites( say, ( lab ) =>
					measureRegistrations( lab, state, rounds )
				)
			);
		}
		say( 'Page views, B hanging.' );
		return {
			registrations,
			pageViews: await onFreshSites( say, measurePageViews ),
		};
	},
	tables: ( { registrations, pageViews } ) => `## A registration on A

${ table(
	[ 'B is', 'site A', 'median', 'ratio to "without"', '95 % interval' ],
	registrations.flatMap( ( { state, medians, ratios } ) => [
		[ state, TITLES.without, ms( medians.without ), '1', '' ],
		...( [ 'again', 'tandem', 'elsewhere', 'tutorial' ] as const ).map(
			( name ) => {
				const { ratio, low, high, pairs } = ratios[ name ];
				return [
					state,
					TITLES[ name ],
					ms( medians[ name ] ),
					`**${ ratio.toFixed( 3 ) }**`,
					`${ low.toFixed( 3 ) } to ${ high.toFixed( 3 ) }, ${ pairs } pairs`,
				];
			}
		),
	] )
) }

## A page view on A while B hangs and eight people register at once

${ table(
	[ 'site A', 'median', 'slowest', 'views' ],
	pageViews.map( ( { candidate, median, slowest, views } ) => [
		TITLES[ candidate ],
		ms( median ),
		ms( slowest ),
		String( views ),
	] )
) }
`,
	how: [
		"The sites are the same WordPress on nginx, PHP-FPM (8 workers each) and MariaDB, passwords hashed at WordPress's own cost, WP-Cron on. One has no plugin, and so has a second one, which shows how sure the other numbers are; one has Tandem, one has Tandem in a PHP without `fastcgi_finish_request` (as under mod_php), one has the snippet of the well-known tutorial: `wp_remote_post()` to B's `wp/v2/users` inside `user_register`. All send to the same plain site B.",
		'A registration is a real one: the form of `wp-login.php?action=register`, from the first byte sent to the last received. In each round every site gets one, in all orders equally often; a ratio compares two registrations of the same round, and the median of these ratios is what the table says. The interval is from a bootstrap over the rounds.',
		'While B is up, the next registration waits until the one before has arrived there: what is measured is what a visitor waits, not how deliveries share the processor with the measurement. While B is down or hangs nothing waits for anything. "Down" refuses connections, "hanging" accepts them and never answers.',
		'The page view: eight registrations start at once on a site that has never seen B hang, and one visitor looks at the front page again and again, until all eight have been answered and for three seconds at least.',
	],
	missed: ( { registrations } ) =>
		registrations.flatMap( ( { state, ratios } ) =>
			GOALS.filter(
				( [ name, goal ] ) => ratios[ name ].ratio > goal
			).map(
				( [ name, goal ] ) =>
					`A registration, B ${ state }, ${ TITLES[ name ] }: ${ ratios[ name ].ratio.toFixed( 3 ) }, the goal is ${ goal }`
			)
		),
};
