import { screen, waitFor } from '@testing-library/react';
import type { ImportFound } from '../types';
import { renderApp } from './support/render-app';
import { site } from './support/samples';
import { serve } from './support/server';

const found = ( more: Partial< ImportFound > = {} ): ImportFound => ( {
	ids: [ { key: 'user_id_2', people: 30 } ],
	indexed: [ 1 ],
	proposals: [],
	isActive: false,
	tags: false,
	...more,
} );

function open( answer: ImportFound ) {
	const calls = serve( {
		'GET /sites': () => [ site(), site( { id: 2, name: 'Forum' } ) ],
		'GET /settings': () => ( {
			keepActivityDays: 90,
			passwordExpiryHours: 72,
			protectedAccounts: [],
			alerts: true,
			alertAddress: '',
		} ),
		'GET /import': () => answer,
		'GET /import/links': () => ( {
			fits: 20,
			linked: 4,
			differs: 5,
			left: 1,
			next: null,
		} ),
		'POST /import/links': () => ( {
			fits: 20,
			linked: 4,
			differs: 5,
			left: 1,
			next: null,
		} ),
		'POST /import/settings': () => ( { taken: true } ),
		'POST /import/tags': ( { data } ) =>
			( data as { after: number } ).after === 0
				? { people: 3, next: 7 }
				: { people: 4, next: null },
	} );
	return { calls, ...renderApp( 'view=settings' ) };
}

describe( 'Import', () => {
	it( 'is not there where nothing was found', async () => {
		open( found( { ids: [] } ) );
		await screen.findByRole( 'heading', { name: 'Pairing' } );
		expect(
			screen.queryByRole( 'heading', { name: 'Import' } )
		).toBeNull();
	} );

	it( 'shows who fits before anybody is linked', async () => {
		const { calls, user } = open( found() );
		const select = await screen.findByLabelText( 'They belong to' );
		await user.selectOptions( select, 'Forum' );
		expect(
			screen.getByRole( 'link', { name: 'To the backfill' } )
		).toBeVisible();
		expect(
			screen.queryByRole( 'button', { name: 'Preview' } )
		).toBeNull();
		await user.selectOptions( select, 'Academy' );
		await user.click( screen.getByRole( 'button', { name: 'Preview' } ) );
		expect( await screen.findByText( /20 people fit/ ) ).toBeVisible();
		expect( calls.some( ( { method } ) => method === 'POST' ) ).toBe(
			false
		);
		await user.click(
			screen.getByRole( 'button', { name: 'Link those who fit' } )
		);
		await waitFor( () =>
			expect(
				calls.find( ( { method } ) => method === 'POST' )?.data
			).toEqual( { site: 1, key: 'user_id_2', after: 0 } )
		);
	} );

	it( 'takes the settings of WP Remote Users Sync over for a connected site', async () => {
		const proposal = {
			settings: {
				fields: [ 'user_email' as const ],
				meta: [ 'phone' ],
				grantRoles: [],
			},
			policy: {
				create: true,
				update: true,
				password: true,
				roles: false,
				logout: false,
				roleList: [],
				metaList: [],
			},
			notes: [ 'Deletions are not taken over.' ],
		};
		const { calls, user } = open(
			found( {
				ids: [],
				isActive: true,
				proposals: [
					{ ...proposal, url: 'https://academy.example', siteId: 1 },
					{ ...proposal, url: 'https://new.example', siteId: null },
				],
			} )
		);
		expect(
			await screen.findByRole( 'heading', { name: 'academy.example' } )
		).toBeVisible();
		expect(
			screen.getAllByText( /^Sent there: Email.+phone\.$/ )
		).toHaveLength( 2 );
		expect(
			screen.getByRole( 'button', { name: 'Connect this site first' } )
		).toBeVisible();
		await user.click(
			screen.getByRole( 'button', { name: 'Take over these settings' } )
		);
		await waitFor( () =>
			expect(
				calls.find( ( { method } ) => method === 'POST' )?.data
			).toEqual( { site: 1 } )
		);
	} );

	it( 'takes over the tags of WP Fusion, step by step', async () => {
		const { calls, user } = open( found( { ids: [], tags: true } ) );
		await user.click(
			await screen.findByRole( 'button', { name: 'Take over all tags' } )
		);
		expect(
			( await screen.findAllByText( '7 people got tags.' ) )[ 0 ]
		).toBeInTheDocument();
		expect(
			calls
				.filter( ( { path } ) => path === '/import/tags' )
				.map( ( { data } ) => data )
		).toEqual( [ { after: 0 }, { after: 7 } ] );
	} );
} );
