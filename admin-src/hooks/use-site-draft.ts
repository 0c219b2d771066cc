/**
 * The settings of a site while they are being changed. What was not touched
 * follows the site, so a change from elsewhere is neither lost nor undone.
 */
import { useCallback, useMemo, useState } from '@wordpress/element';
import type { Policy, Site, SiteChanges, SiteSettings } from '../types';

type Edits = Partial< SiteSettings & { name: string } >;

/** Lists of slugs and keys mean the same in any order. */
function normal( value: unknown ): unknown {
	if ( Array.isArray( value ) ) {
		return [ ...value ].sort();
	}
	if ( value && typeof value === 'object' ) {
		return Object.fromEntries(
			Object.entries( value )
				.sort( ( [ a ], [ b ] ) => a.localeCompare( b ) )
				.map( ( [ key, item ] ) => [ key, normal( item ) ] )
		);
	}
	return value;
}

const same = ( a: unknown, b: unknown ) =>
	JSON.stringify( normal( a ) ) === JSON.stringify( normal( b ) );

export interface SiteDraft {
	name: string;
	settings: SiteSettings;
	/** What a paired site may do here. */
	policy: Policy | null;
	set: ( edits: Edits ) => void;
	setPolicy: ( edits: Partial< Policy > ) => void;
	reset: () => void;
	/** Only what differs, or null. */
	changes: SiteChanges | null;
}

export function useSiteDraft( site: Site ): SiteDraft {
	const [ edits, setEdits ] = useState< Edits >( {} );
	const [ policyEdits, setPolicyEdits ] = useState< Partial< Policy > >( {} );
	const { name = site.name, ...settings } = edits;
	const policy = site.pairing?.policy ?? null;

	const changes = useMemo( () => {
		const { name: newName, ...rest } = edits;
		const result: SiteChanges = {};
		if ( newName !== undefined && newName.trim() !== site.name ) {
			result.name = newName.trim();
		}
		const changed = Object.entries( rest ).filter(
			( [ key, value ] ) =>
				! same( value, site.settings[ key as keyof SiteSettings ] )
		);
		if ( changed.length ) {
			result.settings = Object.fromEntries( changed );
		}
		const changedPolicy = Object.entries( policyEdits ).filter(
			( [ key, value ] ) =>
				! same( value, policy?.[ key as keyof Policy ] )
		);
		if ( changedPolicy.length ) {
			result.policy = Object.fromEntries( changedPolicy );
		}
		return Object.keys( result ).length ? result : null;
	}, [ edits, policyEdits, policy, site ] );

	const set = useCallback(
		( more: Edits ) => setEdits( ( old ) => ( { ...old, ...more } ) ),
		[]
	);
	const setPolicy = useCallback(
		( more: Partial< Policy > ) =>
			setPolicyEdits( ( old ) => ( { ...old, ...more } ) ),
		[]
	);
	const reset = useCallback( () => {
		setEdits( {} );
		setPolicyEdits( {} );
	}, [] );

	return {
		name,
		settings: { ...site.settings, ...settings },
		policy: policy && { ...policy, ...policyEdits },
		set,
		setPolicy,
		reset,
		changes,
	};
}
