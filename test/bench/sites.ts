/**
 * The sites that are compared: the same WordPress without anything, with Tandem, and with the well-known tutorial's snippet.
 */
import { Lab, type SiteOptions } from '../lab';

/** What is compared. Each has a site of its own, all deliver to the same B. */
export const CANDIDATES = [
	'without',
	'again',
	'tandem',
	'elsewhere',
	'tutorial',
] as const;
export type Candidate = ( typeof CANDIDATES )[ number ];

export const TITLES: Record< Candidate, string > = {
	without: 'without the plugin',
	again: 'without the plugin, a second such site',
	tandem: 'with Tandem',
	elsewhere: 'with Tandem, PHP without fastcgi_finish_request',
	tutorial: "with the tutorial's blocking call",
};

/** How B behaves. */
export const STATES = [ 'up', 'down', 'hanging' ] as const;
export type State = ( typeof STATES )[ number ];

/**
 * The snippet as it is found in tutorials and answers: a blocking call in the visitor's request.
 *
 * @param url      Address of B.
 * @param password Application password of B's administrator.
 */
export function tutorial( url: string, password: string ): string {
	return `<?php
add_action( 'user_register', function ( $user_id ) {
	$user = get_userdata( $user_id );
	wp_remote_post( '${ url }/wp-json/wp/v2/users', array(
		'headers' => array( 'Authorization' => 'Basic ' . base64_encode( 'admin:${ password }' ) ),
		'body'    => array(
			'username' => $user->user_login,
			'email'    => $user->user_email,
			'password' => wp_generate_password(),
		),
	) );
} );
`;
}

/** How all of them are run: as on a real host, nothing cheaper and nothing written down. */
export const AS_IN_LIFE: Omit< SiteOptions, 'name' | 'plugin' > = {
	wp: '7.1',
	workers: 8,
	cheapHashes: false,
	record: false,
	// Its log would be written by some of them only.
	constants: { WP_DEBUG: false },
};

/**
 * Starts the sites, connects those with Tandem to B, and sends the first requests, which are never like the others.
 *
 * @param say Is told what is being done.
 */
export async function startSites(
	say: ( sentence: string ) => void
): Promise< Lab > {
	const lab = await Lab.up( {
		say,
		sites: [
			{ ...AS_IN_LIFE, name: 'without', plugin: false },
			{ ...AS_IN_LIFE, name: 'again', plugin: false },
			{ ...AS_IN_LIFE, name: 'tandem', plugin: true },
			{
				...AS_IN_LIFE,
				name: 'elsewhere',
				plugin: true,
				phpSettings: { disable_functions: 'fastcgi_finish_request' },
			},
			{ ...AS_IN_LIFE, name: 'tutorial', plugin: false },
			{ ...AS_IN_LIFE, name: 'b', plugin: false },
		],
	} );
	try {
		await lab.connect( 'tandem', 'b' );
		await lab.connect( 'elsewhere', 'b' );
		await lab
			.site( 'tutorial' )
			.addMuPlugin(
				'tutorial.php',
				tutorial(
					lab.site( 'b' ).url,
					await lab.site( 'b' ).applicationPassword()
				)
			);
		return lab;
	} catch ( error ) {
		await lab.down();
		throw error;
	}
}
