/** A page of the record, as the server filters and pages it. */
import { addQueryArgs } from '@wordpress/url';
import { request, requestList, type List } from '../api';
import type {
	ActivityItem,
	ActivityQuery,
	Cause,
	CausesQuery,
	RetryAnswer,
	RetryRequest,
} from '../types';
import { useResource } from './use-resource';

export const useActivity = ( query: ActivityQuery ) =>
	useResource< List< ActivityItem > >(
		JSON.stringify( query ),
		( signal ) => requestList( '/activity', { ...query }, signal ),
		() => 15_000
	);

/** Why people wait whom a retry would concern. */
export const useCauses = ( query: CausesQuery ) =>
	useResource< Cause[] >( JSON.stringify( query ), ( signal ) =>
		request( addQueryArgs( '/outbox/causes', { ...query } ), { signal } )
	);

export const retry = ( data: RetryRequest ) =>
	request< RetryAnswer >( '/outbox/retry', { method: 'POST', data } );
