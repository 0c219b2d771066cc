/**
 * Takes pictures of a site's wp-admin in a real browser, each in several
 * shapes: a desktop, a phone, and both written from right to left.
 */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
	chromium,
	type Browser,
	type BrowserContext,
	type BrowserContextOptions,
	type Page,
} from '@playwright/test';

import { launchOptions } from '../chromium';
import type { RunningSite } from '../sites';

const DESKTOP = { viewport: { width: 1280, height: 800 } };
const PHONE = {
	viewport: { width: 390, height: 844 },
	deviceScaleFactor: 2,
	hasTouch: true,
	isMobile: true,
};

const SHAPES: Record< string, BrowserContextOptions > = {
	desktop: DESKTOP,
	phone: PHONE,
	'desktop-rtl': DESKTOP,
	'phone-rtl': PHONE,
};

/** What gravatar.com shows for somebody without a picture; that address can't be reached everywhere. */
const NOBODY = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="#c3c4c7"/><circle cx="32" cy="24" r="12" fill="#fff"/><path d="M8 64a24 24 0 0 1 48 0z" fill="#fff"/></svg>`;

export interface Picture {
	name: string;
	/** Path in wp-admin. */
	path: string;
	/** Brings the page into the state that is shown, once it has loaded. */
	prepare?: ( page: Page ) => Promise< void >;
	/** Only what the window shows, as for dialogs; otherwise the whole page. */
	window?: boolean;
	/** Also from right to left. */
	rtl?: boolean;
}

export class Camera {
	private constructor(
		private readonly browser: Browser,
		private readonly contexts: Map< string, BrowserContext >,
		private readonly folder: string
	) {}

	/**
	 * Logs in as the administrator.
	 *
	 * @param site   Whose wp-admin.
	 * @param folder Where the pictures go.
	 */
	static async open( site: RunningSite, folder: string ): Promise< Camera > {
		await mkdir( folder, { recursive: true } );
		const browser = await chromium.launch( {
			...launchOptions(),
			env: { ...process.env, FONTCONFIG_FILE: await fontConfig() },
		} );
		const contexts = new Map< string, BrowserContext >();
		const storageState = await logIn( browser, site );
		for ( const [ shape, options ] of Object.entries( SHAPES ) ) {
			const context = await browser.newContext( {
				...options,
				storageState,
				baseURL: `${ site.url }/wp-admin/`,
				reducedMotion: 'reduce',
			} );
			await context.route( /gravatar\.com\//, ( route ) =>
				route.fulfill( { contentType: 'image/svg+xml', body: NOBODY } )
			);
			if ( shape.endsWith( '-rtl' ) ) {
				await context.addCookies( [
					{ name: 'text_direction', value: 'rtl', url: site.url },
				] );
			}
			// A page of Playground takes its time on a busy machine.
			context.setDefaultTimeout( 120_000 );
			contexts.set( shape, context );
		}
		return new Camera( browser, contexts, folder );
	}

	/**
	 * Takes one picture in every shape.
	 *
	 * @param picture What of.
	 */
	async take( picture: Picture ): Promise< void > {
		// Two at a time: the site's workers are few.
		for ( const direction of picture.rtl ? [ '', '-rtl' ] : [ '' ] ) {
			await Promise.all(
				[ 'desktop', 'phone' ].map( ( shape ) =>
					this.takeAs( shape + direction, picture )
				)
			);
		}
	}

	close(): Promise< void > {
		return this.browser.close();
	}

	private async takeAs( shape: string, picture: Picture ): Promise< void > {
		const context = this.contexts.get( shape );
		const page = await context?.newPage();
		if ( ! page ) {
			return;
		}
		await page.goto( picture.path );
		await loaded( page );
		await picture.prepare?.( page );
		await loaded( page );
		if ( ! picture.window ) {
			await enlarge( page );
		}
		await page.screenshot( {
			path: join( this.folder, `${ picture.name }-${ shape }.png` ),
			animations: 'disabled',
			caret: 'hide',
		} );
		await page.close();
	}
}

/**
 * On Linux `system-ui` is any font. The pictures show what most people see: one
 * font, that of the rest of wp-admin.
 *
 * @return Path of a configuration for the browser.
 */
async function fontConfig(): Promise< string > {
	const path = join(
		await mkdtemp( join( tmpdir(), 'fonts-' ) ),
		'fonts.conf'
	);
	const prefer = ( family: string ) =>
		`<match target="pattern"><test name="family"><string>${ family }</string></test>` +
		'<edit name="family" mode="prepend" binding="strong"><string>Roboto</string></edit></match>';
	await writeFile(
		path,
		'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>' +
			'<include ignore_missing="yes">/etc/fonts/fonts.conf</include>' +
			`${ prefer( 'sans' ) }${ prefer( 'sans-serif' ) }${ prefer( 'system-ui' ) }</fontconfig>`
	);
	return path;
}

/** The cookies of the administrator. */
async function logIn( browser: Browser, { url, user }: RunningSite ) {
	const page = await browser.newPage();
	// The first request is answered by an empty redirect, and a log-in would get lost.
	await page.goto( `${ url }/wp-login.php` );
	await page.goto( `${ url }/wp-login.php` );
	await page.locator( '#user_login' ).fill( user.username );
	await page.locator( '#user_pass' ).fill( user.password );
	await page.locator( '#wp-submit' ).click();
	await page.locator( '#wpadminbar' ).waitFor();
	const state = await page.context().storageState();
	await page.close();
	return state;
}

/** Nothing on the page says any more that it is being loaded. */
async function loaded( page: Page ): Promise< void > {
	await page.waitForLoadState( 'networkidle' );
	await page
		.locator( '.tandem-skeleton' )
		.first()
		.waitFor( { state: 'detached' } );
	await page.evaluate( () => document.fonts.ready );
}

/** A window as high as the page: what sticks to its foot then stands where it belongs. */
async function enlarge( page: Page ): Promise< void > {
	const size = page.viewportSize();
	const height = await page.evaluate(
		() => document.documentElement.scrollHeight
	);
	if ( size && height > size.height ) {
		await page.setViewportSize( { width: size.width, height } );
	}
}
