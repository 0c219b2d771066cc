import { __, sprintf } from '@wordpress/i18n';
import { FirstStep } from '../../components/first-step';
import { Loaded } from '../../components/load-state';
import { useBackfill } from '../../hooks/use-backfill';
import type { Site } from '../../types';
import { BackfillConflicts } from './conflicts';
import { Counts } from './counts';
import { ProgressCard } from './progress-card';

export function SiteBackfill( { site }: { site: Site } ) {
	const backfill = useBackfill( site.id );

	return (
		<Loaded resource={ backfill }>
			{ ( { newest } ) =>
				newest ? (
					<>
						<ProgressCard
							site={ site }
							backfill={ newest }
							actions={ backfill }
						/>
						{ newest.state !== 'indexing' && (
							<Counts backfill={ newest } />
						) }
						{ newest.counts.conflict > 0 && (
							<BackfillConflicts
								// Another state has found more of them, or dealt with some.
								key={ `${ newest.id }-${ newest.state }-${ newest.counts.conflict }` }
								site={ site }
								backfill={ newest }
								onDecided={ backfill.refresh }
							/>
						) }
					</>
				) : (
					<FirstStep
						title={ __(
							'Bring your existing users along',
							'tandem-user-sync'
						) }
						description={ sprintf(
							/* translators: %s: site name */
							__(
								'Users with the same email on both sites are linked, those missing on %s are created there. The preview counts them first and writes nothing.',
								'tandem-user-sync'
							),
							site.name
						) }
						label={ __( 'Preview', 'tandem-user-sync' ) }
						onStart={ backfill.preview }
					/>
				)
			}
		</Loaded>
	);
}
