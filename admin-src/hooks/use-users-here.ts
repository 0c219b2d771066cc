/** Users of this site, by WordPress's own route: those that are chosen, and those that fit what is typed. */
import apiFetch from '@wordpress/api-fetch';
import { addQueryArgs } from '@wordpress/url';
import { useResource } from './use-resource';

export interface UserHere {
	id: number;
	username: string;
}

const FIELDS = { context: 'edit', _fields: 'id,username', per_page: 20 };

const ask = ( query: object, signal: AbortSignal ) =>
	apiFetch< UserHere[] >( {
		path: addQueryArgs( '/wp/v2/users', { ...FIELDS, ...query } ),
		signal,
	} );

/**
 * @param ids    Those that are chosen.
 * @param search What is typed.
 */
export function useUsersHere( ids: number[], search: string ): UserHere[] {
	const chosen = useResource< UserHere[] >(
		ids.length ? `users-here/${ ids.join() }` : null,
		( signal ) => ask( { include: ids, per_page: 100 }, signal )
	);
	const found = useResource< UserHere[] >(
		search.trim() ? `users-here?${ search.trim() }` : null,
		( signal ) => ask( { search: search.trim() }, signal )
	);
	return [ ...( chosen.data ?? [] ), ...( found.data ?? [] ) ].filter(
		( user, index, all ) =>
			all.findIndex( ( { id } ) => id === user.id ) === index
	);
}
