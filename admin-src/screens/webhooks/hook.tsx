import { __ } from '@wordpress/i18n';
import { Gone } from '../../components/gone';
import { Loaded } from '../../components/load-state';
import { useChoices } from '../../hooks/use-choices';
import { useHooks } from '../../hooks/use-hooks';
import { useRoute } from '../../router';
import { HookForm } from './hook-form';
import './webhooks.scss';

/** One address that takes people in. */
export function HookScreen() {
	const { params, go } = useRoute();
	const hooks = useHooks();
	const choices = useChoices();
	const id = Number( params.get( 'hook' ) );

	return (
		<Loaded resource={ hooks } rows={ 3 }>
			{ ( list ) => {
				const hook = list.find( ( item ) => item.id === id );
				return hook ? (
					<Loaded resource={ choices } rows={ 3 }>
						{ ( loaded ) => (
							<HookForm
								key={ hook.id }
								hook={ hook }
								hooks={ hooks }
								choices={ loaded }
							/>
						) }
					</Loaded>
				) : (
					<Gone
						title={ __(
							'This webhook does not exist',
							'tandem-user-sync'
						) }
						back={ __( 'All webhooks', 'tandem-user-sync' ) }
						onBack={ () => go( 'webhooks' ) }
					/>
				);
			} }
		</Loaded>
	);
}
