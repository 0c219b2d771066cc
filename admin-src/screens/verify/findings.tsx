import {
	DataViews,
	type Action,
	type Field,
	type View,
} from '@wordpress/dataviews';
import { useViewportMatch } from '@wordpress/compose';
import { useMemo, useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { Badge, Card, Stack } from '@wordpress/ui';
import { ConfirmModal } from '../../components/confirm-modal';
import { ErrorNotice } from '../../components/error-notice';
import { LoadError } from '../../components/load-state';
import { Person } from '../../components/person';
import { useAction } from '../../hooks/use-action';
import { useFindings } from '../../hooks/use-verification';
import { useRoute } from '../../router';
import type {
	RepairRequest,
	Site,
	Verification,
	VerifyFinding,
} from '../../types';
import { fieldsOf, mendingLabel } from './words';

const LAYOUTS = { table: {}, list: {}, activity: {} };

const INTENTS = {
	open: 'medium',
	wanted: 'informational',
	asked: 'informational',
	forced: 'informational',
	sent: 'stable',
	refused: 'high',
} as const;

const canRepair = ( { mending }: VerifyFinding ) =>
	mending === 'open' || mending === 'refused';

function columns( site: Site ): Field< VerifyFinding >[] {
	return [
		{
			id: 'person',
			label: __( 'Person', 'tandem-user-sync' ),
			enableSorting: false,
			filterBy: false,
			enableHiding: false,
			render: ( { item: { here, remoteId } } ) => (
				<Person
					name={
						here.username ||
						sprintf(
							/* translators: 1: number of an account, 2: site name */
							__( 'Account %1$s on %2$s', 'tandem-user-sync' ),
							String( remoteId ),
							site.name
						)
					}
					email={ here.email }
				/>
			),
		},
		{
			id: 'what',
			label: __( 'What differs', 'tandem-user-sync' ),
			enableSorting: false,
			filterBy: false,
			render: ( { item } ) => (
				<span className="tandem-wrap">
					{ item.kind === 'differs' ? (
						<Stack direction="column">
							{ fieldsOf( item, site.name ).map( ( line ) => (
								<span key={ line }>{ line }</span>
							) ) }
						</Stack>
					) : (
						item.message
					) }
				</span>
			),
		},
		{
			id: 'mending',
			label: __( 'State', 'tandem-user-sync' ),
			enableSorting: false,
			filterBy: false,
			render: ( { item } ) => (
				<Badge
					className="tandem-badge"
					intent={ INTENTS[ item.mending ] }
				>
					{ mendingLabel( item.mending ) }
				</Badge>
			),
		},
	];
}

/** The people who differ, and what can be done about each. */
export function Findings( {
	site,
	verification,
	onRepair,
}: {
	site: Site;
	verification: Verification;
	onRepair: ( request: RepairRequest ) => Promise< void >;
} ) {
	const isSmall = useViewportMatch( 'medium', '<' );
	const { go } = useRoute();
	const { error, clear, run } = useAction< 'repair' >();
	const [ forcing, setForcing ] = useState< VerifyFinding[] >( [] );
	const [ view, setView ] = useState< View >( {
		type: isSmall ? 'activity' : 'table',
		titleField: 'person',
		fields: [ 'what', 'mending' ],
		page: 1,
		perPage: 20,
		layout: isSmall
			? {}
			: { styles: { what: { minWidth: 360 }, person: { width: '40%' } } },
	} as View );
	const findings = useFindings( verification.id, {
		page: view.page ?? 1,
		per_page: view.perPage ?? 20,
	} );
	const { refresh } = findings;
	const fields = useMemo( () => columns( site ), [ site ] );
	const ids = ( items: VerifyFinding[] ) => items.map( ( { id } ) => id );
	const actions: Action< VerifyFinding >[] = [
		{
			id: 'repair',
			label: __( 'Repair', 'tandem-user-sync' ),
			isPrimary: true,
			supportsBulk: true,
			isEligible: ( item ) => item.repairable && canRepair( item ),
			callback: ( items ) => {
				run( 'repair', async () => {
					await onRepair( { ids: ids( items ) } );
					refresh();
				} );
			},
		},
		{
			id: 'mine',
			label: __( 'Use this site’s values', 'tandem-user-sync' ),
			supportsBulk: true,
			isEligible: ( item ) => item.forcible && canRepair( item ),
			callback: setForcing,
		},
		{
			id: 'explain',
			label: __( 'Explain', 'tandem-user-sync' ),
			isEligible: ( { here } ) => here.username !== '',
			callback: ( [ { here } ] ) => go( 'sites', { explain: here.id } ),
		},
	];

	if ( ! findings.data && findings.error ) {
		return <LoadError error={ findings.error } onRetry={ refresh } />;
	}
	return (
		<Card.Root
			render={
				<section
					aria-label={ __( 'People who differ', 'tandem-user-sync' ) }
				/>
			}
		>
			<ErrorNotice error={ error } onDismiss={ clear } />
			<DataViews< VerifyFinding >
				data={ findings.data?.items ?? [] }
				fields={ fields }
				actions={ actions }
				view={ view }
				onChangeView={ setView }
				defaultLayouts={ LAYOUTS }
				isLoading={ findings.isLoading }
				paginationInfo={ {
					totalItems: findings.data?.total ?? 0,
					totalPages: findings.data?.pages ?? 1,
				} }
				getItemId={ ( item ) => String( item.id ) }
				search={ false }
			>
				<DataViews.Layout />
				<DataViews.Footer />
			</DataViews>
			{ forcing.length > 0 && (
				<ConfirmModal
					title={ __(
						'Use this site’s values?',
						'tandem-user-sync'
					) }
					confirmLabel={ __(
						'Use this site’s values',
						'tandem-user-sync'
					) }
					onConfirm={ async () => {
						await onRepair( { ids: ids( forcing ), mine: true } );
						refresh();
					} }
					onClose={ () => setForcing( [] ) }
				>
					<p>
						{ sprintf(
							/* translators: %s: site name */
							__(
								'What is here replaces what is on %s, in every field that differs, also where the value there is newer. Passwords stay as they are.',
								'tandem-user-sync'
							),
							site.name
						) }
					</p>
				</ConfirmModal>
			) }
		</Card.Root>
	);
}
