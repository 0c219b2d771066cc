import { screen, waitFor, within } from '@testing-library/react';
import { buttonsOf } from '../screens/backfill/buttons';
import { adviceOf, progressOf } from '../screens/backfill/words';
import type { Backfill } from '../types';
import { renderApp } from './support/render-app';
import { backfill, conflict, site } from './support/samples';
import { page, refusal, serve } from './support/server';

describe( 'progressOf', () => {
	it( 'says how many, how fast and how long', () => {
		expect(
			progressOf(
				backfill( {
					state: 'running',
					done: 734,
					total: 1231,
					rate: 14.23,
					secondsLeft: 35,
				} )
			)
		).toBe(
			'734 of 1,231 users · 14.2 users per second · about 35 seconds left'
		);
	} );

	it( 'counts pages while it reads, without a total at first', () => {
		expect( progressOf( backfill( { state: 'indexing', done: 1 } ) ) ).toBe(
			'1 page'
		);
	} );
} );

describe( 'buttonsOf', () => {
	it.each( [
		[ 'indexing', [ 'cancel' ] ],
		[ 'ready', [ 'run', 'preview', 'csv' ] ],
		[ 'running', [ 'pause', 'cancel' ] ],
		[ 'paused', [ 'resume', 'cancel', 'csv' ] ],
		[ 'done', [ 'preview', 'csv' ] ],
		[ 'failed', [ 'preview' ] ],
	] as const )( 'offers in state %s', ( state, ids ) => {
		expect(
			buttonsOf( backfill( { state } ) ).map( ( { id } ) => id )
		).toEqual( ids );
	} );

	it( 'has nothing to run when everyone is linked', () => {
		const counts = { ...backfill().counts, link: 0, create: 0 };
		const item = backfill( { counts } );
		expect( buttonsOf( item ).map( ( { id } ) => id ) ).not.toContain(
			'run'
		);
		expect( adviceOf( item ) ).toContain( 'nothing to do' );
	} );
} );

describe( 'Backfill', () => {
	function open(
		newest: Backfill | null,
		routes: Parameters< typeof serve >[ 0 ] = {}
	) {
		const calls = serve( {
			'GET /sites': () => [ site(), site( { id: 2, name: 'Forum' } ) ],
			'GET /backfills': ( { query } ) =>
				newest && query.site === '1' ? [ newest ] : [],
			...routes,
		} );
		return { calls, ...renderApp( 'view=backfill&site=1' ) };
	}

	it( 'previews the site that was chosen', async () => {
		const { calls, user } = open( null, {
			'POST /backfills': () => backfill( { siteId: 2 } ),
		} );
		await user.selectOptions(
			await screen.findByLabelText( 'Site' ),
			'Forum'
		);
		await user.click(
			await screen.findByRole( 'button', { name: 'Preview' } )
		);
		await waitFor( () =>
			expect( calls ).toContainEqual(
				expect.objectContaining( {
					method: 'POST',
					path: '/backfills',
					data: { site: 2 },
				} )
			)
		);
	} );

	it( 'cancels only after a question', async () => {
		const { calls, user } = open(
			backfill( { state: 'running', total: 9 } ),
			{
				'POST /backfills/3/cancel': () =>
					backfill( { state: 'cancelled' } ),
			}
		);
		await user.click(
			await screen.findByRole( 'button', { name: 'Cancel' } )
		);
		const dialog = await screen.findByRole( 'dialog' );
		expect( calls.filter( ( { method } ) => method === 'POST' ) ).toEqual(
			[]
		);
		await user.click(
			within( dialog ).getByRole( 'button', { name: 'Cancel backfill' } )
		);
		await waitFor( () =>
			expect( calls ).toContainEqual(
				expect.objectContaining( { path: '/backfills/3/cancel' } )
			)
		);
	} );

	it( 'takes a decision back that could not be stored, and says why', async () => {
		const { user } = open(
			backfill( { counts: { ...backfill().counts, conflict: 1 } } ),
			{
				'GET /backfills/3/conflicts': () =>
					page( [ { ...conflict(), decision: null } ] ),
				'POST /backfills/3/conflicts': () => {
					throw refusal( 'The backfill was cancelled meanwhile.' );
				},
			}
		);
		await user.click( await screen.findByText( 'amina@shop.example' ) );
		const dialog = within( await screen.findByRole( 'dialog' ) );
		await user.click( dialog.getByLabelText( 'Ignore' ) );
		await user.click( dialog.getByRole( 'button', { name: 'Decide' } ) );
		expect(
			await dialog.findByText( 'The backfill was cancelled meanwhile.' )
		).toBeVisible();
		expect( screen.getByText( 'Undecided' ) ).toBeInTheDocument();
	} );
} );
