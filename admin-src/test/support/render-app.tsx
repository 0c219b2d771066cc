import './browser';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App } from '../../app';
import { readBoot } from '../../boot';
import type { Boot } from '../../types';

/** The whole page at an address such as `view=activity`. */
export function renderApp( search = '', boot: Partial< Boot > = {} ) {
	window.history.replaceState(
		null,
		'',
		`/wp-admin/users.php?page=tandem-user-sync&${ search }`
	);
	const user = userEvent.setup();
	return {
		user,
		...render( <App boot={ { ...readBoot(), ...boot } } /> ),
	};
}
