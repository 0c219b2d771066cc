import { DropdownMenu } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { moreVertical } from '@wordpress/icons';
import { useRoute } from '../router';
import type { Site } from '../types';
import { ReconnectModal } from './reconnect-modal';
import { RemoveModal } from './remove-modal';
import { TestModal } from './test-modal';

const MODALS = {
	test: TestModal,
	reconnect: ReconnectModal,
	remove: RemoveModal,
};

export type SiteModal = keyof typeof MODALS;

/** What is done to a site less often, and the dialogs that it opens. */
export function SiteMenu( {
	site,
	onPause,
	opened = null,
	onOpenedChange,
}: {
	site: Site;
	/** Pauses or resumes. */
	onPause: () => void;
	/** The dialog that is open: the card's own buttons open them too. */
	opened?: SiteModal | null;
	onOpenedChange: ( modal: SiteModal | null ) => void;
} ) {
	const { go } = useRoute();
	const OpenModal = opened && MODALS[ opened ];

	return (
		<>
			<DropdownMenu
				icon={ moreVertical }
				label={ sprintf(
					/* translators: %s: site name */
					__( 'More actions for %s', 'tandem-user-sync' ),
					site.name
				) }
				toggleProps={ { size: 'compact' } }
				popoverProps={ { placement: 'bottom-end' } }
				controls={ [
					[
						{
							title: __( 'What syncs', 'tandem-user-sync' ),
							onClick: () => go( 'sites', { site: site.id } ),
						},
						{
							title: __( 'Rules', 'tandem-user-sync' ),
							onClick: () => go( 'sites', { rules: site.id } ),
						},
						{
							title: __( 'Backfill', 'tandem-user-sync' ),
							onClick: () => go( 'backfill', { site: site.id } ),
						},
						{
							title: __( 'Verify', 'tandem-user-sync' ),
							onClick: () => go( 'sites', { verify: site.id } ),
						},
						{
							title:
								site.state === 'paused'
									? __( 'Resume', 'tandem-user-sync' )
									: __( 'Pause', 'tandem-user-sync' ),
							onClick: onPause,
						},
					],
					[
						{
							title: __( 'Test connection', 'tandem-user-sync' ),
							onClick: () => onOpenedChange( 'test' ),
						},
						{
							title: __( 'Reconnect', 'tandem-user-sync' ),
							onClick: () => onOpenedChange( 'reconnect' ),
						},
					],
					[
						{
							title: __( 'Remove', 'tandem-user-sync' ),
							onClick: () => onOpenedChange( 'remove' ),
						},
					],
				] }
			/>
			{ OpenModal && (
				<OpenModal
					site={ site }
					onClose={ () => onOpenedChange( null ) }
				/>
			) }
		</>
	);
}
