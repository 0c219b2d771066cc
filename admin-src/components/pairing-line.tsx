import { __, sprintf } from '@wordpress/i18n';
import { Text } from '@wordpress/ui';
import { duration } from '../format';
import type { Site } from '../types';

/** Seconds by which clocks may differ before it is worth a word, as in Site Health. */
const CLOCK_SECONDS = 5 * 60;

/** That one of the two servers has the wrong time; '' where nobody would notice. */
function clockSentence( ahead: number ): string {
	if ( Math.abs( ahead ) <= CLOCK_SECONDS ) {
		return '';
	}
	const by = duration( Math.abs( ahead ) );
	return ahead < 0
		? sprintf(
				/* translators: %s: a length of time such as "3 hours" */
				__(
					'Its clock is %s behind the one here. Syncing allows for that, but one of the two is wrong: tell its host.',
					'tandem-user-sync'
				),
				by
			)
		: sprintf(
				/* translators: %s: a length of time such as "3 hours" */
				__(
					'Its clock is %s ahead of the one here. Syncing allows for that, but one of the two is wrong: tell its host.',
					'tandem-user-sync'
				),
				by
			);
}

/** In which directions a site syncs, whether passwords were seen to work, and whether its clock is wrong. */
export function PairingLine( { site }: { site: Site } ) {
	const { pairing } = site;
	if ( ! pairing ) {
		return null;
	}
	const way = pairing.reachesUs
		? __( 'Paired: changes go both ways.', 'tandem-user-sync' )
		: __(
				'Paired, but it could not reach this site: only changes made here travel.',
				'tandem-user-sync'
			);
	const out = pairing.passwords?.out;
	const passwords =
		out === 'none'
			? __(
					'A test password that was set here did not work there.',
					'tandem-user-sync'
				)
			: out &&
				__(
					'A test password that was set here worked there.',
					'tandem-user-sync'
				);

	const clock = clockSentence( pairing.clockOffset );

	return (
		<>
			{ clock && (
				<Text
					variant="body-md"
					render={ <p /> }
					className="tandem-site__problem is-clock"
				>
					{ clock }
				</Text>
			) }
			<Text variant="body-sm" render={ <p /> } className="is-weak">
				{ [ way, passwords ].filter( Boolean ).join( ' ' ) }
			</Text>
		</>
	);
}
