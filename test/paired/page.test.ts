/**
 * Pairing as the owner does it, in a real browser on two real sites: enter the address, Connect, Approve.
 */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type Page } from '@playwright/test';

import { ensureChromium, launchOptions } from '../../tools/chromium';
import { Lab } from '../lab';
import { waitUntil } from '../lab/process';
import {
	account,
	activity,
	becomes,
	quiet,
	register,
	silently,
} from './support';

const PICTURES = join( __dirname, '../../artifacts/paired' );

let lab: Lab;
let browser: Browser;
let page: Page;

before( async () => {
	await ensureChromium();
	lab = await Lab.up( {
		durable: false,
		sites: [
			{ name: 'a', wp: '7.1', plugin: true },
			{ name: 'b', wp: '7.1', plugin: true },
		],
	} );
	await mkdir( PICTURES, { recursive: true } );
	browser = await chromium.launch( launchOptions() );
	// axe wants a context of its own.
	const context = await browser.newContext( {
		reducedMotion: 'reduce',
		viewport: { width: 1280, height: 900 },
	} );
	page = await context.newPage();
	page.setDefaultTimeout( 20_000 );
} );

after( async () => {
	await browser?.close();
	await lab?.down();
} );

/** Fills in WordPress's log-in form, wherever it came up. */
async function logIn( username: string, password: string ): Promise< void > {
	await page.locator( '#user_login' ).fill( username );
	await page.locator( '#user_pass' ).fill( password );
	await page.locator( '#wp-submit' ).click();
}

async function isWellMade( name: string ): Promise< void > {
	await page.screenshot( {
		path: join( PICTURES, `${ name }.png` ),
		fullPage: true,
	} );
	const { violations } = await new AxeBuilder( { page } )
		.include( '#wpbody' )
		.analyze();
	assert.deepEqual(
		violations.map( ( { id, nodes } ) => `${ id }: ${ nodes[ 0 ]?.html }` ),
		[],
		name
	);
}

const adminPage = ( name: string, query = '' ) =>
	`${ lab.site( name ).url }/wp-admin/users.php?page=tandem-user-sync${ query }`;

test( 'two clicks pair two sites: Connect here, Approve there', async () => {
	const [ a, b ] = [ lab.site( 'a' ), lab.site( 'b' ) ];
	await page.goto( adminPage( 'a' ) );
	await logIn( a.adminUsername, a.adminPassword );
	await page.getByRole( 'button', { name: 'Add site' } ).first().click();
	const dialog = page.getByRole( 'dialog' );
	await dialog.getByRole( 'textbox' ).first().fill( b.url );
	await page.keyboard.press( 'Enter' );
	await dialog.getByText( /runs there too/ ).waitFor();
	await isWellMade( 'connect' );
	await dialog
		.getByRole( 'button', { name: 'Connect', exact: true } )
		.click();

	await page.waitForURL( ( url ) => url.origin === b.url );
	await logIn( b.adminUsername, b.adminPassword );
	await page.locator( '#approve' ).click();

	await page.waitForURL( ( url ) => url.origin === a.url );
	await page.getByText( 'Paired: changes go both ways.' ).waitFor();
	assert.doesNotMatch( page.url(), /password|tandem_connect/ );
	await isWellMade( 'sites' );

	await register( a, 'clara', 'made on a' );
	await becomes( b, 'clara', ( it ) => it !== null, 'arrives on b' );
	await register( b, 'doris', 'made on b' );
	await becomes( a, 'doris', ( it ) => it !== null, 'arrives on a' );
	await quiet( [ a, b ] );
} );

test( 'what the other site may do here is changed in a panel', async () => {
	await page.getByRole( 'button', { name: /More actions/ } ).click();
	await page.getByRole( 'menuitem', { name: 'What syncs' } ).click();
	const panel = page.getByRole( 'region', {
		name: 'What may that site do here?',
	} );
	await panel.waitFor();
	await isWellMade( 'policy' );
	await panel.getByLabel( 'Create users' ).uncheck();
	await panel.getByLabel( 'Suspend it' ).check();
	await page.getByRole( 'button', { name: /^Save/ } ).click();
	await page.getByText( 'Settings saved.' ).first().waitFor();
	const admin = await lab.site( 'a' ).visitAs( 'admin' );
	const [ site ] = await admin.rest<
		{ pairing: { policy: { create: boolean; delete: string } } }[]
	>( 'GET', 'tandem/v1/sites' );
	assert.equal( site?.pairing.policy.create, false );
	assert.equal( site?.pairing.policy.delete, 'suspend' );
} );

test( 'a pairing code is made and shown once', async () => {
	await page.goto( adminPage( 'a', '&view=settings' ) );
	await page.getByRole( 'button', { name: 'Make a pairing code' } ).click();
	const code = page.locator( '.tandem-code' );
	await code.waitFor();
	assert.match(
		( await code.textContent() ) ?? '',
		/^([0-9A-Z]{5}-){3}[0-9A-Z]{5}$/
	);
	await isWellMade( 'settings' );
} );

/** Changes a person on A past WordPress. */
const bySql = ( login: string, column: string, value: string ) =>
	lab
		.site( 'a' )
		.php(
			`global $wpdb; return $wpdb->update( $wpdb->users, array( '${ column }' => '${ value }' ), array( 'user_login' => '${ login }' ) );`
		);

test( 'the owner verifies a site, sees who differs and repairs it', async () => {
	const [ a, b ] = [ lab.site( 'a' ), lab.site( 'b' ) ];
	await bySql( 'clara', 'display_name', 'Clara of A' );
	await b.php(
		`global $wpdb; $wpdb->update( $wpdb->users, array( 'user_url' => 'https://doris.test' ), array( 'user_login' => 'doris' ) ); return $wpdb->delete( $wpdb->prefix . 'tandem_links', array( 'user_id' => get_user_by( 'login', 'clara' )->ID ) );`
	);
	await page.goto( adminPage( 'a' ) );
	await page.getByRole( 'button', { name: /More actions/ } ).click();
	await page.getByRole( 'menuitem', { name: 'Verify' } ).click();
	await page.getByText( 'Are both sites still the same?' ).waitFor();
	await isWellMade( 'verify-none' );
	await page.getByRole( 'button', { name: 'Verify', exact: true } ).click();
	await page.getByText( '2 people differ' ).waitFor();
	await page.getByText( /Newer on .*: Website/ ).waitFor();
	await isWellMade( 'verify' );
	await page.getByRole( 'button', { name: 'Repair all' } ).click();
	await page.getByText( 'On its way' ).first().waitFor();
	await quiet( [ a, b ] );
	await isWellMade( 'verify-repaired' );
	await page.getByRole( 'button', { name: 'Verify again' } ).click();
	await page.getByText( 'Everyone is the same' ).waitFor();
	await isWellMade( 'verify-same' );
	assert.equal(
		await b.php( `return get_user_by( 'login', 'clara' )->display_name;` ),
		'Clara of A'
	);
} );

test( 'a person is explained from the list of users and from their profile, and made right', async () => {
	const a = lab.site( 'a' );
	await bySql( 'clara', 'display_name', 'Clara anew' );
	await page.goto( `${ a.url }/wp-admin/users.php` );
	const row = page.getByRole( 'row', { name: /clara/ } );
	await row.hover();
	await row.getByRole( 'link', { name: /^Explain/ } ).click();
	await page.getByText( 'How Clara anew is synced' ).waitFor();
	await page.getByText( 'Newer here: Display name' ).waitFor();
	await isWellMade( 'explain' );
	await page.getByRole( 'button', { name: 'Sync now' } ).click();
	await page
		.getByText( 'Newer here: Display name' )
		.waitFor( { state: 'detached' } );
	await becomes(
		lab.site( 'b' ),
		'clara',
		( it ) => it !== null,
		'is still there'
	);
	assert.equal(
		await lab
			.site( 'b' )
			.php( `return get_user_by( 'login', 'clara' )->display_name;` ),
		'Clara anew'
	);
	const id = ( await account( a, 'clara' ) )?.id;
	await page.goto( `${ a.url }/wp-admin/user-edit.php?user_id=${ id }` );
	await page.getByRole( 'heading', { name: 'User sync' } ).waitFor();
	await page.screenshot( {
		path: join( PICTURES, 'profile.png' ),
		fullPage: true,
	} );
	await page.getByRole( 'link', { name: 'Explain and compare' } ).click();
	await page.getByText( 'How Clara anew is synced' ).waitFor();
} );

/** The address in the newest mail of B to somebody. */
async function linkInMail( to: string ): Promise< URL > {
	const mail = ( await lab.site( 'b' ).mails() )
		.filter( ( { to: recipients } ) =>
			[ recipients ].flat().includes( to )
		)
		.at( -1 );
	assert.ok( mail, `no mail to ${ to }` );
	const link = /https?:\/\/\S+action=\S+/.exec( mail.message )?.[ 0 ];
	assert.ok( link, mail.message );
	return new URL( link );
}

test( 'whoever has an account on B is asked by mail before somebody from A gets it, and says yes on a page', async () => {
	const [ a, b ] = [ lab.site( 'a' ), lab.site( 'b' ) ];
	await silently( b, [ 'erika' ] );
	const held = await account( b, 'erika' );
	await register( a, 'erika', 'the one of A', { first_name: 'Of A' } );
	await waitUntil(
		async () =>
			( await b.mails() ).some( ( { to } ) =>
				[ to ].flat().includes( 'erika@people.test' )
			),
		'no mail is sent'
	);
	const link = await linkInMail( 'erika@people.test' );
	assert.equal( link.pathname, '/wp-login.php' );
	assert.doesNotMatch( link.href, /erika|people/, 'the link names nobody' );

	// As in another browser: nobody is logged in there.
	const context = await browser.newContext( { reducedMotion: 'reduce' } );
	const holder = await context.newPage();
	holder.setDefaultTimeout( 20_000 );
	const looksWell = async ( name: string ) => {
		await holder.screenshot( {
			path: join( PICTURES, `${ name }.png` ),
		} );
		const { violations } = await new AxeBuilder( { page: holder } )
			// WordPress's own log-in page has no landmarks.
			.disableRules( [ 'landmark-one-main', 'region' ] )
			.analyze();
		assert.deepEqual(
			violations.map( ( { id } ) => id ),
			[],
			name
		);
	};
	await holder.goto( link.href );
	await holder
		.getByText(
			`Are your account on Site B and the one on Site A (${ a.url }) both yours?`
		)
		.waitFor();
	await looksWell( 'approve' );
	// Mail scanners open links.
	assert.deepEqual( await account( b, 'erika' ), held );
	await holder.setViewportSize( { width: 390, height: 844 } );
	await looksWell( 'approve-phone' );
	await holder.getByRole( 'button', { name: 'Yes, both are mine' } ).click();
	await holder.getByText( /^Thank you\./ ).waitFor();
	await looksWell( 'approve-thanks-phone' );
	await holder.setViewportSize( { width: 1280, height: 900 } );
	await looksWell( 'approve-thanks' );

	const now = await becomes(
		b,
		'erika',
		( it ) => it?.first === 'Of A',
		'is linked by the yes'
	);
	assert.equal( now?.id, held?.id );
	assert.equal( await b.visitor().logIn( 'erika', 'the one of A' ), true );
	await quiet( [ a, b ] );
	await b.php(
		`return wp_update_user( array( 'ID' => ${ now?.id }, 'first_name' => 'Of both' ) );`
	);
	await becomes( a, 'erika', ( it ) => it?.first === 'Of both', 'and back' );

	await holder.goto( link.href );
	await holder.getByText( /has been used already/ ).waitFor();
	assert.equal( await holder.getByRole( 'button' ).count(), 0 );
	await looksWell( 'approve-used' );
	await context.close();
	await quiet( [ a, b ] );
} );

test( 'an account is suspended and restored by the links in the list of users, by nobody else and never a protected one', async () => {
	const b = lab.site( 'b' );
	const list = `${ b.url }/wp-admin/users.php`;
	const link = async ( login: string, name: RegExp ) => {
		await page.goto( list );
		const row = page.getByRole( 'row', { name: login } ).first();
		await row.hover();
		return row.getByRole( 'link', { name } );
	};
	const state = async () => {
		const it = await account( b, 'erika' );
		return [
			it?.roles,
			await b.visitor().logIn( 'erika', 'the one of A' ),
		];
	};
	const suspend = await link( 'erika', /^Suspend erika/ );
	const href = new URL( ( await suspend.getAttribute( 'href' ) ) ?? '', list )
		.href;
	await page.screenshot( { path: join( PICTURES, 'suspend.png' ) } );

	// With the address but not the right, the right but not the nonce, or the nonce of somebody else.
	const id = ( await account( b, 'erika' ) )?.id;
	const doris = ( await account( b, 'doris' ) )?.id;
	const editor = await b.visitAs( 'doris' );
	const admin = await b.visitAs( 'admin' );
	const ofAdmin = await admin.request( '/wp-admin/users.php' );
	const good =
		/href='?"?([^'"]*action=tandem_suspend&#038;user=ID&[^'"]*)/.source.replace(
			'ID',
			String( id )
		);
	const path = ( text: string ) =>
		( new RegExp( good ).exec( text )?.[ 1 ] ?? '' )
			.replaceAll( '&#038;', '&' )
			.replaceAll( '&amp;', '&' );
	const own = path( await ofAdmin.text() );
	assert.match( own, /_wpnonce=/ );
	for ( const [ who, address ] of [
		[ editor, own ],
		[ editor, href ],
		[ b.visitor(), own ],
		[ admin, own.replace( /&_wpnonce=[^&]*/, '' ) ],
		[ admin, own.replace( `user=${ id }`, `user=${ doris }` ) ],
		[ admin, own.replace( `user=${ id }`, 'user=1' ) ],
	] as const ) {
		const answer = await who.request( address.replace( b.url, '' ) );
		assert.ok(
			answer.status === 403 ||
				/wp-login/.test( answer.headers.get( 'location' ) ?? '' ),
			`${ answer.status } for ${ address }`
		);
	}
	assert.deepEqual( await state(), [ [ 'subscriber' ], true ] );
	assert.equal(
		await ( await link( 'admin', /^Suspend/ ) ).count(),
		0,
		'nor oneself'
	);
	await b.php(
		`wp_insert_user( array( 'user_login' => 'second', 'user_email' => 'second@people.test', 'user_pass' => 'x', 'role' => 'administrator' ) ); return true;`
	);
	assert.equal(
		await ( await link( 'second', /^Suspend/ ) ).count(),
		0,
		'nor who is protected'
	);

	await ( await link( 'erika', /^Suspend erika/ ) ).click();
	await page.waitForURL( list );
	assert.deepEqual( await state(), [ [], false ] );
	await ( await link( 'erika', /^End the suspension/ ) ).click();
	await page.waitForURL( list );
	assert.deepEqual( await state(), [ [ 'subscriber' ], true ] );
	const said = ( await activity( b ) )
		.filter( ( row ) => row.username === 'erika' )
		.map( ( row ) => row.message );
	assert.ok( said.some( ( text ) => /suspended this account/.test( text ) ) );
	assert.ok( said.some( ( text ) => /ended the suspension/.test( text ) ) );
	await quiet( [ lab.site( 'a' ), b ] );
} );

test( 'the owner fetches people who are only on the other site', async () => {
	const [ a, b ] = [ lab.site( 'a' ), lab.site( 'b' ) ];
	await silently( b, [ 'emil', 'frieda' ] );
	// What this site lets the other one do, and that one this.
	for ( const [ site, policy ] of [
		[ a, { create: true } ],
		[ b, { bring: true } ],
	] as const ) {
		const admin = await site.visitAs( 'admin' );
		const [ known ] = await admin.rest< { id: number }[] >(
			'GET',
			'tandem/v1/sites'
		);
		await admin.rest( 'PATCH', `tandem/v1/sites/${ known?.id }`, {
			policy,
		} );
	}
	await page.goto( adminPage( 'a', '&view=backfill' ) );
	await page.getByRole( 'button', { name: 'Preview', exact: true } ).click();
	await page.getByText( 'The preview is ready' ).waitFor();
	await page.getByText( 'Only there' ).waitFor();
	await page.getByLabel( /Create here those who are only on/ ).check();
	await page.getByText( 'To be created here' ).waitFor();
	await page
		.getByLabel( 'Show' )
		.selectOption( { label: 'Only on the other site (2)' } );
	await page.getByText( 'frieda', { exact: true } ).waitFor();
	await isWellMade( 'fetch-preview' );
	await page.getByRole( 'button', { name: 'Run', exact: true } ).click();
	await page.getByText( 'Backfill complete' ).waitFor( { timeout: 90_000 } );
	await page.getByText( '2 of 2' ).waitFor();
	await isWellMade( 'fetch-done' );
	assert.equal(
		await a.visitor().logIn( 'frieda', 'secret of frieda' ),
		true
	);
} );

test( 'on a phone nothing is wider than the screen', async () => {
	await page.setViewportSize( { width: 390, height: 844 } );
	await page.goto( adminPage( 'a' ) );
	await page
		.getByText( /^Paired/ )
		.first()
		.waitFor();
	const isNarrow = async ( name: string ) => {
		await page.screenshot( {
			path: join( PICTURES, `${ name }.png` ),
			fullPage: true,
		} );
		assert.ok(
			await page.evaluate(
				() => document.documentElement.scrollWidth <= window.innerWidth
			),
			name
		);
	};
	await isNarrow( 'phone' );
	const [ site ] = await (
		await lab.site( 'a' ).visitAs( 'admin' )
	).rest< { id: number }[] >( 'GET', 'tandem/v1/sites' );
	await bySql( 'doris', 'display_name', 'Doris of A' );
	await page.goto( adminPage( 'a', `&view=sites&verify=${ site?.id }` ) );
	await page.getByRole( 'button', { name: 'Verify again' } ).click();
	await page.getByText( '1 person differs' ).waitFor();
	await page.getByText( 'Newer here' ).waitFor();
	await isNarrow( 'phone-verify' );
	const id = ( await account( lab.site( 'a' ), 'doris' ) )?.id;
	await page.goto( adminPage( 'a', `&view=sites&explain=${ id }` ) );
	await page.getByText( 'Newer here' ).waitFor();
	await isNarrow( 'phone-explain' );
} );
