/**
 * Using the plugin's page: as a person with a mouse, and as one without.
 */
import { expect, type Locator, type Page } from '@playwright/test';

import { PAGE } from './sites';

export type Section =
	'sites' | 'backfill' | 'webhooks' | 'activity' | 'settings';

/** Opens a section of the page, and waits until it shows what it has loaded. */
export async function open(
	page: Page,
	section: Section = 'sites',
	args: Record< string, string | number > = {}
): Promise< void > {
	const url = new URL( PAGE );
	if ( section !== 'sites' ) {
		url.searchParams.set( 'view', section );
	}
	for ( const [ name, value ] of Object.entries( args ) ) {
		url.searchParams.set( name, String( value ) );
	}
	await page.goto( url.href );
	await loaded( page );
}

/** Waits until nothing on the page says that it is still being loaded. */
export async function loaded( page: Page ): Promise< void > {
	await expect(
		page.getByRole( 'heading', { name: 'Tandem User Sync' } )
	).toBeVisible();
	await expect( page.getByText( 'Loading…' ) ).toHaveCount( 0 );
}

/** The link to a section at the top. */
export function sectionLink( page: Page, name: string ): Locator {
	return page
		.getByRole( 'navigation', { name: 'User sync sections' } )
		.getByRole( 'link', { name } );
}

/** Goes to a section by its link. */
export async function goTo( page: Page, name: string ): Promise< void > {
	await sectionLink( page, name ).click();
	await loaded( page );
}

/** The card of the site B. */
export function card( page: Page ): Locator {
	return page.getByRole( 'article', { name: 'Site B' } );
}

/** The number beside a word of a list of numbers, such as "Waiting". */
export function stat( within: Page | Locator, term: string ): Locator {
	return within
		.getByRole( 'term' )
		.filter( { hasText: new RegExp( `^${ term }$` ) } )
		.locator( 'xpath=following-sibling::dd[1]' );
}

/** Goes on with Tab, through all of wp-admin's menu at first, until something has the focus, as one does who has no mouse. */
export async function tabTo( page: Page, target: Locator ): Promise< void > {
	await expect( target ).toBeVisible();
	for ( let step = 0; step < 150; step++ ) {
		if (
			await target.evaluate(
				( element ) => element === element.ownerDocument.activeElement
			)
		) {
			return;
		}
		await page.keyboard.press( 'Tab' );
	}
	throw new Error( `The Tab key does not come to ${ target.toString() }.` );
}
