import { __ } from '@wordpress/i18n';
import { InputControl, Stack } from '@wordpress/ui';
import { useState } from '@wordpress/element';
import type { FormEvent } from 'react';
import { useApp } from '../app-context';
import { LeaveGuard } from '../components/leave-guard';
import { Loaded } from '../components/load-state';
import { SaveBar } from '../components/save-bar';
import { SectionCard } from '../components/section-card';
import { useAction } from '../hooks/use-action';
import { useSettings } from '../hooks/use-settings';
import type { Settings } from '../types';

function SettingsForm( {
	saved,
	onSave,
}: {
	saved: Settings;
	onSave: ( changes: Partial< Settings > ) => Promise< void >;
} ) {
	const { notify } = useApp();
	const { busy, error, clear, run } = useAction< 'save' >();
	// As typed: an empty box is not a number yet.
	const [ typed, setTyped ] = useState<
		Partial< Record< keyof Settings, string > >
	>( {} );
	const entries = Object.entries( typed ) as [ keyof Settings, string ][];
	const changes: Partial< Settings > = Object.fromEntries(
		entries
			.map( ( [ key, text ] ) => [ key, Number( text ) ] as const )
			.filter( ( [ key, value ] ) => value !== saved[ key ] )
	);
	const changed = Object.keys( changes ).length > 0;
	const valid = entries.every( ( [ , text ] ) => /^[1-9]\d*$/.test( text ) );

	const field = ( key: keyof Settings ) => ( {
		type: 'number',
		inputMode: 'numeric' as const,
		min: 1,
		step: 1,
		value: typed[ key ] ?? String( saved[ key ] ),
		onChange: ( event: { target: { value: string } } ) =>
			setTyped( { ...typed, [ key ]: event.target.value } ),
	} );

	function submit( event: FormEvent ) {
		event.preventDefault();
		if ( changed && valid && ! busy ) {
			run( 'save', async () => {
				await onSave( changes );
				setTyped( {} );
				notify( __( 'Settings saved.', 'tandem-user-sync' ) );
			} );
		}
	}

	return (
		<form onSubmit={ submit } noValidate>
			<Stack direction="column" gap="lg">
				<SectionCard title={ __( 'History', 'tandem-user-sync' ) }>
					<InputControl
						label={ __(
							'Keep activity for (days)',
							'tandem-user-sync'
						) }
						description={ __(
							'Older rows are deleted. What still waits or needs a decision is kept.',
							'tandem-user-sync'
						) }
						{ ...field( 'keepActivityDays' ) }
					/>
				</SectionCard>
				<SectionCard title={ __( 'Passwords', 'tandem-user-sync' ) }>
					<InputControl
						label={ __(
							'Wipe waiting passwords after (hours)',
							'tandem-user-sync'
						) }
						description={ __(
							'A password that could not be delivered is stored encrypted until then. After that the person has to set a new one for it to reach the other site.',
							'tandem-user-sync'
						) }
						{ ...field( 'passwordExpiryHours' ) }
					/>
				</SectionCard>
				<SaveBar
					changed={ changed }
					invalid={
						valid
							? null
							: __(
									'Enter whole numbers from 1 on.',
									'tandem-user-sync'
								)
					}
					saving={ busy !== null }
					error={ error }
					onDiscard={ () => {
						setTyped( {} );
						clear();
					} }
				/>
			</Stack>
			<LeaveGuard active={ changed } />
		</form>
	);
}

export function SettingsScreen() {
	const settings = useSettings();
	return (
		<Loaded resource={ settings } rows={ 2 }>
			{ ( saved ) => (
				<SettingsForm saved={ saved } onSave={ settings.save } />
			) }
		</Loaded>
	);
}
