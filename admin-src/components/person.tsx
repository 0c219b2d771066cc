import { Stack, Text } from '@wordpress/ui';
import type { ReactNode } from 'react';

/** A person in a row of a list: the name over the address. */
export function Person( {
	name,
	email,
	label,
	children,
}: {
	/** Whose account it is, where no heading of a column says so. */
	label?: string;
	name: string;
	email: string;
	children?: ReactNode;
} ) {
	return (
		<Stack direction="column" align="start">
			{ label && (
				<Text variant="body-sm" className="is-weak">
					{ label }
				</Text>
			) }
			<span>{ name }</span>
			{ email && (
				<Text variant="body-sm" className="is-weak">
					{ email }
				</Text>
			) }
			{ children }
		</Stack>
	);
}
