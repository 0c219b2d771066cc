import { Button } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { globe } from '@wordpress/icons';
import { EmptyState } from '@wordpress/ui';

/** What an address of this page names is not there (any more). */
export function Gone( {
	title,
	back,
	onBack,
}: {
	title: string;
	/** Label of the way back to the list. */
	back: string;
	onBack: () => void;
} ) {
	return (
		<EmptyState.Root className="tandem-empty">
			<EmptyState.Icon icon={ globe } />
			<EmptyState.Title>{ title }</EmptyState.Title>
			<EmptyState.Description>
				{ __( 'It may have been removed.', 'tandem-user-sync' ) }
			</EmptyState.Description>
			<EmptyState.Actions>
				<Button variant="secondary" onClick={ onBack }>
					{ back }
				</Button>
			</EmptyState.Actions>
		</EmptyState.Root>
	);
}
