/**
 * What concerns the whole page: the answer of the remote's authorize screen,
 * that nothing is sent because this looks like a copy of another site, and that
 * nothing works in the background.
 */
import { Button, Notice } from '@wordpress/components';
import { useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { Stack } from '@wordpress/ui';
import { request } from '../api';
import { useApp } from '../app-context';
import { useAction } from '../hooks/use-action';
import { sectionUrl } from '../router';
import { ErrorNotice } from './error-notice';
import { LateNotice } from './late-notice';
import './page-notices.scss';
import { TextLink } from './router-link';

type Decision = 'moved' | 'copy';

function CopyNotice( { copyOf }: { copyOf: string } ) {
	const { notify, sites } = useApp();
	const { busy, error, run } = useAction< Decision >();
	const [ decided, setDecided ] = useState( false );

	if ( decided ) {
		return null;
	}

	const decide = ( decision: Decision ) =>
		run( decision, async () => {
			await request( '/identity', {
				method: 'POST',
				data: { decision },
			} );
			setDecided( true );
			sites.refresh();
			notify(
				decision === 'moved'
					? __(
							'Changes are sent from this address now.',
							'tandem-user-sync'
						)
					: __(
							'This copy sends nothing. Connect it anew to sync from here.',
							'tandem-user-sync'
						)
			);
		} );

	return (
		<Notice
			className="tandem-notice"
			status="warning"
			isDismissible={ false }
		>
			<Stack direction="column" gap="md" align="start">
				<span>
					{ sprintf(
						/* translators: %s: address of the site that this one looks like a copy of */
						__(
							'This looks like a copy of %s: nothing is sent. Has the site moved to this address, or is this a copy, for testing say? For a copy the connections are removed here; those of the original stay.',
							'tandem-user-sync'
						),
						copyOf
					) }
				</span>
				<Stack gap="sm" wrap="wrap">
					{ (
						[
							[
								'moved',
								__( 'It has moved', 'tandem-user-sync' ),
							],
							[
								'copy',
								__( 'It is a copy', 'tandem-user-sync' ),
							],
						] as const
					 ).map( ( [ decision, label ] ) => (
						<Button
							key={ decision }
							variant="secondary"
							size="compact"
							isBusy={ busy === decision }
							disabled={ busy !== null }
							accessibleWhenDisabled
							onClick={ () => decide( decision ) }
						>
							{ label }
						</Button>
					) ) }
				</Stack>
				<ErrorNotice error={ error } />
			</Stack>
		</Notice>
	);
}

export function PageNotices() {
	const {
		boot,
		summary: { data: summary },
	} = useApp();
	const [ notice, setNotice ] = useState( boot.notice );

	if ( ! notice && ! boot.copyOf && ! summary?.isLate ) {
		return null;
	}
	return (
		<div className="tandem-page-notices">
			{ boot.copyOf && <CopyNotice copyOf={ boot.copyOf } /> }
			{ summary?.isLate && <LateNotice lastRun={ summary.lastRun } /> }
			{ notice && (
				<Notice
					className="tandem-notice"
					status={ notice.kind }
					onRemove={ () => setNotice( null ) }
				>
					<Stack gap="sm" wrap="wrap">
						<span>{ notice.message }</span>
						{ notice.siteId !== null &&
							notice.kind === 'success' && (
								<>
									<TextLink
										href={ sectionUrl( 'sites', {
											site: notice.siteId,
										} ) }
									>
										{ __(
											'Choose what syncs',
											'tandem-user-sync'
										) }
									</TextLink>
									<TextLink
										href={ sectionUrl( 'backfill', {
											site: notice.siteId,
										} ) }
									>
										{ __(
											'Bring over existing users',
											'tandem-user-sync'
										) }
									</TextLink>
								</>
							) }
					</Stack>
				</Notice>
			) }
		</div>
	);
}
