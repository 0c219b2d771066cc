/**
 * End-to-end tests: two real WordPress sites, a real browser. The global set-up
 * starts the sites; `npm run test:e2e` sees to the browser.
 */
import { defineConfig, devices } from '@playwright/test';

import { launchOptions } from './tools/chromium';

// Not those of `npm start`, so that both can run. The global set-up and the tests read these too.
const port = ( process.env.TANDEM_PORT_A ??= '8891' );
process.env.TANDEM_PORT_B ??= '8892';
// Read by @wordpress/e2e-test-utils-playwright; the global set-up logs in and writes the file.
process.env.WP_BASE_URL ??= `http://127.0.0.1:${ port }`;
process.env.STORAGE_STATE_PATH ??= `artifacts/storage-states/admin-${ port }.json`;

export default defineConfig( {
	testDir: 'test/e2e',
	outputDir: 'artifacts/test-results',
	reporter: 'list',
	// The tests share two sites, whose users they change.
	workers: 1,
	timeout: 180_000,
	// A page of Playground takes a second or two on a busy machine.
	expect: { timeout: 30_000 },
	forbidOnly: !! process.env.CI,
	globalSetup: './test/e2e/global-setup.ts',
	use: {
		...devices[ 'Desktop Chrome' ],
		baseURL: process.env.WP_BASE_URL,
		storageState: process.env.STORAGE_STATE_PATH,
		contextOptions: { reducedMotion: 'reduce', strictSelectors: true },
		trace: 'retain-on-failure',
		actionTimeout: 30_000,
		navigationTimeout: 60_000,
		launchOptions: launchOptions(),
	},
} );
