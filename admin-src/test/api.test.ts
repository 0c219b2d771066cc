import { ApiError, request, requestList } from '../api';
import { page, refusal, serve } from './support/server';

const failure = ( promise: Promise< unknown > ): Promise< ApiError > =>
	promise.then(
		() => {
			throw new Error( 'It did not fail.' );
		},
		( error ) => error
	);

describe( 'request', () => {
	it( 'gives the message of a refusal, without markup', async () => {
		serve( {
			'POST /sites': () => {
				throw refusal( '<strong>Error:</strong> Not that one.' );
			},
		} );
		const error = await failure( request( '/sites', { method: 'POST' } ) );
		expect( error ).toBeInstanceOf( ApiError );
		expect( error.message ).toBe( 'Error: Not that one.' );
	} );

	it( 'says what is wrong with a parameter, not that one is wrong', async () => {
		serve( {
			'PATCH /settings': () => {
				throw refusal( 'Invalid parameter(s): keepActivityDays', {
					data: {
						status: 400,
						params: { keepActivityDays: 'Choose fewer days.' },
					},
				} );
			},
		} );
		const error = await failure(
			request( '/settings', { method: 'PATCH', data: { a: 1 } } )
		);
		expect( error.message ).toBe( 'Choose fewer days.' );
	} );

	it.each( [ 'invalid_json', 'fetch_error', 'rest_no_route' ] )(
		'has a sentence of its own for %s',
		async ( code ) => {
			serve( {
				'GET /sites': () => {
					throw refusal( 'technical', { code } );
				},
			} );
			const { message } = await failure( request( '/sites' ) );
			expect( message ).not.toContain( 'technical' );
			expect( message ).toContain( 'This site' );
		}
	);
} );

describe( 'requestList', () => {
	it( 'reads the totals from the headers', async () => {
		const calls = serve( { 'GET /activity': () => page( [ 1, 2 ], 64 ) } );
		const list = await requestList( '/activity', {
			page: 2,
			search: undefined,
			result: [ 'attention', 'retrying' ],
		} );
		expect( list ).toEqual( { items: [ 1, 2 ], total: 64, pages: 1 } );
		expect( calls[ 0 ].query ).toMatchObject( {
			page: '2',
			result: [ 'attention', 'retrying' ],
		} );
		expect( calls[ 0 ].query ).not.toHaveProperty( 'search' );
	} );

	it( 'gives the message of a refusal', async () => {
		serve( {
			'GET /activity': () => {
				throw refusal( 'The database is away.' );
			},
		} );
		const { message } = await failure( requestList( '/activity', {} ) );
		expect( message ).toBe( 'The database is away.' );
	} );
} );
