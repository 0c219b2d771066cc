/** What goes on with one person on every site. */
import { useCallback } from '@wordpress/element';
import { request } from '../api';
import type { UserExplanation } from '../types';
import { useResource } from './use-resource';

export function useExplanation( user: number ) {
	const resource = useResource< UserExplanation >(
		`explanation/${ user }`,
		( signal ) => request( `/users/${ user }/explanation`, { signal } )
	);
	const { change } = resource;

	/** Makes the person right now, on one site. */
	const sync = useCallback(
		async ( site: number ) => {
			const answer = await request< UserExplanation >(
				`/users/${ user }/sync`,
				{ method: 'POST', data: { site } }
			);
			change( () => answer );
		},
		[ change, user ]
	);

	return { ...resource, sync };
}
