/**
 * A list of people that wait for a decision: after a change on this site, or
 * found by a backfill. One is decided in a dialog, many by a bulk action.
 */
import {
	DataViews,
	type Action,
	type Field,
	type View,
} from '@wordpress/dataviews';
import { useMemo, useState } from '@wordpress/element';
import { __ } from '@wordpress/i18n';
import { seen } from '@wordpress/icons';
import { EmptyState, Stack } from '@wordpress/ui';
import type { List } from '../api';
import { useAction } from '../hooks/use-action';
import type { Resource } from '../hooks/use-resource';
import type { Choice } from '../types';
import './decision-list.scss';
import { decisionFields } from './decision-fields';
import { DecisionModal, type Decidable } from './decision-modal';
import { ErrorNotice } from './error-notice';
import { choiceLabel } from './labels';
import { LoadError } from './load-state';

const LAYOUTS = { table: {}, list: {}, activity: {} };
const CHOICES: Choice[] = [ 'link', 'create', 'ignore' ];

interface Props {
	resource: Pick<
		Resource< List< Decidable > >,
		'data' | 'error' | 'isLoading' | 'refresh'
	>;
	view: View;
	onChangeView: ( view: View ) => void;
	siteName: ( item: Decidable ) => string;
	/** Columns besides the two accounts and the reason. */
	extraFields: Field< Decidable >[];
	canName: boolean;
	/** Throws what could not be done. */
	onDecide: (
		items: Decidable[],
		choice: Choice,
		username?: string
	) => Promise< void >;
	emptyTitle: string;
	emptyDescription: string;
}

export function DecisionList( {
	resource,
	view,
	onChangeView,
	siteName,
	extraFields,
	canName,
	onDecide,
	emptyTitle,
	emptyDescription,
}: Props ) {
	const { error, clear, run } = useAction< 'decide' >();
	const [ opened, setOpened ] = useState< Decidable | null >( null );
	const fields = useMemo(
		() => [ ...decisionFields( view.type === 'table' ), ...extraFields ],
		[ extraFields, view.type ]
	);
	const actions = useMemo< Action< Decidable >[] >(
		() => [
			{
				id: 'decide',
				label: __( 'Compare and decide', 'tandem-user-sync' ),
				icon: seen,
				isPrimary: true,
				callback: ( [ item ] ) => setOpened( item ),
			},
			...CHOICES.map( ( choice ): Action< Decidable > => ( {
				id: choice,
				label: choiceLabel( choice ),
				supportsBulk: true,
				// A protected account is linked one by one, after a question.
				isEligible: ( item ) =>
					item.choices.includes( choice ) &&
					! ( choice === 'link' && item.there?.protected ),
				callback: ( items ) => {
					run( 'decide', () => onDecide( items, choice ) );
				},
			} ) ),
		],
		[ onDecide, run ]
	);

	if ( ! resource.data && resource.error ) {
		return (
			<LoadError error={ resource.error } onRetry={ resource.refresh } />
		);
	}
	return (
		<>
			{ ( error || resource.error ) && (
				<Stack
					direction="column"
					gap="sm"
					className="tandem-decisions__error"
				>
					<ErrorNotice error={ error } onDismiss={ clear } />
					<ErrorNotice
						error={ resource.error }
						onRetry={ resource.refresh }
					/>
				</Stack>
			) }
			<DataViews< Decidable >
				data={ resource.data?.items ?? [] }
				fields={ fields }
				actions={ actions }
				view={ view }
				onChangeView={ onChangeView }
				defaultLayouts={ LAYOUTS }
				isLoading={ resource.isLoading }
				paginationInfo={ {
					totalItems: resource.data?.total ?? 0,
					totalPages: resource.data?.pages ?? 1,
				} }
				getItemId={ ( item ) => String( item.id ) }
				onClickItem={ setOpened }
				search={ false }
				empty={
					<EmptyState.Root className="tandem-empty">
						<EmptyState.Title>{ emptyTitle }</EmptyState.Title>
						<EmptyState.Description>
							{ emptyDescription }
						</EmptyState.Description>
					</EmptyState.Root>
				}
			>
				<DataViews.Layout />
				<DataViews.Footer />
			</DataViews>
			{ opened && (
				<DecisionModal
					item={ opened }
					siteName={ siteName( opened ) }
					canName={ canName }
					onDecide={ ( choice, username ) =>
						onDecide( [ opened ], choice, username )
					}
					onClose={ () => setOpened( null ) }
				/>
			) }
		</>
	);
}
