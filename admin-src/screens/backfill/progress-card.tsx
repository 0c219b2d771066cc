import { useState } from '@wordpress/element';
import { __ } from '@wordpress/i18n';
import { ConfirmModal } from '../../components/confirm-modal';
import { JobCard } from '../../components/job-card';
import { useAction } from '../../hooks/use-action';
import { isBusy, type BackfillActions } from '../../hooks/use-backfill';
import type { Backfill, Site } from '../../types';
import { buttonsOf, type BackfillButton } from './buttons';
import { adviceOf, progressOf, titleOf } from './words';

/** Where the backfill stands, and what can be done about it. */
export function ProgressCard( {
	site,
	backfill,
	actions,
	onPreview,
}: {
	site: Site;
	backfill: Backfill;
	actions: BackfillActions;
	/** Makes the preview, with what was chosen for it. */
	onPreview: () => Promise< void >;
} ) {
	const action = useAction< BackfillButton >();
	const [ cancelling, setCancelling ] = useState( false );
	const { id, state, done, total, problem } = backfill;
	const moving = isBusy( state ) || state === 'paused';
	const percent = total ? ( 100 * done ) / total : undefined;

	function press( button: BackfillButton ) {
		if ( button === 'cancel' ) {
			setCancelling( true );
		} else {
			action.run( button, () =>
				button === 'preview' ? onPreview() : actions[ button ]( id )
			);
		}
	}

	return (
		<>
			<JobCard
				title={ titleOf( backfill, site ) }
				heading="h2"
				facts={ [
					moving ? progressOf( backfill, site ) : '',
					adviceOf( backfill ) ?? '',
				] }
				buttons={ buttonsOf( backfill ) }
				action={ action }
				onPress={ press }
				progress={ moving ? percent : null }
				problem={ problem }
				hasFailed={ state === 'failed' }
			/>
			{ cancelling && (
				<ConfirmModal
					title={ __( 'Cancel this backfill?', 'tandem-user-sync' ) }
					confirmLabel={ __( 'Cancel backfill', 'tandem-user-sync' ) }
					cancelLabel={ __( 'Go on', 'tandem-user-sync' ) }
					onConfirm={ () => actions.cancel( id ) }
					onClose={ () => setCancelling( false ) }
				>
					<p>
						{ __(
							'What was linked and created so far stays. The rest is left as it is. You can begin again with a new preview.',
							'tandem-user-sync'
						) }
					</p>
				</ConfirmModal>
			) }
		</>
	);
}
