import { __ } from '@wordpress/i18n';
import { useLeaveGuard } from '../router';
import { ConfirmModal } from './confirm-modal';

/** Asks before unsaved changes are lost by going elsewhere. */
export function LeaveGuard( { active }: { active: boolean } ) {
	const { asking, stay, leave } = useLeaveGuard( active );

	if ( ! asking ) {
		return null;
	}
	return (
		<ConfirmModal
			title={ __( 'Leave without saving?', 'tandem-user-sync' ) }
			confirmLabel={ __( 'Leave', 'tandem-user-sync' ) }
			cancelLabel={ __( 'Stay', 'tandem-user-sync' ) }
			onConfirm={ async () => leave() }
			onClose={ stay }
		>
			<p>
				{ __(
					'What you changed on this page is not saved yet.',
					'tandem-user-sync'
				) }
			</p>
		</ConfirmModal>
	);
}
