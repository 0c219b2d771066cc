import { Button, Notice } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { Badge, Card, Stack, Text } from '@wordpress/ui';
import { ErrorNotice } from '../../components/error-notice';
import { fieldList } from '../../components/labels';
import { dateTime } from '../../format';
import { useAction } from '../../hooks/use-action';
import type { SiteExplanation } from '../../types';
import { fieldsOf } from '../verify/words';

const names = (
	{ fields }: SiteExplanation,
	state: SiteExplanation[ 'fields' ][ number ][ 'state' ]
) =>
	fieldList(
		fields
			.filter( ( field ) => field.state === state )
			.map( ( { name } ) => name )
	);

function stateOf( {
	kind,
	sent,
	remoteId,
	waiting,
	fields,
	wrong,
	problem,
}: SiteExplanation ): {
	label: string;
	intent: 'stable' | 'medium' | 'high' | 'low' | 'draft';
} {
	if ( waiting && waiting.state !== 'due' ) {
		return {
			label: __( 'Needs attention', 'tandem-user-sync' ),
			intent: 'high',
		};
	}
	if ( waiting ) {
		return { label: __( 'Waiting', 'tandem-user-sync' ), intent: 'low' };
	}
	if ( problem ) {
		return {
			label: __( 'Could not be asked', 'tandem-user-sync' ),
			intent: 'medium',
		};
	}
	if ( wrong || fields.some( ( { state } ) => state === 'differs' ) ) {
		return { label: __( 'Differs', 'tandem-user-sync' ), intent: 'medium' };
	}
	if ( kind === 'webhook' && ( sent || remoteId !== null ) ) {
		return remoteId === null
			? { label: __( 'Not told yet', 'tandem-user-sync' ), intent: 'low' }
			: { label: __( 'Told', 'tandem-user-sync' ), intent: 'stable' };
	}
	if ( remoteId !== null ) {
		return {
			label: __( 'The same', 'tandem-user-sync' ),
			intent: 'stable',
		};
	}
	return sent
		? { label: __( 'Not linked', 'tandem-user-sync' ), intent: 'low' }
		: { label: __( 'Not sent', 'tandem-user-sync' ), intent: 'draft' };
}

function Fact( { term, children }: { term: string; children: string } ) {
	return children ? (
		<>
			<dt>{ term }</dt>
			<dd>{ children }</dd>
		</>
	) : null;
}

/** One person on one site. */
export function SiteExplanationCard( {
	explanation,
	onSync,
}: {
	explanation: SiteExplanation;
	onSync: () => Promise< void >;
} ) {
	const { busy, error, clear, run } = useAction< 'sync' >();
	const { siteName, remoteId, remoteName, waiting, wrong, problem } =
		explanation;
	const { label, intent } = stateOf( explanation );
	const titleId = `tandem-explain-${ explanation.siteId }`;
	const canSync =
		explanation.sent &&
		( explanation.wouldSend.length > 0 || waiting !== null );

	return (
		<Card.Root render={ <section aria-labelledby={ titleId } /> }>
			<Card.Content>
				<Stack direction="column" gap="lg">
					<Stack gap="md" align="center" justify="space-between">
						<Stack gap="sm" align="center" wrap="wrap">
							<Text
								variant="heading-md"
								render={ <h3 id={ titleId } /> }
							>
								{ siteName }
							</Text>
							<Badge className="tandem-badge" intent={ intent }>
								{ label }
							</Badge>
						</Stack>
						{ canSync && (
							<Button
								variant="secondary"
								size="compact"
								isBusy={ busy !== null }
								disabled={ busy !== null }
								accessibleWhenDisabled
								onClick={ () => run( 'sync', onSync ) }
							>
								{ __( 'Sync now', 'tandem-user-sync' ) }
							</Button>
						) }
					</Stack>
					{ ( wrong || problem ) && (
						<Notice
							className="tandem-notice"
							status="warning"
							isDismissible={ false }
						>
							{ wrong ?? problem?.message }
						</Notice>
					) }
					<dl className="tandem-facts">
						<Fact term={ __( 'Sent there', 'tandem-user-sync' ) }>
							{ explanation.why }
						</Fact>
						<Fact
							term={ __( 'Account there', 'tandem-user-sync' ) }
						>
							{ remoteId === null ||
							explanation.kind === 'webhook'
								? explanation.linked
								: `${ sprintf(
										/* translators: 1: username, 2: number of an account */
										__(
											'%1$s (%2$s).',
											'tandem-user-sync'
										),
										remoteName,
										String( remoteId )
									) } ${ explanation.linked }` }
						</Fact>
						{ waiting && (
							<Fact term={ __( 'Waits', 'tandem-user-sync' ) }>
								{ [
									fieldList( waiting.fields ),
									dateTime( waiting.since ),
									waiting.message,
								]
									.filter( Boolean )
									.join( ' · ' ) }
							</Fact>
						) }
						<Fact term={ __( 'The same', 'tandem-user-sync' ) }>
							{ names( explanation, 'same' ) }
						</Fact>
						<Fact term={ __( 'Differs', 'tandem-user-sync' ) }>
							{ fieldsOf(
								{
									fields: explanation.fields.flatMap(
										( { name, newer } ) =>
											newer ? [ { name, newer } ] : []
									),
								},
								siteName
							).join( ' · ' ) }
						</Fact>
						<Fact term={ __( 'Not compared', 'tandem-user-sync' ) }>
							{ names( explanation, 'not_compared' ) }
						</Fact>
						<Fact
							term={ __( 'Would be sent', 'tandem-user-sync' ) }
						>
							{ explanation.wouldSend.length
								? fieldList( explanation.wouldSend )
								: __( 'Nothing', 'tandem-user-sync' ) }
						</Fact>
					</dl>
					<ErrorNotice error={ error } onDismiss={ clear } />
				</Stack>
			</Card.Content>
		</Card.Root>
	);
}
