/**
 * Every way to set a password on A × every kind of password: does a real log-in
 * on the plain site B work with it, and fail with the one before?
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

async function tryOne(
	lab: Lab,
	path: PasswordPath,
	kind: PasswordKind,
	number: number
): Promise< Cell > {
	const [ a, b ] = [ lab.site( 'a' ), lab.site( 'b' ) ];
	const person = {
		username: `person${ number }`,
		email: `person${ number }@a.test`,
	};
	const before = `before ${ number }`;
	if ( ! path.creates ) {
		await a.php(
			`return wp_insert_user( array( 'user_login' => '${ person.username }', 'user_email' => '${ person.email }', 'user_pass' => '${ before }' ) );`
		);
		await settled( a, person );
		if ( ! ( await canLogIn( b, person, before ) ) ) {
			return { text: 'the password before did not arrive', good: false };
		}
	}
	const password = kind.typed( `${ number }-new` );
	const refusal = await path.set(
		a,
		await a.visitAs( 'admin' ),
		person,
		password
	);
	if ( refusal !== null ) {
		return kind.refused
			? { text: 'A refuses it itself', good: true }
			: { text: `A refused: ${ refusal }`, good: false };
	}
	await settled( a, person );
	const works = await canLogIn(
		b,
		person,
		kind.letsIn?.( password ) ?? password
	);
	if ( kind.refused ) {
		const said = await lastActivity( a, person );
		const good = ! works && /backslash/i.test( said );
		return {
			text: good ? 'told, with the reset link' : `not told (${ said })`,
			good,
		};
	}
	const oldWorks = ! path.creates && ( await canLogIn( b, person, before ) );
	if ( ! works ) {
		return {
			text: `no log-in (${ await lastActivity( a, person ) })`,
			good: false,
		};
	}
	return oldWorks
		? { text: 'the old one still works', good: false }
		: { text: 'in', good: true };
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

async function main(): Promise< void > {
	const only = /--paths=(\d+)/.exec( process.argv.join( ' ' ) )?.[ 1 ];
	const paths = only
		? PASSWORD_PATHS.slice( 0, Number( only ) )
		: PASSWORD_PATHS;
	const lab = await Lab.up( {
		sites: [
			{ name: 'a', wp: '7.1', plugin: true },
			{ name: 'b', wp: '7.1', plugin: false },
		],
	} );
	let failed = 0;
	let passed = 0;
	try {
		await lab.connect( 'a', 'b' );
		await lab
			.site( 'a' )
			.php( "update_option( 'users_can_register', 1 ); return true;" );
		const cells = new Map< string, Cell[] >();
		let number = 0;
		for ( const path of paths ) {
			const row: Cell[] = [];
			for ( const kind of PASSWORD_KINDS ) {
				const cell = await tryOne( lab, path, kind, ++number ).catch(
					( error: Error ): Cell => ( {
						text: error.message.slice( 0, 200 ),
						good: false,
					} )
				);
				row.push( cell );
				if ( cell.good ) {
					passed++;
				} else {
					failed++;
				}
			}
			cells.set( path.name, row );
			console.log(
				`${ path.name }: ${ row.map( ( cell ) => cell.text ).join( ' · ' ) }`
			);
		}
		if ( ! only ) {
			const page = `# Passwords: every way to set one × every kind

Made by \`npm run test:matrix\` on ${ new Date().toISOString().slice( 0, 10 ) }: site A with Tandem, site B a plain WordPress, both 7.1 on nginx, PHP-FPM and MariaDB. "in" means: after the change on A, a real log-in through B's wp-login.php with the new password succeeded, and one with the password before failed.

${ table( cells ) }

A backslash: WordPress's REST API refuses any password that contains one (\`WP_REST_Users_Controller::check_user_password()\`), so it can't reach a plain site. The rest of the change arrives, and the activity row says so and names the address where the person can set a password on B. Spaces at the ends: WordPress trims a password when it hashes it (\`wp_hash_password()\`) but not at log-in, so on either site the person gets in without them.
`;
			await writeFile( join( PROJECT, 'docs/passwords.md' ), page );
		}
	} finally {
		await lab.down();
	}
	console.log( `${ passed } passed, ${ failed } failed` );
	process.exitCode = failed > 0 ? 1 : 0;
}

main().catch( ( error: Error ) => {
	console.error( error.message );
	process.exitCode = 1;
} );
