import { __, sprintf } from '@wordpress/i18n';
import { Text } from '@wordpress/ui';
import { useApp } from '../app-context';
import type { Site } from '../types';
import { ConfirmModal } from './confirm-modal';

/** What goes and what stays. */
function removal( { kind }: Site ): string {
	return {
		plain: __(
			'The accounts on both sites stay as they are. The links between them, what waits to be sent, and the stored application password are deleted here.',
			'tandem-user-sync'
		),
		paired: __(
			'The accounts on both sites stay as they are. The links between them and what waits to be sent are deleted here, and the other site is told.',
			'tandem-user-sync'
		),
		webhook: __(
			'Nothing is sent to its address any more. What waits to be sent, and its secret, are deleted here.',
			'tandem-user-sync'
		),
	}[ kind ];
}

export function RemoveModal( {
	site,
	onClose,
}: {
	site: Site;
	onClose: () => void;
} ) {
	const { sites, notify } = useApp();

	return (
		<ConfirmModal
			title={ sprintf(
				/* translators: %s: site name */
				__( 'Remove %s?', 'tandem-user-sync' ),
				site.name
			) }
			confirmLabel={ __( 'Remove', 'tandem-user-sync' ) }
			onClose={ onClose }
			onConfirm={ async () => {
				await sites.remove( site.id );
				notify(
					sprintf(
						/* translators: %s: site name */
						__( '%s is removed.', 'tandem-user-sync' ),
						site.name
					)
				);
			} }
		>
			<Text variant="body-md" render={ <p /> }>
				{ removal( site ) }
			</Text>
			{ site.kind === 'plain' && (
				<Text variant="body-md" render={ <p /> }>
					{ __(
						'The application password itself still works until you revoke it on the other site, under Users → Profile.',
						'tandem-user-sync'
					) }
				</Text>
			) }
		</ConfirmModal>
	);
}
