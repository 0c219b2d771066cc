import { Button } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { InputControl, Stack } from '@wordpress/ui';
import type { FormEvent } from 'react';
import { useAction } from '../hooks/use-action';
import { discover } from '../hooks/use-sites';
import type { Discovery } from '../types';
import { ErrorNotice } from './error-notice';
import { ModalActions } from './modal-actions';

export function AddressForm( {
	url,
	onChange,
	onFound,
	onCancel,
}: {
	url: string;
	onChange: ( url: string ) => void;
	onFound: ( found: Discovery ) => void;
	onCancel: () => void;
} ) {
	const { busy, error, run } = useAction< 'check' >();
	const empty = url.trim() === '';

	function submit( event: FormEvent ) {
		event.preventDefault();
		if ( ! empty && ! busy ) {
			run( 'check', async () => onFound( await discover( url.trim() ) ) );
		}
	}

	return (
		<form onSubmit={ submit } noValidate>
			<Stack direction="column" gap="xl">
				<InputControl
					label={ __( 'Site address', 'tandem-user-sync' ) }
					description={ __(
						'Any WordPress site with HTTPS. Nothing needs to be installed there.',
						'tandem-user-sync'
					) }
					type="url"
					inputMode="url"
					placeholder="https://example.com"
					autoComplete="url"
					value={ url }
					readOnly={ busy !== null }
					aria-invalid={ error ? true : undefined }
					onChange={ ( event ) => onChange( event.target.value ) }
				/>
				<ErrorNotice error={ error } />
				<ModalActions>
					<Button variant="tertiary" onClick={ onCancel }>
						{ __( 'Cancel', 'tandem-user-sync' ) }
					</Button>
					<Button
						variant="primary"
						type="submit"
						isBusy={ busy !== null }
						disabled={ empty || busy !== null }
						accessibleWhenDisabled
					>
						{ busy
							? __( 'Checking…', 'tandem-user-sync' )
							: __( 'Continue', 'tandem-user-sync' ) }
					</Button>
				</ModalActions>
			</Stack>
		</form>
	);
}
