import { Button } from '@wordpress/components';
import { people } from '@wordpress/icons';
import { Card, EmptyState, Stack } from '@wordpress/ui';
import { useAction } from '../hooks/use-action';
import { ErrorNotice } from './error-notice';

/** What can be done here, before it was done for the first time. */
export function FirstStep( {
	title,
	description,
	label,
	onStart,
}: {
	title: string;
	description: string;
	/** Of the button. */
	label: string;
	/** Null where it can't be done. */
	onStart: ( () => Promise< void > ) | null;
} ) {
	const { busy, error, run } = useAction< 'start' >();
	return (
		<Card.Root>
			<Card.Content>
				<EmptyState.Root className="tandem-empty">
					<EmptyState.Icon icon={ people } />
					<EmptyState.Title>{ title }</EmptyState.Title>
					<EmptyState.Description>
						{ description }
					</EmptyState.Description>
					{ onStart && (
						<EmptyState.Actions>
							<Stack direction="column" gap="md">
								<Button
									variant="primary"
									isBusy={ busy !== null }
									disabled={ busy !== null }
									accessibleWhenDisabled
									onClick={ () => run( 'start', onStart ) }
								>
									{ label }
								</Button>
								<ErrorNotice error={ error } />
							</Stack>
						</EmptyState.Actions>
					) }
				</EmptyState.Root>
			</Card.Content>
		</Card.Root>
	);
}
