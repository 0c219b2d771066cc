import { screen, waitFor, within } from '@testing-library/react';
import type { Discovery } from '../types';
import { renderApp } from './support/render-app';
import { choices, site } from './support/samples';
import { refusal, serve } from './support/server';

const found = ( more: Partial< Discovery > = {} ): Discovery => ( {
	url: 'https://news.example',
	name: 'News',
	kind: 'plain',
	checks: [
		{
			code: 'https',
			state: 'pass',
			label: 'HTTPS',
			message: 'The certificate is valid.',
		},
	],
	canConnect: true,
	...more,
} );

async function open( routes: Parameters< typeof serve >[ 0 ] ) {
	const calls = serve( {
		'GET /sites': () => [],
		'POST /sites/discover': () => found(),
		...routes,
	} );
	const { user } = renderApp();
	await user.click(
		( await screen.findAllByRole( 'button', { name: 'Add site' } ) )[ 0 ]
	);
	const dialog = within( await screen.findByRole( 'dialog' ) );
	await user.type( dialog.getByLabelText( 'Site address' ), 'news.example' );
	await user.click( dialog.getByRole( 'button', { name: 'Continue' } ) );
	return { calls, user, dialog };
}

describe( 'Add site', () => {
	it( 'goes to the page where the other site asks its administrator', async () => {
		const { calls, user, dialog } = await open( {
			'POST /sites/connect': () => ( {
				authorizeUrl: `${ window.location.origin }${ window.location.pathname }${ window.location.search }#approve`,
			} ),
		} );
		expect(
			await dialog.findByText( 'The certificate is valid.' )
		).toBeVisible();
		await user.click( dialog.getByRole( 'button', { name: 'Connect' } ) );
		await waitFor( () =>
			expect( window.location.hash ).toBe( '#approve' )
		);
		expect( calls ).toContainEqual(
			expect.objectContaining( {
				path: '/sites/connect',
				data: { url: 'https://news.example' },
			} )
		);
	} );

	it( 'does not run what a hostile site names as its address', async () => {
		const { user, dialog } = await open( {
			'POST /sites/connect': () => ( {
				authorizeUrl: 'javascript:document.title="taken"',
			} ),
		} );
		await user.click(
			await dialog.findByRole( 'button', { name: 'Connect' } )
		);
		expect( await dialog.findByText( /not a web page/ ) ).toBeVisible();
	} );

	it( 'says under the address what is wrong with it', async () => {
		const { dialog } = await open( {
			'POST /sites/discover': () => {
				throw refusal( 'Nothing answers at news.example.' );
			},
		} );
		expect(
			await dialog.findByText( 'Nothing answers at news.example.' )
		).toBeVisible();
		expect( dialog.getByLabelText( 'Site address' ) ).toHaveValue(
			'news.example'
		);
	} );

	it( 'does not connect where that can’t work, but takes a password', async () => {
		const { calls, user, dialog } = await open( {
			'POST /sites/discover': () => found( { canConnect: false } ),
			'POST /sites': ( { data } ) => {
				if ( ( data as { password: string } ).password === 'bad' ) {
					throw refusal( 'News does not accept this password.' );
				}
				return site( { name: 'News' } );
			},
			'GET /choices': choices,
		} );
		expect(
			await dialog.findByRole( 'button', { name: 'Check again' } )
		).toBeVisible();
		expect(
			dialog.queryByRole( 'button', { name: 'Connect' } )
		).not.toBeInTheDocument();
		await user.click( dialog.getByRole( 'button', { name: /by hand/ } ) );
		await user.type( dialog.getByLabelText( 'User name' ), 'sync' );
		const password = dialog.getByLabelText( 'Application password' );
		await user.type( password, 'bad' );
		await user.click( dialog.getByRole( 'button', { name: 'Add site' } ) );
		expect(
			await dialog.findByText( 'News does not accept this password.' )
		).toBeVisible();
		await user.clear( password );
		await user.type( password, 'abcd efgh' );
		await user.click( dialog.getByRole( 'button', { name: 'Add site' } ) );
		expect(
			await screen.findByRole( 'heading', { name: 'What syncs to News' } )
		).toBeVisible();
		expect( calls ).toContainEqual(
			expect.objectContaining( {
				method: 'POST',
				path: '/sites',
				data: {
					url: 'https://news.example',
					username: 'sync',
					password: 'abcd efgh',
				},
			} )
		);
	} );
} );
