/**
 * Something that a button sets off: which one is running, and what went wrong,
 * so that it can be said where the button is.
 */
import { useCallback, useState } from '@wordpress/element';
import { ApiError, isAbort } from '../api';

export interface ActionState< Name extends string > {
	/** The one that is running, or null. */
	busy: Name | null;
	error: ApiError | null;
	clear: () => void;
	/** Resolves to whether it worked. */
	run: ( name: Name, work: () => Promise< void > ) => Promise< boolean >;
}

export function useAction< Name extends string >(): ActionState< Name > {
	const [ busy, setBusy ] = useState< Name | null >( null );
	const [ error, setError ] = useState< ApiError | null >( null );

	const run = useCallback(
		async ( name: Name, work: () => Promise< void > ) => {
			setBusy( name );
			setError( null );
			try {
				await work();
				return true;
			} catch ( problem ) {
				if ( problem instanceof ApiError ) {
					setError( problem );
				} else if ( ! isAbort( problem ) ) {
					// A fault of this page: the browser's console shows it.
					throw problem;
				}
				return false;
			} finally {
				setBusy( null );
			}
		},
		[]
	);
	const clear = useCallback( () => setError( null ), [] );

	return { busy, error, clear, run };
}
