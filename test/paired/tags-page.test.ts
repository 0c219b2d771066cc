/**
 * Tags where people meet them, in a real browser: on the profile, in the list of users, and as a block in the editor
 * of the oldest and the newest WordPress.
 */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before as beforeAll, test } from 'node:test';

import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type Page } from '@playwright/test';

import { ensureChromium, launchOptions } from '../../tools/chromium';
import { Lab, type LabSite } from '../lab';
import { php, register } from './support';

const PICTURES = join( __dirname, '../../artifacts/paired' );

let lab: Lab;
let browser: Browser;

beforeAll( async () => {
	await ensureChromium();
	lab = await Lab.up( {
		durable: false,
		sites: [
			{ name: 'a', wp: '7.1', plugin: true },
			{ name: 'b', wp: '6.8', plugin: true },
		],
	} );
	await mkdir( PICTURES, { recursive: true } );
	browser = await chromium.launch( launchOptions() );
} );

after( async () => {
	await browser?.close();
	await lab?.down();
} );

/** A page on which the administrator is logged in. */
async function admin( site: LabSite, path: string ): Promise< Page > {
	const context = await browser.newContext( {
		reducedMotion: 'reduce',
		viewport: { width: 1280, height: 900 },
	} );
	const page = await context.newPage();
	page.setDefaultTimeout( 20_000 );
	await page.goto( `${ site.url }/wp-admin/${ path }` );
	await page.locator( '#user_login' ).fill( site.adminUsername );
	await page.locator( '#user_pass' ).fill( site.adminPassword );
	await page.locator( '#wp-submit' ).click();
	// The editor is much to load: what a test needs of it, it waits for itself.
	await page.waitForURL( ( url ) => url.pathname.startsWith( '/wp-admin' ), {
		waitUntil: 'commit',
		timeout: 60_000,
	} );
	return page;
}

async function picture( page: Page, name: string ): Promise< void > {
	await page.screenshot( {
		path: join( PICTURES, `${ name }.png` ),
		fullPage: true,
	} );
}

const tags = ( site: LabSite, login: string ) =>
	site.php(
		`return tandem_user_tags( get_user_by( 'login', ${ php( login ) } )->ID );`
	);

test( 'tags are typed on the profile, and given to many in the list', async () => {
	const a = lab.site( 'a' );
	const maria = await register( a, 'maria', 'secret of maria' );
	await register( a, 'nadia', 'secret of nadia' );
	const page = await admin( a, `user-edit.php?user_id=${ maria }` );
	await page
		.getByLabel( 'Tags of this user' )
		.fill( 'VIP, Course: Yoga Basics' );
	await picture( page, 'tags-profile' );
	await page.locator( '#submit' ).click();
	await page.getByText( 'User updated.' ).waitFor();
	assert.equal(
		await page.getByLabel( 'Tags of this user' ).inputValue(),
		'course: yoga basics, vip'
	);

	await page.goto( `${ a.url }/wp-admin/users.php` );
	for ( const name of [ 'maria', 'nadia' ] ) {
		await page.getByLabel( `Select ${ name }` ).check();
	}
	await page.locator( '#bulk-action-selector-top' ).selectOption( {
		label: 'Add tag',
	} );
	await page.locator( '#tandem_tag' ).fill( 'Newsletter' );
	await picture( page, 'tags-bulk' );
	await page.locator( '#doaction' ).click();
	await page.getByText( '2 users were tagged.' ).waitFor();
	assert.deepEqual( await tags( a, 'nadia' ), [ 'newsletter' ] );

	await page.locator( '#tandem_tag' ).fill( 'VIP' );
	await page.locator( '#tandem_filter' ).click();
	await page.waitForURL( /tandem_tag=VIP/ );
	assert.equal( await page.locator( '#the-list tr' ).count(), 1 );
	await picture( page, 'tags-list' );
	const { violations } = await new AxeBuilder( { page } )
		.include( '.tablenav.top' )
		.include( '#the-list' )
		.analyze();
	assert.deepEqual(
		violations.map( ( { id, nodes } ) => `${ id }: ${ nodes[ 0 ]?.html }` ),
		[]
	);
	await page.setViewportSize( { width: 390, height: 844 } );
	await picture( page, 'tags-list-phone' );
	await page.context().close();
} );

for ( const name of [ 'a', 'b' ] ) {
	test( `the block is put into a post and set up in the editor (${ name })`, async () => {
		const site = lab.site( name );
		const page = await admin( site, 'post-new.php' );
		const faults: string[] = [];
		page.on( 'pageerror', ( error ) => faults.push( error.message ) );
		await page.waitForFunction(
			`window.wp?.blocks?.getBlockType( 'tandem/only-for' ) && window.wp.data.select( 'core/editor' ).getCurrentPostId()`,
			undefined,
			{ timeout: 60_000 }
		);
		await page.evaluate( `
			wp.data.dispatch( 'core/preferences' ).set( 'core/edit-post', 'welcomeGuide', false );
			wp.data.dispatch( 'core/editor' ).editPost( { title: 'Lesson' } );
			wp.data.dispatch( 'core/block-editor' ).insertBlocks( [
				wp.blocks.createBlock( 'core/paragraph', { content: 'For all.' } ),
				wp.blocks.createBlock( 'tandem/only-for', {}, [ wp.blocks.createBlock( 'core/paragraph', { content: 'The secret lesson.' } ) ] ),
			] );
		` );
		const canvas = page
			.locator( 'iframe[name="editor-canvas"]' )
			.contentFrame();
		const hint = canvas.getByText( 'Nobody sees this yet' );
		await hint.waitFor();
		await page.evaluate(
			`wp.data.dispatch( 'core/block-editor' ).selectBlock( wp.data.select( 'core/block-editor' ).getBlocks().find( ( { name } ) => name === 'tandem/only-for' ).clientId ); wp.data.dispatch( 'core/interface' )?.enableComplementaryArea( 'core', 'edit-post/block' );`
		);
		const field = page.getByRole( 'combobox', { name: 'Tags' } );
		await field.fill( 'VIP Gold' );
		await field.press( 'Enter' );
		await canvas.getByText( 'For people with the tag: vip gold' ).waitFor();
		await picture( page, `tags-block-${ name }` );
		const content = String(
			await page.evaluate(
				`wp.data.select( 'core/editor' ).getEditedPostContent()`
			)
		);
		assert.match(
			content,
			/<!-- wp:tandem\/only-for {"tags":\["vip gold"\]} -->\s*<!-- wp:paragraph -->\s*<p>The secret lesson\.<\/p>/
		);
		await page.evaluate(
			`wp.data.dispatch( 'core/editor' ).editPost( { status: 'publish' } ); wp.data.dispatch( 'core/editor' ).savePost()`
		);
		await page.waitForFunction(
			`wp.data.select( 'core/editor' ).didPostSaveRequestSucceed()`
		);
		const link = String(
			await page.evaluate(
				`wp.data.select( 'core/editor' ).getCurrentPost().link`
			)
		);
		await page.reload();
		await canvas.getByText( 'The secret lesson.' ).waitFor();
		assert.equal(
			await canvas.getByText( 'unexpected or invalid content' ).count(),
			0
		);
		assert.deepEqual( faults, [] );
		await page.context().close();
		const seen = await ( await site.visitor().request( link ) ).text();
		assert.match( seen, /For all\./ );
		assert.doesNotMatch( seen, /secret lesson/ );
	} );
}

test( 'what other ways of syncing have left is shown and taken over', async () => {
	const [ a, b ] = [ lab.site( 'a' ), lab.site( 'b' ) ];
	await lab.pair( 'a', 'b' );
	await a.php( `
		update_option( 'wprus', array( 'sites' => array(
			array( 'url' => ${ php( b.url ) }, 'outgoing_actions' => array( 'create' => 1, 'update' => 1, 'meta' => 1, 'delete' => 1 ), 'incoming_actions' => array( 'update' => 1 ), 'outgoing_meta' => array( 'billing_phone' ), 'outgoing_roles' => array( 'subscriber' ) ),
			array( 'url' => 'https://forum.example', 'outgoing_actions' => array( 'create' => 1 ) ),
		) ) );
		update_user_meta( get_user_by( 'login', 'maria' )->ID, 'user_id_2', 12 );
		return true;` );
	const page = await admin(
		a,
		'users.php?page=tandem-user-sync&view=settings'
	);
	const card = page.getByRole( 'region', { name: 'Import' } );
	await card.waitFor();
	await card.getByLabel( 'They belong to' ).selectOption( { index: 1 } );
	await card.getByText( 'The accounts there are not known yet.' ).waitFor();
	await picture( page, 'import' );
	const { violations } = await new AxeBuilder( { page } )
		.include( '#wpbody' )
		.analyze();
	assert.deepEqual(
		violations.map( ( { id, nodes } ) => `${ id }: ${ nodes[ 0 ]?.html }` ),
		[]
	);
	await page.setViewportSize( { width: 390, height: 844 } );
	await picture( page, 'import-phone' );
	await card
		.getByRole( 'button', { name: 'Take over these settings' } )
		.click();
	await page.getByText( 'Settings taken over.' ).first().waitFor();
	assert.deepEqual(
		await a.php(
			`return json_decode( $GLOBALS['wpdb']->get_var( "SELECT settings FROM {$GLOBALS['wpdb']->prefix}tandem_sites" ), true )['meta'];`
		),
		[ 'billing_phone' ]
	);
	await a.php(
		`update_option( 'active_plugins', array( ...get_option( 'active_plugins' ), 'wp-remote-users-sync/wprus.php' ) ); return true;`
	);
	await page.setViewportSize( { width: 1280, height: 900 } );
	await page.goto( `${ a.url }/wp-admin/users.php?page=tandem-user-sync` );
	await page
		.getByText( 'WP Remote Users Sync is at work for this site too.' )
		.waitFor();
	await picture( page, 'held-by-another' );
	await page.context().close();
} );
