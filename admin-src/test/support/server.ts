/**
 * The plugin's REST routes, played at the network's edge: the page's own
 * api-fetch runs, with its middleware, and only `fetch` is replaced.
 */
import apiFetch, { type APIFetchOptions } from '@wordpress/api-fetch';
import { getQueryArgs, getPath } from '@wordpress/url';
import type { RestError } from '../../types';

export interface Call {
	method: string;
	path: string;
	query: Record< string, unknown >;
	data: unknown;
}

type Route = ( call: Call ) => unknown;

/** An answer with WordPress's totals in its headers. */
class Page {
	constructor(
		readonly items: unknown[],
		readonly total: number
	) {}
}

export const page = ( items: unknown[], total = items.length ) =>
	new Page( items, total );

export const refusal = (
	message: string,
	more: Partial< RestError > = {}
) => ( {
	code: 'tandem_refused',
	message,
	...more,
} );

function response( body: unknown, headers: Record< string, string > = {} ) {
	return {
		headers: { get: ( name: string ) => headers[ name ] ?? null },
		json: async () => body,
	};
}

/**
 * @param routes `GET /sites` and so on. A route that throws refuses.
 * @return The calls so far.
 */
export function serve( routes: Record< string, Route > ): Call[] {
	const calls: Call[] = [];
	apiFetch.setFetchHandler( async ( options: APIFetchOptions ) => {
		const address = String( options.path ?? options.url );
		const headers = options.headers as Record< string, string >;
		const call: Call = {
			method:
				headers?.[ 'X-HTTP-Method-Override' ] ??
				options.method ??
				'GET',
			path: `/${ getPath( `http://x${ address }` ) }`.replace(
				'/tandem/v1',
				''
			),
			query: getQueryArgs( address ),
			data: options.data,
		};
		calls.push( call );
		const route = routes[ `${ call.method } ${ call.path }` ];
		try {
			if ( ! route ) {
				throw refusal( `No route: ${ call.method } ${ call.path }` );
			}
			const answer = await route( call );
			if ( options.parse !== false ) {
				return answer;
			}
			return answer instanceof Page
				? response( answer.items, {
						'X-WP-Total': String( answer.total ),
						'X-WP-TotalPages': '1',
					} )
				: response( answer );
		} catch ( error ) {
			throw options.parse === false ? response( error ) : error;
		}
	} );
	return calls;
}

/** An answer that is given when the test says so. */
export function deferred< Value >() {
	let resolve: ( value: Value ) => void = () => {};
	let reject: ( error: unknown ) => void = () => {};
	const promise = new Promise< Value >( ( yes, no ) => {
		resolve = yes;
		reject = no;
	} );
	return { promise, resolve, reject };
}
