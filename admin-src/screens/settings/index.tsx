import { useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { InputControl, Stack } from '@wordpress/ui';
import type { FormEvent } from 'react';
import { useApp } from '../../app-context';
import { LeaveGuard } from '../../components/leave-guard';
import { Loaded } from '../../components/load-state';
import { SaveBar } from '../../components/save-bar';
import { SectionCard } from '../../components/section-card';
import { formatNumber } from '../../format';
import { useAction } from '../../hooks/use-action';
import { useSettings } from '../../hooks/use-settings';
import type { Settings } from '../../types';
import { AlertsCard, type Alerts } from './alerts-card';
import { ImportCard } from './import-card';
import { PairingCard } from './pairing-card';
import { ProtectedCard } from './protected-card';

/** Settings that are numbers. */
type NumberKey = 'keepActivityDays' | 'passwordExpiryHours';

/** The largest values that the plugin takes. */
const MOST: Record< NumberKey, number > = {
	keepActivityDays: 3650,
	passwordExpiryHours: 168,
};

function whyNot( [ key, text ]: [ NumberKey, string ] ): string | null {
	const value = Number( text );
	return /^\d+$/.test( text ) && value >= 1 && value <= MOST[ key ]
		? null
		: sprintf(
				/* translators: %s: the largest number that can be entered */
				__( 'Enter a whole number from 1 to %s.', 'tandem-user-sync' ),
				formatNumber( MOST[ key ] )
			);
}

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
		Partial< Record< NumberKey, string > >
	>( {} );
	const entries = Object.entries( typed ) as [ NumberKey, string ][];
	const [ chosen, setChosen ] = useState< number[] | null >( null );
	const protectedAccounts = chosen ?? saved.protectedAccounts;
	const [ alerts, setAlerts ] = useState< Partial< Alerts > >( {} );
	const changes: Partial< Settings > = {
		...Object.fromEntries(
			Object.entries( alerts ).filter(
				( [ key, value ] ) => value !== saved[ key as keyof Alerts ]
			)
		),
		...Object.fromEntries(
			entries
				.map( ( [ key, text ] ) => [ key, Number( text ) ] as const )
				.filter( ( [ key, value ] ) => value !== saved[ key ] )
		),
		...( protectedAccounts.join() !== saved.protectedAccounts.join() && {
			protectedAccounts,
		} ),
	};
	const changed = Object.keys( changes ).length > 0;
	const invalid =
		entries.map( whyNot ).find( ( reason ) => reason !== null ) ?? null;

	const field = ( key: NumberKey ) => ( {
		type: 'number',
		inputMode: 'numeric' as const,
		min: 1,
		max: MOST[ key ],
		step: 1,
		value: typed[ key ] ?? String( saved[ key ] ),
		onChange: ( event: { target: { value: string } } ) =>
			setTyped( { ...typed, [ key ]: event.target.value } ),
	} );

	function submit( event: FormEvent ) {
		event.preventDefault();
		if ( changed && ! invalid && ! busy ) {
			run( 'save', async () => {
				await onSave( changes );
				setTyped( {} );
				setChosen( null );
				setAlerts( {} );
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
				<AlertsCard
					value={ { ...saved, ...alerts } }
					onChange={ ( more ) => setAlerts( { ...alerts, ...more } ) }
				/>
				<ProtectedCard
					value={ protectedAccounts }
					onChange={ setChosen }
				/>
				<PairingCard />
				<ImportCard />
				<SaveBar
					changed={ changed }
					invalid={ invalid }
					saving={ busy !== null }
					error={ error }
					onDiscard={ () => {
						setTyped( {} );
						setChosen( null );
						setAlerts( {} );
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
