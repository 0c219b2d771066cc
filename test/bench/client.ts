/**
 * A browser that does nothing but measure: one kept connection for each site, no parsing.
 */
import { Agent, request } from 'node:http';

export class Client {
	private readonly agent: Agent;

	/**
	 * @param url         Address of the site.
	 * @param connections How many at once.
	 */
	constructor(
		private readonly url: string,
		connections = 1
	) {
		this.agent = new Agent( { keepAlive: true, maxSockets: connections } );
	}

	/**
	 * Registers an account through WordPress's form.
	 *
	 * @param username A new one.
	 * @return Milliseconds until the answer was complete.
	 */
	async register( username: string ): Promise< number > {
		const form = new URLSearchParams( {
			user_login: username,
			user_email: `${ username }@example.test`,
			redirect_to: '',
		} ).toString();
		const { status, took } = await this.send(
			'/wp-login.php?action=register',
			form
		);
		if ( status !== 302 ) {
			throw new Error(
				`${ this.url } did not register ${ username }: it answered ${ status }.`
			);
		}
		return took;
	}

	/**
	 * Looks at the front page.
	 *
	 * @return Milliseconds until it was complete.
	 */
	async view(): Promise< number > {
		const { status, took } = await this.send( '/' );
		if ( status !== 200 ) {
			throw new Error( `${ this.url } answered ${ status }.` );
		}
		return took;
	}

	close(): void {
		this.agent.destroy();
	}

	private send(
		path: string,
		body?: string
	): Promise< { status: number; took: number } > {
		return new Promise( ( resolve, reject ) => {
			const start = performance.now();
			const sent = request(
				this.url + path,
				{
					agent: this.agent,
					method: body === undefined ? 'GET' : 'POST',
					headers:
						body === undefined
							? {}
							: {
									'content-type':
										'application/x-www-form-urlencoded',
									'content-length': Buffer.byteLength( body ),
								},
				},
				( response ) => {
					response.resume();
					response.on( 'error', reject );
					response.on( 'end', () =>
						resolve( {
							status: response.statusCode ?? 0,
							took: performance.now() - start,
						} )
					);
				}
			);
			sent.on( 'error', reject );
			sent.end( body );
		} );
	}
}
