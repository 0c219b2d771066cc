import { Button, SelectControl } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { trash } from '@wordpress/icons';
import { InputControl, Stack, Text } from '@wordpress/ui';
import { SectionCard } from '../../components/section-card';
import type { HookMapping, HookRequest } from '../../types';
import { fieldLabel, mappableFields } from './words';

type Change = { target: { value: string } };

const META = 'meta:';

/** What a text would come to with the last request. */
function preview( from: string, request: HookRequest | null ): string | null {
	if ( ! request || ! from.includes( '{' ) ) {
		return null;
	}
	const values = new Map(
		request.fields.map( ( { path, value } ) => [ path, value ] )
	);
	return from
		.replace(
			/\{([^{}]+)\}/g,
			( _, path: string ) => values.get( path.trim() ) ?? ''
		)
		.trim();
}

function about( field: string ): string | undefined {
	switch ( field ) {
		case 'user_email':
			return __( 'By it people are found. Needed.', 'tandem-user-sync' );
		case 'user_login':
			return __(
				'For new accounts. Without it the username is made of the email address.',
				'tandem-user-sync'
			);
		case 'roles':
			return __(
				'The slug of a role, such as subscriber, or a part of the request. Only roles that are allowed below are given.',
				'tandem-user-sync'
			);
		case 'tags':
			return __(
				'Several with commas between them.',
				'tandem-user-sync'
			);
	}
	return undefined;
}

function Row( {
	mapping,
	request,
	onChange,
	onRemove,
}: {
	mapping: HookMapping;
	request: HookRequest | null;
	onChange: ( mapping: HookMapping ) => void;
	onRemove: () => void;
} ) {
	const { field, from } = mapping;
	const label = fieldLabel( field );
	const shown = preview( from, request );
	const isMeta = field.startsWith( META );

	return (
		<Stack direction="column" gap="sm">
			{ isMeta && (
				<InputControl
					label={ __( 'User meta key', 'tandem-user-sync' ) }
					value={ field.slice( META.length ) }
					onChange={ ( event: Change ) =>
						onChange( {
							...mapping,
							field: META + event.target.value.trim(),
						} )
					}
				/>
			) }
			<Stack gap="sm" align="start" className="tandem-map__row">
				<div className="tandem-map__text">
					<InputControl
						label={
							isMeta
								? sprintf(
										/* translators: %s: a meta key */
										__( 'Value of %s', 'tandem-user-sync' ),
										label
									)
								: label
						}
						description={ about( field ) }
						value={ from }
						onChange={ ( event: Change ) =>
							onChange( { ...mapping, from: event.target.value } )
						}
					/>
				</div>
				<Button
					icon={ trash }
					size="compact"
					label={ sprintf(
						/* translators: %s: name of a field */
						__( 'Do not fill %s', 'tandem-user-sync' ),
						label
					) }
					onClick={ onRemove }
				/>
			</Stack>
			{ shown !== null && (
				<Text variant="body-sm" render={ <p /> } className="is-weak">
					{ shown === ''
						? __(
								'With the last request: nothing.',
								'tandem-user-sync'
							)
						: sprintf(
								/* translators: %s: a value */
								__(
									'With the last request: %s',
									'tandem-user-sync'
								),
								shown
							) }
				</Text>
			) }
		</Stack>
	);
}

/** Which field gets which text. */
export function MapCard( {
	map,
	request,
	onChange,
	onGuess,
}: {
	map: HookMapping[];
	request: HookRequest | null;
	onChange: ( map: HookMapping[] ) => void;
	/** Maps what fits by its name; null where nothing does. */
	onGuess: ( () => void ) | null;
} ) {
	const left = mappableFields().filter(
		( { field } ) => ! map.some( ( item ) => item.field === field )
	);

	return (
		<SectionCard
			title={ __( 'What becomes of it', 'tandem-user-sync' ) }
			description={ __(
				'A part of the request stands in braces, such as {contact.email}. Text without braces is the same for everybody.',
				'tandem-user-sync'
			) }
		>
			{ onGuess && (
				<Button variant="secondary" onClick={ onGuess }>
					{ __( 'Map what fits by its name', 'tandem-user-sync' ) }
				</Button>
			) }
			{ map.map( ( mapping, place ) => (
				<Row
					// The key of a meta field changes while it is typed.
					key={
						mapping.field.startsWith( META ) ? place : mapping.field
					}
					mapping={ mapping }
					request={ request }
					onChange={ ( next ) =>
						onChange(
							map.map( ( item, at ) =>
								at === place ? next : item
							)
						)
					}
					onRemove={ () =>
						onChange( map.filter( ( _, at ) => at !== place ) )
					}
				/>
			) ) }
			<SelectControl
				label={ __( 'Fill another field', 'tandem-user-sync' ) }
				value=""
				options={ [
					{ value: '', label: __( 'Choose…', 'tandem-user-sync' ) },
					...left.map( ( { field, label } ) => ( {
						value: field,
						label,
					} ) ),
					{
						value: META,
						label: __( 'A user meta field', 'tandem-user-sync' ),
					},
				] }
				onChange={ ( field ) =>
					field && onChange( [ ...map, { field, from: '' } ] )
				}
			/>
		</SectionCard>
	);
}
