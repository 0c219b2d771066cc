/**
 * Everything that a remote site can do wrong, one after the other: what the person finds there afterwards, and what the
 * owner reads meanwhile. A worker runs on A all the time; time is moved to the next try instead of waited for.
 */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, test } from 'node:test';

import type { Verification } from '../../admin-src/types';
import type { Fault, Lab, LabSite } from '../lab';
import { FAULTS } from '../lab/site';
import { waitUntil } from '../lab/process';
import { register } from '../paired/support';
import {
	accounts,
	crowd,
	IS_LONG,
	isEmpty,
	KINDS,
	logsIn,
	note,
	outbox,
	passTime,
	print,
	reads,
	rows,
	seconds,
	startSites,
	view,
	type Kind,
} from './support';

let lab: Lab;
let a: LabSite;
let ids: Record< Kind, number >;
/** Where redirects lead, and what arrives there. */
let elsewhere: Server;
const arrived: string[] = [];

before( async () => {
	( { lab, a, ids } = await startSites() );
	await a.startWorkers( 1 );
	elsewhere = createServer( ( request, response ) => {
		arrived.push( `${ request.url } ${ request.headers.authorization }` );
		response.end( '[]' );
	} ).listen( 0, '127.0.0.1' );
} );

after( async () => {
	elsewhere?.close();
	await lab?.down();
	print();
} );

/** Ends whatever is wrong with a site. */
async function mend( site: LabSite ): Promise< void > {
	await site.restore();
	await site.heal();
}

// One that fails must not take the others along.
afterEach( async () => {
	for ( const kind of KINDS ) {
		await mend( lab.site( kind ) );
		await passTime( a, ids[ kind ] );
		await reads(
			a,
			ids[ kind ],
			( now ) => now.problem === null,
			'it does not recover'
		);
	}
	await a.setClock( 0 );
} );

interface Row {
	name: string;
	/** Breaks the site. */
	breaks: ( site: LabSite ) => Promise< void >;
	/** What the owner reads; none where nothing is to be read. */
	code: string | null;
	sentence?: RegExp;
	/** No sooner than after so many seconds is it tried again. */
	noSooner?: number;
	/** Whether the person may be there before it is mended. */
	mayArrive?: boolean;
	/** At which sites it is part of the short form. */
	short?: readonly Kind[];
}

const by =
	( fault: Fault ): Row[ 'breaks' ] =>
	( site ) =>
		site.fault( fault );
const answer = (
	status: number,
	body = '',
	headers: Record< string, string > = {}
) => by( { kind: 'answer', status, body, headers } );
const json = { 'Content-Type': 'application/json' };

const TABLE: Row[] = [
	{
		name: 'refuses connections',
		breaks: ( site ) => site.refuse(),
		code: 'refused',
		sentence: /can’t be reached/,
		short: KINDS,
	},
	{
		name: 'accepts and never answers',
		breaks: ( site ) => site.hang(),
		code: 'timeout',
		sentence: /doesn’t answer in time/,
		short: KINDS,
	},
	{
		name: 'answers after 30 s',
		breaks: by( { kind: 'hang', seconds: 30 } ),
		code: 'timeout',
		sentence: /doesn’t answer in time/,
	},
	{
		name: 'answers 500 with a fatal error',
		breaks: answer( 500, '<h1>There has been a critical error</h1>' ),
		code: 'server_error',
		sentence: /critical error/,
		short: [ 'plain' ],
	},
	{ name: 'answers 502', breaks: answer( 502 ), code: 'server_error' },
	{
		name: 'answers 503 and asks for 120 s',
		breaks: answer( 503, '', { 'Retry-After': '120' } ),
		code: 'maintenance',
		sentence: /asked us to wait/,
		noSooner: 120,
		short: [ 'paired' ],
	},
	{
		name: 'answers 429 and asks for 90 s',
		breaks: answer( 429, '', { 'Retry-After': '90' } ),
		code: 'rate_limited',
		sentence: /asked us to wait/,
		noSooner: 90,
		short: [ 'plain' ],
	},
	{
		name: 'breaks its answers off',
		breaks: by( FAULTS.half ),
		code: 'cut_short',
		sentence: /broke off/,
		mayArrive: true,
		short: [ 'paired' ],
	},
	{
		name: 'answers with a page',
		breaks: by( FAULTS.html ),
		code: 'not_json',
		sentence: /a page instead of data: .*Back soon/,
		short: [ 'plain' ],
	},
	{
		name: 'prints a PHP warning before its answers',
		breaks: by( FAULTS.warning ),
		code: null,
		mayArrive: true,
		short: KINDS,
	},
	{
		name: 'redirects to another address',
		breaks: ( site ) =>
			site.fault( {
				kind: 'answer',
				status: 301,
				headers: {
					Location: `http://127.0.0.1:${ ( elsewhere.address() as AddressInfo ).port }/wp-json/`,
				},
			} ),
		code: 'moved',
		sentence: /Nothing was sent there/,
		short: [ 'paired' ],
	},
	{
		name: 'redirects to a log-in page',
		breaks: ( site ) =>
			site.fault( {
				kind: 'answer',
				status: 302,
				headers: { Location: `${ site.url }/wp-login.php` },
			} ),
		code: 'login_page',
	},
	{
		name: 'refuses the log-in (401)',
		breaks: answer(
			401,
			'{"code":"incorrect_password","message":"The provided password is an invalid application password.","data":{"status":401}}',
			json
		),
		code: 'credential_refused',
		sentence: /does not accept our log-in/,
		short: [ 'plain' ],
	},
	{
		name: 'is closed by a firewall (403)',
		breaks: answer( 403, '<html><h1>Forbidden</h1></html>' ),
		code: 'firewall',
	},
];

let person = 0;

for ( const row of TABLE ) {
	for ( const kind of IS_LONG ? KINDS : ( row.short ?? [] ) ) {
		test( `a ${ kind } site ${ row.name }`, async () => {
			const b = lab.site( kind );
			const other = lab.site( kind === 'plain' ? 'paired' : 'plain' );
			const login = `person${ ++person }`;
			const password = `${ row.name } & mended`;
			arrived.length = 0;
			await row.breaks( b );

			const began = performance.now();
			await register( a, login, password );
			let waited = 0;
			if ( row.code !== null ) {
				const seen = await reads(
					a,
					ids[ kind ],
					( now ) => now.problem !== null && now.waiting > 0,
					'the owner reads of no problem'
				);
				assert.equal( seen.problem?.code, row.code );
				assert.match(
					seen.problem?.message ?? '',
					row.sentence ?? /./
				);
				assert.ok( ! seen.problem?.message.includes( password ) );
				assert.equal( seen.attention, 0, 'nobody is asked' );
				const [ newest ] = await rows( a, login, ids[ kind ] );
				assert.equal( newest?.result, 'retrying' );
				if ( row.noSooner ) {
					const now = Date.now() / 1000;
					assert.ok(
						( seen.nextTryAt ?? 0 ) - now > row.noSooner - 10
					);
				}
				if ( ! row.mayArrive ) {
					// Looked up past the site: once it is mended, whoever works may bring them at any moment.
					const there = await lab.database.query(
						`SELECT COUNT(*) FROM wp_users WHERE user_login = '${ login }'`,
						kind
					);
					assert.equal( there.trim(), '0' );
				}
			}
			const there = await logsIn( other, login, password );
			const untouched = performance.now() - began;

			await mend( b );
			waited = await passTime( a, ids[ kind ] );
			const took = await logsIn( b, login, password );
			await reads(
				a,
				ids[ kind ],
				( now ) => now.problem === null && now.waiting === 0,
				'the owner still reads of a problem'
			);
			await isEmpty( a, ids[ kind ] );
			await a.setClock( 0 );
			const [ last ] = await rows( a, login, ids[ kind ] );
			assert.equal( last?.result, 'success' );
			if ( row.code === null ) {
				assert.match(
					JSON.stringify( await rows( a, login, ids[ kind ] ) ),
					/Undefined variable/
				);
			}
			assert.equal( await accounts( b, login ), 1 );
			assert.deepEqual( arrived, [], 'nothing went to where it led' );
			assert.equal( ( await view( a, ids[ kind ] ) ).state, 'connected' );
			note(
				`a ${ kind } site ${ row.name }`,
				`next try after ${ waited } s, right ${ seconds( took ) } later; the other site right after ${ seconds( Math.max( there, untouched ) ) }`
			);
		} );
	}
}

for ( const kind of KINDS ) {
	test( `a ${ kind } site applies a change and its answer is lost: applied once`, async () => {
		const b = lab.site( kind );
		const login = `lost${ kind }`;
		await b.fault( {
			...FAULTS.lost,
			method: 'POST|PUT|PATCH',
			times: 1,
		} );
		await register( a, login, 'lost and found' );
		await waitUntil(
			async () => ( await accounts( b, login ) ) === 1,
			'it is not applied'
		);
		// A plain site is asked at once whether all of it is away; the person alone waits for the next try, or all do.
		await a.setClock( 10 );
		await isEmpty( a, ids[ kind ] );
		await a.setClock( 0 );
		await logsIn( b, login, 'lost and found' );
		assert.equal( await accounts( b, login ), 1 );
		const [ last ] = await rows( a, login, ids[ kind ] );
		assert.equal( last?.result, 'success' );
		note( `a ${ kind } site's answer is lost`, 'one account' );
	} );

	test( `a ${ kind } site has removed the account by hand: the owner is asked, or it is gone`, async () => {
		const b = lab.site( kind );
		const login = `removed${ kind }`;
		await register( a, login, 'first' );
		await logsIn( b, login, 'first' );
		await isEmpty( a, ids[ kind ] );
		await b.php(
			`global $wpdb; $wpdb->delete( $wpdb->users, array( 'user_login' => '${ login }' ) ); return true;`
		);
		await a.php(
			`return wp_update_user( array( 'ID' => get_user_by( 'login', '${ login }' )->ID, 'first_name' => 'Changed' ) );`
		);
		if ( kind === 'paired' ) {
			// It knows the person's uid, forgets the account and is sent everything.
			await logsIn( b, login, 'first' );
			await isEmpty( a, ids[ kind ] );
		} else {
			const seen = await reads(
				a,
				ids[ kind ],
				( now ) => now.attention === 1,
				'nobody is asked'
			);
			assert.equal( seen.problem, null, 'the site is well' );
			assert.equal(
				( await rows( a, login, ids[ kind ] ) )[ 0 ]?.code,
				'removed_there'
			);
		}
		note(
			`a ${ kind } site has removed an account by hand`,
			kind === 'paired' ? 'made again' : 'the owner is asked'
		);
	} );
}

/**
 * How the newest verification of the paired site is.
 */
async function verification(): Promise< Verification > {
	const admin = await a.visitAs( 'admin' );
	const [ newest ] = await admin.rest< Verification[] >(
		'GET',
		`tandem/v1/verifications?site=${ ids.paired }`
	);
	assert.ok( newest );
	return newest;
}

/** Waits until it is over, and all is well. */
async function isVerified(): Promise< void > {
	await waitUntil(
		async () => ( await verification() ).state === 'done',
		'the verification does not end',
		30_000
	);
	assert.equal( ( await verification() ).problem, null );
	await a.setClock( 0 );
}

test( 'a paired site that asks for 600 s is being verified: it is left alone, and the command says why', async () => {
	const b = lab.site( 'paired' );
	await b.fault( {
		kind: 'answer',
		status: 503,
		headers: { 'Retry-After': '600' },
	} );
	const earlier = ( await b.requests() ).length;
	await assert.rejects(
		a.wp( [ 'tandem', 'verify', b.url, '--wait=3' ] ),
		/asked us to wait.*\(maintenance\) It goes on by itself/s
	);
	const asked = ( await b.requests() ).length - earlier;
	assert.ok( asked > 0 && asked < 4, `${ asked } requests` );
	const seen = await view( a, ids.paired );
	assert.equal( seen.problem?.code, 'maintenance' );
	assert.ok( ( seen.nextTryAt ?? 0 ) - Date.now() / 1000 > 590 );

	await mend( b );
	await passTime( a, ids.paired );
	await isVerified();
	note(
		'a paired site asks for 600 s while it is being verified',
		`${ asked } requests in that time`
	);
} );

test( 'a paired site fails at being verified only: everybody else goes on', async () => {
	const b = lab.site( 'paired' );
	await b.fault( { kind: 'answer', status: 500, match: 'peer/digests' } );
	const earlier = ( await b.requests() ).length;
	await assert.rejects(
		a.wp( [ 'tandem', 'verify', b.url, '--wait=3' ] ),
		/error of its own.*\(server_error\)/s
	);
	const asked = ( await b.requests() ).slice( earlier );
	assert.equal(
		asked.filter( ( { uri } ) => uri.includes( 'digests' ) ).length,
		1,
		'it is not asked again and again'
	);
	assert.ok( asked.length < 5, `${ asked.length } requests` );
	assert.equal( ( await view( a, ids.paired ) ).state, 'connected' );
	await register( a, 'meanwhile', 'meanwhile' );
	await logsIn( b, 'meanwhile', 'meanwhile' );

	await mend( b );
	await a.setClock( 60 );
	await isVerified();
	note( 'a paired site fails at being verified only', 'asked once' );
} );

test( 'a paused site is not verified, and the command says so', async () => {
	const b = lab.site( 'paired' );
	await a.wp( [ 'tandem', 'site', 'pause', b.url ] );
	await assert.rejects( a.wp( [ 'tandem', 'verify', b.url ] ), /is paused/ );
	await a.wp( [ 'tandem', 'site', 'resume', b.url ] );
} );

/** What a plugin there may do for one account that ends the whole request. */
const FELLS: Record< string, { how: string; code: RegExp; short?: boolean } > =
	{
		'ends the request': {
			how: 'exit;',
			code: /^cut_short$/,
			short: true,
		},
		'dies with a page': {
			how: "header( 'Content-Type: text/html' ); die( '<!DOCTYPE html><html><body>Our CRM is away</body></html>' );",
			code: /^not_json$/,
		},
		'calls wp_die()': {
			how: "wp_die( 'Our CRM is away', '', array( 'response' => 500 ) );",
			code: /^(server_error|not_json)$/,
		},
		'runs out of memory': {
			how: "$all = array(); while ( true ) { $all[] = str_repeat( 'x', 1000000 ); }",
			code: /^(server_error|cut_short)$/,
			short: true,
		},
	};

for ( const [ index, [ name, fells ] ] of Object.entries( FELLS ).entries() ) {
	test(
		`a paired site ${ name } for one person of many: the others arrive`,
		{ skip: ! IS_LONG && ! fells.short },
		async () => {
			const b = lab.site( 'paired' );
			const prefix = `fell${ index }x`;
			// Switched by an option: a changed file would be seen only when PHP looks at its date again.
			await b.addMuPlugin(
				`fells${ index }.php`,
				`<?php add_filter( 'wp_pre_insert_user_data', static function ( $data ) { if ( '${ prefix }3' === $data['user_login'] && get_option( 'lab_fells' ) ) { ${ fells.how } } return $data; } );`
			);
			await b.php( `return update_option( 'lab_fells', 1 );` );
			const earlier = ( await b.requests() ).length;
			await crowd( a, ids.paired, prefix, 9 );
			await waitUntil(
				async () => ( await accounts( b, prefix ) ) === 8,
				'the others do not arrive',
				30_000
			);
			const seen = await reads(
				a,
				ids.paired,
				( now ) => now.problem === null && now.waiting === 1,
				'the site is blamed'
			);
			assert.equal( seen.attention, 0, 'nobody is asked yet' );
			const [ row ] = ( await outbox( a, ids.paired ) ) as Array<
				Record< string, string >
			>;
			assert.match( row.code, fells.code );
			assert.ok( Number( row.attempts ) > 0, 'the try is counted' );
			const [ newest ] = await rows( a, `${ prefix }3`, ids.paired );
			assert.equal( newest.result, 'retrying' );
			assert.notEqual( newest.message, '' );
			const asked = ( await b.requests() ).length - earlier;
			// Nine people by themselves would be nine requests, and each of them is looked at twice at most on the way.
			assert.ok( asked < 40, `${ asked } requests` );

			await b.php( `return update_option( 'lab_fells', 0 );` );
			// The person waits for their own next try.
			await a.setClock( 3600 );
			await logsIn( b, `${ prefix }3`, 'secret 3', 30_000 );
			await isEmpty( a, ids.paired );
			await a.setClock( 0 );
			assert.equal( await accounts( b, prefix ), 9 );
			note(
				`a paired site ${ name } for one person of nine`,
				`the others arrive, ${ asked } requests`
			);
		}
	);
}
