/**
 * WordPress's rules, and what this project wants on top.
 *
 * JavaScript, because wp-scripts looks for this name only.
 */
const defaults = require( '@wordpress/scripts/config/eslint.config.cjs' );

module.exports = [
	{ ignores: [ 'plugin/build/**', 'vendor/**', 'artifacts/**', 'dist/**' ] },
	...defaults,
	{
		files: [ '**/*.{ts,tsx}' ],
		rules: {
			// The types say it.
			'jsdoc/require-param': 'off',
			'jsdoc/require-returns': 'off',
			'jsdoc/require-param-type': 'off',
			'jsdoc/require-returns-type': 'off',
			'@typescript-eslint/no-explicit-any': 'error',
		},
	},
	{
		files: [ 'admin-src/**/*.{ts,tsx}' ],
		rules: {
			'@wordpress/i18n-text-domain': [
				'error',
				{ allowedTextDomain: 'tandem-user-sync' },
			],
			'@wordpress/use-recommended-components': 'error',
		},
	},
	{
		// Programs for a terminal: what they print is what they are for.
		files: [ 'tools/**/*.ts', 'test/**/*.ts', '*.config.{js,ts}' ],
		rules: {
			'no-console': 'off',
		},
	},
];
