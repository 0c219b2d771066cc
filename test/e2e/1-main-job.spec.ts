/**
 * The main job, as the owner and the customers see it: two sites are connected
 * through the page; what happens to a person on A is true on B a moment later.
 */
import {
	expect,
	test as base,
	type BrowserContext,
	type Page,
} from '@playwright/test';

import type { ActivityItem } from '../../admin-src/types';
import { card, open, tabTo } from './support/page';
import {
	A,
	account,
	accountsOf,
	adminOf,
	ARRIVES,
	B,
	connected,
	expectOnB,
	expectPasswordOnB,
	getsIn,
	mailTo,
	settled,
} from './support/sites';

/** Rosa, who registers herself; `page` is the owner's. */
const rosa = {
	username: 'rosa',
	email: 'rosa@example.org',
	// Strong ones: WordPress asks again about others.
	passwords: [
		"Rosa's first garden, 41 trees",
		'Rosas “zweiter” Gärten: 42',
		'Rosa <third> garden & %27 43',
	] as const,
};
const ivo = {
	username: 'ivo',
	email: 'ivo@example.org',
	password: 'Ivo keeps 4711 bees at home',
};

const test = base.extend< { customer: Page } >( {
	// Somebody else's browser, in which nobody is logged in.
	customer: async ( { browser }, provide ) => {
		const context: BrowserContext = await browser.newContext( {
			storageState: undefined,
		} );
		await provide( await context.newPage() );
		await context.close();
	},
} );

async function logIn( page: Page, password: string ): Promise< void > {
	await page.goto( `${ A }/wp-login.php` );
	await page.getByLabel( 'Username or Email Address' ).fill( rosa.username );
	await page.locator( '#user_pass' ).fill( password );
	await page.getByRole( 'button', { name: 'Log In' } ).click();
	await page.waitForURL( /wp-admin/ );
}

/** Types a new password into WordPress's box for one. */
async function typePassword( page: Page, password: string ): Promise< void > {
	const box = page.locator( '#pass1' );
	// WordPress proposes one as soon as it has loaded what that takes, whatever has been typed until then.
	await expect( box ).toHaveValue( /./ );
	await box.fill( password );
}

/** Opens the link of a mail and sets the password behind it. */
async function setByLink( page: Page, password: string ): Promise< void > {
	const { text } = await mailTo( rosa.email );
	const link = /https?:\/\/\S+action=rp\S*/.exec( text )?.[ 0 ];
	await page.goto( link as string );
	await typePassword( page, password );
	await page.getByRole( 'button', { name: 'Save Password' } ).click();
	await expect( page.getByText( 'Your password has been' ) ).toBeVisible();
}

// A life: each test goes on where the one before it has ended.
test.describe.configure( { mode: 'serial' } );

test( 'the owner connects two sites through the page, with the keyboard alone', async ( {
	page,
	baseURL,
} ) => {
	expect( baseURL ).toBe( A );
	await open( page );
	await tabTo(
		page,
		page.getByRole( 'button', { name: 'Add site' } ).first()
	);
	await page.keyboard.press( 'Enter' );
	const dialog = page.getByRole( 'dialog' );
	// The box has the focus already.
	await expect(
		dialog.getByRole( 'textbox', { name: 'Site address' } )
	).toBeFocused();
	await page.keyboard.type( B );
	await page.keyboard.press( 'Enter' );
	await tabTo(
		page,
		dialog.getByRole( 'button', { name: 'Connect', exact: true } )
	);
	await page.keyboard.press( 'Enter' );

	await page.waitForURL( ( url ) => url.origin === B );
	await page.locator( '#user_login' ).fill( 'admin' );
	await page.locator( '#user_pass' ).fill( 'password' );
	await page.keyboard.press( 'Enter' );
	const approve = page.getByRole( 'button', {
		name: 'Yes, I approve of this connection',
	} );
	await tabTo( page, approve );
	await page.keyboard.press( 'Enter' );

	await page.waitForURL( ( url ) => url.origin === A );
	await expect( page ).toHaveURL( /page=tandem-user-sync$/ );
	await expect(
		page.getByText( 'Connected with Site B.', { exact: true } )
	).toBeVisible();
	await expect( card( page ) ).toContainText( 'Connected' );
} );

test( 'a person registers with the form of A and sets a password by the link in the mail', async ( {
	customer,
} ) => {
	await customer.goto( `${ A }/wp-login.php?action=register` );
	await customer.getByLabel( 'Username' ).fill( rosa.username );
	await customer.getByLabel( 'Email' ).fill( rosa.email );
	await customer.getByRole( 'button', { name: 'Register' } ).click();
	await expect( customer.getByText( 'Registration complete' ) ).toBeVisible();
	await setByLink( customer, rosa.passwords[ 0 ] );

	await expectPasswordOnB( rosa.username, rosa.passwords[ 0 ], 'not this' );
	await expectOnB( rosa.username ).toMatchObject( {
		email: rosa.email,
		roles: [ 'subscriber' ],
	} );
} );

test( 'the owner adds a person in wp-admin', async ( { page } ) => {
	await page.goto( `${ A }/wp-admin/user-new.php` );
	await page.getByLabel( 'Username (required)' ).fill( ivo.username );
	await page.getByLabel( 'Email (required)' ).fill( ivo.email );
	await page.getByLabel( 'First Name' ).fill( 'Ivo' );
	await typePassword( page, ivo.password );
	await page.getByLabel( 'Role' ).selectOption( 'author' );
	await page.getByRole( 'button', { name: 'Add User' } ).click();
	await page.waitForURL( /users\.php/ );

	await expectPasswordOnB( ivo.username, ivo.password, 'not this' );
	await expectOnB( ivo.username ).toMatchObject( {
		email: ivo.email,
		first_name: 'Ivo',
		roles: [ 'author' ],
	} );
} );

test( 'a person changes name and email on the profile screen; the email counts when it is confirmed', async ( {
	customer,
} ) => {
	const email = 'rosa.new@example.org';
	await logIn( customer, rosa.passwords[ 0 ] );
	await customer.goto( `${ A }/wp-admin/profile.php` );
	await customer.getByLabel( 'First Name' ).fill( 'Rosa María' );
	await customer.getByLabel( 'Last Name' ).fill( 'O’Neill' );
	await customer.getByLabel( 'Email (required)' ).fill( email );
	await customer.getByRole( 'button', { name: 'Update Profile' } ).click();
	await expect( customer.getByText( 'Profile updated.' ) ).toBeVisible();
	await expectOnB( rosa.username ).toMatchObject( {
		first_name: 'Rosa María',
		last_name: 'O’Neill',
		email: rosa.email,
	} );

	const { text } = await mailTo( email );
	const link = /https?:\/\/\S+newuseremail=\S+/.exec( text )?.[ 0 ];
	await customer.goto( link as string );
	await expectOnB( rosa.username ).toMatchObject( { email } );
	rosa.email = email;
} );

test( 'a person changes the password on the profile screen', async ( {
	customer,
} ) => {
	await logIn( customer, rosa.passwords[ 0 ] );
	await customer.goto( `${ A }/wp-admin/profile.php` );
	await customer.getByRole( 'button', { name: 'Set New Password' } ).click();
	await typePassword( customer, rosa.passwords[ 1 ] );
	await customer.getByRole( 'button', { name: 'Update Profile' } ).click();
	await expect( customer.getByText( 'Profile updated.' ) ).toBeVisible();

	await expectPasswordOnB(
		rosa.username,
		rosa.passwords[ 1 ],
		rosa.passwords[ 0 ]
	);
} );

test( 'a person who has lost the password sets another by the link in the mail', async ( {
	customer,
} ) => {
	await customer.goto( `${ A }/wp-login.php?action=lostpassword` );
	await customer.getByLabel( 'Username or Email Address' ).fill( rosa.email );
	await customer.getByRole( 'button', { name: 'Get New Password' } ).click();
	await expect(
		customer.getByText( 'Check your email for the confirmation link' )
	).toBeVisible();
	await setByLink( customer, rosa.passwords[ 2 ] );

	await expectPasswordOnB(
		rosa.username,
		rosa.passwords[ 2 ],
		rosa.passwords[ 1 ]
	);
} );

/** Ticks people in the list of users. */
async function tick( page: Page, ...usernames: string[] ): Promise< void > {
	await page.goto( `${ A }/wp-admin/users.php` );
	for ( const username of usernames ) {
		await page.getByLabel( `Select ${ username }` ).check();
	}
}

test( 'the owner gives several people another role at once', async ( {
	page,
} ) => {
	await tick( page, rosa.username, ivo.username );
	await page.locator( '#new_role' ).selectOption( 'editor' );
	await page.locator( '#changeit' ).click();
	await expect( page.getByText( 'Changed roles.' ) ).toBeVisible();

	await expectOnB( rosa.username ).toMatchObject( { roles: [ 'editor' ] } );
	await expectOnB( ivo.username ).toMatchObject( { roles: [ 'editor' ] } );
} );

/** Deletes somebody in the list of users. */
async function deleteThere( page: Page, username: string ): Promise< void > {
	await tick( page, username );
	await page.locator( '#bulk-action-selector-top' ).selectOption( 'delete' );
	await page.locator( '#doaction' ).click();
	const reassign = page.getByLabel( 'Delete all content.' );
	if ( await reassign.isVisible() ) {
		await reassign.check();
	}
	await page.getByRole( 'button', { name: 'Confirm Deletion' } ).click();
	await expect( page.getByText( 'User deleted.' ) ).toBeVisible();
}

test( 'deletions stay on A until they are switched on for the site', async ( {
	page,
} ) => {
	await deleteThere( page, ivo.username );
	const admin = await adminOf( A );
	await expect
		.poll(
			async () =>
				(
					await admin.rest< ActivityItem[] >(
						'GET',
						`tandem/v1/activity?search=${ ivo.username }`
					)
				)[ 0 ]?.code,
			ARRIVES
		)
		.toBe( 'deletions_off' );
	expect( await account( B, ivo.username ) ).toBeTruthy();
	expect( await getsIn( B, ivo.username, ivo.password ) ).toBe( true );

	await open( page, 'sites', { site: ( await connected() ).id } );
	await page
		.getByLabel( 'Delete users there when they are deleted here' )
		.check();
	const save = page.getByRole( 'button', { name: 'Save changes' } );
	await expect( save ).toBeDisabled();
	await page
		.getByRole( 'group', { name: 'Who gets the content' } )
		.getByRole( 'radio', { name: 'admin' } )
		.check();
	await save.click();
	await expect( page.getByText( 'Settings saved.' ).last() ).toBeVisible();

	await deleteThere( page, rosa.username );
	await expectOnB( rosa.username ).toBeUndefined();
	expect(
		await getsIn( B, rosa.username, rosa.passwords[ 2 ] ),
		'a deleted person gets in on B'
	).toBe( false );
} );

test( 'each person has been made once, and nothing is left over', async () => {
	await settled();
	expect( ( await accountsOf( A ) ).map( ( one ) => one.username ) ).toEqual(
		[ 'admin' ]
	);
	expect( ( await accountsOf( B ) ).map( ( one ) => one.username ) ).toEqual(
		[ 'admin', ivo.username ]
	);
} );
