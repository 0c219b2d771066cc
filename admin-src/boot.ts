/**
 * What the plugin hands to the page before the first request: `window.tandem`,
 * printed by the admin page's PHP class.
 */
import type { Boot } from './types';

declare global {
	interface Window {
		tandem?: Boot;
	}
}

const NOTHING: Boot = {
	pageUrl: 'users.php?page=tandem-user-sync',
	siteName: '',
	version: '',
	notice: null,
	copyOf: null,
};

export function readBoot(): Boot {
	return { ...NOTHING, ...window.tandem };
}
