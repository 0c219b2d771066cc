/**
 * The one place where the page speaks to the plugin's REST routes. Every error
 * leaves it as an `ApiError`, whose message is a sentence for a person.
 */
import apiFetch from '@wordpress/api-fetch';
import { __ } from '@wordpress/i18n';
import { addQueryArgs } from '@wordpress/url';
import type { RestError } from './types';

export class ApiError extends Error {
	readonly code: string;

	constructor( code: string, message: string ) {
		super( message );
		this.name = 'ApiError';
		this.code = code;
	}
}

export interface List< Item > {
	items: Item[];
	total: number;
	pages: number;
}

export type Query = Record<
	string,
	string | number | string[] | number[] | undefined
>;

interface Options {
	method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
	data?: object;
	signal?: AbortSignal;
}

const ROOT = '/tandem/v1';

function isRestError( value: unknown ): value is RestError {
	return (
		typeof value === 'object' &&
		value !== null &&
		'code' in value &&
		'message' in value
	);
}

/** What api-fetch throws where it was told not to parse. */
function isResponse( value: unknown ): value is Response {
	return typeof value === 'object' && value !== null && 'json' in value;
}

/** A sentence for what WordPress only gives a technical one. */
function sentence( { code, message }: RestError ): string {
	switch ( code ) {
		case 'invalid_json':
			return __(
				'This site answered with something that is not data. Another plugin may have printed a message. The PHP error log of this site says more.',
				'tandem-user-sync'
			);
		case 'fetch_error':
			return __(
				'This site did not answer. It may be busy, or the connection broke.',
				'tandem-user-sync'
			);
		case 'offline_error':
			return __(
				'You seem to be offline. Check your internet connection.',
				'tandem-user-sync'
			);
		case 'rest_no_route':
			return __(
				'This site’s REST API does not offer Tandem’s routes. Check that the plugin is active and that no security plugin closes the REST API.',
				'tandem-user-sync'
			);
		case 'rest_cookie_invalid_nonce':
		case 'rest_not_logged_in':
			return __(
				'You are no longer logged in. Load this page again to log in.',
				'tandem-user-sync'
			);
	}
	// Some core messages carry markup. They are shown as text.
	return (
		message.replace( /<[^>]*>/g, '' ).trim() ||
		__( 'Something went wrong on this site.', 'tandem-user-sync' )
	);
}

async function toApiError( error: unknown ): Promise< unknown > {
	let body = error;
	if ( isResponse( error ) ) {
		body = await error.json().catch( () => ( {
			code: 'invalid_json',
			message: '',
		} ) );
	}
	if ( isAbort( body ) || body instanceof ApiError ) {
		return body;
	}
	const rest: RestError = isRestError( body )
		? body
		: { code: 'unknown', message: '' };
	// WordPress names the parameter only in `data`.
	const detail = Object.values( rest.data?.params ?? {} ).join( ' ' );
	return new ApiError(
		rest.code,
		sentence( detail ? { ...rest, message: detail } : rest )
	);
}

export function isAbort( error: unknown ): boolean {
	return error instanceof Error && error.name === 'AbortError';
}

export async function request< Answer >(
	path: string,
	options: Options = {}
): Promise< Answer > {
	try {
		return await apiFetch< Answer >( { path: ROOT + path, ...options } );
	} catch ( error ) {
		throw await toApiError( error );
	}
}

async function raw( path: string, signal?: AbortSignal ): Promise< Response > {
	return apiFetch< Response, false >( {
		path: ROOT + path,
		parse: false,
		signal,
	} );
}

/** The answer as it is, for its headers or its body. */
async function response(
	path: string,
	signal?: AbortSignal
): Promise< Response > {
	try {
		return await raw( path, signal );
	} catch ( error ) {
		const problem = await toApiError( error );
		if (
			! ( problem instanceof ApiError ) ||
			problem.code !== 'rest_cookie_invalid_nonce'
		) {
			throw problem;
		}
		// api-fetch renews an old nonce only for answers that it parses itself.
		await request( '/settings', { signal } );
		return raw( path, signal ).catch( async ( again ) => {
			throw await toApiError( again );
		} );
	}
}

/** A page of a list, with the totals that WordPress puts in the headers. */
export async function requestList< Item >(
	path: string,
	query: Query,
	signal?: AbortSignal
): Promise< List< Item > > {
	const answer = await response( addQueryArgs( path, query ), signal );
	const items: Item[] = await answer.json().catch( async () => {
		throw await toApiError( { code: 'invalid_json', message: '' } );
	} );
	const total = Number( answer.headers.get( 'X-WP-Total' ) );
	return {
		items,
		total: Number.isFinite( total ) && total ? total : items.length,
		pages: Number( answer.headers.get( 'X-WP-TotalPages' ) ) || 1,
	};
}

/** Hands a file to the browser's downloads. */
export async function download( path: string, name: string ): Promise< void > {
	const url = URL.createObjectURL( await ( await response( path ) ).blob() );
	const link = document.createElement( 'a' );
	link.href = url;
	link.download = name;
	link.click();
	URL.revokeObjectURL( url );
}
