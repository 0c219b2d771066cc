import { Button } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { people } from '@wordpress/icons';
import { Card, EmptyState, Stack, Text } from '@wordpress/ui';
import { ErrorNotice } from '../../components/error-notice';
import { Loaded } from '../../components/load-state';
import { OneSite } from '../../components/one-site';
import { TextLink } from '../../components/router-link';
import { useAction } from '../../hooks/use-action';
import { useVerification } from '../../hooks/use-verification';
import { sectionUrl, useRoute } from '../../router';
import type { Site } from '../../types';
import { Findings } from './findings';
import { ResultCard } from './result-card';
import { differing } from './words';

function Nothing( {
	title,
	description,
	onStart,
}: {
	title: string;
	description: string;
	/** Null where it can't be done. */
	onStart: ( () => Promise< void > ) | null;
} ) {
	const { busy, error, run } = useAction< 'start' >();
	return (
		<Card.Root>
			<Card.Content>
				<EmptyState.Root className="tandem-empty">
					<EmptyState.Icon icon={ people } />
					<EmptyState.Title>{ title }</EmptyState.Title>
					<EmptyState.Description>
						{ description }
					</EmptyState.Description>
					{ onStart && (
						<EmptyState.Actions>
							<Stack direction="column" gap="md">
								<Button
									variant="primary"
									isBusy={ busy !== null }
									disabled={ busy !== null }
									accessibleWhenDisabled
									onClick={ () => run( 'start', onStart ) }
								>
									{ __( 'Verify', 'tandem-user-sync' ) }
								</Button>
								<ErrorNotice error={ error } />
							</Stack>
						</EmptyState.Actions>
					) }
				</EmptyState.Root>
			</Card.Content>
		</Card.Root>
	);
}

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
					<Nothing
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
						<Nothing
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
