import { Stack, Text } from '@wordpress/ui';
import type { ReactNode } from 'react';
import './stat.scss';

/** A term and its value, for use inside a <dl>. */
export function Stat( {
	label,
	value,
	hint,
}: {
	label: string;
	value: ReactNode;
	hint?: ReactNode;
} ) {
	return (
		<Stack direction="column" gap="xs" className="tandem-stat">
			<Text variant="body-sm" render={ <dt /> } className="is-weak">
				{ label }
			</Text>
			<Text variant="heading-md" render={ <dd /> }>
				{ value }
			</Text>
			{ hint && (
				<Text variant="body-sm" render={ <dd /> } className="is-weak">
					{ hint }
				</Text>
			) }
		</Stack>
	);
}
