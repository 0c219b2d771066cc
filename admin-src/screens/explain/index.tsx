import { __, sprintf } from '@wordpress/i18n';
import { Link, Stack, Text } from '@wordpress/ui';
import { Loaded } from '../../components/load-state';
import { TextLink } from '../../components/router-link';
import { useExplanation } from '../../hooks/use-explanation';
import { sectionUrl, useRoute } from '../../router';
import { SiteExplanationCard } from './site-card';

function Explanation( { user }: { user: number } ) {
	const explanation = useExplanation( user );
	return (
		<Loaded resource={ explanation } rows={ 4 }>
			{ ( { user: person, sites } ) => (
				<>
					<Link href="users.php">
						{ __( 'All users', 'tandem-user-sync' ) }
					</Link>
					<Stack direction="column" gap="xs">
						<Text variant="heading-lg" render={ <h2 /> }>
							{ sprintf(
								/* translators: %s: a person's name */
								__( 'How %s is synced', 'tandem-user-sync' ),
								person.name || person.username
							) }
						</Text>
						<Text
							variant="body-md"
							render={ <p /> }
							className="is-weak"
						>
							{ [ person.username, person.email ]
								.filter( Boolean )
								.join( ' · ' ) }{ ' ' }
							<TextLink
								href={ sectionUrl( 'activity', {
									user: person.id,
								} ) }
							>
								{ __( 'View activity', 'tandem-user-sync' ) }
							</TextLink>
						</Text>
					</Stack>
					{ sites.map( ( site ) => (
						<SiteExplanationCard
							key={ site.siteId }
							explanation={ site }
							onSync={ () => explanation.sync( site.siteId ) }
						/>
					) ) }
					{ ! sites.length && (
						<p>{ __( 'No sites yet', 'tandem-user-sync' ) }</p>
					) }
				</>
			) }
		</Loaded>
	);
}

/** Explains one person. */
export function ExplainScreen() {
	const { params } = useRoute();
	const user = Number( params.get( 'explain' ) );
	return <Explanation key={ user } user={ user } />;
}
