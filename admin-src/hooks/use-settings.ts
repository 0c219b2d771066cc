/** The plugin's own settings. */
import { request } from '../api';
import type { Settings } from '../types';
import { useResource } from './use-resource';

export function useSettings() {
	const resource = useResource< Settings >( 'settings', ( signal ) =>
		request( '/settings', { signal } )
	);
	const { change } = resource;
	return {
		...resource,
		save: async ( data: Partial< Settings > ) => {
			const saved = await request< Settings >( '/settings', {
				method: 'PATCH',
				data,
			} );
			change( () => saved );
		},
	};
}
