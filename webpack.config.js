/**
 * The configuration of wp-scripts with three changes: the folders, one CSS file
 * an entry, and what is bundled instead of taken from WordPress.
 *
 * JavaScript, because wp-scripts looks for this name only.
 */
const { resolve } = require( 'path' );
const defaults = require( '@wordpress/scripts/config/webpack.config' );
const DependencyExtraction = require( '@wordpress/dependency-extraction-webpack-plugin' );

// These carry the nonce, the translations, the time zone and the filters of the
// site, and are the same in all supported versions. The rest, React included,
// is bundled: the screen is then the same on every version of WordPress.
const FROM_WORDPRESS = [
	'a11y',
	'api-fetch',
	'date',
	'dom-ready',
	'hooks',
	'i18n',
	'url',
].map( ( name ) => `@wordpress/${ name }` );

module.exports = {
	...defaults,
	entry: {
		index: resolve( __dirname, 'admin-src/index.tsx' ),
		components: resolve( __dirname, 'admin-src/components.scss' ),
		'block/only-for': resolve( __dirname, 'admin-src/block/only-for.ts' ),
	},
	output: { ...defaults.output, path: resolve( __dirname, 'plugin/build' ) },
	optimization: {
		...defaults.optimization,
		splitChunks: { cacheGroups: { default: false } },
	},
	performance: { hints: false },
	plugins: [
		...defaults.plugins.filter(
			( plugin ) => ! ( plugin instanceof DependencyExtraction )
		),
		new DependencyExtraction( {
			requestToExternal: ( request ) =>
				FROM_WORDPRESS.includes( request ) ? undefined : false,
		} ),
	],
};
