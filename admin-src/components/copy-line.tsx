import { Button } from '@wordpress/components';
import { useCopyToClipboard } from '@wordpress/compose';
import { __, sprintf } from '@wordpress/i18n';
import { Stack, Text } from '@wordpress/ui';
import { useApp } from '../app-context';
import './copy-line.scss';

/** Something to be entered elsewhere, with a button that copies it. */
export function CopyLine( { label, text }: { label: string; text: string } ) {
	const { notify } = useApp();
	const copy = useCopyToClipboard< HTMLButtonElement >( text, () =>
		notify(
			sprintf(
				/* translators: %s: "Address" or "Secret" */
				__( '%s: copied.', 'tandem-user-sync' ),
				label
			)
		)
	);

	return (
		<Stack direction="column" gap="xs">
			<Text variant="body-sm" className="is-weak">
				{ label }
			</Text>
			<Stack gap="sm" align="center" className="tandem-copy-line">
				<code className="tandem-copy-line__text">{ text }</code>
				<Button
					ref={ copy }
					variant="secondary"
					size="compact"
					aria-label={ sprintf(
						/* translators: %s: "Address" or "Secret" */
						__( 'Copy: %s', 'tandem-user-sync' ),
						label
					) }
				>
					{ __( 'Copy', 'tandem-user-sync' ) }
				</Button>
			</Stack>
		</Stack>
	);
}
