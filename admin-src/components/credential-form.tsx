import { useState } from '@wordpress/element';
import { __ } from '@wordpress/i18n';
import { InputControl, Text } from '@wordpress/ui';
import { ModalForm } from './modal-form';

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
	const [ username, setUsername ] = useState( '' );
	const [ password, setPassword ] = useState( '' );
	const complete = username.trim() !== '' && password.trim() !== '';

	return (
		<ModalForm
			ready={ complete }
			submitLabel={ submitLabel }
			leaveLabel={ __( 'Back', 'tandem-user-sync' ) }
			onSubmit={ () =>
				onSubmit( { username: username.trim(), password } )
			}
			onLeave={ onBack }
		>
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
		</ModalForm>
	);
}
