/**
 * B goes down and comes up again: what is done on A meanwhile is not lost, the
 * owner reads what is the matter, and B becomes right by itself.
 */
import { expect, test } from '@playwright/test';

import { card, open, stat } from './support/page';
import {
	A,
	accountsOf,
	B,
	changeAccount,
	configure,
	connections,
	deleteAccount,
	expectPasswordOnB,
	getsIn,
	idsOf,
	makeAccount,
	settled,
	theSites,
} from './support/sites';

const FIRST = 'The first 12 keys';
const SECOND = 'A second “bunch” of 12 keys';

const person = ( username: string ) => ( {
	username,
	email: `${ username }@outage.test`,
	password: FIRST,
} );

test.beforeAll( async () => {
	test.setTimeout( 300_000 );
	const [ admin ] = await idsOf( B, 'admin' );
	await configure( {
		settings: { deletions: { enabled: true, reassign: admin as number } },
	} );
} );

test.afterAll( async () => {
	// Whatever happened, the next tests need it.
	await theSites();
} );

test( 'what is done while B is down arrives when it is up again, without anybody’s help', async ( {
	page,
} ) => {
	// The site is tried again after seconds at first, and after minutes when it stays away for long.
	test.setTimeout( 600_000 );
	const make = ( username: string ) => makeAccount( A, person( username ) );
	const [ edited, changed, promoted, deleted ] = await Promise.all( [
		make( 'edited' ),
		make( 'changed' ),
		make( 'promoted' ),
		make( 'deleted' ),
	] );
	await settled();
	await idsOf( B, 'edited', 'changed', 'promoted', 'deleted' );
	await open( page );
	await expect( card( page ) ).toContainText( 'Connected' );
	const { b } = await theSites();

	await b.stop();
	await Promise.all( [
		makeAccount( A, person( 'created' ) ),
		changeAccount( A, edited.id, {
			first_name: 'Eve',
			email: 'eve@outage.test',
		} ),
		changeAccount( A, changed.id, { password: SECOND } ),
		changeAccount( A, promoted.id, { roles: [ 'editor' ] } ),
		deleteAccount( A, deleted.id ),
	] );
	await page.reload();
	await expect( card( page ) ).toContainText( 'Unreachable' );
	// The sentence before that one says what the network said, which differs.
	await expect( card( page ) ).toContainText(
		'It is tried again by itself.'
	);
	await expect( card( page ) ).toContainText( 'Next try' );
	await expect( stat( card( page ), 'Waiting' ) ).toHaveText( '5' );

	await b.start( { detached: true } );
	// The page is left alone: it looks by itself.
	await expect( card( page ) ).toContainText( 'Connected', {
		timeout: 400_000,
	} );
	await expect( stat( card( page ), 'Waiting' ) ).toHaveText( '0', {
		timeout: 100_000,
	} );
	const there = ( await accountsOf( B ) ).filter( ( { email } ) =>
		email.endsWith( '@outage.test' )
	);
	expect(
		there
			.map( ( one ) => [
				one.username,
				one.email,
				one.first_name,
				...one.roles,
			] )
			.sort()
	).toEqual( [
		[ 'changed', 'changed@outage.test', '', 'subscriber' ],
		[ 'created', 'created@outage.test', '', 'subscriber' ],
		[ 'edited', 'eve@outage.test', 'Eve', 'subscriber' ],
		[ 'promoted', 'promoted@outage.test', '', 'editor' ],
	] );
	await expectPasswordOnB( 'changed', SECOND, FIRST );
	expect( await getsIn( B, 'created', FIRST ) ).toBe( true );
	expect( await getsIn( B, 'deleted', FIRST ) ).toBe( false );
	expect( ( await connections() )[ 0 ] ).toMatchObject( {
		state: 'connected',
		waiting: 0,
	} );
} );
