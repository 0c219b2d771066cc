import { Button, Notice, ProgressBar } from '@wordpress/components';
import { __, _n, sprintf } from '@wordpress/i18n';
import { Card, Stack, Text } from '@wordpress/ui';
import { ErrorNotice } from '../../components/error-notice';
import { formatNumber } from '../../format';
import { useAction } from '../../hooks/use-action';
import {
	isVerifying,
	type VerificationActions,
} from '../../hooks/use-verification';
import type { Site, Verification } from '../../types';
import { differing, factsOf, titleOf } from './words';

/** What a verification came to, and what can be done about it. */
export function ResultCard( {
	site,
	verification,
	actions,
}: {
	site: Site;
	verification: Verification;
	actions: VerificationActions;
} ) {
	const { busy, error, clear, run } = useAction<
		'start' | 'cancel' | 'repair'
	>();
	const { id, state, compared, total, problem, straysThere, counts } =
		verification;
	const moving = isVerifying( state );
	const title = titleOf( verification, site );
	const button = {
		size: 'compact' as const,
		disabled: busy !== null,
		accessibleWhenDisabled: true,
	};

	return (
		<Card.Root>
			<Card.Content>
				<Stack direction="column" gap="md">
					<Stack
						justify="space-between"
						align="start"
						gap="md"
						wrap="wrap"
					>
						<Stack direction="column" gap="xs" role="status">
							<Text variant="heading-md" render={ <h3 /> }>
								{ title }
							</Text>
							<Text variant="body-md" className="is-weak">
								{ factsOf( verification ) }
							</Text>
						</Stack>
						<Stack gap="sm" wrap="wrap">
							{ moving ? (
								<Button
									{ ...button }
									variant="tertiary"
									isBusy={ busy === 'cancel' }
									onClick={ () =>
										run( 'cancel', () =>
											actions.cancel( id )
										)
									}
								>
									{ __( 'Cancel', 'tandem-user-sync' ) }
								</Button>
							) : (
								<Button
									{ ...button }
									variant={
										counts.open ? 'secondary' : 'primary'
									}
									isBusy={ busy === 'start' }
									onClick={ () =>
										run( 'start', actions.start )
									}
								>
									{ __( 'Verify again', 'tandem-user-sync' ) }
								</Button>
							) }
							{ state === 'done' &&
								counts.open + counts.refused > 0 && (
									<Button
										{ ...button }
										variant="primary"
										isBusy={ busy === 'repair' }
										onClick={ () =>
											run( 'repair', () =>
												actions.repair( id, {} )
											)
										}
									>
										{ __(
											'Repair all',
											'tandem-user-sync'
										) }
									</Button>
								) }
						</Stack>
					</Stack>
					{ moving && (
						<ProgressBar
							className="tandem-progress"
							value={
								state === 'comparing' && total
									? Math.min(
											100,
											( 100 * compared ) / total
										)
									: undefined
							}
							aria-label={ title }
						/>
					) }
					{ /* Those whose link is lost are strays there, too. */ }
					{ straysThere > 0 && ! differing( verification ) && (
						<Notice
							className="tandem-notice"
							status="info"
							isDismissible={ false }
						>
							{ sprintf(
								/* translators: 1: number of people, 2: site name */
								_n(
									'%1$s person on %2$s should be known here and is not. Verify from there to bring them.',
									'%1$s people on %2$s should be known here and are not. Verify from there to bring them.',
									straysThere,
									'tandem-user-sync'
								),
								formatNumber( straysThere ),
								site.name
							) }
						</Notice>
					) }
					{ problem && (
						<Notice
							className="tandem-notice"
							status={ state === 'failed' ? 'error' : 'warning' }
							isDismissible={ false }
						>
							{ problem.message }
						</Notice>
					) }
					<ErrorNotice error={ error } onDismiss={ clear } />
				</Stack>
			</Card.Content>
		</Card.Root>
	);
}
