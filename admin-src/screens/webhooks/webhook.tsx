import { Button } from '@wordpress/components';
import { useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { InputControl, Stack, Text } from '@wordpress/ui';
import { useApp } from '../../app-context';
import { CheckboxList } from '../../components/checkbox-list';
import { DraftForm } from '../../components/draft-form';
import { Loaded } from '../../components/load-state';
import { OneSite } from '../../components/one-site';
import { TextLink } from '../../components/router-link';
import { SectionCard } from '../../components/section-card';
import { SiteStateBadge } from '../../components/status-badge';
import { useAction } from '../../hooks/use-action';
import { useChoices } from '../../hooks/use-choices';
import { useSiteDraft } from '../../hooks/use-site-draft';
import { sectionUrl, useRoute } from '../../router';
import type { Choices, Site, SiteSettings } from '../../types';
import { MetaKeys } from '../site-settings/meta-keys';
import { WhoSection } from '../site-settings/who-section';
import { eventOptions } from './words';
import './webhooks.scss';

function whyNot( { events, users }: SiteSettings, name: string ) {
	if ( ! name.trim() ) {
		return __( 'The webhook needs a name.', 'tandem-user-sync' );
	}
	if ( ! events.length ) {
		return __( 'Choose at least one event.', 'tandem-user-sync' );
	}
	if ( users.mode === 'roles' && ! users.roles.length ) {
		return __( 'Choose at least one role.', 'tandem-user-sync' );
	}
	return null;
}

/** Another address for the same webhook. */
function AddressCard( { site }: { site: Site } ) {
	const { sites, notify } = useApp();
	const { busy, error, run } = useAction< 'move' >();
	const [ url, setUrl ] = useState( site.url );
	const changed = url.trim() !== site.url;

	return (
		<SectionCard title={ __( 'Address', 'tandem-user-sync' ) }>
			<InputControl
				label={ __( 'Address that is told', 'tandem-user-sync' ) }
				description={
					error?.message ??
					__(
						'What waits goes to the new address.',
						'tandem-user-sync'
					)
				}
				type="url"
				value={ url }
				onChange={ ( event: { target: { value: string } } ) =>
					setUrl( event.target.value )
				}
			/>
			<div>
				<Button
					variant="secondary"
					size="compact"
					isBusy={ busy !== null }
					disabled={ ! changed || busy !== null }
					accessibleWhenDisabled
					onClick={ () =>
						run( 'move', async () => {
							await sites.moveWebhook( site, url.trim() );
							notify(
								__( 'Address changed.', 'tandem-user-sync' )
							);
						} )
					}
				>
					{ __( 'Change the address', 'tandem-user-sync' ) }
				</Button>
			</div>
		</SectionCard>
	);
}

function WebhookForm( { site, choices }: { site: Site; choices: Choices } ) {
	const draft = useSiteDraft( site );
	const { settings, set } = draft;
	const invalid = whyNot( settings, draft.name );

	return (
		<DraftForm site={ site } draft={ draft } invalid={ invalid }>
			<TextLink href={ sectionUrl( 'webhooks' ) }>
				{ __( 'All webhooks', 'tandem-user-sync' ) }
			</TextLink>
			<Stack gap="sm" align="center" wrap="wrap">
				<Text variant="heading-lg" render={ <h2 /> }>
					{ sprintf(
						/* translators: %s: name of a webhook */
						__( 'What %s is told', 'tandem-user-sync' ),
						site.name
					) }
				</Text>
				<SiteStateBadge state={ site.state } />
			</Stack>
			<SectionCard title={ __( 'Events', 'tandem-user-sync' ) }>
				<CheckboxList
					legend={ __( 'Tell it when', 'tandem-user-sync' ) }
					options={ eventOptions() }
					value={ settings.events }
					onChange={ ( events ) => set( { events } ) }
				/>
			</SectionCard>
			<SectionCard title={ __( 'Fields', 'tandem-user-sync' ) }>
				<CheckboxList
					legend={ __( 'Profile', 'tandem-user-sync' ) }
					description={ __(
						'The username and this site’s number of the person are always sent. Passwords never are.',
						'tandem-user-sync'
					) }
					options={ choices.fields
						.filter(
							// Tags are told of by an event of their own.
							( { id } ) => id !== 'password' && id !== 'tags'
						)
						.map( ( { id, label } ) => ( {
							value: id,
							label,
						} ) ) }
					value={ settings.fields }
					onChange={ ( fields ) => set( { fields } ) }
				/>
				<MetaKeys
					known={ choices.metaKeys }
					groups={ choices.metaGroups }
					help={ __(
						'Choose from the keys in use, or type any other and press Enter.',
						'tandem-user-sync'
					) }
					value={ settings.meta }
					onChange={ ( meta ) => set( { meta } ) }
				/>
			</SectionCard>
			<SectionCard title={ __( 'People', 'tandem-user-sync' ) }>
				<WhoSection
					roles={ choices.roles }
					users={ settings.users }
					onChange={ ( users ) => set( { users } ) }
				/>
			</SectionCard>
			<AddressCard key={ site.url } site={ site } />
			<SectionCard title={ __( 'Name', 'tandem-user-sync' ) }>
				<InputControl
					label={ __( 'Name', 'tandem-user-sync' ) }
					description={ __(
						'Shown on these pages only.',
						'tandem-user-sync'
					) }
					value={ draft.name }
					onChange={ ( event: { target: { value: string } } ) =>
						set( { name: event.target.value } )
					}
				/>
			</SectionCard>
		</DraftForm>
	);
}

/** What one webhook is told of. */
export function WebhookScreen() {
	const { params } = useRoute();
	const choices = useChoices();

	return (
		<OneSite id={ Number( params.get( 'webhook' ) ) }>
			{ ( site ) => (
				<Loaded resource={ choices } rows={ 4 }>
					{ ( loaded ) => (
						<WebhookForm
							key={ site.id }
							site={ site }
							choices={ loaded }
						/>
					) }
				</Loaded>
			) }
		</OneSite>
	);
}
