/**
 * Pairing, and what a paired site's messages are held to, on two real sites that both run Tandem.
 */
import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
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
	waiting,
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

/** What a site says of itself to anybody. */
async function describes(
	name: string,
	challenge = ''
): Promise< Record< string, unknown > > {
	const response = await fetch(
		`${ lab.site( name ).url }/index.php?rest_route=/tandem/v1/peer${
			challenge === '' ? '' : `&challenge=${ challenge }`
		}`
	);
	return ( await response.json() ) as Record< string, unknown >;
}

test( 'a site says of itself to anybody what docs/protocol.md says, and proves its key', async () => {
	const b = lab.site( 'b' );
	const { uuid, keys, time, ...rest } = await describes( 'b' );
	assert.match(
		String( uuid ),
		/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
	);
	assert.ok( Math.abs( Number( time ) - Date.now() / 1000 ) < 60 );
	assert.deepEqual( rest, {
		name: await b.php( `return get_bloginfo( 'name' );` ),
		url: b.url,
		rest_url: await b.php( 'return get_rest_url();' ),
		tandem: await b.php( 'return Tandem\\Plugin::VERSION;' ),
		core: await b.php( `return get_bloginfo( 'version' );` ),
		protocol: 1,
		hashes: await b.php(
			`return array_values( array_filter( array( 'wp-bcrypt', 'wp-argon2', 'phpass', 'bcrypt', 'argon2' ), fn ( $format ) => ! str_contains( $format, 'argon2' ) || in_array( 'argon2id', password_algos(), true ) ) );`
		),
		limits: { users: 200, bytes: 2_000_000 },
		features: [
			'users',
			'accounts',
			'digests',
			'tags',
			'grants',
			'login',
			'bring',
		],
		multisite: false,
		authorization_arrived: false,
	} );

	const challenge = crypto.randomUUID().replaceAll( '-', '' );
	const { proof } = await describes( 'b', challenge );
	const { sign } = keys as { sign: string };
	const key = createPublicKey( {
		key: {
			kty: 'OKP',
			crv: 'Ed25519',
			x: Buffer.from( sign, 'base64' ).toString( 'base64url' ),
		},
		format: 'jwk',
	} );
	const isProof = ( text: string ) =>
		verify(
			null,
			Buffer.from( text ),
			key,
			Buffer.from( String( proof ), 'base64' )
		);
	assert.ok( isProof( `tandem-1-proof\n${ uuid }\n${ challenge }` ) );
	assert.ok( ! isProof( `tandem-1-proof\n${ uuid }\n${ challenge }0` ) );
	assert.equal( ( await describes( 'b', 'anything' ) ).proof, undefined );
} );

test( 'the checklist before pairing says by how much the clocks differ', async () => {
	const [ a, b ] = [ lab.site( 'a' ), lab.site( 'b' ) ];
	const owner = await a.visitAs( 'admin' );
	const clock = async () =>
		(
			await owner.rest< {
				checks: { code: string; state: string; message: string }[];
			} >( 'POST', 'tandem/v1/sites/discover', { url: b.url } )
		).checks.find( ( { code } ) => code === 'clock' );
	assert.equal( ( await clock() )?.state, 'pass' );
	for ( const seconds of [ 3 * 3600, -3 * 3600 ] ) {
		await b.setClock( seconds );
		const check = await clock();
		assert.equal( check?.state, 'warn' );
		assert.match( check.message, /differ by 3 hours/ );
	}
	await b.setClock( 0 );
} );

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

test( 'a message with too many people or too many bytes is refused whole, and one at the limit is read', async () => {
	const people = ( count: number, text = '' ) => ( {
		users: Array.from( { length: count }, () => ( { login: text } ) ),
	} );
	const most = await message( 'a', 'b', 'users', people( 200 ) );
	assert.equal( most.status, 200 );
	const many = await message( 'a', 'b', 'users', people( 201 ) );
	assert.deepEqual( [ many.status, many.code ], [ 400, 'invalid' ] );
	const bytes = ( length: number ) => {
		const bare = JSON.stringify( people( 1 ) ).length;
		return people( 1, 'x'.repeat( length - bare ) );
	};
	const long = await message( 'a', 'b', 'users', bytes( 2_000_000 ) );
	assert.equal( long.status, 200 );
	const longer = await message( 'a', 'b', 'users', bytes( 2_000_001 ) );
	assert.deepEqual( [ longer.status, longer.code ], [ 413, 'too_large' ] );
} );

test( 'the first thing that is wrong is what a message is refused for', async () => {
	const about = { after: 0, limit: 1 };
	const code = async ( change: Parameters< typeof message >[ 4 ] ) =>
		( await message( 'a', 'b', 'accounts', about, change ) ).code;
	const wrong = { body: { after: 0, limit: 9 } };
	assert.equal(
		await code( { to: crypto.randomUUID(), ...wrong } ),
		'misdirected'
	);
	assert.equal( await code( { time: -400, ...wrong } ), 'bad_signature' );
	const b = await lab.site( 'b' ).visitAs( 'admin' );
	const { id } = await theOnlySite( 'b' );
	const seen = crypto.randomUUID().replaceAll( '-', '' );
	assert.equal( await code( { id: seen } ), '' );
	await b.rest( 'POST', `tandem/v1/sites/${ id }/pause` );
	assert.equal( await code( { time: -400 } ), 'clock' );
	assert.equal( await code( { id: seen } ), 'stopped' );
	await b.rest( 'POST', `tandem/v1/sites/${ id }/resume` );
	assert.equal( await code( { id: seen } ), 'replayed' );
} );

test( 'the other site says whether the same may be tried again, and the sender goes by it, whatever the code', async () => {
	const [ a, b ] = [ lab.site( 'a' ), lab.site( 'b' ) ];
	// A later version of Tandem there, with codes that this one does not know.
	await b.addMuPlugin(
		'future.php',
		`<?php
		add_filter( 'rest_pre_dispatch', function ( $answer, $server, $request ) {
			$as = get_option( 'future_message' );
			if ( ! $as || '/tandem/v1/peer/users' !== $request->get_route() ) { return $answer; }
			if ( $as['once'] ) { delete_option( 'future_message' ); }
			return new WP_Error( $as['code'], 'Words of the future.', array( 'status' => $as['status'], 'retry' => $as['retry'] ) );
		}, 10, 3 );
		add_filter( 'rest_post_dispatch', function ( $response, $server, $request ) {
			$retry = get_option( 'future_person' );
			if ( ! $retry || '/tandem/v1/peer/users' !== $request->get_route() ) { return $response; }
			$data = $response->get_data();
			foreach ( $data['results'] as &$result ) { $result = array( 'result' => 'refused', 'code' => 'of_the_future', 'message' => 'Words of the future.', 'retry' => 'yes' === $retry ) + $result; }
			$response->set_data( $data );
			return $response;
		}, 10, 3 );`
	);
	const option = ( name: string, value: unknown ) =>
		b.php(
			value === null
				? `delete_option( '${ name }' ); return true;`
				: `update_option( '${ name }', json_decode( ${ php( JSON.stringify( value ) ) }, true ) ); return true;`
		);
	const row = async () =>
		( await a.php(
			`global $wpdb; return $wpdb->get_row( "SELECT state, code, attempts FROM {$wpdb->prefix}tandem_outbox", ARRAY_A );`
		) ) as { state: string; code: string; attempts: string } | null;
	const id = await register( a, 'future', 'of now' );
	await becomes( b, 'future', Boolean, 'made' );
	await quiet( [ a, b ] );
	let edits = 0;
	const edit = async () => {
		await a.php(
			`return wp_update_user( array( 'ID' => ${ id }, 'first_name' => 'Edit ${ ++edits }' ) );`
		);
		await waitUntil(
			async () => ( await row() )?.code !== '',
			'nothing comes of it'
		);
		return row();
	};
	const goesOn = async () => {
		await a.php(
			`global $wpdb; $wpdb->query( "UPDATE {$wpdb->prefix}tandem_outbox SET due_at = 0, state = 'due'" ); do_action( 'tandem_work' ); return true;`
		);
		await quiet( [ a, b ] );
		assert.equal(
			( await account( b, 'future' ) )?.first,
			`Edit ${ edits }`
		);
	};
	for ( const [ retry, state ] of [
		[ true, 'due' ],
		[ false, 'attention' ],
	] as const ) {
		const as = { code: 'from_later', status: 422, retry, once: false };
		await option( 'future_message', as );
		const ofMessage = await edit();
		assert.equal( ofMessage?.state, state, JSON.stringify( ofMessage ) );
		await option( 'future_message', null );
		await goesOn();
		await option( 'future_person', retry ? 'yes' : 'no' );
		const ofPerson = await edit();
		assert.equal( ofPerson?.state, state, JSON.stringify( ofPerson ) );
		await option( 'future_person', null );
		await goesOn();
	}
	// As where a proxy tries again what has arrived: no second attempt later, another message now.
	await option( 'future_message', {
		code: 'replayed',
		status: 409,
		retry: true,
		once: true,
	} );
	assert.equal( await edit(), null );
	assert.equal( ( await account( b, 'future' ) )?.first, `Edit ${ edits }` );
	await quiet( [ a, b ] );
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

test( 'an introducing application password that nobody uses is gone after an hour', async () => {
	const b = lab.site( 'b' );
	const owner = await b.visitAs( 'admin' );
	const make = ( name: string, id: string ) =>
		owner.rest< { uuid: string } >(
			'POST',
			'wp/v2/users/me/application-passwords',
			{ name, app_id: id }
		);
	await make(
		'Introduces',
		`74616e64-656d-${ crypto.randomUUID().slice( 14 ) }`
	);
	const other = await make( 'Of another plugin', crypto.randomUUID() );
	const names = async () =>
		(
			( await b.php(
				`return array_column( WP_Application_Passwords::get_user_application_passwords( 1 ), 'name' );`
			) ) as string[]
		 ).filter( ( name ) => name !== 'Tests' );
	const work = () => b.php( `do_action( 'tandem_work' ); return true;` );
	await b.setClock( 3500 );
	await work();
	assert.deepEqual( await names(), [ 'Introduces', 'Of another plugin' ] );
	await b.setClock( 3700 );
	await work();
	assert.deepEqual( await names(), [ 'Of another plugin' ] );
	assert.equal(
		await b.php( `return get_option( 'tandem_introductions' );` ),
		false
	);
	await b.php(
		`return WP_Application_Passwords::delete_application_password( 1, '${ other.uuid }' );`
	);
	await b.setClock( 0 );
} );

test( 'a site that has moved sends nothing until its owner says so; then the other site follows it, and only to where its key lives', async () => {
	const [ a, b ] = [ lab.site( 'a' ), lab.site( 'b' ) ];
	const elsewhere = a.url.replace( '127.0.0.1', 'localhost' );
	const urlOnB = async () =>
		( ( await theOnlySite( 'b' ) ) as Site & { url: string } ).url;
	// Not by a browser: cookies have other names at another address.
	const decide = async () =>
		assert.equal(
			await a.php(
				`wp_set_current_user( 1 ); $request = new WP_REST_Request( 'POST', '/tandem/v1/identity' ); $request['decision'] = 'moved'; return rest_do_request( $request )->get_status();`
			),
			200
		);
	await quiet( [ a, b ] );
	await a.addMuPlugin(
		'moved.php',
		`<?php foreach ( array( 'home', 'siteurl' ) as $option ) { add_filter( "option_$option", fn () => '${ elsewhere }', 99 ); }`
	);
	await register( a, 'mover', 'on the way' );
	await a.php( `do_action( 'tandem_work' ); return true;` );
	assert.ok( ( await waiting( a ) ) > 0, 'kept until the owner decides' );
	const early = await message( 'b', 'a', 'accounts', { after: 0, limit: 1 } );
	assert.deepEqual( [ early.status, early.code ], [ 503, 'stopped' ] );
	assert.equal( await account( b, 'mover' ), null );

	await decide();
	assert.equal( await urlOnB(), elsewhere );
	await a.php( `do_action( 'tandem_work' ); return true;` );
	await becomes( b, 'mover', Boolean, 'arrives from the new address' );
	await b.php(
		`return wp_update_user( array( 'ID' => get_user_by( 'login', 'mover' )->ID, 'first_name' => 'Settled' ) );`
	);
	await becomes(
		a,
		'mover',
		( it ) => it?.first === 'Settled',
		'comes back to the new address'
	);
	assert.ok(
		( await activity( b ) ).some( ( row ) =>
			row.message.includes( `has moved to ${ elsewhere }` )
		)
	);

	// The key lives at its REST API; any other address would be shown to people in B's name.
	const rest = `${ elsewhere }/index.php?rest_route=/`;
	for ( const [ url, api ] of [
		[ 'https://bank.test', rest ],
		[ 'ftp://localhost', rest ],
		[ '', rest ],
		[ b.url, `${ b.url }/index.php?rest_route=/` ],
		[ 'https://bank.test', 'https://bank.test/wp-json/' ],
	] ) {
		const answer = await message( 'a', 'b', 'notice', {
			type: 'moved',
			url,
			rest_url: api,
		} );
		assert.deepEqual(
			[ answer.status, answer.code ],
			[ 400, 'invalid' ],
			url
		);
		assert.equal( await urlOnB(), elsewhere );
	}

	await a.addMuPlugin( 'moved.php', '<?php' );
	await waitUntil(
		async () => ( await a.php( 'return home_url();' ) ) === a.url,
		'PHP does not see that the file has changed'
	);
	await decide();
	assert.equal( await urlOnB(), a.url );
	await quiet( [ a, b ] );
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
	const refusal = ( typed: string ) =>
		owner
			.rest( 'POST', 'tandem/v1/sites/pair', { url: b.url, code: typed } )
			.then(
				() => 'taken',
				( error: Error ) => error.message
			);
	assert.match( await refusal( '00000-00000-00000-00000' ), /wrong/ );
	// A quarter of an hour later the right one is too late. What is tried does not use it up.
	await b.setClock( 15 * 60 + 1 );
	assert.match( await refusal( code ), /older than a quarter of an hour/ );
	await b.setClock( 0 );
	await owner.rest( 'POST', 'tandem/v1/sites/pair', {
		url: b.url,
		code: code.toLowerCase(),
	} );
	assert.equal( ( await theOnlySite( 'a' ) ).state, 'connected' );
	assert.equal( ( await theOnlySite( 'b' ) ).state, 'connected' );
	assert.match( await refusal( code ), /was used already/ );
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
