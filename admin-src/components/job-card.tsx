import { Button, Notice, ProgressBar } from '@wordpress/components';
import { Card, Stack, Text } from '@wordpress/ui';
import type { ReactNode } from 'react';
import type { ActionState } from '../hooks/use-action';
import type { Problem } from '../types';
import { ErrorNotice } from './error-notice';

export interface JobButton< Name extends string > {
	id: Name;
	label: string;
	variant: 'primary' | 'secondary' | 'tertiary';
}

/** Where something that takes a while stands, what is in its way, and what can be done about it. */
export function JobCard< Name extends string >( {
	title,
	heading,
	facts,
	buttons,
	action: { busy, error, clear },
	onPress,
	progress,
	problem,
	hasFailed,
	children,
}: {
	title: string;
	heading: 'h2' | 'h3';
	/** Lines below the title; empty ones are left out. */
	facts: string[];
	buttons: JobButton< Name >[];
	action: Pick< ActionState< Name >, 'busy' | 'error' | 'clear' >;
	onPress: ( button: Name ) => void;
	/** Percent, undefined where that can't be known, null where nothing moves. */
	progress: number | undefined | null;
	problem: Problem | null;
	/** Whether the problem has ended it. */
	hasFailed: boolean;
	children?: ReactNode;
} ) {
	const Heading = heading;
	return (
		<Card.Root>
			<Card.Content>
				<Stack direction="column" gap="md">
					<Stack
						justify="space-between"
						align="start"
						gap="md"
						wrap="wrap"
					>
						<Stack direction="column" gap="xs" role="status">
							<Text variant="heading-md" render={ <Heading /> }>
								{ title }
							</Text>
							{ facts.filter( Boolean ).map( ( fact ) => (
								<Text
									key={ fact }
									variant="body-md"
									className="is-weak"
								>
									{ fact }
								</Text>
							) ) }
						</Stack>
						<Stack gap="sm" wrap="wrap">
							{ buttons.map( ( { id, label, variant } ) => (
								<Button
									key={ id }
									variant={ variant }
									size="compact"
									isBusy={ busy === id }
									disabled={ busy !== null }
									accessibleWhenDisabled
									onClick={ () => onPress( id ) }
								>
									{ label }
								</Button>
							) ) }
						</Stack>
					</Stack>
					{ progress !== null && (
						<ProgressBar
							className="tandem-progress"
							value={ progress }
							aria-label={ title }
						/>
					) }
					{ children }
					{ problem && (
						<Notice
							className="tandem-notice"
							status={ hasFailed ? 'error' : 'warning' }
							isDismissible={ false }
						>
							{ problem.message }
						</Notice>
					) }
					<ErrorNotice error={ error } onDismiss={ clear } />
				</Stack>
			</Card.Content>
		</Card.Root>
	);
}
