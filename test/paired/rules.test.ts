/**
 * A shop and a course site, two real ones: what is bought here opens a course there, and a refund closes it.
 * WooCommerce and LearnDash are stand-ins with the same functions and hooks (`test/stand-ins`).
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before as beforeAll, test } from 'node:test';

import { Lab, type LabSite } from '../lab';
import { waitUntil } from '../lab/process';
import type { Rule, RuleChoices, RuleStep } from '../../admin-src/types';
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
/** Id of B on A, and of A on B. */
let there: number;
let here: number;
let yoga: number;

const standIn = ( name: string ) =>
	readFile( join( __dirname, '../stand-ins', name ), 'utf8' );

async function ask< Answer >(
	on: LabSite,
	method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
	route: string,
	data?: Record< string, unknown >
): Promise< Answer > {
	return ( await on.visitAs( 'admin' ) ).rest< Answer >(
		method,
		`tandem/v1/${ route }`,
		data
	);
}

async function idOf( on: LabSite, other: LabSite ): Promise< number > {
	const sites = await ask< { id: number; url: string }[] >(
		on,
		'GET',
		'sites'
	);
	const found = sites.find( ( { url } ) => url === other.url );
	assert.ok( found );
	return found.id;
}

/** An order that is paid at once. Its id. */
async function buys( customer: string, product = 45 ): Promise< number > {
	return Number(
		await a.php(
			`$u = get_user_by( 'login', ${ php( customer ) } ); $o = stand_in_order( array( 'customer' => $u->ID, 'items' => array( 1 => array( 'product' => ${ product }, 'total' => 20 ) ) ) ); $o->update_status( 'processing' ); return $o->get_id();`
		)
	);
}

const refunds = ( order: number ) =>
	a.php(
		`stand_in_refund( ${ order }, array( 1 => array( 'quantity' => 1 ) ), true ); return true;`
	);

async function isEnrolled( login: string ): Promise< boolean > {
	return Boolean(
		await b.php(
			`$u = get_user_by( 'login', ${ php( login ) } ); return $u && sfwd_lms_has_access( ${ yoga }, $u->ID );`
		)
	);
}

async function enrolled( login: string, wanted: boolean ): Promise< void > {
	await waitUntil(
		async () => ( await isEnrolled( login ) ) === wanted,
		`${ login } is ${ wanted ? 'not ' : 'still ' }enrolled`
	).catch( async ( error: Error ) => {
		throw new Error(
			`${ error.message }: ${ JSON.stringify( [ ( await activity( a ) ).slice( 0, 9 ), await a.php( 'global $wpdb; return $wpdb->get_results( "SELECT *, UNIX_TIMESTAMP() AS now FROM {$wpdb->prefix}tandem_outbox", ARRAY_A );' ), ( await activity( b ) ).slice( 0, 9 ) ] ) }`
		);
	} );
}

beforeAll( async () => {
	lab = await Lab.up( {
		durable: false,
		sites: [
			{ name: 'a', wp: '7.1', plugin: true },
			{ name: 'b', wp: '7.1', plugin: true },
			{ name: 'c', wp: '6.8', plugin: false },
		],
	} );
	[ a, b ] = [ lab.site( 'a' ), lab.site( 'b' ) ];
	await a.addMuPlugin(
		'woocommerce.php',
		await standIn( 'woocommerce.php' )
	);
	await b.addMuPlugin( 'learndash.php', await standIn( 'learndash.php' ) );
	await a.php(
		"update_option( 'stand_in_products', array( 45 => 'Yoga Basics', 50 => 'Mat' ) ); return true;"
	);
	yoga = Number(
		await b.php(
			"add_role( 'student', 'Student', array( 'read' => true ) ); return wp_insert_post( array( 'post_type' => 'sfwd-courses', 'post_status' => 'publish', 'post_title' => 'Yoga' ) );"
		)
	);
	await lab.pair( 'a', 'b' );
	there = await idOf( a, b );
	here = await idOf( b, a );
	await register( a, 'anna', 'secret of anna' );
	await becomes( b, 'anna', ( it ) => it !== null, 'anna is made' );
} );

after( () => lab.down() );

const rule = ( more: Record< string, unknown > = {} ) => ( {
	trigger: 'product',
	subject: '45',
	deed: 'enrol',
	target: `learndash/course:${ yoga }`,
	...more,
} );

test( 'the page offers what the other site lets rules do, and nothing else', async () => {
	const choices = await ask< RuleChoices >(
		a,
		'GET',
		`sites/${ there }/rule-choices`
	);
	assert.deepEqual( choices.triggers.sort(), [
		'order_status',
		'product',
		'role',
		'tag',
	] );
	assert.deepEqual( choices.courses, [
		{
			id: `learndash/course:${ yoga }`,
			title: 'Yoga',
			kind: 'LearnDash, Course',
		},
	] );
	assert.ok( choices.roles.some( ( { id } ) => id === 'student' ) );
	assert.ok( ! choices.roles.some( ( { id } ) => id === 'administrator' ) );
	assert.deepEqual(
		await ask( a, 'GET', 'rule-subjects?trigger=product&search=yoga' ),
		[ { id: '45', label: 'Yoga Basics' } ]
	);
} );

test( 'a rule to a powerful role is refused, and so is one to a course that is not there', async () => {
	for ( const more of [
		{ deed: 'give_role', target: 'administrator' },
		{ target: 'learndash/course:999' },
	] ) {
		await assert.rejects(
			ask( a, 'POST', `sites/${ there }/rules`, rule( more ) ),
			/does not let rules of this site do this/
		);
	}
	await assert.rejects(
		ask( a, 'POST', `sites/${ there }/rules`, rule( { subject: '999' } ) ),
		/Choose it anew/
	);
} );

test( 'a purchase here enrols there within seconds, and a refund ends it', async () => {
	const made = await ask< Rule >(
		a,
		'POST',
		`sites/${ there }/rules`,
		rule()
	);
	assert.equal(
		made.sentence,
		'When Yoga Basics is bought, enrol in Yoga there'
	);
	const began = Date.now();
	const order = await buys( 'anna' );
	await enrolled( 'anna', true );
	assert.ok( Date.now() - began < 8000, 'within seconds' );
	await quiet( [ a, b ] );
	assert.ok(
		( await activity( a ) ).some(
			( { action, message } ) =>
				action === 'rule' && message.includes( `(order #${ order })` )
		)
	);
	assert.ok(
		( await activity( b ) ).some(
			( { direction, message } ) =>
				direction === 'in' && message.includes( 'enrolled in Yoga' )
		)
	);
	await refunds( order );
	await enrolled( 'anna', false );
} );

test( 'of two orders one refund keeps it', async () => {
	const first = await buys( 'anna' );
	const second = await buys( 'anna' );
	await enrolled( 'anna', true );
	await refunds( first );
	await quiet( [ a, b ] );
	assert.equal( await isEnrolled( 'anna' ), true );
	await refunds( second );
	await enrolled( 'anna', false );
} );

test( 'who buys at once with a new account gets both', async () => {
	await a.php(
		`$id = wp_insert_user( array( 'user_login' => 'bea', 'user_email' => 'bea@people.test', 'user_pass' => 'secret of bea', 'role' => 'subscriber' ) ); stand_in_order( array( 'customer' => $id, 'items' => array( 1 => array( 'product' => 45 ) ) ) )->update_status( 'completed' ); return $id;`
	);
	await enrolled( 'bea', true );
	assert.equal( await b.visitor().logIn( 'bea', 'secret of bea' ), true );
} );

test( 'while the other site is away nothing is lost, and only the end of it all counts', async () => {
	await register( a, 'cleo', 'secret of cleo' );
	await register( a, 'dora', 'secret of dora' );
	await becomes( b, 'dora', ( it ) => it !== null, 'dora is made' );
	await quiet( [ a, b ] );
	await b.refuse();
	await refunds( await buys( 'cleo' ) );
	await buys( 'dora' );
	await waitUntil(
		async () => ( await waiting( a ) ) === 2,
		'they do not wait'
	);
	await b.restore();
	await a.php(
		`global $wpdb; $wpdb->query( "UPDATE {$wpdb->prefix}tandem_sites SET next_try_at = 0" ); do_action( 'tandem_work' ); return true;`
	);
	await enrolled( 'dora', true );
	await quiet( [ a, b ] );
	assert.equal( await isEnrolled( 'cleo' ), false );
} );

test( 'a role that a rule gave stays when roles are synced, and nobody sees a difference', async () => {
	const given = await ask< Rule >(
		a,
		'POST',
		`sites/${ there }/rules`,
		rule( { subject: '50', deed: 'give_role', target: 'student' } )
	);
	const order = await buys( 'anna', 50 );
	await becomes(
		b,
		'anna',
		( it ) => it?.roles.includes( 'student' ) ?? false,
		'gets the role'
	);
	await a.php(
		`( new WP_User( ${ ( await account( a, 'anna' ) )?.id } ) )->set_role( 'author' ); return true;`
	);
	await becomes(
		b,
		'anna',
		( it ) => it?.roles.includes( 'author' ) ?? false,
		'gets the other role'
	);
	assert.deepEqual( ( await account( b, 'anna' ) )?.roles.sort(), [
		'author',
		'student',
	] );
	await quiet( [ a, b ] );
	assert.deepEqual( ( await account( a, 'anna' ) )?.roles, [ 'author' ] );
	const { id } = await ask< { id: number } >( a, 'POST', 'verifications', {
		site: there,
	} );
	let found: { id: number; state: string; counts: { open: number } }[] = [];
	await waitUntil( async () => {
		found = await ask( a, 'GET', `verifications?site=${ there }` );
		return found[ 0 ]?.state === 'done';
	}, 'the verification does not end' );
	assert.equal( found[ 0 ].id, id );
	assert.equal( found[ 0 ].counts.open, 0 );
	await refunds( order );
	await becomes(
		b,
		'anna',
		( it ) => it?.roles.join() === 'author',
		'loses the role'
	);
	await ask( a, 'DELETE', `rules/${ given.id }` );
} );

test( 'a course that the other owner does not allow is refused, on record, and done as soon as it is allowed', async () => {
	await ask( b, 'PATCH', `sites/${ here }`, {
		policy: { courses: 'some', courseList: [] },
	} );
	const choices = await ask< RuleChoices >(
		a,
		'GET',
		`sites/${ there }/rule-choices`
	);
	assert.deepEqual( choices.courses, [] );
	await register( a, 'emma', 'secret of emma' );
	await becomes( b, 'emma', ( it ) => it !== null, 'emma is made' );
	await buys( 'emma' );
	await waitUntil(
		async () =>
			( await activity( a ) ).some(
				( { code, result, username } ) =>
					username === 'emma' &&
					code === 'grant_refused' &&
					result === 'attention'
			),
		'it is not on record'
	);
	assert.equal( await isEnrolled( 'emma' ), false );
	await ask( b, 'PATCH', `sites/${ here }`, {
		policy: {
			courses: 'some',
			courseList: [ `learndash/course:${ yoga }` ],
		},
	} );
	await enrolled( 'emma', true );
	await quiet( [ a, b ] );
} );

test( 'a dry run writes nothing, and applying gives it to who qualifies now', async () => {
	const made = await ask< Rule >(
		a,
		'POST',
		`sites/${ there }/rules`,
		rule( { subject: '50' } )
	);
	await ask( a, 'PATCH', `rules/${ made.id }`, { on: false } );
	await register( a, 'fee', 'secret of fee' );
	await becomes( b, 'fee', ( it ) => it !== null, 'fee is made' );
	await buys( 'fee', 50 );
	const dry = await ask< RuleStep >( a, 'POST', `rules/${ made.id }/run`, {
		dryRun: true,
	} );
	assert.deepEqual(
		dry.people
			.filter( ( { verdict } ) => verdict === 'new' )
			.map( ( { username } ) => username ),
		[ 'fee' ]
	);
	await quiet( [ a, b ] );
	assert.equal( await isEnrolled( 'fee' ), false );
	const said = await a.wp( [
		'tandem',
		'rule',
		'run',
		String( made.id ),
		'--dry-run',
	] );
	assert.match( said, /1 people would get it/ );
	assert.match(
		await a.wp( [ 'tandem', 'rule', 'list' ] ),
		/When Mat is bought, enrol in Yoga there/
	);
	await ask( a, 'POST', `rules/${ made.id }/run`, { dryRun: false } );
	await enrolled( 'fee', true );
} );

test( 'a plugin that is out of order there is asked again', async () => {
	await b.php(
		"update_option( 'stand_in_learndash_breaks', 1 ); return true;"
	);
	await register( a, 'gina', 'secret of gina' );
	await becomes( b, 'gina', ( it ) => it !== null, 'gina is made' );
	await buys( 'gina' );
	await waitUntil(
		async () =>
			( await activity( a ) ).some(
				( { result, username } ) =>
					username === 'gina' && result === 'retrying'
			),
		'it is not retried'
	);
	await b.php( "delete_option( 'stand_in_learndash_breaks' ); return true;" );
	await waitUntil( async () => {
		// Not in half a minute, as the schedule says.
		await a.php(
			`global $wpdb; $wpdb->query( "UPDATE {$wpdb->prefix}tandem_outbox SET due_at = 0" ); do_action( 'tandem_work' ); return true;`
		);
		return isEnrolled( 'gina' );
	}, 'gina is not enrolled' );
} );

test( 'a plain site takes no rules and says why', async () => {
	await lab.connect( 'a', 'c' );
	await assert.rejects(
		ask(
			a,
			'POST',
			`sites/${ await idOf( a, lab.site( 'c' ) ) }/rules`,
			rule()
		),
		/Rules need Tandem on the other site/
	);
} );
