/**
 * The two sites of the tests: their addresses, their administrators, the people
 * on them, and how each file of tests gets a beginning of its own.
 */
import { expect } from '@playwright/test';

import type { Backfill, Site, SiteChanges } from '../../../admin-src/types';
import { connect } from '../../../tools/demo';
import { startSites, type Mail, type Sites } from '../../../tools/sites';
import { Visitor } from '../../../tools/sites/visitor';

export const A = `http://127.0.0.1:${ process.env.TANDEM_PORT_A }`;
export const B = `http://127.0.0.1:${ process.env.TANDEM_PORT_B }`;

/** The page of the plugin; its sections are values of `view`. */
export const PAGE = `${ A }/wp-admin/users.php?page=tandem-user-sync`;

/** A delivery that is not made at once is made by WP-Cron, which comes every minute. */
export const ARRIVES = { timeout: 100_000 };

/** A user as `wp/v2/users` shows one to an administrator. */
export interface Account {
	id: number;
	username: string;
	email: string;
	first_name: string;
	last_name: string;
	roles: string[];
}

export interface NewAccount {
	username: string;
	email: string;
	password: string;
	first_name?: string;
	roles?: string[];
}

/** The sites that the global set-up has started; one that a test has stopped is started again. */
export function theSites(): Promise< Sites > {
	return startSites( {
		a: Number( process.env.TANDEM_PORT_A ),
		b: Number( process.env.TANDEM_PORT_B ),
		group: 'e2e',
		// They outlive the process of a file of tests. The global set-up ends them.
		detached: true,
	} );
}

const administrators = new Map< string, Promise< Visitor > >();

/** The administrator of a site, logged in once. */
export function adminOf( site: string ): Promise< Visitor > {
	let admin = administrators.get( site );
	if ( ! admin ) {
		const visitor = new Visitor( site );
		admin = visitor.logIn( 'admin', 'password' ).then( ( isIn ) => {
			expect( isIn, `admin gets in on ${ site }` ).toBe( true );
			return visitor;
		} );
		administrators.set( site, admin );
	}
	return admin;
}

/** Everybody who has an account on a site. */
export async function accountsOf( site: string ): Promise< Account[] > {
	const admin = await adminOf( site );
	return admin.rest(
		'GET',
		'wp/v2/users?context=edit&per_page=100&orderby=id'
	);
}

/** The account with a username, if there is one. */
export async function account(
	site: string,
	username: string
): Promise< Account | undefined > {
	return ( await accountsOf( site ) ).find(
		( one ) => one.username === username
	);
}

/** Ids of these accounts, in this order. */
export async function idsOf(
	site: string,
	...usernames: string[]
): Promise< number[] > {
	const all = await accountsOf( site );
	return usernames.map( ( name ) => {
		const one = all.find( ( { username } ) => username === name );
		expect( one, `${ name } has an account on ${ site }` ).toBeTruthy();
		return ( one as Account ).id;
	} );
}

/** Makes an account as an administrator of the site does. */
export async function makeAccount(
	site: string,
	person: NewAccount
): Promise< Account > {
	const admin = await adminOf( site );
	return admin.rest( 'POST', 'wp/v2/users', person );
}

/** Changes an account as an administrator of the site does. */
export async function changeAccount(
	site: string,
	id: number,
	changes: Partial< NewAccount >
): Promise< Account > {
	const admin = await adminOf( site );
	return admin.rest( 'POST', `wp/v2/users/${ id }`, changes );
}

export async function deleteAccount( site: string, id: number ) {
	const admin = await adminOf( site );
	await admin.rest( 'DELETE', `wp/v2/users/${ id }?force=true&reassign=1` );
}

/** Whether somebody gets in by the log-in form of a site. */
export function getsIn(
	site: string,
	username: string,
	password: string
): Promise< boolean > {
	return new Visitor( site ).logIn( username, password );
}

/** Waits for a password to be the one on B, and looks that the one before it is not. */
export async function expectPasswordOnB(
	username: string,
	password: string,
	before: string
): Promise< void > {
	await expect
		.poll( () => getsIn( B, username, password ), {
			message: `${ username } gets in on B with the new password`,
			...ARRIVES,
		} )
		.toBe( true );
	expect(
		await getsIn( B, username, before ),
		`${ username } gets in on B with the old password`
	).toBe( false );
}

/** Waits for what is true of an account on B, `undefined` if there is none. */
export function expectOnB( username: string ) {
	return expect.poll( () => account( B, username ), {
		message: `${ username } on B`,
		...ARRIVES,
	} );
}

/** The newest mail to an address, from A. */
export async function mailTo( address: string ): Promise< Mail > {
	const { a } = await theSites();
	const mail = ( await a.mails() )
		.filter( ( { to } ) => to === address )
		.at( -1 );
	expect( mail, `A has sent a mail to ${ address }` ).toBeTruthy();
	return mail as Mail;
}

/** The connections of A. */
export async function connections(): Promise< Site[] > {
	const admin = await adminOf( A );
	return admin.rest( 'GET', 'tandem/v1/sites' );
}

/** A's connection with B, made by hand where there is none. */
export async function connected(): Promise< Site > {
	const { a, b } = await theSites();
	return connect( a, b );
}

/** Ends A's connection with B, its links and its queue. */
export async function disconnect(): Promise< void > {
	const admin = await adminOf( A );
	for ( const { id } of await connections() ) {
		await admin.rest( 'DELETE', `tandem/v1/sites/${ id }` );
	}
}

export async function configure( changes: SiteChanges ): Promise< Site > {
	const admin = await adminOf( A );
	const { id } = await connected();
	return admin.rest( 'PATCH', `tandem/v1/sites/${ id }`, changes );
}

/** No connection, and nobody on either site but the administrator. */
export async function begin(): Promise< void > {
	await disconnect();
	await Promise.all(
		[ A, B ].map( async ( site ) => {
			for ( const { id, username } of await accountsOf( site ) ) {
				if ( username !== 'admin' ) {
					await deleteAccount( site, id );
				}
			}
		} )
	);
}

/** Waits until nothing is on its way to B any more. */
export async function settled(): Promise< void > {
	await expect
		.poll( async () => ( await connections() )[ 0 ]?.waiting, {
			message: 'people who wait for B',
			...ARRIVES,
		} )
		.toBe( 0 );
}

/** The newest backfill of B. */
export async function newestBackfill(): Promise< Backfill | undefined > {
	const admin = await adminOf( A );
	const { id } = await connected();
	const all = await admin.rest< Backfill[] >(
		'GET',
		`tandem/v1/backfills?site=${ id }`
	);
	return all[ 0 ];
}
