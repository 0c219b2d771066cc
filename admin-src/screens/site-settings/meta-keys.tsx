import { Button, FormTokenField } from '@wordpress/components';
import { useEffect, useRef } from '@wordpress/element';
import { __, _n, sprintf } from '@wordpress/i18n';
import { Stack } from '@wordpress/ui';
import { formatNumber } from '../../format';
import type { Choices } from '../../types';

/**
 * FormTokenField names its list with `aria-owns`, as ARIA 1.0 had it. Screen
 * readers of today look for `aria-controls` on a combobox.
 */
function useAriaControls() {
	const ref = useRef< HTMLDivElement >( null );
	useEffect( () => {
		const input = ref.current?.querySelector( '[role=combobox]' );
		if ( ! input ) {
			return;
		}
		const observer = new MutationObserver( () => {
			const list = input.getAttribute( 'aria-owns' );
			if ( list ) {
				input.setAttribute( 'aria-controls', list );
			} else {
				input.removeAttribute( 'aria-controls' );
			}
		} );
		observer.observe( input, { attributeFilter: [ 'aria-owns' ] } );
		return () => observer.disconnect();
	}, [] );
	return ref;
}

/** What stands beside a key: what its plugin calls it, or who has it. */
function about( item?: Choices[ 'metaKeys' ][ number ] ): string {
	const users = item?.users ?? 0;
	return (
		item?.label ||
		sprintf(
			/* translators: %s: number of users */
			_n( '%s user', '%s users', users, 'tandem-user-sync' ),
			formatNumber( users )
		)
	);
}

/** User meta keys: those in use are offered, any other may be typed. */
export function MetaKeys( {
	known,
	groups,
	help,
	value,
	onChange,
}: {
	/** What choosing means, where it is not what the other site takes. */
	help?: string;
	known: Choices[ 'metaKeys' ];
	/** Keys that are added by one button. */
	groups: Choices[ 'metaGroups' ];
	value: string[];
	onChange: ( keys: string[] ) => void;
} ) {
	const ref = useAriaControls();
	const items = new Map( known.map( ( item ) => [ item.key, item ] ) );

	return (
		<div ref={ ref }>
			<FormTokenField
				label={ __( 'User meta keys', 'tandem-user-sync' ) }
				help={
					help ??
					__(
						'Choose from the keys in use, or type any other and press Enter. The other site takes only keys that are registered for REST there; the activity says which it did not take.',
						'tandem-user-sync'
					)
				}
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
				tokenizeOnSpace
				tokenizeOnBlur
				__experimentalRenderItem={ ( { item } ) => (
					<Stack justify="space-between" gap="md">
						<span>{ item }</span>
						<span>{ about( items.get( item ) ) }</span>
					</Stack>
				) }
			/>
			{ groups
				.map( ( group ) => ( {
					...group,
					missing: group.keys.filter(
						( key ) => ! value.includes( key )
					),
				} ) )
				.filter( ( { missing } ) => missing.length > 0 )
				.map( ( { id, label, missing } ) => (
					<Button
						key={ id }
						variant="tertiary"
						size="compact"
						onClick={ () => onChange( [ ...value, ...missing ] ) }
					>
						{ sprintf(
							/* translators: 1: name of a group of fields, 2: a number */
							_n(
								'Add %1$s (%2$s key)',
								'Add %1$s (%2$s keys)',
								missing.length,
								'tandem-user-sync'
							),
							label,
							formatNumber( missing.length )
						) }
					</Button>
				) ) }
		</div>
	);
}
