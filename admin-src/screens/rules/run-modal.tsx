import { Button, Modal, ProgressBar } from '@wordpress/components';
import { useEffect, useState } from '@wordpress/element';
import { __, _n, sprintf } from '@wordpress/i18n';
import { Stack, Text } from '@wordpress/ui';
import { useApp } from '../../app-context';
import { ErrorNotice } from '../../components/error-notice';
import { ModalActions } from '../../components/modal-actions';
import { Person } from '../../components/person';
import { formatNumber } from '../../format';
import { useAction } from '../../hooks/use-action';
import { runRule, type RuleResult } from '../../hooks/use-rules';
import type { Rule } from '../../types';

/** People who are shown by name. */
const SHOWN = 10;

function counted( { people, counts }: RuleResult ): string[] {
	const has = counts.has ?? 0;
	const others =
		( counts.out_of_scope ?? 0 ) +
		( counts.guest ?? 0 ) +
		( counts.gone ?? 0 ) +
		( counts.no_site ?? 0 );
	return [
		sprintf(
			/* translators: %s: number of people */
			_n(
				'%s person would get it now.',
				'%s people would get it now.',
				people.size,
				'tandem-user-sync'
			),
			formatNumber( people.size )
		),
		...( has
			? [
					sprintf(
						/* translators: %s: number of cases */
						_n(
							'%s case was dealt with before.',
							'%s cases were dealt with before.',
							has,
							'tandem-user-sync'
						),
						formatNumber( has )
					),
				]
			: [] ),
		...( others
			? [
					sprintf(
						/* translators: %s: number of cases */
						_n(
							'%s case is left out.',
							'%s cases are left out.',
							others,
							'tandem-user-sync'
						),
						formatNumber( others )
					),
				]
			: [] ),
	];
}

/** Who would get what now, and the button that gives it to them. */
export function RunModal( {
	rule,
	onApplied,
	onClose,
}: {
	rule: Rule;
	onApplied: () => void;
	onClose: () => void;
} ) {
	const { notify } = useApp();
	const [ result, setResult ] = useState< RuleResult | null >( null );
	const [ isDone, setDone ] = useState( false );
	const { busy, error, run } = useAction< 'look' | 'apply' >();

	useEffect( () => {
		run( 'look', async () => {
			await runRule( rule.id, true, setResult );
			setDone( true );
		} );
	}, [ rule.id, run ] );

	const apply = () =>
		run( 'apply', async () => {
			const applied = await runRule( rule.id, false, () => {} );
			notify(
				applied.people.size
					? sprintf(
							/* translators: %s: number of people */
							_n(
								'The rule is applied to %s person.',
								'The rule is applied to %s people.',
								applied.people.size,
								'tandem-user-sync'
							),
							formatNumber( applied.people.size )
						)
					: __( 'It is sent again.', 'tandem-user-sync' )
			);
			onApplied();
			onClose();
		} );
	const people = [ ...( result?.people.values() ?? [] ) ];
	const hadBefore = result?.counts.has ?? 0;

	return (
		<Modal
			title={ __( 'Dry run', 'tandem-user-sync' ) }
			size="medium"
			onRequestClose={ onClose }
		>
			<Stack direction="column" gap="xl">
				<Text variant="body-md" render={ <p /> }>
					{ rule.sentence }
				</Text>
				{ busy && (
					<ProgressBar
						className="tandem-progress"
						value={
							result?.total
								? Math.min(
										100,
										( 100 * result.looked ) / result.total
									)
								: undefined
						}
					/>
				) }
				<div role="status">
					{ isDone && result && (
						<Stack direction="column" gap="sm">
							{ counted( result ).map( ( line ) => (
								<Text
									key={ line }
									variant="body-md"
									render={ <p /> }
								>
									{ line }
								</Text>
							) ) }
							{ Object.values( result.reasons ).map(
								( reason ) => (
									<Text
										key={ reason }
										variant="body-md"
										render={ <p /> }
										className="is-weak"
									>
										{ reason }
									</Text>
								)
							) }
						</Stack>
					) }
				</div>
				{ isDone && people.length > 0 && (
					<ul className="tandem-rule__people">
						{ people.slice( 0, SHOWN ).map( ( person ) => (
							<li key={ person.userId }>
								<Person
									name={
										person.username ||
										__( 'A guest', 'tandem-user-sync' )
									}
									email={ person.email }
								/>
							</li>
						) ) }
						{ people.length > SHOWN && (
							<li className="is-weak">
								{ sprintf(
									/* translators: %s: number of people */
									__( 'and %s more', 'tandem-user-sync' ),
									formatNumber( people.length - SHOWN )
								) }
							</li>
						) }
					</ul>
				) }
				<Text variant="body-md" render={ <p /> } className="is-weak">
					{ __(
						'Nothing has been written. New events run the rule by themselves, as long as it is on; whoever qualifies already gets it when you apply it.',
						'tandem-user-sync'
					) }
				</Text>
				<ErrorNotice error={ error } />
				<ModalActions>
					<Button variant="tertiary" onClick={ onClose }>
						{ __( 'Close', 'tandem-user-sync' ) }
					</Button>
					{ isDone && ! people.length && hadBefore > 0 && (
						<Button
							variant="secondary"
							isBusy={ busy === 'apply' }
							disabled={ busy !== null }
							accessibleWhenDisabled
							onClick={ apply }
						>
							{ __( 'Send again', 'tandem-user-sync' ) }
						</Button>
					) }
					{ isDone && people.length > 0 && (
						<Button
							variant="primary"
							isBusy={ busy === 'apply' }
							disabled={ busy !== null }
							accessibleWhenDisabled
							onClick={ apply }
						>
							{ sprintf(
								/* translators: %s: number of people */
								_n(
									'Apply to %s person',
									'Apply to %s people',
									people.length,
									'tandem-user-sync'
								),
								formatNumber( people.length )
							) }
						</Button>
					) }
				</ModalActions>
			</Stack>
		</Modal>
	);
}
