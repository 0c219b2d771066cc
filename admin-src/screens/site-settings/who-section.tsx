import { RadioControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { CheckboxList } from '../../components/checkbox-list';
import type { Choices, SiteSettings } from '../../types';

type Users = SiteSettings[ 'users' ];

/** Which users are sent: everyone but administrators, or those with certain roles. */
export function WhoSection( {
	roles,
	users,
	onChange,
}: {
	roles: Choices[ 'roles' ];
	users: Users;
	onChange: ( users: Users ) => void;
} ) {
	return (
		<>
			<RadioControl
				label={ __( 'Which users are synced', 'tandem-user-sync' ) }
				selected={ users.mode }
				options={ [
					{
						value: 'all_but_administrators',
						label: __(
							'Everyone but administrators',
							'tandem-user-sync'
						),
					},
					{
						value: 'roles',
						label: __(
							'Users with certain roles',
							'tandem-user-sync'
						),
					},
				] }
				onChange={ ( mode ) =>
					onChange( { ...users, mode: mode as Users[ 'mode' ] } )
				}
			/>
			{ users.mode === 'roles' && (
				<CheckboxList
					legend={ __( 'Roles to sync', 'tandem-user-sync' ) }
					options={ roles.map( ( { slug, name } ) => ( {
						value: slug,
						label: name,
					} ) ) }
					value={ users.roles }
					onChange={ ( chosen ) =>
						onChange( { ...users, roles: chosen } )
					}
				/>
			) }
		</>
	);
}
