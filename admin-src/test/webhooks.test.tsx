import { screen, waitFor, within } from '@testing-library/react';
import { guess } from '../screens/webhooks/words';
import type { IncomingHook, Site } from '../types';
import { renderApp } from './support/render-app';
import { choices, hook, site, siteSettings } from './support/samples';
import { refusal, serve } from './support/server';

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

const webhook = ( more: Partial< Site > = {} ): Site =>
	site( {
		id: 8,
		name: 'n8n',
		kind: 'webhook',
		url: 'https://n8n.example/webhook/very-private',
		username: '',
		settings: siteSettings( { fields: [ 'user_email' ] } ),
		...more,
	} );

const routes = ( out: Site[], into: IncomingHook[] = [] ) => ( {
	'GET /sites': () => [ site(), ...out ],
	'GET /summary': summary,
	'GET /choices': choices,
	'GET /webhooks/in': () => into,
} );

const card = ( name: string ) => screen.findByRole( 'article', { name } );

describe( 'Webhooks', () => {
	it( 'are no sites: neither among the sites nor to be filled', async () => {
		serve( {
			...routes( [ webhook() ] ),
			'GET /backfills': () => [],
		} );
		const { unmount } = renderApp();
		await card( 'Academy' );
		expect(
			screen.queryByRole( 'article', { name: 'n8n' } )
		).not.toBeInTheDocument();
		expect( screen.getByText( '1 of 1' ) ).toBeVisible();
		unmount();
		renderApp( 'view=backfill' );
		const select = await screen.findByLabelText( 'Site' );
		expect( within( select ).getAllByRole( 'option' ) ).toHaveLength( 1 );
	} );

	it( 'show the host of an address alone, and what is wrong', async () => {
		serve(
			routes( [
				webhook( {
					state: 'held',
					problem: { code: 'hook_gone', message: 'It is gone.' },
					oldSecretUntil: 1_900_000_000,
				} ),
			] )
		);
		renderApp( 'view=webhooks' );
		const found = await card( 'n8n' );
		expect( found ).toHaveTextContent( 'n8n.example' );
		expect( found ).not.toHaveTextContent( 'very-private' );
		expect( found ).toHaveTextContent( 'It is gone.' );
		expect( found ).toHaveTextContent( /old secret is still in use/ );
		expect(
			within( found ).getByRole( 'button', { name: 'Try now' } )
		).toBeVisible();
	} );

	it( 'show a new secret once', async () => {
		const calls = serve( {
			...routes( [] ),
			'POST /webhooks': () => ( {
				site: webhook(),
				secret: 'whsec_shownOnce',
			} ),
		} );
		const { user } = renderApp( 'view=webhooks' );
		await user.click(
			await screen.findByRole( 'button', { name: 'Add an address' } )
		);
		const dialog = await screen.findByRole( 'dialog' );
		expect(
			within( dialog ).getByRole( 'button', { name: 'Add webhook' } )
		).toHaveAttribute( 'aria-disabled', 'true' );
		await user.type( within( dialog ).getByLabelText( 'Name' ), 'n8n' );
		await user.type(
			within( dialog ).getByLabelText( 'Address' ),
			'https://n8n.example/x'
		);
		await user.click(
			within( dialog ).getByRole( 'button', { name: 'Add webhook' } )
		);
		expect( await screen.findByText( 'whsec_shownOnce' ) ).toBeVisible();
		expect(
			calls.find( ( { method } ) => method === 'POST' )?.data
		).toEqual( { name: 'n8n', url: 'https://n8n.example/x' } );
		await user.click(
			screen.getByRole( 'button', { name: 'I have copied it' } )
		);
		await waitFor( () =>
			expect(
				screen.queryByText( 'whsec_shownOnce' )
			).not.toBeInTheDocument()
		);
		await card( 'n8n' );
	} );

	it( 'say why an address can’t be had', async () => {
		serve( {
			...routes( [] ),
			'POST /webhooks': () => {
				throw refusal( 'Enter a whole address.' );
			},
		} );
		const { user } = renderApp( 'view=webhooks' );
		await user.click(
			await screen.findByRole( 'button', { name: 'Add an address' } )
		);
		const dialog = await screen.findByRole( 'dialog' );
		await user.type( within( dialog ).getByLabelText( 'Name' ), 'n8n' );
		await user.type( within( dialog ).getByLabelText( 'Address' ), 'http' );
		await user.keyboard( '{Enter}' );
		expect(
			( await screen.findAllByText( 'Enter a whole address.' ) )[ 0 ]
		).toBeVisible();
	} );

	it( 'offer no passwords, and need an event', async () => {
		serve( routes( [ webhook() ] ) );
		const { user } = renderApp( 'view=webhooks&webhook=8' );
		await screen.findByText( 'What n8n is told' );
		expect( screen.getByLabelText( 'Email address' ) ).toBeChecked();
		expect( screen.queryByLabelText( 'Password' ) ).not.toBeInTheDocument();
		for ( const box of within(
			screen.getByRole( 'group', { name: 'Tell it when' } )
		).getAllByRole( 'checkbox' ) ) {
			await user.click( box );
		}
		expect(
			screen.getByText( 'Choose at least one event.' )
		).toBeVisible();
	} );

	it( 'map a part of the last request by two clicks, show what that comes to, and save it', async () => {
		let saved: unknown = null;
		const one = hook();
		serve( {
			...routes( [], [ one ] ),
			'PATCH /webhooks/in/4': ( { data } ) => {
				saved = data;
				return { ...one, state: 'on' };
			},
		} );
		const { user } = renderApp( 'view=webhooks&hook=4' );
		await user.click(
			await screen.findByRole( 'button', { name: /^contact\.email/ } )
		);
		await user.click(
			await screen.findByRole( 'menuitem', { name: 'Email address' } )
		);
		expect( screen.getByLabelText( 'Email address' ) ).toHaveValue(
			'{contact.email}'
		);
		expect(
			screen.getByText( 'With the last request: amina@mail.example' )
		).toBeVisible();
		// A second part goes behind the first.
		for ( const path of [ /^contact\.first_name/, /^tags/ ] ) {
			await user.click( screen.getByRole( 'button', { name: path } ) );
			await user.click(
				await screen.findByRole( 'menuitem', { name: 'Display name' } )
			);
		}
		expect( screen.getByLabelText( 'Display name' ) ).toHaveValue(
			'{contact.first_name} {tags}'
		);
		await user.click( screen.getByLabelText( /^On:/ ) );
		await user.click(
			screen.getByRole( 'button', { name: 'Save changes' } )
		);
		await waitFor( () =>
			expect( saved ).toEqual( {
				state: 'on',
				settings: {
					map: [
						{ field: 'user_email', from: '{contact.email}' },
						{
							field: 'display_name',
							from: '{contact.first_name} {tags}',
						},
					],
				},
			} )
		);
	} );

	it( 'map what fits by its name', async () => {
		serve( routes( [], [ hook() ] ) );
		const { user } = renderApp( 'view=webhooks&hook=4' );
		await user.click(
			await screen.findByRole( 'button', {
				name: 'Map what fits by its name',
			} )
		);
		expect( screen.getByLabelText( 'Email address' ) ).toHaveValue(
			'{contact.email}'
		);
		expect( screen.getByLabelText( 'First name' ) ).toHaveValue(
			'{contact.first_name}'
		);
		expect( screen.getByLabelText( 'Tags' ) ).toHaveValue( '{tags}' );
		expect(
			screen.queryByRole( 'button', {
				name: 'Map what fits by its name',
			} )
		).not.toBeInTheDocument();
	} );

	it( 'are not switched on without an email address', async () => {
		serve( routes( [], [ hook() ] ) );
		const { user } = renderApp( 'view=webhooks&hook=4' );
		await user.click( await screen.findByLabelText( /^On:/ ) );
		expect(
			screen.getByText( /map a part of the request onto the email/ )
		).toBeVisible();
		expect(
			screen.getByRole( 'button', { name: 'Save changes' } )
		).toHaveAttribute( 'aria-disabled', 'true' );
	} );

	it( 'offer no role that gives power', async () => {
		serve( routes( [], [ hook() ] ) );
		renderApp( 'view=webhooks&hook=4' );
		expect( await screen.findByLabelText( 'Subscriber' ) ).toBeChecked();
		expect(
			screen.queryByLabelText( 'Administrator' )
		).not.toBeInTheDocument();
	} );

	it( 'show the address with the access key once', async () => {
		const one = hook();
		serve( {
			...routes( [], [ one ] ),
			'POST /webhooks/in/4/access-key': () => ( {
				hook: { ...one, compatible: true },
				key: 'abc',
				address: 'https://shop.example/?wpf_action=add&access_key=abc',
			} ),
		} );
		const { user } = renderApp( 'view=webhooks&hook=4' );
		await user.click( await screen.findByLabelText( /WP Fusion/ ) );
		expect( await screen.findByText( /access_key=abc/ ) ).toBeVisible();
	} );

	it( 'that were removed are not there', async () => {
		serve( routes( [], [] ) );
		renderApp( 'view=webhooks&hook=4' );
		expect(
			await screen.findByText( 'This webhook does not exist' )
		).toBeVisible();
	} );

	it.each( [
		[ 'contact.email', 'user_email' ],
		[ 'data.Email Address', 'user_email' ],
		[ 'fname', 'first_name' ],
		[ 'order.number', null ],
	] )( 'guess what “%s” is', ( path, field ) => {
		expect( guess( path ) ).toBe( field );
	} );
} );
