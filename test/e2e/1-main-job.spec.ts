/**
 * The main job, as the owner and the customer see it: connect two sites through the
 * page, register on A, log in on B.
 */
import { expect, test } from '@playwright/test';

import { Visitor } from '../../tools/sites/visitor';

const A = `http://127.0.0.1:${ process.env.TANDEM_PORT_A }`;
const B = `http://127.0.0.1:${ process.env.TANDEM_PORT_B }`;

test( 'two sites are connected through the page, and a person who is made on A gets in on B', async ( {
	page,
	baseURL,
} ) => {
	expect( baseURL ).toBe( A );
	await page.goto( '/wp-admin/users.php?page=tandem-user-sync' );
	await page.getByRole( 'button', { name: 'Add site' } ).first().click();
	const dialog = page.getByRole( 'dialog' );
	await dialog.getByRole( 'textbox' ).first().fill( B );
	await page.keyboard.press( 'Enter' );
	await dialog
		.getByRole( 'button', { name: 'Connect', exact: true } )
		.click();

	await page.waitForURL( ( url ) => url.origin === B );
	await page.locator( '#user_login' ).fill( 'admin' );
	await page.locator( '#user_pass' ).fill( 'password' );
	await page.locator( '#wp-submit' ).click();
	await page.locator( '#approve' ).click();

	await page.waitForURL( ( url ) => url.origin === A );
	await expect( page ).toHaveURL( /page=tandem-user-sync$/ );
	await expect(
		page.getByText( 'Connected', { exact: true } ).first()
	).toBeVisible();

	const admin = new Visitor( A );
	expect( await admin.logIn( 'admin', 'password' ) ).toBe( true );
	await admin.rest( 'POST', 'wp/v2/users', {
		username: 'maria',
		email: 'maria@example.org',
		password: "Maria's secret",
	} );
	const maria = new Visitor( B );
	await expect
		.poll( () => maria.logIn( 'maria', "Maria's secret" ), {
			timeout: 90_000,
		} )
		.toBe( true );
	expect( await maria.logIn( 'maria', 'something else' ) ).toBe( false );
} );
