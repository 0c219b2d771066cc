import { Button, Modal } from '@wordpress/components';
import { useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { Stack, Text } from '@wordpress/ui';
import { useApp } from '../app-context';
import { host } from '../format';
import type { Site } from '../types';
import { CodeForm } from './code-form';
import { CredentialForm } from './credential-form';
import { ErrorNotice } from './error-notice';
import { ModalActions } from './modal-actions';
import { RightsAdvice } from './rights-advice';
import { Step } from './step';
import { useAuthorize } from './use-authorize';

/** What will happen, for either kind of site. */
function explanation( site: Site ): string {
	return site.pairing
		? sprintf(
				/* translators: %s: host name of a site */
				__(
					'You will go to %s to approve the connection once more. The two sites exchange their keys again. Settings, links and waiting changes stay.',
					'tandem-user-sync'
				),
				host( site.url )
			)
		: sprintf(
				/* translators: 1: host name of a site, 2: a user name there */
				__(
					'You will go to %1$s to approve a new application password. The present one belongs to the account “%2$s”. Settings, links and waiting changes stay.',
					'tandem-user-sync'
				),
				host( site.url ),
				site.username
			);
}

/** A new application password, or new keys, for a site that is known already. */
export function ReconnectModal( {
	site,
	onClose,
}: {
	site: Site;
	onClose: () => void;
} ) {
	const { sites, notify } = useApp();
	const { authorize, busy, error } = useAuthorize();
	const [ byHand, setByHand ] = useState( false );
	const isPaired = site.kind === 'paired';

	function done() {
		notify(
			sprintf(
				/* translators: %s: site name */
				__( '%s is connected again.', 'tandem-user-sync' ),
				site.name
			)
		);
		onClose();
	}

	return (
		<Modal
			title={ sprintf(
				/* translators: %s: site name */
				__( 'Reconnect %s', 'tandem-user-sync' ),
				site.name
			) }
			size="medium"
			onRequestClose={ onClose }
			shouldCloseOnClickOutside={ ! byHand }
		>
			{ byHand ? (
				<Step key="by-hand" focus="firstInputElement">
					{ isPaired ? (
						<CodeForm
							onBack={ () => setByHand( false ) }
							onSubmit={ async ( code ) => {
								await sites.pair( { url: site.url, code } );
								done();
							} }
						/>
					) : (
						<CredentialForm
							submitLabel={ __(
								'Reconnect',
								'tandem-user-sync'
							) }
							onBack={ () => setByHand( false ) }
							onSubmit={ async ( credential ) => {
								await sites.save( site.id, credential );
								done();
							} }
						/>
					) }
				</Step>
			) : (
				<Step key="connect">
					<Stack direction="column" gap="xl">
						<Text variant="body-md" render={ <p /> }>
							{ explanation( site ) }
						</Text>
						{ ! isPaired && <RightsAdvice /> }
						<ErrorNotice error={ error } />
						<ModalActions
							alternative={
								<Button
									variant="link"
									onClick={ () => setByHand( true ) }
								>
									{ isPaired
										? __(
												'Use a pairing code instead',
												'tandem-user-sync'
											)
										: __(
												'Enter a user name and application password by hand',
												'tandem-user-sync'
											) }
								</Button>
							}
						>
							<Button variant="tertiary" onClick={ onClose }>
								{ __( 'Cancel', 'tandem-user-sync' ) }
							</Button>
							<Button
								variant="primary"
								isBusy={ busy }
								disabled={ busy }
								accessibleWhenDisabled
								onClick={ () => authorize( { site: site.id } ) }
							>
								{ __( 'Connect', 'tandem-user-sync' ) }
							</Button>
						</ModalActions>
					</Stack>
				</Step>
			) }
		</Modal>
	);
}
