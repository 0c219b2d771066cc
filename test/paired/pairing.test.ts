/**
 * Pairing, and what a paired site's messages are held to, on two real sites that both run Tandem.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Lab } from '../lab';
import { waitUntil } from '../lab/process';
import {
	account,
	activity,
	becomes,
	php,
	quiet,
	register,
	silently,
} from './support';

let lab: Lab;

before( async () => {
	lab = await Lab.up( {
		durable: false,
		sites: [
			{ name: 'a', wp: '7.1', plugin: true },
			{
				name: 'b',
				wp: '7.1',
				plugin: true,
				// As under mod_php: it has to wake itself.
				phpSettings: { disable_functions: 'fastcgi_finish_request' },
			},
		],
	} );
} );

after( () => lab.down() );

interface Site {
	id: number;
	kind: string;
	state: string;
	problem: { code: string } | null;
	pairing: {
		reachesUs: boolean;
		passwords: { out: string | null; in: string | null } | null;
	} | null;
}

async function theOnlySite( name: string ): Promise< Site > {
	const admin = await lab.site( name ).visitAs( 'admin' );
	const sites = await admin.rest< Site[] >( 'GET', 'tandem/v1/sites' );
	assert.equal( sites.length, 1, `${ name } knows one site` );
	return sites[ 0 ] as Site;
}

/** How many application passwords that introduce a site are left. */
async function applicationPasswords( name: string ): Promise< number > {
	return Number(
		await lab
			.site( name )
			.php(
				"return count( array_filter( WP_Application_Passwords::get_user_application_passwords( 1 ), fn ( $item ) => str_starts_with( $item['app_id'], '74616e64' ) ) );"
			)
	);
}

/** Sends a message in the name of a site, made by that site's own code, changed on the way as the test wants. */
async function message(
	from: string,
	to: string,
	route: string,
	body: unknown,
	change: {
		time?: number;
		to?: string;
		route?: string;
		body?: unknown;
		id?: string;
	} = {}
): Promise< { status: number; code: string; headers: Headers } > {
	const json = JSON.stringify( body );
	const signed = ( await lab.site( from ).php( `
		$plugin = new Tandem\\Plugin( WP_PLUGIN_DIR . '/tandem-user-sync/tandem-user-sync.php', $GLOBALS['wpdb'], new Tandem\\Time\\SystemClock() );
		$to = ${ change.to ? php( change.to ) : '$plugin->sites()->all()[0]->pairing->uuid' };
		$envelope = new Tandem\\Peer\\Envelope( 'POST', '/tandem/v1/peer/${ route }', $plugin->identity()->uuid(), $to, time() + ${ change.time ?? 0 }, ${ change.id ? php( change.id ) : 'bin2hex( random_bytes( 16 ) )' } );
		return $envelope->headers( $plugin->keys()->public_keys()->id(), $plugin->keys()->sign( $envelope->text( ${ php( json ) } ) ) );
	` ) ) as Record< string, string >;
	const response = await fetch(
		`${ lab.site( to ).url }/index.php?rest_route=/tandem/v1/peer/${ change.route ?? route }`,
		{
			method: 'POST',
			headers: { ...signed, 'Content-Type': 'application/json' },
			body:
				change.body === undefined
					? json
					: JSON.stringify( change.body ),
		}
	);
	const answer = ( await response.json() ) as { code?: string };
	return {
		status: response.status,
		code: answer.code ?? '',
		headers: response.headers,
	};
}

test( 'Connect on one site and Approve on the other: both know each other, both passwords tests pass, no credential is left', async () => {
	await lab.pair( 'a', 'b' );
	for ( const name of [ 'a', 'b' ] ) {
		const site = await theOnlySite( name );
		assert.equal( site.kind, 'paired' );
		assert.equal( site.state, 'connected' );
		assert.equal( site.pairing?.reachesUs, true );
		assert.equal( await applicationPasswords( name ), 0 );
	}
	for ( const name of [ 'a', 'b' ] ) {
		assert.deepEqual(
			( await theOnlySite( name ) ).pairing?.passwords,
			{ out: 'hash', in: 'hash' },
			`what the test found is known on ${ name }`
		);
	}
} );

test( 'a message that is old, altered, for another site, for another route or came before is refused, and on record', async () => {
	const about = { after: 0, limit: 1 };
	assert.equal(
		( await message( 'a', 'b', 'accounts', about ) ).status,
		200
	);
	const refused = async (
		code: string,
		change: Parameters< typeof message >[ 4 ]
	) => {
		const answer = await message( 'a', 'b', 'accounts', about, change );
		assert.equal( answer.code, code );
		assert.notEqual( answer.status, 200 );
	};
	await refused( 'clock', { time: -400 } );
	await refused( 'clock', { time: 400 } );
	await refused( 'bad_signature', { body: { after: 0, limit: 2 } } );
	await refused( 'bad_signature', { route: 'notice' } );
	await refused( 'misdirected', { to: crypto.randomUUID() } );
	const id = crypto.randomUUID().replaceAll( '-', '' );
	assert.equal(
		( await message( 'a', 'b', 'accounts', about, { id } ) ).status,
		200
	);
	await refused( 'replayed', { id } );
	const codes = ( await activity( lab.site( 'b' ) ) )
		.filter( ( row ) => row.result === 'refused' )
		.map( ( row ) => row.code );
	assert.deepEqual(
		new Set( codes ),
		new Set( [ 'bad_signature', 'misdirected', 'replayed' ] )
	);
} );

test( 'an unsigned message and one of a stranger are refused on every route', async () => {
	for ( const route of [ 'users', 'accounts', 'notice', 'self-test' ] ) {
		const url = `${ lab.site( 'b' ).url }/index.php?rest_route=/tandem/v1/peer/${ route }`;
		const bare = await fetch( url, { method: 'POST', body: '{}' } );
		assert.equal( bare.status, 400, route );
		const stranger = await fetch( url, {
			method: 'POST',
			body: '{}',
			headers: {
				'Tandem-From': crypto.randomUUID(),
				'Tandem-To': crypto.randomUUID(),
				'Tandem-Key': '0123456789abcdef',
				'Tandem-Time': String( Math.floor( Date.now() / 1000 ) ),
				'Tandem-Message': crypto.randomUUID().replaceAll( '-', '' ),
				'Tandem-Signature': 'AAAA',
			},
		} );
		assert.equal( stranger.status, 403, route );
	}
} );

test( 'an introducing application password opens nothing but the introduction, from the first moment, and is gone after one use', async () => {
	const b = lab.site( 'b' );
	const owner = await b.visitAs( 'admin' );
	const made = await owner.rest< { password: string; uuid: string } >(
		'POST',
		'wp/v2/users/me/application-passwords',
		{
			name: 'An innocent name',
			app_id: `74616e64-656d-${ crypto.randomUUID().slice( 14 ) }`,
		}
	);
	const basic = {
		Authorization: `Basic ${ Buffer.from( `admin:${ made.password }` ).toString( 'base64' ) }`,
	};
	for ( const route of [
		'/wp/v2/posts',
		'/wp/v2/users/me',
		'/wp/v2/users',
		'/tandem/v1/sites',
		'/tandem/v1/peer',
	] ) {
		const answer = await fetch(
			`${ b.url }/index.php?rest_route=${ route }`,
			{ headers: basic }
		);
		assert.equal( answer.status, 403, route );
		assert.equal(
			( ( await answer.json() ) as { code: string } ).code,
			'tandem_fenced'
		);
	}
	const batch = await fetch( `${ b.url }/index.php?rest_route=/batch/v1`, {
		method: 'POST',
		headers: { ...basic, 'Content-Type': 'application/json' },
		body: JSON.stringify( {
			requests: [
				{ method: 'POST', path: '/wp/v2/posts', body: { title: 'x' } },
			],
		} ),
	} );
	assert.equal( batch.status, 403 );
	const xml = await fetch( `${ b.url }/xmlrpc.php`, {
		method: 'POST',
		body: `<?xml version="1.0"?><methodCall><methodName>wp.getUsers</methodName><params><param><value><int>1</int></value></param><param><value><string>admin</string></value></param><param><value><string>${ made.password }</string></value></param></params></methodCall>`,
	} );
	assert.match( await xml.text(), /<fault>/ );
	assert.ok(
		( await activity( b ) ).some(
			( row ) => row.code === 'fenced' && row.result === 'refused'
		)
	);
	const wrong = await fetch(
		`${ b.url }/index.php?rest_route=/tandem/v1/peer/introduce`,
		{
			method: 'POST',
			headers: { ...basic, 'Content-Type': 'application/json' },
			body: JSON.stringify( { site: '{"uuid":"x"}', proof: 'x' } ),
		}
	);
	assert.equal( wrong.status, 403 );
	await b.php(
		`WP_Application_Passwords::delete_application_password( 1, '${ made.uuid }' ); return true;`
	);
} );

test( 'keys are replaced without an outage, also while the other site is away', async () => {
	const [ a, b ] = [ lab.site( 'a' ), lab.site( 'b' ) ];
	const admin = await a.visitAs( 'admin' );
	await b.refuse();
	await admin.rest( 'POST', 'tandem/v1/identity/keys' );
	await register( a, 'rota', 'before the keys' );
	await b.restore();
	await admin.rest(
		'POST',
		`tandem/v1/sites/${ ( await theOnlySite( 'a' ) ).id }/sync`
	);
	await becomes(
		b,
		'rota',
		( found ) => found !== null,
		'arrives after the rotation'
	);
	assert.equal( await b.visitor().logIn( 'rota', 'before the keys' ), true );
	assert.ok(
		( await activity( b ) ).some( ( row ) =>
			/has new keys/.test( row.message )
		)
	);
	// And from the other side, sealed and signed to the new ones.
	await (
		await b.visitAs( 'admin' )
	).rest( 'POST', 'tandem/v1/identity/keys' );
	await register( b, 'tator', 'after the keys' );
	await becomes(
		a,
		'tator',
		( found ) => found !== null,
		'arrives the other way'
	);
	await quiet( [ a, b ] );
} );

/** Where one site takes a key of its own for known on the other. */
const takesForKnown = ( site: string, key: string ) =>
	lab.site( site ).php( `
		$plugin = new Tandem\\Plugin( WP_PLUGIN_DIR . '/tandem-user-sync/tandem-user-sync.php', $GLOBALS['wpdb'], new Tandem\\Time\\SystemClock() );
		$other = $plugin->sites()->all()[0];
		$plugin->sites()->set_pairing( $other->id, $other->pairing->with( array( 'our_key' => ${ php( key ) } ) ) );
		return true;
	` );

/** Ids of a site's keys that it still has, the present one first. */
const keysOf = ( site: string ) =>
	lab
		.site( site )
		.php(
			"return ( new Tandem\\Plugin( WP_PLUGIN_DIR . '/tandem-user-sync/tandem-user-sync.php', $GLOBALS['wpdb'], new Tandem\\Time\\SystemClock() ) )->keys()->ids();"
		) as Promise< string[] >;

test( 'keys that are replaced twice while the other site is away, and word of them whose answer gets lost, break no pair', async () => {
	const [ a, b ] = [ lab.site( 'a' ), lab.site( 'b' ) ];
	const admin = await a.visitAs( 'admin' );
	const replace = () => admin.rest( 'POST', 'tandem/v1/identity/keys' );
	const sync = async () =>
		admin.rest(
			'POST',
			`tandem/v1/sites/${ ( await theOnlySite( 'a' ) ).id }/sync`
		);
	await b.refuse();
	await replace();
	await register( a, 'twice', 'before the second' );
	await replace();
	await b.restore();
	await sync();
	await becomes( b, 'twice', ( found ) => found !== null, 'arrives' );
	assert.equal(
		await b.visitor().logIn( 'twice', 'before the second' ),
		true
	);

	// B has taken the present keys, and a does not know it: another process told of them, or the answer was lost.
	const [ , earlier ] = await keysOf( 'a' );
	await takesForKnown( 'a', String( earlier ) );
	await register( a, 'unheard', 'after the answer' );
	await becomes( b, 'unheard', ( found ) => found !== null, 'arrives' );

	// The same, and the keys are replaced once more before anything is sent.
	await takesForKnown( 'a', String( earlier ) );
	await b.refuse();
	await replace();
	await b.restore();
	await register( a, 'unheard2', 'after yet another' );
	await sync();
	await becomes( b, 'unheard2', ( found ) => found !== null, 'arrives' );
	assert.equal( ( await theOnlySite( 'a' ) ).state, 'connected' );
	await quiet( [ a, b ] );
} );

test( 'removing a connection on one side is noticed on the other, with or without the notice', async () => {
	const [ a, b ] = [ lab.site( 'a' ), lab.site( 'b' ) ];
	const admin = await a.visitAs( 'admin' );
	await admin.rest(
		'DELETE',
		`tandem/v1/sites/${ ( await theOnlySite( 'a' ) ).id }`
	);
	let there = await theOnlySite( 'b' );
	assert.equal( there.state, 'held' );
	assert.equal( there.problem?.code, 'unpaired' );

	// Connected again from the other side; then the notice gets lost.
	await lab.pair( 'b', 'a', there.id );
	there = await theOnlySite( 'b' );
	assert.equal( there.state, 'connected' );
	await b.refuse();
	await admin.rest(
		'DELETE',
		`tandem/v1/sites/${ ( await theOnlySite( 'a' ) ).id }`
	);
	await b.restore();
	assert.equal( ( await theOnlySite( 'b' ) ).state, 'connected' );
	await register( b, 'late', 'never mind' );
	await waitUntil(
		async () => ( await theOnlySite( 'b' ) ).problem?.code === 'unpaired',
		'b does not notice that a has removed it'
	);
} );

test( 'a pairing code does the same where the Authorization header is dropped; it is good once', async () => {
	const [ a, b ] = [ lab.site( 'a' ), lab.site( 'b' ) ];
	await b.addMuPlugin(
		'strip.php',
		`<?php if ( ! str_starts_with( $_SERVER['HTTP_AUTHORIZATION'] ?? '', 'x' ) ) { unset( $_SERVER['HTTP_AUTHORIZATION'], $_SERVER['PHP_AUTH_USER'], $_SERVER['PHP_AUTH_PW'] ); }`
	);
	const owner = await a.visitAs( 'admin' );
	const found = await owner.rest< {
		checks: { code: string; state: string }[];
	} >( 'POST', 'tandem/v1/sites/discover', { url: b.url } );
	assert.ok(
		found.checks.some(
			( check ) =>
				check.code === 'authorization' && check.state === 'warn'
		)
	);
	const { code } = await (
		await b.visitAs( 'admin' )
	).rest< { code: string } >( 'POST', 'tandem/v1/pairing-code' );
	const wrong = await owner
		.rest( 'POST', 'tandem/v1/sites/pair', {
			url: b.url,
			code: '00000-00000-00000-00000',
		} )
		.catch( ( error: Error ) => error.message );
	assert.match( String( wrong ), /wrong/ );
	await owner.rest( 'POST', 'tandem/v1/sites/pair', {
		url: b.url,
		code: code.toLowerCase(),
	} );
	assert.equal( ( await theOnlySite( 'a' ) ).state, 'connected' );
	assert.equal( ( await theOnlySite( 'b' ) ).state, 'connected' );
	const again = await owner
		.rest( 'POST', 'tandem/v1/sites/pair', { url: b.url, code } )
		.catch( ( error: Error ) => error.message );
	assert.match( String( again ), /wrong|used/ );
	await b.addMuPlugin( 'strip.php', '<?php' );
} );

test( 'a clock that is three hours off is allowed for', async () => {
	const [ a, b ] = [ lab.site( 'a' ), lab.site( 'b' ) ];
	await register( b, 'early', 'in time' );
	await becomes( a, 'early', ( found ) => found !== null, 'arrives' );
	await b.addMuPlugin(
		'clock.php',
		`<?php namespace Tandem\\Time { function time() { return \\time() + 10800; } function microtime( $f ) { return \\microtime( true ) + 10800; } }`
	);
	await register( a, 'clocka', 'from a' );
	await becomes( b, 'clocka', ( found ) => found !== null, 'arrives on b' );
	await register( b, 'clockb', 'from b' );
	await becomes( a, 'clockb', ( found ) => found !== null, 'arrives on a' );
	await b.addMuPlugin( 'clock.php', '<?php' );
	await quiet( [ a, b ] );
} );

test( 'a site that peppers its passwords sends none of the hashes that look like any other: people get in with what was sealed', async () => {
	const [ a, b ] = [ lab.site( 'a' ), lab.site( 'b' ) ];
	await a.addMuPlugin(
		'pepper.php',
		`<?php
		function tandem_test_peppered( $password ) { return hash_hmac( 'sha256', $password, 'the pepper of a' ); }
		function wp_hash_password( $password ) { return password_hash( tandem_test_peppered( trim( $password ) ), PASSWORD_BCRYPT, array( 'cost' => 4 ) ); }
		function wp_check_password( $password, $hash, $user_id = '' ) {
			return str_starts_with( $hash, '$wp' )
				? password_verify( base64_encode( hash_hmac( 'sha384', trim( $password ), 'wp-sha384', true ) ), substr( $hash, 3 ) )
				: password_verify( tandem_test_peppered( $password ), $hash );
		}`
	);
	const admin = await a.visitAs( 'admin' );
	const testPasswords = async () =>
		admin.rest(
			'POST',
			`tandem/v1/sites/${ ( await theOnlySite( 'a' ) ).id }/test`
		);
	await testPasswords();
	assert.deepEqual( ( await theOnlySite( 'a' ) ).pairing?.passwords, {
		out: 'sealed',
		in: 'hash',
	} );
	assert.deepEqual( ( await theOnlySite( 'b' ) ).pairing?.passwords, {
		out: 'hash',
		in: 'sealed',
	} );

	await register( a, 'peppered', 'with a pepper' );
	await becomes( b, 'peppered', ( found ) => found !== null, 'arrives' );
	await quiet( [ a, b ] );
	assert.match(
		String( ( await account( a, 'peppered' ) )?.pass ),
		/^\$2y\$/,
		'it looks like any other'
	);
	assert.equal(
		await b.visitor().logIn( 'peppered', 'with a pepper' ),
		true
	);
	assert.equal(
		await a.visitor().logIn( 'peppered', 'with a pepper' ),
		true
	);
	const id = ( await account( b, 'peppered' ) )?.id;
	await b.php( `wp_set_password( 'changed on b', ${ id } ); return true;` );
	await quiet( [ a, b ] );
	assert.equal( await a.visitor().logIn( 'peppered', 'changed on b' ), true );

	// Somebody whose plain text nobody knows any more: what would be of no use does not overwrite what is there.
	await silently( a, [ 'stale' ] );
	await a.wp( [ 'tandem', 'sync', 'stale' ] );
	await becomes( b, 'stale', ( found ) => found !== null, 'arrives' );
	assert.notEqual(
		( await account( b, 'stale' ) )?.pass,
		( await account( a, 'stale' ) )?.pass
	);
	await a.addMuPlugin( 'pepper.php', '<?php' );
	// PHP goes on with the file that it has compiled for a moment.
	await waitUntil( async () => {
		await testPasswords();
		return ( await theOnlySite( 'a' ) ).pairing?.passwords?.out === 'hash';
	}, 'the next test does not find that hashes work again' );
} );

test( 'a site that has nothing to send does not wake itself, whatever it is asked', async () => {
	const b = lab.site( 'b' );
	await quiet( [ lab.site( 'a' ), b ] );
	const woken = async () =>
		( await b.requests() ).filter( ( { uri } ) =>
			uri.includes( 'tandem/v1/work' )
		).length;
	const earlier = await woken();
	for ( let i = 0; i < 10; i++ ) {
		await ( await fetch( `${ b.url }/index.php?rest_route=/` ) ).text();
	}
	assert.ok( ( await woken() ) - earlier <= 2 );
} );
