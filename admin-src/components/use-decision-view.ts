import { useViewportMatch } from '@wordpress/compose';
import type { View } from '@wordpress/dataviews';
import { useState } from '@wordpress/element';

/**
 * How a list of decisions begins: a table, and cards on a phone.
 *
 * @param fields      Columns besides the account here.
 * @param reasonWidth Pixels for the sentence of the reason: what the other columns leave on a laptop.
 */
export function useDecisionView( fields: string[], reasonWidth: number ) {
	const isSmall = useViewportMatch( 'medium', '<' );
	return useState< View >( () => ( {
		page: 1,
		perPage: 20,
		titleField: 'here',
		fields,
		...( isSmall
			? { type: 'activity', layout: { density: 'balanced' } }
			: {
					type: 'table',
					layout: {
						density: 'balanced',
						styles: { message: { minWidth: reasonWidth } },
					},
				} ),
	} ) );
}
