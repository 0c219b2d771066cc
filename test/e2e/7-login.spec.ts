/**
 * One log-in for three sites of Playground: a shop that knows two others, in a real browser.
 */
import { expect, test, type Browser, type Page } from '@playwright/test';

import { startAnotherSite, type SiteHandle } from '../../tools/sites';
import { Visitor } from '../../tools/sites/visitor';
import { ARRIVES } from './support/sites';

interface Known {
	site: SiteHandle;
	admin: Visitor;
}

const PASSWORD = 'secret of mira';

let shop: Known;
let courses: Known;
let forum: Known;

/** Starts a site with the plugin, under a name that people know it by. */
async function start( name: string, place: number ): Promise< Known > {
	const site = await startAnotherSite(
		'd',
		Number( process.env.TANDEM_PORT_B ) + place,
		'e2e'
	);
	const admin = new Visitor( site.url );
	expect( await admin.logIn( site.user.username, site.user.password ) ).toBe(
		true
	);
	await admin.rest( 'POST', 'wp/v2/settings', { title: name } );
	return { site, admin };
}

/** Two sites get to know each other, by a code from one page to the other. */
async function pair( from: Known, to: Known ): Promise< void > {
	const { code } = await to.admin.rest< { code: string } >(
		'POST',
		'tandem/v1/pairing-code'
	);
	await from.admin.rest( 'POST', 'tandem/v1/sites/pair', {
		url: to.site.url,
		code,
	} );
}

const isKnown = async ( { admin }: Known ) =>
	(
		await admin.rest< unknown[] >(
			'GET',
			'wp/v2/users?search=mira&context=edit'
		)
	).length;

/** A browser of its own, on the log-in form of a site. */
async function atLogIn( browser: Browser, { site }: Known ): Promise< Page > {
	const page = await (
		await browser.newContext( {
			storageState: { cookies: [], origins: [] },
		} )
	).newPage();
	await page.goto( `${ site.url }/wp-login.php` );
	return page;
}

async function fillIn( page: Page ): Promise< void > {
	await page.getByLabel( 'Username or Email Address' ).fill( 'mira' );
	await page.locator( '#user_pass' ).fill( PASSWORD );
	await page.getByRole( 'button', { name: 'Log In' } ).click();
}

/** That the browser is Mira's on a site. */
async function expectMira( page: Page, { site }: Known ): Promise< void > {
	const other = await page.context().newPage();
	await other.goto( `${ site.url }/wp-admin/profile.php` );
	await expect( other.locator( '#user_login' ) ).toHaveValue( 'mira' );
	await other.close();
}

test.describe( 'one log-in', () => {
	test.describe.configure( { mode: 'serial' } );

	test.beforeAll( async () => {
		test.setTimeout( 600_000 );
		shop = await start( 'Shop', 11 );
		courses = await start( 'Courses', 12 );
		forum = await start( 'Forum', 13 );
		await pair( shop, courses );
		await pair( shop, forum );
		await shop.admin.rest( 'POST', 'wp/v2/users', {
			username: 'mira',
			email: 'mira@people.test',
			password: PASSWORD,
			roles: [ 'subscriber' ],
		} );
		for ( const other of [ courses, forum ] ) {
			await expect.poll( () => isKnown( other ), ARRIVES ).toBe( 1 );
		}
		await shop.admin.rest( 'POST', 'wp/v2/pages', {
			title: 'Links',
			slug: 'links',
			status: 'publish',
			content:
				'<!-- wp:shortcode -->[tandem_link site="Courses" to="/sample-page/"]To the course[/tandem_link]<!-- /wp:shortcode -->',
		} );
	} );

	test.afterAll( async () => {
		await Promise.all(
			[ shop, courses, forum ].map( ( known ) => known?.site.stop() )
		);
	} );

	test( 'a link in the shop leads into the course site', async ( {
		browser,
	} ) => {
		const page = await atLogIn( browser, shop );
		await fillIn( page );
		await page.waitForURL( /wp-admin/ );
		await page.goto( `${ shop.site.url }/links/` );
		await page.getByRole( 'link', { name: 'To the course' } ).click();
		await page.waitForURL( `${ courses.site.url }/sample-page/` );
		await expectMira( page, courses );
		await page.context().close();
	} );

	test( 'who is logged in nowhere logs in in the shop, and is on the forum', async ( {
		browser,
	} ) => {
		const page = await atLogIn( browser, forum );
		await page.getByRole( 'link', { name: 'Log in with Shop' } ).click();
		await page.waitForURL(
			( url ) => url.port === String( shop.site.port )
		);
		await fillIn( page );
		await page.waitForURL(
			( url ) => url.port === String( forum.site.port )
		);
		await expectMira( page, forum );
		await page.context().close();
	} );

	test( 'an address of somebody else’s log-in opens nothing', async ( {
		browser,
	} ) => {
		const page = await atLogIn( browser, shop );
		await fillIn( page );
		await page.waitForURL( /wp-admin/ );
		const back = new Promise< string >( ( resolve ) => {
			page.on( 'request', ( request ) => {
				if ( request.url().includes( 'tandem_back=' ) ) {
					resolve( request.url() );
				}
			} );
		} );
		await page.goto( `${ forum.site.url }/wp-login.php` );
		await page.getByRole( 'link', { name: 'Log in with Shop' } ).click();
		const address = await back;
		expect( address ).not.toContain( 'mira' );
		await expectMira( page, forum );
		await page.context().close();

		const stranger = await atLogIn( browser, forum );
		await stranger.goto( address );
		await expect( stranger.locator( '#login_error' ) ).toBeVisible();
		await stranger.goto( `${ forum.site.url }/wp-admin/profile.php` );
		await expect( stranger.locator( '#loginform' ) ).toBeVisible();
		await stranger.context().close();
	} );
} );
