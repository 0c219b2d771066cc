/**
 * The page that the benchmark writes.
 */
import { cpus, totalmem } from 'node:os';

import { run } from '../lab/process';
import type { PageViews, Registrations } from './measure';
import { TITLES, type Candidate } from './sites';

/** Where it was measured: enough to judge the numbers, nothing that names a machine. */
export interface Machine {
	processor: string;
	cores: number;
	memoryGiB: number;
	php: string;
	mariadb: string;
	nginx: string;
}

export interface Report {
	date: string;
	machine: Machine;
	rounds: number;
	/** How many processes wanted the processor when it began, the benchmark not among them (the system's load average). */
	load: number;
	registrations: Registrations[];
	pageViews: PageViews[];
}

/** What is promised, as a ratio to a site without the plugin. */
export const GOALS: Partial< Record< Candidate, number > > = {
	tandem: 1.02,
	elsewhere: 1.1,
};

export async function describeMachine(): Promise< Machine > {
	const version = async ( program: string, args: string[], at: RegExp ) =>
		at.exec( await run( program, args ) )?.[ 1 ] ?? '?';
	return {
		processor: cpus()[ 0 ]?.model.trim() ?? '?',
		cores: cpus().length,
		memoryGiB: Math.round( totalmem() / 2 ** 30 ),
		php: await version( 'php', [ '-v' ], /PHP (\S+)/ ),
		mariadb: await version(
			'mariadb',
			[ '--version' ],
			/([\d.]+)-MariaDB/
		),
		// nginx says it on standard error.
		nginx: await version(
			'sh',
			[ '-c', 'PATH=$PATH:/usr/sbin nginx -v 2>&1' ],
			/nginx\/(\S+)/
		),
	};
}

function ms( value: number ): string {
	return value < 1000
		? `${ value.toFixed( 1 ) } ms`
		: `${ ( value / 1000 ).toFixed( 2 ) } s`;
}

/**
 * The tables, for a terminal and for a page.
 *
 * @param report What was measured.
 */
export function toTables( report: Report ): string {
	const registrations = report.registrations.flatMap(
		( { state, medians, ratios } ) => [
			`| ${ state } | ${ TITLES.without } | ${ ms( medians.without ) } | 1 | |`,
			...( [ 'again', 'tandem', 'elsewhere', 'tutorial' ] as const ).map(
				( name ) => {
					const { ratio, low, high, pairs } = ratios[ name ];
					return `| ${ state } | ${ TITLES[ name ] } | ${ ms(
						medians[ name ]
					) } | **${ ratio.toFixed( 3 ) }** | ${ low.toFixed(
						3
					) } to ${ high.toFixed( 3 ) }, ${ pairs } pairs |`;
				}
			),
		]
	);
	const views = report.pageViews.map(
		( { candidate, median, slowest, views: count } ) =>
			`| ${ TITLES[ candidate ] } | ${ ms( median ) } | ${ ms(
				slowest
			) } | ${ count } |`
	);
	return `## A registration on A

| B is | site A | median | ratio to "without" | 95 % interval |
|---|---|---|---|---|
${ registrations.join( '\n' ) }

## A page view on A while B hangs and eight people register at once

| site A | median | slowest | views |
|---|---|---|---|
${ views.join( '\n' ) }
`;
}

/**
 * The whole page.
 *
 * @param report What was measured.
 */
export function toPage( report: Report ): string {
	const { machine } = report;
	return `# Benchmarks

Made by \`npm run bench\` on ${ report.date }. ${ machine.processor }, ${ machine.cores } cores, ${ machine.memoryGiB } GiB; PHP ${ machine.php }, MariaDB ${ machine.mariadb } (a commit is on the disk when it returns), nginx ${ machine.nginx }. At the start ${ report.load.toFixed(
		1
	) } other processes wanted the processor. The numbers behind this page are in [benchmarks.json](benchmarks.json).

${ toTables( report ) }
## How it is measured

- The sites are the same WordPress 7.1 on nginx, PHP-FPM (8 workers each) and MariaDB, passwords hashed at WordPress's own cost, WP-Cron on. One has no plugin, and so has a second one, which shows how sure the other numbers are; one has Tandem, one has Tandem in a PHP without \`fastcgi_finish_request\` (as under mod_php), one has the snippet of the well-known tutorial: \`wp_remote_post()\` to B's \`wp/v2/users\` inside \`user_register\`. All send to the same plain site B.
- A registration is a real one: the form of \`wp-login.php?action=register\`, from the first byte sent to the last received. In each round every site gets one, in all orders equally often; a ratio compares two registrations of the same round, and the median of these ratios is what the table says. The interval is from a bootstrap over the rounds.
- While B is up, the next registration waits until the one before has arrived there: what is measured is what a visitor waits, not how deliveries share the processor with the measurement. While B is down or hangs nothing waits for anything. "Down" refuses connections, "hanging" accepts them and never answers.
- The page view: eight registrations start at once on a site that has never seen B hang, and one visitor looks at the front page again and again, until all eight have been answered and for three seconds at least.
`;
}
