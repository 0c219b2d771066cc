import { Button, ToggleControl } from '@wordpress/components';
import { useState } from '@wordpress/element';
import { __ } from '@wordpress/i18n';
import { Stack, Text } from '@wordpress/ui';
import { useApp } from '../../app-context';
import { CopyLine } from '../../components/copy-line';
import { ErrorNotice } from '../../components/error-notice';
import { SectionCard } from '../../components/section-card';
import { useAction } from '../../hooks/use-action';
import type { Hooks } from '../../hooks/use-hooks';
import type { HookAccessKey, IncomingHook } from '../../types';
import { RenewModal } from './renew-modal';
import { SecretModal } from './secret-modal';
import { oldSecret } from './words';

/** Where to send, and with what. */
export function AccessCard( {
	hook,
	hooks,
}: {
	hook: IncomingHook;
	hooks: Hooks;
} ) {
	const { notify } = useApp();
	const { busy, error, clear, run } = useAction< 'end' | 'form' >();
	const [ renewing, setRenewing ] = useState( false );
	const [ made, setMade ] = useState< HookAccessKey | null >( null );
	const old = oldSecret( hook.oldSecretUntil );

	return (
		<SectionCard
			title={ __( 'Where to send', 'tandem-user-sync' ) }
			description={ __(
				'A POST request with JSON or a form, and the secret in the header X-Tandem-Secret (or “Authorization: Bearer …”, or a Standard Webhooks signature).',
				'tandem-user-sync'
			) }
		>
			<CopyLine
				label={ __( 'Address', 'tandem-user-sync' ) }
				text={ hook.address }
			/>
			<Stack gap="sm" align="center" wrap="wrap">
				<Button
					variant="secondary"
					size="compact"
					onClick={ () => setRenewing( true ) }
				>
					{ __( 'New secret', 'tandem-user-sync' ) }
				</Button>
				{ old && (
					<>
						<Text variant="body-sm" className="is-weak">
							{ old }
						</Text>
						<Button
							variant="link"
							disabled={ busy !== null }
							accessibleWhenDisabled
							onClick={ () =>
								run( 'end', async () => {
									await hooks.endOldSecret( hook.id );
									notify(
										__(
											'The old secret is no longer taken.',
											'tandem-user-sync'
										)
									);
								} )
							}
						>
							{ __( 'End it now', 'tandem-user-sync' ) }
						</Button>
					</>
				) }
			</Stack>
			<ToggleControl
				label={ __(
					'Also take WP Fusion’s form of address (?wpf_action=…)',
					'tandem-user-sync'
				) }
				help={ __(
					'For addresses that are in your CRM already, with a new access key. The request must bring the email address itself. Where WP Fusion is active, it answers them.',
					'tandem-user-sync'
				) }
				checked={ hook.compatible }
				disabled={ busy !== null }
				onChange={ ( on ) =>
					run( 'form', async () => {
						if ( on ) {
							setMade( await hooks.makeAccessKey( hook.id ) );
						} else {
							await hooks.removeAccessKey( hook.id );
						}
					} )
				}
			/>
			<ErrorNotice error={ error } onDismiss={ clear } />
			{ renewing && (
				<RenewModal
					name={ hook.name }
					onRenew={ async () =>
						( await hooks.renewSecret( hook.id ) ).secret
					}
					onClose={ () => setRenewing( false ) }
				/>
			) }
			{ made && (
				<SecretModal
					title={ __( 'WP Fusion’s form', 'tandem-user-sync' ) }
					explanation={ __(
						'Put this address in the place of the one in your CRM; role and send_notification may be added as before. It holds the access key, which is not shown again.',
						'tandem-user-sync'
					) }
					lines={ [
						{
							label: __( 'Address', 'tandem-user-sync' ),
							text: made.address,
						},
					] }
					onClose={ () => setMade( null ) }
				/>
			) }
		</SectionCard>
	);
}
