/** What every screen may need: the sites, the numbers of the whole, a word to the visitor, the boot data. */
import { createContext, useContext } from '@wordpress/element';
import type { Resource } from './hooks/use-resource';
import type { Sites } from './hooks/use-sites';
import type { Boot, Summary } from './types';

export interface AppState {
	boot: Boot;
	sites: Sites;
	summary: Resource< Summary >;
	/** Says in a snackbar that something worked. Errors stay where they arose. */
	notify: ( content: string ) => void;
	openAddSite: () => void;
}

export const AppContext = createContext< AppState | null >( null );

export function useApp(): AppState {
	const state = useContext( AppContext );
	if ( ! state ) {
		throw new Error( 'useApp() needs <App />.' );
	}
	return state;
}
