/**
 * One log-in in a real browser: three sites that are strangers to each other in its eyes, and no third-party cookies.
 */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type Page } from '@playwright/test';

import { ensureChromium, launchOptions } from '../../tools/chromium';
import { Lab, type LabSite } from '../lab';
import { php, quiet, register } from './support';

const PICTURES = join( __dirname, '../../artifacts/paired' );

let lab: Lab;
let browser: Browser;
let a: LabSite;
let b: LabSite;
let c: LabSite;

/** Pairs by a code: WordPress approves application passwords for 127.0.0.1 alone where there is no HTTPS. */
async function pair( from: LabSite, to: LabSite ): Promise< void > {
	const { code } = await (
		await to.visitAs( 'admin' )
	).rest< { code: string } >( 'POST', 'tandem/v1/pairing-code' );
	await (
		await from.visitAs( 'admin' )
	).rest( 'POST', 'tandem/v1/sites/pair', { url: to.url, code } );
}

before( async () => {
	await ensureChromium();
	lab = await Lab.up( {
		durable: false,
		sites: [
			{ name: 'a', wp: '7.1', plugin: true },
			{ name: 'b', wp: '7.1', plugin: true, host: '127.0.0.2' },
			{ name: 'c', wp: '7.1', plugin: true, host: '127.0.0.3' },
		],
	} );
	[ a, b, c ] = [ lab.site( 'a' ), lab.site( 'b' ), lab.site( 'c' ) ];
	await pair( a, b );
	await pair( a, c );
	await register( a, 'mira', 'secret of mira' );
	await quiet( [ a, b, c ] );
	await a.php(
		`wp_insert_post( array( 'post_type' => 'page', 'post_status' => 'publish', 'post_name' => 'links', 'post_title' => 'Links', 'post_content' => '<!-- wp:shortcode -->[tandem_link site="Site B" to="/sample-page/"]To the course[/tandem_link]<!-- /wp:shortcode --><p><a href="' . ${ php( b.url ) } . '/sample-page/?plain=1">A plain link</a> <a href="/?tandem_go=127.0.0.3:' . ${ php( new URL( c.url ).port ) } . '">To C</a></p>' ) ); return true;`
	);
	await mkdir( PICTURES, { recursive: true } );
	const options = launchOptions();
	browser = await chromium.launch( {
		...options,
		args: [
			...( options.args ?? [] ),
			'--test-third-party-cookie-phaseout',
		],
	} );
} );

after( async () => {
	await browser?.close();
	await lab?.down();
} );

/** A browser of somebody who is logged in on A, on A's page with the links. */
async function onA( username: string | null ): Promise< Page > {
	const context = await browser.newContext( { reducedMotion: 'reduce' } );
	const page = await context.newPage();
	page.setDefaultTimeout( 20_000 );
	if ( username !== null ) {
		await page.goto( `${ a.url }/wp-login.php` );
		await logIn( page, username );
	}
	await page.goto( `${ a.url }/links/` );
	return page;
}

async function logIn( page: Page, username: string ): Promise< void > {
	await page.locator( '#user_login' ).fill( username );
	await page.locator( '#user_pass' ).fill( `secret of ${ username }` );
	await page.locator( '#wp-submit' ).click();
	await page.waitForLoadState( 'load' );
}

/** Who the browser is on a site; empty for nobody. */
async function nameOn( page: Page, site: LabSite ): Promise< string > {
	const other = await page.context().newPage();
	await other.goto( `${ site.url }/wp-admin/profile.php` );
	const field = other.locator( '#profile-page #user_login' );
	const name = ( await field.count() ) > 0 ? await field.inputValue() : '';
	await other.close();
	return name;
}

test( 'a link on A leads into B, and the menu’s address into C', async () => {
	const page = await onA( 'mira' );
	const seen: string[] = [];
	page.on( 'request', ( request ) => seen.push( request.url() ) );
	await page.getByRole( 'link', { name: 'To the course' } ).click();
	await page.waitForURL( `${ b.url }/sample-page/` );
	assert.equal( await nameOn( page, b ), 'mira' );
	assert.equal( await nameOn( page, c ), '' );
	assert.ok( ! seen.some( ( url ) => /mira|people\.test/.test( url ) ) );
	await page.goto( `${ a.url }/links/` );
	await page.getByRole( 'link', { name: 'To C', exact: true } ).click();
	await page.waitForURL( `${ c.url }/` );
	assert.equal( await nameOn( page, c ), 'mira' );
	// The way back does not begin anew, and nothing is used twice.
	await page.goBack();
	await page.goForward();
	assert.equal( await nameOn( page, c ), 'mira' );
	await page.context().close();
} );

test( 'the block editor offers a button that leads there', async () => {
	const context = await browser.newContext();
	const page = await context.newPage();
	page.setDefaultTimeout( 20_000 );
	await page.goto( `${ a.url }/wp-login.php` );
	await page.locator( '#user_login' ).fill( a.adminUsername );
	await page.locator( '#user_pass' ).fill( a.adminPassword );
	await page.locator( '#wp-submit' ).click();
	await page.waitForLoadState( 'load' );
	await page.goto( `${ a.url }/wp-admin/post-new.php` );
	await page.waitForFunction( 'window.wp?.blocks?.getBlockTypes().length' );
	const found = await page.evaluate(
		`[ 'core/buttons', 'core/navigation-link' ].map( ( name ) => wp.blocks.getBlockVariations( name, 'inserter' ).map( ( it ) => it.title ).filter( ( it ) => /Link to/.test( it ) ) )`
	);
	const expected = [
		'Link to Site B, logged in',
		'Link to Site C, logged in',
	];
	assert.deepEqual( found, [ expected, expected ] );
	await context.close();
} );

test( 'the button on C’s log-in form goes by A’s own form', async () => {
	const page = await onA( null );
	await page.goto(
		`${ c.url }/wp-login.php?redirect_to=${ encodeURIComponent( `${ c.url }/sample-page/` ) }`
	);
	await page.screenshot( { path: join( PICTURES, 'login-button.png' ) } );
	const { violations } = await new AxeBuilder( { page } )
		.include( '.tandem-login' )
		.analyze();
	assert.deepEqual( violations, [] );
	await page.getByRole( 'link', { name: 'Log in with Site A' } ).click();
	await page.waitForURL( ( url ) => url.origin === a.url );
	await logIn( page, 'mira' );
	await page.waitForURL( `${ c.url }/sample-page/` );
	assert.equal( await nameOn( page, c ), 'mira' );
	await page.context().close();
} );

test( 'who is not let in reads why on B’s form', async () => {
	const context = await browser.newContext();
	const page = await context.newPage();
	await page.goto( `${ a.url }/wp-login.php` );
	await page.locator( '#user_login' ).fill( a.adminUsername );
	await page.locator( '#user_pass' ).fill( a.adminPassword );
	await page.locator( '#wp-submit' ).click();
	await page.waitForLoadState( 'load' );
	await page.goto( `${ a.url }/links/` );
	await page.getByRole( 'link', { name: 'To the course' } ).click();
	await page
		.getByText( 'Your account on the other site is not one that is shared' )
		.waitFor();
	assert.equal( new URL( page.url() ).origin, b.url );
	await page.screenshot( { path: join( PICTURES, 'login-refused.png' ) } );
	await context.close();
} );

test( 'quiet: a plain link from A is enough where B’s owner wants it, and a guest only sees the page', async () => {
	const owner = await b.visitAs( 'admin' );
	const [ known ] = await owner.rest<
		{ id: number; settings: { login: object } }[]
	>( 'GET', 'tandem/v1/sites' );
	await owner.rest( 'PATCH', `tandem/v1/sites/${ known?.id }`, {
		settings: { login: { ...known?.settings.login, quiet: true } },
	} );
	for ( const name of [ 'mira', null ] ) {
		const page = await onA( name );
		await page.getByRole( 'link', { name: 'A plain link' } ).click();
		await page.waitForURL( `${ b.url }/sample-page/?plain=1` );
		assert.equal( await nameOn( page, b ), name ?? '' );
		await page.goto( `${ a.url }/links/` );
		await page.getByRole( 'link', { name: 'A plain link' } ).click();
		await page.waitForURL( `${ b.url }/sample-page/?plain=1` );
		await page.context().close();
	}
} );
