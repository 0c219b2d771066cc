/** What the forms about a site offer: fields, roles and meta keys of this site. */
import { request } from '../api';
import type { Choices } from '../types';
import { useResource } from './use-resource';

export const useChoices = () =>
	useResource< Choices >( 'choices', ( signal ) =>
		request( '/choices', { signal } )
	);
