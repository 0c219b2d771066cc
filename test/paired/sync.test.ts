/**
 * Two and three real sites that know each other: people, passwords and removals in every direction, and what a
 * malicious one of them can't do.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before as beforeAll, test } from 'node:test';

import Ajv from 'ajv';

import { Lab, type LabSite } from '../lab';
import { waitUntil } from '../lab/process';
import {
	account,
	activity,
	becomes,
	php,
	quiet,
	register,
	waiting,
} from './support';

let lab: Lab;
let a: LabSite;
let b: LabSite;
let c: LabSite;

/** Id under which one site knows another. */
async function known( on: LabSite, other: LabSite ): Promise< number > {
	const admin = await on.visitAs( 'admin' );
	const sites = await admin.rest< { id: number; url: string }[] >(
		'GET',
		'tandem/v1/sites'
	);
	const found = sites.find( ( { url } ) => url === other.url );
	assert.ok( found, `${ on.name } knows ${ other.name }` );
	return found.id;
}

async function change(
	on: LabSite,
	other: LabSite,
	changes: Record< string, unknown >
): Promise< void > {
	await (
		await on.visitAs( 'admin' )
	).rest( 'PATCH', `tandem/v1/sites/${ await known( on, other ) }`, changes );
}

beforeAll( async () => {
	lab = await Lab.up( {
		durable: false,
		sites: [
			{ name: 'a', wp: '7.1', plugin: true },
			// WordPress's own cost there: the two sites hash at different ones.
			{ name: 'b', wp: '7.1', plugin: true, cheapHashes: false },
			{ name: 'c', wp: '6.8', plugin: true },
			{ name: 'd', wp: '7.1', plugin: true },
		],
	} );
	[ a, b, c ] = [ lab.site( 'a' ), lab.site( 'b' ), lab.site( 'c' ) ];
	// They were there before the sites knew each other.
	await register( a, 'olda', "O\\'Neil \\\\ old", { first_name: 'Old' } );
	await register( b, 'oldb', 'pässword of b' );
	await register( a, 'both', 'on a', { first_name: 'Anna' } );
	await register( b, 'both', 'on b' );
	await lab.pair( 'a', 'b' );
} );

after( () => lab.down() );

/** Somebody's last name on a site. */
async function lastName( site: LabSite, login: string ): Promise< unknown > {
	return site.php(
		`return get_user_by( 'login', ${ php( login ) } )->last_name;`
	);
}

/** Runs a backfill to its end. */
async function backfill( on: LabSite, other: LabSite ): Promise< void > {
	const admin = await on.visitAs( 'admin' );
	const { id } = await admin.rest< { id: number } >(
		'POST',
		'tandem/v1/backfills',
		{ site: await known( on, other ) }
	);
	const reaches = ( state: string ) =>
		waitUntil( async () => {
			const now = await admin.rest< { state: string } >(
				'GET',
				`tandem/v1/backfills/${ id }`
			);
			return now.state === state;
		}, `the backfill does not become ${ state }` );
	await reaches( 'ready' );
	await admin.rest( 'POST', `tandem/v1/backfills/${ id }/run` );
	await reaches( 'done' ).catch( async ( error: Error ) => {
		throw new Error(
			`${ error.message }: ${ JSON.stringify( await on.php( 'global $wpdb; return array( $wpdb->get_results( "SELECT * FROM {$wpdb->prefix}tandem_outbox", ARRAY_A ), $wpdb->get_results( "SELECT user_id, outcome, result, code, message FROM {$wpdb->prefix}tandem_backfill_items", ARRAY_A ), $wpdb->get_results( "SELECT * FROM {$wpdb->prefix}tandem_backfills", ARRAY_A ) );' ) ) } ${ JSON.stringify( await activity( on ) ) }`
		);
	} );
}

test( 'people who existed before keep their passwords after a backfill, backslashes included', async () => {
	await backfill( a, b );
	assert.equal( await b.visitor().logIn( 'olda', "O'Neil \\ old" ), true );
	assert.equal( ( await account( b, 'olda' ) )?.first, 'Old' );
	assert.equal( await b.visitor().logIn( 'both', 'on b' ), true );
	await backfill( b, a );
	assert.equal( await a.visitor().logIn( 'oldb', 'pässword of b' ), true );
	await quiet( [ a, b ] );
} );

test( 'a log-in that only renews a hash changes nothing on the other site', async () => {
	// Nobody has logged in with this one: B holds the hash as A made it, at A's cost.
	await register( a, 'renewed', 'made at a low cost' );
	const there = await becomes( b, 'renewed', Boolean, 'made' );
	await quiet( [ a, b ] );
	const before = ( await account( a, 'renewed' ) )?.pass;
	assert.equal( there?.pass, before );
	const messages = async () =>
		( await a.requests() ).filter( ( { uri } ) =>
			uri.includes( 'peer/users' )
		).length;
	const heard = await messages();
	assert.equal(
		await b.visitor().logIn( 'renewed', 'made at a low cost' ),
		true
	);
	const renewed = ( await account( b, 'renewed' ) )?.pass;
	assert.notEqual( renewed, before, 'B has hashed it anew' );
	assert.match( String( renewed ), /^\$wp\$2y\$/ );
	await b.php( `do_action( 'tandem_work' ); return true;` );
	await quiet( [ a, b ] );
	assert.equal( await messages(), heard, 'A has heard nothing of it' );
	assert.equal( ( await account( a, 'renewed' ) )?.pass, before );
} );

test( 'a change on either site arrives on the other: profile, address, role, password', async () => {
	await register( a, 'maria', 'first one', { first_name: 'Maria' } );
	await becomes( b, 'maria', ( it ) => it?.first === 'Maria', 'made' );
	assert.equal( await b.visitor().logIn( 'maria', 'first one' ), true );
	const id = ( await account( b, 'maria' ) )?.id;
	await b.php(
		`return wp_update_user( array( 'ID' => ${ id }, 'user_email' => 'new@people.test', 'first_name' => 'María', 'user_pass' => 'changed on b' ) );`
	);
	await becomes(
		a,
		'maria',
		( it ) => it?.email === 'new@people.test' && it.first === 'María',
		'changed'
	);
	assert.equal( await a.visitor().logIn( 'maria', 'changed on b' ), true );
	assert.equal( await a.visitor().logIn( 'maria', 'first one' ), false );
	await a.php(
		`( new WP_User( ${ ( await account( a, 'maria' ) )?.id } ) )->set_role( 'author' ); return true;`
	);
	await becomes( b, 'maria', ( it ) => it?.roles[ 0 ] === 'author', 'role' );
	await quiet( [ a, b ] );
} );

test( 'somebody whom the other site does not know arrives whole with their next change, the password too', async () => {
	await a.php( `
		global $wpdb;
		$wpdb->insert( $wpdb->users, array( 'user_login' => 'whole', 'user_pass' => wp_hash_password( 'from before' ), 'user_email' => 'whole@people.test', 'user_registered' => '2020-01-01 00:00:00', 'user_nicename' => 'whole', 'display_name' => 'Whole Person' ) );
		foreach ( array( 'last_name' => 'Person', $wpdb->prefix . 'capabilities' => serialize( array( 'subscriber' => true ) ) ) as $key => $value ) {
			$wpdb->insert( $wpdb->usermeta, array( 'user_id' => get_user_by( 'login', 'whole' )->ID, 'meta_key' => $key, 'meta_value' => $value ) );
		}
		return true;
	` );
	await a.wp( [ 'user', 'update', 'whole', '--first_name=All' ] );
	await becomes( b, 'whole', ( it ) => it?.first === 'All', 'made' );
	assert.equal( await lastName( b, 'whole' ), 'Person' );
	assert.deepEqual( ( await account( b, 'whole' ) )?.roles, [
		'subscriber',
	] );
	assert.equal( await b.visitor().logIn( 'whole', 'from before' ), true );
	await quiet( [ a, b ] );
} );

test( 'what was changed past WordPress goes along with the next change', async () => {
	await a.php(
		`global $wpdb; $wpdb->update( $wpdb->usermeta, array( 'meta_value' => 'By SQL' ), array( 'user_id' => get_user_by( 'login', 'whole' )->ID, 'meta_key' => 'last_name' ) ); return true;`
	);
	await a.wp( [ 'user', 'update', 'whole', '--first_name=Again' ] );
	await becomes( b, 'whole', ( it ) => it?.first === 'Again', 'changed' );
	await quiet( [ a, b ] );
	assert.equal( await lastName( b, 'whole' ), 'By SQL' );
} );

test( 'what a filter changes on the way arrives changed, stays as it is here, and does not come back', async () => {
	await a.addMuPlugin(
		'payload.php',
		`<?php add_filter( 'tandem_payload', function ( array $values, int $user_id ): array {
	if ( 'filtered' !== get_userdata( $user_id )->user_login ) {
		return $values;
	}
	$values['last_name'] = strtoupper( (string) $values['last_name'] );
	unset( $values['first_name'] );
	return $values;
}, 10, 2 );`
	);
	const id = await register( a, 'filtered', 'secret of filtered', {
		first_name: 'Fil',
		last_name: 'Tered',
	} );
	await becomes( b, 'filtered', Boolean, 'the person arrives' );
	await quiet( [ a, b ] );
	assert.equal( await lastName( b, 'filtered' ), 'TERED' );
	assert.equal( ( await account( b, 'filtered' ) )?.first, '' );
	assert.equal(
		await b.visitor().logIn( 'filtered', 'secret of filtered' ),
		true
	);
	await a.php(
		`wp_update_user( array( 'ID' => ${ id }, 'first_name' => 'Philip', 'user_url' => 'https://filtered.test/' ) );`
	);
	await waitUntil(
		async () =>
			( await b.php(
				`return get_user_by( 'login', 'filtered' )->user_url;`
			) ) === 'https://filtered.test/',
		'a later change arrives'
	);
	await quiet( [ a, b ] );
	assert.equal( await lastName( a, 'filtered' ), 'Tered' );
	assert.equal( await lastName( b, 'filtered' ), 'TERED' );
	assert.equal( ( await account( a, 'filtered' ) )?.first, 'Philip' );
	const sent = ( await a.php(
		`global $wpdb; return array_map( 'json_decode', $wpdb->get_col( "SELECT fields FROM {$wpdb->prefix}tandem_activity WHERE username = 'filtered' AND direction = 'out' ORDER BY id" ) );`
	) ) as string[][];
	assert.ok(
		sent[ 0 ]?.includes( 'last_name' ),
		'the first row names fields'
	);
	assert.deepEqual( sent.at( -1 ), [ 'user_url' ] );
	assert.ok(
		sent.every( ( names ) => ! names.includes( 'first_name' ) ),
		'what the filter took out is not said to be sent'
	);
} );

test( 'what another plugin keeps in a table of its own travels both ways, by its adapter', async () => {
	const plugin = `<?php
function members_table(): string {
	return $GLOBALS['wpdb']->prefix . 'members';
}
function members_level( int $user_id ): ?string {
	return $GLOBALS['wpdb']->get_var( $GLOBALS['wpdb']->prepare( 'SELECT level FROM %i WHERE user_id = %d', members_table(), $user_id ) );
}
function members_set_level( int $user_id, string $level ): void {
	$GLOBALS['wpdb']->replace( members_table(), array( 'user_id' => $user_id, 'level' => $level ) );
	do_action( 'members_level_changed', $user_id );
}
add_filter( 'tandem_adapters', fn ( array $adapters ): array => array( ...$adapters, ( new class() extends Tandem\\Contract\\Adapter {
	public function fields(): array {
		return array( 'member_level' => 'Membership level' );
	}
	public function read( int $user_id, string $key ): string|int|float|bool|array|null {
		return members_level( $user_id );
	}
	public function write( int $user_id, string $key, string|array|null $value ): void {
		members_set_level( $user_id, is_string( $value ) ? $value : '' );
	}
	public function listen(): static {
		add_action( 'members_level_changed', fn ( int $user_id ) => $this->changed( $user_id, 'member_level' ) );
		return $this;
	}
} )->listen() ) );`;
	for ( const [ site, other ] of [
		[ a, b ],
		[ b, a ],
	] as const ) {
		await site.addMuPlugin( 'members.php', plugin );
		await site.php(
			`return $GLOBALS['wpdb']->query( 'CREATE TABLE ' . members_table() . ' (user_id BIGINT PRIMARY KEY, level VARCHAR(20))' );`
		);
		await change( site, other, {
			settings: { meta: [ 'member_level' ] },
			policy: { metaList: [ 'member_level' ] },
		} );
	}
	const level = ( site: LabSite ) =>
		site.php(
			`return members_level( get_user_by( 'login', 'member' )->ID );`
		);
	const set = ( site: LabSite, to: string ) =>
		site.php(
			`members_set_level( get_user_by( 'login', 'member' )->ID, '${ to }' ); return true;`
		);
	await register( a, 'member', 'of a plugin' );
	await becomes( b, 'member', Boolean, 'the person arrives' );
	await set( a, 'silver' );
	await waitUntil(
		async () => ( await level( b ) ) === 'silver',
		'the level arrives'
	);
	await quiet( [ a, b ] );
	await set( b, 'gold' );
	await waitUntil(
		async () => ( await level( a ) ) === 'gold',
		'the level comes back'
	);
	await quiet( [ a, b ] );
	assert.equal(
		await b.php(
			`return metadata_exists( 'user', get_user_by( 'login', 'member' )->ID, 'member_level' );`
		),
		false
	);
} );

test( 'somebody whom the other site has lost, as with a restored backup, is sent whole again', async () => {
	const id = ( await account( b, 'whole' ) )?.id;
	await b.php( `
		global $wpdb;
		$wpdb->delete( $wpdb->users, array( 'ID' => ${ id } ) );
		$wpdb->delete( $wpdb->usermeta, array( 'user_id' => ${ id } ) );
		$wpdb->delete( $wpdb->prefix . 'tandem_users', array( 'user_id' => ${ id } ) );
		$wpdb->delete( $wpdb->prefix . 'tandem_links', array( 'user_id' => ${ id } ) );
		return true;
	` );
	await a.wp( [ 'user', 'update', 'whole', '--first_name=Restored' ] );
	await waitUntil( async () => {
		await a.php(
			`global $wpdb; $wpdb->query( "UPDATE {$wpdb->prefix}tandem_outbox SET due_at = 0" ); do_action( 'tandem_work' ); return true;`
		);
		return ( await account( b, 'whole' ) )?.first === 'Restored';
	}, 'they are not made again' );
	assert.equal( await lastName( b, 'whole' ), 'By SQL' );
	assert.equal( await b.visitor().logIn( 'whole', 'from before' ), true );
	await quiet( [ a, b ] );
} );

test( 'nobody gets a mail about it, plugins hear of it, and whoever changed a password stays logged in where they did', async () => {
	await b.onEveryRequest(
		`add_action( 'user_register', function ( $id ) { update_option( 'heard_register', (int) get_option( 'heard_register' ) + 1 ); } ); add_action( 'profile_update', function ( $id ) { update_option( 'heard_update', (int) get_option( 'heard_update' ) + 1 ); } );`
	);
	const mails = ( await b.mails() ).length;
	await register( a, 'heard', 'the first' );
	await becomes( b, 'heard', ( it ) => it !== null, 'made' );
	const here = a.visitor();
	assert.equal( await here.logIn( 'heard', 'the first' ), true );
	const there = b.visitor();
	assert.equal( await there.logIn( 'heard', 'the first' ), true );
	await here.rest( 'POST', 'wp/v2/users/me', { password: 'the second' } );
	await waitUntil(
		async () => b.visitor().logIn( 'heard', 'the second' ),
		'the new password does not arrive'
	);
	const stillHere = await here.request( '/wp-admin/profile.php' );
	assert.equal( stillHere.status, 200 );
	const goneThere = await there.request( '/wp-admin/profile.php' );
	assert.equal( goneThere.status, 302 );
	assert.equal( ( await b.mails() ).length, mails );
	assert.equal(
		Number( await b.php( `return get_option( 'heard_register' );` ) ),
		1
	);
	assert.ok(
		Number( await b.php( `return get_option( 'heard_update' );` ) ) >= 1
	);
	await b.onEveryRequest( '' );
} );

test( 'a deletion does what the other site has decided: nothing, no roles, suspended, deleted', async () => {
	await change( a, b, {
		settings: { deletions: { enabled: true, reassign: null } },
	} );
	const remove = async ( name: string ) => {
		await register( a, name, 'to go' );
		await becomes( b, name, ( it ) => it !== null, 'made' );
		await quiet( [ a, b ] );
		await a.php(
			`require_once ABSPATH . 'wp-admin/includes/user.php'; return wp_delete_user( get_user_by( 'login', '${ name }' )->ID );`
		);
		await quiet( [ a, b ] );
	};
	await remove( 'stays' );
	assert.deepEqual( ( await account( b, 'stays' ) )?.roles, [
		'subscriber',
	] );
	await change( b, a, { policy: { delete: 'roles' } } );
	await remove( 'bare' );
	assert.deepEqual( ( await account( b, 'bare' ) )?.roles, [] );
	await change( b, a, { policy: { delete: 'suspend' } } );
	await remove( 'paused' );
	assert.notEqual( await account( b, 'paused' ), null );
	assert.equal( await b.visitor().logIn( 'paused', 'to go' ), false );
	await change( b, a, { policy: { delete: 'delete', reassign: 1 } } );
	await remove( 'gone' );
	assert.equal( await account( b, 'gone' ), null );
} );

test( 'somebody who was deleted is not brought back by a late change of the other site', async () => {
	await change( a, b, { policy: { delete: 'suspend' } } );
	await register( b, 'back', 'never again' );
	await becomes( a, 'back', ( it ) => it !== null, 'made' );
	await quiet( [ a, b ] );
	// B tells nobody of its deletions.
	await b.php(
		`require_once ABSPATH . 'wp-admin/includes/user.php'; return wp_delete_user( get_user_by( 'login', 'back' )->ID );`
	);
	await quiet( [ a, b ] );
	await a.wp( [ 'user', 'update', 'back', '--first_name=Late' ] );
	await quiet( [ a, b ] );
	assert.equal( await account( b, 'back' ), null );
	assert.equal( await a.visitor().logIn( 'back', 'never again' ), false );
	assert.ok(
		( await activity( a ) ).some( ( row ) => row.code === 'gone_there' )
	);
} );

test( 'more removals than the owner lets through wait for a yes, and only they', async () => {
	await change( b, a, {
		policy: { delete: 'delete', reassign: 1, removalsPerHour: 0 },
	} );
	await register( a, 'many', 'to go' );
	await becomes( b, 'many', ( it ) => it !== null, 'made' );
	await quiet( [ a, b ] );
	await a.php(
		`require_once ABSPATH . 'wp-admin/includes/user.php'; return wp_delete_user( get_user_by( 'login', 'many' )->ID );`
	);
	await register( a, 'another', 'not held up' );
	await becomes( b, 'another', ( it ) => it !== null, 'made meanwhile' );
	assert.notEqual( await account( b, 'many' ), null );
	await (
		await b.visitAs( 'admin' )
	).rest( 'POST', `tandem/v1/sites/${ await known( b, a ) }/allow-removals` );
	await becomes( b, 'many', ( it ) => it === null, 'removed after the yes' );
	await change( b, a, { policy: { removalsPerHour: 20 } } );
	await quiet( [ a, b ] );
} );

/** Sends people in the name of a site, made and signed by that site itself. */
async function send(
	from: LabSite,
	to: LabSite,
	users: Record< string, unknown >[]
): Promise<
	{ id: number; result: string; code: string; warnings: string[] }[]
> {
	const answer = ( await from.php( `
		$plugin = new Tandem\\Plugin( WP_PLUGIN_DIR . '/tandem-user-sync/tandem-user-sync.php', $GLOBALS['wpdb'], new Tandem\\Time\\SystemClock() );
		foreach ( $plugin->sites()->all() as $site ) {
			if ( $site->url === ${ php( to.url ) } ) {
				return $plugin->peers()->api( $site )->call( 'users', array( 'users' => json_decode( ${ php( JSON.stringify( users ) ) }, true ) ) );
			}
		}
	` ) ) as { results: never };
	return answer.results;
}

/** A person as the protocol has them. */
async function person(
	ref: number,
	fields: Record< string, unknown >,
	more: Record< string, unknown > = {}
): Promise< Record< string, unknown > > {
	const stamp = `${ String( Date.now() ).padStart( 13, '0' ) }-${ crypto.randomUUID() }`;
	return {
		ref,
		uid: crypto.randomUUID(),
		id: null,
		login: `attack${ ref }`,
		registered_at: 1_000_000_000,
		claim: 'older',
		create_as: null,
		link_with: null,
		deleted: null,
		fields: Object.fromEntries(
			Object.entries( fields ).map( ( [ name, v ] ) => [
				name,
				{ v, s: stamp },
			] )
		),
		password: null,
		...more,
	};
}

test( 'people go in messages of no more people and no more bytes than the other site takes', async () => {
	const limits = ( users: number, bytes: number ) =>
		a.php( `
			$plugin = new Tandem\\Plugin( WP_PLUGIN_DIR . '/tandem-user-sync/tandem-user-sync.php', $GLOBALS['wpdb'], new Tandem\\Time\\SystemClock() );
			foreach ( $plugin->sites()->all() as $site ) {
				if ( $site->url === ${ php( b.url ) } ) {
					$plugin->sites()->set_pairing( $site->id, $site->pairing->with( array( 'most_users' => ${ users }, 'most_bytes' => ${ bytes } ) ) );
				}
			}
			return true;
		` );
	const messages = async () =>
		( await b.requests() )
			.filter( ( { uri } ) => uri.includes( 'peer/users' ) )
			.map( ( { body } ) => ( {
				bytes: Buffer.byteLength( body ),
				people: ( JSON.parse( body ) as { users: unknown[] } ).users
					.length,
			} ) );
	const arrive = async ( prefix: string, count: number, length: number ) => {
		const earlier = ( await messages() ).length;
		await a.php(
			`for ( $i = 0; $i < ${ count }; $i++ ) { wp_insert_user( array( 'user_login' => "${ prefix }$i", 'user_email' => "${ prefix }$i@people.test", 'user_pass' => 'x', 'role' => 'subscriber', 'description' => str_repeat( 'ö', ${ length } ) ) ); } return true;`
		);
		await waitUntil( async () => {
			await a.php( `do_action( 'tandem_work' ); return true;` );
			return (
				Number(
					await b.php(
						`return count( get_users( array( 'search' => '${ prefix }*', 'search_columns' => array( 'user_login' ), 'fields' => 'ID' ) ) );`
					)
				) === count
			);
		}, 'not all arrive' );
		await quiet( [ a, b ] );
		return ( await messages() ).slice( earlier );
	};
	await limits( 200, 20_000 );
	const short = await arrive( 'bytes', 20, 500 );
	assert.ok( short.length > 1, 'more than one message' );
	assert.ok(
		short.some( ( { people } ) => people > 1 ),
		'more than one in a message'
	);
	assert.deepEqual(
		short.filter( ( { bytes } ) => bytes > 20_000 ),
		[]
	);
	await limits( 4, 2_000_000 );
	const few = await arrive( 'people', 10, 1 );
	assert.ok( few.some( ( { people } ) => people > 1 ) );
	assert.deepEqual(
		few.filter( ( { people } ) => people > 4 ),
		[]
	);
	await limits( 200, 2_000_000 );
} );

test( 'a paired site that asks for an administrator, for rights by meta, or for PHP objects gets none, and each try is on record', async () => {
	// The owner of B takes this key, so that only its value is in the way.
	await change( b, a, { policy: { metaList: [ 'billing_phone' ] } } );
	const asked = await person( 90001, {
		user_email: 'evil1@people.test',
		roles: [ 'administrator' ],
		'meta:wp_capabilities': { administrator: true },
		'meta:wp_user_level': 10,
		'meta:session_tokens': { x: 1 },
		'meta:billing_phone': 'O:8:"stdClass":0:{}',
	} );
	const [ first ] = await send( a, b, [ asked ] );
	assert.equal( first?.result, 'created', JSON.stringify( first ) );
	const said = first.warnings.join( ' ' );
	for ( const refused of [
		'administrator',
		'meta:wp_capabilities',
		'meta:wp_user_level',
		'meta:session_tokens',
		'meta:billing_phone',
	] ) {
		assert.ok( said.includes( refused ), `${ refused }: ${ said }` );
	}
	const onRecord = async ( login: string ) =>
		( await activity( b ) ).filter(
			( row ) => row.direction === 'in' && row.username === login
		);
	assert.deepEqual(
		( await onRecord( 'attack90001' ) ).map( ( row ) => [
			row.action,
			row.warnings,
		] ),
		[ [ 'create', first.warnings ] ]
	);
	const of = ( expression: string ) =>
		b.php(
			`$u = get_user_by( 'login', 'attack90001' ); return ${ expression };`
		);
	assert.deepEqual( await of( 'array_values( $u->roles )' ), [
		'subscriber',
	] );
	assert.equal( await of( `user_can( $u, 'manage_options' )` ), false );
	assert.equal( await of( `(int) $u->user_level` ), 0 );
	assert.equal(
		await of( `metadata_exists( 'user', $u->ID, 'session_tokens' )` ),
		false
	);
	assert.equal(
		await of( `metadata_exists( 'user', $u->ID, 'billing_phone' )` ),
		false
	);
	const [ plain ] = await send( a, b, [
		{
			...asked,
			...( await person( 90001, { 'meta:billing_phone': '030 12' } ) ),
			uid: asked.uid,
			id: first.id,
		},
	] );
	assert.equal( plain?.result, 'updated', JSON.stringify( plain ) );
	assert.equal( await of( '$u->billing_phone' ), '030 12' );

	const admin = await account( b, 'admin' );
	const people = () => b.php( `return count_users()['total_users'];` );
	const many = await people();
	for ( const { ref, fields, more, ends } of [
		{
			ref: 90003,
			fields: { user_email: admin?.email },
			more: { claim: 'backfill' },
			ends: [ 'refused', 'protected_account' ],
		},
		{
			// As after a backup was restored: that is no refusal, and says nothing of the account.
			ref: 90004,
			fields: { user_email: 'x@people.test' },
			more: { id: admin?.id },
			ends: [ 'unknown', '' ],
		},
		{
			ref: 90005,
			fields: { user_email: 'y@people.test' },
			more: { login: 'admin' },
			ends: [ 'refused', 'username_taken' ],
		},
		{
			ref: 90006,
			fields: { user_email: 'z@people.test' },
			more: { link_with: admin?.id, claim: 'backfill' },
			ends: [ 'refused', 'protected_account' ],
		},
	] ) {
		const earlier = await onRecord( 'admin' );
		const [ answer ] = await send( a, b, [
			await person( ref, { ...fields, first_name: 'Owned' }, more ),
		] );
		assert.deepEqual( [ answer?.result, answer?.code ], ends );
		assert.equal( answer?.id, 0 );
		const rows = await onRecord( 'admin' );
		assert.deepEqual(
			rows
				.slice( 0, rows.length - earlier.length )
				.map( ( row ) => [ row.result, row.code ] ),
			ends[ 0 ] === 'refused' ? [ ends ] : [],
			`${ ref } on record`
		);
		assert.equal( await account( b, `attack${ ref }` ), null );
	}
	assert.equal( await people(), many );
	assert.deepEqual( await account( b, 'admin' ), admin );
} );

/** What docs/peer-users.schema.json says of a message, by another program than the one that reads them. */
const isMessage = new Ajv( { strict: false } ).compile(
	JSON.parse(
		readFileSync(
			join( __dirname, '../../docs/peer-users.schema.json' ),
			'utf8'
		)
	) as object
);

test( 'whatever the schema in docs/ refuses is refused, alone, and the others of the message are taken', async () => {
	const seed = Number(
		process.env.TANDEM_PROPERTY_SEED ?? Math.floor( Math.random() * 1e9 )
	);
	let state = seed;
	const below = ( count: number ) => {
		state = ( state * 1_103_515_245 + 12_345 ) % 2_147_483_648;
		return Math.floor( ( state / 2_147_483_648 ) * count );
	};
	const pick = < T >( list: readonly T[] ) =>
		list[ below( list.length ) ] as T;
	const stamp = `${ String( Date.now() ).padStart( 13, '0' ) }-${ crypto.randomUUID() }`;
	const good = async ( ref: number ) => ( {
		...( await person( ref, {
			user_email: `schema${ ref }@people.test`,
			first_name: 'As it should be',
		} ) ),
		password: { s: stamp, sealed: 'AAAA' },
		other_uids: [ crypto.randomUUID() ],
		email: '',
		guest: null,
		grants: [
			{ deed: 'add_tag', target: 'gold', v: 1, s: stamp } as object,
		],
		logout: null,
	} );
	const parts = [
		...Object.keys( await good( 1 ) ).map( ( part ) => [ part ] ),
		[ 'fields', 'user_email' ],
		[ 'fields', 'user_email', 's' ],
		[ 'password', 's' ],
		[ 'password', 'sealed' ],
		[ 'other_uids', '0' ],
		[ 'grants', '0' ],
		[ 'grants', '0', 'deed' ],
		[ 'grants', '0', 's' ],
	];
	const values = [ undefined, -1, 1.5, 7, 'x', '', true, null, [ 1 ] ];
	const wrong: Record< string, unknown >[] = [];
	const what: string[] = [];
	while ( wrong.length < 150 ) {
		const broken = structuredClone( await good( 91_000 + wrong.length ) );
		const path = pick( parts );
		const value = pick( values );
		let at = broken as Record< string, unknown >;
		for ( const step of path.slice( 0, -1 ) ) {
			at = at[ step ] as Record< string, unknown >;
		}
		at[ path.at( -1 ) as string ] = value;
		// PHP does not tell a list from an object.
		const isListForObject = Array.isArray( value ) && path[ 0 ] === 'guest';
		const sent = JSON.parse( JSON.stringify( broken ) );
		if ( ! isListForObject && ! isMessage( { users: [ sent ] } ) ) {
			wrong.push( sent );
			what.push( `${ path.join( '.' ) } = ${ JSON.stringify( value ) }` );
		}
	}
	const users = [
		...wrong.slice( 0, 75 ),
		await good( 92_000 ),
		...wrong.slice( 75 ),
		await good( 92_001 ),
	];
	const results = await send( a, b, users );
	assert.equal( results.length, users.length );
	const ends = results.map( ( { result, code } ) => `${ result } ${ code }` );
	what.splice( 75, 0, 'good' );
	what.push( 'good' );
	assert.deepEqual(
		what.flatMap( ( name, place ) =>
			// Tags were not given where the owner takes none; the person was made.
			( name === 'good' ) === ( ends[ place ] !== 'refused invalid' )
				? []
				: [ `${ name }: ${ ends[ place ] }` ]
		),
		[],
		`seed ${ seed }`
	);
	for ( const ref of [ 92_000, 92_001 ] ) {
		assert.notEqual( await account( b, `attack${ ref }` ), null );
	}
	assert.equal(
		await b.php(
			`return count( get_users( array( 'search' => 'attack91*', 'search_columns' => array( 'user_login' ) ) ) );`
		),
		0
	);
} );

test( 'three sites in a ring: a change on any of them reaches all, and the traffic ends', async () => {
	await lab.pair( 'b', 'c' );
	await lab.pair( 'c', 'a' );
	await register( a, 'ring', 'begins on a', { first_name: 'One' } );
	for ( const site of [ b, c ] ) {
		await becomes(
			site,
			'ring',
			( it ) => it?.first === 'One',
			'made once'
		);
	}
	await quiet( [ a, b, c ] );
	for ( const [ site, name ] of [
		[ b, 'Two' ],
		[ c, 'Three' ],
		[ a, 'Four' ],
	] as const ) {
		await site.php(
			`return wp_update_user( array( 'ID' => get_user_by( 'login', 'ring' )->ID, 'first_name' => '${ name }', 'user_pass' => 'set to ${ name }' ) );`
		);
		for ( const other of [ a, b, c ] ) {
			await becomes(
				other,
				'ring',
				( it ) => it?.first === name,
				`becomes ${ name }`
			);
			await waitUntil(
				() => other.visitor().logIn( 'ring', `set to ${ name }` ),
				`${ other.name }: the password of ${ name }`
			);
		}
	}
	await quiet( [ a, b, c ] );
	const messages = async () =>
		( await Promise.all( [ a, b, c ].map( ( site ) => site.requests() ) ) )
			.flat()
			.filter( ( { uri } ) => uri.includes( 'peer/users' ) ).length;
	const before = await messages();
	// Nothing has changed, so nothing is said, whatever the clockwork does.
	for ( const site of [ a, b, c ] ) {
		await site.php( `do_action( 'tandem_work' ); return true;` );
	}
	assert.equal( await messages(), before );
	for ( const site of [ a, b, c ] ) {
		assert.equal(
			Number(
				await site.php(
					`return count( get_users( array( 'search' => 'ring*', 'search_columns' => array( 'user_login' ) ) ) );`
				)
			),
			1
		);
	}
} );

test( 'edits on all three while they can not reach each other end in one state', async () => {
	for ( const site of [ a, b, c ] ) {
		await site.refuse();
	}
	const edit = ( site: LabSite, fields: string ) =>
		site.wp( [ 'user', 'update', 'ring', ...fields.split( '|' ) ] );
	await edit( a, '--first_name=FromA|--last_name=LastA' );
	await edit( b, '--last_name=LastB|--nickname=NickB' );
	// Its clock is three hours behind, so what it does now was done before what B did, as far as anybody can tell.
	await c.setClock( -3 * 3600 );
	await edit( c, '--nickname=NickC|--description=OfC' );
	for ( const site of [ a, b, c ] ) {
		await site.restore();
	}
	const state = async ( site: LabSite ) =>
		JSON.stringify(
			await site.php(
				`$u = get_user_by( 'login', 'ring' ); return array( $u->first_name, $u->last_name, $u->nickname, $u->description );`
			)
		);
	const allBecome = async ( ...values: string[] ) => {
		await waitUntil( async () => {
			for ( const site of [ a, b, c ] ) {
				await site.php(
					`global $wpdb; $wpdb->query( "UPDATE {$wpdb->prefix}tandem_sites SET next_try_at = 0" ); $wpdb->query( "UPDATE {$wpdb->prefix}tandem_outbox SET due_at = 0" ); do_action( 'tandem_work' ); return true;`
				);
			}
			const states = new Set(
				await Promise.all( [ a, b, c ].map( state ) )
			);
			return states.size === 1 && states.has( JSON.stringify( values ) );
		}, 'the three sites do not end in one state' ).catch(
			async ( error: Error ) => {
				throw new Error(
					`${ error.message }: ${ await Promise.all( [ a, b, c ].map( state ) ) }`
				);
			}
		);
		await quiet( [ a, b, c ] );
	};
	await allBecome( 'FromA', 'LastB', 'NickB', 'OfC' );

	// What it does when it has seen the others' edits comes after them, whatever its clock says.
	await edit( c, '--nickname=After|--last_name=After' );
	await allBecome( 'FromA', 'After', 'After', 'OfC' );
	await c.setClock( 0 );

	// The first message about them, once more and late, with a password that was changed three times since.
	const pass = ( await account( b, 'ring' ) )?.pass;
	const first = ( await b.requests() )
		.filter( ( { uri } ) => uri.includes( 'peer/users' ) )
		.flatMap(
			( { body } ) =>
				( JSON.parse( body ) as { users: Record< string, unknown >[] } )
					.users
		)
		.find( ( { login } ) => login === 'ring' );
	assert.ok( first?.password, 'the first message is on record' );
	const [ again ] = await send( a, b, [
		{ ...first, id: ( await account( b, 'ring' ) )?.id },
	] );
	assert.equal( again?.result, 'equal', JSON.stringify( again ) );
	await allBecome( 'FromA', 'After', 'After', 'OfC' );
	assert.equal( ( await account( b, 'ring' ) )?.pass, pass );
} );

test( 'a copy of a site at another address sends nothing, until its owner says that it is a copy', async () => {
	const copy = lab.site( 'd' );
	const tables = (
		await lab.database.query(
			"SELECT table_name FROM information_schema.tables WHERE table_schema = 'a'"
		)
	)
		.trim()
		.split( '\n' );
	await lab.database.query(
		tables
			.map(
				( table ) =>
					`DROP TABLE IF EXISTS d.\`${ table }\`; CREATE TABLE d.\`${ table }\` LIKE a.\`${ table }\`; INSERT INTO d.\`${ table }\` SELECT * FROM a.\`${ table }\`;`
			)
			.join( '\n' )
	);
	const before = await account( b, 'maria' );
	const heard = ( await b.requests() ).length;
	await copy.php(
		`return wp_update_user( array( 'ID' => get_user_by( 'login', 'maria' )->ID, 'first_name' => 'Staging', 'user_pass' => 'of the copy' ) );`
	);
	await copy.php( `do_action( 'tandem_work' ); return true;` );
	await register( copy, 'copied', 'never leaves' );
	await copy.php( `do_action( 'tandem_work' ); return true;` );
	assert.ok( ( await waiting( copy ) ) > 0, 'kept on the copy' );
	assert.equal( ( await b.requests() ).length, heard );
	assert.equal( ( await account( b, 'maria' ) )?.first, before?.first );

	await (
		await copy.visitAs( 'admin' )
	).rest( 'POST', 'tandem/v1/identity', { decision: 'copy' } );
	await copy.php( `do_action( 'tandem_work' ); return true;` );
	assert.equal( await waiting( copy ), 0 );
	assert.equal( ( await account( b, 'maria' ) )?.first, before?.first );
	// The original goes on as if nothing had been.
	await a.wp( [ 'user', 'update', 'maria', '--first_name=Original' ] );
	await becomes(
		b,
		'maria',
		( it ) => it?.first === 'Original',
		'changed by the original'
	);
} );

test( 'every message about people that was sent here is what the schema in docs/ says', async () => {
	let count = 0;
	for ( const site of [ a, b, c ] ) {
		for ( const { uri, body } of await site.requests() ) {
			if ( ! uri.includes( 'peer/users' ) ) {
				continue;
			}
			const message = JSON.parse( body ) as {
				users: { login?: string }[];
			};
			if (
				message.users.some( ( { login } ) =>
					/^attack91/.test( String( login ) )
				)
			) {
				continue;
			}
			assert.ok(
				isMessage( message ),
				`${ JSON.stringify( isMessage.errors ) }: ${ body.slice( 0, 2000 ) }`
			);
			count++;
		}
	}
	assert.ok( count > 50, `${ count } messages` );
} );
