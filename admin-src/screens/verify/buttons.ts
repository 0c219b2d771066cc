import { __ } from '@wordpress/i18n';
import type { JobButton } from '../../components/job-card';
import { isVerifying } from '../../hooks/use-verification';
import type { Verification } from '../../types';

export type VerifyButton = 'start' | 'cancel' | 'repair';

/** What can be done in each state, the most likely last. */
export function buttonsOf( {
	state,
	counts,
}: Verification ): JobButton< VerifyButton >[] {
	if ( isVerifying( state ) ) {
		return [
			{
				id: 'cancel',
				label: __( 'Cancel', 'tandem-user-sync' ),
				variant: 'tertiary',
			},
		];
	}
	return [
		{
			id: 'start',
			label: __( 'Verify again', 'tandem-user-sync' ),
			variant: counts.open ? 'secondary' : 'primary',
		},
		...( state === 'done' && counts.open + counts.refused > 0
			? [
					{
						id: 'repair' as const,
						label: __( 'Repair all', 'tandem-user-sync' ),
						variant: 'primary' as const,
					},
				]
			: [] ),
	];
}
