import { Card, Stack, Text } from '@wordpress/ui';
import type { ReactNode } from 'react';

/** A titled part of a form. */
export function SectionCard( {
	title,
	description,
	children,
}: {
	title: string;
	description?: string;
	children: ReactNode;
} ) {
	return (
		<Card.Root render={ <section aria-label={ title } /> }>
			<Card.Header>
				<Stack direction="column" gap="xs">
					<Card.Title render={ <h2 /> }>{ title }</Card.Title>
					{ description && (
						<Text
							variant="body-md"
							render={ <p /> }
							className="is-weak"
						>
							{ description }
						</Text>
					) }
				</Stack>
			</Card.Header>
			<Card.Content>
				<Stack direction="column" gap="xl">
					{ children }
				</Stack>
			</Card.Content>
		</Card.Root>
	);
}
