import { __ } from '@wordpress/i18n';
import { CheckboxList } from '../../components/checkbox-list';
import { SectionCard } from '../../components/section-card';
import type { SectionProps } from './site-form';
import { WhoSection } from './who-section';

export function PeopleSection( { choices, settings, set }: SectionProps ) {
	const { users, grantRoles, fields } = settings;

	return (
		<SectionCard title={ __( 'People and roles', 'tandem-user-sync' ) }>
			<WhoSection
				roles={ choices.roles }
				users={ users }
				onChange={ ( next ) => set( { users: next } ) }
			/>
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
