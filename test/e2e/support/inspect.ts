/**
 * Looks at what the page shows: is it accessible, does it fit?
 */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

import { A } from './sites';

/** wp-admin around the page, and what can't be mended from here. */
const NOT_OURS = [
	'#wpadminbar',
	'#adminmenumain',
	'#wpfooter',
	'#wp-auth-check-wrap',
	// WordPress's own: its name is what a click does, not what it says.
	'.components-snackbar',
];

/** Has WordPress write from right to left for this browser. */
export async function writeFromTheRight( page: Page ): Promise< void > {
	await page
		.context()
		.addCookies( [
			{ name: 'tandem_e2e_direction', value: 'rtl', url: A },
		] );
}

/**
 * What is wider than the window, as a list of words. What scrolls by itself, as a
 * wide table does, may be wider.
 */
function whatSticksOut( page: Page ): Promise< string[] > {
	return page.evaluate( () => {
		const root = document.scrollingElement as Element;
		const out: string[] = [];
		if ( root.scrollWidth > root.clientWidth ) {
			out.push(
				`the page: ${ root.scrollWidth } of ${ root.clientWidth } pixels`
			);
		}
		const scrolls = ( element: Element ): boolean => {
			for (
				let parent = element.parentElement;
				parent && parent !== document.body;
				parent = parent.parentElement
			) {
				if (
					[ 'auto', 'scroll' ].includes(
						window.getComputedStyle( parent ).overflowX
					) &&
					parent.scrollWidth > parent.clientWidth
				) {
					return parent.closest( '.dataviews-wrapper' ) !== null;
				}
			}
			return false;
		};
		for ( const element of document.querySelectorAll(
			'#tandem-root *, [role=dialog] *, [role=menu] *'
		) ) {
			const box = element.getBoundingClientRect();
			if (
				box.width > 1 &&
				box.height > 1 &&
				! element.closest( '#wpadminbar' ) &&
				( box.right > root.clientWidth + 1 || box.left < -1 ) &&
				// The outermost one is enough.
				! out.some( ( words ) => words.startsWith( '<' ) ) &&
				! scrolls( element )
			) {
				out.push(
					`<${ element.tagName.toLowerCase() } class="${ element.getAttribute(
						'class'
					) }"> from ${ box.left } to ${ box.right }`
				);
			}
		}
		return out;
	} );
}

/**
 * Fails where a person with a screen reader, a keyboard or a small window would
 * be kept out.
 *
 * @param page The page.
 * @param what What is to be seen on it, for the message.
 */
export async function expectWellMade(
	page: Page,
	what: string
): Promise< void > {
	expect
		.soft( await whatSticksOut( page ), `${ what }: too wide` )
		.toEqual( [] );
	const builder = new AxeBuilder( { page } );
	NOT_OURS.forEach( ( selector ) => builder.exclude( selector ) );
	// WordPress puts its menus, and what its screen reader texts are spoken from, outside of every landmark.
	builder.disableRules( [ 'region' ] );
	const { violations } = await builder.analyze();
	expect
		.soft(
			violations.map(
				( { id, help, nodes } ) =>
					`${ id }: ${ help }: ${ nodes
						.map( ( { html } ) => html.slice( 0, 200 ) )
						.join( ' ' ) }`
			),
			`${ what }: not accessible`
		)
		.toEqual( [] );
}
