/**
 * A small bookshop with a course site and a readers' forum, made by real
 * requests: the people of the pictures, what they do, and what goes wrong.
 * Names are invented, addresses are under example.org.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import type { Backfill, Site } from '../../admin-src/types';
import { connect } from '../demo';
import type { RunningSite } from '../sites';
import { Visitor } from '../sites/visitor';

/** A backfill of a few people takes minutes where the machine is busy. */
const SETTLES_WITHIN_MS = 600_000;

export const TITLES = {
	a: 'Harbour Books',
	b: 'Harbour Academy',
	c: 'Readers’ Forum',
} as const;

interface Somebody {
	first: string;
	last: string;
	/** By default made of the name. */
	username?: string;
	email?: string;
	role?: string;
}

const SHOP: Somebody[] = [
	{ first: 'Amina', last: 'Okafor' },
	{ first: 'Tomás', last: 'Herrera', role: 'author' },
	{ first: 'David', last: 'Adeyemi' },
	{ first: 'Jonas', last: 'Lindqvist' },
	{ first: 'Mei-Ling', last: 'Chen', role: 'editor' },
	{ first: 'Klara', last: 'Novák' },
	{ first: 'Priya', last: 'Raman' },
	{ first: 'Sofia', last: 'Rossi' },
	{ first: 'Noor', last: 'Haddad' },
	{ first: 'Ingrid', last: 'Solberg' },
	{ first: 'Mateus', last: 'Carvalho' },
	{ first: 'Yuki', last: 'Tanaka' },
	{ first: 'Elif', last: 'Demir', role: 'contributor' },
	{ first: 'Samuel', last: 'Mensah' },
	{ first: 'Hanna', last: 'Virtanen' },
];

/** Some are customers of the shop; three only look like it, and one is in charge here. */
const ACADEMY: Somebody[] = [
	{ first: 'Amina', last: 'Okafor' },
	{ first: 'Tomás', last: 'Herrera' },
	{ first: 'Mei-Ling', last: 'Chen' },
	{ first: 'Priya', last: 'Raman', username: 'praman' },
	{ first: 'Noor', last: 'Haddad' },
	{ first: 'Yuki', last: 'Tanaka' },
	{ first: 'Sofia', last: 'Rossi', email: 'sofia@rossi.example.org' },
	{ first: 'David', last: 'Adeyemi', email: 'd.adeyemi@mail.example.org' },
	{ first: 'Ingrid', last: 'Solberg', role: 'administrator' },
	{
		first: 'Nadia',
		last: 'Popescu',
		email: 'nadia@popescu.example.org',
	},
	{ first: 'Leo', last: 'Fischer' },
];

const FORUM: Somebody[] = [
	{ first: 'Jonas', last: 'Lindqvist' },
	{ first: 'Klara', last: 'Novák' },
	{ first: 'Hanna', last: 'Virtanen' },
];

/** They come after the connection: one of them meets a namesake on the course site, one themselves. */
const NEWCOMERS: Somebody[] = [
	{ first: 'Chloé', last: 'Martin' },
	{ first: 'Nadia', last: 'Popescu' },
	{ first: 'Leo', last: 'Fischer' },
];

const plain = ( text: string ) =>
	text
		.normalize( 'NFD' )
		.replace( /\p{M}/gu, '' )
		.replace( /[^A-Za-z]/g, '' )
		.toLowerCase();

const usernameOf = ( { first, last, username }: Somebody ) =>
	username ?? `${ plain( first ) }.${ plain( last ) }`;

const password = () => randomBytes( 12 ).toString( 'base64url' );

/**
 * Somebody's account, made by the administrator.
 *
 * @param admin The administrator, logged in.
 * @param who   Somebody.
 * @return Id of the account.
 */
async function addUser( admin: Visitor, who: Somebody ): Promise< number > {
	const { id } = await admin.rest< { id: number } >( 'POST', 'wp/v2/users', {
		username: usernameOf( who ),
		email:
			who.email ??
			`${ plain( who.first ) }.${ plain( who.last ) }@example.org`,
		first_name: who.first,
		last_name: who.last,
		name: `${ who.first } ${ who.last }`,
		roles: [ who.role ?? 'subscriber' ],
		password: password(),
	} );
	return id;
}

export class Shop {
	private readonly ids = new Map< string, number >();

	private constructor(
		private readonly sites: Record< 'a' | 'b' | 'c', RunningSite >,
		private readonly admins: Record< 'a' | 'b' | 'c', Visitor >
	) {}

	/**
	 * Three empty sites become the shop, the course site and the forum; they don't know each other yet.
	 *
	 * @param sites Where.
	 */
	static async open(
		sites: Record< 'a' | 'b' | 'c', RunningSite >
	): Promise< Shop > {
		const admins = {
			a: new Visitor( sites.a.url ),
			b: new Visitor( sites.b.url ),
			c: new Visitor( sites.c.url ),
		};
		const shop = new Shop( sites, admins );
		const people = { a: SHOP, b: ACADEMY, c: FORUM };
		await Promise.all(
			( [ 'a', 'b', 'c' ] as const ).map( async ( name ) => {
				const { username, password: secret } = sites[ name ].user;
				await admins[ name ].logIn( username, secret );
				await admins[ name ].rest( 'POST', 'wp/v2/settings', {
					title: TITLES[ name ],
				} );
				for ( const who of people[ name ] ) {
					const id = await addUser( admins[ name ], who );
					if ( name === 'a' ) {
						shop.ids.set( usernameOf( who ), id );
					}
				}
			} )
		);
		return shop;
	}

	/** Connects the shop to both others. */
	async connect(): Promise< void > {
		await connect( this.sites.a, this.sites.b );
		await connect( this.sites.a, this.sites.c );
	}

	/**
	 * Makes the preview of a backfill.
	 *
	 * @param to Which of the sites.
	 */
	async preview( to: 'b' | 'c' ): Promise< Backfill > {
		const { id } = await this.site( to );
		const { id: job } = await this.admins.a.rest< Backfill >(
			'POST',
			'tandem/v1/backfills',
			{ site: id }
		);
		return this.backfillThat( job, 'ready' );
	}

	/**
	 * Carries a backfill out.
	 *
	 * @param job As its preview.
	 */
	async run( job: Backfill ): Promise< Backfill > {
		const { id } = job;
		await this.admins.a.rest( 'POST', `tandem/v1/backfills/${ id }/run` );
		return this.backfillThat( id, 'done' );
	}

	/** A day in the shop: newcomers, edits, a role, and what needs a decision. */
	async day(): Promise< void > {
		for ( const who of NEWCOMERS ) {
			await addUser( this.admins.a, who );
		}
		await this.edit( 'amina.okafor', { last_name: 'Okafor-Bell' } );
		await this.edit( 'jonas.lindqvist', { roles: [ 'contributor' ] } );
		await this.edit( 'priya.raman', { password: password() } );
		await this.edit( 'yuki.tanaka', {
			description: 'Reads maps for a living.',
		} );
		await this.settled();
	}

	/** What happens while the forum is away. */
	async evening(): Promise< void > {
		await this.edit( 'klara.novak', {
			email: 'klara@novak.example.org',
		} );
		await this.edit( 'hanna.virtanen', { password: password() } );
		await this.edit( 'mateus.carvalho', {
			url: 'https://carvalho.example.org',
		} );
		await this.until( 'the forum is missed', async () => {
			const { problem, waiting } = await this.site( 'c' );
			// The first request after its end may have been on the way before.
			return problem?.code === 'refused' && waiting >= 3;
		} );
		await this.settled();
	}

	/**
	 * What the shop says of one of the others.
	 *
	 * @param which The other.
	 */
	async site( which: 'b' | 'c' ): Promise< Site > {
		const sites = await this.admins.a.rest< Site[] >(
			'GET',
			'tandem/v1/sites'
		);
		const found = sites.find(
			( { url } ) => url === this.sites[ which ].urlForOthers
		);
		if ( ! found ) {
			throw new Error( `${ TITLES[ which ] } is not connected.` );
		}
		return found;
	}

	/**
	 * Somebody's id in the shop.
	 *
	 * @param username Who has been there from the beginning.
	 */
	idOf( username: string ): number {
		const id = this.ids.get( username );
		if ( id === undefined ) {
			throw new Error( `${ username } is not in the shop.` );
		}
		return id;
	}

	private async edit( username: string, what: object ): Promise< void > {
		await this.admins.a.rest(
			'POST',
			`wp/v2/users/${ this.idOf( username ) }`,
			what
		);
	}

	/** Nobody waits for the course site any more. */
	private settled(): Promise< void > {
		return this.until(
			'everybody has arrived',
			async () => ( await this.site( 'b' ) ).waiting === 0
		);
	}

	private async backfillThat(
		id: number,
		state: Backfill[ 'state' ]
	): Promise< Backfill > {
		const look = () =>
			this.admins.a.rest< Backfill >(
				'GET',
				`tandem/v1/backfills/${ id }`
			);
		await this.until(
			`the backfill is ${ state }`,
			async () => ( await look() ).state === state
		);
		return look();
	}

	private async until(
		what: string,
		holds: () => Promise< boolean >
	): Promise< void > {
		const deadline = Date.now() + SETTLES_WITHIN_MS;
		while ( ! ( await holds() ) ) {
			if ( Date.now() > deadline ) {
				throw new Error(
					`Waited ${ SETTLES_WITHIN_MS / 1000 } s until ${ what }, in vain.`
				);
			}
			await pause( 500 );
		}
	}
}
