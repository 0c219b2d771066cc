import { ComboboxControl, Notice } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { InputControl } from '@wordpress/ui';
import type { RuleChoices, RuleDeed } from '../../types';
import { kindOf, targetLabel } from './words';

/** Why nothing can be chosen, or null where something can. */
function whyNothing( deed: RuleDeed, choices: RuleChoices, site: string ) {
	const kind = kindOf( deed );
	if ( kind === 'course' && ! choices.enrols ) {
		return sprintf(
			/* translators: %s: site name */
			__(
				'%s does not let rules of this site enrol people. Its owner can allow it on the page there, under “What may that site do here?”.',
				'tandem-user-sync'
			),
			site
		);
	}
	if ( kind === 'course' && ! choices.courses.length ) {
		return sprintf(
			/* translators: %s: site name */
			__(
				'%s offers no courses: none has been made there, or its plugin for courses is none that Tandem knows.',
				'tandem-user-sync'
			),
			site
		);
	}
	if ( kind === 'role' && ! choices.roles.length ) {
		return sprintf(
			/* translators: %s: site name */
			__(
				'%s does not let this site give roles. Its owner can allow it on the page there, under “What may that site do here?”.',
				'tandem-user-sync'
			),
			site
		);
	}
	if ( kind === 'tag' && ! choices.tags ) {
		return sprintf(
			/* translators: %s: site name */
			__(
				'%s does not let this site give tags. Its owner can allow it on the page there, under “What may that site do here?”.',
				'tandem-user-sync'
			),
			site
		);
	}
	return null;
}

/** What a rule gives or takes there. A tag is typed, all else is chosen. */
export function TargetField( {
	deed,
	choices,
	site,
	value,
	onChange,
}: {
	deed: RuleDeed;
	choices: RuleChoices;
	/** Name of the other site. */
	site: string;
	value: string;
	onChange: ( target: string ) => void;
} ) {
	const kind = kindOf( deed );
	const nothing = whyNothing( deed, choices, site );
	if ( nothing ) {
		return (
			<Notice
				className="tandem-notice"
				status="warning"
				isDismissible={ false }
			>
				{ nothing }
			</Notice>
		);
	}
	if ( kind === 'tag' ) {
		return (
			<InputControl
				label={ targetLabel( deed ) }
				value={ value }
				onChange={ ( event ) => onChange( event.target.value ) }
			/>
		);
	}
	return (
		<ComboboxControl
			key={ kind }
			label={ targetLabel( deed ) }
			value={ value || null }
			options={ choices[ kind === 'role' ? 'roles' : 'courses' ].map(
				( thing ) => ( {
					value: thing.id,
					label: thing.kind
						? `${ thing.title } (${ thing.kind })`
						: thing.title,
				} )
			) }
			onChange={ ( target ) => onChange( target ?? '' ) }
		/>
	);
}
