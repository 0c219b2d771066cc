/** Accounts on a remote site, looked up while somebody types. */
import { addQueryArgs } from '@wordpress/url';
import { request } from '../api';
import type { RemoteAccount } from '../types';
import { useResource } from './use-resource';

/** @param site Null: nothing is asked. */
export const useAccounts = ( site: number | null, search: string ) =>
	useResource< RemoteAccount[] >(
		site === null ? null : `accounts/${ site }/${ search }`,
		( signal ) =>
			request(
				addQueryArgs( `/sites/${ site }/accounts`, {
					search: search || undefined,
				} ),
				{ signal }
			)
	);
