import { RadioControl, ToggleControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { InputControl } from '@wordpress/ui';
import { CheckboxList } from '../../components/checkbox-list';
import { SectionCard } from '../../components/section-card';
import type { Choices, HookSettings } from '../../types';

/** What an incoming webhook may do. */
export function RulesCard( {
	settings,
	choices,
	set,
}: {
	settings: HookSettings;
	choices: Choices;
	set: ( edits: Partial< HookSettings > ) => void;
} ) {
	return (
		<SectionCard title={ __( 'What it may do', 'tandem-user-sync' ) }>
			<CheckboxList
				legend={ __( 'Roles that it may give', 'tandem-user-sync' ) }
				description={ __(
					'Roles that give power over the site or its users can’t be chosen. A new person for whom no allowed role comes gets this site’s default role.',
					'tandem-user-sync'
				) }
				options={ choices.roles
					.filter( ( { privileged } ) => ! privileged )
					.map( ( { slug, name } ) => ( {
						value: slug,
						label: name,
					} ) ) }
				value={ settings.roles }
				onChange={ ( roles ) => set( { roles } ) }
			/>
			<RadioControl
				label={ __(
					'Somebody who has an account here already',
					'tandem-user-sync'
				) }
				help={ __(
					'The email address, the username and the password of an account that exists are never changed, and roles are added, not taken. Administrators and protected accounts are left alone.',
					'tandem-user-sync'
				) }
				selected={ settings.existing }
				options={ [
					{
						value: 'leave',
						label: __( 'Leave alone', 'tandem-user-sync' ),
					},
					{
						value: 'add',
						label: __( 'Add roles and tags', 'tandem-user-sync' ),
					},
					{
						value: 'profile',
						label: __(
							'Add roles and tags, and update the profile',
							'tandem-user-sync'
						),
					},
				] }
				onChange={ ( value ) =>
					set( { existing: value as HookSettings[ 'existing' ] } )
				}
			/>
			<ToggleControl
				label={ __(
					'Send new people WordPress’s mail to set their password',
					'tandem-user-sync'
				) }
				help={ __(
					'New accounts get a random password that nobody knows.',
					'tandem-user-sync'
				) }
				checked={ settings.mail }
				onChange={ ( mail ) => set( { mail } ) }
			/>
			<ToggleControl
				label={ __(
					'Take the secret from the address too',
					'tandem-user-sync'
				) }
				help={ __(
					'For senders that can’t set a header: ?secret=… at the end of the address. Addresses are kept in the logs of servers, so use it only where nothing else works.',
					'tandem-user-sync'
				) }
				checked={ settings.secretInAddress }
				onChange={ ( secretInAddress ) => set( { secretInAddress } ) }
			/>
			<InputControl
				label={ __( 'Requests in a minute', 'tandem-user-sync' ) }
				description={ __(
					'More are asked to come later.',
					'tandem-user-sync'
				) }
				type="number"
				min={ 1 }
				max={ 1000 }
				value={ String( settings.perMinute ) }
				onChange={ ( event: { target: { value: string } } ) =>
					set( { perMinute: Number( event.target.value ) } )
				}
			/>
		</SectionCard>
	);
}
