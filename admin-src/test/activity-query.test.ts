import { setSettings, getSettings } from '@wordpress/date';
import type { Filter } from '@wordpress/dataviews';
import {
	initialView,
	toQuery,
	withDateFilter,
} from '../screens/activity/query';

const NOW = 1_800_000_030;
const ask = ( ...filters: Filter[] ) =>
	toQuery(
		{ ...initialView( new URLSearchParams(), false ), filters },
		null,
		NOW
	);

describe( 'toQuery', () => {
	beforeAll( () =>
		setSettings( {
			...getSettings(),
			timezone: {
				offset: 1,
				offsetFormatted: '1',
				string: 'Europe/Berlin',
				abbr: 'CET',
			},
		} )
	);

	it( 'leaves out filters without a value', () => {
		expect(
			ask(
				{ field: 'result', operator: 'isAny', value: [] },
				{ field: 'site', operator: 'is', value: undefined },
				{ field: 'date', operator: 'between', value: undefined }
			)
		).toEqual( { page: 1, per_page: 20 } );
	} );

	it( 'passes results, actions and the site on', () => {
		expect(
			ask(
				{ field: 'result', operator: 'isAny', value: [ 'attention' ] },
				{ field: 'action', operator: 'isAny', value: [ 'create' ] },
				{ field: 'site', operator: 'is', value: 3 }
			)
		).toMatchObject( {
			result: [ 'attention' ],
			action: [ 'create' ],
			site: 3,
		} );
	} );

	it( 'takes whole days of the site’s time zone, the long one in autumn too', () => {
		const { after, before } = ask( {
			field: 'date',
			operator: 'on',
			value: '2026-10-25',
		} );
		expect( after ).toBe( Date.UTC( 2026, 9, 24, 22 ) / 1000 );
		expect( before ).toBe( Date.UTC( 2026, 9, 25, 23 ) / 1000 - 1 );
	} );

	it( 'takes a range that is open on one side', () => {
		expect(
			ask( {
				field: 'date',
				operator: 'between',
				value: [ '2026-01-05', '' ],
			} )
		).toEqual( {
			page: 1,
			per_page: 20,
			after: Date.UTC( 2026, 0, 4, 23 ) / 1000,
		} );
	} );

	it( 'asks the same question for a minute, so as not to load at each render', () => {
		const filter: Filter = {
			field: 'date',
			operator: 'inThePast',
			value: { value: 2, unit: 'days' },
		};
		expect( ask( filter ).after ).toBe( 1_800_000_000 - 2 * 86_400 );
	} );
} );

describe( 'initialView', () => {
	it( 'takes the site and the result from the address', () => {
		const view = initialView(
			new URLSearchParams( 'site=4&result=attention,retrying' ),
			false
		);
		expect( toQuery( view, 12, NOW ) ).toEqual( {
			page: 1,
			per_page: 20,
			site: 4,
			user: 12,
			result: [ 'attention', 'retrying' ],
		} );
	} );
} );

describe( 'withDateFilter', () => {
	it( 'puts the date filter back that a reset took out', () => {
		const view = initialView( new URLSearchParams(), false );
		const reset = withDateFilter( { ...view, filters: [] } );
		expect( reset.filters?.map( ( { field } ) => field ) ).toEqual( [
			'date',
		] );
		expect( withDateFilter( reset ) ).toBe( reset );
	} );
} );
