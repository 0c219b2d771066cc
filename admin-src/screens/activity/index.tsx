import { __, sprintf } from '@wordpress/i18n';
import { Tabs } from '@wordpress/ui';
import { formatNumber } from '../../format';
import { useConflicts } from '../../hooks/use-conflicts';
import { sectionUrl, useRoute, navigate } from '../../router';
import './activity.scss';
import { Decisions } from './decisions';
import { ActivityRecord } from './record';

export function ActivityScreen() {
	const { params } = useRoute();
	const tab = params.get( 'tab' ) === 'decisions' ? 'decisions' : 'record';
	const count = useConflicts( { page: 1, per_page: 1 } );
	const waiting = count.data?.total ?? 0;

	return (
		<Tabs.Root
			className="tandem-activity"
			value={ tab }
			onValueChange={ ( to ) =>
				navigate(
					sectionUrl(
						'activity',
						to === 'decisions' ? { tab: 'decisions' } : {}
					)
				)
			}
		>
			<div className="tandem-activity__tabs">
				<Tabs.List variant="minimal">
					<Tabs.Tab value="record">
						{ __( 'All activity', 'tandem-user-sync' ) }
					</Tabs.Tab>
					<Tabs.Tab value="decisions">
						{ waiting
							? sprintf(
									/* translators: %s: number of people */
									__(
										'Needs a decision (%s)',
										'tandem-user-sync'
									),
									formatNumber( waiting )
								)
							: __( 'Needs a decision', 'tandem-user-sync' ) }
					</Tabs.Tab>
				</Tabs.List>
			</div>
			<Tabs.Panel value="record" tabIndex={ -1 }>
				{ tab === 'record' && (
					<ActivityRecord key={ params.toString() } />
				) }
			</Tabs.Panel>
			<Tabs.Panel value="decisions" tabIndex={ -1 }>
				{ tab === 'decisions' && (
					<Decisions
						key={ params.toString() }
						onDecided={ count.refresh }
					/>
				) }
			</Tabs.Panel>
		</Tabs.Root>
	);
}
