import { Button } from '@wordpress/components';
import { useState } from '@wordpress/element';
import { __ } from '@wordpress/i18n';
import { InputControl, Stack, Text } from '@wordpress/ui';
import type { FormEvent } from 'react';
import { useAction } from '../hooks/use-action';
import { ErrorNotice } from './error-notice';
import { ModalActions } from './modal-actions';

/** Letters and digits of a pairing code; dashes and spaces don't count. */
const LENGTH = 20;

/** A one-time code that was made on the other site's page. */
export function CodeForm( {
	onSubmit,
	onBack,
}: {
	onSubmit: ( code: string ) => Promise< void >;
	onBack: () => void;
} ) {
	const { busy, error, run } = useAction< 'pair' >();
	const [ code, setCode ] = useState( '' );
	const complete = code.replace( /[^a-z\d]/gi, '' ).length === LENGTH;

	function submit( event: FormEvent ) {
		event.preventDefault();
		if ( complete && ! busy ) {
			run( 'pair', () => onSubmit( code.trim() ) );
		}
	}

	return (
		<form onSubmit={ submit } noValidate>
			<Stack direction="column" gap="xl">
				<Text variant="body-md" render={ <p /> }>
					{ __(
						'On the other site, open Users → User Sync → Settings and choose “Make a pairing code”. Copy it here within a quarter of an hour.',
						'tandem-user-sync'
					) }
				</Text>
				<InputControl
					label={ __( 'Pairing code', 'tandem-user-sync' ) }
					placeholder="XXXXX-XXXXX-XXXXX-XXXXX"
					autoComplete="off"
					autoCapitalize="characters"
					spellCheck={ false }
					value={ code }
					onChange={ ( event ) => setCode( event.target.value ) }
				/>
				<ErrorNotice error={ error } />
				<ModalActions>
					<Button variant="tertiary" onClick={ onBack }>
						{ __( 'Back', 'tandem-user-sync' ) }
					</Button>
					<Button
						variant="primary"
						type="submit"
						isBusy={ busy !== null }
						disabled={ ! complete || busy !== null }
						accessibleWhenDisabled
					>
						{ __( 'Pair', 'tandem-user-sync' ) }
					</Button>
				</ModalActions>
			</Stack>
		</form>
	);
}
