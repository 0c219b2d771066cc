import { __ } from '@wordpress/i18n';
import { Stack } from '@wordpress/ui';
import type { FormEvent, ReactNode } from 'react';
import { useApp } from '../app-context';
import { useAction } from '../hooks/use-action';
import type { useSiteDraft } from '../hooks/use-site-draft';
import type { Site } from '../types';
import { LeaveGuard } from './leave-guard';
import { SaveBar } from './save-bar';

/** A form about a site, or a webhook: saves its draft, and asks before changes are lost. */
export function DraftForm( {
	site,
	draft,
	invalid,
	children,
}: {
	site: Site;
	draft: ReturnType< typeof useSiteDraft >;
	/** Why it can't be saved, or null. */
	invalid: string | null;
	children: ReactNode;
} ) {
	const { sites, notify } = useApp();
	const { busy, error, clear, run } = useAction< 'save' >();

	function save( event: FormEvent ) {
		event.preventDefault();
		const { changes } = draft;
		if ( changes && ! invalid && ! busy ) {
			run( 'save', async () => {
				await sites.save( site.id, changes );
				draft.reset();
				notify( __( 'Settings saved.', 'tandem-user-sync' ) );
			} );
		}
	}

	return (
		<form onSubmit={ save } noValidate>
			<Stack direction="column" gap="lg">
				{ children }
				<SaveBar
					changed={ draft.changes !== null }
					invalid={ invalid }
					saving={ busy !== null }
					error={ error }
					onDiscard={ () => {
						draft.reset();
						clear();
					} }
				/>
			</Stack>
			<LeaveGuard active={ draft.changes !== null } />
		</form>
	);
}
