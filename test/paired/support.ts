/**
 * What the tests of paired sites share: questions that a site answers, and waiting for them.
 */
import { waitUntil } from '../lab/process';
import type { LabSite } from '../lab';

/** A value for PHP, whatever it holds. */
export function php( value: string ): string {
	return `base64_decode('${ Buffer.from( value ).toString( 'base64' ) }')`;
}

export interface Account {
	id: number;
	login: string;
	email: string;
	first: string;
	roles: string[];
	pass: string;
}

/**
 * An account of a site, or null.
 *
 * @param site  Site.
 * @param login Username.
 */
export async function account(
	site: LabSite,
	login: string
): Promise< Account | null > {
	return ( await site.php(
		`$u = get_user_by( 'login', ${ php( login ) } ); return $u ? array( 'id' => $u->ID, 'login' => $u->user_login, 'email' => $u->user_email, 'first' => $u->first_name, 'roles' => array_values( $u->roles ), 'pass' => $u->user_pass ) : null;`
	) ) as Account | null;
}

/**
 * Waits until an account is as it should be.
 *
 * @param site  Site.
 * @param login Username.
 * @param is    Whether it is.
 * @param what  What is waited for, for the failure.
 */
export async function becomes(
	site: LabSite,
	login: string,
	is: ( found: Account | null ) => boolean,
	what: string
): Promise< Account | null > {
	let found: Account | null = null;
	await waitUntil( async () => {
		found = await account( site, login );
		return is( found );
	}, `${ site.name }: ${ what }` ).catch( ( error: Error ) => {
		throw new Error(
			`${ error.message }; last seen: ${ JSON.stringify( found ) }`
		);
	} );
	return found;
}

/**
 * Makes an account by a plugin's code.
 *
 * @param site     Site.
 * @param login    Username.
 * @param password As a form would hand it over.
 * @param more     Further fields.
 */
export async function register(
	site: LabSite,
	login: string,
	password: string,
	more: Record< string, string > = {}
): Promise< number > {
	const fields = {
		user_login: login,
		user_email: `${ login }@people.test`,
		user_pass: password,
		role: 'subscriber',
		...more,
	};
	return Number(
		await site.php(
			`$id = wp_insert_user( json_decode( ${ php( JSON.stringify( fields ) ) }, true ) ); return is_wp_error( $id ) ? $id->get_error_message() : $id;`
		)
	);
}

/**
 * What waits on a site, all rows of its outbox.
 *
 * @param site Site.
 */
export async function waiting( site: LabSite ): Promise< number > {
	return Number(
		await site.php(
			`global $wpdb; return (int) $wpdb->get_var( "SELECT COUNT(*) FROM {$wpdb->prefix}tandem_outbox" );`
		)
	);
}

/**
 * Waits until nothing is on its way between sites.
 *
 * @param sites Sites.
 */
export async function quiet( sites: readonly LabSite[] ): Promise< void > {
	try {
		await waitUntil(
			async () =>
				( await Promise.all( sites.map( waiting ) ) ).every(
					( rows ) => rows === 0
				),
			'the traffic between the sites does not end'
		);
	} catch ( error ) {
		const rows = await Promise.all(
			sites.map( ( site ) =>
				site.php(
					'global $wpdb; return array( get_option( Tandem\\Admin\\SiteHealth::TROUBLE ), $wpdb->get_results( "SELECT site_id, user_id, state, fields, open_count, attempts, CAST( due_at AS SIGNED ) - UNIX_TIMESTAMP() AS due_in, CAST( claimed_until AS SIGNED ) - UNIX_TIMESTAMP() AS claimed_for, code, message FROM {$wpdb->prefix}tandem_outbox LIMIT 5", ARRAY_A ) );'
				)
			)
		);
		throw new Error(
			`${ ( error as Error ).message }: ${ JSON.stringify( rows, null, 1 ) }`
		);
	}
}

/**
 * What the activity of a site says, the newest first.
 *
 * @param site Site.
 */
export async function activity( site: LabSite ): Promise<
	{
		action: string;
		result: string;
		code: string;
		message: string;
		direction: string;
		username: string;
		warnings: string[];
	}[]
> {
	return ( await site.php(
		`global $wpdb; return array_map( fn ( array $row ): array => array( 'warnings' => json_decode( (string) $row['warnings'], true ) ?? array() ) + $row, $wpdb->get_results( "SELECT action, result, code, message, direction, username, warnings FROM {$wpdb->prefix}tandem_activity ORDER BY id DESC LIMIT 50", ARRAY_A ) );`
	) ) as never;
}

/**
 * Makes people whom no hook of Tandem sees, as an import by SQL does.
 *
 * @param site   Site.
 * @param names  Usernames.
 * @param fields Further fields of all of them.
 */
export const silently = (
	site: LabSite,
	names: string[],
	fields: Record< string, string > = {}
) =>
	site.php( `
		set_time_limit( 0 );
		foreach ( array( 'user_register', 'added_user_meta', 'updated_user_meta', 'profile_update' ) as $hook ) { remove_all_actions( $hook ); }
		remove_all_actions( 'shutdown' );
		foreach ( json_decode( ${ php( JSON.stringify( names ) ) } ) as $name ) {
			wp_insert_user( array( 'user_login' => $name, 'user_email' => "$name@people.test", 'user_pass' => "secret of $name", 'role' => 'subscriber', 'first_name' => 'Of ${ site.name }' ) + json_decode( ${ php( JSON.stringify( fields ) ) }, true ) );
		}
		return true;
	` );
