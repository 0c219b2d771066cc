import { screen, waitFor, within } from '@testing-library/react';
import type { Policy, Site } from '../types';
import { renderApp } from './support/render-app';
import { choices, conflict, pairing, site } from './support/samples';
import { refusal, serve } from './support/server';

async function open(
	more: Partial< Site > = {},
	routes: Parameters< typeof serve >[ 0 ] = {}
) {
	const calls = serve( {
		'GET /sites': () => [ site( more ) ],
		'GET /choices': choices,
		'GET /summary': () => {
			throw refusal( 'not asked here' );
		},
		...routes,
	} );
	const { user } = renderApp( 'view=sites&site=1' );
	await screen.findByRole( 'heading', { name: 'What syncs to Academy' } );
	return { calls, user };
}

const button = ( name: string ) => screen.getByRole( 'button', { name } );
const patches = ( calls: Awaited< ReturnType< typeof open > >[ 'calls' ] ) =>
	calls.filter( ( { method } ) => method === 'PATCH' );

describe( 'What syncs', () => {
	it( 'sends only what was changed', async () => {
		const { calls, user } = await open(
			{},
			{
				'PATCH /sites/1': ( { data } ) =>
					site( {
						settings: {
							...site().settings,
							...( data as { settings: object } ).settings,
						},
					} ),
			}
		);
		await user.click( screen.getByLabelText( 'Language' ) );
		await user.click( button( 'Save changes' ) );
		await waitFor( () => expect( patches( calls ) ).toHaveLength( 1 ) );
		expect( patches( calls )[ 0 ].data ).toEqual( {
			settings: {
				fields: [ 'user_email', 'roles', 'password', 'locale' ],
			},
		} );
		await waitFor( () =>
			expect( button( 'Save changes' ) ).toHaveAttribute(
				'aria-disabled',
				'true'
			)
		);
	} );

	it( 'knows that taking a change back leaves nothing to save', async () => {
		const { user } = await open();
		const email = screen.getByLabelText( 'Email address' );
		await user.click( email );
		expect( screen.getByText( 'Not saved yet.' ) ).toBeVisible();
		// It comes back at the end of the list, which means the same.
		await user.click( email );
		expect( screen.queryByText( 'Not saved yet.' ) ).toBeNull();
	} );

	it( 'keeps what was changed when saving fails, and says why', async () => {
		const { user } = await open(
			{},
			{
				'PATCH /sites/1': () => {
					throw refusal( 'That key holds capabilities.' );
				},
			}
		);
		await user.type(
			screen.getByRole( 'combobox', { name: 'User meta keys' } ),
			'wp_capabilities{Enter}'
		);
		await user.click( button( 'Save changes' ) );
		expect(
			(
				await screen.findAllByText( 'That key holds capabilities.' )
			)[ 0 ]
		).toBeVisible();
		expect(
			screen.getAllByText( 'wp_capabilities' ).length
		).toBeGreaterThan( 0 );
	} );

	it( 'does not switch deletions on without an heir', async () => {
		const { there } = conflict();
		const { calls, user } = await open(
			{},
			{
				'GET /sites/1/accounts': () => [ there ],
				'PATCH /sites/1': () => site(),
			}
		);
		await user.click( screen.getByLabelText( /Delete users there/ ) );
		expect( button( 'Save changes' ) ).toHaveAttribute(
			'aria-disabled',
			'true'
		);
		await user.click( await screen.findByLabelText( /Amina Other/ ) );
		await user.click( button( 'Save changes' ) );
		await waitFor( () =>
			expect( patches( calls )[ 0 ]?.data ).toEqual( {
				settings: { deletions: { enabled: true, reassign: 9 } },
			} )
		);
	} );

	it( 'says that a multisite can’t delete and does not offer it', async () => {
		await open( { isMultisite: true } );
		expect( screen.getByLabelText( /Delete users there/ ) ).toBeDisabled();
		expect( screen.getAllByText( /multisite network/ )[ 0 ] ).toBeVisible();
	} );

	it( 'asks before unsaved changes are lost', async () => {
		const { user } = await open();
		await user.click( screen.getByLabelText( 'Language' ) );
		await user.click( screen.getByRole( 'link', { name: 'Activity' } ) );
		let dialog = await screen.findByRole( 'dialog' );
		await user.click(
			within( dialog ).getByRole( 'button', { name: 'Stay' } )
		);
		expect( screen.getByLabelText( 'Language' ) ).toBeChecked();
		await user.click( screen.getByRole( 'link', { name: 'All sites' } ) );
		dialog = await screen.findByRole( 'dialog' );
		await user.click(
			within( dialog ).getByRole( 'button', { name: 'Leave' } )
		);
		expect(
			await screen.findByRole( 'article', { name: 'Academy' } )
		).toBeVisible();
	} );

	it( 'leaves without a question when nothing was changed', async () => {
		const { user } = await open();
		await user.click( screen.getByRole( 'link', { name: 'All sites' } ) );
		expect(
			await screen.findByRole( 'article', { name: 'Academy' } )
		).toBeVisible();
	} );
} );

describe( 'What may that site do here?', () => {
	it( 'lets a site ask for people only when that is ticked', async () => {
		const paired = { kind: 'paired', pairing: pairing() } as const;
		const { calls, user } = await open( paired, {
			'PATCH /sites/1': () => site( paired ),
		} );
		const tick = screen.getByLabelText(
			'Ask for the people who were here before the connection'
		);
		expect( tick ).not.toBeChecked();
		await user.click( tick );
		await user.click( button( 'Save changes' ) );
		await waitFor( () => expect( patches( calls ) ).toHaveLength( 1 ) );
		expect( patches( calls )[ 0 ].data ).toEqual( {
			policy: { bring: true },
		} );
	} );
} );

describe( 'One log-in', () => {
	it( 'is there for paired sites, and saves what this site sends and what that one may do apart', async () => {
		const paired = { kind: 'paired', pairing: pairing() } as const;
		const { calls, user } = await open( paired, {
			'PATCH /sites/1': () => site( paired ),
		} );
		const section = within(
			screen.getByRole( 'region', { name: 'One log-in' } )
		);
		await user.click(
			section.getByLabelText(
				'Who logs out here is logged out there too'
			)
		);
		await user.click(
			section.getByLabelText(
				'Only if they have given a second factor there'
			)
		);
		await user.click( button( 'Save changes' ) );
		await waitFor( () => expect( patches( calls ) ).toHaveLength( 1 ) );
		expect( patches( calls )[ 0 ].data ).toEqual( {
			settings: {
				login: {
					vouch: true,
					button: true,
					quiet: false,
					logOut: true,
				},
			},
			policy: { loginSecondFactor: true },
		} );
	} );

	it( 'hides what has no meaning where nobody may log in from there', async () => {
		const { user } = await open( { kind: 'paired', pairing: pairing() } );
		const name = 'Offer “Log in with Academy” on log-in forms here';
		expect( screen.getByLabelText( name ) ).toBeChecked();
		await user.click(
			screen.getByLabelText(
				'People who are logged in there may log in here by that'
			)
		);
		expect( screen.queryByLabelText( name ) ).toBeNull();
	} );

	it( 'is not there for a plain site', async () => {
		await open();
		expect(
			screen.queryByRole( 'region', { name: 'One log-in' } )
		).toBeNull();
	} );
} );

describe( 'What a paired site may do here', () => {
	const policy = ( more: Partial< Policy > ) => ( {
		kind: 'paired' as const,
		pairing: pairing( {
			policy: { ...pairing().policy, ...more },
			removalsWaiting: 30,
		} ),
	} );
	const yes = () =>
		screen.queryByRole( 'button', {
			name: 'Let it remove more people for an hour',
		} );

	it( 'lets the owner say yes to more removals where only roles are taken, and says how many wait', async () => {
		const { calls, user } = await open(
			policy( { delete: 'ignore', roles: true } ),
			{
				'POST /sites/1/allow-removals': () =>
					site( {
						kind: 'paired',
						pairing: pairing( {
							removalsUntil:
								Math.floor( Date.now() / 1000 ) + 3600,
						} ),
					} ),
			}
		);
		expect(
			screen.getByText( '30 people wait for this.' )
		).toBeInTheDocument();
		expect(
			screen.getByLabelText(
				'People that it may remove in an hour without asking'
			)
		).toBeInTheDocument();
		await user.click( yes() as HTMLElement );
		await screen.findByText( /Allowed without a limit/ );
		expect(
			calls.some( ( { path } ) => path.includes( 'allow-removals' ) )
		).toBe( true );
	} );

	it( 'has neither where nothing is ever taken from anybody', async () => {
		await open( policy( { delete: 'ignore', roles: false } ) );
		expect( yes() ).not.toBeInTheDocument();
	} );

	it( 'says beside a role what it can do here', async () => {
		await open( policy( { roleList: [ 'subscriber' ] } ) );
		const roles = screen.getByRole( 'group', {
			name: 'Roles that it may give and take here',
		} );
		const editor = within( roles ).getByLabelText( 'Editor' );
		expect( editor ).not.toBeChecked();
		expect( editor ).toHaveAccessibleDescription(
			/Whoever controls that site/
		);
		expect(
			within( roles ).getByLabelText( 'Subscriber' )
		).not.toHaveAccessibleDescription();
	} );

	it( 'says what the list of accounts holds, and saves that it may not be read', async () => {
		const { calls, user } = await open( policy( {} ), {
			'PATCH /sites/1': () => site( policy( { accounts: false } ) ),
		} );
		const box = screen.getByLabelText( 'Read the list of accounts here' );
		expect( box ).toBeChecked();
		expect( box ).toHaveAccessibleDescription( /everybody/ );
		await user.click( box );
		await user.click( button( 'Save changes' ) );
		await waitFor( () => expect( patches( calls ) ).toHaveLength( 1 ) );
		expect( patches( calls )[ 0 ].data ).toEqual( {
			policy: { accounts: false },
		} );
	} );
} );
