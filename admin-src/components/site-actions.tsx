import { Button } from '@wordpress/components';
import { useState } from '@wordpress/element';
import { __, _n, sprintf } from '@wordpress/i18n';
import { Stack } from '@wordpress/ui';
import { useApp } from '../app-context';
import { formatNumber } from '../format';
import { useAction } from '../hooks/use-action';
import { useRoute } from '../router';
import type { Site } from '../types';
import { ErrorNotice } from './error-notice';
import { SiteMenu, type SiteModal } from './site-menu';

/** What a "Sync now" came to, in words; nothing when the card itself says it. */
function outcome( { name, state, waiting }: Site ): string | null {
	if ( state !== 'connected' ) {
		return null;
	}
	if ( ! waiting ) {
		/* translators: %s: site name */
		return sprintf( __( '%s is up to date.', 'tandem-user-sync' ), name );
	}
	return sprintf(
		/* translators: 1: number of people, 2: site name */
		_n(
			'%1$s person still waits for %2$s.',
			'%1$s people still wait for %2$s.',
			waiting,
			'tandem-user-sync'
		),
		formatNumber( waiting ),
		name
	);
}

export function SiteActions( { site }: { site: Site } ) {
	const { sites, notify } = useApp();
	const { go } = useRoute();
	const { busy, error, clear, run } = useAction< 'sync' | 'pause' >();
	const [ modal, setModal ] = useState< SiteModal | null >( null );
	const paused = site.state === 'paused';

	const sync = () =>
		run( 'sync', async () => {
			const words = outcome( await sites.sync( site ) );
			if ( words ) {
				notify( words );
			}
		} );
	const pause = () =>
		run( 'pause', async () => {
			await ( paused ? sites.resume( site ) : sites.pause( site ) );
		} );

	return (
		<Stack direction="column" gap="md" className="tandem-site__actions">
			<ErrorNotice error={ error } onDismiss={ clear } />
			<Stack gap="sm" align="center">
				{ site.state === 'held' && (
					<Button
						variant="primary"
						size="compact"
						onClick={ () => setModal( 'reconnect' ) }
					>
						{ __( 'Reconnect', 'tandem-user-sync' ) }
					</Button>
				) }
				{ ( site.state === 'connected' ||
					site.state === 'unreachable' ) && (
					<Button
						variant="secondary"
						size="compact"
						isBusy={ busy === 'sync' }
						disabled={ busy !== null }
						accessibleWhenDisabled
						onClick={ sync }
					>
						{ site.state === 'unreachable'
							? __( 'Try now', 'tandem-user-sync' )
							: __( 'Sync now', 'tandem-user-sync' ) }
					</Button>
				) }
				{ paused && (
					<Button
						variant="secondary"
						size="compact"
						disabled={ busy !== null }
						accessibleWhenDisabled
						onClick={ pause }
					>
						{ __( 'Resume', 'tandem-user-sync' ) }
					</Button>
				) }
				<Button
					variant="tertiary"
					size="compact"
					onClick={ () => go( 'activity', { site: site.id } ) }
				>
					{ __( 'View activity', 'tandem-user-sync' ) }
				</Button>
				<span className="tandem-site__more">
					<SiteMenu
						site={ site }
						onPause={ pause }
						opened={ modal }
						onOpenedChange={ setModal }
					/>
				</span>
			</Stack>
		</Stack>
	);
}
