import { __, sprintf } from '@wordpress/i18n';
import { Text } from '@wordpress/ui';
import { duration } from '../format';
import type { Site } from '../types';

type PasswordsFound =
	| NonNullable< NonNullable< Site[ 'pairing' ] >[ 'passwords' ] >[ 'out' ]
	| undefined;

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

/** What the test found of passwords that are set here. */
function outWords( found: PasswordsFound ): string {
	switch ( found ) {
		case 'hash':
			return __(
				'A test password that was set here worked there, sent as it is stored.',
				'tandem-user-sync'
			);
		case 'sealed':
			return __(
				'A test password that was set here worked there, but only sent sealed: people who existed before don’t keep theirs there.',
				'tandem-user-sync'
			);
		case 'none':
			return __(
				'A test password that was set here did not work there.',
				'tandem-user-sync'
			);
		default:
			return '';
	}
}

/** What the test found of passwords that are set there. */
function inWords( found: PasswordsFound ): string {
	switch ( found ) {
		case 'hash':
			return __(
				'One that was set there worked here, sent as it is stored.',
				'tandem-user-sync'
			);
		case 'sealed':
			return __(
				'One that was set there worked here, but only sent sealed: people who existed there before don’t keep theirs here.',
				'tandem-user-sync'
			);
		case 'none':
			return __(
				'One that was set there did not work here.',
				'tandem-user-sync'
			);
		default:
			return '';
	}
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
				{ [
					way,
					outWords( pairing.passwords?.out ),
					inWords( pairing.passwords?.in ),
				]
					.filter( Boolean )
					.join( ' ' ) }
			</Text>
		</>
	);
}
