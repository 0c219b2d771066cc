/** What is said about a verification. */
import { __, _n, sprintf } from '@wordpress/i18n';
import { formatNumber, relativeTime } from '../../format';
import { fieldList } from '../../components/labels';
import type { Site, Verification, VerifyFinding } from '../../types';

export const differing = ( { counts }: Verification ) =>
	counts.open + counts.wanted + counts.sent + counts.refused;

/** What a finished one found. */
function resultOf( verification: Verification ): string {
	const found = differing( verification );
	return found
		? sprintf(
				/* translators: %s: number of people */
				_n(
					'%s person differs',
					'%s people differ',
					found,
					'tandem-user-sync'
				),
				formatNumber( found )
			)
		: __( 'Everyone is the same', 'tandem-user-sync' );
}

export function titleOf( verification: Verification, site: Site ): string {
	switch ( verification.state ) {
		case 'comparing':
		case 'looking':
			return sprintf(
				/* translators: %s: site name */
				__( 'Comparing with %s…', 'tandem-user-sync' ),
				site.name
			);
		case 'repairing':
			return __( 'Repairing…', 'tandem-user-sync' );
		case 'cancelled':
			return __( 'Cancelled', 'tandem-user-sync' );
		case 'failed':
			return __( 'Could not be compared', 'tandem-user-sync' );
		case 'done':
			return resultOf( verification );
	}
}

/** How many were compared, and when. */
export function factsOf( {
	compared,
	total,
	waiting,
	finishedAt,
	state,
}: Verification ): string {
	if ( state === 'comparing' ) {
		return sprintf(
			/* translators: 1: number of people done, 2: number of all of them */
			__( '%1$s of %2$s people', 'tandem-user-sync' ),
			formatNumber( compared ),
			formatNumber( total )
		);
	}
	return [
		sprintf(
			/* translators: %s: number of people */
			_n(
				'%s person compared',
				'%s people compared',
				compared,
				'tandem-user-sync'
			),
			formatNumber( compared )
		),
		...( waiting
			? [
					sprintf(
						/* translators: %s: number of people */
						_n(
							'%s was on the way and left alone',
							'%s were on the way and left alone',
							waiting,
							'tandem-user-sync'
						),
						formatNumber( waiting )
					),
				]
			: [] ),
		...( finishedAt ? [ relativeTime( finishedAt ) ] : [] ),
	].join( ' · ' );
}

/** Which fields differ, and where the newer value is. */
export function fieldsOf(
	{ fields }: Pick< VerifyFinding, 'fields' >,
	site: string
): string[] {
	const of = ( newer: string ) =>
		fieldList(
			fields
				.filter( ( field ) => field.newer === newer )
				.map( ( { name } ) => name )
		);
	const [ here, there, nobody ] = [ 'here', 'there', 'nobody' ].map( of );
	return [
		...( here
			? [
					sprintf(
						/* translators: %s: names of fields */
						__( 'Newer here: %s', 'tandem-user-sync' ),
						here
					),
				]
			: [] ),
		...( there
			? [
					sprintf(
						/* translators: 1: site name, 2: names of fields */
						__( 'Newer on %1$s: %2$s', 'tandem-user-sync' ),
						site,
						there
					),
				]
			: [] ),
		...( nobody
			? [
					sprintf(
						/* translators: %s: names of fields */
						__( 'Neither is newer: %s', 'tandem-user-sync' ),
						nobody
					),
				]
			: [] ),
	];
}

export function mendingLabel( mending: VerifyFinding[ 'mending' ] ): string {
	return {
		open: __( 'Differs', 'tandem-user-sync' ),
		wanted: __( 'Being repaired', 'tandem-user-sync' ),
		asked: __( 'Being repaired', 'tandem-user-sync' ),
		forced: __( 'Being repaired', 'tandem-user-sync' ),
		sent: __( 'On its way', 'tandem-user-sync' ),
		refused: __( 'Not repaired', 'tandem-user-sync' ),
	}[ mending ];
}
