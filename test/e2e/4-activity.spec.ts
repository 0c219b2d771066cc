/**
 * The activity: what went wrong is said in a sentence and can be tried again,
 * who waits for a decision gets one, and filters find what is looked for.
 */
import { expect, test, type Locator, type Page } from '@playwright/test';

import { goTo, open } from './support/page';
import {
	A,
	ARRIVES,
	B,
	connected,
	deleteAccount,
	expectOnB,
	makeAccount,
	settled,
} from './support/sites';

/** New names for each run of this file: the record forgets nothing. */
const mark = Date.now().toString( 36 );
const fine = `fine-${ mark }`;
const taken = `taken-${ mark }`;
const double = `double-${ mark }`;

const person = ( username: string, host: string ) => ( {
	username,
	email: `${ username }@${ host }.test`,
	password: 'Only 12 letters',
} );

test.describe.configure( { mode: 'serial' } );

let takenThere = 0;

test.beforeAll( async () => {
	test.setTimeout( 300_000 );
	await connected();
	const [ one ] = await Promise.all( [
		makeAccount( B, person( taken, 'b' ) ),
		makeAccount( B, person( double, 'b' ) ),
	] );
	takenThere = one.id;
	for ( const name of [ taken, double, fine ] ) {
		await makeAccount( A, person( name, 'a' ) );
	}
	await settled();
} );

function row( page: Page, username: string ): Locator {
	return page
		.getByRole( 'row' )
		.filter( { has: page.getByText( username, { exact: true } ) } );
}

test( 'who could not be brought over is in the record with the reason, and can be retried when it is mended', async ( {
	page,
} ) => {
	await open( page );
	await goTo( page, 'Activity' );
	await expect( row( page, taken ) ).toContainText( 'Needs attention' );
	await expect( row( page, taken ) ).toContainText( `username “${ taken }”` );

	// Mended there, by hand.
	await deleteAccount( B, takenThere );
	await row( page, taken )
		.getByRole( 'button', { name: 'View details' } )
		.click();
	const dialog = page.getByRole( 'dialog', { name: 'User created' } );
	await expect( dialog ).toContainText( person( taken, 'a' ).email );
	await dialog.getByRole( 'button', { name: 'Retry', exact: true } ).click();
	await expect( dialog ).toBeHidden();
	await expectOnB( taken ).toMatchObject( {
		email: person( taken, 'a' ).email,
	} );
	await expect( row( page, taken ).first() ).toContainText(
		'Synced',
		ARRIVES
	);
} );

test( 'filters and the search find rows, and the address of a filter can be kept', async ( {
	page,
} ) => {
	await open( page, 'activity', { result: 'attention' } );
	await expect( row( page, double ) ).toHaveCount( 1 );
	await expect( row( page, fine ) ).toHaveCount( 0 );

	await open( page, 'activity' );
	const search = page.getByRole( 'searchbox', { name: 'Search users' } );
	await search.fill( fine );
	await expect( row( page, fine ) ).toHaveCount( 1 );
	await expect( row( page, double ) ).toHaveCount( 0 );
	await search.fill( `nobody-${ mark }` );
	await expect( page.getByText( 'Nothing matches' ) ).toBeVisible();
	await search.fill( '' );
	await expect( row( page, double ) ).toHaveCount( 1 );

	// The filter's own, not that of the column.
	await page
		.getByRole( 'button', { name: 'Result', exact: true } )
		.first()
		.click();
	await page.getByRole( 'option', { name: 'Needs attention' } ).click();
	await page.keyboard.press( 'Escape' );
	await expect( row( page, fine ) ).toHaveCount( 0 );
	await expect( row( page, double ) ).toHaveCount( 1 );
	await page.getByText( 'Reset', { exact: true } ).click();
	await expect( row( page, fine ) ).toHaveCount( 1 );
} );

test( 'who waits for a decision gets an account under the username that the owner types', async ( {
	page,
} ) => {
	await open( page, 'activity', { tab: 'decisions' } );
	await row( page, double )
		.getByRole( 'button', { name: 'Compare and decide' } )
		.click();
	const dialog = page.getByRole( 'dialog', { name: double } );
	await expect( dialog ).toContainText( person( double, 'a' ).email );
	await expect( dialog ).toContainText( person( double, 'b' ).email );
	await dialog
		.getByRole( 'radio', { name: 'Create with another username' } )
		.check();
	await dialog
		.getByRole( 'textbox', { name: 'Username there' } )
		.fill( `${ double }-of-a` );
	await dialog.getByRole( 'button', { name: 'Decide' } ).click();
	await expect( dialog ).toBeHidden();
	await expect( row( page, double ) ).toHaveCount( 0 );
	await expectOnB( `${ double }-of-a` ).toMatchObject( {
		email: person( double, 'a' ).email,
	} );
} );
