import { Button, SelectControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { people } from '@wordpress/icons';
import { EmptyState } from '@wordpress/ui';
import { useApp } from '../../app-context';
import { Loaded } from '../../components/load-state';
import { onlySites } from '../../hooks/use-sites';
import { useRoute } from '../../router';
import './backfill.scss';
import { SiteBackfill } from './site-backfill';

/** Linking and bringing over the users that existed before the connection. */
export function BackfillScreen() {
	const { sites, openAddSite } = useApp();
	const { params, go } = useRoute();
	const id = Number( params.get( 'site' ) );

	return (
		<Loaded resource={ sites }>
			{ ( all ) => {
				const list = onlySites( all );
				const site =
					list.find( ( item ) => item.id === id ) ?? list[ 0 ];
				if ( ! site ) {
					return (
						<EmptyState.Root className="tandem-empty">
							<EmptyState.Icon icon={ people } />
							<EmptyState.Title>
								{ __( 'No site to fill', 'tandem-user-sync' ) }
							</EmptyState.Title>
							<EmptyState.Description>
								{ __(
									'A backfill brings the users that exist already to a connected site. Add a site first.',
									'tandem-user-sync'
								) }
							</EmptyState.Description>
							<EmptyState.Actions>
								<Button
									variant="primary"
									onClick={ openAddSite }
								>
									{ __( 'Add site', 'tandem-user-sync' ) }
								</Button>
							</EmptyState.Actions>
						</EmptyState.Root>
					);
				}
				return (
					<>
						<div className="tandem-backfill__site">
							<SelectControl
								label={ __( 'Site', 'tandem-user-sync' ) }
								value={ String( site.id ) }
								options={ list.map( ( item ) => ( {
									value: String( item.id ),
									label: item.name,
								} ) ) }
								onChange={ ( value ) =>
									go( 'backfill', { site: value } )
								}
							/>
						</div>
						<SiteBackfill key={ site.id } site={ site } />
					</>
				);
			} }
		</Loaded>
	);
}
