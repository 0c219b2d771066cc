import { Button, Notice, ProgressBar } from '@wordpress/components';
import { useState } from '@wordpress/element';
import { __ } from '@wordpress/i18n';
import { Card, Stack, Text } from '@wordpress/ui';
import { ConfirmModal } from '../../components/confirm-modal';
import { ErrorNotice } from '../../components/error-notice';
import { useAction } from '../../hooks/use-action';
import { isBusy, type BackfillActions } from '../../hooks/use-backfill';
import type { Backfill, Site } from '../../types';
import { buttonsOf, type BackfillButton } from './buttons';
import { adviceOf, progressOf, titleOf } from './words';

/** Where the backfill stands, and what can be done about it. */
export function ProgressCard( {
	site,
	backfill,
	actions,
	onPreview,
}: {
	site: Site;
	backfill: Backfill;
	actions: BackfillActions;
	/** Makes the preview, with what was chosen for it. */
	onPreview: () => Promise< void >;
} ) {
	const { busy, error, clear, run } = useAction< BackfillButton >();
	const [ cancelling, setCancelling ] = useState( false );
	const { id, state, done, total, problem } = backfill;
	const title = titleOf( backfill, site );
	const advice = adviceOf( backfill );
	const moving = isBusy( state ) || state === 'paused';

	function press( button: BackfillButton ) {
		if ( button === 'cancel' ) {
			setCancelling( true );
		} else {
			run( button, () =>
				button === 'preview' ? onPreview() : actions[ button ]( id )
			);
		}
	}

	return (
		<Card.Root>
			<Card.Content>
				<Stack direction="column" gap="md">
					<Stack
						justify="space-between"
						align="start"
						gap="md"
						wrap="wrap"
					>
						<Stack direction="column" gap="xs" role="status">
							<Text variant="heading-md" render={ <h2 /> }>
								{ title }
							</Text>
							{ moving && (
								<Text variant="body-md" className="is-weak">
									{ progressOf( backfill, site ) }
								</Text>
							) }
							{ advice && (
								<Text variant="body-md" className="is-weak">
									{ advice }
								</Text>
							) }
						</Stack>
						<Stack gap="sm" wrap="wrap">
							{ buttonsOf( backfill ).map(
								( { id: button, label, variant } ) => (
									<Button
										key={ button }
										variant={ variant }
										size="compact"
										isBusy={ busy === button }
										disabled={ busy !== null }
										accessibleWhenDisabled
										onClick={ () => press( button ) }
									>
										{ label }
									</Button>
								)
							) }
						</Stack>
					</Stack>
					{ moving && (
						<ProgressBar
							className="tandem-progress"
							value={ total ? ( 100 * done ) / total : undefined }
							aria-label={ title }
						/>
					) }
					{ problem && (
						<Notice
							className="tandem-notice"
							status={ state === 'failed' ? 'error' : 'warning' }
							isDismissible={ false }
						>
							{ problem.message }
						</Notice>
					) }
					<ErrorNotice error={ error } onDismiss={ clear } />
				</Stack>
			</Card.Content>
			{ cancelling && (
				<ConfirmModal
					title={ __( 'Cancel this backfill?', 'tandem-user-sync' ) }
					confirmLabel={ __( 'Cancel backfill', 'tandem-user-sync' ) }
					cancelLabel={ __( 'Go on', 'tandem-user-sync' ) }
					onConfirm={ () => actions.cancel( id ) }
					onClose={ () => setCancelling( false ) }
				>
					<p>
						{ __(
							'What was linked and created so far stays. The rest is left as it is. You can begin again with a new preview.',
							'tandem-user-sync'
						) }
					</p>
				</ConfirmModal>
			) }
		</Card.Root>
	);
}
