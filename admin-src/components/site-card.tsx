import { __, sprintf } from '@wordpress/i18n';
import { Card, Link, Stack, Text } from '@wordpress/ui';
import {
	duration,
	formatNumber,
	host,
	nowInSeconds,
	relativeTime,
	shortDuration,
} from '../format';
import { sectionUrl } from '../router';
import type { Site } from '../types';
import { TextLink } from './router-link';
import { SiteActions } from './site-actions';
import './site-card.scss';
import { PairingLine } from './pairing-line';
import { SiteProblem } from './site-problem';
import { Stat } from './stat';
import { SiteStateBadge } from './status-badge';

function SiteStats( { site }: { site: Site } ) {
	return (
		<dl className="tandem-stats">
			<Stat
				label={ __( 'Waiting', 'tandem-user-sync' ) }
				value={ formatNumber( site.waiting ) }
				hint={
					site.waitingSince !== null &&
					sprintf(
						/* translators: %s: a length of time such as "2 hours" */
						__( 'Longest: %s', 'tandem-user-sync' ),
						duration(
							Math.max( 0, nowInSeconds() - site.waitingSince )
						)
					)
				}
			/>
			<Stat
				label={ __( 'Need attention', 'tandem-user-sync' ) }
				value={ formatNumber( site.attention ) }
				hint={
					site.attention > 0 && (
						<TextLink
							href={ sectionUrl( 'activity', {
								tab: 'decisions',
								site: site.id,
							} ) }
						>
							{ __( 'Decide', 'tandem-user-sync' ) }
						</TextLink>
					)
				}
			/>
			<Stat
				label={ __( 'Linked users', 'tandem-user-sync' ) }
				value={ formatNumber( site.linked ) }
				hint={
					site.linked === 0 && (
						<TextLink
							href={ sectionUrl( 'backfill', { site: site.id } ) }
						>
							{ __( 'Bring users over', 'tandem-user-sync' ) }
						</TextLink>
					)
				}
			/>
		</dl>
	);
}

export function SiteCard( { site }: { site: Site } ) {
	const titleId = `tandem-site-${ site.id }`;

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
						<span
							className="tandem-site__icon"
							data-tint={ site.id % 3 }
							aria-hidden="true"
						>
							{ Array.from( site.name )[ 0 ] }
						</span>
						<Stack direction="column" className="tandem-site__name">
							<Text
								variant="heading-md"
								render={ <h2 id={ titleId } /> }
								className="is-truncated"
							>
								{ site.name }
							</Text>
							<Text variant="body-md" className="is-truncated">
								<Link
									href={ site.url }
									tone="neutral"
									openInNewTab
								>
									{ host( site.url ) }
								</Link>
							</Text>
						</Stack>
						<SiteStateBadge
							state={ site.heldBy ? 'held' : site.state }
						/>
					</Stack>
					<SiteProblem site={ site } />
					<SiteStats site={ site } />
					<PairingLine site={ site } />
					<Text
						variant="body-sm"
						render={ <p /> }
						className="is-weak"
					>
						{ site.lastSuccessAt === null
							? __(
									'Nothing has been sent yet.',
									'tandem-user-sync'
								)
							: sprintf(
									/* translators: %s: a time such as "2 minutes ago" */
									__( 'Last synced %s.', 'tandem-user-sync' ),
									relativeTime( site.lastSuccessAt )
								) }{ ' ' }
						{ site.pace !== null &&
							sprintf(
								/* translators: 1, 2: lengths of time such as "0.8 seconds" */
								__(
									'A change usually arrives within %1$s, nearly always within %2$s.',
									'tandem-user-sync'
								),
								shortDuration( site.pace.median ),
								shortDuration( site.pace.p95 )
							) }
					</Text>
					<SiteActions site={ site } />
				</Stack>
			</Card.Content>
		</Card.Root>
	);
}
