import { Button } from '@wordpress/components';
import { useEffect, useRef } from '@wordpress/element';
import { __ } from '@wordpress/i18n';
import { Stack, Text } from '@wordpress/ui';
import type { ApiError } from '../api';
import { ErrorNotice } from './error-notice';
import './save-bar.scss';

/** Save and discard, at the foot of a form and always in sight. */
export function SaveBar( {
	changed,
	invalid = null,
	saving,
	error,
	onDiscard,
}: {
	changed: boolean;
	/** Why it can't be saved yet. */
	invalid?: string | null;
	saving: boolean;
	error: ApiError | null;
	onDiscard: () => void;
} ) {
	const bar = useRef< HTMLDivElement >( null );
	useEffect( () => {
		if ( changed ) {
			// It comes up over the field that is being changed.
			bar.current?.ownerDocument.activeElement?.scrollIntoView( {
				block: 'nearest',
			} );
		}
	}, [ changed ] );

	return (
		<div
			ref={ bar }
			className={ `tandem-save-bar${ changed ? ' is-changed' : '' }` }
		>
			<ErrorNotice error={ error } />
			<Stack gap="sm" align="center" wrap="wrap">
				<Button
					variant="primary"
					type="submit"
					isBusy={ saving }
					disabled={ ! changed || saving || invalid !== null }
					accessibleWhenDisabled
				>
					{ __( 'Save changes', 'tandem-user-sync' ) }
				</Button>
				{ changed && (
					<Button
						variant="tertiary"
						disabled={ saving }
						accessibleWhenDisabled
						onClick={ onDiscard }
					>
						{ __( 'Discard', 'tandem-user-sync' ) }
					</Button>
				) }
				<Text variant="body-md" className="is-weak" role="status">
					{ changed &&
						( invalid ??
							__( 'Not saved yet.', 'tandem-user-sync' ) ) }
				</Text>
			</Stack>
		</div>
	);
}
