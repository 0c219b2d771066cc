/**
 * One log-in for all sites, on real sites: who is logged in on one gets into the others, and nobody else does.
 */
import assert from 'node:assert/strict';
import { after, before as beforeAll, test } from 'node:test';

import { Lab, type LabSite } from '../lab';
import { waitUntil } from '../lab/process';
import { Visitor } from '../../tools/sites/visitor';
import { account, activity, becomes, php, quiet, register } from './support';

let lab: Lab;
let a: LabSite;
let b: LabSite;
let c: LabSite;

/** One answer on a way through several sites. */
interface Hop {
	url: string;
	status: number;
	headers: Headers;
	body: string;
}

/** A person's browser: it keeps each site's cookies for that site, and follows redirects. */
class Person {
	private readonly jars = new Map< string, Visitor >();

	on( site: LabSite ): Visitor {
		const jar = this.jars.get( site.url ) ?? site.visitor();
		this.jars.set( site.url, jar );
		return jar;
	}

	/** Is logged in on a site. */
	async is( username: string, site: LabSite ): Promise< this > {
		this.jars.set( site.url, await site.visitAs( username ) );
		return this;
	}

	/**
	 * Opens an address.
	 *
	 * @param url     Address.
	 * @param headers What the browser says besides.
	 * @param most    Redirects that it follows.
	 */
	async open(
		url: string,
		headers: Record< string, string > = {},
		most = 10
	): Promise< Hop[] > {
		const hops: Hop[] = [];
		for ( let next: string | null = url; next !== null; ) {
			const site = lab
				.all()
				.find( ( it ) => ( next as string ).startsWith( it.url ) );
			assert.ok( site, `leads out of the lab: ${ next }` );
			const response = await this.on( site ).request( next, {
				headers: {
					'user-agent':
						'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
					// As a browser does where the answer before had no policy of its own; here all have.
					...( hops.length === 0 ? headers : {} ),
				},
			} );
			hops.push( {
				url: next,
				status: response.status,
				headers: response.headers,
				body: await response.text(),
			} );
			const location = response.headers.get( 'location' );
			next =
				location === null || hops.length > most
					? null
					: new URL( location, next ).href;
		}
		return hops;
	}

	/** Who the person is on a site; empty for nobody. */
	async name( site: LabSite ): Promise< string > {
		const response = await this.on( site ).request(
			'/wp-admin/profile.php'
		);
		const page = await response.text();
		return (
			/name="user_login"[^>]*value="([^"]*)"/.exec( page )?.[ 1 ] ?? ''
		);
	}
}

/** How one site knows another. */
async function known(
	on: LabSite,
	other: LabSite
): Promise< { id: number; settings: { login: object } } > {
	const sites = await (
		await on.visitAs( 'admin' )
	).rest< { id: number; url: string; settings: { login: object } }[] >(
		'GET',
		'tandem/v1/sites'
	);
	const found = sites.find( ( { url } ) => url === other.url );
	assert.ok( found, `${ on.name } knows ${ other.name }` );
	return found;
}

async function change(
	on: LabSite,
	other: LabSite,
	login: Record< string, boolean >,
	policy: Record< string, boolean > = {}
): Promise< void > {
	const { id, settings } = await known( on, other );
	await (
		await on.visitAs( 'admin' )
	).rest( 'PATCH', `tandem/v1/sites/${ id }`, {
		settings: { login: { ...settings.login, ...login } },
		policy,
	} );
}

/** What waits is tried at once, as the button does it. */
const syncNow = async ( on: LabSite, other: LabSite ) =>
	( await on.visitAs( 'admin' ) ).rest(
		'POST',
		`tandem/v1/sites/${ ( await known( on, other ) ).id }/sync`
	);

const uuid = ( site: LabSite ) =>
	site.php(
		`return $GLOBALS['tandem_plugin']->identity()->uuid();`
	) as Promise< string >;

/** The address at which a log-in on a site with another begins. */
const begin = async ( on: LabSite, withSite: LabSite, to = '/' ) =>
	`${ on.url }/?tandem_login=${ await uuid( withSite ) }&to=${ encodeURIComponent( to ) }`;

/** A site redeems a code over its own signed channel. */
const redeem = ( by: LabSite, at: LabSite, code: string, state: string ) =>
	by.php(
		`$p = $GLOBALS['tandem_plugin']; return $p->peers()->api( $p->sites()->find_at( ${ php( at.url ) } ) )->call( 'login', array( 'code' => ${ php( code ) }, 'state' => ${ php( state ) } ) );`
	) as Promise< { ref?: number; refused?: string } >;

const parameter = ( url: string, name: string ) =>
	new URL( url ).searchParams.get( name ) ?? '';

const last = ( hops: Hop[] ) => hops.at( -1 ) as Hop;

beforeAll( async () => {
	lab = await Lab.up( {
		durable: false,
		sites: [
			{ name: 'a', wp: '7.1', plugin: true, pageCache: true },
			{ name: 'b', wp: '7.1', plugin: true, pageCache: true },
			{ name: 'c', wp: '6.8', plugin: true },
		],
	} );
	[ a, b, c ] = [ lab.site( 'a' ), lab.site( 'b' ), lab.site( 'c' ) ];
	await lab.pair( 'a', 'b' );
	await lab.pair( 'a', 'c' );
	for ( const name of [ 'mira', 'nora', 'otto', 'pia', 'rosa', 'sven' ] ) {
		await register( a, name, `secret of ${ name }` );
	}
	await register( b, 'bert', 'secret of bert' );
	await quiet( [ a, b, c ] );
} );

after( () => lab.down() );

test( 'who is logged in on A gets into B by a link, as themselves, and onto the page they wanted', async () => {
	await b.onEveryRequest(
		`add_action( 'wp_login', fn ( $name, $user ) => update_option( 'test_logged_in', array( $name, $user->ID ) ), 10, 2 );`
	);
	const mira = await new Person().is( 'mira', a );
	const hops = await mira.open( await begin( b, a, '/sample-page/' ) );
	await b.onEveryRequest( '' );
	assert.deepEqual(
		hops.map( ( { status } ) => status ),
		[ 303, 303, 303, 200 ]
	);
	assert.equal( last( hops ).url, `${ b.url }/sample-page/` );
	assert.equal( await mira.name( b ), 'mira' );
	const there = await account( b, 'mira' );
	assert.deepEqual( await b.php( `return get_option( 'test_logged_in' );` ), [
		'mira',
		there?.id,
	] );
	for ( const { url, headers } of hops.slice( 0, 3 ) ) {
		assert.match( headers.get( 'cache-control' ) ?? '', /no-store/, url );
		assert.equal( headers.get( 'referrer-policy' ), 'no-referrer', url );
		assert.doesNotMatch( url, /mira|people\.test|@/, 'no person in it' );
	}
	const cookie = hops[ 0 ]?.headers.get( 'set-cookie' ) ?? '';
	assert.match( cookie, /HttpOnly/i );
	assert.match( cookie, /SameSite=Lax/i );
	assert.ok(
		! cookie.includes( parameter( hops[ 1 ]?.url ?? '', 'state' ) )
	);

	for ( const [ site, direction ] of [
		[ a, 'out' ],
		[ b, 'in' ],
	] as const ) {
		const [ row ] = ( await activity( site ) ).filter(
			( { action } ) => action === 'login'
		);
		assert.deepEqual(
			[ row?.username, row?.result, row?.direction ],
			[ 'mira', 'success', direction ]
		);
	}
} );

test( 'it works in the other direction, to a third site, and between sites of other people at the same time', async () => {
	const bert = await new Person().is( 'bert', b );
	await becomes( a, 'bert', Boolean, 'bert arrives' );
	const nora = await new Person().is( 'nora', a );
	const otto = await new Person().is( 'otto', a );
	await Promise.all( [
		bert.open( await begin( a, b ) ),
		nora.open( await begin( c, a ) ),
		otto.open( await begin( b, a ) ),
		nora.open( await begin( b, a ) ),
	] );
	assert.deepEqual(
		await Promise.all( [
			bert.name( a ),
			nora.name( c ),
			otto.name( b ),
			nora.name( b ),
		] ),
		[ 'bert', 'nora', 'otto', 'nora' ]
	);
} );

test( 'who is not logged in on A logs in there, on A’s own form, and goes on to B', async () => {
	const pia = new Person();
	const hops = await pia.open( await begin( b, a, '/sample-page/' ) );
	const form = last( hops );
	assert.match( form.url, /\/wp-login\.php\?redirect_to=/ );
	assert.ok( form.url.startsWith( a.url ) );
	const posted = await pia.on( a ).request( '/wp-login.php', {
		form: {
			log: 'pia',
			pwd: 'secret of pia',
			redirect_to: parameter( form.url, 'redirect_to' ),
		},
	} );
	const on = await pia.open( posted.headers.get( 'location' ) ?? '' );
	assert.equal( last( on ).url, `${ b.url }/sample-page/` );
	assert.equal( await pia.name( b ), 'pia' );
} );

test( 'a code is good once, for one site, and in the browser that began', async () => {
	const mira = await new Person().is( 'mira', a );
	const hops = await mira.open( await begin( b, a ), {}, 1 );
	const back = last( hops ).headers.get( 'location' ) ?? '';
	const [ code, state ] = [
		parameter( back, 'code' ),
		parameter( back, 'state' ),
	];
	assert.match( code, /^[0-9a-f]{64}$/ );

	// Somebody who has seen the address opens it: without the cookie, and with that of a log-in of their own.
	const thief = new Person();
	assert.match( last( await thief.open( back ) ).url, /login_other_browser/ );
	await thief.open( await begin( b, a ), {}, 0 );
	assert.match( last( await thief.open( back ) ).url, /login_other_browser/ );
	assert.equal( await thief.name( b ), '' );

	// Login CSRF: the attacker's own way back, opened by the victim.
	const attacker = await new Person().is( 'otto', a );
	const prepared = last(
		await attacker.open( await begin( b, a ), {}, 1 )
	).headers.get( 'location' );
	const victim = new Person();
	await victim.open( await begin( b, a ), {}, 0 );
	assert.match(
		last( await victim.open( prepared ?? '' ) ).url,
		/login_other_browser/
	);
	assert.equal( await victim.name( b ), '' );

	// The code is still good for the one whose it is; then it is used up.
	assert.equal( last( await mira.open( back ) ).url, `${ b.url }/` );
	assert.equal( await mira.name( b ), 'mira' );
	assert.deepEqual( await redeem( b, a, code, state ), {
		refused: 'login_code',
	} );
	const again = await new Person().is( 'mira', a );
	assert.match( last( await again.open( back ) ).url, /login_other_browser/ );

	// Another paired site can't redeem what is B's, and burns it.
	const other = await new Person().is( 'mira', a );
	const second =
		last( await other.open( await begin( b, a ), {}, 1 ) ).headers.get(
			'location'
		) ?? '';
	assert.deepEqual(
		await redeem(
			c,
			a,
			parameter( second, 'code' ),
			parameter( second, 'state' )
		),
		{ refused: 'login_code' }
	);
	const refused = last( await other.open( second ) );
	assert.match( refused.url, /login_code/ );
	assert.match( refused.body, /used already, or is more than a minute old/ );
	assert.ok(
		( await activity( a ) ).some(
			( { action, result } ) => action === 'login' && result === 'refused'
		)
	);
} );

test( 'a code that was not redeemed within a minute is worth nothing', async () => {
	const mira = await new Person().is( 'mira', a );
	const back =
		last( await mira.open( await begin( b, a ), {}, 1 ) ).headers.get(
			'location'
		) ?? '';
	await a.setClock( 90 );
	try {
		assert.match( last( await mira.open( back ) ).url, /login_code/ );
		assert.equal( await mira.name( b ), '' );
	} finally {
		await a.setClock( 0 );
	}
} );

test( 'who is protected, suspended, blocked, not linked or not let in by a plugin stays out, and reads why', async () => {
	const sven = await account( b, 'sven' );
	const attempts: [ string, string, string, string ][] = [
		[
			'login_protected',
			`get_userdata( ${ sven?.id } )->set_role( 'administrator' );`,
			`get_userdata( ${ sven?.id } )->set_role( 'subscriber' );`,
			'is protected',
		],
		[
			'login_suspended',
			`update_user_option( ${ sven?.id }, 'tandem_suspended', array( 'roles' => array( 'subscriber' ), 'caps' => array(), 'at' => 1 ) );`,
			`delete_user_option( ${ sven?.id }, 'tandem_suspended' );`,
			'is suspended',
		],
		[
			'login_pending',
			`global $wpdb; $wpdb->update( $wpdb->users, array( 'user_status' => 1 ), array( 'ID' => ${ sven?.id } ) ); clean_user_cache( ${ sven?.id } );`,
			`global $wpdb; $wpdb->update( $wpdb->users, array( 'user_status' => 0 ), array( 'ID' => ${ sven?.id } ) ); clean_user_cache( ${ sven?.id } );`,
			'waits for approval',
		],
		[
			'login_not_linked',
			`global $wpdb; $wpdb->query( "UPDATE {$wpdb->prefix}tandem_links SET remote_id = remote_id + 100000 WHERE user_id = ${ sven?.id }" );`,
			`global $wpdb; $wpdb->query( "UPDATE {$wpdb->prefix}tandem_links SET remote_id = remote_id - 100000 WHERE user_id = ${ sven?.id }" );`,
			'not connected with one here',
		],
	];
	for ( const [ code, make, undo, says ] of attempts ) {
		await b.php( `${ make } return true;` );
		await quiet( [ a, b, c ] );
		const person = await new Person().is( 'sven', a );
		const end = last( await person.open( await begin( b, a ) ) );
		await b.php( `${ undo } return true;` );
		assert.equal( parameter( end.url, 'tandem_refused' ), code );
		assert.match( end.body, new RegExp( says ) );
		assert.equal( await person.name( b ), '', code );
		const [ row ] = await activity( b );
		assert.ok(
			( await activity( b ) ).some(
				( it ) => it.action === 'login' && it.code === code
			),
			JSON.stringify( row )
		);
	}
	await b.onEveryRequest(
		`add_filter( 'wp_authenticate_user', fn () => new WP_Error( 'locked', 'Locked.' ) );`
	);
	const locked = await new Person().is( 'sven', a );
	assert.match(
		last( await locked.open( await begin( b, a ) ) ).url,
		/login_declined/
	);
	await b.onEveryRequest( '' );
	await quiet( [ a, b, c ] );
} );

test( 'either owner may say no, and a site that is paused or not known is none', async () => {
	const where = async ( person: Person ) =>
		parameter(
			last( await person.open( await begin( b, a ) ) ).url,
			'tandem_refused'
		);
	await change( b, a, {}, { login: false } );
	assert.equal(
		await where( await new Person().is( 'mira', a ) ),
		'login_not_offered'
	);
	await change( b, a, {}, { login: true } );
	await change( a, b, { vouch: false } );
	assert.equal(
		await where( await new Person().is( 'mira', a ) ),
		'login_not_offered'
	);
	await change( a, b, { vouch: true } );
	const { id } = await known( b, a );
	const owner = await b.visitAs( 'admin' );
	await owner.rest( 'POST', `tandem/v1/sites/${ id }/pause` );
	assert.equal(
		await where( await new Person().is( 'mira', a ) ),
		'login_not_offered'
	);
	await owner.rest( 'POST', `tandem/v1/sites/${ id }/resume` );
	// C and B don't know each other.
	const stranger = await new Person().is( 'nora', c );
	assert.match(
		last( await stranger.open( await begin( b, c ) ) ).url,
		/login_not_offered/
	);
	const administrator = await new Person().is( 'admin', a );
	assert.equal( await where( administrator ), 'login_not_shared' );
	const mira = await new Person().is( 'mira', a );
	assert.equal( await where( mira ), '' );
	assert.equal( await mira.name( b ), 'mira' );
} );

test( 'a customer who has registered a moment ago is let in at once, while the delivery hangs', async () => {
	await b.fault( { kind: 'hang', seconds: 20, match: 'peer/users' } );
	const start = Date.now();
	await register( a, 'tina', 'made at the checkout' );
	const tina = await new Person().is( 'tina', a );
	const hops = await tina.open( await begin( b, a, '/sample-page/' ) );
	assert.equal( last( hops ).url, `${ b.url }/sample-page/` );
	assert.equal( await tina.name( b ), 'tina' );
	assert.ok( Date.now() - start < 10_000, `${ Date.now() - start } ms` );
	await b.heal();
	await syncNow( a, b );
	await quiet( [ a, b, c ] );
	const [ here, there ] = [
		await account( a, 'tina' ),
		await account( b, 'tina' ),
	];
	assert.equal( there?.pass, here?.pass );
	assert.equal(
		await b.php(
			`return count( get_users( array( 'search' => 'tina*' ) ) );`
		),
		1
	);
	assert.equal(
		await tina.name( b ),
		'tina',
		'the delivery logs nobody out'
	);
} );

test( 'a log-out stays where it was, until the owner wants it everywhere; then it ends the sessions there, also after an outage', async () => {
	const both = async ( name: string ) => {
		const person = await new Person().is( name, a );
		await person.open( await begin( b, a ) );
		assert.equal( await person.name( b ), name );
		// A session that begins in the second in which another ends is taken for older.
		await new Promise( ( go ) => setTimeout( go, 1100 ) );
		return person;
	};
	const logOut = ( name: string ) =>
		a.php(
			`wp_set_current_user( get_user_by( 'login', '${ name }' )->ID ); wp_logout(); return true;`
		);
	const isOut = ( person: Person ) =>
		waitUntil(
			async () => ( await person.name( b ) ) === '',
			'the session on b does not end'
		);

	const rosa = await both( 'rosa' );
	await logOut( 'rosa' );
	await quiet( [ a, b, c ] );
	assert.equal( await rosa.name( b ), 'rosa', 'not wanted' );

	await change( a, b, { logOut: true } );
	const start = Date.now();
	await logOut( 'rosa' );
	await isOut( rosa );
	assert.ok( Date.now() - start < 5_000 );
	const took = await a.php(
		`global $wpdb; return $wpdb->get_row( "SELECT fields, took, result FROM {$wpdb->prefix}tandem_activity WHERE username = 'rosa' ORDER BY id DESC LIMIT 1", ARRAY_A );`
	);
	assert.equal( ( took as { fields: string } ).fields, '["logout"]' );
	assert.ok( Number( ( took as { took: string } ).took ) > 0 );
	await rosa.is( 'rosa', a );
	await rosa.open( await begin( b, a ) );
	assert.equal( await rosa.name( b ), 'rosa', 'and is let in again' );

	const pia = await both( 'pia' );
	await b.refuse();
	await logOut( 'pia' );
	await new Promise( ( go ) => setTimeout( go, 1100 ) );
	await b.restore();
	assert.equal( await pia.name( b ), 'pia', 'nobody could tell it yet' );
	await syncNow( a, b );
	await isOut( pia );

	// B may refuse that.
	await change( b, a, {}, { logout: false } );
	const otto = await both( 'otto' );
	await logOut( 'otto' );
	await quiet( [ a, b, c ] );
	assert.equal( await otto.name( b ), 'otto' );
	await change( b, a, {}, { logout: true } );
	await change( a, b, { logOut: false } );
} );

test( 'a new password and a suspension on A end the sessions on B', async () => {
	for ( const [ name, how ] of [
		[ 'nora', `wp_set_password( 'another', $user->ID );` ],
		[
			'sven',
			`( new Tandem\\Peer\\Suspension( new Tandem\\Security\\ProtectedAccounts(), new Tandem\\Time\\SystemClock() ) )->suspend( $user->ID );`,
		],
	] as const ) {
		const person = await new Person().is( name, a );
		await person.open( await begin( b, a ) );
		assert.equal( await person.name( b ), name );
		await new Promise( ( go ) => setTimeout( go, 1100 ) );
		const start = Date.now();
		await a.php(
			`$user = get_user_by( 'login', '${ name }' ); ${ how } return true;`
		);
		await waitUntil(
			async () => ( await person.name( b ) ) === '',
			`${ name }'s session on b does not end`
		);
		assert.ok( Date.now() - start < 5_000 );
	}
} );

test( 'B’s own second factor is asked for, and B may want one on A', async () => {
	// What the plugin Two-Factor does at `wp_login`: ends the session that was just made, clears the cookies, and asks.
	await b.onEveryRequest( `
		add_action( 'set_auth_cookie', function ( $cookie ) { $GLOBALS['stand_in_tokens'][] = wp_parse_auth_cookie( $cookie )['token'] ?? ''; } );
		add_action( 'wp_login', function ( $name, $user ) {
			foreach ( $GLOBALS['stand_in_tokens'] as $token ) { WP_Session_Tokens::get_instance( $user->ID )->destroy( $token ); }
			wp_clear_auth_cookie();
			echo 'SECOND FACTOR, then ' . esc_url_raw( wp_unslash( $_REQUEST['redirect_to'] ) );
			exit;
		}, PHP_INT_MAX, 2 );
	` );
	const mira = await new Person().is( 'mira', a );
	const asked = last(
		await mira.open( await begin( b, a, '/sample-page/' ) )
	);
	await b.onEveryRequest( '' );
	assert.equal( asked.status, 200 );
	assert.match( asked.body, /^SECOND FACTOR, then http.*\/sample-page\/$/ );
	assert.match( asked.headers.get( 'cache-control' ) ?? '', /no-store/ );
	assert.equal( await mira.name( b ), '' );

	await change( b, a, {}, { loginSecondFactor: true } );
	const end = last( await mira.open( await begin( b, a ) ) );
	assert.match( end.url, /login_second_factor/ );
	assert.match( end.body, /logged in there with a second factor/ );
	// The mark of Two-Factor in all of her sessions on A.
	await a.php(
		`$id = get_user_by( 'login', 'mira' )->ID; update_user_meta( $id, 'session_tokens', array_map( fn ( $session ) => $session + array( 'two-factor-login' => time(), 'two-factor-provider' => 'Two_Factor_Totp' ), get_user_meta( $id, 'session_tokens', true ) ) ); return true;`
	);
	await mira.open( await begin( b, a ) );
	assert.equal( await mira.name( b ), 'mira' );
	await change( b, a, {}, { loginSecondFactor: false } );
} );

test( 'quiet: who comes from A is looked up once, and comes back to the page whoever they are', async () => {
	await change( b, a, { quiet: true } );
	const page = `${ b.url }/sample-page/?from=shop`;
	const headers = { referer: `${ a.url }/cart` };
	const mira = await new Person().is( 'mira', a );
	assert.equal( last( await mira.open( page, headers ) ).url, page );
	assert.equal( await mira.name( b ), 'mira' );

	const guest = new Person();
	const hops = await guest.open( page, headers );
	assert.deepEqual(
		hops.map( ( { status } ) => status ),
		[ 303, 303, 303, 200 ]
	);
	assert.equal( last( hops ).url, page );
	assert.equal( ( await guest.open( page, headers ) ).length, 1, 'once' );
	assert.equal( await guest.name( b ), '' );

	for ( const agent of [ 'Googlebot/2.1', 'curl/8.0' ] ) {
		const bot = await new Person().open( page, {
			...headers,
			'user-agent': agent,
		} );
		assert.equal( bot.length, 1, agent );
	}
	for ( const path of [
		'/?feed=rss2',
		'/?rest_route=/wp/v2/posts',
		'/wp-login.php',
		'/xmlrpc.php',
		'/wp-cron.php',
		'/wp-admin/admin-ajax.php?action=x',
	] ) {
		const response = await new Person()
			.on( b )
			.request( path, { headers } );
		assert.notEqual( response.status, 303, path );
		await response.arrayBuffer();
	}
	await change( b, a, { quiet: false } );
} );

test( 'a page cache in front of both keeps pages, and nothing of a log-in', async () => {
	const page = `${ b.url }/sample-page/?cached=1`;
	const kept = ( hops: Hop[] ) => last( hops ).headers.get( 'x-cache' );
	await new Person().open( page );
	assert.equal( kept( await new Person().open( page ) ), 'HIT' );
	const address = await begin( b, a, '/sample-page/?cached=1' );
	for ( const name of [ 'mira', 'otto', 'mira' ] ) {
		const person = await new Person().is( name, a );
		const hops = await person.open( address );
		for ( const { headers, url } of hops ) {
			assert.notEqual( headers.get( 'x-cache' ), 'HIT', url );
		}
		assert.equal( await person.name( b ), name );
	}
	assert.equal( kept( await new Person().open( page ) ), 'HIT' );
	// With quiet on, what the cache has is shown as it is, and what it has not is looked up and not kept.
	await change( b, a, { quiet: true } );
	const headers = { referer: `${ a.url }/` };
	assert.equal( ( await new Person().open( page, headers ) ).length, 1 );
	const fresh = `${ b.url }/sample-page/?cached=2`;
	for ( const name of [ 'mira', 'otto' ] ) {
		const person = await new Person().is( name, a );
		assert.equal( last( await person.open( fresh, headers ) ).url, fresh );
		assert.equal( await person.name( b ), name );
	}
	await change( b, a, { quiet: false } );
} );
