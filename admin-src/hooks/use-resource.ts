/**
 * Something that the plugin holds and this page shows: loaded once, loaded
 * again while the tab is visible, and changed ahead of the answer where that
 * is safe. Every resource of the page is built on this hook.
 */
import { useCallback, useEffect, useRef, useState } from '@wordpress/element';
import { isAbort, type ApiError } from '../api';

export interface Resource< Data > {
	/** Null until the first answer. Kept while the next one is awaited. */
	data: Data | null;
	/** Why the last load failed, or null. */
	error: ApiError | null;
	/** Nothing to show yet, or what is shown belongs to other arguments. */
	isLoading: boolean;
	refresh: () => void;
	/** Puts in what an answer said, without asking again. */
	change: ( edit: ( data: Data ) => Data ) => void;
	/**
	 * Shows `edit` at once, sends, and takes it back if sending fails (the
	 * error is thrown on). Loads that cross it are not believed.
	 */
	mutate: < Answer >(
		edit: ( data: Data ) => Data,
		send: () => Promise< Answer >
	) => Promise< Answer >;
}

interface State< Data > {
	key: string | null;
	data: Data | null;
	error: ApiError | null;
}

const SLOWEST = 60_000;

/**
 * @param key   What is loaded: another key is another load. Null: nothing.
 * @param load  Fetches it.
 * @param every Milliseconds between loads, by what was loaded last. 0: never.
 */
export function useResource< Data >(
	key: string | null,
	load: ( signal: AbortSignal ) => Promise< Data >,
	every: ( data: Data | null ) => number = () => 0
): Resource< Data > {
	const [ state, setState ] = useState< State< Data > >( {
		key,
		data: null,
		error: null,
	} );
	// Read by timers and answers, which outlive a render.
	const latest = useRef( { load, every, data: state.data } );
	latest.current.load = load;
	latest.current.every = every;
	const edits = useRef( 0 );
	const mutations = useRef( 0 );
	const again = useRef< () => void >( () => {} );

	const put = useCallback(
		( next: ( old: State< Data > ) => State< Data > ) =>
			setState( ( old ) => {
				const value = next( old );
				latest.current.data = value.data;
				return value;
			} ),
		[]
	);

	useEffect( () => {
		if ( key === null ) {
			return;
		}
		let controller = new AbortController();
		let timer: ReturnType< typeof setTimeout > | undefined;
		let failures = 0;

		function schedule() {
			clearTimeout( timer );
			const wait = latest.current.every( latest.current.data );
			if ( wait && document.visibilityState === 'visible' ) {
				timer = setTimeout(
					run,
					failures ? Math.min( wait * 2 ** failures, SLOWEST ) : wait
				);
			}
		}

		async function run() {
			clearTimeout( timer );
			controller.abort();
			const own = ( controller = new AbortController() );
			const before = edits.current;
			try {
				const data = await latest.current.load( own.signal );
				if ( own.signal.aborted ) {
					return;
				}
				failures = 0;
				if ( mutations.current || before !== edits.current ) {
					// Asked before the change: it may not know of it.
					timer = setTimeout( run, 250 );
					return;
				}
				latest.current.data = data;
				put( () => ( { key, data, error: null } ) );
			} catch ( error ) {
				if ( own.signal.aborted || isAbort( error ) ) {
					return;
				}
				failures++;
				put( ( old ) => ( { ...old, error: error as ApiError } ) );
			}
			schedule();
		}

		function onVisibility() {
			if ( document.visibilityState !== 'visible' ) {
				clearTimeout( timer );
			} else if ( latest.current.every( latest.current.data ) ) {
				run();
			}
		}

		put( ( old ) => ( old.key === key ? old : { ...old, error: null } ) );
		again.current = run;
		document.addEventListener( 'visibilitychange', onVisibility );
		run();
		return () => {
			controller.abort();
			clearTimeout( timer );
			document.removeEventListener( 'visibilitychange', onVisibility );
		};
	}, [ key, put ] );

	const refresh = useCallback( () => {
		put( ( old ) => ( { ...old, error: null } ) );
		again.current();
	}, [ put ] );

	const change = useCallback(
		( edit: ( data: Data ) => Data ) => {
			edits.current++;
			put( ( old ) =>
				old.data === null ? old : { ...old, data: edit( old.data ) }
			);
		},
		[ put ]
	);

	const mutate = useCallback(
		async < Answer >(
			edit: ( data: Data ) => Data,
			send: () => Promise< Answer >
		): Promise< Answer > => {
			const before = latest.current.data;
			mutations.current++;
			change( edit );
			const own = edits.current;
			try {
				return await send();
			} catch ( error ) {
				if ( own === edits.current ) {
					put( ( old ) => ( { ...old, data: before } ) );
				}
				again.current();
				throw error;
			} finally {
				mutations.current--;
			}
		},
		[ change, put ]
	);

	return {
		data: state.data,
		error: state.error,
		isLoading: ! state.error && ( ! state.data || state.key !== key ),
		refresh,
		change,
		mutate,
	};
}
