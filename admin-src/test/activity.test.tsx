import { screen, waitFor, within } from '@testing-library/react';
import type { ActivityItem } from '../types';
import { renderApp } from './support/render-app';
import { site } from './support/samples';
import { page, refusal, serve } from './support/server';

const item = ( more: Partial< ActivityItem > = {} ): ActivityItem => ( {
	id: 1,
	at: 1_700_000_000,
	siteId: 1,
	siteName: 'Academy',
	direction: 'out',
	action: 'update',
	result: 'attention',
	userId: 41,
	username: 'amina',
	email: 'amina@shop.example',
	fields: [ 'user_email', 'meta:phone' ],
	attempts: 2,
	code: 'username_taken',
	message: 'The username is taken there.',
	warnings: [ 'The meta key phone is not registered there.' ],
	outboxId: 30,
	...more,
} );

async function open( routes: Parameters< typeof serve >[ 0 ] = {} ) {
	const calls = serve( {
		'GET /sites': () => [ site() ],
		'GET /conflicts': () => page( [] ),
		'GET /activity': () => page( [ item() ], 64 ),
		'GET /outbox/causes': () => [
			{
				code: 'username_taken',
				sentence: 'The username belongs to somebody else there',
				people: 128,
			},
			{
				code: 'timeout',
				sentence: 'The site doesn’t answer in time',
				people: 2,
			},
		],
		...routes,
	} );
	const { user } = renderApp( 'view=activity&site=1' );
	return { calls, user };
}

describe( 'Activity', () => {
	it( 'asks for the site of the address', async () => {
		const { calls } = await open();
		await screen.findByText( 'amina@shop.example' );
		expect(
			calls.find( ( { path } ) => path === '/activity' )?.query
		).toMatchObject( { site: '1', page: '1', per_page: '20' } );
	} );

	it( 'says in words what was done and what came of it', async () => {
		await open( {
			'GET /activity': () =>
				page( [
					item( {
						id: 2,
						action: 'verify',
						username: '',
						email: '',
					} ),
					item( { id: 3, result: 'refused' } ),
				] ),
		} );
		expect(
			await screen.findByText( 'Verified', { selector: 'td *' } )
		).toBeVisible();
		expect(
			screen.getByText( 'Refused', { selector: 'td *' } )
		).toBeVisible();
		expect( screen.queryByText( 'verify' ) ).not.toBeInTheDocument();
	} );

	it( 'searches on the server', async () => {
		const { calls, user } = await open();
		await user.type( await screen.findByRole( 'searchbox' ), 'ami' );
		await waitFor( () =>
			expect(
				calls.filter( ( { query } ) => query.search === 'ami' )
			).not.toHaveLength( 0 )
		);
	} );

	it( 'tells everything about a row, and retries all with its problem', async () => {
		const { calls, user } = await open( {
			'POST /outbox/retry': () => ( { retried: 7 } ),
		} );
		await user.click( await screen.findByText( 'amina@shop.example' ) );
		const dialog = within( await screen.findByRole( 'dialog' ) );
		expect(
			dialog.getByText( 'The meta key phone is not registered there.' )
		).toBeVisible();
		expect( dialog.getByText( 'Email, phone' ) ).toBeVisible();
		await user.click(
			dialog.getByRole( 'button', { name: /Retry everyone/ } )
		);
		expect( await screen.findByTestId( 'snackbar' ) ).toHaveTextContent(
			'7 people are tried again now.'
		);
		expect(
			calls.find( ( { path } ) => path === '/outbox/retry' )?.data
		).toEqual( { site: 1, code: 'username_taken' } );
	} );

	it( 'retries all of a site, for a cause, since a time', async () => {
		const { calls, user } = await open( {
			'POST /outbox/retry': () => ( { retried: 3 } ),
		} );
		await screen.findByText( 'amina@shop.example' );
		await user.click(
			screen.getByRole( 'button', { name: 'Retry all…' } )
		);
		const dialog = within( await screen.findByRole( 'dialog' ) );
		expect( dialog.getByLabelText( 'Site' ) ).toHaveValue( '1' );
		await dialog.findByRole( 'option', { name: 'Any cause (130)' } );
		await user.selectOptions(
			dialog.getByLabelText( 'Waiting since' ),
			'The last 24 hours'
		);
		await user.selectOptions(
			dialog.getByLabelText( 'Cause' ),
			'The username belongs to somebody else there (128)'
		);
		expect(
			calls
				.filter( ( { path } ) => path === '/outbox/causes' )
				.map( ( { query } ) => [ query.site, 'after' in query ] )
		).toEqual( [
			[ '1', false ],
			[ '1', true ],
		] );
		await user.click( dialog.getByRole( 'button', { name: 'Retry all' } ) );
		expect( await screen.findByTestId( 'snackbar' ) ).toHaveTextContent(
			'3 people are tried again now.'
		);
		const sent = calls.find( ( { path } ) => path === '/outbox/retry' )
			?.data as { after: number };
		expect( sent ).toMatchObject( { site: 1, code: 'username_taken' } );
		expect(
			Math.abs( sent.after - ( Date.now() / 1000 - 86_400 ) )
		).toBeLessThan( 60 );
		expect( screen.queryByRole( 'dialog' ) ).not.toBeInTheDocument();
	} );

	it( 'retries everybody everywhere when nothing is chosen', async () => {
		const { calls, user } = await open( {
			'POST /outbox/retry': () => ( { retried: 3 } ),
		} );
		await screen.findByText( 'amina@shop.example' );
		await user.click(
			screen.getByRole( 'button', { name: 'Retry all…' } )
		);
		const dialog = within( await screen.findByRole( 'dialog' ) );
		await dialog.findByRole( 'option', { name: /^The site doesn’t/ } );
		await user.selectOptions( dialog.getByLabelText( 'Cause' ), 'timeout' );
		await user.selectOptions( dialog.getByLabelText( 'Cause' ), '' );
		await user.selectOptions( dialog.getByLabelText( 'Site' ), '' );
		await user.click( dialog.getByRole( 'button', { name: 'Retry all' } ) );
		await screen.findByTestId( 'snackbar' );
		expect(
			calls.find( ( { path } ) => path === '/outbox/retry' )?.data
		).toEqual( {} );
	} );

	it( 'does not ask for a cause that nobody waits for on the site chosen last', async () => {
		const { calls, user } = await open( {
			'GET /outbox/causes': ( { query } ) =>
				query.site
					? [ { code: 'timeout', sentence: 'It hangs', people: 2 } ]
					: [],
			'POST /outbox/retry': () => ( { retried: 0 } ),
		} );
		await screen.findByText( 'amina@shop.example' );
		await user.click(
			screen.getByRole( 'button', { name: 'Retry all…' } )
		);
		const dialog = within( await screen.findByRole( 'dialog' ) );
		await dialog.findByRole( 'option', { name: 'It hangs (2)' } );
		await user.selectOptions( dialog.getByLabelText( 'Cause' ), 'timeout' );
		await user.selectOptions( dialog.getByLabelText( 'Site' ), '' );
		await dialog.findByRole( 'option', { name: 'Any cause (0)' } );
		await user.click( dialog.getByRole( 'button', { name: 'Retry all' } ) );
		await screen.findByTestId( 'snackbar' );
		expect(
			calls.find( ( { path } ) => path === '/outbox/retry' )?.data
		).toEqual( {} );
	} );

	it( 'says in the dialog why a retry was refused', async () => {
		const { user } = await open( {
			'POST /outbox/retry': () => {
				throw refusal( 'Academy is paused. Resume it first.' );
			},
		} );
		await user.click( await screen.findByText( 'amina@shop.example' ) );
		const dialog = within( await screen.findByRole( 'dialog' ) );
		await user.click( dialog.getByRole( 'button', { name: 'Retry' } ) );
		expect(
			await dialog.findByText( 'Academy is paused. Resume it first.' )
		).toBeVisible();
	} );

	it( 'does not offer a retry where nothing waits', async () => {
		const { user } = await open( {
			'GET /activity': () =>
				page( [ item( { result: 'success', outboxId: null } ) ] ),
		} );
		await user.click( await screen.findByText( 'amina@shop.example' ) );
		const dialog = within( await screen.findByRole( 'dialog' ) );
		expect(
			dialog.queryByRole( 'button', { name: 'Retry' } )
		).not.toBeInTheDocument();
	} );

	it( 'leads from a row that needs a decision to the decision', async () => {
		const { user } = await open( {
			'GET /activity': () => page( [ item( { fields: [ '*' ] } ) ] ),
		} );
		await user.click( await screen.findByText( 'amina@shop.example' ) );
		const dialog = within( await screen.findByRole( 'dialog' ) );
		expect( dialog.getByText( 'All fields' ) ).toBeVisible();
		await user.click( dialog.getByRole( 'button', { name: 'Decide' } ) );
		expect( await screen.findByText( 'Nothing to decide' ) ).toBeVisible();
		expect( screen.queryByRole( 'dialog' ) ).not.toBeInTheDocument();
	} );

	it( 'offers no decision while the holder of the account is asked by email', async () => {
		const { user } = await open( {
			'GET /activity': () =>
				page( [ item( { code: 'confirm_needed' } ) ] ),
		} );
		await user.click( await screen.findByText( 'amina@shop.example' ) );
		const dialog = within( await screen.findByRole( 'dialog' ) );
		expect( dialog.getByRole( 'button', { name: 'Retry' } ) ).toBeVisible();
		expect(
			dialog.queryByRole( 'button', { name: 'Decide' } )
		).not.toBeInTheDocument();
	} );
} );
