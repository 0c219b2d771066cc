/**
 * A rule as the owner makes it, in a real browser on two real sites: choose what happens here and what is done there,
 * look at a dry run, apply it.
 */
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type Page } from '@playwright/test';

import { ensureChromium, launchOptions } from '../../tools/chromium';
import { Lab, type LabSite } from '../lab';
import { waitUntil } from '../lab/process';
import { account, becomes, register } from './support';

const PICTURES = join( __dirname, '../../artifacts/paired' );

let lab: Lab;
let a: LabSite;
let b: LabSite;
let browser: Browser;
let page: Page;
let yoga: unknown;

const standIn = ( name: string ) =>
	readFile( join( __dirname, '../stand-ins', name ), 'utf8' );

before( async () => {
	await ensureChromium();
	lab = await Lab.up( {
		durable: false,
		sites: [
			{ name: 'a', wp: '7.1', plugin: true },
			{ name: 'b', wp: '7.1', plugin: true },
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
	yoga = await b.php(
		"return wp_insert_post( array( 'post_type' => 'sfwd-courses', 'post_status' => 'publish', 'post_title' => 'Yoga, ten evenings' ) );"
	);
	await lab.pair( 'a', 'b' );
	await register( a, 'anna', 'secret of anna' );
	await becomes( b, 'anna', ( it ) => it !== null, 'anna is made' );
	await a.php(
		`stand_in_order( array( 'customer' => ${ ( await account( a, 'anna' ) )?.id }, 'items' => array( 1 => array( 'product' => 45 ) ) ) )->update_status( 'completed' ); return true;`
	);
	await mkdir( PICTURES, { recursive: true } );
	browser = await chromium.launch( launchOptions() );
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

async function isWellMade( name: string, part = '#wpbody' ): Promise< void > {
	await page.screenshot( {
		path: join( PICTURES, `${ name }.png` ),
		fullPage: true,
	} );
	const { violations } = await new AxeBuilder( { page } )
		.include( part )
		// WordPress's own, over the page for a moment.
		.exclude( '.components-snackbar' )
		.analyze();
	assert.deepEqual(
		violations.map( ( { id, nodes } ) => [
			id,
			nodes.map( ( { html } ) => html ),
		] ),
		[],
		name
	);
}

test( 'the owner makes a rule, sees whom it concerns, and applies it', async () => {
	await page.goto(
		`${ a.url }/wp-login.php?redirect_to=${ encodeURIComponent( `${ a.url }/wp-admin/users.php?page=tandem-user-sync` ) }`
	);
	await page.locator( '#user_login' ).fill( a.adminUsername );
	await page.locator( '#user_pass' ).fill( a.adminPassword );
	await page.locator( '#wp-submit' ).click();
	await page.getByRole( 'button', { name: /^More actions for/ } ).click();
	await page.getByRole( 'menuitem', { name: 'Rules' } ).click();
	await page.getByText( 'When this happens here, do that there' ).waitFor();
	await isWellMade( 'rules-none' );

	await page.getByRole( 'button', { name: 'Add rule' } ).click();
	const dialog = page.getByRole( 'dialog' );
	await dialog.getByRole( 'combobox', { name: 'Product' } ).click();
	await page.getByRole( 'option', { name: 'Yoga Basics' } ).click();
	await dialog.getByRole( 'combobox', { name: 'Course' } ).click();
	await page.getByRole( 'option', { name: /^Yoga, ten evenings/ } ).click();
	await isWellMade( 'rule-new', '.components-modal__frame' );
	await page.setViewportSize( { width: 390, height: 844 } );
	await isWellMade( 'rule-new-phone', '.components-modal__frame' );
	await page.setViewportSize( { width: 1280, height: 900 } );
	await dialog.getByRole( 'button', { name: 'Add rule' } ).click();
	await page
		.getByText(
			'When Yoga Basics is bought, enrol in Yoga, ten evenings there'
		)
		.waitFor();
	await isWellMade( 'rules' );

	await page.getByRole( 'button', { name: /^Dry run/ } ).click();
	await dialog.getByText( '1 person would get it now.' ).waitFor();
	await isWellMade( 'rule-dry-run', '.components-modal__frame' );
	await dialog.getByRole( 'button', { name: 'Apply to 1 person' } ).click();
	await waitUntil(
		async () =>
			Boolean(
				await b.php(
					`return sfwd_lms_has_access( ${ yoga }, get_user_by( 'login', 'anna' )->ID );`
				)
			),
		'anna is not enrolled'
	);
	await page.getByText( /^Last ran/ ).waitFor();
	await page.setViewportSize( { width: 390, height: 844 } );
	await isWellMade( 'rules-phone' );
	await page.setViewportSize( { width: 1280, height: 900 } );
	await page.getByRole( 'link', { name: 'Activity', exact: true } ).click();
	await page.getByText( 'Rule', { exact: true } ).first().waitFor();
	await isWellMade( 'rules-activity' );
} );

test( 'the other owner chooses the courses', async () => {
	const context = await browser.newContext( {
		reducedMotion: 'reduce',
		viewport: { width: 1280, height: 900 },
	} );
	page = await context.newPage();
	page.setDefaultTimeout( 20_000 );
	await page.goto(
		`${ b.url }/wp-login.php?redirect_to=${ encodeURIComponent( `${ b.url }/wp-admin/users.php?page=tandem-user-sync&view=sites&site=1` ) }`
	);
	await page.locator( '#user_login' ).fill( b.adminUsername );
	await page.locator( '#user_pass' ).fill( b.adminPassword );
	await page.locator( '#wp-submit' ).click();
	await page.getByLabel( 'Only some' ).click();
	await page.getByLabel( 'Yoga, ten evenings' ).click();
	await isWellMade( 'rules-policy' );
	await page.getByRole( 'button', { name: 'Save changes' } ).click();
	await page.getByText( 'Settings saved.' ).first().waitFor();
	assert.deepEqual(
		await b.php(
			'global $wpdb; $p = json_decode( $wpdb->get_var( "SELECT policy FROM {$wpdb->prefix}tandem_sites" ), true ); return array( $p["courses"], $p["courseList"] );'
		),
		[ 'some', [ `learndash/course:${ String( yoga ) }` ] ]
	);
} );
