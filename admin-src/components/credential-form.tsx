import { Button } from '@wordpress/components';
import { useState } from '@wordpress/element';
import { __ } from '@wordpress/i18n';
import { InputControl, Stack, Text } from '@wordpress/ui';
import type { FormEvent } from 'react';
import { useAction } from '../hooks/use-action';
import { ErrorNotice } from './error-notice';
import { ModalActions } from './modal-actions';

export interface Credential {
	username: string;
	password: string;
}

/** A user name and an application password of the remote site, typed in. */
export function CredentialForm( {
	submitLabel,
	onSubmit,
	onBack,
}: {
	submitLabel: string;
	onSubmit: ( credential: Credential ) => Promise< void >;
	onBack: () => void;
} ) {
	const { busy, error, run } = useAction< 'save' >();
	const [ username, setUsername ] = useState( '' );
	const [ password, setPassword ] = useState( '' );
	const complete = username.trim() !== '' && password.trim() !== '';

	function submit( event: FormEvent ) {
		event.preventDefault();
		if ( complete && ! busy ) {
			run( 'save', () =>
				onSubmit( { username: username.trim(), password } )
			);
		}
	}

	return (
		<form onSubmit={ submit } noValidate>
			<Stack direction="column" gap="xl">
				<Text variant="body-md" render={ <p /> }>
					{ __(
						'On the other site, open Users → Profile → Application Passwords and add one.',
						'tandem-user-sync'
					) }
				</Text>
				<InputControl
					label={ __( 'User name', 'tandem-user-sync' ) }
					autoComplete="off"
					autoCapitalize="none"
					spellCheck={ false }
					value={ username }
					onChange={ ( event ) => setUsername( event.target.value ) }
				/>
				<InputControl
					label={ __( 'Application password', 'tandem-user-sync' ) }
					description={ __(
						'Not the password that this person logs in with. It is stored encrypted and never shown again.',
						'tandem-user-sync'
					) }
					type="password"
					autoComplete="new-password"
					value={ password }
					onChange={ ( event ) => setPassword( event.target.value ) }
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
						{ submitLabel }
					</Button>
				</ModalActions>
			</Stack>
		</form>
	);
}
