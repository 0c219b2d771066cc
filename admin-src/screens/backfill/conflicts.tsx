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
import { useBackfillConflicts } from '../../hooks/use-backfill';
import type { Backfill, Choice, Site } from '../../types';

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
	const [ view, setView ] = useDecisionView( FIELDS, 320 );
	const conflicts = useBackfillConflicts( backfill.id, {
		page: view.page ?? 1,
		per_page: view.perPage ?? 20,
	} );
	const { decide } = conflicts;

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
	const onDecide = useCallback(
		async ( items: Decidable[], choice: Choice ) => {
			await decide(
				items.map( ( { id } ) => id ),
				choice
			);
			onDecided();
			notify(
				sprintf(
					/* translators: %s: number of conflicts */
					_n(
						'%s conflict decided.',
						'%s conflicts decided.',
						items.length,
						'tandem-user-sync'
					),
					formatNumber( items.length )
				)
			);
		},
		[ decide, notify, onDecided ]
	);

	return (
		<Card.Root>
			<Card.Header>
				<Card.Title render={ <h2 /> }>
					{ __( 'Conflicts', 'tandem-user-sync' ) }
				</Card.Title>
			</Card.Header>
			<Card.Content>
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
