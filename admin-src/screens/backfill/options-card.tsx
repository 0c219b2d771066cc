import { RadioControl, ToggleControl } from '@wordpress/components';
import { createInterpolateElement, useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { InputControl, Text } from '@wordpress/ui';
import { ErrorNotice } from '../../components/error-notice';
import { TextLink } from '../../components/router-link';
import { SectionCard } from '../../components/section-card';
import { useAction } from '../../hooks/use-action';
import { sectionUrl } from '../../router';
import type { BackfillOptions, BringFields, Site } from '../../types';

/** People a second at most: taken over when the field is left, or by Enter. */
function RateField( {
	rate,
	onChange,
}: {
	rate: number | null;
	onChange: ( rate: number | null ) => void;
} ) {
	const [ text, setText ] = useState( rate === null ? '' : String( rate ) );
	const apply = () => {
		const typed = Math.floor( Number( text ) );
		const wanted = typed > 0 ? Math.min( typed, 10_000 ) : null;
		setText( wanted === null ? '' : String( wanted ) );
		if ( wanted !== rate ) {
			onChange( wanted );
		}
	};
	return (
		<InputControl
			className="tandem-backfill__rate"
			type="number"
			min={ 1 }
			label={ __( 'Users per second at most', 'tandem-user-sync' ) }
			description={ __(
				'Left empty, it goes as fast as both sites can. May be changed while it runs.',
				'tandem-user-sync'
			) }
			value={ text }
			onChange={ ( event ) => setText( event.target.value ) }
			onBlur={ apply }
			onKeyDown={ ( event ) => {
				if ( event.key === 'Enter' ) {
					apply();
				}
			} }
		/>
	);
}

/** What a backfill does. While one runs, only how fast. */
export function OptionsCard( {
	site,
	options,
	onlyRate,
	byNameIsNew,
	onChange,
}: {
	site: Site;
	options: BackfillOptions;
	onlyRate: boolean;
	/** Whether the preview was made with another choice about usernames. */
	byNameIsNew: boolean;
	onChange: ( changes: Partial< BackfillOptions > ) => Promise< void >;
} ) {
	const { error, clear, run } = useAction< 'choose' >();
	const set = ( changes: Partial< BackfillOptions > ) => {
		run( 'choose', () => onChange( changes ) );
	};
	const rate = (
		<RateField
			key={ String( options.rate ) }
			rate={ options.rate }
			onChange={ ( value ) => set( { rate: value } ) }
		/>
	);
	const notice = <ErrorNotice error={ error } onDismiss={ clear } />;

	if ( onlyRate ) {
		return (
			<SectionCard title={ __( 'How fast', 'tandem-user-sync' ) }>
				{ rate }
				{ notice }
			</SectionCard>
		);
	}
	return (
		<SectionCard
			title={ __( 'What it does', 'tandem-user-sync' ) }
			description={ __(
				'People who are on both sites are linked, in any case.',
				'tandem-user-sync'
			) }
		>
			<ToggleControl
				label={ sprintf(
					/* translators: %s: site name */
					__(
						'Create those who are missing on %s',
						'tandem-user-sync'
					),
					site.name
				) }
				checked={ options.create }
				onChange={ ( create ) => set( { create } ) }
			/>
			{ site.pairing?.canBeAsked && (
				<ToggleControl
					label={ sprintf(
						/* translators: %s: site name */
						__(
							'Create here those who are only on %s',
							'tandem-user-sync'
						),
						site.name
					) }
					help={ sprintf(
						/* translators: %s: site name */
						__(
							'They come with all that %s sends, also passwords if it sends them. Its owner must allow it there, under “What may that site do here?”.',
							'tandem-user-sync'
						),
						site.name
					) }
					checked={ options.fetch }
					onChange={ ( fetch ) => set( { fetch } ) }
				/>
			) }
			<RadioControl
				label={ __(
					'Fields of people who are on both sites',
					'tandem-user-sync'
				) }
				selected={ options.bring }
				options={ [
					{
						value: 'nothing',
						label: __(
							'Leave them as they are',
							'tandem-user-sync'
						),
						description: __(
							'Each follows when it is next changed.',
							'tandem-user-sync'
						),
					},
					{
						value: 'fill',
						label: sprintf(
							/* translators: %s: site name */
							__(
								'Fill only what is empty on %s',
								'tandem-user-sync'
							),
							site.name
						),
					},
					{
						value: 'here',
						label: __(
							'This site’s values win',
							'tandem-user-sync'
						),
						description: __(
							'Roles too. Passwords stay as they are. Who changes something while it runs keeps that.',
							'tandem-user-sync'
						),
					},
				] }
				onChange={ ( bring ) => set( { bring: bring as BringFields } ) }
			/>
			{ site.kind === 'paired' && options.bring === 'here' && (
				<Text variant="body-md" render={ <p /> }>
					{ createInterpolateElement(
						__(
							'Verify compares those who are linked already and writes nothing: <a>see first who differs, and in which fields</a>.',
							'tandem-user-sync'
						),
						{
							a: (
								<TextLink
									href={ sectionUrl( 'sites', {
										verify: site.id,
									} ) }
								>
									{ '' }
								</TextLink>
							),
						}
					) }
				</Text>
			) }
			<ToggleControl
				label={ __( 'Also match by username', 'tandem-user-sync' ) }
				help={
					byNameIsNew
						? __(
								'Make the preview again: people are matched there.',
								'tandem-user-sync'
							)
						: __(
								'Where nobody has the same email. They are proposed, and linked only when you confirm them.',
								'tandem-user-sync'
							)
				}
				checked={ options.byName }
				onChange={ ( byName ) => set( { byName } ) }
			/>
			{ rate }
			{ notice }
		</SectionCard>
	);
}
