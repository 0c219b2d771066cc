import { __, sprintf } from '@wordpress/i18n';
import { Card } from '@wordpress/ui';
import { Stat } from '../../components/stat';
import { formatNumber } from '../../format';
import type { Backfill } from '../../types';

/** How many users there are of each kind. */
export function Counts( {
	backfill: { state, counts },
}: {
	backfill: Backfill;
} ) {
	const written = ! [ 'matching', 'ready' ].includes( state );
	const part = ( done: number, all: number ) =>
		written
			? sprintf(
					/* translators: 1: number of users done, 2: number of all of them */
					__( '%1$s of %2$s', 'tandem-user-sync' ),
					formatNumber( done ),
					formatNumber( all )
				)
			: formatNumber( all );

	const cards = [
		{
			label: __( 'Linked before', 'tandem-user-sync' ),
			value: formatNumber( counts.alreadyLinked ),
			hint: __( 'Nothing to do', 'tandem-user-sync' ),
		},
		{
			label: written
				? __( 'Linked', 'tandem-user-sync' )
				: __( 'To be linked', 'tandem-user-sync' ),
			value: part( counts.linkDone, counts.link ),
			hint: __( 'Same email on both sites', 'tandem-user-sync' ),
		},
		{
			label: written
				? __( 'Created', 'tandem-user-sync' )
				: __( 'To be created', 'tandem-user-sync' ),
			value: part( counts.createDone, counts.create ),
			hint: __( 'Missing on the other site', 'tandem-user-sync' ),
		},
		{
			label: __( 'Conflicts', 'tandem-user-sync' ),
			value: formatNumber( counts.conflict ),
			hint: __( 'Need your decision', 'tandem-user-sync' ),
		},
		{
			label: __( 'Left out', 'tandem-user-sync' ),
			value: formatNumber( counts.left ),
			hint: __( 'Not synced, or ignored', 'tandem-user-sync' ),
		},
		...( counts.failed
			? [
					{
						label: __( 'Failed', 'tandem-user-sync' ),
						value: formatNumber( counts.failed ),
						hint: __( 'See the CSV', 'tandem-user-sync' ),
					},
				]
			: [] ),
	];

	return (
		<div className="tandem-counts">
			{ cards.map( ( card ) => (
				<Card.Root key={ card.label }>
					<Card.Content render={ <dl /> }>
						<Stat { ...card } />
					</Card.Content>
				</Card.Root>
			) ) }
		</div>
	);
}
