import type { Field } from '@wordpress/dataviews';
import { __ } from '@wordpress/i18n';
import {
	actionLabel,
	actionLabels,
	fieldList,
	resultLabels,
} from '../../components/labels';
import { Person } from '../../components/person';
import { ResultBadge } from '../../components/status-badge';
import { dateTime, formatNumber, relativeTime } from '../../format';
import type { ActivityItem, Site } from '../../types';

/** What a filter offers. */
const elementsOf = ( labels: Record< string, string > ) =>
	Object.entries( labels ).map( ( [ value, label ] ) => ( {
		value,
		label,
	} ) );

/** The columns and filters of the record. */
export function activityFields( sites: Site[] ): Field< ActivityItem >[] {
	return [
		{
			id: 'user',
			label: __( 'User', 'tandem-user-sync' ),
			enableGlobalSearch: true,
			enableHiding: false,
			enableSorting: false,
			filterBy: false,
			getValue: ( { item } ) => item.username,
			render: ( { item } ) => (
				<Person
					name={
						item.username ||
						item.siteName ||
						actionLabel( item.action )
					}
					email={ item.email }
				/>
			),
		},
		{
			id: 'action',
			label: __( 'Action', 'tandem-user-sync' ),
			enableSorting: false,
			elements: elementsOf( actionLabels() ),
			filterBy: { operators: [ 'isAny' ], isPrimary: true },
		},
		{
			id: 'site',
			label: __( 'Site', 'tandem-user-sync' ),
			enableSorting: false,
			getValue: ( { item } ) => item.siteId,
			elements: sites.map( ( { id, name } ) => ( {
				value: id,
				label: name,
			} ) ),
			filterBy: { operators: [ 'is' ], isPrimary: true },
			render: ( { item } ) => <>{ item.siteName }</>,
		},
		{
			id: 'result',
			label: __( 'Result', 'tandem-user-sync' ),
			enableSorting: false,
			elements: elementsOf( resultLabels() ),
			filterBy: { operators: [ 'isAny' ], isPrimary: true },
			render: ( { item } ) => <ResultBadge item={ item } />,
		},
		{
			id: 'message',
			label: __( 'What happened', 'tandem-user-sync' ),
			enableSorting: false,
			filterBy: false,
			render: ( { item } ) => (
				<span className="tandem-wrap">
					{ item.message || fieldList( item.fields ) }
				</span>
			),
		},
		{
			id: 'attempts',
			label: __( 'Attempts', 'tandem-user-sync' ),
			enableSorting: false,
			filterBy: false,
			render: ( { item } ) => <>{ formatNumber( item.attempts ) }</>,
		},
		{
			id: 'date',
			type: 'date',
			label: __( 'Time', 'tandem-user-sync' ),
			enableSorting: false,
			getValue: ( { item } ) => new Date( item.at * 1000 ).toISOString(),
			filterBy: {
				operators: [ 'between', 'on', 'inThePast' ],
				isPrimary: true,
			},
			render: ( { item } ) => (
				<time
					dateTime={ new Date( item.at * 1000 ).toISOString() }
					title={ dateTime( item.at ) }
				>
					{ relativeTime( item.at ) }
				</time>
			),
		},
	];
}
