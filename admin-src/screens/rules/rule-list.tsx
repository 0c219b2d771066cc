import { Button, ToggleControl } from '@wordpress/components';
import { useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { Stack, Text } from '@wordpress/ui';
import { ConfirmModal } from '../../components/confirm-modal';
import { ErrorNotice } from '../../components/error-notice';
import { relativeTime } from '../../format';
import { useAction } from '../../hooks/use-action';
import type { RuleActions } from '../../hooks/use-rules';
import type { Rule, Site } from '../../types';
import { RuleModal } from './rule-modal';
import { RunModal } from './run-modal';
import './rules.scss';

function facts( { lastRunAt, reverses }: Rule ): string {
	const ran = lastRunAt
		? sprintf(
				/* translators: %s: a time such as "2 hours ago" */
				__( 'Last ran %s.', 'tandem-user-sync' ),
				relativeTime( lastRunAt )
			)
		: __( 'Has not run yet.', 'tandem-user-sync' );
	return reverses
		? ran
		: `${ ran } ${ __( 'Is never undone.', 'tandem-user-sync' ) }`;
}

/** A rule as a sentence, and what can be done with it. */
function RuleItem( {
	rule,
	site,
	actions,
}: {
	rule: Rule;
	site: Site;
	actions: RuleActions;
} ) {
	const { busy, error, clear, run } = useAction< 'switch' >();
	const [ modal, setModal ] = useState< 'edit' | 'run' | 'remove' | null >(
		null
	);
	const close = () => setModal( null );
	const named = ( label: string ) => `${ label }: ${ rule.sentence }`;

	return (
		<li className="tandem-rule">
			<Stack direction="column" gap="sm">
				<ToggleControl
					label={ rule.sentence }
					help={ facts( rule ) }
					checked={ rule.on }
					disabled={ busy !== null }
					onChange={ ( on ) => {
						run( 'switch', async () => {
							await actions.edit( rule.id, { on } );
						} );
					} }
				/>
				<Stack gap="sm" wrap="wrap">
					<Button
						variant="secondary"
						size="compact"
						aria-label={ named(
							__( 'Dry run', 'tandem-user-sync' )
						) }
						onClick={ () => setModal( 'run' ) }
					>
						{ __( 'Dry run', 'tandem-user-sync' ) }
					</Button>
					<Button
						variant="tertiary"
						size="compact"
						aria-label={ named(
							__( 'Change', 'tandem-user-sync' )
						) }
						onClick={ () => setModal( 'edit' ) }
					>
						{ __( 'Change', 'tandem-user-sync' ) }
					</Button>
					<Button
						variant="tertiary"
						size="compact"
						isDestructive
						aria-label={ named(
							__( 'Remove', 'tandem-user-sync' )
						) }
						onClick={ () => setModal( 'remove' ) }
					>
						{ __( 'Remove', 'tandem-user-sync' ) }
					</Button>
				</Stack>
				<ErrorNotice error={ error } onDismiss={ clear } />
			</Stack>
			{ modal === 'edit' && (
				<RuleModal
					site={ site }
					rule={ rule }
					onSave={ async ( data ) => {
						await actions.edit( rule.id, data );
					} }
					onClose={ close }
				/>
			) }
			{ modal === 'run' && (
				<RunModal
					rule={ rule }
					onApplied={ actions.refresh }
					onClose={ close }
				/>
			) }
			{ modal === 'remove' && (
				<ConfirmModal
					title={ __( 'Remove this rule?', 'tandem-user-sync' ) }
					confirmLabel={ __( 'Remove', 'tandem-user-sync' ) }
					onClose={ close }
					onConfirm={ () => actions.remove( rule.id ) }
				>
					<Text variant="body-md" render={ <p /> }>
						{ __(
							'Nobody gets anything by it from now on. What it has given stays, until the order is refunded or the role or tag is taken away.',
							'tandem-user-sync'
						) }
					</Text>
				</ConfirmModal>
			) }
		</li>
	);
}

export function RuleList( {
	rules,
	site,
	actions,
}: {
	rules: Rule[];
	site: Site;
	actions: RuleActions;
} ) {
	return (
		<ul className="tandem-rules">
			{ rules.map( ( rule ) => (
				<RuleItem
					key={ rule.id }
					rule={ rule }
					site={ site }
					actions={ actions }
				/>
			) ) }
		</ul>
	);
}
