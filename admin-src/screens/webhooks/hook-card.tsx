import { Button } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { Badge, Card, Stack, Text } from '@wordpress/ui';
import { formatNumber, relativeTime } from '../../format';
import { useRoute } from '../../router';
import type { IncomingHook } from '../../types';
import { hookStateLabel } from './words';

const INTENTS = {
	listening: 'informational',
	on: 'stable',
	off: 'draft',
} as const;

/** An address that takes people in. */
export function HookCard( { hook }: { hook: IncomingHook } ) {
	const { go } = useRoute();
	const titleId = `tandem-hook-${ hook.id }`;

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
						<Text
							variant="heading-md"
							render={ <h3 id={ titleId } /> }
							className="is-truncated tandem-site__name"
						>
							{ hook.name }
						</Text>
						<Badge
							className="tandem-badge"
							intent={ INTENTS[ hook.state ] }
						>
							{ hookStateLabel( hook.state ) }
						</Badge>
					</Stack>
					<Text variant="body-md" render={ <p /> }>
						{ hook.taken === 0
							? __(
									'Nobody has come this way yet.',
									'tandem-user-sync'
								)
							: sprintf(
									/* translators: %s: number of people */
									__(
										'People created or changed: %s.',
										'tandem-user-sync'
									),
									formatNumber( hook.taken )
								) }{ ' ' }
						{ hook.request
							? sprintf(
									/* translators: %s: a time such as "2 minutes ago" */
									__(
										'Last request %s.',
										'tandem-user-sync'
									),
									relativeTime( hook.request.at )
								)
							: __(
									'No request in the last week.',
									'tandem-user-sync'
								) }
					</Text>
					<Stack gap="sm" className="tandem-site__actions">
						<Button
							variant={
								hook.state === 'listening'
									? 'primary'
									: 'secondary'
							}
							size="compact"
							onClick={ () =>
								go( 'webhooks', { hook: hook.id } )
							}
						>
							{ hook.state === 'listening'
								? __( 'Set up', 'tandem-user-sync' )
								: __( 'Settings', 'tandem-user-sync' ) }
						</Button>
					</Stack>
				</Stack>
			</Card.Content>
		</Card.Root>
	);
}
