import { __, sprintf } from '@wordpress/i18n';
import { Text } from '@wordpress/ui';
import { FirstStep } from '../../components/first-step';
import { Loaded } from '../../components/load-state';
import { OneSite } from '../../components/one-site';
import { TextLink } from '../../components/router-link';
import { useVerification } from '../../hooks/use-verification';
import { sectionUrl, useRoute } from '../../router';
import type { Site } from '../../types';
import { Findings } from './findings';
import { ResultCard } from './result-card';
import { differing } from './words';

function SiteVerification( { site }: { site: Site } ) {
	const verification = useVerification( site.id );
	return (
		<Loaded resource={ verification }>
			{ ( { newest } ) =>
				newest ? (
					<>
						<ResultCard
							site={ site }
							verification={ newest }
							actions={ verification }
						/>
						{ differing( newest ) > 0 && (
							<Findings
								// Another state has found more of them, or dealt with some.
								key={ `${ newest.id }-${ newest.state }` }
								site={ site }
								verification={ newest }
								onRepair={ ( request ) =>
									verification.repair( newest.id, request )
								}
							/>
						) }
					</>
				) : (
					<FirstStep
						label={ __( 'Verify', 'tandem-user-sync' ) }
						title={ __(
							'Are both sites still the same?',
							'tandem-user-sync'
						) }
						description={ sprintf(
							/* translators: %s: site name */
							__(
								'Compares all linked people with %s and finds what nothing has noticed: changes made in the database, a restored backup, missing links. Only digests travel, never a value. Nothing is changed until you say so.',
								'tandem-user-sync'
							),
							site.name
						) }
						onStart={ verification.start }
					/>
				)
			}
		</Loaded>
	);
}

/** Compares this site with another one. */
export function VerifyScreen() {
	const { params } = useRoute();
	return (
		<OneSite id={ Number( params.get( 'verify' ) ) }>
			{ ( site ) => (
				<>
					<TextLink href={ sectionUrl( 'sites' ) }>
						{ __( 'All sites', 'tandem-user-sync' ) }
					</TextLink>
					<Text variant="heading-lg" render={ <h2 /> }>
						{ sprintf(
							/* translators: %s: site name */
							__( 'Verify %s', 'tandem-user-sync' ),
							site.name
						) }
					</Text>
					{ site.pairing ? (
						<SiteVerification key={ site.id } site={ site } />
					) : (
						<FirstStep
							label={ __( 'Verify', 'tandem-user-sync' ) }
							title={ __(
								'This needs Tandem on both sites',
								'tandem-user-sync'
							) }
							description={ sprintf(
								/* translators: %s: site name */
								__(
									'%s is a plain WordPress, which can’t be compared as a whole. Install Tandem there and connect it again, or look at people one by one with “Explain” in the list of users.',
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
