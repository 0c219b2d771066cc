import { Button } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { caution } from '@wordpress/icons';
import { EmptyState, Skeleton, Stack, VisuallyHidden } from '@wordpress/ui';
import type { ReactNode } from 'react';
import type { ApiError } from '../api';
import type { Resource } from '../hooks/use-resource';
import { ErrorNotice } from './error-notice';
import './load-state.scss';

/** Grey shapes in the place of what is being loaded. */
export function Loading( { rows = 3 }: { rows?: number } ) {
	return (
		<Stack direction="column" gap="lg" role="status">
			<VisuallyHidden>
				{ __( 'Loading…', 'tandem-user-sync' ) }
			</VisuallyHidden>
			{ Array.from( { length: rows }, ( _, row ) => (
				<Skeleton key={ row } className="tandem-skeleton" />
			) ) }
		</Stack>
	);
}

/** Nothing could be loaded. */
export function LoadError( {
	error,
	onRetry,
}: {
	error: ApiError;
	onRetry: () => void;
} ) {
	return (
		<EmptyState.Root className="tandem-empty" role="alert">
			<EmptyState.Icon icon={ caution } />
			<EmptyState.Title>
				{ __( 'This could not be loaded', 'tandem-user-sync' ) }
			</EmptyState.Title>
			<EmptyState.Description>{ error.message }</EmptyState.Description>
			<EmptyState.Actions>
				<Button variant="secondary" onClick={ onRetry }>
					{ __( 'Try again', 'tandem-user-sync' ) }
				</Button>
			</EmptyState.Actions>
		</EmptyState.Root>
	);
}

/** Shows a resource, or that it is loading, or why it can't be shown. */
export function Loaded< Data >( {
	resource: { data, error, refresh },
	rows,
	children,
}: {
	resource: Resource< Data >;
	rows?: number;
	children: ( data: Data ) => ReactNode;
} ) {
	if ( data === null ) {
		return error ? (
			<LoadError error={ error } onRetry={ refresh } />
		) : (
			<Loading rows={ rows } />
		);
	}
	return (
		<>
			<ErrorNotice error={ error } onRetry={ refresh } />
			{ children( data ) }
		</>
	);
}
