import { Link } from '@wordpress/ui';
import type { ComponentProps, MouseEvent, ReactNode } from 'react';
import { navigate } from '../router';

/** An anchor that moves between the sections without loading the page again. */
export function RouterLink( {
	href,
	onClick,
	...props
}: ComponentProps< 'a' > & { href: string } ) {
	return (
		// eslint-disable-next-line jsx-a11y/anchor-has-content -- the content is in the props.
		<a
			{ ...props }
			href={ href }
			onClick={ ( event: MouseEvent< HTMLAnchorElement > ) => {
				onClick?.( event );
				if (
					event.defaultPrevented ||
					event.button !== 0 ||
					event.metaKey ||
					event.ctrlKey ||
					event.shiftKey ||
					event.altKey
				) {
					return;
				}
				event.preventDefault();
				navigate( href );
			} }
		/>
	);
}

/** The same inside a sentence, with the look of a link. */
export function TextLink( {
	href,
	children,
}: {
	href: string;
	children: ReactNode;
} ) {
	return <Link render={ <RouterLink href={ href } /> }>{ children }</Link>;
}
