import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { ApiError } from '../api';
import { useResource } from '../hooks/use-resource';
import { deferred } from './support/server';

function setVisible( visible: boolean ) {
	Object.defineProperty( document, 'visibilityState', {
		configurable: true,
		value: visible ? 'visible' : 'hidden',
	} );
	document.dispatchEvent( new Event( 'visibilitychange' ) );
}

describe( 'useResource', () => {
	afterEach( () => {
		cleanup();
		jest.useRealTimers();
		setVisible( true );
	} );

	it( 'does not show a late answer to an earlier question', async () => {
		const answers: Record<
			string,
			ReturnType< typeof deferred< string > >
		> = { one: deferred(), two: deferred() };
		const { result, rerender } = renderHook(
			( { key } ) => useResource( key, () => answers[ key ].promise ),
			{ initialProps: { key: 'one' } }
		);
		rerender( { key: 'two' } );
		await act( async () => answers.two.resolve( 'second' ) );
		await act( async () => answers.one.resolve( 'first' ) );
		expect( result.current.data ).toBe( 'second' );
	} );

	it( 'is loading while the answer belongs to another key', async () => {
		const two = deferred< string >();
		const { result, rerender } = renderHook(
			( { key } ) =>
				useResource( key, async () =>
					key === 'one' ? 'first' : two.promise
				),
			{ initialProps: { key: 'one' } }
		);
		await waitFor( () => expect( result.current.data ).toBe( 'first' ) );
		rerender( { key: 'two' } );
		expect( result.current.data ).toBe( 'first' );
		expect( result.current.isLoading ).toBe( true );
		await act( async () => two.resolve( 'second' ) );
		expect( result.current.isLoading ).toBe( false );
	} );

	it( 'keeps what it has when a refresh fails, and recovers', async () => {
		let fails = false;
		const { result } = renderHook( () =>
			useResource( 'key', async () => {
				if ( fails ) {
					throw new ApiError( 'x', 'It does not answer.' );
				}
				return 'data';
			} )
		);
		await waitFor( () => expect( result.current.data ).toBe( 'data' ) );
		fails = true;
		act( () => result.current.refresh() );
		await waitFor( () =>
			expect( result.current.error?.message ).toBe(
				'It does not answer.'
			)
		);
		expect( result.current.data ).toBe( 'data' );
		fails = false;
		act( () => result.current.refresh() );
		await waitFor( () => expect( result.current.error ).toBeNull() );
	} );

	it( 'asks again only while the tab is visible', async () => {
		jest.useFakeTimers();
		const load = jest.fn( async () => 'data' );
		renderHook( () => useResource( 'key', load, () => 1000 ) );
		await act( () => jest.advanceTimersByTimeAsync( 2500 ) );
		expect( load ).toHaveBeenCalledTimes( 3 );
		act( () => setVisible( false ) );
		await act( () => jest.advanceTimersByTimeAsync( 60_000 ) );
		expect( load ).toHaveBeenCalledTimes( 3 );
		await act( async () => setVisible( true ) );
		expect( load ).toHaveBeenCalledTimes( 4 );
	} );

	it( 'does not go on when an answer comes to a hidden tab', async () => {
		jest.useFakeTimers();
		const answer = deferred< string >();
		const load = jest.fn( () => answer.promise );
		renderHook( () => useResource( 'key', load, () => 1000 ) );
		act( () => setVisible( false ) );
		await act( async () => answer.resolve( 'data' ) );
		await act( () => jest.advanceTimersByTimeAsync( 60_000 ) );
		expect( load ).toHaveBeenCalledTimes( 1 );
	} );

	it( 'asks less often while it fails', async () => {
		jest.useFakeTimers();
		const load = jest.fn( async () => {
			throw new ApiError( 'x', 'no' );
		} );
		renderHook( () => useResource( 'key', load, () => 1000 ) );
		await act( () => jest.advanceTimersByTimeAsync( 15_500 ) );
		// At 0, 2, 6 and 14 seconds.
		expect( load ).toHaveBeenCalledTimes( 4 );
	} );

	it( 'shows a change before it is sent and takes it back if that fails', async () => {
		const sent = deferred< void >();
		let away = false;
		const { result } = renderHook( () =>
			useResource( 'key', async () => {
				if ( away ) {
					throw new ApiError( 'x', 'away' );
				}
				return 1;
			} )
		);
		await waitFor( () => expect( result.current.data ).toBe( 1 ) );
		// Not even a refresh could mend it.
		away = true;
		let outcome: Promise< unknown > = Promise.resolve();
		act( () => {
			outcome = result.current
				.mutate(
					( value ) => value + 1,
					() => sent.promise
				)
				.catch( ( error ) => error );
		} );
		expect( result.current.data ).toBe( 2 );
		const refusal = new ApiError( 'x', 'no' );
		await act( async () => {
			sent.reject( refusal );
			await outcome;
		} );
		expect( await outcome ).toBe( refusal );
		await waitFor( () => expect( result.current.data ).toBe( 1 ) );
	} );

	it( 'does not believe an answer that was asked for before a change', async () => {
		const answers = [ deferred< string >(), deferred< string >() ];
		let asked = 0;
		const { result } = renderHook( () =>
			useResource( 'key', async () =>
				asked === 0
					? ( asked++, 'old' )
					: answers[ asked++ - 1 ].promise
			)
		);
		await waitFor( () => expect( result.current.data ).toBe( 'old' ) );
		act( () => result.current.refresh() );
		act( () => result.current.change( () => 'changed' ) );
		await act( async () => answers[ 0 ].resolve( 'old' ) );
		expect( result.current.data ).toBe( 'changed' );
		await waitFor( () => expect( asked ).toBe( 3 ) );
		await act( async () => answers[ 1 ].resolve( 'new' ) );
		expect( result.current.data ).toBe( 'new' );
	} );
} );
