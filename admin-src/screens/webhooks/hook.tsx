import { Button } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { globe } from '@wordpress/icons';
import { EmptyState } from '@wordpress/ui';
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
					<EmptyState.Root className="tandem-empty">
						<EmptyState.Icon icon={ globe } />
						<EmptyState.Title>
							{ __(
								'This webhook does not exist',
								'tandem-user-sync'
							) }
						</EmptyState.Title>
						<EmptyState.Description>
							{ __(
								'It may have been removed.',
								'tandem-user-sync'
							) }
						</EmptyState.Description>
						<EmptyState.Actions>
							<Button
								variant="secondary"
								onClick={ () => go( 'webhooks' ) }
							>
								{ __( 'All webhooks', 'tandem-user-sync' ) }
							</Button>
						</EmptyState.Actions>
					</EmptyState.Root>
				);
			} }
		</Loaded>
	);
}
