import { Notice } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { Stack } from '@wordpress/ui';
import { relativeTime } from '../format';

/** Nothing works in the background: what fails once, or is left over, waits until something does. */
export function LateNotice( {
	lastRun,
}: {
	/** When something last did, or null. */
	lastRun: number | null;
} ) {
	return (
		<Notice
			className="tandem-notice"
			status="warning"
			isDismissible={ false }
		>
			<Stack direction="column" gap="sm">
				<p>
					{ lastRun === null
						? __(
								'Nothing works in the background on this site.',
								'tandem-user-sync'
							)
						: sprintf(
								/* translators: %s: a time such as "2 hours ago" */
								__(
									'Nothing works in the background on this site; it last did %s.',
									'tandem-user-sync'
								),
								relativeTime( lastRun )
							) }{ ' ' }
					{ __(
						'Changes are still sent when they are made, but what does not get through at once is not tried again.',
						'tandem-user-sync'
					) }
				</p>
				<p>
					{ __(
						'WP-Cron is switched off, or nobody visits the site. Ask your host for a cron job that calls wp-cron.php every minute, or that runs “wp tandem work”. Until then, “Sync now” sends what waits.',
						'tandem-user-sync'
					) }
				</p>
			</Stack>
		</Notice>
	);
}
