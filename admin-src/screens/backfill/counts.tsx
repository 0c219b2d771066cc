import { __, sprintf } from '@wordpress/i18n';
import { Card } from '@wordpress/ui';
import { Stat } from '../../components/stat';
import { formatNumber } from '../../format';
import type { Backfill } from '../../types';

function createLabel( written: boolean, isWanted: boolean ): string {
	if ( ! isWanted ) {
		return __( 'Not created', 'tandem-user-sync' );
	}
	return written
		? __( 'Created', 'tandem-user-sync' )
		: __( 'To be created', 'tandem-user-sync' );
}

function fetchLabel( written: boolean, isWanted: boolean ): string {
	if ( ! isWanted ) {
		return __( 'Only there', 'tandem-user-sync' );
	}
	return written
		? __( 'Created here', 'tandem-user-sync' )
		: __( 'To be created here', 'tandem-user-sync' );
}

/** How many users there are of each kind. */
export function Counts( {
	backfill: { state, counts, options },
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
			label: createLabel( written, options.create ),
			value: options.create
				? part( counts.createDone, counts.create )
				: formatNumber( counts.create ),
			hint: __( 'Missing on the other site', 'tandem-user-sync' ),
		},
		...( counts.onlyThere
			? [
					{
						label: fetchLabel( written, options.fetch ),
						value: options.fetch
							? part( counts.fetchDone, counts.onlyThere )
							: formatNumber( counts.onlyThere ),
						hint: __( 'Missing on this site', 'tandem-user-sync' ),
					},
				]
			: [] ),
		...( counts.bring
			? [
					{
						label: written
							? __( 'Fields compared', 'tandem-user-sync' )
							: __( 'Fields to be compared', 'tandem-user-sync' ),
						value: part( counts.bringDone, counts.bring ),
						hint:
							options.bring === 'fill'
								? __(
										'What is empty there is filled',
										'tandem-user-sync'
									)
								: __(
										'This site’s values win where they differ',
										'tandem-user-sync'
									),
					},
				]
			: [] ),
		...( counts.byName
			? [
					{
						label: __( 'Same username', 'tandem-user-sync' ),
						value: formatNumber( counts.byName ),
						hint: __(
							'Proposed: confirm them',
							'tandem-user-sync'
						),
					},
				]
			: [] ),
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
		...( counts.remarked
			? [
					{
						label: __(
							'May be the same person',
							'tandem-user-sync'
						),
						value: formatNumber( counts.remarked ),
						hint: __(
							'Emails differ by a +tag: look at them below',
							'tandem-user-sync'
						),
					},
				]
			: [] ),
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
