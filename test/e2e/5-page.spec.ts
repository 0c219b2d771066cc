/**
 * The page in all its states: accessible by axe's rules, usable by keyboard
 * alone, not wider than a phone, and right from right to left.
 */
import { expect, test, type Locator, type Page } from '@playwright/test';

import { expectWellMade, writeFromTheRight } from './support/inspect';
import { card, goTo, loaded, open, sectionLink, tabTo } from './support/page';
import {
	A,
	adminOf,
	ARRIVES,
	B,
	changeAccount,
	connected,
	makeAccount,
	newestBackfill,
	settled,
} from './support/sites';

/** Somebody whose username is taken on B: waits for a decision, here and in the backfill. */
const waiting = `waiting-${ Date.now().toString( 36 ) }`;
const PHONE = { width: 390, height: 844 };

let site = 0;
/** Somebody who waits for a decision, on A. */
let person = 0;
/** An incoming webhook of A that has received a request. */
const HOOK = `Newsletter ${ waiting }`;
let hook = 0;

test.beforeAll( async () => {
	test.setTimeout( 300_000 );
	site = ( await connected() ).id;
	const who = { username: waiting, password: 'Waits for 12 days' };
	await makeAccount( B, { ...who, email: `${ waiting }@b.test` } );
	person = (
		await makeAccount( A, { ...who, email: `${ waiting }@a.test` } )
	).id;
	await settled();
	const admin = await adminOf( A );
	const made = await admin.rest< {
		hook: { id: number; address: string };
		secret: string;
	} >( 'POST', 'tandem/v1/webhooks/in', { name: HOOK } );
	hook = made.hook.id;
	await fetch( made.hook.address, {
		method: 'POST',
		body: JSON.stringify( {
			contact: { email: 'amina@mail.test', first_name: 'Amina' },
			tags: [ 'gold', 'early bird' ],
		} ),
		headers: {
			'Content-Type': 'application/json',
			'X-Tandem-Secret': made.secret,
		},
	} );
	await admin.rest( 'POST', 'tandem/v1/backfills', { site } );
	await expect
		.poll( async () => ( await newestBackfill() )?.state, ARRIVES )
		.toBe( 'ready' );
} );

const dialogOf = ( page: Page ): Locator => page.getByRole( 'dialog' );

async function close( page: Page ): Promise< void > {
	await page.keyboard.press( 'Escape' );
	await expect( dialogOf( page ) ).toHaveCount( 0 );
}

/** Opens something in the menu of B's card. */
async function choose( page: Page, item: string ): Promise< void > {
	await page
		.getByRole( 'button', { name: 'More actions for Site B' } )
		.click();
	await page.getByRole( 'menuitem', { name: item } ).click();
}

/** The one person who waits, in a table or as a card. */
const compare = ( page: Page ) =>
	page.getByText( waiting, { exact: true } ).first().click();

type Look = ( what: string ) => Promise< void >;

/** Every section, with what there is in it. */
async function sections( page: Page, look: Look ): Promise< void > {
	await open( page );
	await expect( card( page ) ).toBeVisible();
	await look( 'sites' );
	await page
		.getByRole( 'button', { name: 'More actions for Site B' } )
		.click();
	await expect(
		page.getByRole( 'menuitem', { name: 'Remove' } )
	).toBeVisible();
	await look( 'the menu of a site' );
	await page.getByRole( 'menuitem', { name: 'What syncs' } ).click();
	await loaded( page );
	const deletions = page.getByLabel(
		'Delete users there when they are deleted here'
	);
	if ( ! ( await deletions.isChecked() ) ) {
		await deletions.check();
	}
	await expect(
		page
			.getByRole( 'group', { name: 'Who gets the content' } )
			.getByRole( 'radio', { name: 'admin' } )
	).toBeVisible();
	await look( 'what syncs' );
	await page.getByLabel( 'Name of the site' ).fill( '' );
	await expect( page.getByText( 'The site needs a name.' ) ).toBeVisible();
	await look( 'what syncs, with an error' );
	await sectionLink( page, 'Backfill' ).click();
	await expect( dialogOf( page ) ).toBeVisible();
	await look( 'the question about unsaved changes' );
	await dialogOf( page ).getByRole( 'button', { name: 'Leave' } ).click();
	await loaded( page );
	await expect(
		page.getByRole( 'heading', { name: 'The preview is ready' } )
	).toBeVisible();
	await expect(
		page.getByText( waiting, { exact: true } ).first()
	).toBeVisible();
	await look( 'backfill' );
	await compare( page );
	await look( 'a conflict of a backfill' );
	await close( page );
	await goTo( page, 'Webhooks' );
	await expect( page.getByRole( 'article', { name: HOOK } ) ).toBeVisible();
	await look( 'webhooks' );
	await page.getByRole( 'button', { name: 'Add an address' } ).click();
	await look( 'add a webhook' );
	await close( page );
	await open( page, 'webhooks', { hook } );
	await page.getByRole( 'button', { name: /^contact\.email/ } ).click();
	await expect(
		page.getByRole( 'menuitem', { name: 'Email address' } )
	).toBeVisible();
	await look( 'a part of a request' );
	await page.getByRole( 'menuitem', { name: 'Email address' } ).click();
	await look( 'the map of a webhook' );
	await page.getByRole( 'button', { name: 'Discard' } ).click();
	await goTo( page, 'Activity' );
	await expect(
		page.getByText( waiting, { exact: true } ).first()
	).toBeVisible();
	await look( 'activity' );
	await compare( page );
	await look( 'a row of the activity' );
	await close( page );
	await page.getByRole( 'button', { name: 'Retry all…' } ).click();
	// How many there are depends on which tests have run before.
	const cause = dialogOf( page )
		.getByRole( 'option', {
			name: 'The username belongs to somebody else there',
		} )
		.first();
	await dialogOf( page )
		.getByLabel( 'Cause' )
		.selectOption(
			await cause.evaluate( ( it: HTMLOptionElement ) => it.value )
		);
	await look( 'retry all' );
	await close( page );
	await page.getByRole( 'tab', { name: 'Needs a decision' } ).click();
	await expect(
		page.getByText( waiting, { exact: true } ).first()
	).toBeVisible();
	await look( 'decisions' );
	await compare( page );
	await dialogOf( page )
		.getByRole( 'radio', { name: 'Create with another username' } )
		.check();
	await look( 'a decision' );
	await close( page );
	await goTo( page, 'Settings' );
	await page.getByLabel( 'Keep activity for (days)' ).fill( '0' );
	await expect( page.getByText( 'Enter a whole number' ) ).toBeVisible();
	await look( 'settings, with an error' );
	await page.getByRole( 'button', { name: 'Discard' } ).click();
	await look( 'settings' );
	const address = page
		.getByRole( 'region', { name: 'Mail about trouble' } )
		.getByRole( 'textbox' );
	await address.fill( 'owner@a.test' );
	await expectAbove( address, page.locator( '.tandem-save-bar' ) );
	await look( 'settings about mail' );
	await page.getByRole( 'button', { name: 'Discard' } ).click();
	await open( page, 'sites', { verify: site } );
	await expect(
		page.getByText( 'This needs Tandem on both sites' )
	).toBeVisible();
	await look( 'the verification of a plain site' );
	await open( page, 'sites', { explain: person } );
	await expect(
		page.getByRole( 'heading', { name: `How ${ waiting } is synced` } )
	).toBeVisible();
	await look( 'an explanation' );
	await page.goto( `${ A }/wp-admin/user-edit.php?user_id=${ person }` );
	await expect(
		page.getByRole( 'link', { name: 'Explain and compare' } )
	).toBeVisible();
	await look( 'the panel of a profile' );
}

/** What is typed into is not covered by what sticks to the foot of the window. */
async function expectAbove( field: Locator, bar: Locator ): Promise< void > {
	await expect
		.poll( async () => {
			const [ upper, lower ] = await Promise.all( [
				field.boundingBox(),
				bar.boundingBox(),
			] );
			return upper && lower && upper.y + upper.height <= lower.y;
		}, 'the field is above the bar' )
		.toBe( true );
}

/** Every dialog of the sites. */
async function dialogs( page: Page, look: Look ): Promise< void > {
	await open( page );
	await choose( page, 'Test connection' );
	await expect( dialogOf( page ).getByRole( 'list' ).first() ).toBeVisible();
	await look( 'the test of a connection' );
	await close( page );
	await choose( page, 'Reconnect' );
	await look( 'reconnect' );
	await dialogOf( page )
		.getByRole( 'button', { name: 'Enter a user name' } )
		.click();
	await dialogOf( page ).getByLabel( 'User name' ).fill( 'admin' );
	await dialogOf( page )
		.getByLabel( 'Application password' )
		.fill( 'not this one' );
	await dialogOf( page ).getByRole( 'button', { name: 'Reconnect' } ).click();
	await expect(
		dialogOf( page ).locator( '.components-notice' )
	).toBeVisible();
	await look( 'reconnect by hand, with an error' );
	await close( page );
	await choose( page, 'Remove' );
	await look( 'remove' );
	await close( page );
	await page.getByRole( 'button', { name: 'Add site' } ).click();
	await look( 'add a site' );
	await dialogOf( page )
		.getByLabel( 'Site address' )
		.fill( 'http://127.0.0.1:9' );
	await page.keyboard.press( 'Enter' );
	await expect(
		dialogOf( page ).getByRole( 'button', { name: 'Check again' } )
	).toBeVisible();
	await look( 'add a site that does not answer' );
	await dialogOf( page ).getByRole( 'button', { name: 'Back' } ).click();
	await dialogOf( page ).getByLabel( 'Site address' ).fill( B );
	await page.keyboard.press( 'Enter' );
	await expect(
		dialogOf( page ).getByRole( 'button', { name: 'Enter a user name' } )
	).toBeVisible();
	await look( 'add a site that answers' );
	await close( page );
}

test.describe( 'every section and every dialog', () => {
	test.setTimeout( 400_000 );

	test( 'in a wide window', async ( { page } ) => {
		const look: Look = ( what ) => expectWellMade( page, what );
		await sections( page, look );
		await dialogs( page, look );
	} );

	test( 'on a phone', async ( { page } ) => {
		await page.setViewportSize( PHONE );
		const look: Look = ( what ) =>
			expectWellMade( page, `${ what } on a phone` );
		await sections( page, look );
	} );

	test( 'on a phone, from right to left', async ( { page } ) => {
		await page.setViewportSize( PHONE );
		await writeFromTheRight( page );
		await open( page );
		await expect( page.locator( 'html' ) ).toHaveAttribute( 'dir', 'rtl' );
		const look: Look = ( what ) =>
			expectWellMade( page, `${ what } from right to left` );
		await sections( page, look );
		await dialogs( page, look );
	} );
} );

test( 'that nothing works in the background is said on every section, for as long as somebody waits', async ( {
	page,
} ) => {
	const admin = await adminOf( A );
	const notice = page
		.locator( '.tandem-notice' )
		.filter( { hasText: 'it last did 2 hours ago' } );
	await admin.rest( 'POST', 'wp/v2/settings', { asleep: true } );
	try {
		await admin.rest( 'POST', `tandem/v1/sites/${ site }/pause` );
		await changeAccount( A, person, { first_name: 'Waits' } );
		for ( const section of [
			'sites',
			'backfill',
			'webhooks',
			'activity',
			'settings',
		] as const ) {
			await open( page, section );
			await expect( notice ).toBeVisible();
			await expectWellMade( page, `${ section }, and nothing works` );
		}
		await page.setViewportSize( PHONE );
		await expectWellMade( page, 'on a phone, and nothing works' );
	} finally {
		await admin.rest( 'POST', 'wp/v2/settings', { asleep: false } );
		await admin.rest( 'POST', `tandem/v1/sites/${ site }/resume` );
	}
	await open( page );
	await expect( card( page ) ).toBeVisible();
	await expect( page.getByText( 'it last did 2 hours ago' ) ).toHaveCount(
		0
	);
} );

test( 'what can’t be loaded or sent is said, and can be tried again', async ( {
	page,
	context,
} ) => {
	await open( page );
	await expect( card( page ) ).toBeVisible();
	await context.setOffline( true );
	await card( page ).getByRole( 'button', { name: 'Sync now' } ).click();
	await expect(
		card( page ).getByText( 'You seem to be offline' )
	).toBeVisible();
	await expectWellMade( page, 'a site that could not be synced' );
	await sectionLink( page, 'Settings' ).click();
	await expect( page.getByText( 'This could not be loaded' ) ).toBeVisible();
	await expectWellMade( page, 'settings that could not be loaded' );
	await context.setOffline( false );
	await page.getByRole( 'button', { name: 'Try again' } ).click();
	await expect( page.getByLabel( 'Keep activity for (days)' ) ).toBeVisible();
} );

test( 'with the keyboard alone a site is removed, the sections are gone through, and the site is added by hand', async ( {
	page,
} ) => {
	test.setTimeout( 300_000 );
	await open( page );
	await tabTo(
		page,
		page.getByRole( 'button', { name: 'More actions for Site B' } )
	);
	await page.keyboard.press( 'Enter' );
	await expect(
		page.getByRole( 'menuitem', { name: 'What syncs' } )
	).toBeFocused();
	const items = await page
		.getByRole( 'menu', { name: 'More actions for Site B' } )
		.getByRole( 'menuitem' )
		.count();
	expect( items ).toBeGreaterThan( 1 );
	for ( let step = 1; step < items; step++ ) {
		await page.keyboard.press( 'ArrowDown' );
	}
	await expect(
		page.getByRole( 'menuitem', { name: 'Remove' } )
	).toBeFocused();
	await page.keyboard.press( 'Enter' );
	await tabTo(
		page,
		dialogOf( page ).getByRole( 'button', { name: 'Remove' } )
	);
	await page.keyboard.press( 'Enter' );
	await expect( page.getByText( 'No sites yet' ) ).toBeVisible();
	await expectWellMade( page, 'no sites' );

	await tabTo( page, sectionLink( page, 'Backfill' ) );
	await page.keyboard.press( 'Enter' );
	await expect( page.getByText( 'No site to fill' ) ).toBeVisible();
	await expectWellMade( page, 'backfill without a site' );
	await tabTo( page, sectionLink( page, 'Activity' ) );
	await page.keyboard.press( 'Enter' );
	await tabTo( page, page.getByRole( 'tab', { name: 'All activity' } ) );
	await page.keyboard.press( 'ArrowRight' );
	await page.keyboard.press( 'Enter' );
	await expect( page.getByText( 'Nothing to decide' ) ).toBeVisible();
	await expectWellMade( page, 'nothing to decide' );

	const onB = await adminOf( B );
	const password = await onB.makeApplicationPassword(
		`By hand ${ waiting }`
	);
	await page.goto( `${ A }/wp-admin/users.php?page=tandem-user-sync` );
	await tabTo(
		page,
		page.getByRole( 'button', { name: 'Add site' } ).first()
	);
	await page.keyboard.press( 'Enter' );
	const dialog = dialogOf( page );
	await expect( dialog.getByLabel( 'Site address' ) ).toBeFocused();
	await page.keyboard.type( B );
	await page.keyboard.press( 'Enter' );
	await tabTo(
		page,
		dialog.getByRole( 'button', { name: 'Enter a user name' } )
	);
	await page.keyboard.press( 'Enter' );
	await tabTo( page, dialog.getByLabel( 'User name' ) );
	await page.keyboard.type( 'admin' );
	await page.keyboard.press( 'Tab' );
	await page.keyboard.type( password );
	await page.keyboard.press( 'Enter' );
	await expect(
		page.getByRole( 'heading', { name: 'What syncs to Site B' } )
	).toBeVisible();
} );
