import { __ } from '@wordpress/i18n';
import type { ReactNode } from 'react';
import { useApp } from '../app-context';
import { useRoute } from '../router';
import type { Site } from '../types';
import { Gone } from './gone';
import { Loaded } from './load-state';

/** Shows something about one site, or that it is not there (any more). */
export function OneSite( {
	id,
	children,
}: {
	id: number;
	children: ( site: Site ) => ReactNode;
} ) {
	const { sites } = useApp();
	const { go } = useRoute();

	return (
		<Loaded resource={ sites }>
			{ ( list ) => {
				const site = list.find( ( item ) => item.id === id );
				return site ? (
					children( site )
				) : (
					<Gone
						title={ __(
							'This site is not connected',
							'tandem-user-sync'
						) }
						back={ __( 'All sites', 'tandem-user-sync' ) }
						onBack={ () => go( 'sites' ) }
					/>
				);
			} }
		</Loaded>
	);
}
