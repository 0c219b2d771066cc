/**
 * The main job on two running sites: connect A to B, register somebody on A,
 * and see that the same person gets in on B.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import type { ActivityItem, NewSite, Site } from '../admin-src/types';
import type { RunningSite } from './sites';
import { Visitor } from './sites/visitor';

/** Retries come after a minute; what takes longer than this is not going to arrive by itself. */
const ARRIVES_WITHIN_MS = 90_000;

export interface Person {
	username: string;
	email: string;
	password: string;
}

async function administrator( site: RunningSite ): Promise< Visitor > {
	const visitor = new Visitor( site.url );
	if ( ! ( await visitor.logIn( site.user.username, site.user.password ) ) ) {
		throw new Error(
			`${ site.url } does not let ${ site.user.username } in any more. ` +
				'`npm start -- --fresh` begins with new sites.'
		);
	}
	return visitor;
}

/**
 * Connects A to B with an application password made on B; does nothing where
 * they are connected.
 *
 * @param a The site with the plugin.
 * @param b The plain site.
 * @return What A says about the connection.
 */
export async function connect(
	a: RunningSite,
	b: RunningSite
): Promise< Site > {
	const onA = await administrator( a );
	const known = await onA.rest< Site[] >( 'GET', 'tandem/v1/sites' );
	const connected = known.find( ( site ) => site.url === b.urlForOthers );
	if ( connected ) {
		return connected;
	}
	const onB = await administrator( b );
	const site: NewSite = {
		url: b.urlForOthers,
		username: b.user.username,
		password: await onB.makeApplicationPassword(
			`Tandem on ${ a.url }, ${ new Date().toISOString() }`
		),
	};
	return onA.rest< Site >( 'POST', 'tandem/v1/sites', site );
}

/**
 * Somebody new registers on a site, with the site's own form and the link in
 * its mail; where mails can't be seen, the administrator creates the account.
 *
 * @param site Where.
 */
export async function registerSomebody( site: RunningSite ): Promise< Person > {
	const number = randomBytes( 3 ).toString( 'hex' );
	const person = {
		username: `maria-${ number }`,
		email: `maria-${ number }@example.org`,
		password: `Sunny-${ randomBytes( 4 ).toString( 'hex' ) }`,
	};
	if ( ( await site.mails() ) === null ) {
		const admin = await administrator( site );
		await admin.rest( 'POST', 'wp/v2/users', person );
		return person;
	}
	const visitor = new Visitor( site.url );
	await visitor.register( person.username, person.email );
	const mail = ( await site.mails() )?.find(
		( { to } ) => to === person.email
	);
	if ( ! mail ) {
		throw new Error( `${ site.url } sent ${ person.email } no mail.` );
	}
	await visitor.setPasswordByLink( mail.text, person.password );
	return person;
}

/**
 * Waits until somebody can log in on a site.
 *
 * @param person Who.
 * @param b      Where.
 * @param a      The site that should have brought the person there, for the reason if it didn't.
 */
export async function waitForLogIn(
	person: Person,
	b: RunningSite,
	a: RunningSite
): Promise< void > {
	const deadline = Date.now() + ARRIVES_WITHIN_MS;
	const visitor = new Visitor( b.url );
	while ( ! ( await visitor.logIn( person.username, person.password ) ) ) {
		if ( Date.now() > deadline ) {
			const admin = await administrator( a );
			const rows = await admin.rest< ActivityItem[] >(
				'GET',
				`tandem/v1/activity?search=${ person.username }`
			);
			throw new Error(
				`${ person.username } can't log in on ${ b.url }. Site A says: ${
					rows.map( ( row ) => row.message ).join( ' ' ) || 'nothing'
				}`
			);
		}
		await pause( 250 );
	}
}
