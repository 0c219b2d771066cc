/**
 * Webhooks on real sites: what a receiver of its own process gets and verifies with the official library, what happens
 * when it is down, slow, refuses or goes away; and what automators and CRMs may send in.
 */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';

import { Webhook } from 'standardwebhooks';

import { Lab, type LabSite } from '../lab';
import { freePort, waitUntil } from '../lab/process';
import {
	account,
	activity,
	becomes,
	quiet,
	register,
	waiting,
} from './support';

interface Told {
	id: string;
	timestamp: number;
	signatures: string;
	raw: string;
	headers: Record< string, string >;
	type: string;
	data: Record< string, unknown > & { id: number; username: string };
}

/** What the receiver does with a request. */
type Mode = 'take' | 'lose the answer' | 'hang' | { status: number };

let lab: Lab;
let a: LabSite;
let b: LabSite;
let receiver: Server;
let mode: Mode = 'take';
let told: Told[] = [];
let hook: { id: number; secret: string };

async function bodyOf( request: IncomingMessage ): Promise< string > {
	const parts: Buffer[] = [];
	for await ( const part of request ) {
		parts.push( part as Buffer );
	}
	return Buffer.concat( parts ).toString();
}

const admin = async ( site = a ) => site.visitAs( 'admin' );

before( async () => {
	lab = await Lab.up( {
		durable: false,
		sites: [
			{ name: 'a', wp: '7.1', plugin: true },
			{ name: 'b', wp: '7.1', plugin: false },
		],
	} );
	[ a, b ] = [ lab.site( 'a' ), lab.site( 'b' ) ];
	receiver = createServer( async ( request, response ) => {
		const raw = await bodyOf( request );
		const headers = request.headers as Record< string, string >;
		if ( mode === 'hang' ) {
			return;
		}
		told.push( {
			...( JSON.parse( raw ) as Pick< Told, 'type' | 'data' > ),
			id: headers[ 'webhook-id' ],
			timestamp: Number( headers[ 'webhook-timestamp' ] ),
			signatures: headers[ 'webhook-signature' ],
			raw,
			headers,
		} );
		if ( mode === 'lose the answer' ) {
			mode = 'take';
			request.socket.destroy();
		} else {
			response
				.writeHead( mode === 'take' ? 204 : mode.status )
				.end( mode === 'take' ? undefined : 'No, thank you' );
		}
	} );
	await new Promise< void >( ( ready ) =>
		receiver.listen( 0, '127.0.0.1', ready )
	);
	const { port } = receiver.address() as AddressInfo;
	const made = await (
		await admin()
	).rest< { site: { id: number }; secret: string } >(
		'POST',
		'tandem/v1/webhooks',
		{ name: 'Receiver', url: `http://127.0.0.1:${ port }/hook?key=private` }
	);
	hook = { id: made.site.id, secret: made.secret };
} );

after( async () => {
	receiver?.close();
	receiver?.closeAllConnections();
	await lab?.down();
} );

beforeEach( () => {
	mode = 'take';
	told = [];
} );

/** Waits until the receiver has been told so often. */
const hears = ( count: number ) =>
	waitUntil(
		async () => told.length >= count,
		`it was told ${ told.length } times and not ${ count }`
	);

/** The webhook as the page sees it. */
const state = async () =>
	( await admin() ).rest< {
		state: string;
		waiting: number;
		problem: { code: string; message: string } | null;
		oldSecretUntil: number | null;
	} >( 'GET', `tandem/v1/sites/${ hook.id }` );

const verified = ( { raw, headers }: Told, secret = hook.secret ) =>
	new Webhook( secret ).verify( raw, headers );

const change = ( login: string, fields: Record< string, string > ) =>
	a.php(
		`$u = get_user_by( 'login', '${ login }' ); return wp_update_user( array( 'ID' => $u->ID ) + json_decode( '${ JSON.stringify(
			fields
		) }', true ) );`
	);

test( 'a registration, a change and a deletion are told within a moment, signed', async () => {
	const id = await register( a, 'walter', 'never told to anybody', {
		first_name: 'Wälter',
	} );
	await hears( 1 );
	await change( 'walter', { first_name: 'Walt', user_pass: 'nor this one' } );
	await hears( 2 );
	await a.php(
		`require_once ABSPATH . 'wp-admin/includes/user.php'; return wp_delete_user( ${ id } );`
	);
	await hears( 3 );
	assert.deepEqual(
		told.map( ( { type } ) => type ),
		[ 'user.created', 'user.updated', 'user.deleted' ]
	);
	for ( const event of told ) {
		assert.deepEqual( verified( event ), JSON.parse( event.raw ) );
		assert.ok( Math.abs( Date.now() / 1000 - event.timestamp ) < 10 );
		assert.doesNotMatch(
			event.raw,
			/never told|nor this one|\$wp\$|\$P\$/
		);
		assert.equal( event.data.id, id );
	}
	assert.equal( told[ 0 ].data.first_name, 'Wälter' );
	assert.deepEqual( told[ 1 ].data.changed, [ 'first_name' ] );
	assert.equal( told[ 2 ].data.email, 'walter@people.test' );
	assert.equal( new Set( told.map( ( event ) => event.id ) ).size, 3 );
	assert.throws( () =>
		verified( { ...told[ 0 ], raw: `${ told[ 0 ].raw } ` } )
	);
	await quiet( [ a ] );
} );

test( 'the example of the documentation takes what is sent, and nothing else', async () => {
	const text = await readFile(
		join( __dirname, '../../docs/webhooks.md' ),
		'utf8'
	);
	const code = /<!-- test: verify -->\s*```ts\n([\s\S]+?)```/.exec(
		text
	)?.[ 1 ];
	assert.ok( code );
	// Where the library is found.
	const folder = join( __dirname, '../../artifacts/webhooks' );
	await mkdir( folder, { recursive: true } );
	await writeFile( join( folder, 'receiver.mts' ), code );
	const port = await freePort();
	const made = await (
		await admin()
	).rest< { site: { id: number }; secret: string } >(
		'POST',
		'tandem/v1/webhooks',
		{ name: 'Example', url: `http://127.0.0.1:${ port }/` }
	);
	const example: ChildProcess = spawn(
		join( __dirname, '../../node_modules/.bin/tsx' ),
		[ join( folder, 'receiver.mts' ) ],
		{
			env: {
				...process.env,
				WEBHOOK_SECRET: made.secret,
				PORT: String( port ),
			},
			stdio: [ 'ignore', 'pipe', 'inherit' ],
		}
	);
	let said = '';
	example.stdout?.on( 'data', ( part: Buffer ) => {
		said += part.toString();
	} );
	try {
		await waitUntil(
			async () =>
				fetch( `http://127.0.0.1:${ port }/`, {
					method: 'POST',
					body: '{}',
				} ).then(
					( { status } ) => status === 401,
					() => false
				),
			'the example does not start'
		);
		await register( a, 'xenia', 'x' );
		await waitUntil(
			async () => said.includes( 'user.created' ),
			`the example says: ${ said }`
		);
		assert.match( said, /^user\.created \d+ xenia$/m );
	} finally {
		example.kill();
		await (
			await admin()
		).rest( 'DELETE', `tandem/v1/sites/${ made.site.id }` );
	}
	await quiet( [ a ] );
} );

test( 'while it is down everything waits, and arrives once and as it is now when it is back', async () => {
	mode = { status: 500 };
	await register( a, 'yara', 'x' );
	await hears( 1 );
	await change( 'yara', { first_name: 'One' } );
	await change( 'yara', { first_name: 'Two' } );
	await register( a, 'zeno', 'x' );
	await waitUntil(
		async () => ( await state() ).state === 'unreachable',
		'it is not noticed'
	);
	assert.equal( ( await state() ).problem?.code, 'server_error' );
	assert.equal( await waiting( a ), 2 );
	mode = 'take';
	told = [];
	await ( await admin() ).rest( 'POST', `tandem/v1/sites/${ hook.id }/sync` );
	await hears( 2 );
	await quiet( [ a ] );
	assert.deepEqual( told.map( ( { data } ) => data.username ).sort(), [
		'yara',
		'zeno',
	] );
	assert.equal(
		told.find( ( { data } ) => data.username === 'yara' )?.data.first_name,
		'Two'
	);
	assert.equal( ( await state() ).state, 'connected' );
} );

test( 'a lost answer is told again under the same id', async () => {
	mode = 'lose the answer';
	await change( 'yara', { first_name: 'Three' } );
	await hears( 1 );
	await ( await admin() ).rest( 'POST', `tandem/v1/sites/${ hook.id }/sync` );
	await hears( 2 );
	await quiet( [ a ] );
	assert.equal( told.length, 2 );
	assert.equal( told[ 0 ].id, told[ 1 ].id );
	assert.equal( told[ 0 ].raw, told[ 1 ].raw );
} );

test( 'one that hangs holds up no visitor', async () => {
	mode = 'hang';
	await change( 'yara', { first_name: 'Four' } );
	const began = Date.now();
	assert.equal( ( await a.visitor().request( '/' ) ).status, 200 );
	assert.ok( Date.now() - began < 3000 );
	await waitUntil(
		async () => ( await state() ).problem?.code === 'timeout',
		'it is not noticed'
	);
	mode = 'take';
	await ( await admin() ).rest( 'POST', `tandem/v1/sites/${ hook.id }/sync` );
	await hears( 1 );
	await quiet( [ a ] );
} );

test( 'one that is gone is told nothing more, and its owner reads why', async () => {
	mode = { status: 410 };
	await change( 'yara', { first_name: 'Five' } );
	await hears( 1 );
	await waitUntil(
		async () => ( await state() ).state === 'held',
		'it is not held'
	);
	const { problem } = await state();
	assert.equal( problem?.code, 'hook_gone' );
	assert.match( problem?.message ?? '', /gone for good/ );
	mode = 'take';
	await a.php( "do_action( 'tandem_work' ); return true;" );
	await change( 'yara', { last_name: 'Six' } );
	await a.php( "do_action( 'tandem_work' ); return true;" );
	assert.equal( told.length, 1 );
	await ( await admin() ).rest( 'POST', `tandem/v1/sites/${ hook.id }/sync` );
	await hears( 2 );
	assert.equal( ( await state() ).state, 'connected' );
	await quiet( [ a ] );
} );

test( 'a secret is replaced without a message that can’t be verified, from the command line too', async () => {
	const next = (
		await a.wp( [ 'tandem', 'webhook', 'rotate', 'Receiver' ] )
	).trim();
	assert.match( next, /^whsec_[A-Za-z0-9]{32}$/ );
	assert.ok( ( await state() ).oldSecretUntil );
	await change( 'yara', { first_name: 'Seven' } );
	await hears( 1 );
	verified( told[ 0 ] );
	verified( told[ 0 ], next );
	assert.match(
		await a.wp( [
			'tandem',
			'webhook',
			'rotate',
			'Receiver',
			'--end-old',
		] ),
		/Success/
	);
	await change( 'yara', { first_name: 'Eight' } );
	await hears( 2 );
	assert.throws( () => verified( told[ 1 ] ) );
	verified( told[ 1 ], next );
	hook.secret = next;
	assert.match(
		await a.wp( [
			'tandem',
			'webhook',
			'test',
			'Receiver',
			'--format=csv',
		] ),
		/pass.*Test request/
	);
	await hears( 3 );
	assert.equal( told[ 2 ].type, 'test.ping' );
	verified( told[ 2 ] );
	const list = JSON.parse(
		await a.wp( [ 'tandem', 'webhook', 'list', '--format=json' ] )
	) as { name: string; direction: string }[];
	assert.deepEqual(
		list.map( ( { name, direction } ) => `${ name } ${ direction }` ),
		[ 'Receiver out' ]
	);
} );

// In.

interface Way {
	id: number;
	address: string;
	secret: string;
}

async function wayIn( settings: object, state_ = 'on' ): Promise< Way > {
	const visitor = await admin();
	const made = await visitor.rest< {
		hook: { id: number; address: string };
		secret: string;
	} >( 'POST', 'tandem/v1/webhooks/in', { name: 'Automator' } );
	await visitor.rest( 'PATCH', `tandem/v1/webhooks/in/${ made.hook.id }`, {
		settings,
		state: state_,
	} );
	return { ...made.hook, secret: made.secret };
}

const MAP = [
	{ field: 'user_email', from: '{contact.email}' },
	{ field: 'first_name', from: '{contact.first_name}' },
	{ field: 'tags', from: '{contact.tags}' },
	{ field: 'roles', from: 'subscriber' },
];

test( 'somebody whom an automator sends has an account, is told of, and arrives on the other site', async () => {
	await lab.connect( 'a', 'b' );
	const way = await wayIn( { map: MAP } );
	const body = JSON.stringify( {
		contact: {
			email: 'new.person@people.test',
			first_name: 'Nia',
			tags: [ 'gold', 'early' ],
		},
	} );
	const id = 'msg_from_elsewhere';
	const now = new Date();
	const signed = () =>
		fetch( way.address, {
			method: 'POST',
			body,
			headers: {
				'Content-Type': 'application/json',
				'webhook-id': id,
				'webhook-timestamp': String(
					Math.floor( now.getTime() / 1000 )
				),
				// What the official library signs is let in.
				'webhook-signature': new Webhook( way.secret ).sign(
					id,
					now,
					body
				),
			},
		} );
	const first = await signed();
	assert.equal( first.status, 201 );
	const answer = ( await first.json() ) as { result: string; id: number };
	assert.equal( answer.result, 'created' );
	await becomes( b, 'new.person', ( it ) => it?.first === 'Nia', 'arrives' );
	await hears( 1 );
	assert.equal( told[ 0 ].data.username, 'new.person' );
	const mails = async () =>
		( await a.mails() ).filter( ( { to } ) =>
			String( to ).startsWith( 'new.person@' )
		).length;
	assert.equal( await mails(), 1 );
	assert.deepEqual( await ( await signed() ).json(), answer );
	assert.equal( await mails(), 1 );
	assert.deepEqual(
		await a.php( `return get_user_meta( ${ answer.id }, 'tandem_tag' );` ),
		[ 'early', 'gold' ]
	);
	assert.ok(
		( await activity( a ) ).some(
			( { action, direction, message, username } ) =>
				action === 'create' &&
				direction === 'in' &&
				username === 'new.person' &&
				message.includes( 'Automator' )
		)
	);
	await quiet( [ a ] );
} );

test( 'twenty at the same moment make one account', async () => {
	const way = await wayIn( { map: MAP } );
	const answers = await Promise.all(
		Array.from( { length: 20 }, () =>
			fetch( way.address, {
				method: 'POST',
				body: 'contact[email]=rush@people.test&contact[tags]=x,y',
				headers: {
					'Content-Type': 'application/x-www-form-urlencoded',
					'X-Tandem-Secret': way.secret,
				},
			} ).then( ( { status } ) => status )
		)
	);
	assert.equal( answers.filter( ( status ) => status === 201 ).length, 1 );
	assert.ok(
		answers.every( ( status ) => [ 200, 201, 409 ].includes( status ) ),
		answers.join()
	);
	assert.equal(
		await a.php(
			'global $wpdb; return (int) $wpdb->get_var( "SELECT COUNT(*) FROM $wpdb->users WHERE user_email = \'rush@people.test\'" );'
		),
		1
	);
	await quiet( [ a ] );
} );

test( 'who has no secret, or a wrong one, changes nothing, logged in or not', async () => {
	const way = await wayIn( { map: MAP } );
	const body = { contact: { email: 'mallory@people.test' } };
	for ( const headers of [
		{},
		{ 'X-Tandem-Secret': hook.secret },
		{ Authorization: `Bearer ${ hook.secret }` },
	] as Record< string, string >[] ) {
		const answer = await fetch( way.address, {
			method: 'POST',
			body: JSON.stringify( body ),
			headers: { 'Content-Type': 'application/json', ...headers },
		} );
		assert.equal( answer.status, 401 );
	}
	await assert.rejects(
		( await admin() ).rest(
			'POST',
			`tandem/v1/hooks/${ way.address.split( '/' ).pop() }`,
			body
		)
	);
	const bearer = await fetch( way.address, {
		method: 'POST',
		body: JSON.stringify( { contact: { email: 'admin@example.org' } } ),
		headers: {
			'Content-Type': 'application/json',
			Authorization: `Bearer ${ way.secret }`,
		},
	} );
	assert.notEqual( bearer.status, 401, 'The Authorization header arrives.' );
	assert.equal( await account( a, 'mallory' ), null );
} );

test( 'WP Fusion’s form of address works when it is switched on, and is nothing otherwise', async () => {
	const visitor = await admin();
	const way = await wayIn( {
		map: [
			{ field: 'user_email', from: '{contact.email}' },
			{ field: 'tags', from: '{contact.tags}' },
		],
		roles: [ 'subscriber', 'contributor' ],
	} );
	const off = await fetch( `${ a.url }/?wpf_action=add&access_key=x`, {
		method: 'POST',
		body: 'contact[email]=crm@people.test',
		headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
	} );
	assert.equal( off.status, 403 );
	const { address } = await visitor.rest< { address: string } >(
		'POST',
		`tandem/v1/webhooks/in/${ way.id }/access-key`
	);
	const before_ = ( await a.mails() ).length;
	const post = async ( url: string, form: string ) => {
		const answer = await fetch( url, {
			method: 'POST',
			body: form,
			headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
		} );
		return {
			status: answer.status,
			...( ( await answer.json() ) as {
				success: boolean;
				data?: { result?: string; code?: string };
			} ),
		};
	};
	const form =
		'contact[id]=7&contact[email]=crm@people.test&contact[tags]=one';
	assert.deepEqual(
		[
			await post( address.replace( 'add', 'update' ), form ),
			await post(
				`${ address }&role=administrator&send_notification=false`,
				form
			),
			await post(
				`${ address.replace( '=add', '=update_tags' ) }`,
				form.replace( 'one', 'two' )
			),
			await post(
				address.replace( /access_key=\w+/, 'access_key=wrong' ),
				form
			),
			await post( address.replace( '=add', '=test' ), '' ),
		].map( ( { status, success, data } ) => [
			status,
			success,
			data?.result ?? data?.code,
		] ),
		[
			[ 404, false, 'hook_no_account' ],
			[ 201, true, 'created' ],
			[ 200, true, 'updated' ],
			[ 403, false, 'hook_wrong_secret' ],
			[ 200, true, undefined ],
		]
	);
	assert.equal(
		( await a.mails() ).length,
		before_,
		'No mail was asked for.'
	);
	assert.deepEqual( ( await account( a, 'crm' ) )?.roles, [ 'subscriber' ] );
	assert.deepEqual(
		await a.php(
			"return get_user_meta( get_user_by( 'login', 'crm' )->ID, 'tandem_tag' );"
		),
		[ 'one', 'two' ]
	);
	// An address can be asked by a browser, too, as CRMs that only know GET do.
	const get = await fetch(
		`${ address }&${ form.replace( 'crm@', 'get@' ) }&role=contributor`
	);
	assert.equal( get.status, 201 );
	assert.deepEqual( ( await account( a, 'get' ) )?.roles, [ 'contributor' ] );
	// Where WP Fusion is at work, it answers.
	await a.onEveryRequest( 'function wp_fusion() {}' );
	assert.equal(
		(
			await fetch( `${ address }&${ form }`, { redirect: 'manual' } )
		).headers
			.get( 'content-type' )
			?.includes( 'json' ),
		false
	);
	await a.onEveryRequest( '' );
	await quiet( [ a ] );
} );
