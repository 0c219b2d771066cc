import { __, sprintf } from '@wordpress/i18n';
import { Text } from '@wordpress/ui';
import { nowInSeconds, relativeTime } from '../format';
import type { Site } from '../types';

/** Why a site can't be synced, since when, and when it is tried again. */
export function SiteProblem( { site }: { site: Site } ) {
	if ( ! site.problem ) {
		return null;
	}
	const times = [
		site.problemSince !== null &&
			sprintf(
				/* translators: %s: a time such as "2 hours ago" */
				__( 'Began %s.', 'tandem-user-sync' ),
				relativeTime( site.problemSince )
			),
		site.nextTryAt !== null &&
			( site.nextTryAt > nowInSeconds()
				? sprintf(
						/* translators: %s: a time such as "in 5 minutes" */
						__( 'Next try %s.', 'tandem-user-sync' ),
						relativeTime( site.nextTryAt )
					)
				: __( 'Next try in a moment.', 'tandem-user-sync' ) ),
	].filter( Boolean );

	return (
		<div className={ `tandem-site__problem is-${ site.state }` }>
			<Text variant="body-md" render={ <p /> }>
				{ site.problem.message }
			</Text>
			{ times.length > 0 && (
				<Text variant="body-sm" render={ <p /> }>
					{ times.join( ' ' ) }
				</Text>
			) }
		</div>
	);
}
