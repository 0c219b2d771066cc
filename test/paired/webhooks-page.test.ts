/**
 * Webhooks as their owner sets them up, in a real browser: an address is told and tested, and an automator's first
 * request is mapped by clicking its parts. In a wide window and on a phone, by axe's rules.
 */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type Page } from '@playwright/test';

import { ensureChromium, launchOptions } from '../../tools/chromium';
import { Lab, type LabSite } from '../lab';
import { account, register } from './support';

const PICTURES = join( __dirname, '../../artifacts/paired' );
const WIDE = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

let lab: Lab;
let a: LabSite;
let browser: Browser;
let page: Page;
let receiver: Server;
let status = 204;
let address = '';

before( async () => {
	await ensureChromium();
	lab = await Lab.up( {
		durable: false,
		sites: [ { name: 'a', wp: '7.1', plugin: true } ],
	} );
	a = lab.site( 'a' );
	receiver = createServer( ( request, response ) => {
		request.resume();
		request.on( 'end', () =>
			response.writeHead( status ).end( 'Thank you' )
		);
	} );
	await new Promise< void >( ( ready ) =>
		receiver.listen( 0, '127.0.0.1', ready )
	);
	address = `http://127.0.0.1:${ ( receiver.address() as AddressInfo ).port }/hook/private-part`;
	await mkdir( PICTURES, { recursive: true } );
	browser = await chromium.launch( launchOptions() );
	const context = await browser.newContext( {
		reducedMotion: 'reduce',
		viewport: WIDE,
	} );
	page = await context.newPage();
	page.setDefaultTimeout( 20_000 );
	await page.goto( adminPage( '&view=webhooks' ) );
	await page.locator( '#user_login' ).fill( a.adminUsername );
	await page.locator( '#user_pass' ).fill( a.adminPassword );
	await page.locator( '#wp-submit' ).click();
} );

after( async () => {
	await browser?.close();
	receiver?.close();
	receiver?.closeAllConnections();
	await lab?.down();
} );

const adminPage = ( query = '' ) =>
	`${ a.url }/wp-admin/users.php?page=tandem-user-sync${ query }`;

/** By axe's rules, and no wider than the screen, in a wide window and on a phone. */
async function isWellMade( name: string ): Promise< void > {
	for ( const [ shape, size ] of [
		[ 'phone', PHONE ],
		[ 'wide', WIDE ],
	] as const ) {
		await page.setViewportSize( size );
		await page.screenshot( {
			path: join( PICTURES, `webhooks-${ name }-${ shape }.png` ),
			fullPage: true,
		} );
		const axe = new AxeBuilder( { page } )
			.include( '#wpbody' )
			.exclude( '.components-snackbar' );
		// WordPress's own message is named by what a click does. Dialogs and menus lie beside the page.
		for ( const part of [
			'.components-modal__frame',
			'.components-popover',
		] ) {
			if ( await page.locator( part ).count() ) {
				axe.include( part );
			}
		}
		const { violations } = await axe.analyze();
		assert.deepEqual(
			violations.map(
				( { id, nodes } ) => `${ id }: ${ nodes[ 0 ]?.html }`
			),
			[],
			`${ name }, ${ shape }`
		);
		assert.ok(
			await page.evaluate(
				() => document.documentElement.scrollWidth <= window.innerWidth
			),
			`${ name } is wider than the ${ shape }`
		);
	}
}

const button = ( name: string | RegExp, exact = false ) =>
	page.getByRole( 'button', { name, exact } );
const dialog = () => page.getByRole( 'dialog' );

test( 'an address is added, its secret is shown once, and it is tested', async () => {
	await page.getByText( 'Nobody is told yet.' ).waitFor();
	await isWellMade( 'empty' );
	await button( 'Add an address' ).click();
	await dialog().getByLabel( 'Name' ).fill( 'n8n' );
	await dialog().getByLabel( 'Address' ).fill( 'n8n.example' );
	await dialog().getByRole( 'button', { name: 'Add webhook' } ).click();
	await dialog()
		.getByText( /whole address/ )
		.first()
		.waitFor();
	await isWellMade( 'refused' );
	await dialog().getByLabel( 'Address' ).fill( address );
	await dialog().getByRole( 'button', { name: 'Add webhook' } ).click();
	await dialog()
		.getByText( /^whsec_/ )
		.waitFor();
	await isWellMade( 'secret' );
	await button( 'I have copied it' ).click();
	const card = page.getByRole( 'article', { name: 'n8n' } );
	await card.waitFor();
	assert.doesNotMatch( await page.content(), /whsec_/ );
	assert.doesNotMatch( ( await card.textContent() ) ?? '', /private-part/ );
	await register( a, 'wanda', 'x' );
	await page.getByText( /^Last told/ ).waitFor();
	await button( 'Send a test' ).click();
	await dialog()
		.getByText( /It took the test \(204/ )
		.waitFor();
	await isWellMade( 'test' );
	await button( 'Close', true ).last().click();
} );

test( 'what it is told is chosen, and what is wrong is said', async () => {
	await button( 'What is told' ).click();
	await page.getByText( 'What n8n is told' ).waitFor();
	await page.getByLabel( 'Somebody is deleted' ).uncheck();
	await page.getByText( 'Not saved yet.' ).waitFor();
	await isWellMade( 'told' );
	await button( 'Save changes' ).click();
	await page.getByText( 'Settings saved.' ).first().waitFor();
	status = 410;
	await register( a, 'xaver', 'x' );
	await page.getByRole( 'link', { name: 'All webhooks' } ).click();
	await page.getByText( /gone for good/ ).waitFor();
	await isWellMade( 'gone' );
	status = 204;
	await button( 'Try now' ).click();
	await page.getByText( /gone for good/ ).waitFor( { state: 'detached' } );
	await button( 'More actions for n8n' ).click();
	await page.getByRole( 'menuitem', { name: 'New secret' } ).click();
	await button( 'Make a new secret' ).click();
	await dialog()
		.getByText( /^whsec_/ )
		.waitFor();
	await button( 'I have copied it' ).click();
	await page.getByText( /The old secret is still in use/ ).waitFor();
} );

test( 'a way in is made, its first request is mapped by clicks, and the next one makes an account', async () => {
	await button( 'Add a way in' ).click();
	await dialog().getByLabel( 'Name' ).fill( 'Newsletter' );
	await dialog().getByRole( 'button', { name: 'Add webhook' } ).click();
	const lines = dialog().locator( 'code' );
	await lines.first().waitFor();
	const [ to, secret ] = await lines.allTextContents();
	assert.match( secret ?? '', /^whsec_/ );
	await isWellMade( 'in-secret' );
	await button( 'I have copied it' ).click();
	const send = ( email: string ) =>
		fetch( to ?? '', {
			method: 'POST',
			headers: {
				'Content-Type': 'application/json',
				'User-Agent': 'Zapier',
				'X-Tandem-Secret': secret ?? '',
			},
			body: JSON.stringify( {
				contact: {
					email,
					first_name: 'Amina',
					last_name: 'Okafor',
					phone: '+234 1 234 56 78',
				},
				tags: [ { title: 'Gold' }, { title: 'Early bird' } ],
				access_token: 'needle-of-a-token',
				note: 'A long text that somebody has typed into a form, to see whether it still fits where it is shown beside its path.',
			} ),
		} ).then( ( answer ) => answer.status );
	await button( 'Set up' ).click();
	await page.getByText( 'Nothing has come yet.' ).waitFor();
	await isWellMade( 'in-empty' );
	assert.equal( await send( 'amina@people.test' ), 202 );
	await button( /^contact\.email/ ).waitFor();
	assert.doesNotMatch( await page.content(), /needle-of-a-token/ );
	await button( /^contact\.email/ ).click();
	await page.getByRole( 'menuitem', { name: 'Email address' } ).waitFor();
	await isWellMade( 'in-menu' );
	await page.getByRole( 'menuitem', { name: 'Email address' } ).click();
	await button( /^tags\.\*\.title/ ).click();
	await page.getByRole( 'menuitem', { name: 'Tags' } ).click();
	await button( 'Map what fits by its name' ).click();
	await button( /^contact\.phone/ ).click();
	await page.getByRole( 'menuitem', { name: 'A user meta field' } ).click();
	await page
		.getByText( 'With the last request: Amina', { exact: true } )
		.waitFor();
	await page.getByLabel( /^On:/ ).check();
	await isWellMade( 'in-mapped' );
	await button( 'Save changes' ).click();
	await page.getByText( 'Settings saved.' ).first().waitFor();
	assert.equal( await send( 'amina@people.test' ), 201 );
	const made = await account( a, 'amina' );
	assert.deepEqual(
		[ made?.email, made?.first, made?.roles ],
		[ 'amina@people.test', 'Amina', [ 'subscriber' ] ]
	);
	assert.deepEqual(
		await a.php(
			`return array( get_user_meta( ${ made?.id }, 'tandem_tag' ), get_user_meta( ${ made?.id }, 'phone', true ) );`
		),
		[ [ 'early bird', 'gold' ], '+234 1 234 56 78' ]
	);
	await page.getByLabel( /WP Fusion/ ).click();
	await dialog()
		.getByText( /access_key=/ )
		.waitFor();
	await isWellMade( 'in-form' );
	await button( 'I have copied it' ).click();
	await page.getByRole( 'link', { name: 'All webhooks' } ).click();
	await page.getByText( 'People created or changed: 1.' ).waitFor();
	await isWellMade( 'list' );
	await page.goto( adminPage( '&view=activity' ) );
	await page.getByText( 'amina', { exact: true } ).first().waitFor();
	await isWellMade( 'activity' );
} );
