import type { Field } from '@wordpress/dataviews';
import { __ } from '@wordpress/i18n';
import type { Decidable } from './decision-modal';
import { Person } from './person';
import { AdministratorBadge } from './status-badge';

/**
 * The columns that every list of decisions has.
 *
 * @param hasHeadings Whether the list is a table.
 */
export function decisionFields( hasHeadings: boolean ): Field< Decidable >[] {
	const other = __( 'Other site', 'tandem-user-sync' );
	return [
		{
			id: 'here',
			label: __( 'This site', 'tandem-user-sync' ),
			enableHiding: false,
			enableSorting: false,
			filterBy: false,
			getValue: ( { item } ) => item.here.username,
			render: ( { item } ) => (
				<Person name={ item.here.username } email={ item.here.email } />
			),
		},
		{
			id: 'there',
			label: other,
			enableSorting: false,
			filterBy: false,
			getValue: ( { item } ) => item.there?.username ?? '',
			render: ( { item: { there } } ) =>
				there ? (
					<Person
						label={ hasHeadings ? undefined : other }
						name={ there.username }
						email={ there.email }
					>
						{ there.protected && <AdministratorBadge /> }
					</Person>
				) : (
					<>{ __( 'No account', 'tandem-user-sync' ) }</>
				),
		},
		{
			id: 'message',
			label: __( 'Reason', 'tandem-user-sync' ),
			enableSorting: false,
			filterBy: false,
			render: ( { item } ) => (
				<span className="tandem-wrap">{ item.message }</span>
			),
		},
	];
}
