import { screen, waitFor, within } from '@testing-library/react';
import { factsOf, fieldsOf, titleOf } from '../screens/verify/words';
import type { SiteExplanation, Verification } from '../types';
import { renderApp } from './support/render-app';
import { finding, site, verification } from './support/samples';
import { page, refusal, serve } from './support/server';

const paired = site( {
	id: 3,
	name: 'Shop',
	kind: 'paired',
	pairing: {} as never,
} );

describe( 'what is said of a verification', () => {
	it( 'counts those who differ, whatever is done about them', () => {
		const counts = { open: 1, wanted: 1, sent: 1, refused: 1 };
		expect( titleOf( verification( { counts } ), paired ) ).toBe(
			'4 people differ'
		);
		expect( titleOf( verification(), paired ) ).toBe(
			'Everyone is the same'
		);
	} );

	it( 'says how far it is, and who was left alone', () => {
		expect(
			factsOf(
				verification( {
					state: 'comparing',
					compared: 500,
					total: 1500,
				} )
			)
		).toBe( '500 of 1,500 people' );
		expect(
			factsOf( verification( { waiting: 2, finishedAt: null } ) )
		).toBe( '5 people compared · 2 were on the way and left alone' );
	} );

	it( 'names fields by where the newer value is', () => {
		const fields = [
			{ name: 'first_name', newer: 'here' as const },
			{ name: 'roles', newer: 'there' as const },
			{ name: 'meta:phone', newer: 'nobody' as const },
		];
		expect( fieldsOf( { fields }, 'Shop' ) ).toEqual( [
			'Newer here: First name',
			'Newer on Shop: Roles',
			'Neither is newer: phone',
		] );
	} );
} );

describe( 'Verify', () => {
	function open(
		newest: Verification | null,
		routes: Parameters< typeof serve >[ 0 ] = {},
		one = paired
	) {
		const calls = serve( {
			'GET /sites': () => [ one ],
			'GET /verifications': () => ( newest ? [ newest ] : [] ),
			'GET /verifications/9/findings': () =>
				page( [
					finding(),
					finding( {
						id: 2,
						here: {
							...finding().here,
							username: 'berta',
							email: '',
						},
						kind: 'somebody_else',
						message: 'Look at both.',
						fields: [],
						repairable: false,
						forcible: false,
					} ),
				] ),
			...routes,
		} );
		return { calls, ...renderApp( `view=sites&verify=${ one.id }` ) };
	}

	it( 'begins on request', async () => {
		const begun = verification( { state: 'comparing', compared: 0 } );
		const newest: Verification[] = [];
		const { user, calls } = open( null, {
			'GET /verifications': () => newest,
			'POST /verifications': () => {
				newest.push( begun );
				return begun;
			},
		} );
		await user.click(
			await screen.findByRole( 'button', { name: 'Verify' } )
		);
		expect(
			await screen.findByText( 'Comparing with Shop…' )
		).toBeInTheDocument();
		expect(
			calls.find( ( { method } ) => method === 'POST' )?.data
		).toEqual( { site: 3 } );
	} );

	it( 'says of a plain site what it needs, and offers nothing', async () => {
		open( null, {}, site( { id: 3, name: 'Shop', pairing: null } ) );
		expect(
			await screen.findByText( 'This needs Tandem on both sites' )
		).toBeInTheDocument();
		expect( screen.queryByRole( 'button', { name: 'Verify' } ) ).toBeNull();
	} );

	it( 'repairs all, and shows what could not be done', async () => {
		const { user, calls } = open(
			verification( {
				counts: { open: 2, wanted: 0, sent: 0, refused: 0 },
			} ),
			{
				'POST /verifications/9/repair': () => {
					throw refusal( 'It is not finished.' );
				},
			}
		);
		await user.click(
			await screen.findByRole( 'button', { name: 'Repair all' } )
		);
		expect(
			( await screen.findAllByText( 'It is not finished.' ) ).length
		).toBeGreaterThan( 0 );
		expect(
			calls.find( ( { method } ) => method === 'POST' )?.data
		).toEqual( {} );
	} );

	it( 'asks before this site’s values win', async () => {
		const { user, calls } = open(
			verification( {
				counts: { open: 2, wanted: 0, sent: 0, refused: 0 },
			} ),
			{ 'POST /verifications/9/repair': () => verification() }
		);
		expect(
			await screen.findByText( 'Look at both.' )
		).toBeInTheDocument();
		const row = screen.getByRole( 'row', { name: /anna/ } );
		await user.click(
			within( row ).getByRole( 'button', { name: 'Actions' } )
		);
		await user.click(
			await screen.findByRole( 'menuitem', {
				name: 'Use this site’s values',
			} )
		);
		expect( calls.some( ( { method } ) => method === 'POST' ) ).toBe(
			false
		);
		await user.click(
			within( await screen.findByRole( 'dialog' ) ).getByRole( 'button', {
				name: 'Use this site’s values',
			} )
		);
		await waitFor( () =>
			expect(
				calls.find( ( { method } ) => method === 'POST' )?.data
			).toEqual( { ids: [ 1 ], mine: true } )
		);
	} );

	it( 'speaks of people there who are not known here only when nobody differs', async () => {
		open( verification( { straysThere: 3 } ) );
		// A notice is read out, too.
		expect(
			await screen.findAllByText(
				/3 people on Shop should be known here/,
				{ selector: '.components-notice__content' }
			)
		).toHaveLength( 1 );
	} );
} );

describe( 'Explain', () => {
	const explained = (
		more: Partial< SiteExplanation > = {}
	): SiteExplanation => ( {
		siteId: 3,
		siteName: 'Shop',
		kind: 'paired',
		sent: true,
		why: 'Everyone but administrators is sent there.',
		remoteId: 12,
		remoteName: 'anna2',
		linked: 'Linked by a backfill.',
		waiting: null,
		fields: [
			{ name: 'first_name', state: 'differs', newer: 'here' },
			{ name: 'roles', state: 'same', newer: null },
			{ name: 'password', state: 'not_compared', newer: null },
		],
		wouldSend: [ 'first_name' ],
		wrong: null,
		problem: null,
		...more,
	} );
	const answer = ( more: Partial< SiteExplanation > = {} ) => ( {
		user: finding().here,
		sites: [ explained( more ) ],
	} );

	it( 'shows both accounts’ state and makes the person right', async () => {
		const calls = serve( {
			'GET /sites': () => [ paired ],
			'GET /users/1/explanation': () => answer(),
			'POST /users/1/sync': () =>
				answer( {
					fields: [
						{ name: 'first_name', state: 'same', newer: null },
					],
					wouldSend: [],
				} ),
		} );
		const { user } = renderApp( 'view=sites&explain=1' );
		const card = await screen.findByRole( 'region', { name: 'Shop' } );
		for ( const text of [
			'anna2 (12). Linked by a backfill.',
			'Newer here: First name',
			'Roles',
			'Password',
		] ) {
			expect( within( card ).getByText( text ) ).toBeInTheDocument();
		}
		await user.click(
			within( card ).getByRole( 'button', { name: 'Sync now' } )
		);
		expect( await within( card ).findByText( 'Nothing' ) ).toBeVisible();
		expect(
			calls.find( ( { method } ) => method === 'POST' )?.data
		).toEqual( { site: 3 } );
		expect( within( card ).queryByRole( 'button' ) ).toBeNull();
	} );

	it.each( [
		[ 'Not sent', { sent: false, remoteId: null, fields: [] } ],
		[ 'Not linked', { remoteId: null, fields: [] } ],
		[
			'Could not be asked',
			{ problem: { code: 'refused', message: 'x' }, fields: [] },
		],
		[ 'Differs', { wrong: 'The account there is gone.', fields: [] } ],
		[
			'Needs attention',
			{
				waiting: {
					state: 'attention',
					since: 1,
					fields: [],
					code: 'x',
					message: 'x',
				},
			},
		],
	] as [ string, Partial< SiteExplanation > ][] )(
		'says “%s”',
		async ( label, more ) => {
			serve( {
				'GET /sites': () => [ paired ],
				'GET /users/1/explanation': () => answer( more ),
			} );
			renderApp( 'view=sites&explain=1' );
			const card = await screen.findByRole( 'region', { name: 'Shop' } );
			expect(
				within( card ).getAllByText( label, { selector: 'span' } )[ 0 ]
			).toBeInTheDocument();
		}
	);
} );
