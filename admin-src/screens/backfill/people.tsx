import { SelectControl } from '@wordpress/components';
import { DataViews, type Field, type View } from '@wordpress/dataviews';
import { useViewportMatch } from '@wordpress/compose';
import { useMemo, useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { Card, Stack } from '@wordpress/ui';
import { LoadError } from '../../components/load-state';
import { Person } from '../../components/person';
import { formatNumber } from '../../format';
import { useBackfillPeople } from '../../hooks/use-backfill';
import type {
	Backfill,
	BackfillFinding,
	BackfillPerson,
	Site,
} from '../../types';
import { showLabel } from './words';

const LAYOUTS = { table: {}, activity: {} };

type Show = BackfillFinding | 'remarked';

/** How many there are in each list. */
function sizes( { counts }: Backfill ): [ Show, number ][] {
	return [
		[ 'remarked', counts.remarked ],
		[ 'link', counts.link ],
		[ 'create', counts.create ],
		[ 'missing_here', counts.onlyThere ],
		[ 'already', counts.alreadyLinked ],
		[ 'left', counts.left ],
	];
}

/** The people behind the numbers. */
export function People( {
	site,
	backfill,
}: {
	site: Site;
	backfill: Backfill;
} ) {
	const isSmall = useViewportMatch( 'medium', '<' );
	const lists = sizes( backfill ).filter( ( [ , size ] ) => size > 0 );
	const [ show, setShow ] = useState< Show >( lists[ 0 ]?.[ 0 ] ?? 'link' );
	const [ view, setView ] = useState< View >( {
		type: isSmall ? 'activity' : 'table',
		titleField: 'here',
		fields: [ 'there', 'remark' ],
		page: 1,
		perPage: 20,
		layout: isSmall ? {} : { styles: { remark: { minWidth: 280 } } },
	} as View );
	const people = useBackfillPeople( backfill.id, {
		show,
		page: view.page ?? 1,
		per_page: view.perPage ?? 20,
	} );
	const fields = useMemo< Field< BackfillPerson >[] >(
		() => [
			{
				id: 'here',
				label: __( 'This site', 'tandem-user-sync' ),
				enableSorting: false,
				filterBy: false,
				enableHiding: false,
				render: ( { item: { here } } ) =>
					here.id ? (
						<Person name={ here.username } email={ here.email } />
					) : (
						<>{ __( 'No account', 'tandem-user-sync' ) }</>
					),
			},
			{
				id: 'there',
				label: site.name,
				enableSorting: false,
				filterBy: false,
				render: ( { item: { there } } ) =>
					there ? (
						<Person name={ there.username } email={ there.email } />
					) : (
						<>{ __( 'No account', 'tandem-user-sync' ) }</>
					),
			},
			{
				id: 'remark',
				label: __( 'Remark', 'tandem-user-sync' ),
				enableSorting: false,
				filterBy: false,
				render: ( { item } ) => (
					<span className="tandem-wrap">
						{ [ item.remark, item.message ]
							.filter( Boolean )
							.join( ' ' ) }
					</span>
				),
			},
		],
		[ site.name ]
	);

	if ( lists.length === 0 ) {
		return null;
	}
	if ( ! people.data && people.error ) {
		return <LoadError error={ people.error } onRetry={ people.refresh } />;
	}
	return (
		<Card.Root
			render={
				<section aria-label={ __( 'People', 'tandem-user-sync' ) } />
			}
		>
			<Card.Header>
				<Card.Title render={ <h2 /> }>
					{ __( 'People', 'tandem-user-sync' ) }
				</Card.Title>
			</Card.Header>
			<Card.Content>
				<Stack direction="column" gap="md">
					<div className="tandem-backfill__site">
						<SelectControl
							label={ __( 'Show', 'tandem-user-sync' ) }
							value={ show }
							options={ lists.map( ( [ value, size ] ) => ( {
								value,
								label: sprintf(
									/* translators: 1: which users, 2: number of them */
									__( '%1$s (%2$s)', 'tandem-user-sync' ),
									showLabel( value ),
									formatNumber( size )
								),
							} ) ) }
							onChange={ ( value ) => {
								setShow( value as Show );
								setView( ( before ) => ( {
									...before,
									page: 1,
								} ) );
							} }
						/>
					</div>
					<Card.FullBleed>
						<DataViews< BackfillPerson >
							data={ people.data?.items ?? [] }
							fields={ fields }
							view={ view }
							onChangeView={ setView }
							defaultLayouts={ LAYOUTS }
							isLoading={ people.isLoading }
							paginationInfo={ {
								totalItems: people.data?.total ?? 0,
								totalPages: people.data?.pages ?? 1,
							} }
							getItemId={ ( item ) => String( item.id ) }
							search={ false }
						>
							<DataViews.Layout />
							<DataViews.Footer />
						</DataViews>
					</Card.FullBleed>
				</Stack>
			</Card.Content>
		</Card.Root>
	);
}
