import './style.scss';
import domReady from '@wordpress/dom-ready';
import { createRoot, StrictMode } from '@wordpress/element';
import { App } from './app';
import { readBoot } from './boot';

domReady( () => {
	const root = document.getElementById( 'tandem-root' );
	if ( ! root ) {
		return;
	}
	// The frame takes the color of the admin menu, whatever the color scheme.
	const menu = document.getElementById( 'adminmenuback' );
	if ( menu ) {
		document.body.style.setProperty(
			'--tandem-frame',
			window.getComputedStyle( menu ).backgroundColor
		);
	}
	createRoot( root ).render(
		<StrictMode>
			<App boot={ readBoot() } />
		</StrictMode>
	);
} );
