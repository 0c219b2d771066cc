/** What a backfill is doing, in words. */
import { __, _n, sprintf } from '@wordpress/i18n';
import { duration, formatNumber } from '../../format';
import type { Backfill, Site } from '../../types';

export function titleOf( { state }: Backfill, site: Site ): string {
	switch ( state ) {
		case 'indexing':
			return sprintf(
				/* translators: %s: site name */
				__( 'Reading the accounts of %s', 'tandem-user-sync' ),
				site.name
			);
		case 'matching':
			return __( 'Comparing the users', 'tandem-user-sync' );
		case 'ready':
			return __( 'The preview is ready', 'tandem-user-sync' );
		case 'running':
			return __( 'Backfill in progress', 'tandem-user-sync' );
		case 'paused':
			return __( 'Backfill paused', 'tandem-user-sync' );
		case 'done':
			return __( 'Backfill complete', 'tandem-user-sync' );
		case 'cancelled':
			return __( 'Backfill cancelled', 'tandem-user-sync' );
		case 'failed':
			return __( 'The backfill stopped', 'tandem-user-sync' );
	}
}

function steps( { state, done, total }: Backfill ): string {
	const pages = state === 'indexing';
	if ( total === null ) {
		return pages
			? sprintf(
					/* translators: %s: number of pages */
					_n( '%s page', '%s pages', done, 'tandem-user-sync' ),
					formatNumber( done )
				)
			: sprintf(
					/* translators: %s: number of users */
					_n( '%s user', '%s users', done, 'tandem-user-sync' ),
					formatNumber( done )
				);
	}
	return pages
		? sprintf(
				/* translators: 1: number of pages done, 2: number of all pages */
				_n(
					'%1$s of %2$s page',
					'%1$s of %2$s pages',
					total,
					'tandem-user-sync'
				),
				formatNumber( done ),
				formatNumber( total )
			)
		: sprintf(
				/* translators: 1: number of users done, 2: number of all users */
				_n(
					'%1$s of %2$s user',
					'%1$s of %2$s users',
					total,
					'tandem-user-sync'
				),
				formatNumber( done ),
				formatNumber( total )
			);
}

/** "734 of 1,231 users · 14 users per second · about 35 seconds left" */
export function progressOf( backfill: Backfill ): string {
	const { state, rate, secondsLeft } = backfill;
	const parts = [ steps( backfill ) ];
	if ( state === 'running' || state === 'matching' ) {
		if ( rate > 0 ) {
			parts.push(
				sprintf(
					/* translators: %s: number of users */
					__( '%s users per second', 'tandem-user-sync' ),
					formatNumber( Math.round( rate * 10 ) / 10 )
				)
			);
		}
		if ( secondsLeft !== null ) {
			parts.push(
				sprintf(
					/* translators: %s: a length of time such as "3 minutes" */
					__( 'about %s left', 'tandem-user-sync' ),
					duration( secondsLeft )
				)
			);
		}
	}
	return parts.join( ' · ' );
}

/** What the owner should know in this state, besides the numbers. */
export function adviceOf( { state, counts }: Backfill ): string | null {
	switch ( state ) {
		case 'indexing':
		case 'matching':
			return __(
				'Nothing is written to either site. You may close this tab: it goes on.',
				'tandem-user-sync'
			);
		case 'ready':
			if ( counts.link + counts.create + counts.conflict === 0 ) {
				return __(
					'There is nothing to do: everyone is linked already.',
					'tandem-user-sync'
				);
			}
			return __(
				'Nothing has been written yet. Conflicts can be decided before or after you run it.',
				'tandem-user-sync'
			);
		case 'running':
			return __(
				'You may close this tab: it goes on.',
				'tandem-user-sync'
			);
		case 'done':
			return counts.conflict > 0
				? __(
						'Everyone who is linked is synced from now on. The conflicts below still need your decision.',
						'tandem-user-sync'
					)
				: __(
						'Everyone who is linked is synced from now on.',
						'tandem-user-sync'
					);
		case 'cancelled':
			return __(
				'What was linked and created until then stays.',
				'tandem-user-sync'
			);
		default:
			return null;
	}
}
