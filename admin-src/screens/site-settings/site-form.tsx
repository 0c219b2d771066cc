import { __, sprintf } from '@wordpress/i18n';
import { InputControl, Stack, Text } from '@wordpress/ui';
import { DraftForm } from '../../components/draft-form';
import { TextLink } from '../../components/router-link';
import { SectionCard } from '../../components/section-card';
import { SiteStateBadge } from '../../components/status-badge';
import { host } from '../../format';
import { useSiteDraft } from '../../hooks/use-site-draft';
import { sectionUrl } from '../../router';
import type { Choices, Policy, Site, SiteSettings } from '../../types';
import { DeletionsSection } from './deletions-section';
import { ExistingSection } from './existing-section';
import { FieldsSection } from './fields-section';
import { GuestsSection } from './guests-section';
import { LoginSection } from './login-section';
import { PasswordsSection } from './passwords-section';
import { PeopleSection } from './people-section';
import { PolicySection } from './policy-section';
import { VerifySection } from './verify-section';

/** What every part of the form gets. */
export interface SectionProps {
	site: Site;
	choices: Choices;
	settings: SiteSettings;
	set: ( edits: Partial< SiteSettings > ) => void;
}

function whyNot(
	{ deletions, users }: SiteSettings,
	policy: Policy | null,
	name: string
) {
	if ( ! name.trim() ) {
		return __( 'The site needs a name.', 'tandem-user-sync' );
	}
	if ( users.mode === 'roles' && ! users.roles.length ) {
		return __( 'Choose at least one role to sync.', 'tandem-user-sync' );
	}
	if ( policy?.delete === 'delete' && policy.reassign === null ) {
		return __(
			'Choose the account here that gets the content of deleted users.',
			'tandem-user-sync'
		);
	}
	if ( ! policy && deletions.enabled && deletions.reassign === null ) {
		return __(
			'Choose the account that gets the content of deleted users.',
			'tandem-user-sync'
		);
	}
	return null;
}

export function SiteForm( {
	site,
	choices,
}: {
	site: Site;
	choices: Choices;
} ) {
	const draft = useSiteDraft( site );
	const invalid = whyNot( draft.settings, draft.policy, draft.name );
	const section: SectionProps = {
		site,
		choices,
		settings: draft.settings,
		set: draft.set,
	};

	return (
		<DraftForm site={ site } draft={ draft } invalid={ invalid }>
			<TextLink href={ sectionUrl( 'sites' ) }>
				{ __( 'All sites', 'tandem-user-sync' ) }
			</TextLink>
			<Stack direction="column" gap="xs">
				<Stack gap="sm" align="center" wrap="wrap">
					<Text variant="heading-lg" render={ <h2 /> }>
						{ sprintf(
							/* translators: %s: site name */
							__( 'What syncs to %s', 'tandem-user-sync' ),
							site.name
						) }
					</Text>
					<SiteStateBadge state={ site.state } />
				</Stack>
				<Text variant="body-md" render={ <p /> } className="is-weak">
					{ site.pairing
						? `${ host( site.url ) } · ${ site.pairing.versions }`
						: sprintf(
								/* translators: 1: host name, 2: user name on that site */
								__(
									'%1$s, through the account “%2$s” there.',
									'tandem-user-sync'
								),
								host( site.url ),
								site.username
							) }
				</Text>
			</Stack>
			<FieldsSection { ...section } />
			<PeopleSection { ...section } />
			{ site.pairing ? (
				<PasswordsSection { ...section } />
			) : (
				<ExistingSection { ...section } />
			) }
			{ ( choices.hasShop || site.settings.guests.enabled ) && (
				<GuestsSection { ...section } />
			) }
			<DeletionsSection { ...section } />
			{ draft.policy && (
				<PolicySection
					site={ site }
					choices={ choices }
					policy={ draft.policy }
					set={ draft.setPolicy }
				/>
			) }
			{ draft.policy && (
				<LoginSection
					{ ...section }
					policy={ draft.policy }
					setPolicy={ draft.setPolicy }
				/>
			) }
			{ site.pairing && <VerifySection { ...section } /> }
			<SectionCard title={ __( 'Name', 'tandem-user-sync' ) }>
				<InputControl
					label={ __( 'Name of the site', 'tandem-user-sync' ) }
					description={ __(
						'Shown on these pages only.',
						'tandem-user-sync'
					) }
					value={ draft.name }
					onChange={ ( event ) =>
						draft.set( { name: event.target.value } )
					}
				/>
			</SectionCard>
		</DraftForm>
	);
}
