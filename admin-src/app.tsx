import { getAdminThemeColors, Page } from '@wordpress/admin-ui';
import { Button, SnackbarList } from '@wordpress/components';
import { useCallback, useMemo, useState } from '@wordpress/element';
import { __ } from '@wordpress/i18n';
import { ThemeProvider } from '@wordpress/theme';
// eslint-disable-next-line @wordpress/use-recommended-components -- needed because @wordpress/components is bundled.
import { useEnableWpCompatOverlaySlot } from '@wordpress/ui';
import { AppContext, type AppState } from './app-context';
import { AddSiteModal } from './components/add-site-modal';
import { PageNotices } from './components/page-notices';
import { RouterLink } from './components/router-link';
import { useSites } from './hooks/use-sites';
import { useSummary } from './hooks/use-summary';
import { SECTIONS, sectionUrl, useRoute, type Section } from './router';
import { ActivityScreen } from './screens/activity';
import { BackfillScreen } from './screens/backfill';
import { ExplainScreen } from './screens/explain';
import { RulesScreen } from './screens/rules';
import { SettingsScreen } from './screens/settings';
import { SiteSettingsScreen } from './screens/site-settings';
import { SitesScreen } from './screens/sites';
import { VerifyScreen } from './screens/verify';
import { WebhooksScreen } from './screens/webhooks';
import { HookScreen } from './screens/webhooks/hook';
import { WebhookScreen } from './screens/webhooks/webhook';
import type { Boot } from './types';

function sectionLabel( section: Section ): string {
	return {
		sites: __( 'Sites', 'tandem-user-sync' ),
		backfill: __( 'Backfill', 'tandem-user-sync' ),
		webhooks: __( 'Webhooks', 'tandem-user-sync' ),
		activity: __( 'Activity', 'tandem-user-sync' ),
		settings: __( 'Settings', 'tandem-user-sync' ),
	}[ section ];
}

const SCREENS = {
	sites: SitesScreen,
	site: SiteSettingsScreen,
	rules: RulesScreen,
	verify: VerifyScreen,
	explain: ExplainScreen,
	backfill: BackfillScreen,
	webhooks: WebhooksScreen,
	webhook: WebhookScreen,
	hook: HookScreen,
	activity: ActivityScreen,
	settings: SettingsScreen,
};

/** Some screens of the sites and the webhooks have an argument in place of a tab. */
function screenOf( section: Section, params: URLSearchParams ) {
	const screens = (
		{
			sites: [ 'site', 'rules', 'verify', 'explain' ],
			webhooks: [ 'webhook', 'hook' ],
		} as const
	 )[ section as 'sites' | 'webhooks' ];
	return screens?.find( ( name ) => params.has( name ) ) ?? section;
}

export function App( { boot }: { boot: Boot } ) {
	useEnableWpCompatOverlaySlot();
	const { section, params } = useRoute();
	const sites = useSites();
	const summary = useSummary();
	const [ adding, setAdding ] = useState( false );
	const [ snackbars, setSnackbars ] = useState<
		{ id: string; content: string }[]
	>( [] );
	const notify = useCallback( ( content: string ) => {
		setSnackbars( ( list ) => [
			...list,
			{ id: `${ Date.now() }-${ list.length }`, content },
		] );
	}, [] );
	const state = useMemo< AppState >(
		() => ( {
			boot,
			sites,
			summary,
			notify,
			openAddSite: () => setAdding( true ),
		} ),
		[ boot, sites, summary, notify ]
	);
	const [ { primary } ] = useState( getAdminThemeColors );
	const shown = screenOf( section, params );
	const Screen = SCREENS[ shown ];

	return (
		<ThemeProvider isRoot color={ { primary } }>
			<AppContext.Provider value={ state }>
				<Page
					className="tandem"
					showSidebarToggle={ false }
					title={ __( 'Tandem User Sync', 'tandem-user-sync' ) }
					subTitle={ __(
						'Keep accounts, roles and passwords the same on all your sites.',
						'tandem-user-sync'
					) }
					actions={
						shown === 'sites' ? (
							<Button
								variant="primary"
								size="compact"
								onClick={ () => setAdding( true ) }
							>
								{ __( 'Add site', 'tandem-user-sync' ) }
							</Button>
						) : undefined
					}
					navigation={ {
						ariaLabel: __(
							'User sync sections',
							'tandem-user-sync'
						),
						items: SECTIONS.map( ( item ) => ( {
							label: sectionLabel( item ),
							href: sectionUrl( item ),
						} ) ),
						currentHref: sectionUrl( section ),
					} }
					components={ { link: RouterLink } }
				>
					<PageNotices />
					<div className={ `tandem-screen is-${ shown }` }>
						<Screen />
					</div>
				</Page>
				{ adding && (
					<AddSiteModal onClose={ () => setAdding( false ) } />
				) }
				<SnackbarList
					className="tandem-snackbars"
					notices={ snackbars }
					onRemove={ ( id: string ) =>
						setSnackbars( ( list ) =>
							list.filter( ( item ) => item.id !== id )
						)
					}
				/>
			</AppContext.Provider>
		</ThemeProvider>
	);
}
