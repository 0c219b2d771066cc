/**
 * Tags on two real sites: what is tagged on one opens content on the other, whoever of the two was away, and WP Fusion
 * on both sides (a stand-in of it) with ids of its own on each.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before as beforeAll, test } from 'node:test';

import { PROJECT } from '../../tools/sites/config';
import { Lab, type LabSite } from '../lab';
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
let a: LabSite;
let b: LabSite;

const SECRET = 'the lesson that maria paid for';

async function known( on: LabSite, other: LabSite ): Promise< number > {
	const sites = await (
		await on.visitAs( 'admin' )
	).rest< { id: number; url: string }[] >( 'GET', 'tandem/v1/sites' );
	const found = sites.find( ( { url } ) => url === other.url );
	assert.ok( found );
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

/** Stops or goes on with deliveries of both sites. */
async function both( action: 'pause' | 'resume' ): Promise< void > {
	for ( const [ on, other ] of [
		[ a, b ],
		[ b, a ],
	] as const ) {
		await (
			await on.visitAs( 'admin' )
		).rest(
			'POST',
			`tandem/v1/sites/${ await known( on, other ) }/${ action }`
		);
	}
}

async function tags( site: LabSite, login: string ): Promise< string[] > {
	return ( await site.php(
		`return tandem_user_tags( (int) get_user_by( 'login', ${ php( login ) } )?->ID );`
	) ) as string[];
}

/** A plugin on the site gives and takes tags. */
async function tag(
	site: LabSite,
	login: string,
	add: string[],
	remove: string[] = []
): Promise< void > {
	await site.php(
		`$id = get_user_by( 'login', ${ php( login ) } )->ID; tandem_add_tag( $id, json_decode( ${ php( JSON.stringify( add ) ) } ) ); tandem_remove_tag( $id, json_decode( ${ php( JSON.stringify( remove ) ) } ) ); return true;`
	);
}

async function tagged(
	site: LabSite,
	login: string,
	expected: string[]
): Promise< void > {
	let seen: string[] = [];
	await waitUntil(
		async () => {
			seen = await tags( site, login );
			return JSON.stringify( seen ) === JSON.stringify( expected );
		},
		`${ site.name }: ${ login } has ${ expected.join( ', ' ) }`
	).catch( ( error: Error ) => {
		throw new Error( `${ error.message }; has ${ seen.join( ', ' ) }` );
	} );
}

beforeAll( async () => {
	lab = await Lab.up( {
		durable: false,
		sites: [
			{ name: 'a', wp: '7.1', plugin: true },
			{ name: 'b', wp: '6.8', plugin: true },
		],
	} );
	[ a, b ] = [ lab.site( 'a' ), lab.site( 'b' ) ];
	await lab.pair( 'a', 'b' );
	await register( a, 'maria', 'secret of maria' );
	await becomes( b, 'maria', ( it ) => it !== null, 'made' );
} );

after( () => lab.down() );

/** A page of a site with content for a tag, as a block and as a shortcode. */
async function lesson( site: LabSite ): Promise< string > {
	const content = `<!-- wp:paragraph --><p>Open to all.</p><!-- /wp:paragraph --><!-- wp:tandem/only-for {"tags":["vip"]} --><!-- wp:paragraph --><p>${ SECRET }</p><!-- /wp:paragraph --><!-- /wp:tandem/only-for --><!-- wp:shortcode -->[tandem_if tag="vip"]SHORT ${ SECRET }[tandem_else]JOIN NOW[/tandem_if]<!-- /wp:shortcode -->`;
	return String(
		await site.php(
			`return wp_parse_url( get_permalink( wp_insert_post( array( 'post_title' => 'Lesson', 'post_type' => 'page', 'post_status' => 'publish', 'post_content' => ${ php( content ) } ) ) ), PHP_URL_PATH ) . '?' . wp_parse_url( get_permalink( (int) $GLOBALS['wpdb']->get_var( "SELECT MAX( ID ) FROM {$GLOBALS['wpdb']->posts} WHERE post_type = 'page'" ) ), PHP_URL_QUERY );`
		)
	);
}

test( 'a tag on A opens content on B for the customer who has it, and for nobody else', async () => {
	const page = await lesson( b );
	const maria = b.visitor();
	assert.equal( await maria.logIn( 'maria', 'secret of maria' ), true );
	const before = await ( await maria.request( page ) ).text();
	assert.match( before, /Open to all/ );
	assert.match( before, /JOIN NOW/ );
	assert.ok( ! before.includes( SECRET ) );
	await tag( a, 'maria', [ 'VIP' ] );
	await tagged( b, 'maria', [ 'vip' ] );
	const now = await ( await maria.request( page ) ).text();
	assert.equal( now.split( SECRET ).length, 3 );
	assert.ok( ! now.includes( 'JOIN NOW' ) );
	const stranger = await ( await b.visitor().request( page ) ).text();
	assert.match( stranger, /JOIN NOW/ );
	assert.ok( ! stranger.includes( SECRET ) );
	const feed = await ( await b.visitor().request( '/?feed=rss2' ) ).text();
	assert.ok( ! feed.includes( SECRET ) );
	const rest = await (
		await b.visitor().request( '/?rest_route=/wp/v2/pages&search=lesson' )
	).text();
	assert.match( rest, /Open to all/ );
	assert.ok( ! rest.includes( SECRET ) );
	assert.ok(
		( await activity( b ) ).some(
			( { direction, action, username } ) =>
				direction === 'in' &&
				action === 'update' &&
				username === 'maria'
		)
	);
} );

test( 'a customer can’t tag themselves by the profile form', async () => {
	const maria = a.visitor();
	await maria.logIn( 'maria', 'secret of maria' );
	const form = await (
		await maria.request( '/wp-admin/profile.php' )
	).text();
	assert.ok( ! form.includes( 'tandem_tags' ) );
	const nonce = /name="_wpnonce" value="([^"]+)"/.exec( form )?.[ 1 ] ?? '';
	const id = ( await account( a, 'maria' ) )?.id ?? 0;
	await maria.request( '/wp-admin/profile.php', {
		form: {
			_wpnonce: nonce,
			action: 'update',
			user_id: String( id ),
			email: 'maria@people.test',
			nickname: 'Maria',
			display_name: 'maria',
			tandem_tags: 'stolen',
			tandem_tags_shown: '',
			tandem_tags_nonce: nonce,
			tandem_tag: 'stolen',
		},
	} );
	assert.deepEqual( await tags( a, 'maria' ), [ 'vip' ] );
} );

test( 'tags that both sites give while they are apart are both kept, and a removal travels', async () => {
	await both( 'pause' );
	await tag( a, 'maria', [ 'of a', 'both' ] );
	await tag( b, 'maria', [ 'of b', 'both' ], [ 'vip' ] );
	assert.deepEqual( await tags( a, 'maria' ), [ 'both', 'of a', 'vip' ] );
	await both( 'resume' );
	await tagged( a, 'maria', [ 'both', 'of a', 'of b' ] );
	await tagged( b, 'maria', [ 'both', 'of a', 'of b' ] );
	await tag( b, 'maria', [], [ 'of a', 'of b' ] );
	await tagged( a, 'maria', [ 'both' ] );
	await quiet( [ a, b ] );
} );

test( 'what SQL has written is found by comparing, and neither side loses anything', async () => {
	for ( const [ site, name ] of [
		[ a, 'sql on a' ],
		[ b, 'sql on b' ],
	] as const ) {
		await site.php(
			`global $wpdb; $wpdb->insert( $wpdb->usermeta, array( 'user_id' => get_user_by( 'login', 'maria' )->ID, 'meta_key' => 'tandem_tag', 'meta_value' => '${ name }' ) ); return true;`
		);
	}
	const admin = await a.visitAs( 'admin' );
	const id = ( await account( a, 'maria' ) )?.id ?? 0;
	const { sites } = await admin.rest< {
		sites: { fields: { name: string; state: string }[] }[];
	} >( 'GET', `tandem/v1/users/${ id }/explanation` );
	assert.equal(
		sites[ 0 ]?.fields.find( ( { name } ) => name === 'tags' )?.state,
		'differs'
	);
	const { id: verification } = await admin.rest< { id: number } >(
		'POST',
		'tandem/v1/verifications',
		{ site: await known( a, b ) }
	);
	await waitUntil( async () => {
		const [ newest ] = await admin.rest< { state: string }[] >(
			'GET',
			`tandem/v1/verifications?site=${ await known( a, b ) }`
		);
		return newest?.state === 'done';
	}, 'the comparison is not done' );
	await admin.rest(
		'POST',
		`tandem/v1/verifications/${ verification }/repair`,
		{}
	);
	await tagged( a, 'maria', [ 'both', 'sql on a', 'sql on b' ] );
	await tagged( b, 'maria', [ 'both', 'sql on a', 'sql on b' ] );
	await quiet( [ a, b ] );
} );

test( 'a policy that refuses tags takes none, and says so', async () => {
	await change( b, a, { policy: { tags: false } } );
	await tag( a, 'maria', [ 'refused' ] );
	await quiet( [ a, b ] );
	assert.ok( ! ( await tags( b, 'maria' ) ).includes( 'refused' ) );
	assert.ok(
		(
			( await b.php(
				'global $wpdb; return $wpdb->get_col( "SELECT warnings FROM {$wpdb->prefix}tandem_activity ORDER BY id DESC LIMIT 3" );'
			) ) as string[]
		 ).some( ( text ) => text.includes( 'tag:refused' ) )
	);
	await change( b, a, { policy: { tags: true } } );
	await change( a, b, { settings: { fields: [ 'user_email' ] } } );
	await tag( a, 'maria', [ 'kept here' ] );
	await quiet( [ a, b ] );
	assert.ok( ! ( await tags( b, 'maria' ) ).includes( 'kept here' ) );
	await change( a, b, { settings: { fields: [ 'user_email', 'tags' ] } } );
	await tag( a, 'maria', [ 'sent again' ] );
	await waitUntil(
		async () => ( await tags( b, 'maria' ) ).includes( 'sent again' ),
		'tags travel again'
	);
} );

test( 'a backfill brings the tags of people who are on both sites, and takes none away', async () => {
	const names = [ 'olga', 'otto' ];
	for ( const [ site, name ] of [
		[ a, 'from a' ],
		[ b, 'from b' ],
	] as const ) {
		await silently( site, names );
		await site.php(
			`global $wpdb; foreach ( array( 'olga' => array( 'a', 'b' ), 'otto' => array( 'a' ) ) as $login => $sites ) { if ( in_array( '${ site.name }', $sites, true ) ) { $wpdb->insert( $wpdb->usermeta, array( 'user_id' => get_user_by( 'login', $login )->ID, 'meta_key' => 'tandem_tag', 'meta_value' => '${ name }' ) ); } } return true;`
		);
	}
	const owner = await a.visitAs( 'admin' );
	const backfill = async ( bring: 'fill' | 'here' ) => {
		const { id } = await owner.rest< { id: number } >(
			'POST',
			'tandem/v1/backfills',
			{ site: await known( a, b ), options: { bring } }
		);
		const reaches = ( state: string ) =>
			waitUntil( async () => {
				const now = await owner.rest< { state: string } >(
					'GET',
					`tandem/v1/backfills/${ id }`
				);
				return now.state === state;
			}, `the backfill does not become ${ state }` );
		await reaches( 'ready' );
		await owner.rest( 'POST', `tandem/v1/backfills/${ id }/run` );
		await reaches( 'done' );
	};
	await backfill( 'fill' );
	await tagged( b, 'otto', [ 'from a' ] );
	assert.deepEqual( await tags( b, 'olga' ), [ 'from b' ] );
	await backfill( 'here' );
	await tagged( b, 'olga', [ 'from a', 'from b' ] );
} );

test( 'wp tandem tag', async () => {
	assert.match(
		await a.wp( [ 'tandem', 'tag', 'add', 'maria', 'Typed', 'two words' ] ),
		/Success: maria got: two words, typed\./
	);
	assert.match(
		await a.wp( [ 'tandem', 'tag', 'list', 'maria', '--format=csv' ] ),
		/two words/
	);
	await waitUntil(
		async () => ( await tags( b, 'maria' ) ).includes( 'typed' ),
		'what was typed arrives'
	);
	assert.match(
		await a.wp( [ 'tandem', 'tag', 'remove', 'maria', 'typed' ] ),
		/no longer has: typed/
	);
	await assert.rejects(
		a.wp( [ 'tandem', 'tag', 'add', 'maria', 'x'.repeat( 65 ) ] ),
		/longer than 64 characters/
	);
} );

test( 'wp tandem import links: the tutorial’s numbers, on both sides', async () => {
	const names = [ 'petra', 'paul' ];
	await silently( a, names );
	await silently( b, names );
	const there = ( await account( b, 'petra' ) )?.id ?? 0;
	await a.php(
		`update_user_meta( get_user_by( 'login', 'petra' )->ID, 'user_id_2', ${ there } ); update_user_meta( get_user_by( 'login', 'paul' )->ID, 'user_id_2', ${ there } ); return true;`
	);
	const site = String( await known( a, b ) );
	const owner = await a.visitAs( 'admin' );
	const { id } = await owner.rest< { id: number } >(
		'POST',
		'tandem/v1/backfills',
		{ site: Number( site ) }
	);
	await waitUntil( async () => {
		const now = await owner.rest< { state: string } >(
			'GET',
			`tandem/v1/backfills/${ id }`
		);
		return now.state === 'ready';
	}, 'the preview is not there' );
	assert.match(
		await a.wp( [ 'tandem', 'import', 'list', '--format=csv' ] ),
		/user_id_2,"2 people"/
	);
	assert.match(
		await a.wp( [ 'tandem', 'import', 'links', site, '--dry-run' ] ),
		/1 would be linked with .*; 0 are already, 1 have another address/
	);
	assert.match(
		await a.wp( [ 'tandem', 'import', 'links', site ] ),
		/1 were linked/
	);
	for ( const [ on, other ] of [
		[ a, b ],
		[ b, a ],
	] as const ) {
		assert.equal(
			await on.php(
				`global $wpdb; return (int) $wpdb->get_var( "SELECT remote_id FROM {$wpdb->prefix}tandem_links WHERE user_id = " . get_user_by( 'login', 'petra' )->ID );`
			),
			( await account( other, 'petra' ) )?.id
		);
	}
	await owner.rest( 'POST', `tandem/v1/backfills/${ id }/cancel` );
} );

test( 'WP Fusion: a tag of the CRM on A runs the linked enrolment on B, with B’s own ids', async () => {
	const plugin = await readFile(
		join( PROJECT, 'test/stand-ins/wp-fusion.php' ),
		'utf8'
	);
	await tag( a, 'maria', [], await tags( a, 'maria' ) );
	await tagged( b, 'maria', [] );
	for ( const [ site, ids ] of [
		[ a, { 7: 'Yoga Course' } ],
		[ b, { 30: 'yoga course' } ],
	] as const ) {
		await site.addMuPlugin(
			'wp-fusion.php',
			plugin.replace(
				/}\s*$/,
				`	wp_fusion()->user->attach();
	add_action( 'wpf_tags_modified', fn ( int $user_id, array $tags ) => update_user_meta( $user_id, 'enrolled', in_array( 30, array_map( 'intval', $tags ), true ) ? 'yes' : 'no' ), 10, 2 );
}
`
			)
		);
		await site.php(
			`update_option( 'standin_wpf_available_tags', json_decode( ${ php( JSON.stringify( ids ) ) }, true ) ); update_user_meta( get_user_by( 'login', 'maria' )->ID, 'standin_contact_id', 'contact on ${ site.name }' ); return true;`
		);
	}
	const enrolled = ( value: string ) =>
		waitUntil(
			async () =>
				( await b.php(
					`return get_user_meta( get_user_by( 'login', 'maria' )->ID, 'enrolled', true );`
				) ) === value,
			`enrolled on B: ${ value }`
		);
	await a.php(
		`wp_fusion()->user->apply_tags( array( 7 ), get_user_by( 'login', 'maria' )->ID ); return true;`
	);
	await enrolled( 'yes' );
	assert.deepEqual(
		await b.php(
			`$id = get_user_by( 'login', 'maria' )->ID; return array( get_user_meta( $id, 'standin_tags', true ), get_user_meta( $id, 'standin_contact_id', true ) );`
		),
		[ [ '30' ], 'contact on b' ]
	);
	await waitUntil(
		async () =>
			JSON.stringify(
				await b.php( `return get_option( 'standin_crm_asked' );` )
			) === '[["apply_tags",["30"],"contact on b"]]',
		'the CRM of B hears of it'
	);
	await a.php(
		`wp_fusion()->user->remove_tags( array( 7 ), get_user_by( 'login', 'maria' )->ID ); return true;`
	);
	await enrolled( 'no' );
	await quiet( [ a, b ] );
} );
