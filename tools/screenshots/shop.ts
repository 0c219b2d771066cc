/**
 * A small bookshop with a course site, a readers' forum and a site for events,
 * made by real requests: the people of the pictures, what they do, and what
 * goes wrong. Names are invented, addresses are under example.org.
 */
import { randomBytes } from 'node:crypto';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import type {
	Backfill,
	PairingCode,
	Site,
	Verification,
} from '../../admin-src/types';
import { connect } from '../demo';
import type { RunningSite, SiteHandle } from '../sites';
import { Visitor } from '../sites/visitor';

/** A backfill of a few people takes minutes where the machine is busy. */
const SETTLES_WITHIN_MS = 600_000;

export const TITLES = {
	a: 'Harbour Books',
	b: 'Harbour Academy',
	c: 'Readers’ Forum',
	d: 'Harbour Events',
} as const;

type Name = keyof typeof TITLES;

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

/**
 * Has a site take changes that nothing notices.
 *
 * @param site Whose files lie on this machine.
 */
const openDatabase = ( site: SiteHandle ) =>
	copyFile(
		join( __dirname, 'past-wordpress.php' ),
		join( site.wordpress, 'wp-content/mu-plugins/past-wordpress.php' )
	);

export class Shop {
	private readonly ids = new Map< string, number >();

	private constructor(
		private readonly sites: Partial< Record< Name, RunningSite > >,
		private readonly admins: { a: Visitor } & Partial<
			Record< Name, Visitor >
		>
	) {}

	/**
	 * Three empty sites become the shop, the course site and the forum; they don't know each other yet.
	 *
	 * @param sites Where.
	 */
	static async open(
		sites: Record< 'a' | 'b' | 'c', RunningSite >
	): Promise< Shop > {
		const shop = new Shop( sites, { a: new Visitor( sites.a.url ) } );
		const people = { a: SHOP, b: ACADEMY, c: FORUM };
		await Promise.all(
			( [ 'a', 'b', 'c' ] as const ).map( async ( name ) => {
				const admin = await shop.enter( name, sites[ name ] );
				for ( const who of people[ name ] ) {
					const id = await addUser( admin, who );
					if ( name === 'a' ) {
						shop.ids.set( usernameOf( who ), id );
					}
				}
			} )
		);
		return shop;
	}

	/**
	 * The sites as the story has left them.
	 *
	 * @param sites Where.
	 */
	static async openAgain(
		sites: Record< 'a' | 'b' | 'd', RunningSite >
	): Promise< Shop > {
		const shop = new Shop( sites, { a: new Visitor( sites.a.url ) } );
		for ( const name of [ 'a', 'b', 'd' ] as const ) {
			// A start gives the site its ordinary name back.
			await shop.enter( name, sites[ name ] );
		}
		const found = await shop.admins.a.rest<
			{ id: number; username: string }[]
		>( 'GET', 'wp/v2/users?context=edit&per_page=100' );
		found.forEach( ( { id, username } ) => shop.ids.set( username, id ) );
		return shop;
	}

	/** Connects the shop to both others. */
	async connect(): Promise< void > {
		await connect( this.running( 'a' ), this.running( 'b' ) );
		await connect( this.running( 'a' ), this.running( 'c' ) );
	}

	/**
	 * A site for events opens, which runs the plugin too; it is paired and gets everybody.
	 *
	 * @param a The shop.
	 * @param d The new site, empty.
	 */
	async pair( a: SiteHandle, d: SiteHandle ): Promise< void > {
		this.sites.d = d;
		await Promise.all( [ openDatabase( a ), openDatabase( d ) ] );
		const admin = await this.enter( 'd', d );
		const { code } = await admin.rest< PairingCode >(
			'POST',
			'tandem/v1/pairing-code'
		);
		await this.admins.a.rest( 'POST', 'tandem/v1/sites/pair', {
			url: d.urlForOthers,
			code,
		} );
		await this.run( await this.preview( 'd' ) );
		await this.settled( 'd' );
	}

	/**
	 * Nothing works in the background of the shop any more, or it does again.
	 *
	 * @param asleep Which of the two.
	 */
	async setAsleep( asleep: boolean ): Promise< void > {
		await this.admins.a.rest( 'POST', 'wp/v2/settings', { asleep } );
	}

	/** Begins to compare the shop with the site for events, unless that is under way. */
	async verify(): Promise< void > {
		const { id: site } = await this.site( 'd' );
		const newest = await this.newestVerification( site );
		if ( ! newest || [ 'done', 'failed' ].includes( newest.state ) ) {
			await this.admins.a.rest( 'POST', 'tandem/v1/verifications', {
				site,
			} );
		}
	}

	/** Compares them to the end. */
	async verified(): Promise< void > {
		const { id } = await this.site( 'd' );
		await this.verify();
		await this.until( 'the sites are compared', async () => {
			const newest = await this.newestVerification( id );
			return newest?.state === 'done';
		} );
	}

	private async newestVerification(
		site: number
	): Promise< Verification | undefined > {
		const found = await this.admins.a.rest< Verification[] >(
			'GET',
			`tandem/v1/verifications?site=${ site }`
		);
		return found[ 0 ];
	}

	/** Somebody works in both databases by hand. */
	async tamper(): Promise< void > {
		const change = ( where: 'a' | 'd', login: string, columns: object ) =>
			this.admins[ where ]?.rest( 'POST', 'story/v1/past-wordpress', {
				login,
				columns,
			} );
		await change( 'a', 'amina.okafor', { display_name: 'Amina O.-Bell' } );
		await change( 'd', 'amina.okafor', {
			user_url: 'https://amina.example.org',
		} );
		await change( 'a', 'tomas.herrera', { display_name: 'T. Herrera' } );
		await change( 'd', 'noor.haddad', {
			user_email: 'noor@haddad.example.org',
		} );
	}

	/**
	 * Makes the preview of a backfill.
	 *
	 * @param to Which of the sites.
	 */
	async preview( to: 'b' | 'c' | 'd' ): Promise< Backfill > {
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

	/**
	 * One address is told of people, and another one has received a request that nobody has mapped yet.
	 *
	 * @param receiver Where to tell: any site that answers.
	 */
	async automations( receiver: string ): Promise< void > {
		await this.admins.a.rest( 'POST', 'tandem/v1/webhooks', {
			name: 'n8n',
			url: `${ receiver }/`,
		} );
		const made = await this.admins.a.rest< {
			hook: { address: string };
			secret: string;
		} >( 'POST', 'tandem/v1/webhooks/in', { name: 'Newsletter' } );
		await fetch( made.hook.address, {
			method: 'POST',
			body: JSON.stringify( {
				contact: {
					email: 'lena.vogt@mail.example',
					first_name: 'Lena',
					last_name: 'Vogt',
				},
				tags: [ { title: 'Gold' }, { title: 'Early bird' } ],
				consent: true,
			} ),
			headers: {
				'Content-Type': 'application/json',
				'X-Tandem-Secret': made.secret,
			},
		} );
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
			const { id, problem, waiting } = await this.site( 'c' );
			if ( problem && problem.code !== 'refused' ) {
				// The first request after its end was on the way before.
				await this.admins.a.rest(
					'POST',
					`tandem/v1/sites/${ id }/sync`
				);
			}
			return problem?.code === 'refused' && waiting >= 3;
		} );
		await this.settled();
	}

	/**
	 * What the shop says of one of the others.
	 *
	 * @param which The other.
	 */
	async site( which: 'b' | 'c' | 'd' ): Promise< Site > {
		const sites = await this.admins.a.rest< Site[] >(
			'GET',
			'tandem/v1/sites'
		);
		const found = sites.find(
			( { url } ) => url === this.running( which ).urlForOthers
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

	/** Nobody waits for one of the others any more. */
	private settled( where: 'b' | 'd' = 'b' ): Promise< void > {
		return this.until(
			'everybody has arrived',
			async () => ( await this.site( where ) ).waiting === 0
		);
	}

	/** The administrator logs in, and the site gets its name. */
	private async enter( name: Name, site: RunningSite ): Promise< Visitor > {
		const admin = name === 'a' ? this.admins.a : new Visitor( site.url );
		this.admins[ name ] = admin;
		await admin.logIn( site.user.username, site.user.password );
		await admin.rest( 'POST', 'wp/v2/settings', {
			title: TITLES[ name ],
		} );
		return admin;
	}

	private running( name: Name ): RunningSite {
		const site = this.sites[ name ];
		if ( ! site ) {
			throw new Error( `${ TITLES[ name ] } has not been started.` );
		}
		return site;
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
