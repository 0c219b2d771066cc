import { RadioControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { CheckboxList } from '../../components/checkbox-list';
import { SectionCard } from '../../components/section-card';
import type { SiteSettings } from '../../types';
import type { SectionProps } from './site-form';

type Mode = SiteSettings[ 'users' ][ 'mode' ];

export function PeopleSection( { choices, settings, set }: SectionProps ) {
	const { users, grantRoles, fields } = settings;

	return (
		<SectionCard title={ __( 'People and roles', 'tandem-user-sync' ) }>
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
					set( { users: { ...users, mode: mode as Mode } } )
				}
			/>
			{ users.mode === 'roles' && (
				<CheckboxList
					legend={ __( 'Roles to sync', 'tandem-user-sync' ) }
					options={ choices.roles.map( ( { slug, name } ) => ( {
						value: slug,
						label: name,
					} ) ) }
					value={ users.roles }
					onChange={ ( roles ) =>
						set( { users: { ...users, roles } } )
					}
				/>
			) }
			{ fields.includes( 'roles' ) && (
				<CheckboxList
					legend={ __(
						'Roles that may be given on the other site',
						'tandem-user-sync'
					) }
					description={ __(
						'A user’s other roles are not sent. With none of these, the other site’s default role is given.',
						'tandem-user-sync'
					) }
					options={ choices.roles.map(
						( { slug, name, privileged } ) => ( {
							value: slug,
							label: name,
							help: privileged
								? __(
										'Powerful: whoever gets this role here can change or take over the other site.',
										'tandem-user-sync'
									)
								: undefined,
						} )
					) }
					value={ grantRoles }
					onChange={ ( roles ) => set( { grantRoles: roles } ) }
				/>
			) }
		</SectionCard>
	);
}
