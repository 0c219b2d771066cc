/**
 * Two real sites that are compared: what no hook has seen is found, named by its fields, and mended.
 */
import assert from 'node:assert/strict';
import { after, before as beforeAll, test } from 'node:test';

import type { Verification, VerifyFinding } from '../../admin-src/types';
import { Lab, type LabSite } from '../lab';
import { waitUntil } from '../lab/process';
import { account, becomes, php, quiet, register, waiting } from './support';

/** People of the large test; `TANDEM_MANY=100000` for the figures of docs/architecture.md. */
const MANY = Number( process.env.TANDEM_MANY ?? 20_000 );

let lab: Lab;
let a: LabSite;
let b: LabSite;
let idOfB: number;

beforeAll( async () => {
	lab = await Lab.up( {
		durable: false,
		port: 9600,
		sites: [
			{ name: 'a', wp: '7.1', plugin: true },
			{ name: 'b', wp: '7.1', plugin: true },
		],
	} );
	[ a, b ] = [ lab.site( 'a' ), lab.site( 'b' ) ];
	idOfB = await lab.pair( 'a', 'b' );
	for ( const name of [ 'anna', 'berta', 'clara', 'dora', 'emma' ] ) {
		await register( a, name, `password of ${ name }`, {
			first_name: name,
		} );
	}
	await becomes( b, 'emma', ( it ) => it !== null, 'made' );
	await quiet( [ a, b ] );
} );

after( () => lab?.down() );

/** Waits until a verification is over. */
async function isOver( id?: number ): Promise< Verification > {
	const admin = await a.visitAs( 'admin' );
	let last: Verification | undefined;
	await waitUntil(
		async () => {
			[ last ] = await admin.rest< Verification[] >(
				'GET',
				`tandem/v1/verifications?site=${ idOfB }`
			);
			return (
				last !== undefined &&
				( id === undefined || last.id === id ) &&
				[ 'done', 'failed' ].includes( last.state )
			);
		},
		'the verification does not end',
		120_000
	);
	assert.ok( last );
	assert.equal( last.problem, null );
	assert.equal( last.state, 'done' );
	return last;
}

/** Compares A with B, to the end. */
async function verify(): Promise< {
	verification: Verification;
	findings: VerifyFinding[];
} > {
	const admin = await a.visitAs( 'admin' );
	const { id } = await admin.rest< Verification >(
		'POST',
		'tandem/v1/verifications',
		{ site: idOfB }
	);
	const verification = await isOver( id );
	const findings = await admin.rest< VerifyFinding[] >(
		'GET',
		`tandem/v1/verifications/${ id }/findings?per_page=100`
	);
	return { verification, findings };
}

/** Repairs, and waits until it has arrived. */
async function repair(
	verification: Verification,
	ids?: number[],
	mine = false
): Promise< void > {
	await (
		await a.visitAs( 'admin' )
	).rest( 'POST', `tandem/v1/verifications/${ verification.id }/repair`, {
		ids,
		mine,
	} );
	await isOver( verification.id );
	await quiet( [ a, b ] );
}

const short = ( findings: VerifyFinding[] ) =>
	findings.map( ( { here, kind, fields } ) => [
		here.username,
		kind,
		...fields.map( ( { name, newer } ) => `${ name }: ${ newer }` ),
	] );

/** Changes a person past WordPress. */
const bySql = ( site: LabSite, sql: string ) =>
	site.php(
		`global $wpdb; $wpdb->query( str_replace( '{p}', $wpdb->prefix, ${ php( sql ) } ) ); return $wpdb->last_error;`
	);

test( 'two sites that are the same are found the same', async () => {
	const { verification, findings } = await verify();
	assert.deepEqual( short( findings ), [] );
	assert.equal( verification.compared, 5 );
	assert.equal( verification.straysThere, 0 );
} );

test( 'what SQL has changed on either site is found by its field, and the newer value wins', async () => {
	await bySql(
		a,
		`UPDATE {p}users SET display_name = 'Anna of A' WHERE user_login = 'anna'`
	);
	const id = ( await account( b, 'berta' ) )?.id;
	await bySql(
		b,
		`UPDATE {p}usermeta SET meta_value = 'Berta of B' WHERE user_id = ${ id } AND meta_key = 'first_name'`
	);
	const { verification, findings } = await verify();
	assert.deepEqual( short( findings ), [
		[ 'anna', 'differs', 'display_name: here' ],
		[ 'berta', 'differs', 'first_name: there' ],
	] );
	assert.ok( ! JSON.stringify( findings ).includes( 'Berta of B' ) );
	await repair( verification );
	assert.equal( ( await account( a, 'berta' ) )?.first, 'Berta of B' );
	assert.equal(
		await b.php( `return get_user_by( 'login', 'anna' )->display_name;` ),
		'Anna of A'
	);
	assert.deepEqual( short( ( await verify() ).findings ), [] );
} );

test( 'links and accounts that are missing on one side are found and made again', async () => {
	const [ bertaThere, claraThere, doraHere, emmaHere ] = [
		( await account( b, 'berta' ) )?.id,
		( await account( b, 'clara' ) )?.id,
		( await account( a, 'dora' ) )?.id,
		( await account( a, 'emma' ) )?.id,
	];
	await bySql(
		b,
		`DELETE FROM {p}tandem_links WHERE user_id = ${ bertaThere }`
	);
	await bySql( b, `DELETE FROM {p}users WHERE ID = ${ claraThere }` );
	await bySql(
		a,
		`DELETE FROM {p}tandem_links WHERE user_id = ${ doraHere }`
	);
	await bySql( a, `DELETE FROM {p}users WHERE ID = ${ emmaHere }` );
	await bySql(
		a,
		`INSERT INTO {p}users (user_login, user_pass, user_nicename, user_email, user_registered, display_name) VALUES ('frida', 'x', 'frida', 'frida@people.test', UTC_TIMESTAMP(), 'Frida')`
	);
	const { verification, findings } = await verify();
	assert.deepEqual(
		short( findings ).sort( ( one, two ) =>
			one[ 1 ].localeCompare( two[ 1 ] )
		),
		[
			[ '', 'missing_here' ],
			[ 'berta', 'missing_there' ],
			[ 'clara', 'missing_there' ],
			[ 'frida', 'stray' ],
			[ 'dora', 'unlinked_here' ],
		].sort( ( one, two ) => one[ 1 ].localeCompare( two[ 1 ] ) )
	);
	await repair( verification );
	assert.ok( await account( b, 'clara' ), 'made again on B' );
	assert.ok( await account( a, 'emma' ), 'brought back to A' );
	assert.ok( await account( b, 'frida' ), 'brought to B' );
	assert.equal(
		await b.visitor().logIn( 'clara', 'password of clara' ),
		true
	);
	const again = await verify();
	assert.deepEqual( short( again.findings ), [] );
	assert.equal( again.verification.compared, 6 );
} );

test( 'where neither value is newer nothing is done until the owner says that this site’s is right', async () => {
	await register( a, 'gina', 'on a', { first_name: 'Gina of A' } );
	await becomes( b, 'gina', ( it ) => it !== null, 'made' );
	await quiet( [ a, b ] );
	const id = ( await account( b, 'gina' ) )?.id;
	// A plugin there that writes other values than it is given leaves just this behind.
	await b.php(
		`global $wpdb; $marks = json_decode( $wpdb->get_var( "SELECT marks FROM {$wpdb->prefix}tandem_users WHERE user_id = ${ id }" ), true ); $wpdb->update( $wpdb->usermeta, array( 'meta_value' => 'Other' ), array( 'user_id' => ${ id }, 'meta_key' => 'last_name' ) ); $marks['last_name'][1] = \\Tandem\\Sync\\Mark::digest( 'Other' ); $wpdb->update( $wpdb->prefix . 'tandem_users', array( 'marks' => wp_json_encode( $marks ) ), array( 'user_id' => ${ id } ) ); return 1;`
	);
	const { verification, findings } = await verify();
	assert.deepEqual( short( findings ), [
		[ 'gina', 'differs', 'last_name: nobody' ],
	] );
	await repair( verification );
	const again = await verify();
	assert.equal( again.findings.length, 1, 'Nothing was done.' );
	await repair( again.verification, [ again.findings[ 0 ].id ], true );
	assert.equal(
		await b.php( `return get_user_by( 'login', 'gina' )->last_name;` ),
		''
	);
	assert.deepEqual( short( ( await verify() ).findings ), [] );
} );

test( 'a site that was restored from an older backup is found out and mended, passwords included', async () => {
	await quiet( [ a, b ] );
	await b.php(
		`global $wpdb; foreach ( $wpdb->get_col( "SHOW TABLES LIKE 'wp\\_%'" ) as $t ) { $wpdb->query( "DROP TABLE IF EXISTS bak_$t" ); $wpdb->query( "CREATE TABLE bak_$t LIKE $t" ); $wpdb->query( "INSERT INTO bak_$t SELECT * FROM $t" ); } return 1;`
	);
	await a.php(
		`return wp_update_user( array( 'ID' => get_user_by( 'login', 'anna' )->ID, 'user_email' => 'anna.new@people.test', 'user_pass' => 'anna’s new one' ) );`
	);
	await register( a, 'hanna', 'password of hanna' );
	await b.php(
		`return wp_update_user( array( 'ID' => get_user_by( 'login', 'dora' )->ID, 'first_name' => 'Dora of B' ) );`
	);
	await register( b, 'irma', 'password of irma' );
	await becomes( a, 'irma', ( it ) => it !== null, 'made on A' );
	await becomes( b, 'hanna', ( it ) => it !== null, 'made on B' );
	await quiet( [ a, b ] );
	await b.php(
		`global $wpdb; foreach ( $wpdb->get_col( "SHOW TABLES LIKE 'bak\\_%'" ) as $t ) { $to = substr( $t, 4 ); $wpdb->query( "DELETE FROM $to" ); $wpdb->query( "INSERT INTO $to SELECT * FROM $t" ); } return 1;`
	);
	assert.equal( await account( b, 'hanna' ), null );
	const { verification, findings } = await verify();
	assert.deepEqual(
		short( findings ).sort( ( one, two ) =>
			one[ 0 ].localeCompare( two[ 0 ] )
		),
		[
			[ 'anna', 'differs', 'user_email: here', 'password: here' ],
			[ 'dora', 'differs', 'first_name: here' ],
			[ 'hanna', 'missing_there' ],
			[ 'irma', 'missing_there' ],
		]
	);
	await repair( verification );
	assert.equal(
		( await account( b, 'anna' ) )?.email,
		'anna.new@people.test'
	);
	assert.equal( ( await account( b, 'dora' ) )?.first, 'Dora of B' );
	assert.equal( await b.visitor().logIn( 'anna', 'anna’s new one' ), true );
	assert.equal(
		await b.visitor().logIn( 'hanna', 'password of hanna' ),
		true
	);
	assert.equal( await b.visitor().logIn( 'irma', 'password of irma' ), true );
	assert.deepEqual( short( ( await verify() ).findings ), [] );
	assert.equal( await waiting( a ), 0 );
} );

test( `${ MANY } people who are the same cost a handful of requests, and a few who differ some more`, async () => {
	const fill = ( site: LabSite, own: number, remote: number ) =>
		site.php(
			`global $wpdb; $p = $wpdb->prefix; set_time_limit( 0 ); $site = (int) $wpdb->get_var( "SELECT id FROM {$p}tandem_sites" );
			for ( $from = 0; $from < ${ MANY }; $from += 1000 ) { $u = $m = $t = $l = array();
				for ( $i = $from; $i < min( ${ MANY }, $from + 1000 ); $i++ ) { $id = ${ own } + $i;
					$u[] = "($id, 'many$i', 'x', 'many$i', 'many$i@people.test', '2020-01-01 00:00:00', 'Many $i')";
					foreach ( array( 'first_name' => "First $i", 'last_name' => "Last $i", 'nickname' => "many$i", 'description' => '', 'locale' => '', "{$p}capabilities" => serialize( array( 'subscriber' => true ) ), 'rich_editing' => 'true', 'show_admin_bar_front' => 'true' ) as $k => $v ) { $m[] = "($id, '$k', '$v')"; }
					$t[] = sprintf( "(%d, '%08x-0000-4000-8000-000000000000', '{}')", $id, $i );
					$l[] = sprintf( "(%d, %d, %d, 'many%d')", $site, $id, ${ remote } + $i, $i ); }
				$wpdb->query( "INSERT INTO {$p}users (ID, user_login, user_pass, user_nicename, user_email, user_registered, display_name) VALUES " . implode( ',', $u ) );
				$wpdb->query( "INSERT INTO {$p}usermeta (user_id, meta_key, meta_value) VALUES " . implode( ',', $m ) );
				$wpdb->query( "INSERT INTO {$p}tandem_users (user_id, uid, marks) VALUES " . implode( ',', $t ) );
				$wpdb->query( "INSERT INTO {$p}tandem_links (site_id, user_id, remote_id, remote_login) VALUES " . implode( ',', $l ) ); }
			return $wpdb->last_error;`
		);
	await fill( a, 1_000_000, 2_000_000 );
	await fill( b, 2_000_000, 1_000_000 );
	const questions = async () =>
		( await b.requests() ).filter( ( { uri } ) =>
			uri.includes( 'peer/digests' )
		).length;
	const measure = async () => {
		const before = await questions();
		const started = Date.now();
		const found = await verify();
		return {
			...found,
			requests: ( await questions() ) - before,
			seconds: ( Date.now() - started ) / 1000,
		};
	};
	const equal = await measure();
	console.log(
		`${ MANY } equal people: ${ equal.seconds } s, ${ equal.requests } requests`
	);
	assert.deepEqual( equal.findings, [] );
	assert.ok( equal.verification.compared >= MANY );
	assert.ok(
		equal.requests <= Math.ceil( ( MANY + 100 ) / 20_000 ) + 2,
		`${ equal.requests } requests`
	);
	await bySql(
		b,
		`UPDATE {p}users SET display_name = 'Other' WHERE ID IN ( 2000005, 2000700, ${ 2_000_000 + MANY - 1 } )`
	);
	const few = await measure();
	console.log(
		`3 of ${ MANY } differ: ${ few.seconds } s, ${ few.requests } requests`
	);
	assert.deepEqual(
		few.findings.map( ( { here } ) => here.username ),
		[ 'many5', 'many700', `many${ MANY - 1 }` ]
	);
	assert.ok(
		few.requests <= equal.requests + 6,
		`${ few.requests } requests`
	);
} );
