/** Between what DataViews holds and what the REST route is asked. */
import type { Filter, View } from '@wordpress/dataviews';
import { endOfDay, nowInSeconds, startOfDay } from '../../format';
import type {
	ActivityAction,
	ActivityQuery,
	ActivityResult,
} from '../../types';

const DAY = 86_400;
const UNIT_SECONDS: Record< string, number > = {
	days: DAY,
	weeks: 7 * DAY,
	months: 30 * DAY,
	years: 365 * DAY,
};

/** The days of a filter are whole days of the site's time zone. */
function times( { operator, value }: Filter, now: number ) {
	switch ( operator ) {
		case 'on':
			return {
				after: startOfDay( value ),
				before: endOfDay( value ),
			};
		case 'between': {
			const [ from, to ] = value as [ string, string ];
			return {
				...( from ? { after: startOfDay( from ) } : {} ),
				...( to ? { before: endOfDay( to ) } : {} ),
			};
		}
		case 'inThePast':
			return value.value
				? {
						after:
							// To the minute: the same question stays the same.
							Math.floor( now / 60 ) * 60 -
							Number( value.value ) *
								( UNIT_SECONDS[ value.unit ] ?? DAY ),
					}
				: {};
		default:
			return {};
	}
}

export function toQuery(
	view: View,
	user: number | null,
	now = nowInSeconds()
): ActivityQuery {
	const query: ActivityQuery = {
		page: view.page ?? 1,
		per_page: view.perPage ?? 20,
	};
	if ( view.search ) {
		query.search = view.search;
	}
	if ( user ) {
		query.user = user;
	}
	for ( const filter of view.filters ?? [] ) {
		const { field, value } = filter;
		const unset =
			value === undefined ||
			value === null ||
			( Array.isArray( value ) && ! value.length );
		if ( unset ) {
			continue;
		}
		switch ( field ) {
			case 'site':
				query.site = Number( value );
				break;
			case 'result':
				query.result = value as ActivityResult[];
				break;
			case 'action':
				query.action = value as ActivityAction[];
				break;
			case 'date':
				Object.assign( query, times( filter, now ) );
		}
	}
	return query;
}

/**
 * DataViews shows the fields of a date filter only while the view holds that
 * filter, and takes it out when it is reset: it is put back, without a value.
 */
export function withDateFilter( view: View ): View {
	const filters = view.filters ?? [];
	return filters.some( ( { field } ) => field === 'date' )
		? view
		: {
				...view,
				filters: [
					...filters,
					{ field: 'date', operator: 'between', value: undefined },
				],
			};
}

/** How the list begins, by what the address asks for. */
export function initialView( params: URLSearchParams, isSmall: boolean ): View {
	const filters: Filter[] = [];
	const site = params.get( 'site' );
	const result = params.get( 'result' );
	if ( site ) {
		filters.push( {
			field: 'site',
			operator: 'is',
			value: Number( site ),
		} );
	}
	if ( result ) {
		filters.push( {
			field: 'result',
			operator: 'isAny',
			value: result.split( ',' ),
		} );
	}
	return withDateFilter( {
		type: isSmall ? 'activity' : 'table',
		page: 1,
		perPage: 20,
		search: params.get( 'search' ) ?? '',
		filters,
		titleField: 'user',
		// All that fits beside each other on a laptop; the attempts are in the details.
		fields: [ 'action', 'site', 'result', 'message', 'date' ],
		layout: {
			density: 'balanced',
			...( isSmall ? {} : { styles: { message: { minWidth: 180 } } } ),
		},
	} );
}
