/**
 * Processes that die, databases that go away, full disks, wrong clocks, and many at once: nothing is lost, nothing is
 * stuck for longer than a claim lasts, nothing is done twice.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { Client } from '../bench/client';
import { median } from '../bench/statistics';
import type { Lab, LabSite } from '../lab';
import { waitUntil } from '../lab/process';
import { account, becomes, php, register } from '../paired/support';
import {
	accounts,
	atMost,
	crowd,
	IS_LONG,
	isEmpty,
	KINDS,
	logsIn,
	note,
	outbox,
	passTime,
	mendAll,
	print,
	reads,
	refusedConnections,
	rows,
	seconds,
	startSites,
	view,
	type Kind,
} from './support';

/** Seconds for which what a dead process had claimed is nobody else's. */
const CLAIM = 75;

let lab: Lab;
let a: LabSite;
let ids: Record< Kind, number >;

before( async () => {
	( { lab, a, ids } = await startSites( [ 'c', 'd', 'e' ] ) );
} );

after( async () => {
	await lab?.down();
	print();
} );

// One that fails must not take the others along.
beforeEach( async () => {
	await mendAll( lab, a );
	await lab.database.query(
		"DELETE FROM wp_tandem_outbox; UPDATE wp_tandem_sites SET state = 'connected', problem_code = '', problem_since = 0, failures = 0, next_try_at = 0, recovered_at = 0, lease_until = 0",
		'a'
	);
} );

/** Changes somebody's first name on A, with what follows. */
async function rename( site: LabSite, login: string, to: string ) {
	return site.php(
		`$id = wp_update_user( array( 'ID' => get_user_by( 'login', '${ login }' )->ID, 'first_name' => '${ to }' ) ); return is_wp_error( $id ) ? $id->get_error_message() : $id;`
	);
}

/**
 * With how many accounts of a site people of A are linked, each counted once.
 *
 * @param kind   Which site.
 * @param prefix How the people's usernames begin.
 */
async function linked( kind: Kind, prefix: string ): Promise< number > {
	return Number(
		await lab.database.query(
			`SELECT COUNT( DISTINCT remote_id ) FROM wp_tandem_links l JOIN wp_users u ON u.ID = l.user_id WHERE l.site_id = ${ ids[ kind ] } AND u.user_login LIKE '${ prefix }%'`,
			'a'
		)
	);
}

for ( const kind of KINDS ) {
	test( `a process dies between the writing and the sending, to a ${ kind } site`, async () => {
		const login = `unsent${ kind }`;
		await a.stopAt( {
			query: "^UPDATE .*tandem_outbox.*SET o\\.claimed_by|^UPDATE .*tandem_outbox.*SET claimed_by = '.",
			times: 1,
		} );
		await register( a, login, 'never mind' );
		await waitUntil(
			async () => ( await a.stopped() ) === 1,
			'nobody died'
		);
		await a.goOn();
		assert.equal( await accounts( lab.site( kind ), login ), 0 );
		const began = performance.now();
		await a.setClock( CLAIM );
		await a.startWorkers( 1 );
		await logsIn( lab.site( kind ), login, 'never mind' );
		await isEmpty( a, ids[ kind ] );
		note(
			`a process dies before it sends, ${ kind }`,
			`right ${ seconds( performance.now() - began ) } after a worker started`
		);
	} );

	test( `a process dies after a ${ kind } site has applied a change: applied once`, async () => {
		const b = lab.site( kind );
		const login = `unsettled${ kind }`;
		const other = ids[ kind === 'plain' ? 'paired' : 'plain' ];
		const admin = await a.visitAs( 'admin' );
		await admin.rest( 'POST', `tandem/v1/sites/${ other }/pause` );
		await a.stopAt( {
			query: '^DELETE FROM .*tandem_outbox.*version',
			times: 1,
		} );
		await register( a, login, 'never mind' );
		await waitUntil(
			async () => ( await a.stopped() ) === 1,
			'nobody died'
		);
		assert.equal( await accounts( b, login ), 1 );
		assert.equal( ( await outbox( a, ids[ kind ] ) ).length, 1 );
		await a.setClock( CLAIM );
		await a.startWorkers( 1 );
		await isEmpty( a, ids[ kind ] );
		await logsIn( b, login, 'never mind' );
		assert.equal( await accounts( b, login ), 1 );
		await admin.rest( 'POST', `tandem/v1/sites/${ other }/resume` );
		note( `a process dies after it has sent, ${ kind }`, 'one account' );
	} );

	test( `a ${ kind } site loses its database in the middle of a delivery`, async () => {
		const b = lab.site( kind );
		const login = `nodb${ kind }`;
		await b.stopAt( { query: 'INSERT INTO .?wp_users', then: 'wait' } );
		await register( a, login, 'never mind' );
		await waitUntil(
			async () => ( await b.stopped() ) >= 1,
			'nothing is written there'
		);
		await b.loseDatabase();
		await b.goOn();
		const seen = await reads(
			a,
			ids[ kind ],
			( now ) => now.problem !== null,
			'the owner reads of no problem'
		);
		await b.regainDatabase();
		await a.startWorkers( 1 );
		const waited = await passTime( a, ids[ kind ] );
		await logsIn( b, login, 'never mind' );
		assert.equal( await accounts( b, login ), 1 );
		note(
			`a ${ kind } site loses its database`,
			`the owner reads "${ seen.problem?.message }"; right after ${ waited } s`
		);
	} );

	test( `eight workers empty one outbox to a ${ kind } site: each person is delivered once`, async () => {
		const b = lab.site( kind );
		const people = ( IS_LONG ? 5 : 1 ) * ( kind === 'paired' ? 80 : 30 );
		const prefix = `eight${ kind }x`;
		await crowd( a, ids[ kind ], prefix, people );
		await b.php( `@unlink( TANDEM_CONTROL_DIR . '/requests' ); return 1;` );
		const began = performance.now();
		await a.startWorkers( 8 );
		await isEmpty( a, ids[ kind ], 90_000 );
		const took = performance.now() - began;
		assert.equal( await accounts( b, prefix ), people );
		const times = new Map< string, number >();
		for ( const { method, body } of await b.requests() ) {
			if ( method === 'GET' ) {
				continue;
			}
			for ( const found of new Set(
				body
					.replaceAll( '%40', '@' )
					.match( new RegExp( `${ prefix }\\d+(?=@)`, 'g' ) ) ?? []
			) ) {
				times.set( found, ( times.get( found ) ?? 0 ) + 1 );
			}
		}
		assert.equal( times.size, people );
		assert.deepEqual(
			[ ...times ].filter( ( [ , count ] ) => count !== 1 ),
			[],
			'somebody was delivered twice'
		);
		note(
			`eight workers, one outbox, ${ kind }`,
			`${ people } people in ${ seconds( took ) }, each once`
		);
	} );

	test( `workers to a ${ kind } site are killed at random: nobody is lost, stuck or there twice`, async () => {
		const b = lab.site( kind );
		const goal = IS_LONG ? 300 : 12;
		const prefix = `random${ kind }x`;
		let deaths = 0;
		let people = 0;
		let moved = 0;
		await a.stopAt( {
			query: 'tandem_(outbox|links|sites|activity|users)',
			chance: 0.06,
			in: 'workers',
		} );
		const end = Date.now() + ( IS_LONG ? 900_000 : 60_000 );
		while ( deaths < goal && Date.now() < end ) {
			const left = await outbox( a, ids[ kind ] );
			if ( left.length < 20 ) {
				await crowd( a, ids[ kind ], `${ prefix }${ people }y`, 20 );
				people += 20;
			}
			// What the dead had claimed is free again.
			await a.setClock( ( moved += CLAIM ) );
			const alive = await a.startWorkers( 3, 4 );
			await waitUntil(
				() => a.workers().length === 0,
				'workers go on',
				15_000
			).catch( () => a.killWorkers( alive ) );
			deaths = await a.stopped();
		}
		assert.ok( deaths >= goal, `only ${ deaths } died` );
		await a.goOn();
		await a.setClock( moved + CLAIM );
		await a.startWorkers( 2 );
		await isEmpty( a, ids[ kind ], 60_000 );
		assert.equal( await accounts( b, prefix ), people );
		assert.equal( await linked( kind, prefix ), people );
		note(
			`workers killed at random, ${ kind }`,
			`${ deaths } deaths, ${ people } people, all there once`
		);
	} );

	test( `workers to a ${ kind } site are killed at random times: nobody is lost, stuck or there twice`, async () => {
		const b = lab.site( kind );
		const goal = IS_LONG ? 60 : 3;
		const prefix = `times${ kind }x`;
		let kills = 0;
		let people = 0;
		let moved = 0;
		const end = Date.now() + ( IS_LONG ? 900_000 : 90_000 );
		// What the dead had claimed is over in less than half that time.
		const claimed = async () =>
			Number(
				await lab.database.query(
					`SELECT COUNT(*) FROM wp_tandem_outbox WHERE site_id = ${ ids[ kind ] } AND claimed_until > UNIX_TIMESTAMP() + ${ moved + CLAIM / 2 }`,
					'a'
				)
			);
		while ( kills < goal && Date.now() < end ) {
			if ( ( await outbox( a, ids[ kind ] ) ).length < 60 ) {
				await crowd( a, ids[ kind ], `${ prefix }${ people }y`, 60 );
				people += 60;
			}
			// What the dead had claimed is free again.
			await a.setClock( ( moved += CLAIM ) );
			const alive = await a.startWorkers( 2 );
			await waitUntil(
				async () => ( await claimed() ) > 0,
				'no worker begins'
			);
			await pause( 900 * Math.random() ** 2 );
			await a.killWorkers( alive );
			// Only who was at something counts.
			kills += ( await claimed() ) > 0 ? 1 : 0;
		}
		assert.ok( kills >= goal, `only ${ kills } were at something` );
		await a.setClock( moved + CLAIM );
		await a.startWorkers( 2 );
		await isEmpty( a, ids[ kind ], 60_000 );
		assert.equal( await accounts( b, prefix ), people );
		assert.equal( await linked( kind, prefix ), people );
		note(
			`workers killed at random times, ${ kind }`,
			`${ kills } times in the middle of something, ${ people } people, all there once`
		);
	} );
}

/** What a site has of somebody, and whether the password is right there. */
interface There {
	login: string;
	first: string;
	hash: string;
	is_right: boolean;
}

/**
 * Accounts as a site has them, by username.
 *
 * @param site   Site.
 * @param people Passwords by username.
 */
async function accountsOf(
	site: LabSite,
	people: Record< string, string >
): Promise< Map< string, There > > {
	const found = ( await site.php(
		`$all = array(); foreach ( json_decode( ${ php( JSON.stringify( people ) ) }, true ) as $login => $password ) { $u = get_user_by( 'login', $login ); if ( $u ) { $all[] = array( 'login' => $login, 'first' => $u->first_name, 'hash' => $u->user_pass, 'is_right' => wp_check_password( $password, $u->user_pass, $u->ID ) ); } } return $all;`
	) ) as There[];
	return new Map( found.map( ( it ) => [ it.login, it ] ) );
}

test( 'requests of A are killed at random while people register and save their profiles: what was answered is right everywhere, and so is whoever was written down', async () => {
	const goal = IS_LONG ? 150 : 12;
	const prefix = 'weby';
	/** What everybody has saved last, in a request that was answered. */
	const saved = new Map< string, { first: string; password: string } >();
	/** Who died without a row in the outbox: before which query, or queries if a delivery died at the same time. */
	const unwritten = new Map< string, string[] >();
	/** Whose last request died after there were rows: whether a new password is on record for the paired site. */
	const written = new Map< string, boolean >();
	let tried = 0;
	let deaths = 0;
	await a.stopAt( {
		query: 'tandem_(outbox|links|sites|activity|users)|wp_users|wp_usermeta',
		chance: 0.02,
		in: 'web',
	} );
	const end = Date.now() + ( IS_LONG ? 900_000 : 60_000 );
	while ( deaths < goal && Date.now() < end ) {
		// Nobody of whom an earlier change is on its way: what dies would be taken for written down.
		const free = (
			await lab.database.query(
				`SELECT u.user_login FROM wp_users u LEFT JOIN wp_tandem_outbox o ON o.user_id = u.ID WHERE o.id IS NULL AND u.user_login LIKE '${ prefix }%'`,
				'a'
			)
		)
			.split( '\n' )
			.filter( ( login ) => saved.has( login ) );
		const isNew = free.length === 0 || tried % 2 === 0;
		const login = isNew
			? `${ prefix }${ tried }`
			: ( free[ Math.floor( Math.random() * free.length ) ] as string );
		const first = `Save ${ tried }`;
		const password = `secret ${ tried++ }`;
		const fields = isNew
			? `'user_login' => '${ login }', 'user_email' => '${ login }@people.test', 'role' => 'subscriber'`
			: `'ID' => get_user_by( 'login', '${ login }' )->ID`;
		const isAnswered = await a
			.php(
				`return wp_${ isNew ? 'insert' : 'update' }_user( array( ${ fields }, 'first_name' => '${ first }', 'user_pass' => '${ password }' ) );`
			)
			.then(
				( id ) => Number( id ) > 0,
				() => false
			);
		const died = ( await a.stoppedAt() ).slice( deaths );
		deaths += died.length;
		if ( isAnswered ) {
			saved.set( login, { first, password } );
			unwritten.delete( login );
			written.delete( login );
			continue;
		}
		assert.ok( died.length > 0, 'it fails, and nobody died' );
		// None of this is asked by a request, which could die too.
		const isThere = await lab.database.query(
			`SELECT ID FROM wp_users WHERE user_login = '${ login }'`,
			'a'
		);
		if ( isThere.trim() === '' ) {
			continue;
		}
		const rowsOf = (
			await lab.database.query(
				`SELECT o.site_id, o.secret <> '' FROM wp_tandem_outbox o JOIN wp_users u ON u.ID = o.user_id WHERE u.user_login = '${ login }'`,
				'a'
			)
		)
			.split( '\n' )
			.filter( Boolean );
		saved.set( login, { first, password } );
		if ( rowsOf.length === 2 ) {
			written.set( login, rowsOf.includes( `${ ids.paired }\t1` ) );
			unwritten.delete( login );
		} else {
			unwritten.set( login, died );
			written.delete( login );
		}
	}
	assert.ok( deaths >= goal, `only ${ deaths } died` );
	await a.goOn();
	await a.setClock( CLAIM );
	await a.startWorkers( 2 );
	for ( const kind of KINDS ) {
		await isEmpty( a, ids[ kind ], 60_000 );
	}

	const passwords = Object.fromEntries(
		[ ...saved ].map( ( [ login, { password } ] ) => [ login, password ] )
	);
	const here = await accountsOf( a, passwords );
	const apart = new Set< string >();
	// A plain site needs the password itself, which died with the request.
	const isSame = ( kind: Kind, mine: There, there?: There ) =>
		there?.first === mine.first &&
		( kind === 'plain' ||
			written.get( mine.login ) === false ||
			there.hash === mine.hash );
	for ( const kind of KINDS ) {
		const b = await accountsOf( lab.site( kind ), passwords );
		for ( const [ login, mine ] of here ) {
			const there = b.get( login );
			const what = `${ login } on the ${ kind } site: ${ JSON.stringify( [ mine, there ] ) }`;
			if ( unwritten.has( login ) ) {
				if ( ! isSame( kind, mine, there ) ) {
					apart.add( login );
				}
				continue;
			}
			assert.ok( isSame( kind, mine, there ), what );
			if ( ! written.has( login ) ) {
				assert.equal( mine.first, saved.get( login )?.first, what );
				assert.ok( mine.is_right && there?.is_right, what );
			}
		}
		assert.equal(
			await accounts( lab.site( kind ), prefix ),
			b.size,
			'nobody is there twice'
		);
	}
	// Between WordPress's own writing and the first row of the outbox, nothing else of Tandem's is written.
	for ( const login of apart ) {
		const queries = unwritten.get( login ) ?? [];
		assert.ok(
			queries.some( ( query ) =>
				/wp_users|wp_usermeta|^SELECT .*tandem_(sites|links|outbox)|^INSERT .*tandem_outbox/.test(
					query
				)
			),
			`${ login } was not written down, and the process died before ${ queries.join( ' and ' ) }`
		);
	}
	// The next change brings them.
	for ( const login of apart ) {
		await rename( a, login, 'Once more' );
	}
	for ( const kind of KINDS ) {
		await isEmpty( a, ids[ kind ] );
		const b = await accountsOf( lab.site( kind ), passwords );
		for ( const login of apart ) {
			assert.equal( b.get( login )?.first, 'Once more' );
		}
	}
	note(
		"requests of A killed at random, people's and deliveries",
		`${ deaths } deaths in ${ tried } requests, ${ here.size } people; ${ written.size } died after they were written down, ${ apart.size } before it`
	);
} );

test( "A's own database goes away after the sending, for longer than WordPress waits for it", async () => {
	const b = lab.site( 'paired' );
	await a.stopAt( {
		query: '^DELETE FROM .*tandem_outbox.*version',
		then: 'wait',
	} );
	await register( a, 'nodba', 'never mind' );
	await waitUntil(
		async () => ( await a.stopped() ) >= 1,
		'nobody came there'
	);
	const refused = await refusedConnections( lab );
	await a.loseDatabase();
	await a.goOn();
	await waitUntil(
		async () => ( await refusedConnections( lab ) ) >= refused + 5,
		'WordPress does not give up'
	);
	await a.regainDatabase();
	assert.ok(
		( await outbox( a, ids.plain ) ).length +
			( await outbox( a, ids.paired ) ).length >=
			1,
		'what could not be written down is still to be done'
	);
	await a.setClock( CLAIM );
	await a.startWorkers( 1 );
	for ( const kind of KINDS ) {
		await isEmpty( a, ids[ kind ] );
		await logsIn( lab.site( kind ), 'nodba', 'never mind' );
		assert.equal( await accounts( lab.site( kind ), 'nodba' ), 1 );
	}
	assert.equal( ( await account( b, 'nodba' ) )?.roles[ 0 ], 'subscriber' );
	note( "A's database goes away after the sending", 'one account on each' );
} );

/**
 * Somebody registers by A's form, and A's database goes away just before they are written into the outbox.
 *
 * @param login Username.
 * @param until It is back when this is true; when they have their answer unless told otherwise.
 */
async function registersWithoutDatabase(
	login: string,
	until?: () => Promise< boolean >
): Promise< { status: number; page: string } > {
	await a.stopAt( {
		query: '^INSERT .*tandem_outbox',
		then: 'wait',
		times: 1,
		in: 'web',
	} );
	const answer = a.visitor().request( '/wp-login.php?action=register', {
		form: { user_login: login, user_email: `${ login }@people.test` },
	} );
	await waitUntil(
		async () => ( await a.stopped() ) === 1,
		'nobody came there'
	);
	await a.loseDatabase();
	await a.goOn();
	await ( until ? waitUntil( until, 'nobody misses it' ) : answer );
	await a.regainDatabase();
	const response = await answer;
	return { status: response.status, page: await response.text() };
}

test( "A's own database goes away before a registration is written down, and is back at once: the visitor notices nothing", async () => {
	const refused = await refusedConnections( lab );
	const { status } = await registersWithoutDatabase(
		'briefly',
		async () => ( await refusedConnections( lab ) ) > refused
	);
	assert.equal( status, 302 );
	await a.startWorkers( 1 );
	for ( const kind of KINDS ) {
		await becomes(
			lab.site( kind ),
			'briefly',
			( found ) => found?.email === 'briefly@people.test',
			'they do not arrive'
		);
		await isEmpty( a, ids[ kind ] );
	}
	note(
		"A's database goes away for a moment while somebody registers",
		'an ordinary answer; right everywhere'
	);
} );

test( "A's own database goes away before a registration is written down, and stays away: WordPress says so, and the next change brings the person", async () => {
	const { status, page } = await registersWithoutDatabase( 'forlong' );
	assert.equal( status, 500 );
	assert.match( page, /Error establishing a database connection/ );
	assert.doesNotMatch( page, /tandem/i );
	// WordPress has made the account, and nobody knows of it: the gap that docs/faults.md names.
	assert.equal( await accounts( a, 'forlong' ), 1 );
	await rename( a, 'forlong', 'Again' );
	await a.startWorkers( 1 );
	for ( const kind of KINDS ) {
		await becomes(
			lab.site( kind ),
			'forlong',
			( found ) => found?.first === 'Again',
			'the next change does not bring them'
		);
		assert.equal( await accounts( lab.site( kind ), 'forlong' ), 1 );
	}
	note(
		"A's database goes away for long while somebody registers",
		`the visitor reads WordPress's own page; the next change brings them`
	);
} );

test( "A's disk is full: the visitor registers and saves all the same, the owner reads it, and all arrive when there is room", async () => {
	await a.startWorkers( 1 );
	await register( a, 'known', 'never mind' );
	for ( const kind of KINDS ) {
		await logsIn( lab.site( kind ), 'known', 'never mind' );
		await isEmpty( a, ids[ kind ] );
	}
	await a.killWorkers();
	await a.setClock( 0 );
	await a.fillDisk();
	const id = await register( a, 'fulla', 'never mind' );
	assert.ok( id > 0 );
	await logsIn( a, 'fulla', 'never mind' );
	await rename( a, 'known', 'Squeezed' );
	const admin = await a.visitAs( 'admin' );
	const health = await (
		await admin.request( '/wp-admin/site-health.php?tab=debug' )
	).text();
	assert.match( health, /Tandem/ );
	assert.equal(
		typeof (
			( await a.php( `return get_option( 'tandem_trouble' );` ) ) as {
				message: string;
			}
		 )?.message,
		'string',
		'Site Health has nothing to say'
	);
	await a.freeDisk();
	// Whoever works looks once a minute, by a clock that earlier tests may have left ahead.
	await a.setClock( 300 );
	await a.startWorkers( 1 );
	for ( const kind of KINDS ) {
		await becomes(
			lab.site( kind ),
			'fulla',
			( found ) => found !== null,
			'who registered meanwhile does not come'
		);
		await becomes(
			lab.site( kind ),
			'known',
			( found ) => found?.first === 'Squeezed',
			'what a linked person has changed does not come'
		);
		await isEmpty( a, ids[ kind ] );
	}
	await a.setClock( 0 );
	note( "A's disk is full", 'all arrive when there is room' );
} );

test( 'the disk of a paired site is full: the person arrives when there is room', async () => {
	const b = lab.site( 'paired' );
	await b.fillDisk();
	await register( a, 'fullb', 'never mind' );
	await waitUntil(
		async () =>
			( await rows( a, 'fullb', ids.paired ) )[ 0 ]?.result ===
			'retrying',
		'the owner reads nothing'
	);
	await b.freeDisk();
	await a.setClock( 60 );
	await a.startWorkers( 1 );
	await logsIn( b, 'fullb', 'never mind' );
	await isEmpty( a, ids.paired );
	note( "a paired site's disk is full", 'right when there is room' );
} );

test( 'clocks hours apart, set forward and back: the last change is right everywhere, nothing waits for the old time', async () => {
	const b = lab.site( 'paired' );
	await a.startWorkers( 1 );
	await register( a, 'clock', 'never mind' );
	await logsIn( b, 'clock', 'never mind' );
	for ( const [ hours, name ] of [
		[ 3, 'Ahead' ],
		[ 0, 'Right' ],
		[ -3, 'Behind' ],
		[ 0, 'Again' ],
	] as const ) {
		await a.setClock( hours * 3600 );
		await rename( a, 'clock', name );
		for ( const kind of KINDS ) {
			await becomes(
				lab.site( kind ),
				'clock',
				( found ) => found?.first === name,
				`${ name } does not arrive`
			);
		}
		await reads(
			a,
			ids.paired,
			( { pairing } ) =>
				Math.abs( ( pairing?.clockOffset ?? 0 ) + hours * 3600 ) < 60,
			'the owner does not read how far the clocks are apart'
		);
	}
	// What fails while the clock is ahead is not put off by as much when it is set right.
	await a.setClock( 3 * 3600 );
	await b.refuse();
	await rename( a, 'clock', 'Put off' );
	await reads(
		a,
		ids.paired,
		( now ) => now.problem !== null,
		'the owner reads of no problem'
	);
	await b.restore();
	await a.setClock( 0 );
	await becomes(
		b,
		'clock',
		( found ) => found?.first === 'Put off',
		'it waits for a time that was never right'
	);
	note( 'the clock is set forward and back', 'converges' );
} );

test( 'an outage of an hour with edits by many: one delivery each afterwards', async () => {
	const people = IS_LONG ? 500 : 30;
	await crowd( a, ids.paired, 'hour', people );
	await a.startWorkers( 2 );
	await isEmpty( a, ids.paired, 90_000 );
	await a.killWorkers();
	const b = lab.site( 'paired' );
	await b.refuse();
	for ( const minute of [ 0, 20, 40, 59 ] ) {
		await a.setClock( minute * 60 );
		await a.php(
			`set_time_limit( 0 ); foreach ( get_users( array( 'search' => 'hour*', 'search_columns' => array( 'user_login' ), 'number' => -1 ) ) as $user ) { update_user_meta( $user->ID, 'first_name', 'Minute ${ minute }' ); } return true;`
		);
	}
	await a.startWorkers( 2 );
	const seen = await reads(
		a,
		ids.paired,
		( now ) => now.waiting === people && now.problem !== null,
		'not everybody waits'
	);
	await b.restore();
	await b.php( `@unlink( TANDEM_CONTROL_DIR . '/requests' ); return 1;` );
	const { nextTryAt } = await view( a, ids.paired );
	await a.setClock( ( nextTryAt ?? 0 ) - Date.now() / 1000 + 1 );
	const began = performance.now();
	await isEmpty( a, ids.paired, 120_000 );
	const took = performance.now() - began;
	assert.equal(
		Number(
			await b.php(
				`global $wpdb; return $wpdb->get_var( "SELECT COUNT(*) FROM $wpdb->usermeta m JOIN $wpdb->users u ON u.ID = m.user_id WHERE u.user_login LIKE 'hour%' AND meta_key = 'first_name' AND meta_value = 'Minute 59'" );`
			)
		),
		people
	);
	const requests = ( await b.requests() ).filter(
		( { method } ) => method === 'POST'
	).length;
	atMost( requests, people, 'requests afterwards' );
	note(
		`an hour's outage, ${ people } people with four edits each`,
		`"${ seen.problem?.message }"; all right ${ seconds( took ) } after it answered, in ${ requests } requests`
	);
} );

test( 'a site hangs while eight people register on eight PHP workers: a page view does not notice', async () => {
	const rounds = IS_LONG ? 8 : 2;
	const admin = await a.visitAs( 'admin' );
	/** Milliseconds of each view, by round. */
	const took = { quiet: [] as number[][], hanging: [] as number[][] };
	for ( let round = 0; round < rounds; round++ ) {
		for ( const state of [ 'quiet', 'hanging' ] as const ) {
			// The same creations with nothing sent, and with a site that nobody knows yet to hang.
			for ( const kind of KINDS ) {
				await lab
					.site( kind )
					[ state === 'quiet' ? 'restore' : 'hang' ]();
				await admin.rest(
					'POST',
					`tandem/v1/sites/${ ids[ kind ] }/${
						state === 'quiet' ? 'pause' : 'resume'
					}`
				);
			}
			await lab.database.query(
				`DELETE FROM wp_tandem_outbox; UPDATE wp_tandem_sites SET state = '${ state === 'quiet' ? 'paused' : 'connected' }', problem_code = '', problem_since = 0, failures = 0, next_try_at = 0, recovered_at = 0, lease_until = 0`,
				'a'
			);
			const people = new Client( a.url, 8 );
			const visitor = new Client( a.url );
			await visitor.view();
			let isOn = true;
			const all = Promise.all(
				Array.from( { length: 8 }, ( _, person ) =>
					people.register( `crowd${ state }${ round }x${ person }` )
				)
			).finally( () => ( isOn = false ) );
			const views: number[] = [];
			const start = performance.now();
			while ( isOn || performance.now() - start < 2500 ) {
				views.push( await visitor.view() );
			}
			took[ state ].push( views );
			await all;
			people.close();
			visitor.close();
		}
	}
	const usual = {
		quiet: median( took.quiet.flat() ),
		hanging: median( took.hanging.flat() ),
	};
	const ratio = usual.hanging / usual.quiet;
	const slowest = ( state: keyof typeof took ) =>
		took[ state ].map( ( views ) => Math.max( ...views ) );
	const counts = ( state: keyof typeof took ) =>
		took[ state ].map( ( views ) => views.length );
	const whole = ( numbers: number[] ) =>
		numbers.map( ( one ) => one.toFixed( 0 ) ).join( ', ' );
	note(
		'two sites hang while eight register on eight PHP workers',
		`a page view takes ${ usual.hanging.toFixed( 0 ) } ms, ${ usual.quiet.toFixed( 0 ) } ms when nothing is sent: ${ ratio.toFixed( 2 ) } times; slowest of each round ${ whole( slowest( 'hanging' ) ) } and ${ whole( slowest( 'quiet' ) ) } ms; views ${ whole( counts( 'hanging' ) ) } and ${ whole( counts( 'quiet' ) ) }`
	);
	// The goal is 1.1; other work on the machine of a test is no reason to fail.
	atMost( ratio, 1.5, 'page views are slower by' );
	// A pool that is used up for two seconds is one slow view in each round, among many quick ones. Other work on the
	// machine is not in each round.
	atMost(
		Math.min( ...slowest( 'hanging' ) ),
		1.3 * Math.max( ...slowest( 'quiet' ) ) + 3 * usual.quiet,
		'the slowest page view, ms'
	);
	atMost(
		0.6 * Math.min( ...counts( 'quiet' ) ),
		Math.max( ...counts( 'hanging' ) ),
		'page views when nothing is sent, of which 0.6 are to be had'
	);
} );

test( 'one of five sites hangs: the other four are as quick as before', async () => {
	const others = [ 'c', 'd', 'e' ];
	const all: Record< string, number > = { ...ids };
	for ( const name of others ) {
		all[ name ] = await lab.connect( 'a', name );
	}
	const measured = [ 'paired', ...others ];
	const took = { before: [] as number[], after: [] as number[] };
	const people = IS_LONG ? 20 : 4;
	for ( const state of [ 'before', 'after' ] as const ) {
		if ( state === 'after' ) {
			await lab.site( 'plain' ).hang();
		}
		for ( let person = 0; person < people; person++ ) {
			const login = `five${ state }${ person }`;
			await register( a, login, 'never mind' );
			const start = performance.now();
			await Promise.all(
				measured.map( ( name ) =>
					waitUntil(
						async () =>
							( await lab.database.query(
								`SELECT COUNT(*) FROM wp_users WHERE user_login = '${ login }'`,
								name
							) ) === '1\n',
						`${ login } does not come to ${ name }`
					)
				)
			);
			took[ state ].push( performance.now() - start );
		}
	}
	for ( const name of others ) {
		assert.equal(
			( await view( a, all[ name ] as number ) ).problem,
			null
		);
	}
	assert.notEqual( ( await view( a, ids.plain ) ).problem, null );
	note(
		'one of five sites hangs',
		`the other four have a person after ${ median( took.after ).toFixed( 0 ) } ms, ${ median( took.before ).toFixed( 0 ) } ms before`
	);
	atMost(
		median( took.after ),
		1.5 * median( took.before ) + 250,
		'the others are slower, ms'
	);
} );
