import { Button } from '@wordpress/components';
import { __, _n, sprintf } from '@wordpress/i18n';
import { Stack, Text } from '@wordpress/ui';
import { useApp } from '../../app-context';
import { ErrorNotice } from '../../components/error-notice';
import { duration, nowInSeconds } from '../../format';
import { useAction } from '../../hooks/use-action';
import type { Site } from '../../types';

/** How many people wait. */
function waitingWords( people: number ): string {
	return people === 0
		? __( 'Nobody waits for this at the moment.', 'tandem-user-sync' )
		: sprintf(
				/* translators: %d: number of people */
				_n(
					'%d person waits for this.',
					'%d people wait for this.',
					people,
					'tandem-user-sync'
				),
				people
			);
}

/** The owner's yes to removals beyond the limit. */
export function AllowRemovals( { site }: { site: Site } ) {
	const { sites, notify } = useApp();
	const { busy, error, clear, run } = useAction< 'allow' >();
	const left = ( site.pairing?.removalsUntil ?? 0 ) - nowInSeconds();

	return (
		<Stack direction="column" gap="sm" align="start">
			<Button
				variant="secondary"
				size="compact"
				isBusy={ busy !== null }
				disabled={ busy !== null }
				accessibleWhenDisabled
				onClick={ () =>
					run( 'allow', async () => {
						await sites.allowRemovals( site );
						notify(
							__(
								'What waited for your yes is being removed.',
								'tandem-user-sync'
							)
						);
					} )
				}
			>
				{ __(
					'Let it remove more people for an hour',
					'tandem-user-sync'
				) }
			</Button>
			<Text variant="body-sm" render={ <p /> } className="is-weak">
				{ left > 0
					? sprintf(
							/* translators: %s: a length of time such as "40 minutes" */
							__(
								'Allowed without a limit for another %s.',
								'tandem-user-sync'
							),
							duration( left )
						)
					: waitingWords( site.pairing?.removalsWaiting ?? 0 ) }
			</Text>
			<ErrorNotice error={ error } onDismiss={ clear } />
		</Stack>
	);
}
