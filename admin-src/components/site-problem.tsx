import { __, sprintf } from '@wordpress/i18n';
import { Text } from '@wordpress/ui';
import { nowInSeconds, relativeTime } from '../format';
import type { Site } from '../types';

/** Why a site can't be synced, since when, and when it is tried again. */
export function SiteProblem( { site }: { site: Site } ) {
	if ( site.heldBy ) {
		return (
			<div className="tandem-site__problem is-held">
				<Text variant="body-md" render={ <p /> }>
					{ __(
						'WP Remote Users Sync is at work for this site too. Nothing is sent, and changes are kept, until you switch it off or remove the site there.',
						'tandem-user-sync'
					) }
				</Text>
			</div>
		);
	}
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
			// Due: it comes with the next run of WP-Cron.
			( site.nextTryAt <= nowInSeconds()
				? __( 'Next try in a moment.', 'tandem-user-sync' )
				: sprintf(
						/* translators: %s: a time such as "in 5 minutes" */
						__( 'Next try %s.', 'tandem-user-sync' ),
						relativeTime( site.nextTryAt )
					) ),
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
