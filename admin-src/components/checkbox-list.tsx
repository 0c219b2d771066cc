import { CheckboxControl } from '@wordpress/components';
import { Fieldset } from '@wordpress/ui';
import './checkbox-list.scss';

export interface CheckboxOption< Value extends string > {
	value: Value;
	label: string;
	help?: string;
}

/** Any number out of a few. */
export function CheckboxList< Value extends string >( {
	legend,
	description,
	options,
	value,
	onChange,
}: {
	legend: string;
	description?: string;
	options: CheckboxOption< Value >[];
	value: Value[];
	onChange: ( value: Value[] ) => void;
} ) {
	return (
		<Fieldset.Root>
			<Fieldset.Legend>{ legend }</Fieldset.Legend>
			<div className="tandem-checkboxes">
				{ options.map( ( option ) => (
					<CheckboxControl
						key={ option.value }
						label={ option.label }
						help={ option.help }
						checked={ value.includes( option.value ) }
						onChange={ ( checked ) =>
							onChange(
								checked
									? [ ...value, option.value ]
									: value.filter(
											( item ) => item !== option.value
										)
							)
						}
					/>
				) ) }
			</div>
			{ description && (
				<Fieldset.Description>{ description }</Fieldset.Description>
			) }
		</Fieldset.Root>
	);
}
