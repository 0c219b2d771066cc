import { __ } from '@wordpress/i18n';
import { Stack, Text } from '@wordpress/ui';
import './rights-advice.scss';

const RIGHTS = [
	'list_users',
	'create_users',
	'edit_users',
	'promote_users',
	'delete_users',
];

/** Which account of the remote site to use, and what its password can do. */
export function RightsAdvice() {
	return (
		<Stack direction="column" gap="sm" className="tandem-advice">
			<Text variant="body-md" render={ <p /> }>
				{ __(
					'An application password has all the rights of its user. Better than an administrator is an account on the other site that can only manage users. It needs:',
					'tandem-user-sync'
				) }
			</Text>
			<Stack gap="xs" wrap="wrap">
				{ RIGHTS.map( ( right ) => (
					<code key={ right }>{ right }</code>
				) ) }
			</Stack>
			<Text variant="body-sm" render={ <p /> } className="is-weak">
				{ __(
					'delete_users is only needed if deletions are to be synced.',
					'tandem-user-sync'
				) }
			</Text>
		</Stack>
	);
}
