import { Button, Modal } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { Stack } from '@wordpress/ui';
import { ErrorNotice } from '../../components/error-notice';
import { actionLabel, fieldList } from '../../components/labels';
import { ModalActions } from '../../components/modal-actions';
import { ResultBadge } from '../../components/status-badge';
import { dateTime, formatNumber } from '../../format';
import { useAction } from '../../hooks/use-action';
import { useRoute } from '../../router';
import type { ActivityItem, RetryRequest } from '../../types';

function direction( { direction: way, siteName }: ActivityItem ): string {
	return way === 'out'
		? sprintf(
				/* translators: %s: site name */
				__( 'From this site to %s', 'tandem-user-sync' ),
				siteName
			)
		: sprintf(
				/* translators: %s: site name */
				__( 'From %s to this site', 'tandem-user-sync' ),
				siteName
			);
}

function Facts( { item }: { item: ActivityItem } ) {
	return (
		<dl className="tandem-facts">
			<dt>{ __( 'Result', 'tandem-user-sync' ) }</dt>
			<dd>
				<Stack direction="column" gap="xs" align="start">
					<ResultBadge item={ item } />
					<span>{ item.message }</span>
				</Stack>
			</dd>
			{ item.warnings.length > 0 && (
				<>
					<dt>{ __( 'Not taken', 'tandem-user-sync' ) }</dt>
					<dd>
						<ul className="tandem-facts__list">
							{ item.warnings.map( ( warning ) => (
								<li key={ warning }>{ warning }</li>
							) ) }
						</ul>
					</dd>
				</>
			) }
			{ item.username && (
				<>
					<dt>{ __( 'User', 'tandem-user-sync' ) }</dt>
					<dd>
						{ item.email
							? `${ item.username } (${ item.email })`
							: item.username }
					</dd>
				</>
			) }
			{ item.siteName && (
				<>
					<dt>{ __( 'Direction', 'tandem-user-sync' ) }</dt>
					<dd>{ direction( item ) }</dd>
				</>
			) }
			{ item.fields.length > 0 && (
				<>
					<dt>{ __( 'Fields', 'tandem-user-sync' ) }</dt>
					<dd>{ fieldList( item.fields ) }</dd>
				</>
			) }
			<dt>{ __( 'Time', 'tandem-user-sync' ) }</dt>
			<dd>{ dateTime( item.at ) }</dd>
			<dt>{ __( 'Attempts', 'tandem-user-sync' ) }</dt>
			<dd>{ formatNumber( item.attempts ) }</dd>
		</dl>
	);
}

/** One row of the record, and what can be done about it. */
export function ActivityDetail( {
	item,
	onRetry,
	onClose,
}: {
	item: ActivityItem;
	onRetry: ( request: RetryRequest ) => Promise< void >;
	onClose: () => void;
} ) {
	const { busy, error, run } = useAction< 'one' | 'all' >();
	const { go } = useRoute();
	const { outboxId, siteId, code, result } = item;
	// Whose mail has to be answered is not the owner's to decide.
	const decidable = result === 'attention' && code !== 'confirm_needed';
	const attempt = async ( name: 'one' | 'all', request: RetryRequest ) => {
		if ( await run( name, () => onRetry( request ) ) ) {
			onClose();
		}
	};

	return (
		<Modal
			title={ actionLabel( item.action ) }
			size="medium"
			onRequestClose={ onClose }
		>
			<Stack direction="column" gap="xl">
				<Facts item={ item } />
				<ErrorNotice error={ error } />
				{ outboxId !== null && result !== 'success' && (
					<ModalActions>
						{ siteId !== null && code && (
							<Button
								variant="tertiary"
								isBusy={ busy === 'all' }
								disabled={ busy !== null }
								accessibleWhenDisabled
								onClick={ () =>
									attempt( 'all', { site: siteId, code } )
								}
							>
								{ __(
									'Retry everyone with this problem',
									'tandem-user-sync'
								) }
							</Button>
						) }
						<Button
							variant={ decidable ? 'secondary' : 'primary' }
							isBusy={ busy === 'one' }
							disabled={ busy !== null }
							accessibleWhenDisabled
							onClick={ () =>
								attempt( 'one', { ids: [ outboxId ] } )
							}
						>
							{ __( 'Retry', 'tandem-user-sync' ) }
						</Button>
						{ decidable && (
							<Button
								variant="primary"
								onClick={ () =>
									go( 'activity', {
										tab: 'decisions',
										...( siteId ? { site: siteId } : {} ),
									} )
								}
							>
								{ __( 'Decide', 'tandem-user-sync' ) }
							</Button>
						) }
					</ModalActions>
				) }
			</Stack>
		</Modal>
	);
}
