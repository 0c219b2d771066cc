import { Button } from '@wordpress/components';
import { useViewportMatch } from '@wordpress/compose';
import { DataViews, type Action, type View } from '@wordpress/dataviews';
import { useCallback, useMemo, useState } from '@wordpress/element';
import { __, _n, sprintf } from '@wordpress/i18n';
import { seen } from '@wordpress/icons';
import { EmptyState, Stack } from '@wordpress/ui';
import { useApp } from '../../app-context';
import { ErrorNotice } from '../../components/error-notice';
import { LoadError } from '../../components/load-state';
import { TextLink } from '../../components/router-link';
import { formatNumber } from '../../format';
import { useAction } from '../../hooks/use-action';
import { retry, useActivity } from '../../hooks/use-activity';
import { sectionUrl, useRoute } from '../../router';
import type { ActivityItem, RetryRequest } from '../../types';
import { ActivityDetail } from './detail';
import { activityFields } from './fields';
import { initialView, toQuery, withDateFilter } from './query';
import { RetryModal } from './retry-modal';

const LAYOUTS = { table: {}, list: {}, activity: {} };

/** What happened to whom, where, with what result. */
export function ActivityRecord() {
	const { sites, notify } = useApp();
	const { params } = useRoute();
	const isSmall = useViewportMatch( 'medium', '<' );
	const user = Number( params.get( 'user' ) ) || null;
	const [ view, setView ] = useState< View >( () =>
		initialView( params, isSmall )
	);
	const [ opened, setOpened ] = useState< ActivityItem | null >( null );
	const [ retrying, setRetrying ] = useState( false );
	const { error, clear, run } = useAction< 'retry' >();
	const activity = useActivity( toQuery( view, user ) );
	const { refresh } = activity;
	const fields = useMemo(
		() => activityFields( sites.data ?? [] ),
		[ sites.data ]
	);

	const onRetry = useCallback(
		async ( request: RetryRequest ) => {
			const { retried } = await retry( request );
			refresh();
			notify(
				sprintf(
					/* translators: %s: number of people */
					_n(
						'%s person is tried again now.',
						'%s people are tried again now.',
						retried,
						'tandem-user-sync'
					),
					formatNumber( retried )
				)
			);
		},
		[ notify, refresh ]
	);
	const actions = useMemo< Action< ActivityItem >[] >(
		() => [
			{
				id: 'details',
				label: __( 'View details', 'tandem-user-sync' ),
				icon: seen,
				isPrimary: true,
				callback: ( [ item ] ) => setOpened( item ),
			},
			{
				id: 'retry',
				label: __( 'Retry', 'tandem-user-sync' ),
				supportsBulk: true,
				isEligible: ( { outboxId, result } ) =>
					outboxId !== null && result !== 'success',
				callback: ( items ) => {
					const ids = items.flatMap( ( { outboxId } ) =>
						outboxId === null ? [] : [ outboxId ]
					);
					run( 'retry', () => onRetry( { ids } ) );
				},
			},
		],
		[ onRetry, run ]
	);

	if ( ! activity.data && activity.error ) {
		return <LoadError error={ activity.error } onRetry={ refresh } />;
	}
	const untouched =
		! view.search &&
		! view.filters?.some( ( { value } ) => value !== undefined ) &&
		! user;
	return (
		<>
			{ ( error || activity.error || user ) && (
				<Stack
					direction="column"
					gap="sm"
					className="tandem-activity__notices"
				>
					<ErrorNotice error={ error } onDismiss={ clear } />
					<ErrorNotice error={ activity.error } onRetry={ refresh } />
					{ user && (
						<Stack gap="sm" wrap="wrap">
							{ __(
								'One person’s activity.',
								'tandem-user-sync'
							) }
							<TextLink href={ sectionUrl( 'activity' ) }>
								{ __( 'Show everyone’s', 'tandem-user-sync' ) }
							</TextLink>
						</Stack>
					) }
				</Stack>
			) }
			<DataViews< ActivityItem >
				data={ activity.data?.items ?? [] }
				fields={ fields }
				actions={ actions }
				view={ view }
				onChangeView={ ( next ) => setView( withDateFilter( next ) ) }
				defaultLayouts={ LAYOUTS }
				isLoading={ activity.isLoading }
				paginationInfo={ {
					totalItems: activity.data?.total ?? 0,
					totalPages: activity.data?.pages ?? 1,
				} }
				getItemId={ ( item ) => String( item.id ) }
				onClickItem={ setOpened }
				isItemClickable={ () => true }
				empty={
					<EmptyState.Root className="tandem-empty">
						<EmptyState.Title>
							{ untouched
								? __(
										'Nothing has happened yet',
										'tandem-user-sync'
									)
								: __( 'Nothing matches', 'tandem-user-sync' ) }
						</EmptyState.Title>
						<EmptyState.Description>
							{ untouched
								? __(
										'Each change that is sent to another site appears here.',
										'tandem-user-sync'
									)
								: __(
										'Try other filters.',
										'tandem-user-sync'
									) }
						</EmptyState.Description>
					</EmptyState.Root>
				}
			>
				<Stack
					className="tandem-activity__bar"
					justify="space-between"
					align="start"
					gap="sm"
				>
					<Stack gap="sm" wrap="wrap" align="center">
						<DataViews.Search
							label={ __( 'Search users', 'tandem-user-sync' ) }
						/>
						<DataViews.Filters />
					</Stack>
					<Stack gap="xs">
						<Button
							variant="tertiary"
							size="compact"
							onClick={ () => setRetrying( true ) }
						>
							{ __( 'Retry all…', 'tandem-user-sync' ) }
						</Button>
						<DataViews.LayoutSwitcher />
						<DataViews.ViewConfig />
					</Stack>
				</Stack>
				<DataViews.Layout />
				<DataViews.Footer />
			</DataViews>
			{ retrying && (
				<RetryModal
					sites={ sites.data ?? [] }
					site={ toQuery( view, user ).site ?? null }
					onRetry={ onRetry }
					onClose={ () => setRetrying( false ) }
				/>
			) }
			{ opened && (
				<ActivityDetail
					item={ opened }
					onRetry={ onRetry }
					onClose={ () => setOpened( null ) }
				/>
			) }
		</>
	);
}
