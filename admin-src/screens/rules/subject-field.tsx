import { ComboboxControl } from '@wordpress/components';
import { useDebounce } from '@wordpress/compose';
import { useState } from '@wordpress/element';
import { InputControl } from '@wordpress/ui';
import { ErrorNotice } from '../../components/error-notice';
import { useRuleSubjects } from '../../hooks/use-rules';
import type { RuleTrigger } from '../../types';
import { subjectLabel } from './words';

/** The role, product or status that sets a rule off. Found by typing. */
function ChosenSubject( {
	trigger,
	value,
	valueLabel,
	onChange,
}: {
	trigger: RuleTrigger;
	value: string;
	/** Of a value that may not be among those found. */
	valueLabel: string;
	onChange: ( subject: string ) => void;
} ) {
	const [ search, setSearch ] = useState( '' );
	const searchLater = useDebounce( setSearch, 300 );
	const { data, error, refresh, isLoading } = useRuleSubjects(
		trigger,
		search
	);
	const options = ( data ?? [] ).map( ( { id, label } ) => ( {
		value: id,
		label,
	} ) );
	if ( value && ! options.some( ( option ) => option.value === value ) ) {
		options.unshift( { value, label: valueLabel || value } );
	}

	return (
		<>
			<ComboboxControl
				label={ subjectLabel( trigger ) }
				value={ value || null }
				options={ options }
				isLoading={ isLoading }
				onChange={ ( subject ) => onChange( subject ?? '' ) }
				onFilterValueChange={ ( typed ) => searchLater( typed.trim() ) }
			/>
			<ErrorNotice error={ error } onRetry={ refresh } />
		</>
	);
}

/** What sets a rule off, of its kind. A tag is typed, all else is chosen. */
export function SubjectField( {
	trigger,
	value,
	valueLabel,
	onChange,
}: {
	trigger: RuleTrigger;
	value: string;
	valueLabel: string;
	onChange: ( subject: string ) => void;
} ) {
	return trigger === 'tag' ? (
		<InputControl
			label={ subjectLabel( trigger ) }
			value={ value }
			onChange={ ( event ) => onChange( event.target.value ) }
		/>
	) : (
		<ChosenSubject
			key={ trigger }
			trigger={ trigger }
			value={ value }
			valueLabel={ valueLabel }
			onChange={ onChange }
		/>
	);
}
