import { Button } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { globe } from '@wordpress/icons';
import { EmptyState } from '@wordpress/ui';
import type { ReactNode } from 'react';
import { useApp } from '../app-context';
import { useRoute } from '../router';
import type { Site } from '../types';
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
					<EmptyState.Root className="tandem-empty">
						<EmptyState.Icon icon={ globe } />
						<EmptyState.Title>
							{ __(
								'This site is not connected',
								'tandem-user-sync'
							) }
						</EmptyState.Title>
						<EmptyState.Description>
							{ __(
								'It may have been removed.',
								'tandem-user-sync'
							) }
						</EmptyState.Description>
						<EmptyState.Actions>
							<Button
								variant="secondary"
								onClick={ () => go( 'sites' ) }
							>
								{ __( 'All sites', 'tandem-user-sync' ) }
							</Button>
						</EmptyState.Actions>
					</EmptyState.Root>
				);
			} }
		</Loaded>
	);
}
