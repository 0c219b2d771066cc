/** What a backfill is doing, in words. */
import { __, _n, sprintf } from '@wordpress/i18n';
import { duration, formatNumber } from '../../format';
import { isBusy } from '../../hooks/use-backfill';
import type { Backfill, BackfillFinding, Site } from '../../types';

/** Whether there is anything to carry out, or to decide. */
export const hasWork = ( { counts, options }: Backfill ) =>
	counts.link +
		( options.create ? counts.create : 0 ) +
		( options.fetch ? counts.onlyThere : 0 ) +
		counts.bring +
		counts.byName +
		counts.conflict >
	0;

/** What people need a decision for, as a heading for all of them. */
export function kindLabel( code: string ): string {
	const labels: Record< string, string > = {
		link_by_name: __(
			'Same username, to be confirmed',
			'tandem-user-sync'
		),
		username_taken: __(
			'Same username, another email',
			'tandem-user-sync'
		),
		protected_account: __( 'Protected account', 'tandem-user-sync' ),
		linked_to_other: __( 'Linked with somebody else', 'tandem-user-sync' ),
		several_here: __(
			'Several people here with one email',
			'tandem-user-sync'
		),
		several_there: __(
			'Several accounts there with one email',
			'tandem-user-sync'
		),
		email_missing: __( 'No email', 'tandem-user-sync' ),
	};
	return labels[ code ] ?? code;
}

/** Lists of people that can be looked at. */
export function showLabel( show: BackfillFinding | 'remarked' ): string {
	return {
		remarked: __( 'May be the same person', 'tandem-user-sync' ),
		link: __( 'Same email on both sites', 'tandem-user-sync' ),
		link_by_name: __( 'Same username, proposed', 'tandem-user-sync' ),
		create: __( 'Missing on the other site', 'tandem-user-sync' ),
		already: __( 'Linked before', 'tandem-user-sync' ),
		conflict: __( 'Conflicts', 'tandem-user-sync' ),
		left: __( 'Left out', 'tandem-user-sync' ),
		missing_here: __( 'Only on the other site', 'tandem-user-sync' ),
	}[ show ];
}

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

function steps( { done, total }: Backfill ): string {
	return total === null
		? sprintf(
				/* translators: %s: number of users */
				_n( '%s user', '%s users', done, 'tandem-user-sync' ),
				formatNumber( done )
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
export function progressOf( backfill: Backfill, site: Site ): string {
	const { state, rate, secondsLeft, problem } = backfill;
	const parts = [ steps( backfill ) ];
	if ( problem && state !== 'paused' ) {
		parts.push(
			sprintf(
				/* translators: %s: site name */
				__( 'waits for %s', 'tandem-user-sync' ),
				site.name
			)
		);
	}
	if ( isBusy( state ) ) {
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
			const left = duration( secondsLeft );
			parts.push(
				problem
					? sprintf(
							/* translators: %s: a length of time such as "3 minutes" */
							__( 'then about %s left', 'tandem-user-sync' ),
							left
						)
					: sprintf(
							/* translators: %s: a length of time such as "3 minutes" */
							__( 'about %s left', 'tandem-user-sync' ),
							left
						)
			);
		}
	}
	return parts.join( ' · ' );
}

/** What the owner should know in this state, besides the numbers. */
export function adviceOf( backfill: Backfill ): string | null {
	const { state, counts } = backfill;
	switch ( state ) {
		case 'indexing':
		case 'matching':
			return __(
				'Nothing is written to either site. You may close this tab: it goes on.',
				'tandem-user-sync'
			);
		case 'ready':
			if ( ! hasWork( backfill ) ) {
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
			return counts.conflict + counts.byName > 0
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
