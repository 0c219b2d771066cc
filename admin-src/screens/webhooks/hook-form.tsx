import { Button, RadioControl } from '@wordpress/components';
import { useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { InputControl, Stack, Text } from '@wordpress/ui';
import type { FormEvent } from 'react';
import { useApp } from '../../app-context';
import { ConfirmModal } from '../../components/confirm-modal';
import { LeaveGuard } from '../../components/leave-guard';
import { TextLink } from '../../components/router-link';
import { SaveBar } from '../../components/save-bar';
import { SectionCard } from '../../components/section-card';
import { useAction } from '../../hooks/use-action';
import type { Hooks } from '../../hooks/use-hooks';
import { sectionUrl, useRoute } from '../../router';
import type {
	Choices,
	HookChanges,
	HookMapping,
	HookSettings,
	HookState,
	IncomingHook,
} from '../../types';
import { AccessCard } from './access-card';
import { MapCard } from './map-card';
import { RequestCard } from './request-card';
import { RulesCard } from './rules-card';
import { guess } from './words';

interface Draft {
	name: string;
	state: HookState;
	settings: HookSettings;
}

/** Puts a part of the request into a field: at the end of what is there. */
function mapped(
	map: HookMapping[],
	field: string,
	path: string
): HookMapping[] {
	return map.some( ( item ) => item.field === field )
		? map.map( ( item ) =>
				item.field === field
					? { ...item, from: `${ item.from } {${ path }}`.trim() }
					: item
			)
		: [ ...map, { field, from: `{${ path }}` } ];
}

const hasEmail = ( { map }: HookSettings ) =>
	map.some( ( { field, from } ) => field === 'user_email' && from.trim() );

function whyNot( { name, state, settings }: Draft ): string | null {
	const { map, perMinute } = settings;
	if ( ! name.trim() ) {
		return __( 'The webhook needs a name.', 'tandem-user-sync' );
	}
	if ( map.some( ( { from } ) => ! from.trim() ) ) {
		return __(
			'A field in the map is empty: fill it, or take it out.',
			'tandem-user-sync'
		);
	}
	if ( map.some( ( { field } ) => field === 'meta:' ) ) {
		return __( 'A user meta field needs its key.', 'tandem-user-sync' );
	}
	if ( state === 'on' && ! hasEmail( settings ) ) {
		return __(
			'To switch it on, map a part of the request onto the email address.',
			'tandem-user-sync'
		);
	}
	if (
		! Number.isInteger( perMinute ) ||
		perMinute < 1 ||
		perMinute > 1000
	) {
		return __(
			'Enter a whole number of requests, from 1 to 1,000.',
			'tandem-user-sync'
		);
	}
	return null;
}

export function HookForm( {
	hook,
	hooks,
	choices,
}: {
	hook: IncomingHook;
	hooks: Hooks;
	choices: Choices;
} ) {
	const { notify } = useApp();
	const { go } = useRoute();
	const { busy, error, clear, run } = useAction< 'save' | 'forget' >();
	const [ edits, setEdits ] = useState< HookChanges >( {} );
	const [ removing, setRemoving ] = useState( false );
	const draft: Draft = {
		name: edits.name ?? hook.name,
		state: edits.state ?? hook.state,
		settings: { ...hook.settings, ...edits.settings },
	};
	const { map } = draft.settings;
	const set = ( more: Partial< HookSettings > ) =>
		setEdits( ( old ) => ( {
			...old,
			settings: { ...old.settings, ...more },
		} ) );
	const changed =
		JSON.stringify( [ draft.name, draft.state, draft.settings ] ) !==
		JSON.stringify( [ hook.name, hook.state, hook.settings ] );
	const invalid = whyNot( draft );
	const fitting = ( hook.request?.fields ?? [] )
		.map( ( { path } ) => ( { path, field: guess( path ) } ) )
		.filter(
			( item, at, all ): item is { path: string; field: string } =>
				item.field !== null &&
				! map.some( ( { field } ) => field === item.field ) &&
				all.findIndex( ( { field } ) => field === item.field ) === at
		);

	function save( event: FormEvent ) {
		event.preventDefault();
		if ( changed && ! invalid && ! busy ) {
			run( 'save', async () => {
				await hooks.save( hook.id, edits );
				setEdits( {} );
				notify( __( 'Settings saved.', 'tandem-user-sync' ) );
			} );
		}
	}

	return (
		<form onSubmit={ save } noValidate>
			<Stack direction="column" gap="lg">
				<TextLink href={ sectionUrl( 'webhooks' ) }>
					{ __( 'All webhooks', 'tandem-user-sync' ) }
				</TextLink>
				<Text variant="heading-lg" render={ <h2 /> }>
					{ sprintf(
						/* translators: %s: name of a webhook */
						__( 'People from %s', 'tandem-user-sync' ),
						hook.name
					) }
				</Text>
				<AccessCard hook={ hook } hooks={ hooks } />
				<div className="tandem-mapping">
					<RequestCard
						request={ hook.request }
						onMap={ ( field, path ) =>
							set( { map: mapped( map, field, path ) } )
						}
						onForget={ () =>
							run( 'forget', async () => {
								await hooks.forgetRequest( hook.id );
							} )
						}
					/>
					<MapCard
						map={ map }
						request={ hook.request }
						onChange={ ( next ) => set( { map: next } ) }
						onGuess={
							fitting.length
								? () =>
										set( {
											map: [
												...map,
												...fitting.map(
													( { field, path } ) => ( {
														field,
														from: `{${ path }}`,
													} )
												),
											],
										} )
								: null
						}
					/>
				</div>
				<RulesCard
					settings={ draft.settings }
					choices={ choices }
					set={ set }
				/>
				<SectionCard title={ __( 'Switch', 'tandem-user-sync' ) }>
					<RadioControl
						label={ __( 'This webhook is', 'tandem-user-sync' ) }
						selected={ draft.state }
						options={ [
							{
								value: 'listening',
								label: __(
									'Listening: requests are shown here, and nobody is created',
									'tandem-user-sync'
								),
							},
							{
								value: 'on',
								label: __(
									'On: people are created and changed',
									'tandem-user-sync'
								),
							},
							{
								value: 'off',
								label: __(
									'Off: requests are refused',
									'tandem-user-sync'
								),
							},
						] }
						onChange={ ( state ) =>
							setEdits( {
								...edits,
								state: state as HookState,
							} )
						}
					/>
					<InputControl
						label={ __( 'Name', 'tandem-user-sync' ) }
						value={ draft.name }
						onChange={ ( event: { target: { value: string } } ) =>
							setEdits( { ...edits, name: event.target.value } )
						}
					/>
					<div>
						<Button
							variant="link"
							isDestructive
							onClick={ () => setRemoving( true ) }
						>
							{ __( 'Remove this webhook', 'tandem-user-sync' ) }
						</Button>
					</div>
				</SectionCard>
				<SaveBar
					changed={ changed }
					invalid={ invalid }
					saving={ busy === 'save' }
					error={ error }
					onDiscard={ () => {
						setEdits( {} );
						clear();
					} }
				/>
			</Stack>
			<LeaveGuard active={ changed } />
			{ removing && (
				<ConfirmModal
					title={ sprintf(
						/* translators: %s: name of a webhook */
						__( 'Remove %s?', 'tandem-user-sync' ),
						hook.name
					) }
					confirmLabel={ __( 'Remove', 'tandem-user-sync' ) }
					onClose={ () => setRemoving( false ) }
					onConfirm={ async () => {
						await hooks.remove( hook.id );
						go( 'webhooks' );
					} }
				>
					<Text variant="body-md" render={ <p /> }>
						{ __(
							'Its address and its secret stop working at once. People whom it has created stay.',
							'tandem-user-sync'
						) }
					</Text>
				</ConfirmModal>
			) }
		</form>
	);
}
