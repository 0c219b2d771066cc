/**
 * A browser for the end-to-end tests and the pictures.
 */
import { existsSync, readFileSync } from 'node:fs';

import { chromium, type LaunchOptions } from '@playwright/test';

import { capture, install, mayInstall, which } from './machine';

/** Browsers of the system that Playwright can drive. */
const BROWSERS = [
	'chromium',
	'chromium-browser',
	'google-chrome',
	'google-chrome-stable',
];

/**
 * The path of a Chromium: `CHROMIUM`, Playwright's own, the system's.
 *
 * @return Null where there is none.
 */
export function findChromium(): string | null {
	if ( process.env.CHROMIUM ) {
		return process.env.CHROMIUM;
	}
	const own = chromium.executablePath();
	return existsSync( own )
		? own
		: ( BROWSERS.map( which ).find( ( path ) => path !== null ) ?? null );
}

/** How Playwright starts it: also as root, and silent towards the network. */
export function launchOptions(): LaunchOptions {
	return {
		executablePath: findChromium() ?? undefined,
		args: [
			// Chromium's own sandbox does not work for root, which CI often is.
			...( process.getuid?.() === 0 ? [ '--no-sandbox' ] : [] ),
			'--disable-gpu',
			'--disable-quic',
			'--no-first-run',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
		],
	};
}

/** Only Debian itself has Chromium as a package; Ubuntu's is a stub for a snap. */
function isDebian(): boolean {
	return (
		existsSync( '/etc/os-release' ) &&
		/^ID=debian$/m.test( readFileSync( '/etc/os-release', 'utf8' ) )
	);
}

/** Gets one where there is none. Throws a sentence where it can't. */
export async function ensureChromium(): Promise< void > {
	if ( findChromium() ) {
		return;
	}
	const why = 'A browser is needed';
	if ( mayInstall() && isDebian() ) {
		await install( [ 'chromium' ], why );
		return;
	}
	const { code, output } = await capture( process.execPath, [
		require.resolve( '@playwright/test/cli' ),
		'install',
		'chromium',
	] );
	if ( code !== 0 ) {
		throw new Error(
			`${ why }, and Playwright could not download one. Install Chromium or Chrome, ` +
				`or name one in CHROMIUM. Playwright said:\n${ output.slice( -600 ) }`
		);
	}
}
