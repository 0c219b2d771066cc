import { Notice } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import type { ApiError } from '../api';

/** What went wrong, beside the button or the list that it concerns. */
export function ErrorNotice( {
	error,
	onRetry,
	onDismiss,
}: {
	error: ApiError | null;
	onRetry?: () => void;
	onDismiss?: () => void;
} ) {
	if ( ! error ) {
		return null;
	}
	return (
		<Notice
			className="tandem-notice"
			status="error"
			isDismissible={ !! onDismiss }
			onRemove={ onDismiss }
			actions={
				onRetry
					? [
							{
								label: __( 'Try again', 'tandem-user-sync' ),
								onClick: onRetry,
								variant: 'link',
							},
						]
					: []
			}
		>
			{ error.message }
		</Notice>
	);
}
