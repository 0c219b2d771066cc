import { screen, waitFor, within } from '@testing-library/react';
import type { Rule, Site } from '../types';
import { renderApp } from './support/render-app';
import { pairing, rule, ruleChoices, site } from './support/samples';
import { refusal, serve } from './support/server';

async function open(
	rules: Rule[],
	routes: Parameters< typeof serve >[ 0 ] = {},
	more: Partial< Site > = { kind: 'paired', pairing: pairing() }
) {
	const calls = serve( {
		'GET /sites': () => [ site( more ) ],
		'GET /sites/1/rules': () => rules,
		'GET /sites/1/rule-choices': () => ruleChoices(),
		'GET /rule-subjects': () => [ { id: '45', label: 'Yoga Basics' } ],
		'GET /summary': () => {
			throw refusal( 'not asked here' );
		},
		...routes,
	} );
	const { user } = renderApp( 'view=sites&rules=1' );
	await screen.findByRole( 'heading', { name: 'Rules for Academy' } );
	return { calls, user };
}

const sent = (
	calls: Awaited< ReturnType< typeof open > >[ 'calls' ],
	method: string
) => calls.filter( ( call ) => call.method === method );

describe( 'Rules', () => {
	it( 'adds one by choosing what happens here and what is done there', async () => {
		const { calls, user } = await open( [], {
			'POST /sites/1/rules': () => rule(),
		} );
		await user.click(
			await screen.findByRole( 'button', { name: 'Add rule' } )
		);
		const dialog = await screen.findByRole( 'dialog' );
		const add = await within( dialog ).findByRole( 'button', {
			name: 'Add rule',
		} );
		expect( add ).toHaveAttribute( 'aria-disabled', 'true' );
		await user.click(
			within( dialog ).getByRole( 'combobox', { name: 'Product' } )
		);
		await user.click(
			await screen.findByRole( 'option', { name: 'Yoga Basics' } )
		);
		await user.click(
			within( dialog ).getByRole( 'combobox', { name: 'Course' } )
		);
		await user.click(
			await screen.findByRole( 'option', { name: /^Yoga \(LearnDash/ } )
		);
		await user.click( add );
		expect(
			await screen.findByText(
				'When Yoga Basics is bought, enrol in Yoga there'
			)
		).toBeVisible();
		expect( sent( calls, 'POST' )[ 0 ].data ).toEqual( {
			trigger: 'product',
			subject: '45',
			deed: 'enrol',
			target: 'learndash/course:12',
			reverses: true,
		} );
	} );

	it( 'says why nothing can be chosen, and where that is changed', async () => {
		const { user } = await open( [], {
			'GET /sites/1/rule-choices': () =>
				ruleChoices( { courses: [], enrols: false } ),
		} );
		await user.click(
			await screen.findByRole( 'button', { name: 'Add rule' } )
		);
		await user.selectOptions(
			await screen.findByRole( 'combobox', { name: 'Then' } ),
			'enrol in a course'
		);
		expect(
			screen.getAllByText(
				/does not let rules of this site enrol people/
			)[ 0 ]
		).toBeVisible();
	} );

	it( 'switches one off', async () => {
		const { calls, user } = await open( [ rule() ], {
			'PATCH /rules/1': () => rule( { on: false } ),
		} );
		const toggle = await screen.findByRole( 'checkbox', {
			name: rule().sentence,
		} );
		await user.click( toggle );
		await waitFor( () => expect( toggle ).not.toBeChecked() );
		expect( sent( calls, 'PATCH' )[ 0 ].data ).toEqual( { on: false } );
	} );

	it( 'shows in a dry run who would get it, each once, and applies it when asked to', async () => {
		const person = {
			userId: 7,
			username: 'anna',
			email: 'anna@a.test',
			occasion: 'order:1:item:1',
			verdict: 'new',
			message: '',
		};
		const { calls, user } = await open( [ rule() ], {
			'POST /rules/1/run': ( { data } ) =>
				( data as { page: number } ).page === 1
					? { people: [ person ], looked: 100, total: 101, next: 2 }
					: {
							people: [
								person,
								{
									...person,
									userId: 8,
									username: 'bea',
									verdict: 'out_of_scope',
									message: 'Not sent to Academy.',
								},
							],
							looked: 101,
							total: 101,
							next: null,
						},
		} );
		await user.click(
			await screen.findByRole( 'button', { name: /^Dry run/ } )
		);
		const dialog = await screen.findByRole( 'dialog' );
		expect(
			await within( dialog ).findByText( '1 person would get it now.' )
		).toBeVisible();
		expect( within( dialog ).getByText( 'anna' ) ).toBeVisible();
		expect(
			within( dialog ).getByText( 'Not sent to Academy.' )
		).toBeVisible();
		expect(
			sent( calls, 'POST' ).map(
				( { data } ) => ( data as { dryRun: boolean } ).dryRun
			)
		).toEqual( [ true, true ] );
		await user.click(
			within( dialog ).getByRole( 'button', {
				name: 'Apply to 1 person',
			} )
		);
		await waitFor( () =>
			expect( screen.queryByRole( 'dialog' ) ).toBeNull()
		);
		expect(
			sent( calls, 'POST' )
				.slice( 2 )
				.map( ( { data } ) => ( data as { dryRun: boolean } ).dryRun )
		).toEqual( [ false, false ] );
	} );

	it( 'asks before one is removed', async () => {
		const { user } = await open( [ rule() ], {
			'DELETE /rules/1': () => ( { deleted: true } ),
		} );
		await user.click(
			await screen.findByRole( 'button', { name: /^Remove/ } )
		);
		const dialog = await screen.findByRole( 'dialog' );
		expect(
			within( dialog ).getByText( /What it has given stays/ )
		).toBeVisible();
		await user.click(
			within( dialog ).getByRole( 'button', { name: 'Remove' } )
		);
		expect(
			await screen.findByText( 'When this happens here, do that there' )
		).toBeVisible();
	} );

	it( 'says that a plain site takes none', async () => {
		await open( [], {}, {} );
		expect(
			screen.getByText( 'This needs Tandem on both sites' )
		).toBeVisible();
	} );
} );
