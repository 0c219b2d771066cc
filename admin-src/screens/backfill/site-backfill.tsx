import { Button } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { people } from '@wordpress/icons';
import { Card, EmptyState, Stack } from '@wordpress/ui';
import { ErrorNotice } from '../../components/error-notice';
import { Loaded } from '../../components/load-state';
import { useAction } from '../../hooks/use-action';
import { useBackfill } from '../../hooks/use-backfill';
import type { Site } from '../../types';
import { BackfillConflicts } from './conflicts';
import { Counts } from './counts';
import { ProgressCard } from './progress-card';

export function SiteBackfill( { site }: { site: Site } ) {
	const backfill = useBackfill( site.id );
	const { busy, error, run } = useAction< 'preview' >();

	return (
		<Loaded resource={ backfill }>
			{ ( { newest } ) =>
				newest ? (
					<>
						<ProgressCard
							site={ site }
							backfill={ newest }
							actions={ backfill }
						/>
						{ newest.state !== 'indexing' && (
							<Counts backfill={ newest } />
						) }
						{ newest.counts.conflict > 0 && (
							<BackfillConflicts
								// Another state has found more of them, or dealt with some.
								key={ `${ newest.id }-${ newest.state }-${ newest.counts.conflict }` }
								site={ site }
								backfill={ newest }
								onDecided={ backfill.refresh }
							/>
						) }
					</>
				) : (
					<Card.Root>
						<Card.Content>
							<EmptyState.Root className="tandem-empty">
								<EmptyState.Icon icon={ people } />
								<EmptyState.Title>
									{ __(
										'Bring your existing users along',
										'tandem-user-sync'
									) }
								</EmptyState.Title>
								<EmptyState.Description>
									{ sprintf(
										/* translators: %s: site name */
										__(
											'Users with the same email on both sites are linked, those missing on %s are created there. The preview counts them first and writes nothing.',
											'tandem-user-sync'
										),
										site.name
									) }
								</EmptyState.Description>
								<EmptyState.Actions>
									<Stack direction="column" gap="md">
										<Button
											variant="primary"
											isBusy={ busy !== null }
											disabled={ busy !== null }
											accessibleWhenDisabled
											onClick={ () =>
												run(
													'preview',
													backfill.preview
												)
											}
										>
											{ __(
												'Preview',
												'tandem-user-sync'
											) }
										</Button>
										<ErrorNotice error={ error } />
									</Stack>
								</EmptyState.Actions>
							</EmptyState.Root>
						</Card.Content>
					</Card.Root>
				)
			}
		</Loaded>
	);
}
