/** Incoming webhooks, and what can be done to one of them. */
import { useMemo } from '@wordpress/element';
import { request } from '../api';
import type {
	HookAccessKey,
	HookChanges,
	HookSecret,
	IncomingHook,
} from '../types';
import { useResource, type Resource } from './use-resource';

export interface Hooks extends Resource< IncomingHook[] > {
	/** Its secret is in this answer only. */
	add: ( name: string ) => Promise< HookSecret >;
	save: ( id: number, changes: HookChanges ) => Promise< IncomingHook >;
	/** Another secret; both are good for a day. */
	renewSecret: ( id: number ) => Promise< HookSecret >;
	endOldSecret: ( id: number ) => Promise< IncomingHook >;
	/** A key for WP Fusion's form of address. It is in this answer only. */
	makeAccessKey: ( id: number ) => Promise< HookAccessKey >;
	removeAccessKey: ( id: number ) => Promise< IncomingHook >;
	forgetRequest: ( id: number ) => Promise< IncomingHook >;
	remove: ( id: number ) => Promise< void >;
}

/** Who has just copied an address waits for the first request. */
function every( hooks: IncomingHook[] | null ): number {
	return hooks?.some( ( { state } ) => state === 'listening' )
		? 4_000
		: 15_000;
}

const path = ( id: number, verb = '' ) => `/webhooks/in/${ id }${ verb }`;

export function useHooks(): Hooks {
	const resource = useResource< IncomingHook[] >(
		'hooks',
		( signal ) => request( '/webhooks/in', { signal } ),
		every
	);
	const { change } = resource;

	const actions = useMemo( () => {
		const put = ( hook: IncomingHook ) => {
			change( ( hooks ) =>
				hooks.some( ( { id } ) => id === hook.id )
					? hooks.map( ( old ) =>
							old.id === hook.id ? hook : old
						)
					: [ ...hooks, hook ]
			);
			return hook;
		};
		const keep = < Answer extends { hook: IncomingHook } >(
			answer: Answer
		) => {
			put( answer.hook );
			return answer;
		};

		return {
			add: ( name: string ) =>
				request< HookSecret >( '/webhooks/in', {
					method: 'POST',
					data: { name },
				} ).then( keep ),
			save: ( id: number, data: HookChanges ) =>
				request< IncomingHook >( path( id ), {
					method: 'PATCH',
					data,
				} ).then( put ),
			renewSecret: ( id: number ) =>
				request< HookSecret >( path( id, '/secret' ), {
					method: 'POST',
				} ).then( keep ),
			endOldSecret: ( id: number ) =>
				request< IncomingHook >( path( id, '/end-old-secret' ), {
					method: 'POST',
				} ).then( put ),
			makeAccessKey: ( id: number ) =>
				request< HookAccessKey >( path( id, '/access-key' ), {
					method: 'POST',
				} ).then( keep ),
			removeAccessKey: ( id: number ) =>
				request< IncomingHook >( path( id, '/access-key' ), {
					method: 'DELETE',
				} ).then( put ),
			forgetRequest: ( id: number ) =>
				request< IncomingHook >( path( id, '/request' ), {
					method: 'DELETE',
				} ).then( put ),
			remove: async ( id: number ) => {
				await request( path( id ), { method: 'DELETE' } );
				change( ( hooks ) =>
					hooks.filter( ( hook ) => hook.id !== id )
				);
			},
		};
	}, [ change ] );

	return { ...resource, ...actions };
}
