import { Modal } from '@wordpress/components';
import { useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { Text } from '@wordpress/ui';
import { ModalForm } from '../../components/modal-form';
import { SecretModal } from './secret-modal';

/** Asks before a new secret is made, and shows it once. */
export function RenewModal( {
	name,
	onRenew,
	onClose,
}: {
	name: string;
	/** Resolves to the secret. */
	onRenew: () => Promise< string >;
	onClose: () => void;
} ) {
	const [ secret, setSecret ] = useState< string | null >( null );
	const title = sprintf(
		/* translators: %s: name of a webhook */
		__( 'New secret for %s', 'tandem-user-sync' ),
		name
	);

	if ( secret !== null ) {
		return (
			<SecretModal
				title={ title }
				explanation={ __(
					'Copy it now and enter it on the other side: it is not shown again. The old one works for a day more.',
					'tandem-user-sync'
				) }
				lines={ [
					{ label: __( 'Secret', 'tandem-user-sync' ), text: secret },
				] }
				onClose={ onClose }
			/>
		);
	}
	return (
		<Modal title={ title } size="small" onRequestClose={ onClose }>
			<ModalForm
				submitLabel={ __( 'Make a new secret', 'tandem-user-sync' ) }
				leaveLabel={ __( 'Cancel', 'tandem-user-sync' ) }
				onSubmit={ async () => setSecret( await onRenew() ) }
				onLeave={ onClose }
			>
				<Text variant="body-md" render={ <p /> }>
					{ __(
						'Both secrets work for a day, so that nothing is lost while you change over. After that only the new one does. You can end the old one earlier.',
						'tandem-user-sync'
					) }
				</Text>
			</ModalForm>
		</Modal>
	);
}
