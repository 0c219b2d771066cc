import { useCallback } from '@wordpress/element';
import { __ } from '@wordpress/i18n';
import { ApiError } from '../api';
import { useAction } from '../hooks/use-action';
import { authorizeUrl } from '../hooks/use-sites';

/** Sends the browser to the page where the remote site asks its administrator. */
export function useAuthorize() {
	const { busy, error, run } = useAction< 'connect' >();
	const authorize = useCallback(
		( target: { url: string } | { site: number } ) =>
			run( 'connect', async () => {
				const url = await authorizeUrl( target );
				// The address comes from the remote site: only ever a web page.
				if ( ! /^https?:\/\//i.test( url ) ) {
					throw new ApiError(
						'bad_authorize_url',
						__(
							'The other site names an address for the approval that is not a web page. Enter an application password by hand.',
							'tandem-user-sync'
						)
					);
				}
				window.location.assign( url );
			} ),
		[ run ]
	);
	return { authorize, busy: busy !== null, error };
}
