/**
 * Who is not an administrator sees nothing of Tandem and gets nothing from its
 * REST routes. That each single route refuses is tested in PermissionTest.php,
 * inside WordPress; here the real log-in, cookies and nonces are at work.
 */
import { expect, test } from '@playwright/test';

import { SiteError, Visitor } from '../../tools/sites/visitor';
import { A, connected, makeAccount, PAGE } from './support/sites';

const customer = {
	username: `customer-${ Date.now().toString( 36 ) }`,
	email: `customer-${ Date.now().toString( 36 ) }@example.org`,
	password: 'A customer of 12 years',
};

/** Requests that an administrator may make as they are. */
const REQUESTS = [
	[ 'GET', 'tandem/v1/summary' ],
	[ 'GET', 'tandem/v1/sites' ],
	[ 'GET', 'tandem/v1/choices' ],
	[ 'GET', 'tandem/v1/activity' ],
	[ 'GET', 'tandem/v1/conflicts' ],
	[ 'GET', 'tandem/v1/settings' ],
	[ 'PATCH', 'tandem/v1/settings', { keepActivityDays: 1 } ],
	[ 'POST', 'tandem/v1/sites/discover', { url: A } ],
	[ 'POST', 'tandem/v1/outbox/retry', { ids: [ 1 ] } ],
] as const;

let site = 0;

test.beforeAll( async () => {
	test.setTimeout( 120_000 );
	site = ( await connected() ).id;
	await makeAccount( A, customer );
} );

async function refusal(
	visitor: Visitor,
	...[ method, route, body ]: [
		'GET' | 'POST' | 'PATCH' | 'DELETE',
		string,
		unknown?,
	]
): Promise< string > {
	try {
		await visitor.rest( method, route, body );
		return 'let in';
	} catch ( error ) {
		if ( ! ( error instanceof SiteError ) ) {
			throw error;
		}
		return `${ error.status } ${ error.code }`;
	}
}

test( 'a customer is refused by the page and by its REST routes', async ( {
	browser,
} ) => {
	const context = await browser.newContext( { storageState: undefined } );
	const page = await context.newPage();
	await page.goto( `${ A }/wp-login.php` );
	await page
		.getByLabel( 'Username or Email Address' )
		.fill( customer.username );
	await page.locator( '#user_pass' ).fill( customer.password );
	await page.getByRole( 'button', { name: 'Log In' } ).click();
	await page.waitForURL( /wp-admin/ );
	await expect( page.getByRole( 'link', { name: 'User Sync' } ) ).toHaveCount(
		0
	);

	const answer = await page.goto( PAGE );
	expect( answer?.status() ).toBe( 403 );
	await expect( page.locator( '#tandem-root' ) ).toHaveCount( 0 );
	await context.close();

	const visitor = new Visitor( A );
	expect( await visitor.logIn( customer.username, customer.password ) ).toBe(
		true
	);
	for ( const request of [
		...REQUESTS,
		[ 'GET', `tandem/v1/sites/${ site }` ],
		[ 'GET', `tandem/v1/sites/${ site }/accounts` ],
		[ 'DELETE', `tandem/v1/sites/${ site }` ],
	] as const ) {
		const [ method, route, body ] = request;
		expect(
			await refusal( visitor, method, route, body ),
			`${ method } ${ route }`
		).toBe( '403 tandem_forbidden' );
	}
} );

test( 'nobody gets in without a log-in', async () => {
	const visitor = new Visitor( A );
	const answer = await visitor.request( PAGE );
	expect( answer.status ).toBe( 302 );
	expect( answer.headers.get( 'location' ) ).toContain( 'wp-login.php' );
	for ( const route of [ 'sites', 'activity', 'choices' ] ) {
		const rest = await visitor.request(
			`/index.php?rest_route=/tandem/v1/${ route }`
		);
		expect( rest.status, route ).toBe( 401 );
		expect( await rest.json() ).toMatchObject( {
			code: 'tandem_forbidden',
		} );
	}
} );
