/** A page of the record, as the server filters and pages it. */
import { request, requestList, type List } from '../api';
import type {
	ActivityItem,
	ActivityQuery,
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

export const retry = ( data: RetryRequest ) =>
	request< RetryAnswer >( '/outbox/retry', { method: 'POST', data } );
