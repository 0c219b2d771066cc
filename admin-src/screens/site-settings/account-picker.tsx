import { RadioControl, SearchControl } from '@wordpress/components';
import { useDebounce } from '@wordpress/compose';
import { useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { Fieldset, Stack, Text } from '@wordpress/ui';
import { ErrorNotice } from '../../components/error-notice';
import { useAccounts } from '../../hooks/use-accounts';
import type { RemoteAccount } from '../../types';
import './account-picker.scss';

const describe = ( { name, username, email }: RemoteAccount ) => ( {
	label: name && name !== username ? `${ name } (${ username })` : username,
	description: email,
} );

/** An account of the other site, or of this one, found by typing. */
export function AccountPicker( {
	site,
	here = false,
	value,
	onChange,
}: {
	site: number;
	/** Whether the accounts are those of this site. */
	here?: boolean;
	value: number | null;
	onChange: ( id: number ) => void;
} ) {
	const [ typed, setTyped ] = useState( '' );
	const [ search, setSearch ] = useState( '' );
	const searchLater = useDebounce( setSearch, 300 );
	const accounts = useAccounts( site, search );
	const [ chosen, setChosen ] = useState< RemoteAccount | null >( null );

	const found = accounts.data ?? [];
	const options = found.map( ( account ) => ( {
		value: String( account.id ),
		...describe( account ),
	} ) );
	// The one that is set may not be among those found.
	if ( value !== null && ! found.some( ( { id } ) => id === value ) ) {
		options.unshift( {
			value: String( value ),
			...( chosen?.id === value
				? describe( chosen )
				: {
						label: sprintf(
							/* translators: %d: id of an account on another site */
							__( 'Account #%d', 'tandem-user-sync' ),
							value
						),
						description: '',
					} ),
		} );
	}

	return (
		<Fieldset.Root>
			<Fieldset.Legend>
				{ __( 'Who gets the content', 'tandem-user-sync' ) }
			</Fieldset.Legend>
			<Stack direction="column" gap="md">
				<Text variant="body-md" render={ <p /> } className="is-weak">
					{ here
						? __(
								'Posts and pages of a deleted user belong to this account of this site from then on.',
								'tandem-user-sync'
							)
						: __(
								'Posts and pages of a deleted user belong to this account of the other site from then on.',
								'tandem-user-sync'
							) }
				</Text>
				<SearchControl
					label={
						here
							? __( 'Search accounts here', 'tandem-user-sync' )
							: __( 'Search accounts there', 'tandem-user-sync' )
					}
					value={ typed }
					onChange={ ( text ) => {
						setTyped( text );
						searchLater( text.trim() );
					} }
				/>
				<div
					className="tandem-accounts"
					aria-busy={ accounts.isLoading }
				>
					{ options.length > 0 && (
						<RadioControl
							label={ __( 'Account', 'tandem-user-sync' ) }
							hideLabelFromVision
							selected={ value === null ? '' : String( value ) }
							options={ options }
							onChange={ ( id ) => {
								setChosen(
									found.find(
										( account ) =>
											String( account.id ) === id
									) ?? chosen
								);
								onChange( Number( id ) );
							} }
						/>
					) }
					<div role="status" className="is-weak">
						{ accounts.isLoading &&
							! found.length &&
							__( 'Loading…', 'tandem-user-sync' ) }
						{ accounts.data &&
							! found.length &&
							__( 'No account matches.', 'tandem-user-sync' ) }
					</div>
				</div>
				<ErrorNotice
					error={ accounts.error }
					onRetry={ accounts.refresh }
				/>
			</Stack>
		</Fieldset.Root>
	);
}
