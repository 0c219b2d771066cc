import { Button } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { globe } from '@wordpress/icons';
import { Card, EmptyState } from '@wordpress/ui';
import { useApp } from '../app-context';
import { Loaded } from '../components/load-state';
import { SiteCard } from '../components/site-card';
import { Stat } from '../components/stat';
import { formatNumber } from '../format';
import { onlySites } from '../hooks/use-sites';

function NoSites() {
	const { openAddSite } = useApp();
	return (
		<EmptyState.Root className="tandem-empty">
			<EmptyState.Icon icon={ globe } />
			<EmptyState.Title>
				{ __( 'No sites yet', 'tandem-user-sync' ) }
			</EmptyState.Title>
			<EmptyState.Description>
				{ __(
					'Connect another WordPress site. Whoever registers here, changes a password or gets a role is up to date there a moment later.',
					'tandem-user-sync'
				) }
			</EmptyState.Description>
			<EmptyState.Actions>
				<Button variant="primary" onClick={ openAddSite }>
					{ __( 'Add site', 'tandem-user-sync' ) }
				</Button>
			</EmptyState.Actions>
		</EmptyState.Root>
	);
}

function SummaryCard() {
	const {
		sites,
		summary: { data },
	} = useApp();
	// The sites are loaded more often: their own numbers are the newer ones.
	const list = onlySites( sites.data ?? [] );
	const connected = list.filter( ( { state } ) => state === 'connected' );
	const waiting = list.reduce( ( sum, site ) => sum + site.waiting, 0 );

	return (
		<Card.Root>
			<Card.Content>
				<dl className="tandem-stats is-summary">
					<Stat
						label={ __( 'Connected sites', 'tandem-user-sync' ) }
						value={ sprintf(
							/* translators: 1: number of connected sites, 2: number of all sites */
							__( '%1$s of %2$s', 'tandem-user-sync' ),
							formatNumber( connected.length ),
							formatNumber( list.length )
						) }
					/>
					<Stat
						label={ __( 'Users on this site', 'tandem-user-sync' ) }
						value={ data ? formatNumber( data.users ) : '…' }
					/>
					<Stat
						label={ __( 'People waiting', 'tandem-user-sync' ) }
						value={ formatNumber( waiting ) }
					/>
					<Stat
						label={ __(
							'Synced in the last 24 hours',
							'tandem-user-sync'
						) }
						value={ data ? formatNumber( data.delivered24h ) : '…' }
					/>
				</dl>
			</Card.Content>
		</Card.Root>
	);
}

export function SitesScreen() {
	const { sites } = useApp();

	return (
		<Loaded resource={ sites } rows={ 4 }>
			{ ( all ) =>
				onlySites( all ).length ? (
					<>
						<SummaryCard />
						<div className="tandem-sites">
							{ onlySites( all ).map( ( site ) => (
								<SiteCard key={ site.id } site={ site } />
							) ) }
						</div>
					</>
				) : (
					<NoSites />
				)
			}
		</Loaded>
	);
}
