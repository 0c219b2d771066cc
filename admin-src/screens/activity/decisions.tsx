import type { Field } from '@wordpress/dataviews';
import { useCallback, useMemo } from '@wordpress/element';
import { __, _n, sprintf } from '@wordpress/i18n';
import { ApiError } from '../../api';
import { useApp } from '../../app-context';
import { DecisionList } from '../../components/decision-list';
import type { Decidable } from '../../components/decision-modal';
import { useDecisionView } from '../../components/use-decision-view';
import { TextLink } from '../../components/router-link';
import { formatNumber, relativeTime } from '../../format';
import { useConflicts } from '../../hooks/use-conflicts';
import { sectionUrl, useRoute } from '../../router';
import type { Choice } from '../../types';

const FIELDS = [ 'there', 'message', 'site', 'since' ];

/** People whose change waits because it is not clear who is who. */
export function Decisions( { onDecided }: { onDecided: () => void } ) {
	const { sites, notify } = useApp();
	const { params } = useRoute();
	const site = Number( params.get( 'site' ) ) || undefined;
	const [ view, setView ] = useDecisionView( FIELDS, 220 );
	const conflicts = useConflicts( {
		page: view.page ?? 1,
		per_page: view.perPage ?? 20,
		site,
	} );
	const { resolve } = conflicts;
	const { refresh: refreshSites } = sites;

	const extraFields = useMemo< Field< Decidable >[] >(
		() => [
			{
				id: 'site',
				label: __( 'Site', 'tandem-user-sync' ),
				enableSorting: false,
				filterBy: false,
				render: ( { item } ) => <>{ item.siteName }</>,
			},
			{
				id: 'since',
				label: __( 'Since', 'tandem-user-sync' ),
				enableSorting: false,
				filterBy: false,
				render: ( { item } ) => (
					<>{ item.since ? relativeTime( item.since ) : '' }</>
				),
			},
		],
		[]
	);
	const onDecide = useCallback(
		async ( items: Decidable[], choice: Choice, username?: string ) => {
			const { resolved, failed } = await resolve( {
				ids: items.map( ( { id } ) => id ),
				choice,
				username,
			} );
			refreshSites();
			onDecided();
			if ( resolved ) {
				notify(
					sprintf(
						/* translators: %s: number of people */
						_n(
							'%s person decided.',
							'%s people decided.',
							resolved,
							'tandem-user-sync'
						),
						formatNumber( resolved )
					)
				);
			}
			if ( failed.length ) {
				const name = ( id: number ) =>
					items.find( ( item ) => item.id === id )?.here.username ??
					'';
				throw new ApiError(
					'not_resolved',
					failed
						.map( ( { id, message } ) =>
							sprintf(
								/* translators: 1: a username, 2: a sentence that says what went wrong */
								__( '%1$s: %2$s', 'tandem-user-sync' ),
								name( id ),
								message
							)
						)
						.join( ' ' )
				);
			}
		},
		[ notify, onDecided, refreshSites, resolve ]
	);

	return (
		<>
			{ site !== undefined && (
				<p className="tandem-activity__notices">
					{ __( 'Only one site is shown.', 'tandem-user-sync' ) }{ ' ' }
					<TextLink
						href={ sectionUrl( 'activity', { tab: 'decisions' } ) }
					>
						{ __( 'Show all sites', 'tandem-user-sync' ) }
					</TextLink>
				</p>
			) }
			<DecisionList
				resource={ conflicts }
				view={ view }
				onChangeView={ setView }
				siteName={ ( item ) => item.siteName ?? '' }
				extraFields={ extraFields }
				canName
				onDecide={ onDecide }
				emptyTitle={ __( 'Nothing to decide', 'tandem-user-sync' ) }
				emptyDescription={ __(
					'People appear here when it is not clear who they are on the other site.',
					'tandem-user-sync'
				) }
			/>
		</>
	);
}
