import { CheckboxControl, Modal, SelectControl } from '@wordpress/components';
import { useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { Fieldset, Stack } from '@wordpress/ui';
import { Loaded } from '../../components/load-state';
import { ModalForm } from '../../components/modal-form';
import { useRuleChoices } from '../../hooks/use-rules';
import type { NewRule, Rule, RuleChoices, Site } from '../../types';
import { SubjectField } from './subject-field';
import { TargetField } from './target-field';
import { DEEDS, deedLabel, kindOf, reverseHelp, triggerLabel } from './words';

/** A deed that is possible there. */
const firstDeed = ( { courses, roles }: RuleChoices ): NewRule[ 'deed' ] => {
	if ( courses.length ) {
		return 'enrol';
	}
	return roles.length ? 'give_role' : 'add_tag';
};

function RuleForm( {
	site,
	rule,
	choices,
	onSave,
	onClose,
}: {
	site: Site;
	rule: Rule | null;
	choices: RuleChoices;
	onSave: ( rule: NewRule ) => Promise< void >;
	onClose: () => void;
} ) {
	const { triggers } = choices;
	const [ draft, setDraft ] = useState< NewRule >( {
		trigger:
			rule?.trigger ??
			( triggers.includes( 'product' ) ? 'product' : triggers[ 0 ] ),
		subject: rule?.subject ?? '',
		deed: rule?.deed ?? firstDeed( choices ),
		target: rule?.target ?? '',
		reverses: rule?.reverses ?? true,
	} );
	const set = ( edits: Partial< NewRule > ) =>
		setDraft( ( old ) => ( { ...old, ...edits } ) );
	const offered =
		rule && ! triggers.includes( rule.trigger )
			? [ ...triggers, rule.trigger ]
			: triggers;

	return (
		<ModalForm
			ready={ !! draft.subject.trim() && !! draft.target.trim() }
			submitLabel={
				rule
					? __( 'Save rule', 'tandem-user-sync' )
					: __( 'Add rule', 'tandem-user-sync' )
			}
			leaveLabel={ __( 'Cancel', 'tandem-user-sync' ) }
			onLeave={ onClose }
			onSubmit={ async () => {
				await onSave( {
					...draft,
					subject: draft.subject.trim(),
					target: draft.target.trim(),
				} );
				onClose();
			} }
		>
			<Fieldset.Root>
				<Fieldset.Legend>
					{ __( 'Here', 'tandem-user-sync' ) }
				</Fieldset.Legend>
				<Stack direction="column" gap="md">
					<SelectControl
						label={ __( 'When', 'tandem-user-sync' ) }
						value={ draft.trigger }
						options={ offered.map( ( trigger ) => ( {
							value: trigger,
							label: triggerLabel( trigger ),
						} ) ) }
						onChange={ ( trigger ) =>
							set( { trigger, subject: '' } )
						}
					/>
					<SubjectField
						trigger={ draft.trigger }
						value={ draft.subject }
						valueLabel={ rule?.subjectLabel ?? '' }
						onChange={ ( subject ) => set( { subject } ) }
					/>
				</Stack>
			</Fieldset.Root>
			<Fieldset.Root>
				<Fieldset.Legend>
					{ sprintf(
						/* translators: %s: site name */
						__( 'On %s', 'tandem-user-sync' ),
						site.name
					) }
				</Fieldset.Legend>
				<Stack direction="column" gap="md">
					<SelectControl
						label={ __( 'Then', 'tandem-user-sync' ) }
						value={ draft.deed }
						options={ DEEDS.map( ( deed ) => ( {
							value: deed,
							label: deedLabel( deed ),
						} ) ) }
						onChange={ ( deed ) =>
							set( {
								deed,
								...( kindOf( deed ) === kindOf( draft.deed )
									? {}
									: { target: '' } ),
							} )
						}
					/>
					<TargetField
						deed={ draft.deed }
						choices={ choices }
						site={ site.name }
						value={ draft.target }
						onChange={ ( target ) => set( { target } ) }
					/>
				</Stack>
			</Fieldset.Root>
			<CheckboxControl
				label={ __( 'And the reverse', 'tandem-user-sync' ) }
				help={ reverseHelp( draft.trigger ) }
				checked={ draft.reverses ?? true }
				onChange={ ( reverses ) => set( { reverses } ) }
			/>
		</ModalForm>
	);
}

/** A rule, to be added or changed. */
export function RuleModal( {
	site,
	rule,
	onSave,
	onClose,
}: {
	site: Site;
	/** Null: a new one. */
	rule: Rule | null;
	onSave: ( rule: NewRule ) => Promise< void >;
	onClose: () => void;
} ) {
	const choices = useRuleChoices( site.id );
	return (
		<Modal
			title={
				rule
					? __( 'Change rule', 'tandem-user-sync' )
					: __( 'Add rule', 'tandem-user-sync' )
			}
			size="medium"
			onRequestClose={ onClose }
			shouldCloseOnClickOutside={ false }
		>
			<Loaded resource={ choices }>
				{ ( loaded ) => (
					<RuleForm
						site={ site }
						rule={ rule }
						choices={ loaded }
						onSave={ onSave }
						onClose={ onClose }
					/>
				) }
			</Loaded>
		</Modal>
	);
}
