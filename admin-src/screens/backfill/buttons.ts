import { __ } from '@wordpress/i18n';
import type { JobButton } from '../../components/job-card';
import type { Backfill } from '../../types';
import { hasWork } from './words';

export type BackfillButton =
	'preview' | 'run' | 'pause' | 'resume' | 'cancel' | 'csv';

type Described = JobButton< BackfillButton >;

/** What can be done in each state, the most likely first. */
export function buttonsOf( backfill: Backfill ): Described[] {
	const { state } = backfill;
	const csv: Described = {
		id: 'csv',
		label: __( 'Download CSV', 'tandem-user-sync' ),
		variant: 'tertiary',
	};
	const cancel: Described = {
		id: 'cancel',
		label: __( 'Cancel', 'tandem-user-sync' ),
		variant: 'tertiary',
	};
	const pause: Described = {
		id: 'pause',
		label: __( 'Pause', 'tandem-user-sync' ),
		variant: 'secondary',
	};
	const preview = ( label: string ): Described => ( {
		id: 'preview',
		label,
		variant: 'secondary',
	} );

	switch ( state ) {
		case 'indexing':
		case 'matching':
		case 'running':
			return [ pause, cancel ];
		case 'ready': {
			const again = preview( __( 'Preview again', 'tandem-user-sync' ) );
			return hasWork( backfill )
				? [
						{
							id: 'run',
							label: __( 'Run', 'tandem-user-sync' ),
							variant: 'primary',
						},
						again,
						csv,
					]
				: [ again, csv ];
		}
		case 'paused':
			return [
				{
					id: 'resume',
					label: __( 'Resume', 'tandem-user-sync' ),
					variant: 'primary',
				},
				cancel,
				csv,
			];
		default:
			return [
				preview( __( 'New preview', 'tandem-user-sync' ) ),
				...( state === 'failed' ? [] : [ csv ] ),
			];
	}
}
