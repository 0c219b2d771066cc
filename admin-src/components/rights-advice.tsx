import { createInterpolateElement } from '@wordpress/element';
import { __ } from '@wordpress/i18n';
import { Stack, Text } from '@wordpress/ui';
import './rights-advice.scss';

/** Which account of the remote site to use, and what its password can do. */
export function RightsAdvice() {
	return (
		<Stack direction="column" gap="sm" className="tandem-advice">
			<Text variant="body-md" render={ <p /> }>
				{ __(
					'An application password has all the rights of its account. Safer than an administrator is an account on the other site that can only manage users.',
					'tandem-user-sync'
				) }
			</Text>
			<Text variant="body-md" render={ <p /> }>
				{ createInterpolateElement(
					/* translators: names of capabilities stay as they are. */
					__(
						'It needs <code>list_users</code>, <code>create_users</code>, <code>edit_users</code> and <code>promote_users</code>. To sync deletions too, also <code>delete_users</code>.',
						'tandem-user-sync'
					),
					{ code: <code /> }
				) }
			</Text>
		</Stack>
	);
}
