/**
 * Every way to set a password on one site × every kind of password: does a real
 * log-in on the other work with it, and fail with the one before? From a site with
 * Tandem to a plain one, and between two paired sites in both directions.
 *
 * Runs on the native lab and writes `docs/passwords.md`. `--paths=2` takes only
 * the first two ways, to try the test itself.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Lab, type LabSite } from '../lab';
import { PASSWORD_KINDS, type PasswordKind } from './passwords';
import { PASSWORD_PATHS, type PasswordPath, type Person } from './paths';

const PROJECT = join( __dirname, '../..' );
const PATIENCE_MS = 20_000;

interface Cell {
	text: string;
	good: boolean;
}

async function canLogIn( site: LabSite, person: Person, password: string ) {
	return site.visitor().logIn( person.username, password );
}

/** Waits until nothing is on its way to B for this person. */
async function settled( a: LabSite, person: Person ): Promise< void > {
	const deadline = Date.now() + PATIENCE_MS;
	const question = `global $wpdb; $user = get_user_by( 'login', '${ person.username }' ); return $user ? (int) $wpdb->get_var( "SELECT COUNT(*) FROM {$wpdb->prefix}tandem_outbox WHERE user_id = {$user->ID} AND state = 'due'" ) : 0;`;
	while ( Number( await a.php( question ) ) > 0 ) {
		if ( Date.now() > deadline ) {
			throw new Error( `${ person.username } did not get to B in time.` );
		}
		await new Promise( ( resolve ) => setTimeout( resolve, 50 ) );
	}
}

/** What the last activity row of a person says. */
async function lastActivity( a: LabSite, person: Person ): Promise< string > {
	return String(
		await a.php(
			`global $wpdb; return $wpdb->get_var( "SELECT CONCAT( code, ' ', message, ' ', warnings ) FROM {$wpdb->prefix}tandem_activity WHERE username = '${ person.username }' ORDER BY id DESC LIMIT 1" );`
		)
	);
}

/** From where to where, and whether the other side takes everything. */
interface Direction {
	title: string;
	from: LabSite;
	to: LabSite;
	isPaired: boolean;
}

async function tryOne(
	{ from, to, isPaired }: Direction,
	path: PasswordPath,
	kind: PasswordKind,
	number: number
): Promise< Cell > {
	const person = {
		username: `person${ number }`,
		email: `person${ number }@a.test`,
	};
	const before = `before ${ number }`;
	if ( ! path.creates ) {
		await from.php(
			`return wp_insert_user( array( 'user_login' => '${ person.username }', 'user_email' => '${ person.email }', 'user_pass' => '${ before }' ) );`
		);
		await settled( from, person );
		if ( ! ( await canLogIn( to, person, before ) ) ) {
			return { text: 'the password before did not arrive', good: false };
		}
	}
	const password = kind.typed( `${ number }-new` );
	const refusal = await path.set(
		from,
		await from.visitAs( 'admin' ),
		person,
		password
	);
	if ( refusal !== null ) {
		return kind.refused
			? { text: 'refused where it is set', good: true }
			: { text: `refused: ${ refusal }`, good: false };
	}
	await settled( from, person );
	// Code that adds no slashes stores the backslash as it is; a log-in form adds one to it, on either site.
	const typed = kind.letsIn?.( password ) ?? password;
	const works = await canLogIn( to, person, typed );
	if ( kind.refused && ! isPaired ) {
		const said = await lastActivity( from, person );
		const good = ! works && /backslash/i.test( said );
		return {
			text: good ? 'told, with the reset link' : `not told (${ said })`,
			good,
		};
	}
	const here = await canLogIn( from, person, typed );
	const oldWorks = ! path.creates && ( await canLogIn( to, person, before ) );
	if ( isPaired && works !== here ) {
		return {
			text: `${ works ? 'in' : 'no log-in' } there, ${ here ? 'in' : 'none' } here (${ await lastActivity( from, person ) })`,
			good: false,
		};
	}
	if ( oldWorks ) {
		return { text: 'the old one still works', good: false };
	}
	return works
		? { text: 'in', good: true }
		: {
				text: isPaired ? 'the same on both: not in' : 'no log-in',
				good: isPaired,
			};
}

function table( cells: Map< string, Cell[] > ): string {
	const head = [ 'set by', ...PASSWORD_KINDS.map( ( kind ) => kind.name ) ];
	const rows = [ ...cells ].map( ( [ name, row ] ) => [
		name,
		...row.map( ( cell ) =>
			cell.good ? cell.text : `**${ cell.text }**`
		),
	] );
	return [ head, head.map( () => '---' ), ...rows ]
		.map( ( row ) => `| ${ row.join( ' | ' ) } |` )
		.join( '\n' );
}

let number = 0;

/** All ways and kinds in one direction. */
async function tryAll(
	direction: Direction,
	paths: readonly PasswordPath[]
): Promise< Map< string, Cell[] > > {
	console.log( `\n${ direction.title }` );
	await direction.from.php(
		"update_option( 'users_can_register', 1 ); return true;"
	);
	const cells = new Map< string, Cell[] >();
	for ( const path of paths ) {
		const row: Cell[] = [];
		for ( const kind of PASSWORD_KINDS ) {
			row.push(
				await tryOne( direction, path, kind, ++number ).catch(
					( error: Error ): Cell => ( {
						text: error.message.slice( 0, 200 ),
						good: false,
					} )
				)
			);
		}
		cells.set( path.name, row );
		console.log(
			`${ path.name }: ${ row.map( ( cell ) => cell.text ).join( ' · ' ) }`
		);
	}
	return cells;
}

async function main(): Promise< void > {
	const only = /--paths=(\d+)/.exec( process.argv.join( ' ' ) )?.[ 1 ];
	const paths = only
		? PASSWORD_PATHS.slice( 0, Number( only ) )
		: PASSWORD_PATHS;
	const lab = await Lab.up( {
		durable: false,
		sites: [
			{ name: 'a', wp: '7.1', plugin: true },
			{ name: 'b', wp: '7.1', plugin: false },
			{ name: 'c', wp: '7.1', plugin: true },
			{ name: 'd', wp: '6.8', plugin: true },
		],
	} );
	const results: { direction: Direction; cells: Map< string, Cell[] > }[] =
		[];
	try {
		await lab.connect( 'a', 'b' );
		await lab.pair( 'c', 'd' );
		const [ a, b, c, d ] = [ 'a', 'b', 'c', 'd' ].map( ( name ) =>
			lab.site( name )
		) as [ LabSite, LabSite, LabSite, LabSite ];
		for ( const direction of [
			{
				title: 'To a plain site (both WordPress 7.1)',
				from: a,
				to: b,
				isPaired: false,
			},
			{
				title: 'Between paired sites, from WordPress 7.1 to 6.8',
				from: c,
				to: d,
				isPaired: true,
			},
			{
				title: 'Between paired sites, from WordPress 6.8 to 7.1',
				from: d,
				to: c,
				isPaired: true,
			},
		] ) {
			results.push( {
				direction,
				cells: await tryAll( direction, paths ),
			} );
		}
		if ( ! only ) {
			const page = `# Passwords: every way to set one × every kind

Made by \`npm run test:matrix\` on ${ new Date().toISOString().slice( 0, 10 ) }, on nginx, PHP-FPM and MariaDB. "in" means: after the change on the one site, a real log-in through wp-login.php of the other with the new password succeeded, and one with the password before failed.

${ results.map( ( { direction, cells } ) => `## ${ direction.title }\n\n${ table( cells ) }` ).join( '\n\n' ) }

A backslash: WordPress's REST API refuses any password that contains one (\`WP_REST_Users_Controller::check_user_password()\`), so it can't reach a plain site. The rest of the change arrives, and the activity row says so and names the address where the person can set a password there. Between paired sites it arrives like any other; "the same on both: not in" is a password that code has set without the slashes that WordPress's log-in form adds, with which nobody can log in on either site. Spaces at the ends: WordPress trims a password when it hashes it (\`wp_hash_password()\`) but not at log-in, so on either site the person gets in without them.
`;
			await writeFile( join( PROJECT, 'docs/passwords.md' ), page );
		}
	} finally {
		await lab.down();
	}
	const all = results.flatMap( ( { cells } ) =>
		[ ...cells.values() ].flat()
	);
	const failed = all.filter( ( cell ) => ! cell.good ).length;
	console.log( `${ all.length - failed } passed, ${ failed } failed` );
	process.exitCode = failed > 0 ? 1 : 0;
}

main().catch( ( error: Error ) => {
	console.error( error.message );
	process.exitCode = 1;
} );
