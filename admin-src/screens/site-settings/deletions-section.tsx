import { Notice, ToggleControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { SectionCard } from '../../components/section-card';
import { AccountPicker } from './account-picker';
import type { SectionProps } from './site-form';

export function DeletionsSection( { site, settings, set }: SectionProps ) {
	const { deletions } = settings;

	return (
		<SectionCard title={ __( 'Deletions', 'tandem-user-sync' ) }>
			{ site.isMultisite && (
				<Notice
					className="tandem-notice"
					status="info"
					isDismissible={ false }
				>
					{ __(
						'The other site is part of a multisite network. WordPress does not allow accounts to be deleted there from outside. Delete them in its network admin.',
						'tandem-user-sync'
					) }
				</Notice>
			) }
			<ToggleControl
				label={ __(
					'Delete users there when they are deleted here',
					'tandem-user-sync'
				) }
				help={ __(
					'A deleted account can’t be brought back. Protected accounts, administrators above all, are never deleted.',
					'tandem-user-sync'
				) }
				checked={ deletions.enabled && ! site.isMultisite }
				disabled={ site.isMultisite }
				onChange={ ( enabled ) =>
					set( { deletions: { ...deletions, enabled } } )
				}
			/>
			{ deletions.enabled && ! site.isMultisite && (
				<AccountPicker
					site={ site.id }
					value={ deletions.reassign }
					onChange={ ( reassign ) =>
						set( { deletions: { ...deletions, reassign } } )
					}
				/>
			) }
		</SectionCard>
	);
}
