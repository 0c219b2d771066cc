/** The remote sites, and what can be done to one of them. */
import { useMemo } from '@wordpress/element';
import { request } from '../api';
import type {
	ConnectAnswer,
	Discovery,
	NewSite,
	PairRequest,
	PairingCode,
	Site,
	SiteChanges,
	TestAnswer,
	NewWebhook,
	WebhookSecret,
} from '../types';
import { useResource, type Resource } from './use-resource';

export interface Sites extends Resource< Site[] > {
	sync: ( site: Site ) => Promise< Site >;
	pause: ( site: Site ) => Promise< Site >;
	resume: ( site: Site ) => Promise< Site >;
	save: ( id: number, changes: SiteChanges ) => Promise< Site >;
	add: ( site: NewSite ) => Promise< Site >;
	/** With a code of the other site's page. */
	pair: ( target: PairRequest ) => Promise< Site >;
	/** Lets a paired site remove more people here for an hour. */
	allowRemovals: ( site: Site ) => Promise< Site >;
	remove: ( id: number ) => Promise< void >;
	/** An address that is told of people. Its secret is in this answer only. */
	addWebhook: ( webhook: NewWebhook ) => Promise< WebhookSecret >;
	/** Another secret; requests are signed with both for a day. */
	renewSecret: ( site: Site ) => Promise< WebhookSecret >;
	endOldSecret: ( site: Site ) => Promise< Site >;
	moveWebhook: ( site: Site, url: string ) => Promise< Site >;
}

/** Sites that have something to do are looked at more often. */
function every( sites: Site[] | null ): number {
	return sites?.some( ( { state, waiting } ) =>
		state === 'connected' ? waiting > 0 : false
	)
		? 4_000
		: 15_000;
}

export function useSites(): Sites {
	const resource = useResource< Site[] >(
		'sites',
		( signal ) => request( '/sites', { signal } ),
		every
	);
	const { change, mutate } = resource;

	const actions = useMemo( () => {
		const put = ( site: Site ) => {
			change( ( sites ) =>
				sites.some( ( { id } ) => id === site.id )
					? sites.map( ( old ) =>
							old.id === site.id ? site : old
						)
					: [ ...sites, site ]
			);
			return site;
		};
		const post = ( id: number, verb: string ) =>
			request< Site >( `/sites/${ id }/${ verb }`, { method: 'POST' } );
		const ahead = ( id: number, state: Site[ 'state' ], verb: string ) =>
			mutate(
				( sites ) =>
					sites.map( ( old ) =>
						old.id === id ? { ...old, state } : old
					),
				() => post( id, verb )
			).then( put );

		return {
			sync: ( { id }: Site ) => post( id, 'sync' ).then( put ),
			pause: ( { id }: Site ) => ahead( id, 'paused', 'pause' ),
			resume: ( { id }: Site ) => ahead( id, 'connected', 'resume' ),
			save: ( id: number, data: SiteChanges ) =>
				request< Site >( `/sites/${ id }`, {
					method: 'PATCH',
					data,
				} ).then( put ),
			add: ( data: NewSite ) =>
				request< Site >( '/sites', { method: 'POST', data } ).then(
					put
				),
			pair: ( data: PairRequest ) =>
				request< Site >( '/sites/pair', { method: 'POST', data } ).then(
					put
				),
			allowRemovals: ( { id }: Site ) =>
				post( id, 'allow-removals' ).then( put ),
			addWebhook: async ( data: NewWebhook ) => {
				const made = await request< WebhookSecret >( '/webhooks', {
					method: 'POST',
					data,
				} );
				put( made.site );
				return made;
			},
			renewSecret: async ( { id }: Site ) => {
				const made = await request< WebhookSecret >(
					`/webhooks/${ id }/secret`,
					{ method: 'POST' }
				);
				put( made.site );
				return made;
			},
			endOldSecret: ( { id }: Site ) =>
				request< Site >( `/webhooks/${ id }/end-old-secret`, {
					method: 'POST',
				} ).then( put ),
			moveWebhook: ( { id }: Site, url: string ) =>
				request< Site >( `/webhooks/${ id }/address`, {
					method: 'POST',
					data: { url },
				} ).then( put ),
			remove: async ( id: number ) => {
				await request( `/sites/${ id }`, { method: 'DELETE' } );
				change( ( sites ) =>
					sites.filter( ( site ) => site.id !== id )
				);
			},
		};
	}, [ change, mutate ] );

	return { ...resource, ...actions };
}

export const discover = ( url: string ) =>
	request< Discovery >( '/sites/discover', {
		method: 'POST',
		data: { url },
	} );

/** Where the remote site asks its administrator. A new site, or one to renew. */
export const authorizeUrl = async (
	target: { url: string } | { site: number }
) =>
	(
		await request< ConnectAnswer >( '/sites/connect', {
			method: 'POST',
			data: target,
		} )
	).authorizeUrl;

export const testSite = ( id: number ) =>
	request< TestAnswer >( `/sites/${ id }/test`, { method: 'POST' } );

/** A one-time code for the page of another site. */
export const makePairingCode = () =>
	request< PairingCode >( '/pairing-code', { method: 'POST' } );

/** New keys for this site; paired sites are told. */
export const renewKeys = () =>
	request< { rotated: boolean } >( '/identity/keys', { method: 'POST' } );

/** Without webhooks, which are no sites. */
export const onlySites = ( list: Site[] ) =>
	list.filter( ( { kind } ) => kind !== 'webhook' );

/** Webhooks that are told of people. */
export const onlyWebhooks = ( list: Site[] ) =>
	list.filter( ( { kind } ) => kind === 'webhook' );
