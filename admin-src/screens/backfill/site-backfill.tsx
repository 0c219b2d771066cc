import { useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { FirstStep } from '../../components/first-step';
import { Loaded } from '../../components/load-state';
import { useBackfill } from '../../hooks/use-backfill';
import type { Backfill, BackfillOptions, Site } from '../../types';
import { BackfillConflicts } from './conflicts';
import { Counts } from './counts';
import { OptionsCard } from './options-card';
import { People } from './people';
import { ProgressCard } from './progress-card';

const DEFAULTS: BackfillOptions = {
	create: true,
	bring: 'nothing',
	byName: false,
	fetch: false,
	rate: null,
};

const RUNS: Backfill[ 'state' ][] = [ 'running', 'paused' ];
const CHANGEABLE: Backfill[ 'state' ][] = [
	'indexing',
	'matching',
	'ready',
	...RUNS,
];

/** What is left to be chosen after some of it was stored. */
const without = (
	chosen: Partial< BackfillOptions >,
	stored: Partial< BackfillOptions >
): Partial< BackfillOptions > =>
	Object.fromEntries(
		Object.entries( chosen ).filter( ( [ name ] ) => ! ( name in stored ) )
	);

export function SiteBackfill( { site }: { site: Site } ) {
	const backfill = useBackfill( site.id );
	// What was chosen for the next preview.
	const [ chosen, setChosen ] = useState< Partial< BackfillOptions > >( {} );

	return (
		<Loaded resource={ backfill }>
			{ ( { newest } ) => {
				const wanted = { ...DEFAULTS, ...newest?.options, ...chosen };
				const options = {
					...wanted,
					// It may have been another Tandem there the last time.
					fetch: wanted.fetch && !! site.pairing?.canBeAsked,
				};
				const preview = async () => {
					await backfill.preview( options );
					setChosen( {} );
				};
				const choose = async (
					changes: Partial< BackfillOptions >
				) => {
					// Shown at once; what can't be stored goes back to what it was.
					setChosen( ( before ) => ( { ...before, ...changes } ) );
					if (
						newest &&
						CHANGEABLE.includes( newest.state ) &&
						! ( 'byName' in changes )
					) {
						try {
							await backfill.choose( newest.id, changes );
						} finally {
							setChosen( ( before ) =>
								without( before, changes )
							);
						}
					}
				};
				const card = (
					<OptionsCard
						site={ site }
						options={ options }
						onlyRate={ !! newest && RUNS.includes( newest.state ) }
						byNameIsNew={
							newest?.state === 'ready' &&
							options.byName !== newest.options.byName
						}
						onChange={ choose }
					/>
				);
				if ( ! newest ) {
					return (
						<>
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
								onStart={ preview }
							/>
							{ card }
						</>
					);
				}
				const isCompared = ! [ 'indexing', 'matching' ].includes(
					newest.state
				);
				return (
					<>
						<ProgressCard
							site={ site }
							backfill={ newest }
							actions={ backfill }
							onPreview={ preview }
						/>
						{ newest.state !== 'indexing' && (
							<Counts backfill={ newest } />
						) }
						{ card }
						{ newest.counts.conflict + newest.counts.byName > 0 && (
							<BackfillConflicts
								// Another state has found more of them, or dealt with some.
								key={ `${ newest.id }-${ newest.state }-${ newest.counts.conflict }-${ newest.counts.byName }` }
								site={ site }
								backfill={ newest }
								onDecided={ backfill.refresh }
							/>
						) }
						{ isCompared && (
							<People
								key={ `${ newest.id }-${ newest.state }` }
								site={ site }
								backfill={ newest }
							/>
						) }
					</>
				);
			} }
		</Loaded>
	);
}
