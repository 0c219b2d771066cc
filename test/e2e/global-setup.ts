/**
 * Starts two new, empty sites before the tests, and ends them afterwards.
 */
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { chromium, type FullConfig } from '@playwright/test';

import { startSites } from '../../tools/sites';

export default async function globalSetup( config: FullConfig ) {
	const sites = await startSites( {
		a: Number( process.env.TANDEM_PORT_A ),
		b: Number( process.env.TANDEM_PORT_B ),
		fresh: true,
		group: 'e2e',
		say: ( sentence ) => process.stdout.write( `${ sentence }\n` ),
	} );
	await copyFile(
		join( __dirname, 'support/right-to-left.php' ),
		join( sites.a.wordpress, 'wp-content/mu-plugins/right-to-left.php' )
	);
	const state = process.env.STORAGE_STATE_PATH as string;
	await mkdir( dirname( state ), { recursive: true } );
	const browser = await chromium.launch(
		config.projects[ 0 ]?.use.launchOptions
	);
	const page = await browser.newPage();
	// The first request after a start is answered by an empty redirect, and a log-in would get lost.
	await page.goto( `${ sites.a.url }/wp-login.php` );
	await page.goto( `${ sites.a.url }/wp-login.php` );
	await page.getByLabel( 'Username or Email Address' ).fill( 'admin' );
	await page.locator( '#user_pass' ).fill( sites.a.user.password );
	await page.getByRole( 'button', { name: 'Log In' } ).click();
	await page.waitForURL( /wp-admin/ );
	await page.context().storageState( { path: state } );
	await browser.close();
	return () => sites.stop();
}
