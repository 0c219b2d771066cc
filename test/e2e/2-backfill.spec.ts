/**
 * Bringing over the people who were there before: what the preview says, that
 * it writes nothing, and what becomes of everybody, conflicts decided one by one.
 */
import { readFile } from 'node:fs/promises';

import { expect, test, type Page } from '@playwright/test';

import { goTo, loaded, open, stat } from './support/page';
import {
	A,
	account,
	accountsOf,
	ARRIVES,
	B,
	begin,
	changeAccount,
	connected,
	idsOf,
	makeAccount,
	newestBackfill,
	settled,
} from './support/sites';

const SECRET = 'Nobody reads 12 secrets';

/** A person of A, and the account on B that is in the way of it, if there is one. */
interface Before {
	here: string;
	there?: { username: string; email: string; roles?: string[] };
}

const address = ( name: string ) => `${ name }@a.test`;

const PEOPLE: Before[] = [
	// The same email: one person.
	{ here: 'anna', there: { username: 'anna', email: address( 'anna' ) } },
	{ here: 'bert', there: { username: 'bertie', email: 'BERT@a.test' } },
	// Only here.
	{ here: 'cleo' },
	{ here: 'dora' },
	// The same username, another email: who knows?
	{ here: 'same', there: { username: 'same', email: 'same@b.test' } },
	{ here: 'other', there: { username: 'other', email: 'other@b.test' } },
	{ here: 'alone', there: { username: 'alone', email: 'alone@b.test' } },
	// The email of one of B's administrators.
	{
		here: 'climber',
		there: {
			username: 'chief',
			email: address( 'climber' ),
			roles: [ 'administrator' ],
		},
	},
];

test.describe.configure( { mode: 'serial' } );

test.beforeAll( async () => {
	test.setTimeout( 300_000 );
	await begin();
	await Promise.all( [
		...PEOPLE.map( ( { here } ) =>
			makeAccount( A, {
				username: here,
				email: address( here ),
				password: SECRET,
			} )
		),
		...PEOPLE.flatMap( ( { there } ) =>
			there ? [ makeAccount( B, { ...there, password: SECRET } ) ] : []
		),
	] );
	await connected();
} );

/** Chooses what to do about one person in the list. */
async function decide(
	page: Page,
	username: string,
	choice: string
): Promise< void > {
	const row = page
		.getByRole( 'row' )
		.filter( { hasText: address( username ) } );
	await row.getByRole( 'button', { name: 'Compare and decide' } ).click();
	const dialog = page.getByRole( 'dialog', { name: username } );
	await dialog.getByRole( 'radio', { name: choice } ).check();
	await dialog.getByRole( 'button', { name: 'Decide' } ).click();
	await expect( dialog ).toBeHidden();
}

test( 'the preview counts everybody and writes nothing', async ( { page } ) => {
	const before = await accountsOf( B );
	await open( page );
	await goTo( page, 'Backfill' );
	await page.getByRole( 'button', { name: 'Preview' } ).click();
	await expect(
		page.getByRole( 'heading', { name: 'The preview is ready' } )
	).toBeVisible( ARRIVES );

	await expect( stat( page, 'Linked before' ) ).toHaveText( '0' );
	await expect( stat( page, 'To be linked' ) ).toHaveText( '2' );
	await expect( stat( page, 'To be created' ) ).toHaveText( '2' );
	await expect( stat( page, 'Conflicts' ) ).toHaveText( '4' );
	// The administrator.
	await expect( stat( page, 'Left out' ) ).toHaveText( '1' );
	expect( await accountsOf( B ) ).toEqual( before );
	// Who they are.
	const people = page.getByRole( 'region', { name: 'People' } );
	await expect( people ).toContainText( address( 'anna' ) );
	await people
		.getByRole( 'combobox', { name: 'Show' } )
		.selectOption( { label: 'Missing on the other site (2)' } );
	await expect( people ).toContainText( address( 'cleo' ) );
} );

test( 'what is done with the fields is chosen before the run, and counted', async ( {
	page,
} ) => {
	await open( page, 'backfill' );
	await expect(
		page.getByRole( 'radio', { name: 'Leave them as they are' } )
	).toBeChecked();
	await page
		.getByRole( 'radio', { name: /^Fill only what is empty/ } )
		.check();
	await expect( stat( page, 'Fields to be compared' ) ).toHaveText( '2' );
	expect( ( await newestBackfill() )?.options ).toMatchObject( {
		bring: 'fill',
	} );
} );

test( 'conflicts are decided in the list, an administrator’s account only after a question', async ( {
	page,
} ) => {
	await open( page, 'backfill' );
	await decide( page, 'same', 'Link these accounts' );
	await decide( page, 'other', 'Create with another username' );
	await decide( page, 'alone', 'Ignore' );
	const row = page
		.getByRole( 'row' )
		.filter( { hasText: address( 'same' ) } );
	await expect( row ).toContainText( 'same@b.test' );

	const climber = page
		.getByRole( 'row' )
		.filter( { hasText: address( 'climber' ) } );
	await expect( climber ).toContainText( 'Protected account' );
	await climber.getByRole( 'button', { name: 'Compare and decide' } ).click();
	const dialog = page.getByRole( 'dialog', { name: 'climber' } );
	await dialog.getByRole( 'radio', { name: 'Link these accounts' } ).check();
	await expect(
		dialog.getByRole( 'button', { name: 'Decide' } )
	).toBeDisabled();
	await dialog.getByRole( 'button', { name: 'Cancel' } ).click();
	await expect( climber ).toContainText( 'Undecided' );
} );

test( 'the run shows how far it is, and everybody becomes what was decided', async ( {
	page,
} ) => {
	await open( page, 'backfill' );
	await page.getByRole( 'button', { name: 'Run', exact: true } ).click();
	await expect(
		page.getByRole( 'heading', { name: 'Backfill in progress' } )
	).toBeVisible();
	await expect( page.getByRole( 'progressbar' ) ).toBeVisible();
	await expect(
		page.getByRole( 'heading', { name: 'Backfill complete' } )
	).toBeVisible( ARRIVES );

	await expect( stat( page, 'Failed' ) ).toHaveCount( 0 );
	// Those that were found and those that were decided.
	expect( ( await newestBackfill() )?.counts ).toMatchObject( {
		failed: 0,
		conflict: 1,
	} );
	const there = await accountsOf( B );
	expect(
		there
			.filter( ( { username } ) => username !== 'admin' )
			.map( ( { username, email } ) => `${ username } ${ email }` )
			.sort()
	).toEqual( [
		'alone alone@b.test',
		'anna anna@a.test',
		'bertie BERT@a.test',
		'chief climber@a.test',
		'cleo cleo@a.test',
		'dora dora@a.test',
		'other other@b.test',
		expect.stringMatching( /^other-\d+ other@a\.test$/ ),
		'same same@b.test',
	] );
} );

test( 'from then on the linked accounts follow, and the ignored ones do not', async () => {
	const names = [
		'anna',
		'bert',
		'cleo',
		'same',
		'other',
		'alone',
		'climber',
	];
	const ids = await idsOf( A, ...names );
	await Promise.all(
		ids.map( ( id, index ) =>
			changeAccount( A, id, { first_name: `New ${ names[ index ] }` } )
		)
	);
	await expect
		.poll(
			async () =>
				( await accountsOf( B ) )
					.filter( ( one ) => one.first_name !== '' )
					.map( ( one ) => `${ one.first_name }: ${ one.email }` )
					.sort(),
			ARRIVES
		)
		.toEqual( [
			'New anna: anna@a.test',
			'New bert: BERT@a.test',
			'New cleo: cleo@a.test',
			'New other: other@a.test',
			'New same: same@b.test',
		] );
	// Nothing is on its way that would come later than that.
	await settled();
	for ( const untouched of [ 'other', 'alone', 'chief' ] ) {
		expect( await account( B, untouched ) ).toMatchObject( {
			first_name: '',
		} );
	}
} );

test( 'the CSV file holds everybody and no secret', async ( { page } ) => {
	await open( page, 'backfill' );
	await loaded( page );
	const [ download ] = await Promise.all( [
		page.waitForEvent( 'download' ),
		page.getByRole( 'button', { name: 'Download CSV' } ).click(),
	] );
	expect( download.suggestedFilename() ).toMatch( /^backfill-\d+\.csv$/ );
	const text = await readFile( await download.path(), 'utf8' );
	const [ head, ...rows ] = text.trim().split( /\r?\n/ );
	expect( head ).toContain( 'user_id,username,email' );
	const names = ( await accountsOf( A ) ).map( ( { username } ) => username );
	expect( rows ).toHaveLength( names.length );
	for ( const name of names ) {
		expect(
			rows.filter( ( row ) => row.includes( `,${ name },` ) )
		).toHaveLength( 1 );
	}
	// Neither passwords nor what WordPress makes of them.
	expect( text ).not.toContain( SECRET );
	expect( text ).not.toMatch( /\$(wp|P|2y)\$/ );
} );
