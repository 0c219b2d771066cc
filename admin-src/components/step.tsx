import { useFocusOnMount } from '@wordpress/compose';
import type { ReactNode } from 'react';

/**
 * One of several contents of a dialog. What had the focus in the one before is
 * gone: without this, Escape and the screen reader would be lost with it.
 */
export function Step( {
	focus = true,
	children,
}: {
	/** Where the focus goes: to the first box, or to the step itself. */
	focus?: 'firstInputElement' | true;
	children: ReactNode;
} ) {
	return (
		<div
			ref={ useFocusOnMount( focus ) }
			className="tandem-step"
			tabIndex={ -1 }
		>
			{ children }
		</div>
	);
}
