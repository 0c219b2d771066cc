import type { Field } from '@wordpress/dataviews';
import { useCallback, useMemo } from '@wordpress/element';
import { __, _n, sprintf } from '@wordpress/i18n';
import { Card } from '@wordpress/ui';
import { useApp } from '../../app-context';
import { DecisionList } from '../../components/decision-list';
import type { Decidable } from '../../components/decision-modal';
import { useDecisionView } from '../../components/use-decision-view';
import { DecisionBadge } from '../../components/status-badge';
import { formatNumber } from '../../format';
import {
	useBackfillConflicts,
	useBackfillKinds,
} from '../../hooks/use-backfill';
import type { Backfill, Choice, Site } from '../../types';
import { Kinds } from './kinds';

const FIELDS = [ 'there', 'message', 'decision' ];

export function BackfillConflicts( {
	site,
	backfill,
	onDecided,
}: {
	site: Site;
	backfill: Backfill;
	/** The counts are other ones now. */
	onDecided: () => void;
} ) {
	const { notify } = useApp();
	const [ view, setView ] = useDecisionView( FIELDS, 240 );
	const conflicts = useBackfillConflicts( backfill.id, {
		page: view.page ?? 1,
		per_page: view.perPage ?? 20,
	} );
	const kinds = useBackfillKinds( backfill.id );
	const { decide, decideAll } = conflicts;
	const { refresh: countKinds } = kinds;

	const extraFields = useMemo< Field< Decidable >[] >(
		() => [
			{
				id: 'decision',
				label: __( 'Decision', 'tandem-user-sync' ),
				enableSorting: false,
				filterBy: false,
				render: ( { item } ) => (
					<DecisionBadge decision={ item.decision ?? null } />
				),
			},
		],
		[]
	);
	const decided = useCallback(
		( people: number ) => {
			onDecided();
			countKinds();
			notify(
				sprintf(
					/* translators: %s: number of conflicts */
					_n(
						'%s conflict decided.',
						'%s conflicts decided.',
						people,
						'tandem-user-sync'
					),
					formatNumber( people )
				)
			);
		},
		[ countKinds, notify, onDecided ]
	);
	const onDecide = useCallback(
		async ( items: Decidable[], choice: Choice ) => {
			await decide(
				items.map( ( { id } ) => id ),
				choice
			);
			decided( items.length );
		},
		[ decide, decided ]
	);
	const onDecideAll = useCallback(
		async ( kind: string, choice: Choice ) =>
			decided( await decideAll( kind, choice ) ),
		[ decideAll, decided ]
	);

	return (
		<Card.Root>
			<Card.Header>
				<Card.Title render={ <h2 /> }>
					{ __( 'Conflicts', 'tandem-user-sync' ) }
				</Card.Title>
			</Card.Header>
			<Card.Content>
				<Kinds kinds={ kinds.data ?? [] } onDecide={ onDecideAll } />
				<Card.FullBleed>
					<DecisionList
						resource={ conflicts }
						view={ view }
						onChangeView={ setView }
						siteName={ () => site.name }
						extraFields={ extraFields }
						canName={ false }
						onDecide={ onDecide }
						emptyTitle={ __(
							'Nothing to decide',
							'tandem-user-sync'
						) }
						emptyDescription={ __(
							'Every conflict has been dealt with.',
							'tandem-user-sync'
						) }
					/>
				</Card.FullBleed>
			</Card.Content>
		</Card.Root>
	);
}
