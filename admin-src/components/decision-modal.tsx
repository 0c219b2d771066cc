import { CheckboxControl, Modal, RadioControl } from '@wordpress/components';
import { useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { InputControl, Text } from '@wordpress/ui';
import type { Choice, Conflict } from '../types';
import { AccountPair } from './account-pair';
import { choiceLabel } from './labels';
import { ModalForm } from './modal-form';

/** A person that a decision is needed for, wherever the question arose. */
export type Decidable = Pick<
	Conflict,
	'id' | 'code' | 'message' | 'here' | 'there' | 'choices'
> & {
	decision?: Choice | null;
	since?: number;
	siteName?: string;
};

function explain( choice: Choice, siteName: string ): string {
	return {
		link: __(
			'They are the same person. From now on the account there follows the one here.',
			'tandem-user-sync'
		),
		create: sprintf(
			/* translators: %s: site name */
			__(
				'They are two people. This one gets an account of their own on %s.',
				'tandem-user-sync'
			),
			siteName
		),
		ignore: sprintf(
			/* translators: %s: site name */
			__( 'This person is not synced to %s.', 'tandem-user-sync' ),
			siteName
		),
	}[ choice ];
}

export function DecisionModal( {
	item,
	siteName,
	canName,
	onDecide,
	onClose,
}: {
	item: Decidable;
	siteName: string;
	/** Whether a username can be given for `create`. */
	canName: boolean;
	onDecide: ( choice: Choice, username?: string ) => Promise< void >;
	onClose: () => void;
} ) {
	const [ choice, setChoice ] = useState< Choice | null >(
		item.decision ?? null
	);
	const [ username, setUsername ] = useState( '' );
	const [ sure, setSure ] = useState( false );
	const dangerous = choice === 'link' && !! item.there?.protected;

	async function decide() {
		if ( choice ) {
			await onDecide(
				choice,
				choice === 'create' ? username.trim() || undefined : undefined
			);
			onClose();
		}
	}

	return (
		<Modal
			title={ item.here.name || item.here.username }
			size="large"
			onRequestClose={ onClose }
		>
			<ModalForm
				ready={ choice !== null && ( ! dangerous || sure ) }
				submitLabel={ __( 'Decide', 'tandem-user-sync' ) }
				leaveLabel={ __( 'Cancel', 'tandem-user-sync' ) }
				onSubmit={ decide }
				onLeave={ onClose }
			>
				<Text variant="body-md" render={ <p /> }>
					{ item.message }
				</Text>
				<AccountPair
					here={ item.here }
					there={ item.there }
					siteName={ siteName }
				/>
				<RadioControl
					label={ __( 'What to do', 'tandem-user-sync' ) }
					selected={ choice ?? undefined }
					options={ item.choices.map( ( value ) => ( {
						value,
						label: choiceLabel( value ),
						description: explain( value, siteName ),
					} ) ) }
					onChange={ ( value ) => setChoice( value as Choice ) }
				/>
				{ choice === 'create' && canName && (
					<InputControl
						label={ __( 'Username there', 'tandem-user-sync' ) }
						description={ __(
							'Left empty, a number is added to the one here.',
							'tandem-user-sync'
						) }
						value={ username }
						autoCapitalize="none"
						autoComplete="off"
						onChange={ ( event ) =>
							setUsername( event.target.value )
						}
					/>
				) }
				{ dangerous && (
					<CheckboxControl
						label={ __(
							'This powerful account may be changed from here, its password included',
							'tandem-user-sync'
						) }
						checked={ sure }
						onChange={ setSure }
					/>
				) }
			</ModalForm>
		</Modal>
	);
}
