import { screen, waitFor, within } from '@testing-library/react';
import type { Conflict, ResolveRequest } from '../types';
import { renderApp } from './support/render-app';
import { conflict, site } from './support/samples';
import { page, serve } from './support/server';

async function open(
	conflicts: Conflict[],
	resolve: ( data: ResolveRequest ) => unknown
) {
	const calls = serve( {
		'GET /sites': () => [ site() ],
		'GET /conflicts': () => page( conflicts ),
		'POST /conflicts/resolve': ( { data } ) =>
			resolve( data as ResolveRequest ),
	} );
	const { user } = renderApp( 'view=activity&tab=decisions' );
	await user.click( await screen.findByText( 'amina@shop.example' ) );
	const dialog = await screen.findByRole( 'dialog' );
	return { calls, user, dialog: within( dialog ) };
}

const sent = ( calls: Awaited< ReturnType< typeof open > >[ 'calls' ] ) =>
	calls.find( ( { path } ) => path === '/conflicts/resolve' )?.data;

describe( 'Needs a decision', () => {
	it( 'shows both accounts and creates one under the name that was typed', async () => {
		const { calls, user, dialog } = await open( [ conflict() ], () => ( {
			resolved: 1,
			failed: [],
		} ) );
		expect(
			within(
				dialog.getByRole( 'region', { name: 'Academy' } )
			).getByText( 'other@mail.example' )
		).toBeVisible();
		await user.click( dialog.getByLabelText( /another username/ ) );
		await user.type( dialog.getByLabelText( 'Username there' ), 'amina-o' );
		await user.click( dialog.getByRole( 'button', { name: 'Decide' } ) );
		await waitFor( () =>
			expect( sent( calls ) ).toEqual( {
				ids: [ 7 ],
				choice: 'create',
				username: 'amina-o',
			} )
		);
	} );

	it( 'links a protected account only after a second yes', async () => {
		const { there, ...rest } = conflict();
		const { calls, user, dialog } = await open(
			[
				{
					...rest,
					there: there && { ...there, protected: true },
				},
			],
			() => ( { resolved: 1, failed: [] } )
		);
		await user.click( dialog.getByLabelText( 'Link these accounts' ) );
		const decide = dialog.getByRole( 'button', { name: 'Decide' } );
		expect( decide ).toHaveAttribute( 'aria-disabled', 'true' );
		await user.click( decide );
		expect( sent( calls ) ).toBeUndefined();
		await user.click( dialog.getByRole( 'checkbox' ) );
		await user.click( decide );
		await waitFor( () =>
			expect( sent( calls ) ).toMatchObject( { choice: 'link' } )
		);
	} );

	it( 'says for whom it could not be done', async () => {
		const { user, dialog } = await open( [ conflict() ], () => ( {
			resolved: 0,
			failed: [ { id: 7, message: 'This name is taken too.' } ],
		} ) );
		await user.click( dialog.getByLabelText( 'Ignore' ) );
		await user.click( dialog.getByRole( 'button', { name: 'Decide' } ) );
		expect(
			await dialog.findByText( 'amina: This name is taken too.' )
		).toBeVisible();
	} );
} );
