/**
 * A visitor of a WordPress site who uses its forms and its REST API as a
 * browser would: cookies, redirects not followed, nonces fetched.
 */

export class SiteError extends Error {
	/**
	 * @param status  HTTP status.
	 * @param code    WordPress's error code, or an empty string.
	 * @param message What the site said.
	 */
	constructor(
		readonly status: number,
		readonly code: string,
		message: string
	) {
		super( message );
	}
}

/** What a request may carry besides its path. */
interface Options {
	method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	form?: Record< string, string >;
	json?: unknown;
	headers?: Record< string, string >;
	/** Milliseconds. */
	timeout?: number;
}

/** The text of WordPress's error box on a form, without markup. */
function errorOnPage( html: string ): string {
	const box = /id="login_error"[^>]*>([\s\S]*?)<\/div>/.exec( html );
	return ( box?.[ 1 ] ?? html.slice( 0, 300 ) )
		.replace( /<[^>]+>/g, ' ' )
		.replace( /\s+/g, ' ' )
		.trim();
}

export class Visitor {
	private readonly cookies = new Map< string, string >();
	private nonce: string | null = null;

	/**
	 * @param site Address of the site, without a slash at the end.
	 */
	constructor( readonly site: string ) {}

	/**
	 * One request; redirects are returned, not followed.
	 *
	 * @param path    Path on the site, or a full address on it.
	 * @param options What it carries.
	 */
	async request( path: string, options: Options = {} ): Promise< Response > {
		const headers = new Headers( options.headers );
		if ( this.cookies.size > 0 ) {
			headers.set(
				'cookie',
				[ ...this.cookies ]
					.map( ( [ name, value ] ) => `${ name }=${ value }` )
					.join( '; ' )
			);
		}
		let body: string | URLSearchParams | undefined;
		if ( options.form ) {
			body = new URLSearchParams( options.form );
		} else if ( options.json !== undefined ) {
			headers.set( 'content-type', 'application/json' );
			body = JSON.stringify( options.json );
		}
		const response = await fetch( new URL( path, this.site ), {
			method: options.method ?? ( body === undefined ? 'GET' : 'POST' ),
			headers,
			body,
			redirect: 'manual',
			signal: AbortSignal.timeout( options.timeout ?? 60_000 ),
		} );
		for ( const cookie of response.headers.getSetCookie() ) {
			const [ pair = '', ...attributes ] = cookie.split( ';' );
			const cut = pair.indexOf( '=' );
			const name = pair.slice( 0, cut );
			const expires = attributes
				.find( ( part ) => /^\s*expires=/i.test( part ) )
				?.split( '=' )[ 1 ];
			if ( expires && Date.parse( expires ) < Date.now() ) {
				this.cookies.delete( name );
			} else {
				this.cookies.set( name, pair.slice( cut + 1 ) );
			}
		}
		return response;
	}

	/**
	 * Fills in wp-login.php.
	 *
	 * @param username Or e-mail address.
	 * @param password As the person types it.
	 * @return Whether WordPress let the person in.
	 */
	async logIn( username: string, password: string ): Promise< boolean > {
		this.cookies.clear();
		this.nonce = null;
		const response = await this.request( '/wp-login.php', {
			form: { log: username, pwd: password, 'wp-submit': 'Log In' },
		} );
		await response.arrayBuffer();
		return [ ...this.cookies.keys() ].some( ( name ) =>
			name.startsWith( 'wordpress_logged_in_' )
		);
	}

	/**
	 * Fills in the registration form; WordPress then sends a mail with a link.
	 *
	 * @param username Wanted username.
	 * @param email    Address.
	 */
	async register( username: string, email: string ): Promise< void > {
		const response = await this.request( '/wp-login.php?action=register', {
			form: { user_login: username, user_email: email },
		} );
		const page = await response.text();
		if ( response.status !== 302 ) {
			throw new SiteError( response.status, '', errorOnPage( page ) );
		}
	}

	/**
	 * Opens the link of a "set your password" or "reset your password" mail and
	 * fills in the form behind it.
	 *
	 * @param mail     Text of the mail.
	 * @param password The new one.
	 */
	async setPasswordByLink( mail: string, password: string ): Promise< void > {
		const link = /https?:\/\/[^\s<>]+action=rp[^\s<>]*/.exec( mail )?.[ 0 ];
		if ( ! link ) {
			throw new Error( 'There is no link in this mail.' );
		}
		// Sets a cookie and redirects to the same page without the key.
		await ( await this.request( link ) ).arrayBuffer();
		const form = await (
			await this.request( '/wp-login.php?action=rp' )
		).text();
		const key = /name="rp_key" value="([^"]+)"/.exec( form )?.[ 1 ];
		if ( ! key ) {
			throw new Error(
				`The link does not work (${ errorOnPage( form ) }).`
			);
		}
		const response = await this.request( '/wp-login.php?action=resetpass', {
			form: { pass1: password, pass2: password, rp_key: key },
		} );
		const page = await response.text();
		if ( ! /reset-pass\b/.test( page ) || /name="rp_key"/.test( page ) ) {
			throw new SiteError( response.status, '', errorOnPage( page ) );
		}
	}

	/**
	 * A call of the REST API as the person who is logged in.
	 *
	 * @param method HTTP method.
	 * @param route  Such as `wp/v2/users?search=x`.
	 * @param body   Sent as JSON.
	 * @return The answer's JSON. Throws a SiteError with WordPress's code for any other status than 2xx.
	 */
	async rest< T >(
		method: NonNullable< Options[ 'method' ] >,
		route: string,
		body?: unknown
	): Promise< T > {
		this.nonce ??= (
			await (
				await this.request(
					'/wp-admin/admin-ajax.php?action=rest-nonce'
				)
			).text()
		).trim();
		// Works with any permalink structure, as /wp-json/ doesn't.
		const [ path, query = '' ] = route.split( '?' );
		const response = await this.request(
			`/index.php?rest_route=/${ path }&${ query }`,
			{ method, json: body, headers: { 'X-WP-Nonce': this.nonce } }
		);
		const text = await response.text();
		let answer: unknown;
		try {
			answer = JSON.parse( text );
		} catch {
			throw new SiteError(
				response.status,
				'',
				`${ method } ${ route } answered no JSON: ${ text.slice( 0, 300 ) }`
			);
		}
		if ( ! response.ok ) {
			const { code = '', message = '' } = answer as {
				code?: string;
				message?: string;
			};
			throw new SiteError(
				response.status,
				code,
				`${ method } ${ route } answered ${ response.status }: ${ message }`
			);
		}
		return answer as T;
	}

	/**
	 * Makes an application password for the person who is logged in.
	 *
	 * @param name What it is for; the person sees it in the profile.
	 */
	async makeApplicationPassword( name: string ): Promise< string > {
		const made = await this.rest< { password: string } >(
			'POST',
			'wp/v2/users/me/application-passwords',
			{ name }
		);
		return made.password;
	}
}
