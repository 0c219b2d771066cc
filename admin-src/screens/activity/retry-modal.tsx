import { Button, Modal, SelectControl } from '@wordpress/components';
import { useState } from '@wordpress/element';
import { __ } from '@wordpress/i18n';
import { Stack, Text } from '@wordpress/ui';
import { ErrorNotice } from '../../components/error-notice';
import { ModalActions } from '../../components/modal-actions';
import { nowInSeconds } from '../../format';
import { useAction } from '../../hooks/use-action';
import { useActivity } from '../../hooks/use-activity';
import type { RetryRequest, Site } from '../../types';

const HOUR = 3_600;
const ANY = '';

/** Everybody who did not get through: of a site, for a cause, since a time. */
export function RetryModal( {
	sites,
	site: first,
	onRetry,
	onClose,
}: {
	sites: Site[];
	/** The site that the list shows, or null. */
	site: number | null;
	/** Closes by itself when it is done. */
	onRetry: ( request: RetryRequest ) => Promise< void >;
	onClose: () => void;
} ) {
	const { busy, error, run } = useAction< 'retry' >();
	const [ site, setSite ] = useState(
		first === null ? ANY : String( first )
	);
	const [ code, setCode ] = useState( ANY );
	const [ hours, setHours ] = useState< string >( ANY );
	// The causes of those who wait: the newest hundred name nearly all of them.
	const { data } = useActivity( {
		page: 1,
		per_page: 100,
		result: [ 'retrying', 'attention' ],
		...( site !== ANY && { site: Number( site ) } ),
	} );
	const codes = [
		...new Set(
			( data?.items ?? [] )
				.filter( ( { outboxId } ) => outboxId !== null )
				.map( ( item ) => item.code )
				.filter( ( found ) => found !== '' )
		),
	].sort();

	const submit = async () => {
		const done = await run( 'retry', () =>
			onRetry( {
				...( site !== ANY && { site: Number( site ) } ),
				...( code !== ANY && { code } ),
				...( hours !== ANY && {
					after: nowInSeconds() - Number( hours ) * HOUR,
				} ),
			} )
		);
		if ( done ) {
			onClose();
		}
	};

	return (
		<Modal
			title={ __( 'Retry all', 'tandem-user-sync' ) }
			size="small"
			onRequestClose={ onClose }
		>
			<Stack direction="column" gap="xl">
				<Text variant="body-md" render={ <p /> }>
					{ __(
						'Everybody who did not get through, or waits for a decision, is tried again now. That does no harm: who still can’t be brought waits again.',
						'tandem-user-sync'
					) }
				</Text>
				<SelectControl
					__next40pxDefaultSize
					label={ __( 'Site', 'tandem-user-sync' ) }
					value={ site }
					options={ [
						{
							value: ANY,
							label: __( 'All sites', 'tandem-user-sync' ),
						},
						...sites.map( ( { id, name } ) => ( {
							value: String( id ),
							label: name,
						} ) ),
					] }
					onChange={ ( value ) => {
						setSite( value );
						// Nobody may wait for that cause there.
						setCode( ANY );
					} }
				/>
				<SelectControl
					__next40pxDefaultSize
					label={ __( 'Cause', 'tandem-user-sync' ) }
					value={ code }
					options={ [
						{
							value: ANY,
							label: __( 'Any cause', 'tandem-user-sync' ),
						},
						...codes.map( ( value ) => ( {
							value,
							label: value,
						} ) ),
					] }
					help={ __(
						'The codes are those of the details of each row.',
						'tandem-user-sync'
					) }
					onChange={ setCode }
				/>
				<SelectControl< string >
					__next40pxDefaultSize
					label={ __( 'Waiting since', 'tandem-user-sync' ) }
					value={ hours }
					options={ [
						{
							value: ANY,
							label: __( 'Any time', 'tandem-user-sync' ),
						},
						{
							value: '1',
							label: __( 'The last hour', 'tandem-user-sync' ),
						},
						{
							value: '24',
							label: __(
								'The last 24 hours',
								'tandem-user-sync'
							),
						},
						{
							value: '168',
							label: __( 'The last 7 days', 'tandem-user-sync' ),
						},
					] }
					onChange={ setHours }
				/>
				<ErrorNotice error={ error } />
				<ModalActions>
					<Button variant="tertiary" onClick={ onClose }>
						{ __( 'Cancel', 'tandem-user-sync' ) }
					</Button>
					<Button
						variant="primary"
						isBusy={ busy !== null }
						disabled={ busy !== null }
						accessibleWhenDisabled
						onClick={ submit }
					>
						{ __( 'Retry all', 'tandem-user-sync' ) }
					</Button>
				</ModalActions>
			</Stack>
		</Modal>
	);
}
