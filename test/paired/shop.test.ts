/**
 * A shop and a course site: orders of guests on two real sites. WooCommerce is a stand-in (test/stand-ins).
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before as beforeAll, test } from 'node:test';

import { Lab, type LabSite } from '../lab';
import { waitUntil } from '../lab/process';
import { account, activity, becomes, php, quiet, register } from './support';

let lab: Lab;
let shop: LabSite;
let courses: LabSite;

beforeAll( async () => {
	lab = await Lab.up( {
		durable: false,
		sites: [
			{ name: 'shop', wp: '7.1', plugin: true },
			{ name: 'courses', wp: '6.8', plugin: true },
		],
	} );
	[ shop, courses ] = [ lab.site( 'shop' ), lab.site( 'courses' ) ];
	await shop.addMuPlugin(
		'woocommerce.php',
		await readFile(
			join( __dirname, '../stand-ins/woocommerce.php' ),
			'utf8'
		)
	);
	const id = await lab.pair( 'shop', 'courses' );
	await (
		await shop.visitAs( 'admin' )
	).rest( 'PATCH', `tandem/v1/sites/${ id }`, {
		settings: {
			meta: [ 'billing_phone' ],
			guests: { enabled: true, role: 'subscriber' },
		},
	} );
	const known = await (
		await courses.visitAs( 'admin' )
	).rest< { id: number }[] >( 'GET', 'tandem/v1/sites' );
	await (
		await courses.visitAs( 'admin' )
	).rest( 'PATCH', `tandem/v1/sites/${ known[ 0 ]?.id }`, {
		policy: { metaList: [ 'billing_phone' ] },
	} );
} );

after( () => lab.down() );

/** A guest orders and pays. */
const order = ( email: string, status = 'processing' ) =>
	shop.php(
		`return stand_in_order( array( 'email' => ${ php( email ) }, 'billing' => array( 'first_name' => 'Gina', 'phone' => '0123' ) ) )->update_status( '${ status }' );`
	);

const mailsTo = async ( site: LabSite, email: string ) =>
	( await site.mails() ).filter( ( { to } ) =>
		( Array.isArray( to ) ? to : [ to ] ).includes( email )
	);

const users = ( site: LabSite ) =>
	site.php( `return count_users()['total_users'];` );

test( 'a guest who pays in the shop gets an account on the course site, sets a password by the mail, and logs in', async () => {
	const before = await users( shop );
	const start = Date.now();
	await order( 'gina@people.test' );
	await becomes( courses, 'gina', Boolean, 'the account is made' );
	assert.ok( Date.now() - start < 10_000 );
	// The row of an account is there a moment before all that belongs to it.
	await quiet( [ shop, courses ] );
	const made = await account( courses, 'gina' );
	assert.deepEqual(
		[ made?.email, made?.first, made?.roles ],
		[ 'gina@people.test', 'Gina', [ 'subscriber' ] ]
	);
	assert.equal(
		await courses.php(
			`return get_user_meta( get_user_by( 'login', 'gina' )->ID, 'billing_phone', true );`
		),
		'0123'
	);
	assert.equal( await users( shop ), before );
	await waitUntil(
		async () =>
			( await mailsTo( courses, 'gina@people.test' ) ).length === 1,
		'the mail is sent'
	);
	const [ mail ] = await mailsTo( courses, 'gina@people.test' );
	const [ , key ] = /[?&]key=([^&\s>]+)/.exec( mail?.message ?? '' ) ?? [];
	assert.ok( key, mail?.message );
	assert.equal(
		await courses.php(
			`$user = check_password_reset_key( ${ php( key ) }, 'gina' ); reset_password( $user, 'her own' ); return wp_authenticate( 'gina', 'her own' )->user_login;`
		),
		'gina'
	);
	await quiet( [ shop, courses ] );
	assert.equal(
		await account( shop, 'gina' ),
		null,
		'nobody is made in the shop, whatever she does there'
	);
} );

test( 'two more orders are neither another account nor another mail', async () => {
	await order( 'Gina@People.test' );
	await order( 'gina@people.test', 'completed' );
	await quiet( [ shop, courses ] );
	assert.equal(
		await courses.php(
			`return count( get_users( array( 'search' => 'gina*', 'search_columns' => array( 'user_login' ) ) ) );`
		),
		1
	);
	assert.equal( ( await mailsTo( courses, 'gina@people.test' ) ).length, 1 );
} );

test( 'an order while the course site is away arrives when it is back', async () => {
	await courses.refuse();
	await order( 'away@people.test' );
	await courses.restore();
	await shop.php(
		`global $wpdb; $wpdb->query( "UPDATE {$wpdb->prefix}tandem_sites SET next_try_at = 0" ); do_action( 'tandem_work' ); return true;`
	);
	await becomes( courses, 'away', Boolean, 'the account is made' );
} );

test( 'who registers in the shop with the address of somebody else’s order gets nothing of their account', async () => {
	const before = await account( courses, 'gina' );
	await register( shop, 'mallory', 'of mallory', {
		user_email: 'gina@people.test',
	} );
	await waitUntil(
		async () =>
			( await activity( courses ) ).some(
				( { code } ) => code === 'confirm_needed'
			),
		'the holder is asked'
	);
	assert.deepEqual( await account( courses, 'gina' ), before );
} );

test( 'an order with the address of an administrator there touches nothing', async () => {
	const before = await courses.php(
		`return array( get_userdata( 1 )->to_array(), get_user_meta( 1, 'billing_phone', true ) );`
	);
	const email = String(
		await courses.php( `return get_userdata( 1 )->user_email;` )
	);
	await shop.php(
		`wp_update_user( array( 'ID' => 1, 'user_email' => 'boss@shop.test' ) ); return true;`
	);
	await order( email );
	await waitUntil(
		async () =>
			( await shop.php(
				`global $wpdb; return $wpdb->get_var( "SELECT COUNT(*) FROM {$wpdb->prefix}tandem_outbox WHERE user_id >= 1000000000000" );`
			) ) === '0',
		'the order is dealt with'
	);
	assert.deepEqual(
		await courses.php(
			`return array( get_userdata( 1 )->to_array(), get_user_meta( 1, 'billing_phone', true ) );`
		),
		before
	);
} );

test( 'what a guest buys opens a course there, and a refund closes it', async () => {
	await courses.addMuPlugin(
		'learndash.php',
		await readFile(
			join( __dirname, '../stand-ins/learndash.php' ),
			'utf8'
		)
	);
	const yoga = Number(
		await courses.php(
			"return wp_insert_post( array( 'post_type' => 'sfwd-courses', 'post_status' => 'publish', 'post_title' => 'Yoga' ) );"
		)
	);
	await shop.php(
		"update_option( 'stand_in_products', array( 45 => 'Yoga Basics' ) ); return true;"
	);
	const admin = await shop.visitAs( 'admin' );
	const [ site ] = await admin.rest< { id: number }[] >(
		'GET',
		'tandem/v1/sites'
	);
	await admin.rest( 'POST', `tandem/v1/sites/${ site?.id }/rules`, {
		trigger: 'product',
		subject: '45',
		deed: 'enrol',
		target: `learndash/course:${ yoga }`,
	} );
	const isEnrolled = ( wanted: boolean ) =>
		waitUntil(
			async () =>
				( await courses.php(
					`$user = get_user_by( 'email', 'nina@people.test' ); return $user && sfwd_lms_has_access( ${ yoga }, $user->ID );`
				) ) === wanted,
			`nina is ${ wanted ? 'not' : 'still' } enrolled`
		);
	const id = Number(
		await shop.php(
			`$order = stand_in_order( array( 'email' => 'nina@people.test', 'billing' => array( 'first_name' => 'Nina' ), 'items' => array( 1 => array( 'product' => 45, 'total' => 20 ) ) ) ); $order->update_status( 'processing' ); return $order->get_id();`
		)
	);
	await isEnrolled( true );
	assert.equal( await account( shop, 'nina' ), null );
	await shop.php(
		`stand_in_refund( ${ id }, array( 1 => array( 'quantity' => 1 ) ), true ); return true;`
	);
	await isEnrolled( false );
	assert.notEqual( await account( courses, 'nina' ), null );
} );
