import { Modal } from '@wordpress/components';
import { useState } from '@wordpress/element';
import { __ } from '@wordpress/i18n';
import { InputControl } from '@wordpress/ui';
import { ModalForm } from '../../components/modal-form';

/** Asks for the name of a new webhook and, if it is told of people, for its address. */
export function AddModal( {
	direction,
	onAdd,
	onClose,
}: {
	direction: 'out' | 'in';
	onAdd: ( name: string, url: string ) => Promise< void >;
	onClose: () => void;
} ) {
	const [ name, setName ] = useState( '' );
	const [ url, setUrl ] = useState( '' );
	const isOut = direction === 'out';

	return (
		<Modal
			title={
				isOut
					? __( 'Tell an address of people', 'tandem-user-sync' )
					: __( 'Take people in', 'tandem-user-sync' )
			}
			size="medium"
			onRequestClose={ onClose }
		>
			<ModalForm
				ready={ name.trim() !== '' && ( ! isOut || url.trim() !== '' ) }
				submitLabel={ __( 'Add webhook', 'tandem-user-sync' ) }
				leaveLabel={ __( 'Cancel', 'tandem-user-sync' ) }
				onSubmit={ () => onAdd( name.trim(), url.trim() ) }
				onLeave={ onClose }
			>
				<InputControl
					label={ __( 'Name', 'tandem-user-sync' ) }
					description={
						isOut
							? __(
									'Who is told, such as “n8n” or “Accounting”. Shown on these pages only.',
									'tandem-user-sync'
								)
							: __(
									'Who sends, such as “Zapier” or “Newsletter”. Shown on these pages only.',
									'tandem-user-sync'
								)
					}
					value={ name }
					onChange={ ( event: { target: { value: string } } ) =>
						setName( event.target.value )
					}
				/>
				{ isOut && (
					<InputControl
						label={ __( 'Address', 'tandem-user-sync' ) }
						description={ __(
							'The address that the automation or the other program has given you. It must begin with https://.',
							'tandem-user-sync'
						) }
						type="url"
						value={ url }
						onChange={ ( event: { target: { value: string } } ) =>
							setUrl( event.target.value )
						}
					/>
				) }
			</ModalForm>
		</Modal>
	);
}
