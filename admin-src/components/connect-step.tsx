import { Button } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { Stack, Text } from '@wordpress/ui';
import { host } from '../format';
import type { Discovery } from '../types';
import { CheckList } from './check-list';
import { ErrorNotice } from './error-notice';
import { RightsAdvice } from './rights-advice';
import { useAuthorize } from './use-authorize';

/** What was found at the address, and the two ways in. */
export function ConnectStep( {
	found,
	onBack,
	onByHand,
}: {
	found: Discovery;
	onBack: () => void;
	onByHand: () => void;
} ) {
	const { authorize, busy, error } = useAuthorize();

	return (
		<Stack direction="column" gap="xl">
			<CheckList checks={ found.checks } />
			{ found.canConnect && (
				<Text variant="body-md" render={ <p /> }>
					{ sprintf(
						/* translators: %s: host name of a site */
						__(
							'You will go to %s to approve the connection. Log in there with the account that Tandem is to use, then choose “Yes, I approve of this connection”.',
							'tandem-user-sync'
						),
						host( found.url )
					) }
				</Text>
			) }
			<RightsAdvice />
			<ErrorNotice error={ error } />
			<Stack direction="column" gap="md">
				<Stack justify="end" gap="sm" wrap="wrap">
					<Button variant="tertiary" onClick={ onBack }>
						{ __( 'Back', 'tandem-user-sync' ) }
					</Button>
					<Button
						variant="primary"
						isBusy={ busy }
						disabled={ busy || ! found.canConnect }
						accessibleWhenDisabled
						onClick={ () => authorize( { url: found.url } ) }
					>
						{ __( 'Connect', 'tandem-user-sync' ) }
					</Button>
				</Stack>
				<Stack justify="end">
					<Button variant="link" onClick={ onByHand }>
						{ __(
							'Enter a user name and application password by hand',
							'tandem-user-sync'
						) }
					</Button>
				</Stack>
			</Stack>
		</Stack>
	);
}
