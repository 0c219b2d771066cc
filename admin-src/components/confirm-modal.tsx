import { Button, Modal } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { Stack } from '@wordpress/ui';
import type { ReactNode } from 'react';
import { useAction } from '../hooks/use-action';
import { ErrorNotice } from './error-notice';
import { ModalActions } from './modal-actions';

/** A question before something that can't be taken back. */
export function ConfirmModal( {
	title,
	confirmLabel,
	cancelLabel = __( 'Cancel', 'tandem-user-sync' ),
	onConfirm,
	onClose,
	children,
}: {
	title: string;
	confirmLabel: string;
	cancelLabel?: string;
	/** Closes by itself when it is done. */
	onConfirm: () => Promise< void >;
	onClose: () => void;
	children: ReactNode;
} ) {
	const { busy, error, run } = useAction< 'confirm' >();

	return (
		<Modal title={ title } size="small" onRequestClose={ onClose }>
			<Stack direction="column" gap="xl">
				{ children }
				<ErrorNotice error={ error } />
				<ModalActions>
					<Button variant="tertiary" onClick={ onClose }>
						{ cancelLabel }
					</Button>
					<Button
						variant="primary"
						isDestructive
						isBusy={ busy !== null }
						disabled={ busy !== null }
						accessibleWhenDisabled
						onClick={ async () => {
							if ( await run( 'confirm', onConfirm ) ) {
								onClose();
							}
						} }
					>
						{ confirmLabel }
					</Button>
				</ModalActions>
			</Stack>
		</Modal>
	);
}
