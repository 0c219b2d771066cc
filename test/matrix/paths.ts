/**
 * The ways in which a password is set on a WordPress site, done as a person or a
 * plugin does them: real forms, real REST calls, real WP-CLI.
 */
import type { Visitor } from '../../tools/sites/visitor';
import type { LabSite } from '../lab';

export interface Person {
	username: string;
	email: string;
}

export interface PasswordPath {
	name: string;
	/** Whether it makes the account; otherwise the person exists with an earlier password. */
	creates: boolean;
	/**
	 * Sets the password on site A.
	 *
	 * @return What A said where it refused the password itself, or null.
	 */
	set: (
		site: LabSite,
		admin: Visitor,
		person: Person,
		password: string
	) => Promise< string | null >;
}

/** A value of a hidden field. */
function field( html: string, name: string ): string {
	const found = new RegExp(
		`name=["']${ name }["'][^>]*value=["']([^"']*)["']`
	).exec( html );
	if ( ! found ) {
		throw new Error( `The form has no field ${ name }.` );
	}
	return found[ 1 ] ?? '';
}

/** A value for PHP, whatever it holds. */
function php( value: string ): string {
	return `base64_decode('${ Buffer.from( value ).toString( 'base64' ) }')`;
}

async function idOf( site: LabSite, person: Person ): Promise< number > {
	return Number(
		await site.php(
			`return get_user_by( 'login', ${ php( person.username ) } )->ID;`
		)
	);
}

/** Sends wp-admin's profile form, with all that it held. */
async function saveProfile(
	visitor: Visitor,
	page: string,
	password: string
): Promise< string | null > {
	const html = await ( await visitor.request( page ) ).text();
	const form: Record< string, string > = {
		action: 'update',
		pass1: password,
		pass2: password,
		// WordPress asks for a tick where it finds a password weak.
		pw_weak: 'on',
	};
	for ( const name of [
		'_wpnonce',
		'user_id',
		'email',
		'nickname',
		'display_name',
	] ) {
		form[ name ] =
			name === 'display_name'
				? field( html, 'nickname' )
				: field( html, name );
	}
	const role =
		/<select name="role"[\s\S]*?<option selected='selected' value='([^']*)'/.exec(
			html
		)?.[ 1 ];
	if ( role ) {
		form.role = role;
	}
	const response = await visitor.request( page.split( '?' )[ 0 ] as string, {
		form,
	} );
	const answer = await response.text();
	if ( response.status === 302 ) {
		return null;
	}
	return errorsOf( answer );
}

function errorsOf( html: string ): string {
	const box =
		/class="[^"]*(?:notice-error|error)[^"]*"[^>]*>([\s\S]*?)<\/div>/.exec(
			html
		);
	return ( box?.[ 1 ] ?? 'refused, without a reason on the page' )
		.replace( /<[^>]+>/g, ' ' )
		.replace( /\s+/g, ' ' )
		.trim();
}

/** A REST call whose refusal is an answer, not a failure of the test. */
async function orRefusal( call: Promise< unknown > ): Promise< string | null > {
	try {
		await call;
		return null;
	} catch ( error ) {
		return error instanceof Error ? error.message : String( error );
	}
}

export const PASSWORD_PATHS: PasswordPath[] = [
	{
		name: 'wp-admin, Add New User',
		creates: true,
		async set( _site, admin, person, password ) {
			const html = await (
				await admin.request( '/wp-admin/user-new.php' )
			).text();
			const response = await admin.request( '/wp-admin/user-new.php', {
				form: {
					action: 'createuser',
					'_wpnonce_create-user': field(
						html,
						'_wpnonce_create-user'
					),
					user_login: person.username,
					email: person.email,
					pass1: password,
					pass2: password,
					pw_weak: 'on',
					role: 'subscriber',
				},
			} );
			const answer = await response.text();
			return response.status === 302 ? null : errorsOf( answer );
		},
	},
	{
		name: 'wp-admin, own profile',
		creates: false,
		async set( site, _admin, person, password ) {
			const visitor = await site.visitAs( person.username );
			return saveProfile( visitor, '/wp-admin/profile.php', password );
		},
	},
	{
		name: "wp-admin, another's profile",
		creates: false,
		async set( site, admin, person, password ) {
			return saveProfile(
				admin,
				`/wp-admin/user-edit.php?user_id=${ await idOf( site, person ) }`,
				password
			);
		},
	},
	{
		name: 'registration form and the link of its mail',
		creates: true,
		async set( site, _admin, person, password ) {
			const visitor = site.visitor();
			await visitor.register( person.username, person.email );
			await visitor.setPasswordByLink(
				await resetLink( site, person ),
				password
			);
			return null;
		},
	},
	{
		name: 'reset link',
		creates: false,
		async set( site, _admin, person, password ) {
			await site
				.visitor()
				.setPasswordByLink( await resetLink( site, person ), password );
			return null;
		},
	},
	{
		name: 'REST, create',
		creates: true,
		set: ( _site, admin, person, password ) =>
			orRefusal(
				admin.rest( 'POST', 'wp/v2/users', {
					username: person.username,
					email: person.email,
					password,
				} )
			),
	},
	{
		name: 'REST, update',
		creates: false,
		set: async ( site, admin, person, password ) =>
			orRefusal(
				admin.rest(
					'POST',
					`wp/v2/users/${ await idOf( site, person ) }`,
					{ password }
				)
			),
	},
	{
		name: 'WP-CLI, user create',
		creates: true,
		async set( site, _admin, person, password ) {
			await site.wp( [
				'user',
				'create',
				person.username,
				person.email,
				`--user_pass=${ password }`,
			] );
			return null;
		},
	},
	{
		name: 'WP-CLI, user update',
		creates: false,
		async set( site, _admin, person, password ) {
			await site.wp( [
				'user',
				'update',
				person.username,
				`--user_pass=${ password }`,
			] );
			return null;
		},
	},
	{
		name: 'plugin code, wp_create_user()',
		creates: true,
		async set( site, _admin, person, password ) {
			await site.php(
				`return wp_create_user( ${ php( person.username ) }, ${ php( password ) }, ${ php( person.email ) } );`
			);
			return null;
		},
	},
	{
		name: 'plugin code, wp_insert_user() with what a form sent',
		creates: true,
		async set( site, _admin, person, password ) {
			await site.php(
				`return wp_insert_user( array( 'user_login' => ${ php( person.username ) }, 'user_email' => ${ php( person.email ) }, 'user_pass' => wp_slash( ${ php( password ) } ) ) );`
			);
			return null;
		},
	},
	{
		name: 'plugin code, wp_update_user()',
		creates: false,
		async set( site, _admin, person, password ) {
			await site.php(
				`return wp_update_user( array( 'ID' => get_user_by( 'login', ${ php( person.username ) } )->ID, 'user_pass' => ${ php( password ) } ) );`
			);
			return null;
		},
	},
	{
		name: 'plugin code, wp_set_password()',
		creates: false,
		async set( site, _admin, person, password ) {
			await site.php(
				`wp_set_password( ${ php( password ) }, get_user_by( 'login', ${ php( person.username ) } )->ID ); return true;`
			);
			return null;
		},
	},
];

/** The text of a mail with the link that WordPress sends to set a password. */
async function resetLink( site: LabSite, person: Person ): Promise< string > {
	return String(
		await site.php(
			`$user = get_user_by( 'login', ${ php( person.username ) } ); return network_site_url( 'wp-login.php?action=rp&key=' . get_password_reset_key( $user ) . '&login=' . rawurlencode( $user->user_login ), 'login' );`
		)
	);
}
