/**
 * wp-scripts' Jest, for the admin page and the tools. JavaScript, because Jest
 * would need another loader to read a TypeScript configuration.
 */
const defaults = require( '@wordpress/scripts/config/jest-unit.config.js' );
const preset = require( '@wordpress/jest-preset-default/jest-preset' );

// Packages that have no CommonJS build.
const ESM = [ '@wordpress/(theme|style-runtime)', 'colorjs\\.io', 'uuid' ];

module.exports = {
	...defaults,
	roots: [ '<rootDir>/admin-src', '<rootDir>/tools', '<rootDir>/test/bench' ],
	testMatch: [ '**/*.test.{ts,tsx}' ],
	transform: {
		'\\.m?[jt]sx?$':
			require.resolve( '@wordpress/scripts/config/babel-transform' ),
	},
	transformIgnorePatterns: [ `/node_modules/(?!(${ ESM.join( '|' ) })/)` ],
	setupFilesAfterEnv: [
		...preset.setupFilesAfterEnv,
		'@testing-library/jest-dom',
		'<rootDir>/admin-src/test/support/queries.ts',
	],
};
