import { FormTokenField } from '@wordpress/components';
import { __, _n, sprintf } from '@wordpress/i18n';
import { Stack, Text } from '@wordpress/ui';
import { formatNumber } from '../../format';
import type { Choices } from '../../types';

/** User meta keys: those in use are offered, any other may be typed. */
export function MetaKeys( {
	known,
	value,
	onChange,
}: {
	known: Choices[ 'metaKeys' ];
	value: string[];
	onChange: ( keys: string[] ) => void;
} ) {
	const users = new Map( known.map( ( item ) => [ item.key, item.users ] ) );

	return (
		<Stack direction="column" gap="sm">
			<FormTokenField
				label={ __( 'User meta keys', 'tandem-user-sync' ) }
				value={ value }
				suggestions={ known.map( ( { key } ) => key ) }
				maxSuggestions={ 50 }
				onChange={ ( tokens ) =>
					onChange(
						tokens.map( ( token ) =>
							typeof token === 'string' ? token : token.value
						)
					)
				}
				__experimentalExpandOnFocus
				__experimentalShowHowTo={ false }
				tokenizeOnSpace
				tokenizeOnBlur
				__experimentalRenderItem={ ( { item } ) => (
					<Stack justify="space-between" gap="md">
						<span>{ item }</span>
						<span>
							{ sprintf(
								/* translators: %s: number of users */
								_n(
									'%s user',
									'%s users',
									users.get( item ) ?? 0,
									'tandem-user-sync'
								),
								formatNumber( users.get( item ) ?? 0 )
							) }
						</span>
					</Stack>
				) }
			/>
			<Text variant="body-sm" render={ <p /> } className="is-weak">
				{ __(
					'Choose from the keys in use or type any other. The other site takes only keys that are registered for REST there; the activity says which it did not take.',
					'tandem-user-sync'
				) }
			</Text>
		</Stack>
	);
}
