/** People that wait for a decision, after a change on this site. */
import { useCallback } from '@wordpress/element';
import { request, requestList, type List } from '../api';
import type { Conflict, ResolveAnswer, ResolveRequest } from '../types';
import { useResource } from './use-resource';

export interface ConflictQuery {
	page: number;
	per_page: number;
	site?: number;
}

export function useConflicts( query: ConflictQuery ) {
	const resource = useResource< List< Conflict > >(
		JSON.stringify( query ),
		( signal ) => requestList( '/conflicts', { ...query }, signal ),
		() => 30_000
	);
	const { change, refresh } = resource;

	const resolve = useCallback(
		async ( data: ResolveRequest ) => {
			const answer = await request< ResolveAnswer >(
				'/conflicts/resolve',
				{ method: 'POST', data }
			);
			const failed = answer.failed.map( ( { id } ) => id );
			const gone = data.ids.filter( ( id ) => ! failed.includes( id ) );
			change( ( list ) => ( {
				...list,
				items: list.items.filter( ( { id } ) => ! gone.includes( id ) ),
				total: Math.max( 0, list.total - gone.length ),
			} ) );
			// The next page moves up.
			refresh();
			return answer;
		},
		[ change, refresh ]
	);

	return { ...resource, resolve };
}
