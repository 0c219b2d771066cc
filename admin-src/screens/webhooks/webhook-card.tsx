import { Button, DropdownMenu } from '@wordpress/components';
import { useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { moreVertical } from '@wordpress/icons';
import { Card, Stack, Text } from '@wordpress/ui';
import { useApp } from '../../app-context';
import { ErrorNotice } from '../../components/error-notice';
import { RemoveModal } from '../../components/remove-modal';
import { TextLink } from '../../components/router-link';
import { SiteProblem } from '../../components/site-problem';
import { Stat } from '../../components/stat';
import { SiteStateBadge } from '../../components/status-badge';
import { TestModal } from '../../components/test-modal';
import { formatNumber, relativeTime } from '../../format';
import { useAction } from '../../hooks/use-action';
import { sectionUrl, useRoute } from '../../router';
import type { Site } from '../../types';
import { RenewModal } from './renew-modal';
import { oldSecret } from './words';

/** The host of an address: the rest of it may be a secret. */
function shortened( url: string ): string {
	try {
		return new URL( url ).host;
	} catch {
		return url;
	}
}

type Open = 'test' | 'remove' | 'secret' | null;

/** An address that is told of people. */
export function WebhookCard( { webhook }: { webhook: Site } ) {
	const { sites, notify } = useApp();
	const { go } = useRoute();
	const { busy, error, clear, run } = useAction< 'sync' | 'pause' | 'end' >();
	const [ open, setOpen ] = useState< Open >( null );
	const titleId = `tandem-webhook-${ webhook.id }`;
	const isPaused = webhook.state === 'paused';
	const old = oldSecret( webhook.oldSecretUntil );
	const close = () => setOpen( null );

	return (
		<Card.Root
			className="tandem-site"
			render={ <article aria-labelledby={ titleId } /> }
		>
			<Card.Content>
				<Stack
					direction="column"
					gap="lg"
					className="tandem-site__inner"
				>
					<Stack gap="md" align="center">
						<Stack direction="column" className="tandem-site__name">
							<Text
								variant="heading-md"
								render={ <h3 id={ titleId } /> }
								className="is-truncated"
							>
								{ webhook.name }
							</Text>
							<Text
								variant="body-md"
								className="is-truncated is-weak"
							>
								{ shortened( webhook.url ) }
							</Text>
						</Stack>
						<SiteStateBadge state={ webhook.state } />
					</Stack>
					<SiteProblem site={ webhook } />
					<dl className="tandem-stats">
						<Stat
							label={ __( 'Waiting', 'tandem-user-sync' ) }
							value={ formatNumber( webhook.waiting ) }
						/>
						<Stat
							label={ __( 'Need attention', 'tandem-user-sync' ) }
							value={ formatNumber( webhook.attention ) }
							hint={
								webhook.attention > 0 && (
									<TextLink
										href={ sectionUrl( 'activity', {
											tab: 'decisions',
											site: webhook.id,
										} ) }
									>
										{ __( 'Decide', 'tandem-user-sync' ) }
									</TextLink>
								)
							}
						/>
						<Stat
							label={ __( 'People told of', 'tandem-user-sync' ) }
							value={ formatNumber( webhook.linked ) }
						/>
					</dl>
					<Text
						variant="body-sm"
						render={ <p /> }
						className="is-weak"
					>
						{ webhook.lastSuccessAt === null
							? __(
									'Nothing has been sent yet.',
									'tandem-user-sync'
								)
							: sprintf(
									/* translators: %s: a time such as "2 minutes ago" */
									__( 'Last told %s.', 'tandem-user-sync' ),
									relativeTime( webhook.lastSuccessAt )
								) }{ ' ' }
						{ old }
					</Text>
					<ErrorNotice error={ error } onDismiss={ clear } />
					<Stack
						gap="sm"
						align="center"
						wrap="wrap"
						className="tandem-site__actions"
					>
						{ ( webhook.state === 'unreachable' ||
							webhook.state === 'held' ) && (
							<Button
								variant="primary"
								size="compact"
								isBusy={ busy === 'sync' }
								disabled={ busy !== null }
								accessibleWhenDisabled
								onClick={ () =>
									run( 'sync', async () => {
										await sites.sync( webhook );
									} )
								}
							>
								{ __( 'Try now', 'tandem-user-sync' ) }
							</Button>
						) }
						<Button
							variant="secondary"
							size="compact"
							onClick={ () => setOpen( 'test' ) }
						>
							{ __( 'Send a test', 'tandem-user-sync' ) }
						</Button>
						<Button
							variant="tertiary"
							size="compact"
							onClick={ () =>
								go( 'webhooks', { webhook: webhook.id } )
							}
						>
							{ __( 'What is told', 'tandem-user-sync' ) }
						</Button>
						<span className="tandem-site__more">
							<DropdownMenu
								icon={ moreVertical }
								label={ sprintf(
									/* translators: %s: name of a webhook */
									__(
										'More actions for %s',
										'tandem-user-sync'
									),
									webhook.name
								) }
								toggleProps={ { size: 'compact' } }
								popoverProps={ { placement: 'bottom-end' } }
								controls={ [
									[
										{
											title: __(
												'View activity',
												'tandem-user-sync'
											),
											onClick: () =>
												go( 'activity', {
													site: webhook.id,
												} ),
										},
										{
											title: isPaused
												? __(
														'Resume',
														'tandem-user-sync'
													)
												: __(
														'Pause',
														'tandem-user-sync'
													),
											onClick: () =>
												run( 'pause', async () => {
													await ( isPaused
														? sites.resume(
																webhook
															)
														: sites.pause(
																webhook
															) );
												} ),
										},
									],
									[
										{
											title: __(
												'New secret',
												'tandem-user-sync'
											),
											onClick: () => setOpen( 'secret' ),
										},
										...( old
											? [
													{
														title: __(
															'End the old secret',
															'tandem-user-sync'
														),
														onClick: () =>
															run(
																'end',
																async () => {
																	await sites.endOldSecret(
																		webhook
																	);
																	notify(
																		__(
																			'The old secret is no longer used.',
																			'tandem-user-sync'
																		)
																	);
																}
															),
													},
												]
											: [] ),
									],
									[
										{
											title: __(
												'Remove',
												'tandem-user-sync'
											),
											onClick: () => setOpen( 'remove' ),
										},
									],
								] }
							/>
						</span>
					</Stack>
				</Stack>
			</Card.Content>
			{ open === 'test' && (
				<TestModal site={ webhook } onClose={ close } />
			) }
			{ open === 'remove' && (
				<RemoveModal site={ webhook } onClose={ close } />
			) }
			{ open === 'secret' && (
				<RenewModal
					name={ webhook.name }
					onRenew={ async () =>
						( await sites.renewSecret( webhook ) ).secret
					}
					onClose={ close }
				/>
			) }
		</Card.Root>
	);
}
