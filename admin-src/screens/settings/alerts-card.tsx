import { ToggleControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { InputControl } from '@wordpress/ui';
import { SectionCard } from '../../components/section-card';
import type { Settings } from '../../types';

export type Alerts = Pick< Settings, 'alerts' | 'alertAddress' >;

/** Whether the owner hears by mail of trouble that lasts. */
export function AlertsCard( {
	value,
	onChange,
}: {
	value: Alerts;
	onChange: ( changes: Partial< Alerts > ) => void;
} ) {
	return (
		<SectionCard title={ __( 'Mail about trouble', 'tandem-user-sync' ) }>
			<ToggleControl
				label={ __(
					'Tell me when a site needs attention',
					'tandem-user-sync'
				) }
				help={ __(
					'One email when a site has been away, or people have waited for a decision, for an hour, and one when it is well again.',
					'tandem-user-sync'
				) }
				checked={ value.alerts }
				onChange={ ( alerts ) => onChange( { alerts } ) }
			/>
			{ value.alerts && (
				<InputControl
					label={ __( 'To', 'tandem-user-sync' ) }
					description={ __(
						'Leave empty for the administrator’s address of this site.',
						'tandem-user-sync'
					) }
					type="email"
					value={ value.alertAddress }
					onChange={ ( event: { target: { value: string } } ) =>
						onChange( { alertAddress: event.target.value.trim() } )
					}
				/>
			) }
		</SectionCard>
	);
}
