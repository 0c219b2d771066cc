import { Modal } from '@wordpress/components';
import { useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { useApp } from '../app-context';
import { host } from '../format';
import { sectionUrl, navigate } from '../router';
import type { Discovery, Site } from '../types';
import { AddressForm } from './address-form';
import { CodeForm } from './code-form';
import { ConnectStep } from './connect-step';
import { CredentialForm } from './credential-form';
import { Step } from './step';

/** Address, then what was found there, then *Connect*, or a credential or pairing code by hand. */
export function AddSiteModal( { onClose }: { onClose: () => void } ) {
	const { sites, notify } = useApp();
	const [ url, setUrl ] = useState( '' );
	const [ found, setFound ] = useState< Discovery | null >( null );
	const [ byHand, setByHand ] = useState( false );

	function connected( site: Site ) {
		notify(
			sprintf(
				/* translators: %s: site name */
				__( '%s is connected.', 'tandem-user-sync' ),
				site.name
			)
		);
		onClose();
		navigate( sectionUrl( 'sites', { site: site.id } ) );
	}

	return (
		<Modal
			title={
				found
					? sprintf(
							/* translators: %s: name or host name of a site */
							__( 'Connect to %s', 'tandem-user-sync' ),
							found.name || host( found.url )
						)
					: __( 'Add site', 'tandem-user-sync' )
			}
			size="medium"
			onRequestClose={ onClose }
			focusOnMount="firstInputElement"
			// A half-typed password must not be lost by a stray click.
			shouldCloseOnClickOutside={ ! found }
		>
			{ ! found && (
				<Step key="address" focus="firstInputElement">
					<AddressForm
						url={ url }
						onChange={ setUrl }
						onFound={ setFound }
						onCancel={ onClose }
					/>
				</Step>
			) }
			{ found && ! byHand && (
				<Step key="connect">
					<ConnectStep
						found={ found }
						onBack={ () => setFound( null ) }
						onByHand={ () => setByHand( true ) }
						onFound={ setFound }
					/>
				</Step>
			) }
			{ found && byHand && (
				<Step key="by-hand" focus="firstInputElement">
					{ found.kind === 'paired' ? (
						<CodeForm
							onBack={ () => setByHand( false ) }
							onSubmit={ async ( code ) => {
								connected(
									await sites.pair( { url: found.url, code } )
								);
							} }
						/>
					) : (
						<CredentialForm
							submitLabel={ __( 'Add site', 'tandem-user-sync' ) }
							onBack={ () => setByHand( false ) }
							onSubmit={ async ( credential ) => {
								connected(
									await sites.add( {
										url: found.url,
										...credential,
									} )
								);
							} }
						/>
					) }
				</Step>
			) }
		</Modal>
	);
}
