import { screen, waitFor, within } from '@testing-library/react';
import type { Site } from '../types';
import { renderApp } from './support/render-app';
import { pairing, site } from './support/samples';
import { deferred, refusal, serve } from './support/server';

const summary = () => ( {
	sites: 1,
	connectedSites: 1,
	users: 9,
	waiting: 0,
	attention: 0,
	delivered24h: 0,
	lastRun: null,
	isLate: false,
} );
const routes = ( sites: Site[] ) => ( {
	'GET /sites': () => sites,
	'GET /summary': summary,
} );
const card = ( name = 'Academy' ) => screen.findByRole( 'article', { name } );

describe( 'Sites', () => {
	it( 'says what is wrong with a site and when it is tried again', async () => {
		const now = Math.floor( Date.now() / 1000 );
		serve(
			routes( [
				site( {
					state: 'unreachable',
					problem: { code: 'x', message: 'Academy does not answer.' },
					problemSince: now - 7300,
					nextTryAt: now + 310,
				} ),
			] )
		);
		renderApp();
		const found = await card();
		expect( found ).toHaveTextContent( 'Unreachable' );
		expect( found ).toHaveTextContent( 'Academy does not answer.' );
		expect( found ).toHaveTextContent( 'Began 2 hours ago.' );
		expect( found ).toHaveTextContent( 'Next try in 5 minutes.' );
	} );

	it.each( [
		[
			{ out: 'hash', in: 'hash' },
			'A test password that was set here worked there, sent as it is stored. One that was set there worked here, sent as it is stored.',
		],
		[
			{ out: 'sealed', in: 'hash' },
			'A test password that was set here worked there, but only sent sealed: people who existed before don’t keep theirs there. One that was set there worked here, sent as it is stored.',
		],
		[
			{ out: 'none', in: 'sealed' },
			'A test password that was set here did not work there. One that was set there worked here, but only sent sealed: people who existed there before don’t keep theirs here.',
		],
		[
			{ out: null, in: 'none' },
			'Paired: changes go both ways. One that was set there did not work here.',
		],
		[ null, 'Paired: changes go both ways.' ],
	] as const )(
		'says for both directions what the test of passwords found: %j',
		async ( passwords, words ) => {
			serve(
				routes( [
					site( {
						kind: 'paired',
						pairing: pairing( { passwords } ),
					} ),
				] )
			);
			renderApp();
			const line = await within( await card() ).findByText( /^Paired:/ );
			expect( line.textContent?.endsWith( words ) ).toBe( true );
		}
	);

	it( 'does not name a next try that is over', async () => {
		serve( {
			'GET /sites': () => [
				site( {
					state: 'unreachable',
					problem: { code: 'refused', message: 'Nothing answers.' },
					nextTryAt: Math.floor( Date.now() / 1000 ) - 13,
				} ),
			],
			'GET /summary': () => summary(),
		} );
		renderApp();
		expect( await screen.findByText( /Next try/ ) ).toHaveTextContent(
			'Next try in a moment.'
		);
	} );

	it( 'says how long a change takes, and nothing where nothing has arrived', async () => {
		serve(
			routes( [ site(), site( { id: 2, name: 'Blog', pace: null } ) ] )
		);
		renderApp();
		expect( await card() ).toHaveTextContent(
			'usually arrives within 0.8 seconds, nearly always within 2.4 seconds.'
		);
		expect( await card( 'Blog' ) ).not.toHaveTextContent( 'arrives' );
	} );

	it( 'says that nothing works in the background, what that means and what to do', async () => {
		let late = true;
		serve( {
			...routes( [ site() ] ),
			'GET /summary': () => ( {
				...summary(),
				isLate: late,
				lastRun: Math.floor( Date.now() / 1000 ) - 7300,
			} ),
		} );
		const { unmount } = renderApp();
		const found = await screen.findByText( /it last did 2 hours ago/, {
			selector: 'p',
		} );
		expect( found ).toHaveTextContent( 'is not tried again' );
		expect(
			screen.getByText( /Ask your host for a cron job/, {
				selector: 'p',
			} )
		).toBeVisible();
		unmount();
		late = false;
		renderApp();
		await card();
		await screen.findByText( 'Users on this site' );
		expect(
			screen.queryByText( /works in the background/, { selector: 'p' } )
		).not.toBeInTheDocument();
	} );

	it.each( [ 'sites', 'backfill', 'webhooks', 'activity', 'settings' ] )(
		'says on top of the section “%s” that nothing works in the background',
		async ( section ) => {
			serve( {
				...routes( [ site() ] ),
				'GET /summary': () => ( { ...summary(), isLate: true } ),
			} );
			renderApp( `view=${ section }` );
			expect(
				await screen.findByText(
					/^Nothing works in the background on this site\./,
					{ selector: 'p' }
				)
			).toBeVisible();
		}
	);

	it.each( [
		[ -10_750, 'Its clock is 3 hours behind the one here.' ],
		[ 420, 'Its clock is 7 minutes ahead of the one here.' ],
	] )(
		'says that the clock of a paired site is off by %d seconds, and that this does no harm',
		async ( clockOffset, sentence ) => {
			serve(
				routes( [ site( { pairing: pairing( { clockOffset } ) } ) ] )
			);
			renderApp();
			const found = await card();
			expect( found ).toHaveTextContent( sentence );
			expect( found ).toHaveTextContent( 'Syncing allows for that' );
		}
	);

	it( 'says nothing of clocks that differ by what people don’t notice', async () => {
		serve(
			routes( [ site( { pairing: pairing( { clockOffset: -200 } ) } ) ] )
		);
		renderApp();
		expect( await card() ).toHaveTextContent( 'Paired' );
		expect( await card() ).not.toHaveTextContent( 'clock' );
	} );

	it( 'offers to add the first site', async () => {
		serve( routes( [] ) );
		renderApp();
		expect( await screen.findByText( 'No sites yet' ) ).toBeVisible();
	} );

	it( 'says why the sites can’t be shown, and tries again', async () => {
		let away = true;
		serve( {
			...routes( [] ),
			'GET /sites': () => {
				if ( away ) {
					throw refusal( 'The database is away.' );
				}
				return [ site() ];
			},
		} );
		const { user } = renderApp();
		expect(
			await screen.findByText( 'The database is away.' )
		).toBeVisible();
		away = false;
		await user.click( screen.getByRole( 'button', { name: 'Try again' } ) );
		expect( await card() ).toBeVisible();
	} );

	it( 'pauses before the answer, and says on the card why it failed', async () => {
		const answer = deferred< Site >();
		serve( {
			...routes( [ site() ] ),
			'POST /sites/1/pause': () => answer.promise,
		} );
		const { user } = renderApp();
		const found = await card();
		await user.click(
			within( found ).getByRole( 'button', { name: /More actions/ } )
		);
		await user.click( screen.getByRole( 'menuitem', { name: 'Pause' } ) );
		await waitFor( () => expect( found ).toHaveTextContent( 'Paused' ) );
		answer.reject( refusal( 'It is being set up.' ) );
		await waitFor( () =>
			expect( found ).toHaveTextContent( 'It is being set up.' )
		);
		expect( found ).toHaveTextContent( 'Connected' );
	} );

	it( 'syncs what waits and says how it went', async () => {
		serve( {
			...routes( [ site( { waiting: 3 } ) ] ),
			'POST /sites/1/sync': () => site( { waiting: 1 } ),
		} );
		const { user } = renderApp();
		await user.click(
			within( await card() ).getByRole( 'button', { name: 'Sync now' } )
		);
		expect( await screen.findByTestId( 'snackbar' ) ).toHaveTextContent(
			'1 person still waits for Academy.'
		);
	} );

	it( 'removes a site only after saying what that means', async () => {
		const calls = serve( {
			...routes( [ site() ] ),
			'DELETE /sites/1': () => ( {} ),
		} );
		const { user } = renderApp();
		await user.click(
			within( await card() ).getByRole( 'button', {
				name: /More actions/,
			} )
		);
		await user.click( screen.getByRole( 'menuitem', { name: 'Remove' } ) );
		const dialog = await screen.findByRole( 'dialog' );
		expect( dialog ).toHaveTextContent(
			'The accounts on both sites stay as they are.'
		);
		expect( calls.map( ( call ) => call.method ) ).not.toContain(
			'DELETE'
		);
		await user.click(
			within( dialog ).getByRole( 'button', { name: 'Remove' } )
		);
		expect( await screen.findByText( 'No sites yet' ) ).toBeVisible();
	} );
} );

describe( 'The copy question', () => {
	it( 'sends the owner’s answer and goes away', async () => {
		const calls = serve( {
			...routes( [ site() ] ),
			'POST /identity': () => ( { copyOf: null } ),
		} );
		const { user } = renderApp( '', { copyOf: 'https://shop.example' } );
		await user.click(
			screen.getByRole( 'button', { name: 'It is a copy' } )
		);
		await waitFor( () =>
			expect(
				screen.queryByRole( 'button', { name: 'It is a copy' } )
			).not.toBeInTheDocument()
		);
		expect( calls ).toContainEqual(
			expect.objectContaining( {
				path: '/identity',
				data: { decision: 'copy' },
			} )
		);
	} );
} );
