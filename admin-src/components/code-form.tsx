import { useState } from '@wordpress/element';
import { __ } from '@wordpress/i18n';
import { InputControl, Text } from '@wordpress/ui';
import { ModalForm } from './modal-form';

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
	const [ code, setCode ] = useState( '' );
	const complete = code.replace( /[^a-z\d]/gi, '' ).length === LENGTH;

	return (
		<ModalForm
			ready={ complete }
			submitLabel={ __( 'Pair', 'tandem-user-sync' ) }
			leaveLabel={ __( 'Back', 'tandem-user-sync' ) }
			onSubmit={ () => onSubmit( code.trim() ) }
			onLeave={ onBack }
		>
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
		</ModalForm>
	);
}
