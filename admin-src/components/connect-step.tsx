import { Button } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { Stack, Text } from '@wordpress/ui';
import { host } from '../format';
import { useAction } from '../hooks/use-action';
import { discover } from '../hooks/use-sites';
import type { Discovery } from '../types';
import { CheckList } from './check-list';
import { ErrorNotice } from './error-notice';
import { ModalActions } from './modal-actions';
import { RightsAdvice } from './rights-advice';
import { useAuthorize } from './use-authorize';

/** What was found at the address, and the two ways in. */
export function ConnectStep( {
	found,
	onBack,
	onByHand,
	onFound,
}: {
	found: Discovery;
	onBack: () => void;
	onByHand: () => void;
	/** After another look. */
	onFound: ( found: Discovery ) => void;
} ) {
	const { authorize, busy, error } = useAuthorize();
	const again = useAction< 'check' >();

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
			{ found.canConnect && <RightsAdvice /> }
			<ErrorNotice error={ error ?? again.error } />
			<ModalActions
				alternative={
					<Button variant="link" onClick={ onByHand }>
						{ __(
							'Enter a user name and application password by hand',
							'tandem-user-sync'
						) }
					</Button>
				}
			>
				<Button variant="tertiary" onClick={ onBack }>
					{ __( 'Back', 'tandem-user-sync' ) }
				</Button>
				{ found.canConnect ? (
					<Button
						variant="primary"
						isBusy={ busy }
						disabled={ busy }
						accessibleWhenDisabled
						onClick={ () => authorize( { url: found.url } ) }
					>
						{ __( 'Connect', 'tandem-user-sync' ) }
					</Button>
				) : (
					<Button
						variant="primary"
						isBusy={ again.busy !== null }
						disabled={ again.busy !== null }
						accessibleWhenDisabled
						onClick={ () =>
							again.run( 'check', async () =>
								onFound( await discover( found.url ) )
							)
						}
					>
						{ __( 'Check again', 'tandem-user-sync' ) }
					</Button>
				) }
			</ModalActions>
		</Stack>
	);
}
