import { Stack, Text } from '@wordpress/ui';
import type { ReactNode } from 'react';

/** A person in a row of a list: the name over the address. */
export function Person( {
	name,
	email,
	children,
}: {
	name: string;
	email: string;
	children?: ReactNode;
} ) {
	return (
		<Stack direction="column" align="start">
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
