import { Button } from '@wordpress/components';
import { useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { Stack, Text } from '@wordpress/ui';
import { useApp } from '../../app-context';
import { FirstStep } from '../../components/first-step';
import { Loaded } from '../../components/load-state';
import { OneSite } from '../../components/one-site';
import { TextLink } from '../../components/router-link';
import { SectionCard } from '../../components/section-card';
import { useRules } from '../../hooks/use-rules';
import { sectionUrl, useRoute } from '../../router';
import type { Site } from '../../types';
import { RuleList } from './rule-list';
import { RuleModal } from './rule-modal';

function SiteRules( { site }: { site: Site } ) {
	const { notify } = useApp();
	const rules = useRules( site.id );
	const [ adding, setAdding ] = useState( false );

	return (
		<>
			<Loaded resource={ rules }>
				{ ( list ) =>
					list.length ? (
						<SectionCard
							title={ __( 'Rules', 'tandem-user-sync' ) }
							description={ sprintf(
								/* translators: %s: site name */
								__(
									'A rule counts for what happens from now on. %s decides what it lets rules of this site do.',
									'tandem-user-sync'
								),
								site.name
							) }
						>
							<RuleList
								rules={ list }
								site={ site }
								actions={ rules }
							/>
							<Stack>
								<Button
									variant="primary"
									onClick={ () => setAdding( true ) }
								>
									{ __( 'Add rule', 'tandem-user-sync' ) }
								</Button>
							</Stack>
						</SectionCard>
					) : (
						<FirstStep
							label={ __( 'Add rule', 'tandem-user-sync' ) }
							title={ __(
								'When this happens here, do that there',
								'tandem-user-sync'
							) }
							description={ sprintf(
								/* translators: %s: site name */
								__(
									'For instance: when a product is bought here, enrol in a course on %s; when the order is refunded, end that. A dry run shows who would get what before anything is done.',
									'tandem-user-sync'
								),
								site.name
							) }
							onStart={ async () => setAdding( true ) }
						/>
					)
				}
			</Loaded>
			{ adding && (
				<RuleModal
					site={ site }
					rule={ null }
					onSave={ async ( data ) => {
						await rules.add( data );
						notify( __( 'Rule added.', 'tandem-user-sync' ) );
					} }
					onClose={ () => setAdding( false ) }
				/>
			) }
		</>
	);
}

/** The rules for one site. */
export function RulesScreen() {
	const { params } = useRoute();
	return (
		<OneSite id={ Number( params.get( 'rules' ) ) }>
			{ ( site ) => (
				<>
					<TextLink href={ sectionUrl( 'sites' ) }>
						{ __( 'All sites', 'tandem-user-sync' ) }
					</TextLink>
					<Text variant="heading-lg" render={ <h2 /> }>
						{ sprintf(
							/* translators: %s: site name */
							__( 'Rules for %s', 'tandem-user-sync' ),
							site.name
						) }
					</Text>
					{ site.pairing ? (
						<SiteRules key={ site.id } site={ site } />
					) : (
						<FirstStep
							label={ __( 'Add rule', 'tandem-user-sync' ) }
							title={ __(
								'This needs Tandem on both sites',
								'tandem-user-sync'
							) }
							description={ sprintf(
								/* translators: %s: site name */
								__(
									'%s is a plain WordPress, which knows neither tags nor courses. Install Tandem there and connect it again.',
									'tandem-user-sync'
								),
								site.name
							) }
							onStart={ null }
						/>
					) }
				</>
			) }
		</OneSite>
	);
}
