import { ComboboxControl } from '@wordpress/components';
import { useDebounce } from '@wordpress/compose';
import { useMemo, useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { Stack } from '@wordpress/ui';
import { ErrorNotice } from '../../components/error-notice';
import { useAccounts } from '../../hooks/use-accounts';
import type { RemoteAccount } from '../../types';

const label = ( { name, username }: RemoteAccount ) =>
	name && name !== username ? `${ name } (${ username })` : username;

/** An account of the other site, found by typing. */
export function AccountPicker( {
	site,
	value,
	onChange,
}: {
	site: number;
	value: number | null;
	onChange: ( id: number | null ) => void;
} ) {
	const [ search, setSearch ] = useState( '' );
	const searchLater = useDebounce( setSearch, 300 );
	const accounts = useAccounts( site, search );
	const [ chosen, setChosen ] = useState< RemoteAccount | null >( null );

	const options = useMemo( () => {
		const list = ( accounts.data ?? [] ).map( ( account ) => ( {
			value: String( account.id ),
			label: label( account ),
		} ) );
		// The one that is set may not be among those found.
		if (
			value !== null &&
			! list.some( ( item ) => item.value === String( value ) )
		) {
			list.unshift( {
				value: String( value ),
				label:
					chosen?.id === value
						? label( chosen )
						: sprintf(
								/* translators: %d: id of an account on another site */
								__( 'Account #%d', 'tandem-user-sync' ),
								value
							),
			} );
		}
		return list;
	}, [ accounts.data, chosen, value ] );

	return (
		<Stack direction="column" gap="sm">
			<ComboboxControl
				label={ __(
					'Account there that gets the content of deleted users',
					'tandem-user-sync'
				) }
				help={ __(
					'Posts and pages of a deleted user belong to this account from then on.',
					'tandem-user-sync'
				) }
				placeholder={ __( 'Search accounts', 'tandem-user-sync' ) }
				value={ value === null ? null : String( value ) }
				options={ options }
				isLoading={ accounts.isLoading }
				onFilterValueChange={ searchLater }
				onChange={ ( id ) => {
					const found = accounts.data?.find(
						( account ) => String( account.id ) === id
					);
					setChosen( found ?? chosen );
					onChange( id ? Number( id ) : null );
				} }
			/>
			<ErrorNotice
				error={ accounts.error }
				onRetry={ accounts.refresh }
			/>
		</Stack>
	);
}
