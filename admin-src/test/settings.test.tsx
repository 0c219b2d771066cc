import { screen, waitFor } from '@testing-library/react';
import type { Settings } from '../types';
import { renderApp } from './support/render-app';
import { refusal, serve } from './support/server';

const settings = (): Settings => ( {
	keepActivityDays: 90,
	passwordExpiryHours: 72,
	protectedAccounts: [],
	alerts: true,
	alertAddress: '',
} );

function open( patch: ( data: unknown ) => unknown = () => settings() ) {
	const calls = serve( {
		'GET /sites': () => [],
		'GET /settings': settings,
		'GET /import': () => ( {
			ids: [],
			indexed: [],
			proposals: [],
			isActive: false,
			tags: false,
		} ),
		'PATCH /settings': ( { data } ) => patch( data ),
	} );
	return { calls, ...renderApp( 'view=settings' ) };
}

describe( 'Settings', () => {
	it( 'sends the mail about trouble to another address, or none', async () => {
		const { calls, user } = open( ( data ) => ( {
			...settings(),
			...( data as object ),
		} ) );
		await user.type( await screen.findByLabelText( 'To' ), 'ops@a.test' );
		await user.click(
			screen.getByRole( 'button', { name: 'Save changes' } )
		);
		await screen.findByTestId( 'snackbar' );
		const sent = () =>
			calls
				.filter( ( { method } ) => method === 'PATCH' )
				.map( ( { data } ) => data );
		expect( sent() ).toEqual( [ { alertAddress: 'ops@a.test' } ] );

		await user.click(
			screen.getByRole( 'checkbox', {
				name: 'Tell me when a site needs attention',
			} )
		);
		expect( screen.queryByLabelText( 'To' ) ).not.toBeInTheDocument();
		await user.click(
			screen.getByRole( 'button', { name: 'Save changes' } )
		);
		await waitFor( () =>
			expect( sent()[ 1 ] ).toEqual( { alerts: false } )
		);
	} );

	it( 'says why an address was refused', async () => {
		const { user } = open( () => {
			throw refusal( 'That is no email address.' );
		} );
		await user.type( await screen.findByLabelText( 'To' ), 'nobody' );
		await user.click(
			screen.getByRole( 'button', { name: 'Save changes' } )
		);
		expect(
			await screen.findByText( 'That is no email address.' )
		).toBeVisible();
	} );
} );
