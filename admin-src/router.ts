/**
 * A small router on the `view` query argument. Each section keeps a real URL,
 * so links can be opened in a new tab and the browser's back button works.
 * A screen with unsaved changes can hold the visitor back.
 */
import {
	useCallback,
	useEffect,
	useState,
	useSyncExternalStore,
} from '@wordpress/element';
import { addQueryArgs, getQueryArg } from '@wordpress/url';

export const SECTIONS = [
	'sites',
	'backfill',
	'webhooks',
	'activity',
	'settings',
] as const;
export type Section = ( typeof SECTIONS )[ number ];
export type RouteArgs = Record< string, string | number >;

const EVENT = 'tandem-navigate';

/** Asked before the address changes. Returns false to stay. */
type Guard = ( to: string ) => boolean;

export function sectionUrl( section: Section, args: RouteArgs = {} ): string {
	const page = String( getQueryArg( window.location.href, 'page' ) ?? '' );
	return addQueryArgs( 'users.php', {
		page,
		...( section === 'sites' && ! Object.keys( args ).length
			? {}
			: { view: section } ),
		...args,
	} );
}

const guards = new Set< Guard >();
let address = window.location.href;

function mayLeave( to: string ): boolean {
	return [ ...guards ].every( ( guard ) => guard( to ) );
}

function announce() {
	address = window.location.href;
	window.dispatchEvent( new Event( EVENT ) );
}

function push( url: string ) {
	window.history.pushState( null, '', url );
	announce();
}

export function navigate( url: string ) {
	if ( mayLeave( url ) ) {
		push( url );
		window.scrollTo( 0, 0 );
	}
}

/** Changes arguments of the present address without a step in the history. */
export function replaceUrl( url: string ) {
	window.history.replaceState( null, '', url );
	announce();
}

window.addEventListener( 'popstate', () => {
	const to = window.location.href;
	if ( mayLeave( to ) ) {
		announce();
	} else {
		// The browser has gone already: come back and ask.
		window.history.pushState( null, '', address );
	}
} );

function subscribe( listener: () => void ) {
	window.addEventListener( EVENT, listener );
	return () => window.removeEventListener( EVENT, listener );
}

export function useRoute() {
	const search = useSyncExternalStore(
		subscribe,
		() => window.location.search
	);
	const params = new URLSearchParams( search );
	const view = params.get( 'view' ) as Section | null;
	const section: Section = view && SECTIONS.includes( view ) ? view : 'sites';
	const go = useCallback(
		( to: Section, args?: RouteArgs ) => navigate( sectionUrl( to, args ) ),
		[]
	);
	return { section, params, go };
}

/** Holds navigation while `active`. `leave` and `stay` answer the question. */
export function useLeaveGuard( active: boolean ) {
	const [ pending, setPending ] = useState< string | null >( null );

	useEffect( () => {
		if ( ! active ) {
			return;
		}
		const guard: Guard = ( to ) => {
			setPending( to );
			return false;
		};
		const onUnload = ( event: BeforeUnloadEvent ) => event.preventDefault();
		guards.add( guard );
		window.addEventListener( 'beforeunload', onUnload );
		return () => {
			guards.delete( guard );
			window.removeEventListener( 'beforeunload', onUnload );
		};
	}, [ active ] );

	return {
		asking: pending !== null,
		stay: () => setPending( null ),
		leave: () => {
			if ( pending !== null ) {
				setPending( null );
				push( pending );
			}
		},
	};
}
