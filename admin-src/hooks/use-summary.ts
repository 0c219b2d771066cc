/** The numbers above the sites. */
import { request } from '../api';
import type { Summary } from '../types';
import { useResource } from './use-resource';

export const useSummary = () =>
	useResource< Summary >(
		'summary',
		( signal ) => request( '/summary', { signal } ),
		() => 15_000
	);
