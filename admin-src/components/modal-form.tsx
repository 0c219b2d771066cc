import { Button } from '@wordpress/components';
import { Stack } from '@wordpress/ui';
import type { FormEvent, ReactNode } from 'react';
import { useAction } from '../hooks/use-action';
import { ErrorNotice } from './error-notice';
import { ModalActions } from './modal-actions';

/** A form in a dialog: what it asks, why it could not be sent, the way out, and the button that sends it. */
export function ModalForm( {
	ready = true,
	submitLabel,
	leaveLabel,
	onSubmit,
	onLeave,
	children,
}: {
	/** Whether it is filled in far enough. */
	ready?: boolean;
	submitLabel: string;
	leaveLabel: string;
	/** Closes the dialog, or goes on in it, when that has worked. */
	onSubmit: () => Promise< void >;
	onLeave: () => void;
	children: ReactNode;
} ) {
	const { busy, error, run } = useAction< 'submit' >();

	function submit( event: FormEvent ) {
		event.preventDefault();
		if ( ready && ! busy ) {
			run( 'submit', onSubmit );
		}
	}

	return (
		<form onSubmit={ submit } noValidate>
			<Stack direction="column" gap="xl">
				{ children }
				<ErrorNotice error={ error } />
				<ModalActions>
					<Button variant="tertiary" onClick={ onLeave }>
						{ leaveLabel }
					</Button>
					<Button
						variant="primary"
						type="submit"
						isBusy={ busy !== null }
						disabled={ ! ready || busy !== null }
						accessibleWhenDisabled
					>
						{ submitLabel }
					</Button>
				</ModalActions>
			</Stack>
		</form>
	);
}
