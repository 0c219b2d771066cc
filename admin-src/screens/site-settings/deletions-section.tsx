import { Notice, ToggleControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { SectionCard } from '../../components/section-card';
import { AccountPicker } from './account-picker';
import type { SectionProps } from './site-form';

export function DeletionsSection( { site, settings, set }: SectionProps ) {
	const { deletions } = settings;
	const canDelete = site.pairing !== null || ! site.isMultisite;

	return (
		<SectionCard title={ __( 'Deletions', 'tandem-user-sync' ) }>
			{ site.isMultisite && ! site.pairing && (
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
				label={
					site.pairing
						? __(
								'Tell the other site when users are deleted here',
								'tandem-user-sync'
							)
						: __(
								'Delete users there when they are deleted here',
								'tandem-user-sync'
							)
				}
				help={
					site.pairing
						? __(
								'What that does there is decided there, under “What may that site do here?”: nothing, take the roles away, suspend or delete.',
								'tandem-user-sync'
							)
						: __(
								'A deleted account can’t be brought back. Protected accounts, administrators above all, are never deleted.',
								'tandem-user-sync'
							)
				}
				checked={ deletions.enabled && canDelete }
				disabled={ ! canDelete }
				onChange={ ( enabled ) =>
					set( { deletions: { ...deletions, enabled } } )
				}
			/>
			{ deletions.enabled && ! site.isMultisite && ! site.pairing && (
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
