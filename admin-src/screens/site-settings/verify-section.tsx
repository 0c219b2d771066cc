import { RadioControl } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { SectionCard } from '../../components/section-card';
import type { SiteSettings } from '../../types';
import type { SectionProps } from './site-form';

/** What is done each week to find out whether both sites are still the same. */
export function VerifySection( { site, settings, set }: SectionProps ) {
	return (
		<SectionCard
			title={ __( 'Verify each week', 'tandem-user-sync' ) }
			description={ sprintf(
				/* translators: %s: site name */
				__(
					'Compares all linked people with %s and finds what nothing has noticed: changes made in the database, a restored backup, missing links.',
					'tandem-user-sync'
				),
				site.name
			) }
		>
			<RadioControl
				label={ __( 'What to do', 'tandem-user-sync' ) }
				selected={ settings.verify }
				options={ [
					{
						value: 'report',
						label: __( 'Compare and report', 'tandem-user-sync' ),
						description: __(
							'The activity says who differs. Nothing is changed.',
							'tandem-user-sync'
						),
					},
					{
						value: 'repair',
						label: __( 'Compare and repair', 'tandem-user-sync' ),
						description: __(
							'The newer value wins, field by field. Where neither is newer, nothing is changed.',
							'tandem-user-sync'
						),
					},
					{
						value: 'off',
						label: __( 'Nothing', 'tandem-user-sync' ),
					},
				] }
				onChange={ ( verify ) =>
					set( { verify: verify as SiteSettings[ 'verify' ] } )
				}
			/>
		</SectionCard>
	);
}
