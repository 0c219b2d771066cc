import { RadioControl, ToggleControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { SectionCard } from '../../components/section-card';
import type { ExistingPolicy, MissingPolicy } from '../../types';
import type { SectionProps } from './site-form';

export function ExistingSection( { settings, set }: SectionProps ) {
	return (
		<SectionCard
			title={ __( 'Accounts on the other site', 'tandem-user-sync' ) }
		>
			<RadioControl
				label={ __(
					'When somebody new here has an account there with the same email',
					'tandem-user-sync'
				) }
				selected={ settings.existing }
				options={ [
					{
						value: 'confirm',
						label: __(
							'Ask the person by email',
							'tandem-user-sync'
						),
						description: __(
							'Recommended. One email with a link goes to that address. Until the link is used, the account there stays as it is. So nobody gets hold of an account by registering with somebody else’s address.',
							'tandem-user-sync'
						),
					},
					{
						value: 'trust',
						label: __( 'Link at once', 'tandem-user-sync' ),
						description: __(
							'Only if this site checks every email address before an account works.',
							'tandem-user-sync'
						),
					},
					{
						value: 'never',
						label: __( 'Never link', 'tandem-user-sync' ),
						description: __(
							'The two accounts stay apart. A backfill that you run can still link them.',
							'tandem-user-sync'
						),
					},
				] }
				onChange={ ( existing ) =>
					set( { existing: existing as ExistingPolicy } )
				}
			/>
			<RadioControl
				label={ __(
					'When a linked account was deleted there',
					'tandem-user-sync'
				) }
				selected={ settings.missing }
				options={ [
					{
						value: 'ask',
						label: __( 'Ask me', 'tandem-user-sync' ),
						description: __(
							'The person waits under Activity for your decision.',
							'tandem-user-sync'
						),
					},
					{
						value: 'recreate',
						label: __( 'Create it again', 'tandem-user-sync' ),
					},
					{
						value: 'unlink',
						label: __(
							'Accept it and stop syncing that person',
							'tandem-user-sync'
						),
					},
				] }
				onChange={ ( missing ) =>
					set( { missing: missing as MissingPolicy } )
				}
			/>
			{ settings.fields.includes( 'password' ) && (
				<ToggleControl
					label={ __(
						'Catch up on passwords at the next log-in',
						'tandem-user-sync'
					) }
					help={ __(
						'WordPress keeps no readable passwords, so those set before the connection can’t be sent. With this, each is sent once when its owner next logs in here.',
						'tandem-user-sync'
					) }
					checked={ settings.catchUpAtLogin }
					onChange={ ( catchUpAtLogin ) => set( { catchUpAtLogin } ) }
				/>
			) }
		</SectionCard>
	);
}
