import { __ } from '@wordpress/i18n';
import { Text } from '@wordpress/ui';
import type { Site } from '../types';

/** In which directions a site syncs, and whether passwords were seen to work. */
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

	return (
		<Text variant="body-sm" render={ <p /> } className="is-weak">
			{ [ way, passwords ].filter( Boolean ).join( ' ' ) }
		</Text>
	);
}
