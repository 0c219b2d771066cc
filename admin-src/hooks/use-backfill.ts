/** The newest backfill of a site, and its conflicts. */
import { useCallback, useMemo } from '@wordpress/element';
import { addQueryArgs } from '@wordpress/url';
import { download, request, requestList, type List } from '../api';
import type {
	Backfill,
	BackfillChanges,
	BackfillConflict,
	BackfillFinding,
	BackfillKind,
	BackfillOptions,
	BackfillPerson,
	BackfillState,
	Choice,
	DecideRequest,
	NewBackfill,
} from '../types';
import { useResource } from './use-resource';

const BUSY: BackfillState[] = [ 'indexing', 'matching', 'running' ];

export const isBusy = ( state: BackfillState ) => BUSY.includes( state );

export function useBackfill( site: number ) {
	const resource = useResource< { newest: Backfill | null } >(
		`backfill/${ site }`,
		async ( signal ) => {
			const [ newest ] = await request< Backfill[] >(
				addQueryArgs( '/backfills', { site, per_page: 1 } ),
				{ signal }
			);
			return { newest: newest ?? null };
		},
		( data ) =>
			data?.newest && isBusy( data.newest.state ) ? 1_500 : 15_000
	);
	const { change, refresh } = resource;

	const actions = useMemo( () => {
		const put = ( newest: Backfill ) => {
			change( () => ( { newest } ) );
			// The next load is due sooner or later than the last one thought.
			refresh();
		};
		const post = ( path: string, data?: object ) =>
			request< Backfill >( `/backfills${ path }`, {
				method: 'POST',
				data,
			} ).then( put );
		return {
			preview: ( options: Partial< BackfillOptions > = {} ) =>
				post( '', { site, options } satisfies NewBackfill ),
			choose: ( id: number, options: Partial< BackfillOptions > ) =>
				request< Backfill >( `/backfills/${ id }`, {
					method: 'PATCH',
					data: { options } satisfies BackfillChanges,
				} ).then( put ),
			run: ( id: number ) => post( `/${ id }/run` ),
			pause: ( id: number ) => post( `/${ id }/pause` ),
			resume: ( id: number ) => post( `/${ id }/resume` ),
			cancel: ( id: number ) => post( `/${ id }/cancel` ),
			csv: ( id: number ) =>
				download( `/backfills/${ id }/csv`, `backfill-${ id }.csv` ),
		};
	}, [ change, refresh, site ] );

	return { ...resource, ...actions };
}

export type BackfillActions = ReturnType< typeof useBackfill >;

export function useBackfillConflicts(
	backfill: number,
	query: { page: number; per_page: number; kind?: string }
) {
	const path = `/backfills/${ backfill }/conflicts`;
	const resource = useResource< List< BackfillConflict > >(
		path + JSON.stringify( query ),
		( signal ) => requestList( path, query, signal )
	);
	const { mutate, refresh } = resource;

	const decide = useCallback(
		( ids: number[], decision: Choice | null ) =>
			mutate(
				( list ) => ( {
					...list,
					items: list.items.map( ( item ) =>
						ids.includes( item.id ) ? { ...item, decision } : item
					),
				} ),
				async () => {
					const data: DecideRequest = { ids, decision };
					await request( path, { method: 'POST', data } );
				}
			),
		[ mutate, path ]
	);

	const decideAll = useCallback(
		async ( kind: string, decision: Choice ) => {
			const data: DecideRequest = { kind, decision };
			const answer = await request< { decided: number } >( path, {
				method: 'POST',
				data,
			} );
			refresh();
			return answer.decided;
		},
		[ path, refresh ]
	);

	return { ...resource, decide, decideAll };
}

/** How many need a decision for the same reason. */
export const useBackfillKinds = ( backfill: number ) =>
	useResource< BackfillKind[] >(
		`/backfills/${ backfill }/kinds`,
		( signal ) => request( `/backfills/${ backfill }/kinds`, { signal } )
	);

/** The people of one finding, or those with a remark. */
export const useBackfillPeople = (
	backfill: number,
	query: {
		show: BackfillFinding | 'remarked';
		page: number;
		per_page: number;
	}
) =>
	useResource< List< BackfillPerson > >(
		`/backfills/${ backfill }/people${ JSON.stringify( query ) }`,
		( signal ) =>
			requestList( `/backfills/${ backfill }/people`, query, signal )
	);
