import { Button, Modal } from '@wordpress/components';
import { useEffect, useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { Spinner, Stack } from '@wordpress/ui';
import { useApp } from '../app-context';
import { useAction } from '../hooks/use-action';
import { testSite } from '../hooks/use-sites';
import type { Site, TestAnswer } from '../types';
import { CheckList } from './check-list';
import { ErrorNotice } from './error-notice';
import { ModalActions } from './modal-actions';

/** Looks at the connection now and says what is in the way. */
export function TestModal( {
	site,
	onClose,
}: {
	site: Site;
	onClose: () => void;
} ) {
	const { sites } = useApp();
	const { busy, error, run } = useAction< 'test' >();
	const [ answer, setAnswer ] = useState< TestAnswer | null >( null );
	const { refresh } = sites;
	const { id } = site;

	const [ round, setRound ] = useState( 0 );
	useEffect( () => {
		run( 'test', async () => {
			setAnswer( null );
			setAnswer( await testSite( id ) );
			refresh();
		} );
	}, [ id, round, run, refresh ] );

	return (
		<Modal
			title={ sprintf(
				/* translators: %s: site name */
				__( 'Connection to %s', 'tandem-user-sync' ),
				site.name
			) }
			size="medium"
			onRequestClose={ onClose }
		>
			<Stack direction="column" gap="xl">
				{ busy && (
					<Stack gap="sm" align="center" role="status">
						<Spinner />
						{ __( 'Testing the connection…', 'tandem-user-sync' ) }
					</Stack>
				) }
				<ErrorNotice error={ error } />
				{ answer && (
					<div role="status">
						<CheckList checks={ answer.checks } />
					</div>
				) }
				<ModalActions>
					<Button
						variant="tertiary"
						disabled={ busy !== null }
						accessibleWhenDisabled
						onClick={ () => setRound( round + 1 ) }
					>
						{ __( 'Test again', 'tandem-user-sync' ) }
					</Button>
					<Button variant="primary" onClick={ onClose }>
						{ __( 'Close', 'tandem-user-sync' ) }
					</Button>
				</ModalActions>
			</Stack>
		</Modal>
	);
}
