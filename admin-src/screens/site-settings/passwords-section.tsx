import { RadioControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { SectionCard } from '../../components/section-card';
import type { SiteSettings } from '../../types';
import type { SectionProps } from './site-form';

/** How passwords travel to a paired site. */
export function PasswordsSection( { site, settings, set }: SectionProps ) {
	if ( ! settings.fields.includes( 'password' ) ) {
		return null;
	}
	const test = site.pairing?.passwords;

	return (
		<SectionCard
			title={ __( 'How passwords travel', 'tandem-user-sync' ) }
			description={ testWords( test?.out ) }
		>
			<RadioControl
				label={ __( 'A new password is sent', 'tandem-user-sync' ) }
				hideLabelFromVision
				selected={ settings.passwordForm }
				options={ [
					{
						value: 'auto',
						label: __(
							'As it is stored, where the other site understands that',
							'tandem-user-sync'
						),
						description: __(
							'Recommended. Nobody ever sees the password itself, and people who existed before keep theirs. Where the other site does not understand it, the password is sealed so that only that site can open it.',
							'tandem-user-sync'
						),
					},
					{
						value: 'hash',
						label: __(
							'As it is stored, or not at all',
							'tandem-user-sync'
						),
					},
					{
						value: 'plain',
						label: __(
							'Always sealed, never as it is stored',
							'tandem-user-sync'
						),
						description: __(
							'The other site stores it in its own way. Only passwords set from now on can be sent like this.',
							'tandem-user-sync'
						),
					},
				] }
				onChange={ ( passwordForm ) =>
					set( {
						passwordForm:
							passwordForm as SiteSettings[ 'passwordForm' ],
					} )
				}
			/>
		</SectionCard>
	);
}

function testWords( out: 'hash' | 'sealed' | 'none' | null | undefined ) {
	switch ( out ) {
		case 'hash':
			return __(
				'Tested: a password that was set here worked there as it is stored.',
				'tandem-user-sync'
			);
		case 'sealed':
			return __(
				'Tested: a password that was set here worked there when it was sent sealed. The other site does not understand how this one stores passwords.',
				'tandem-user-sync'
			);
		case 'none':
			return __(
				'Tested: a password that was set here did not work there. A plugin on one of the two sites replaces WordPress’s password functions.',
				'tandem-user-sync'
			);
		default:
			return undefined;
	}
}
