import { __ } from '@wordpress/i18n';
import { CheckboxList } from '../../components/checkbox-list';
import { SectionCard } from '../../components/section-card';
import { MetaKeys } from './meta-keys';
import type { SectionProps } from './site-form';

export function FieldsSection( {
	site,
	choices,
	settings,
	set,
}: SectionProps ) {
	return (
		<SectionCard title={ __( 'Fields', 'tandem-user-sync' ) }>
			<CheckboxList
				legend={ __( 'Profile', 'tandem-user-sync' ) }
				description={ [
					__(
						'The username is sent once, when an account is created. WordPress does not let it change later.',
						'tandem-user-sync'
					),
					site.pairing
						? ''
						: __(
								'Tags can’t be sent to this site: WordPress alone has none. They need Tandem on both sites.',
								'tandem-user-sync'
							),
				]
					.join( ' ' )
					.trim() }
				options={ choices.fields
					.filter( ( { id } ) => site.pairing || id !== 'tags' )
					.map( ( { id, label } ) => ( {
						value: id,
						label,
						help:
							id === 'tags'
								? __(
										'They open content to people who have them.',
										'tandem-user-sync'
									)
								: undefined,
					} ) ) }
				value={ settings.fields }
				onChange={ ( fields ) => set( { fields } ) }
			/>
			<MetaKeys
				known={ choices.metaKeys }
				groups={ choices.metaGroups }
				help={
					site.pairing
						? __(
								'Choose from the keys in use, or type any other and press Enter. The other site takes only those that are named there too, under “What may that site do here?”; the activity says which it did not take.',
								'tandem-user-sync'
							)
						: undefined
				}
				value={ settings.meta }
				onChange={ ( meta ) => set( { meta } ) }
			/>
		</SectionCard>
	);
}
