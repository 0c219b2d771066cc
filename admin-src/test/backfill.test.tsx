import { screen, waitFor, within } from '@testing-library/react';
import { buttonsOf } from '../screens/backfill/buttons';
import { adviceOf, progressOf } from '../screens/backfill/words';
import type { Backfill } from '../types';
import { renderApp } from './support/render-app';
import { backfill, conflict, pairing, site } from './support/samples';
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
				} ),
				site()
			)
		).toBe(
			'734 of 1,231 users · 14.2 users per second · about 35 seconds left'
		);
	} );

	it( 'counts accounts while it reads, without a total at first', () => {
		expect(
			progressOf( backfill( { state: 'indexing', done: 100 } ), site() )
		).toBe( '100 users' );
	} );

	it.each( [ 'plain', 'paired' ] as const )(
		'says how fast it reads a %s site and how long it takes',
		( kind ) => {
			expect(
				progressOf(
					backfill( {
						state: 'indexing',
						done: 500,
						total: 1500,
						rate: 100,
						secondsLeft: 10,
					} ),
					site( { kind } )
				)
			).toBe(
				'500 of 1,500 users · 100 users per second · about 10 seconds left'
			);
		}
	);

	it( 'says what it waits for, and what was measured before', () => {
		expect(
			progressOf(
				backfill( {
					state: 'running',
					done: 3,
					total: 9,
					rate: 2,
					secondsLeft: 3,
					problem: { code: 'no_answer', message: 'It is away.' },
				} ),
				site()
			)
		).toBe(
			'3 of 9 users · waits for Academy · 2 users per second · then about 3 seconds left'
		);
	} );
} );

describe( 'buttonsOf', () => {
	it.each( [
		[ 'indexing', [ 'pause', 'cancel' ] ],
		[ 'matching', [ 'pause', 'cancel' ] ],
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

	it( 'has something to run when only fields are to be brought', () => {
		const counts = { ...backfill().counts, link: 0, create: 0, bring: 1 };
		expect(
			buttonsOf( backfill( { counts } ) ).map( ( { id } ) => id )
		).toContain( 'run' );
	} );

	it( 'has something to run when only those are wanted who are only there', () => {
		const item = backfill( {
			counts: { ...backfill().counts, link: 0, create: 0, onlyThere: 2 },
		} );
		const ids = ( fetch: boolean ) =>
			buttonsOf( {
				...item,
				options: { ...item.options, fetch },
			} ).map( ( { id } ) => id );
		expect( ids( true ) ).toContain( 'run' );
		expect( ids( false ) ).not.toContain( 'run' );
	} );

	it( 'has nothing to run when those who are missing are not wanted', () => {
		const item = backfill( {
			counts: { ...backfill().counts, link: 0 },
			options: { ...backfill().options, create: false },
		} );
		expect( buttonsOf( item ).map( ( { id } ) => id ) ).not.toContain(
			'run'
		);
	} );
} );

describe( 'Backfill', () => {
	function open(
		newest: Backfill | null,
		routes: Parameters< typeof serve >[ 0 ] = {}
	) {
		const calls = serve( {
			'GET /backfills/3/people': () => page( [] ),
			'GET /backfills/3/kinds': () => [],
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
			await screen.findByLabelText( 'Fill only what is empty on Forum' )
		);
		await user.click( screen.getByLabelText( 'Also match by username' ) );
		await user.click( screen.getByRole( 'button', { name: 'Preview' } ) );
		await waitFor( () =>
			expect( calls ).toContainEqual(
				expect.objectContaining( {
					method: 'POST',
					path: '/backfills',
					data: {
						site: 2,
						options: {
							create: true,
							bring: 'fill',
							byName: true,
							fetch: false,
							rate: null,
						},
					},
				} )
			)
		);
	} );

	it( 'asks for the newest alone', async () => {
		const { calls } = open( backfill() );
		await screen.findByText( 'The preview is ready' );
		expect(
			calls.find( ( { path } ) => path === '/backfills' )?.query
		).toMatchObject( { site: '1', per_page: '1' } );
	} );

	it( 'pauses while it reads', async () => {
		const { calls, user } = open( backfill( { state: 'indexing' } ), {
			'POST /backfills/3/pause': () => backfill( { state: 'paused' } ),
		} );
		await user.click(
			await screen.findByRole( 'button', { name: 'Pause' } )
		);
		await waitFor( () =>
			expect( calls ).toContainEqual(
				expect.objectContaining( { path: '/backfills/3/pause' } )
			)
		);
	} );

	it( 'fetches who is only on a paired site, and shows them', async () => {
		const counts = { ...backfill().counts, onlyThere: 7 };
		const { calls, user } = open( backfill( { counts } ), {
			'GET /sites': () => [
				site( { kind: 'paired', pairing: pairing() } ),
			],
			'PATCH /backfills/3': () =>
				backfill( {
					counts,
					options: { ...backfill().options, fetch: true },
				} ),
			'GET /backfills/3/people': ( { query } ) =>
				page(
					query.show === 'missing_here'
						? [
								{
									id: 8,
									finding: 'missing_here',
									progress: '',
									message: '',
									remark: '',
									here: {
										id: 0,
										username: '',
										email: '',
										name: '',
										roles: [],
									},
									there: {
										id: 70,
										username: 'anna',
										name: 'Anna',
										email: 'anna@b.test',
										roles: [],
										protected: false,
									},
								},
							]
						: []
				),
		} );
		expect( await screen.findByText( 'Only there' ) ).toBeVisible();
		await user.click(
			screen.getByLabelText( 'Create here those who are only on Academy' )
		);
		await waitFor( () =>
			expect( calls ).toContainEqual(
				expect.objectContaining( {
					method: 'PATCH',
					path: '/backfills/3',
					data: { options: { fetch: true } },
				} )
			)
		);
		await user.selectOptions(
			screen.getByLabelText( 'Show' ),
			'Only on the other site (7)'
		);
		expect( await screen.findByText( 'anna' ) ).toBeVisible();
		expect( screen.getByText( 'No account' ) ).toBeVisible();
	} );

	it.each( [
		[ 'a plain site', null ],
		[ 'an older Tandem', pairing( { canBeAsked: false } ) ],
	] )( 'does not offer to fetch from %s', async ( name, known ) => {
		// It could be asked when the last one was made.
		const options = { ...backfill().options, fetch: true };
		const { calls, user } = open( backfill( { state: 'done', options } ), {
			'GET /sites': () => [ site( { pairing: known } ) ],
			'POST /backfills': () => backfill(),
		} );
		await screen.findByLabelText(
			'Create those who are missing on Academy'
		);
		expect( screen.queryByLabelText( /only on Academy/ ) ).toBeNull();
		await user.click(
			screen.getByRole( 'button', { name: 'New preview' } )
		);
		await waitFor( () =>
			expect( calls ).toContainEqual(
				expect.objectContaining( {
					method: 'POST',
					path: '/backfills',
					data: { site: 1, options: { ...options, fetch: false } },
				} )
			)
		);
	} );

	it( 'says whose fields are compared, not that all of them are brought', async () => {
		open(
			backfill( {
				options: { ...backfill().options, bring: 'here' },
				counts: { ...backfill().counts, bring: 95_000 },
			} )
		);
		const card = ( await screen.findByText( 'Fields to be compared' ) )
			.parentElement;
		expect( card ).toHaveTextContent( '95,000' );
		expect( card ).toHaveTextContent(
			'This site’s values win where they differ'
		);
	} );

	it.each( [
		[ 'paired', 'here', true ],
		[ 'paired', 'fill', false ],
		[ 'plain', 'here', false ],
	] as const )(
		'offers to look first who differs (%s site, %s)',
		async ( kind, bring, offers ) => {
			open( backfill( { options: { ...backfill().options, bring } } ), {
				'GET /sites': () => [ site( { kind } ) ],
			} );
			await screen.findByText( 'The preview is ready' );
			const link = screen.queryByRole( 'link', {
				name: /who differs, and in which fields/,
			} );
			expect( !! link ).toBe( offers );
			if ( link ) {
				expect( link ).toHaveAttribute(
					'href',
					expect.stringContaining( 'verify=1' )
				);
			}
		}
	);

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

	it( 'stores what is chosen before the run at once', async () => {
		const { calls, user } = open( backfill(), {
			'PATCH /backfills/3': ( { data } ) =>
				backfill( {
					options: {
						...backfill().options,
						...( data as { options: object } ).options,
					},
				} ),
		} );
		await user.click(
			await screen.findByLabelText( 'This site’s values win' )
		);
		await waitFor( () =>
			expect( calls ).toContainEqual(
				expect.objectContaining( {
					method: 'PATCH',
					path: '/backfills/3',
					data: { options: { bring: 'here' } },
				} )
			)
		);
		// How people are matched is part of the preview.
		await user.click( screen.getByLabelText( 'Also match by username' ) );
		expect(
			await screen.findByText( /Make the preview again/ )
		).toBeVisible();
		expect(
			calls.filter( ( { method } ) => method === 'PATCH' )
		).toHaveLength( 1 );
	} );

	it( 'takes a choice back that could not be stored, and says why', async () => {
		const { user } = open( backfill(), {
			'PATCH /backfills/3': () => {
				throw refusal( 'It is running by now.' );
			},
		} );
		await user.click(
			await screen.findByLabelText( 'This site’s values win' )
		);
		expect(
			await screen.findByText( 'It is running by now.' )
		).toBeVisible();
		expect(
			screen.getByLabelText( 'Leave them as they are' )
		).toBeChecked();
	} );

	it( 'lets only the rate be changed while it runs', async () => {
		const { calls, user } = open(
			backfill( { state: 'running', total: 9 } ),
			{
				'PATCH /backfills/3': () =>
					backfill( {
						state: 'running',
						total: 9,
						options: { ...backfill().options, rate: 25 },
					} ),
			}
		);
		const rate = await screen.findByLabelText( 'Users per second at most' );
		expect( screen.queryByLabelText( /Also match/ ) ).toBeNull();
		await user.type( rate, '25{Enter}' );
		await waitFor( () =>
			expect( calls ).toContainEqual(
				expect.objectContaining( {
					method: 'PATCH',
					data: { options: { rate: 25 } },
				} )
			)
		);
	} );

	it( 'decides about all of a kind after a question, protected ones left out', async () => {
		const { calls, user } = open(
			backfill( { counts: { ...backfill().counts, conflict: 231 } } ),
			{
				'GET /backfills/3/conflicts': () => page( [ conflict() ], 231 ),
				'GET /backfills/3/kinds': () => [
					{
						code: 'username_taken',
						people: 231,
						undecided: 231,
						protected: 1,
						choices: [ 'link', 'create', 'ignore' ],
					},
				],
				'POST /backfills/3/conflicts': () => ( { decided: 230 } ),
			}
		);
		await user.click(
			await screen.findByRole( 'button', { name: 'Link all 230' } )
		);
		const dialog = within( await screen.findByRole( 'dialog' ) );
		await user.click(
			dialog.getByRole( 'button', { name: 'Link all 230' } )
		);
		await waitFor( () =>
			expect( calls ).toContainEqual(
				expect.objectContaining( {
					method: 'POST',
					path: '/backfills/3/conflicts',
					data: { kind: 'username_taken', decision: 'link' },
				} )
			)
		);
	} );

	it( 'shows who may be the same person first', async () => {
		const { calls } = open(
			backfill( { counts: { ...backfill().counts, remarked: 1 } } ),
			{
				'GET /backfills/3/people': () =>
					page( [
						{
							id: 1,
							finding: 'create',
							progress: '',
							message: '',
							remark: 'May be the same person as maria@x.org here.',
							here: conflict().here,
							there: null,
						},
					] ),
			}
		);
		expect(
			await screen.findByText(
				'May be the same person as maria@x.org here.'
			)
		).toBeVisible();
		expect(
			calls.find( ( { path } ) => path === '/backfills/3/people' )?.query
		).toMatchObject( { show: 'remarked' } );
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
