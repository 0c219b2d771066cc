import { Modal, SelectControl } from '@wordpress/components';
import { useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { Text } from '@wordpress/ui';
import { ErrorNotice } from '../../components/error-notice';
import { ModalForm } from '../../components/modal-form';
import { formatNumber, nowInSeconds } from '../../format';
import { useCauses } from '../../hooks/use-activity';
import type { RetryRequest, Site } from '../../types';

const HOUR = 3_600;
const ANY = '';

/** A choice, and how many people it concerns. */
const counted = ( label: string, people: number ) =>
	sprintf(
		/* translators: 1: a few words, 2: number of people */
		__( '%1$s (%2$s)', 'tandem-user-sync' ),
		label,
		formatNumber( people )
	);

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
	const [ site, setSite ] = useState(
		first === null ? ANY : String( first )
	);
	const [ code, setCode ] = useState( ANY );
	const [ hours, setHours ] = useState< string >( ANY );
	// Reckoned once: each second would be another question.
	const [ after, setAfter ] = useState< number | null >( null );
	const scope = {
		...( site !== ANY && { site: Number( site ) } ),
		...( after !== null && { after } ),
	};
	const causes = useCauses( scope );
	const list = causes.data ?? [];
	const anyCause = __( 'Any cause', 'tandem-user-sync' );
	const everybody = list.reduce( ( sum, { people } ) => sum + people, 0 );
	// Nobody may wait for that cause on another site.
	const chosen = list.some( ( cause ) => cause.code === code ) ? code : ANY;

	async function submit() {
		await onRetry( {
			...scope,
			...( chosen !== ANY && { code: chosen } ),
		} );
		onClose();
	}

	return (
		<Modal
			title={ __( 'Retry all', 'tandem-user-sync' ) }
			size="small"
			onRequestClose={ onClose }
		>
			<ModalForm
				submitLabel={ __( 'Retry all', 'tandem-user-sync' ) }
				leaveLabel={ __( 'Cancel', 'tandem-user-sync' ) }
				onSubmit={ submit }
				onLeave={ onClose }
			>
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
					onChange={ setSite }
				/>
				<SelectControl
					__next40pxDefaultSize
					label={ __( 'Cause', 'tandem-user-sync' ) }
					value={ chosen }
					options={ [
						{
							value: ANY,
							label: causes.data
								? counted( anyCause, everybody )
								: anyCause,
						},
						...list.map( ( cause ) => ( {
							value: cause.code,
							label: counted( cause.sentence, cause.people ),
						} ) ),
					] }
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
					onChange={ ( value ) => {
						setHours( value );
						setAfter(
							value === ANY
								? null
								: nowInSeconds() - Number( value ) * HOUR
						);
					} }
				/>
				<ErrorNotice
					error={ causes.error }
					onRetry={ causes.refresh }
				/>
			</ModalForm>
		</Modal>
	);
}
