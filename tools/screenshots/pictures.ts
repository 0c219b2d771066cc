/**
 * What the pictures show, by the moment of the story at which they are taken.
 */
import type { Page } from '@playwright/test';

import type { Picture } from './camera';

const PAGE = 'users.php?page=tandem-user-sync';
const button = ( page: Page, name: string | RegExp ) =>
	page.getByRole( 'button', { name } );
const dialog = ( page: Page ) => page.getByRole( 'dialog' );

/** In the menu of a site's card. */
async function choose( page: Page, site: string, item: string ) {
	await button( page, `More actions for ${ site }` ).click();
	await page.getByRole( 'menuitem', { name: item } ).click();
	await dialog( page ).waitFor();
}

/** The address of another site goes into the dialog. */
async function lookAt( page: Page, url: string ) {
	await button( page, 'Add site' ).first().click();
	await dialog( page ).getByRole( 'textbox' ).fill( url );
	await button( page, 'Continue' ).click();
	await button( page, 'Checking…' ).waitFor( { state: 'detached' } );
}

/**
 * Nobody is connected yet.
 *
 * @param other Address of a site that may be.
 */
export const before = ( other: string ): Picture[] => [
	{ name: 'sites-empty', path: PAGE },
	{ name: 'backfill-none', path: `${ PAGE }&view=backfill` },
	{ name: 'activity-empty', path: `${ PAGE }&view=activity` },
	{
		name: 'add-site-1',
		path: PAGE,
		window: true,
		prepare: async ( page ) => {
			await button( page, 'Add site' ).first().click();
			await dialog( page ).waitFor();
		},
	},
	{
		name: 'add-site-refused',
		path: PAGE,
		window: true,
		prepare: ( page ) => lookAt( page, 'http://127.0.0.1:9' ),
	},
	{
		name: 'add-site-2',
		rtl: true,
		path: PAGE,
		window: true,
		prepare: ( page ) => lookAt( page, other ),
	},
	{
		name: 'add-site-by-hand',
		path: PAGE,
		window: true,
		prepare: async ( page ) => {
			await lookAt( page, other );
			await button( page, /by hand/ ).click();
		},
	},
];

/**
 * Connected, and nobody brought over.
 *
 * @param site Id of the course site.
 */
export const connected = ( site: number ): Picture[] => [
	{ name: 'sites-new', path: PAGE },
	{
		name: 'backfill-empty',
		path: `${ PAGE }&view=backfill&site=${ site }`,
	},
];

/**
 * The preview of a backfill is complete.
 *
 * @param site Id of the course site.
 */
export const previewed = ( site: number ): Picture[] => [
	{
		name: 'backfill-preview',
		rtl: true,
		path: `${ PAGE }&view=backfill&site=${ site }`,
	},
	{
		name: 'backfill-decide',
		rtl: true,
		path: `${ PAGE }&view=backfill&site=${ site }`,
		window: true,
		prepare: async ( page ) => {
			await button( page, /rossi/ ).first().click();
			await dialog( page ).waitFor();
		},
	},
];

/**
 * A day later: one site works, one can't be reached.
 *
 * @param site Id of the course site.
 * @param user Id of somebody here.
 */
export const after = ( site: number, user: number ): Picture[] => [
	{ name: 'sites', rtl: true, path: PAGE },
	{
		name: 'sites-menu',
		path: PAGE,
		window: true,
		prepare: async ( page ) => {
			await button( page, /^More actions for/ )
				.first()
				.click();
			await page.getByRole( 'menuitem' ).first().waitFor();
		},
	},
	{
		name: 'site-test',
		path: PAGE,
		window: true,
		prepare: async ( page ) => {
			await choose( page, 'Harbour Academy', 'Test connection' );
			await dialog( page ).getByRole( 'list' ).waitFor();
		},
	},
	{
		name: 'site-test-away',
		path: PAGE,
		window: true,
		prepare: async ( page ) => {
			await choose( page, 'Readers’ Forum', 'Test connection' );
			await dialog( page ).getByRole( 'list' ).waitFor();
		},
	},
	{
		name: 'site-reconnect',
		path: PAGE,
		window: true,
		prepare: ( page ) => choose( page, 'Harbour Academy', 'Reconnect' ),
	},
	{
		name: 'site-remove',
		path: PAGE,
		window: true,
		prepare: ( page ) => choose( page, 'Harbour Academy', 'Remove' ),
	},
	{
		name: 'site-settings',
		rtl: true,
		path: `${ PAGE }&view=sites&site=${ site }`,
	},
	{
		name: 'site-settings-changed',
		path: `${ PAGE }&view=sites&site=${ site }`,
		window: true,
		prepare: async ( page ) => {
			await page.getByLabel( 'Users with certain roles' ).check();
			await page.getByLabel( /^Delete users there/ ).check();
		},
	},
	{
		name: 'site-settings-deletions',
		path: `${ PAGE }&view=sites&site=${ site }`,
		prepare: async ( page ) => {
			await page.getByLabel( /^Delete users there/ ).check();
			await page
				.getByRole( 'radio', { name: /admin/ } )
				.first()
				.waitFor();
		},
	},
	{ name: 'site-settings-gone', path: `${ PAGE }&view=sites&site=99` },
	{
		name: 'backfill',
		path: `${ PAGE }&view=backfill&site=${ site }`,
	},
	{ name: 'activity', rtl: true, path: `${ PAGE }&view=activity` },
	{
		name: 'activity-detail',
		path: `${ PAGE }&view=activity&result=attention,retrying`,
		window: true,
		prepare: async ( page ) => {
			await button( page, /popescu/ )
				.first()
				.click();
			await dialog( page ).waitFor();
		},
	},
	{
		name: 'activity-retry',
		rtl: true,
		path: `${ PAGE }&view=activity`,
		window: true,
		prepare: async ( page ) => {
			await button( page, 'Retry all…' ).click();
			await dialog( page ).getByLabel( 'Cause' ).selectOption( {
				label: 'The username belongs to somebody else there (1)',
			} );
		},
	},
	{
		name: 'activity-nothing',
		path: `${ PAGE }&view=activity&search=nobody`,
	},
	{ name: 'activity-one', path: `${ PAGE }&view=activity&user=${ user }` },
	{
		name: 'decisions',
		path: `${ PAGE }&view=activity&tab=decisions`,
	},
	{
		name: 'decision',
		rtl: true,
		path: `${ PAGE }&view=activity&tab=decisions`,
		window: true,
		prepare: async ( page ) => {
			await button( page, /popescu/ )
				.first()
				.click();
			await dialog( page ).getByRole( 'radio' ).first().check();
		},
	},
	{ name: 'webhooks', rtl: true, path: `${ PAGE }&view=webhooks` },
	{
		name: 'webhook',
		path: `${ PAGE }&view=webhooks`,
		prepare: async ( page ) => {
			await button( page, 'What is told' ).click();
			await page.getByText( /^What .* is told$/ ).waitFor();
		},
	},
	{
		name: 'webhook-in',
		rtl: true,
		path: `${ PAGE }&view=webhooks`,
		prepare: async ( page ) => {
			await button( page, 'Set up' ).click();
			await button( page, 'Map what fits by its name' ).click();
		},
	},
	{
		name: 'webhook-in-part',
		path: `${ PAGE }&view=webhooks`,
		window: true,
		prepare: async ( page ) => {
			await button( page, 'Set up' ).click();
			await button( page, /^contact\.email/ ).click();
			await page.getByRole( 'menuitem' ).first().waitFor();
		},
	},
	{ name: 'settings', path: `${ PAGE }&view=settings` },
	{
		name: 'settings-alerts',
		path: `${ PAGE }&view=settings`,
		window: true,
		prepare: async ( page ) => {
			const card = page.getByRole( 'region', {
				name: 'Mail about trouble',
			} );
			await card.getByRole( 'textbox' ).fill( 'owner@example.org' );
		},
	},
	{ name: 'wp-users', path: 'users.php' },
	{ name: 'wp-profile', path: `user-edit.php?user_id=${ user }` },
	{ name: 'wp-site-health', path: 'site-health.php' },
	{ name: 'wp-plugins', path: 'plugins.php' },
];

const verifyOf = ( site: number ) => `${ PAGE }&view=sites&verify=${ site }`;

/**
 * A site that runs the plugin too is paired, and has never been compared.
 *
 * @param site Its id.
 */
export const paired = ( site: number ): Picture[] => [
	{ name: 'sites-paired', path: PAGE },
	{ name: 'verify-none', path: verifyOf( site ) },
];

/**
 * Everybody is the same on the paired site.
 *
 * @param site Its id.
 */
export const equal = ( site: number ): Picture[] => [
	{ name: 'verify-same', path: verifyOf( site ) },
];

/**
 * Some people differ on the paired site.
 *
 * @param site Its id.
 * @param user Id of one of them here.
 */
export const differing = ( site: number, user: number ): Picture[] => [
	{
		name: 'verify',
		rtl: true,
		path: verifyOf( site ),
		prepare: ( page ) =>
			page
				.getByText( /^Newer here/ )
				.first()
				.waitFor(),
	},
	{
		name: 'explain',
		rtl: true,
		path: `${ PAGE }&view=sites&explain=${ user }`,
	},
	{
		name: 'wp-profile-sync',
		path: `user-edit.php?user_id=${ user }`,
		window: true,
		prepare: ( page ) =>
			page
				.getByRole( 'link', { name: 'Explain and compare' } )
				.scrollIntoViewIfNeeded(),
	},
];

/**
 * Nothing works in the background, people wait, and a comparison has begun.
 *
 * @param site Id of the paired site.
 */
export const asleep = ( site: number ): Picture[] => [
	{ name: 'sites-late', rtl: true, path: PAGE },
	{ name: 'activity-late', path: `${ PAGE }&view=activity` },
	{ name: 'verify-running', path: verifyOf( site ) },
];
