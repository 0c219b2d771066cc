import { FormTokenField } from '@wordpress/components';
import { useDebounce } from '@wordpress/compose';
import { useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { SectionCard } from '../../components/section-card';
import { useUsersHere } from '../../hooks/use-users-here';

/** "maria (#12)": the number makes it one account. */
const token = ( { id, username }: { id: number; username: string } ) =>
	`${ username } (#${ id })`;

/** Accounts that no other site may change, besides administrators. */
export function ProtectedCard( {
	value,
	onChange,
}: {
	value: number[];
	onChange: ( ids: number[] ) => void;
} ) {
	const [ search, setSearch ] = useState( '' );
	const searchLater = useDebounce( setSearch, 300 );
	const known = useUsersHere( value, search );
	const name = ( id: number ) =>
		known.find( ( user ) => user.id === id )?.username ??
		/* translators: %d: id of a user */
		sprintf( __( 'User %d', 'tandem-user-sync' ), id );

	return (
		<SectionCard
			title={ __( 'Protected accounts', 'tandem-user-sync' ) }
			description={ __(
				'Administrators, and whoever may manage users or plugins, are never changed, linked or removed by another site. Add anybody else for whom that should be so.',
				'tandem-user-sync'
			) }
		>
			<FormTokenField
				label={ __( 'Also protect', 'tandem-user-sync' ) }
				value={ value.map( ( id ) =>
					token( { id, username: name( id ) } )
				) }
				suggestions={ known
					.filter( ( { id } ) => ! value.includes( id ) )
					.map( token ) }
				maxSuggestions={ 20 }
				onInputChange={ searchLater }
				help=""
				__experimentalValidateInput={ ( text ) =>
					/\(#\d+\)$/.test( text )
				}
				onChange={ ( tokens ) =>
					onChange(
						tokens
							.map( ( item ) =>
								Number(
									/\(#(\d+)\)$/.exec(
										typeof item === 'string'
											? item
											: item.value
									)?.[ 1 ]
								)
							)
							.filter( ( id ) => id > 0 )
					)
				}
			/>
		</SectionCard>
	);
}
