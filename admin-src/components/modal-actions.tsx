import { Stack } from '@wordpress/ui';
import type { ReactNode } from 'react';
import './modal-actions.scss';

/** The buttons of a dialog: at its foot, and in sight however long the rest is. */
export function ModalActions( {
	children,
	alternative,
}: {
	children: ReactNode;
	/** Another way, for the few who need it. */
	alternative?: ReactNode;
} ) {
	return (
		<div className="tandem-modal-actions">
			{ alternative }
			<Stack
				justify="end"
				gap="sm"
				wrap="wrap"
				className="tandem-modal-actions__buttons"
			>
				{ children }
			</Stack>
		</div>
	);
}
