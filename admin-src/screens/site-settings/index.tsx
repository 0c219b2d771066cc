import { Button } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { globe } from '@wordpress/icons';
import { EmptyState } from '@wordpress/ui';
import { useApp } from '../../app-context';
import { Loaded } from '../../components/load-state';
import { useChoices } from '../../hooks/use-choices';
import { useRoute } from '../../router';
import { SiteForm } from './site-form';

/** "What syncs" of one site. */
export function SiteSettingsScreen() {
	const { sites } = useApp();
	const { params, go } = useRoute();
	const choices = useChoices();
	const id = Number( params.get( 'site' ) );

	return (
		<Loaded resource={ sites }>
			{ ( list ) => {
				const site = list.find( ( item ) => item.id === id );
				if ( ! site ) {
					return (
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
				}
				return (
					<Loaded resource={ choices } rows={ 4 }>
						{ ( loaded ) => (
							<SiteForm
								key={ site.id }
								site={ site }
								choices={ loaded }
							/>
						) }
					</Loaded>
				);
			} }
		</Loaded>
	);
}
