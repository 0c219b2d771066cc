import { Button } from '@wordpress/components';
import { useCopyToClipboard } from '@wordpress/compose';
import { useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { Stack, Text } from '@wordpress/ui';
import { useApp } from '../../app-context';
import { ConfirmModal } from '../../components/confirm-modal';
import { ErrorNotice } from '../../components/error-notice';
import { SectionCard } from '../../components/section-card';
import { nowInSeconds, duration } from '../../format';
import { useAction } from '../../hooks/use-action';
import { makePairingCode, renewKeys } from '../../hooks/use-sites';
import type { PairingCode } from '../../types';
import './pairing-card.scss';

/** What other sites with Tandem need of this one: a code to be paired, and its keys. */
export function PairingCard() {
	const { notify } = useApp();
	const { busy, error, clear, run } = useAction< 'code' >();
	const [ made, setMade ] = useState< PairingCode | null >( null );
	const [ asking, setAsking ] = useState( false );
	const copy = useCopyToClipboard< HTMLButtonElement >(
		made?.code ?? '',
		() => notify( __( 'Code copied.', 'tandem-user-sync' ) )
	);

	return (
		<SectionCard
			title={ __( 'Pairing', 'tandem-user-sync' ) }
			description={ __(
				'Another site that runs Tandem connects from its own page. Where its “Connect” does not work, it takes a code that you make here.',
				'tandem-user-sync'
			) }
		>
			<Stack direction="column" gap="md" align="start">
				{ made && (
					<div role="status">
						<Stack gap="md" align="center" wrap="wrap">
							<code className="tandem-code">{ made.code }</code>
							<Button
								ref={ copy }
								variant="secondary"
								size="compact"
							>
								{ __( 'Copy', 'tandem-user-sync' ) }
							</Button>
						</Stack>
						<Text
							variant="body-sm"
							render={ <p /> }
							className="is-weak"
						>
							{ sprintf(
								/* translators: %s: a length of time such as "15 minutes" */
								__(
									'Good once, for %s. Whoever has it can connect a site: hand it to nobody else.',
									'tandem-user-sync'
								),
								duration(
									Math.max(
										0,
										made.goodUntil - nowInSeconds()
									)
								)
							) }
						</Text>
					</div>
				) }
				<Button
					variant="secondary"
					isBusy={ busy !== null }
					disabled={ busy !== null }
					accessibleWhenDisabled
					onClick={ () =>
						run( 'code', async () =>
							setMade( await makePairingCode() )
						)
					}
				>
					{ made
						? __( 'Make another code', 'tandem-user-sync' )
						: __( 'Make a pairing code', 'tandem-user-sync' ) }
				</Button>
				<ErrorNotice error={ error } onDismiss={ clear } />
				<Button variant="link" onClick={ () => setAsking( true ) }>
					{ __(
						'Replace the keys of this site',
						'tandem-user-sync'
					) }
				</Button>
			</Stack>
			{ asking && (
				<ConfirmModal
					title={ __(
						'Replace the keys of this site?',
						'tandem-user-sync'
					) }
					confirmLabel={ __( 'Replace', 'tandem-user-sync' ) }
					onClose={ () => setAsking( false ) }
					onConfirm={ async () => {
						await renewKeys();
						notify(
							__(
								'The keys are replaced. Paired sites are told.',
								'tandem-user-sync'
							)
						);
					} }
				>
					<Text variant="body-md" render={ <p /> }>
						{ __(
							'Do this when somebody who should not may have seen this site’s database together with its wp-config.php. Paired sites are told by a message signed with the present keys, the last one that they take with these; syncing goes on meanwhile.',
							'tandem-user-sync'
						) }
					</Text>
				</ConfirmModal>
			) }
		</SectionCard>
	);
}
