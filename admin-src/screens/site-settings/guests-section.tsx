import { SelectControl, ToggleControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { SectionCard } from '../../components/section-card';
import type { SectionProps } from './site-form';

/** What becomes of orders of people without an account; where there is a shop. */
export function GuestsSection( {
	site,
	choices,
	settings,
	set,
}: SectionProps ) {
	const { guests } = settings;
	const roles = choices.roles.filter(
		( { slug, privileged } ) =>
			! privileged && settings.grantRoles.includes( slug )
	);

	return (
		<SectionCard title={ __( 'Orders of guests', 'tandem-user-sync' ) }>
			<ToggleControl
				label={ __(
					'Make an account there for guests who have paid',
					'tandem-user-sync'
				) }
				help={
					site.pairing
						? __(
								'Somebody who checks out here without an account gets one there, and none here. WordPress sends them an email with which they set a password. An account that exists there with their address is left as it is; many orders of one address are one account.',
								'tandem-user-sync'
							)
						: __(
								'Somebody who checks out here without an account gets one there, and none here. Tandem asks the “Lost your password?” form there to send them a link. An account that exists there with their address is left as it is; many orders of one address are one account.',
								'tandem-user-sync'
							)
				}
				checked={ guests.enabled }
				onChange={ ( enabled ) =>
					set( { guests: { ...guests, enabled } } )
				}
			/>
			{ guests.enabled && settings.fields.includes( 'roles' ) && (
				<SelectControl
					label={ __( 'Role of these accounts', 'tandem-user-sync' ) }
					value={ guests.role }
					options={ [
						{
							value: '',
							label: __(
								'The other site’s default role',
								'tandem-user-sync'
							),
						},
						...roles.map( ( { slug, name } ) => ( {
							value: slug,
							label: name,
						} ) ),
					] }
					onChange={ ( role ) =>
						set( { guests: { ...guests, role } } )
					}
				/>
			) }
		</SectionCard>
	);
}
