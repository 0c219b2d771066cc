import { Button, Modal } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { Stack, Text } from '@wordpress/ui';
import { CopyLine } from '../../components/copy-line';
import { ModalActions } from '../../components/modal-actions';

/** What is shown once: secrets, and where they are to be entered. */
export function SecretModal( {
	title,
	explanation,
	lines,
	onClose,
}: {
	title: string;
	explanation: string;
	lines: { label: string; text: string }[];
	onClose: () => void;
} ) {
	return (
		<Modal
			title={ title }
			size="medium"
			onRequestClose={ onClose }
			shouldCloseOnClickOutside={ false }
		>
			<Stack direction="column" gap="xl">
				<Text variant="body-md" render={ <p /> }>
					{ explanation }
				</Text>
				{ lines.map( ( line ) => (
					<CopyLine key={ line.label } { ...line } />
				) ) }
				<ModalActions>
					<Button variant="primary" onClick={ onClose }>
						{ __( 'I have copied it', 'tandem-user-sync' ) }
					</Button>
				</ModalActions>
			</Stack>
		</Modal>
	);
}
