import { Notice } from '@wordpress/components';
import { _n, sprintf } from '@wordpress/i18n';
import { JobCard } from '../../components/job-card';
import { formatNumber } from '../../format';
import { useAction } from '../../hooks/use-action';
import {
	isVerifying,
	type VerificationActions,
} from '../../hooks/use-verification';
import type { Site, Verification } from '../../types';
import { buttonsOf, type VerifyButton } from './buttons';
import { differing, factsOf, titleOf } from './words';

/** Percent, undefined where that can't be known, null where nothing moves. */
function progressOf( { state, compared, total }: Verification ) {
	if ( ! isVerifying( state ) ) {
		return null;
	}
	return state === 'comparing' && total
		? Math.min( 100, ( 100 * compared ) / total )
		: undefined;
}

/** What a verification came to, and what can be done about it. */
export function ResultCard( {
	site,
	verification,
	actions,
}: {
	site: Site;
	verification: Verification;
	actions: VerificationActions;
} ) {
	const action = useAction< VerifyButton >();
	const { id, state, problem, straysThere } = verification;
	const press = {
		start: actions.start,
		cancel: () => actions.cancel( id ),
		repair: () => actions.repair( id, {} ),
	};

	return (
		<JobCard
			title={ titleOf( verification, site ) }
			heading="h3"
			facts={ [ factsOf( verification ) ] }
			buttons={ buttonsOf( verification ) }
			action={ action }
			onPress={ ( button ) => action.run( button, press[ button ] ) }
			progress={ progressOf( verification ) }
			problem={ problem }
			hasFailed={ state === 'failed' }
		>
			{ /* Those whose link is lost are strays there, too. */ }
			{ straysThere > 0 && ! differing( verification ) && (
				<Notice
					className="tandem-notice"
					status="info"
					isDismissible={ false }
				>
					{ sprintf(
						/* translators: 1: number of people, 2: site name */
						_n(
							'%1$s person on %2$s should be known here and is not. Verify from there to bring them.',
							'%1$s people on %2$s should be known here and are not. Verify from there to bring them.',
							straysThere,
							'tandem-user-sync'
						),
						formatNumber( straysThere ),
						site.name
					) }
				</Notice>
			) }
		</JobCard>
	);
}
