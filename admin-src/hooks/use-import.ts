/** What other ways of syncing users have left here. */
import { addQueryArgs } from '@wordpress/url';
import { request } from '../api';
import type {
	ImportCounts,
	ImportFound,
	ImportStep,
	ImportTagsStep,
} from '../types';
import { useResource } from './use-resource';

export const useImport = () =>
	useResource< ImportFound >( 'import', ( signal ) =>
		request( '/import', { signal } )
	);

/**
 * Looks at everybody whose meta holds a number, or links those who fit: step by
 * step, until nobody is left.
 *
 * @param site   The site that the numbers belong to.
 * @param key    Meta key.
 * @param doLink Whether they are linked.
 */
export async function importLinks(
	site: number,
	key: string,
	doLink: boolean
): Promise< ImportCounts > {
	const counts = { fits: 0, linked: 0, differs: 0, left: 0 };
	for ( let after: number | null = 0; after !== null; ) {
		const data: { site: number; key: string; after: number } = {
			site,
			key,
			after,
		};
		const step: ImportStep = doLink
			? await request( '/import/links', { method: 'POST', data } )
			: await request( addQueryArgs( '/import/links', data ) );
		counts.fits += step.fits;
		counts.linked += step.linked;
		counts.differs += step.differs;
		counts.left += step.left;
		after = step.next;
	}
	return counts;
}

/** Gives a connected site what WP Remote Users Sync has set for its address. */
export const importSettings = ( site: number ) =>
	request< { taken: boolean } >( '/import/settings', {
		method: 'POST',
		data: { site },
	} );

/** Gives people the tags that WP Fusion holds of them; how many had not all. */
export async function importTags(): Promise< number > {
	let people = 0;
	for ( let after: number | null = 0; after !== null; ) {
		const step: ImportTagsStep = await request( '/import/tags', {
			method: 'POST',
			data: { after },
		} );
		people += step.people;
		after = step.next;
	}
	return people;
}
