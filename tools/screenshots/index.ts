/**
 * `npm run screenshots`: pictures of the admin page, from real sites with real
 * data. All of them go to artifacts/screenshots; the README's to docs/images.
 *
 *   npm run screenshots
 *   npm run screenshots -- --a=9001 --b=9002 --c=9003 --d=9004   on other ports
 *   npm run screenshots -- --keep            leave the sites as they are at the end
 *   npm run screenshots -- --again           of the sites as they were left, without the story
 *   npm run screenshots -- --again --only=site   only those whose names begin so
 */
import '../require-node';

import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { build, isStale } from '../build';
import { ensureChromium } from '../chromium';
import { startAnotherSite, startSites, stopSites } from '../sites';
import { PROJECT } from '../sites/config';
import { step } from '../steps';
import { Camera, type Picture } from './camera';
import {
	after,
	asleep,
	before,
	connected,
	differing,
	equal,
	paired,
	previewed,
} from './pictures';
import { Shop } from './shop';

const GROUP = 'screenshots';
const FOLDER = join( PROJECT, 'artifacts/screenshots' );

/** Those that the README shows, by their names in docs/images. */
const PUBLISHED = {
	'sites.png': 'sites-desktop',
	'backfill.png': 'backfill-preview-desktop',
};

const { values: options } = parseArgs( {
	options: {
		a: { type: 'string', default: '8871' },
		b: { type: 'string', default: '8872' },
		c: { type: 'string', default: '8873' },
		d: { type: 'string', default: '8874' },
		again: { type: 'boolean', default: false },
		keep: { type: 'boolean', default: false },
		only: { type: 'string', default: '' },
	},
} );

async function take( camera: Camera, pictures: Picture[] ): Promise< void > {
	for ( const picture of pictures ) {
		if ( picture.name.startsWith( options.only ) ) {
			await step( `Picture: ${ picture.name }`, () =>
				camera.take( picture )
			);
		}
	}
}

/** The whole story, with a picture of each moment. */
async function tell(): Promise< void > {
	const { a, b } = await step(
		'Starting the shop and the course site',
		( say ) =>
			startSites( {
				a: Number( options.a ),
				b: Number( options.b ),
				fresh: true,
				detached: options.keep,
				group: GROUP,
				say,
			} )
	);
	const c = await step( 'Starting the forum', () =>
		startAnotherSite( 'c', Number( options.c ), GROUP )
	);
	const shop = await step( 'People sign up', () => Shop.open( { a, b, c } ) );
	const camera = await Camera.open( a, FOLDER );
	try {
		await take( camera, before( b.url ) );
		await step( 'Connecting the sites', () => shop.connect() );
		const { id } = await shop.site( 'b' );
		await take( camera, connected( id ) );
		const job = await step( 'Previewing a backfill', () =>
			shop.preview( 'b' )
		);
		await take( camera, previewed( id ) );
		await step( 'Running both backfills', async () => {
			await shop.run( job );
			await shop.run( await shop.preview( 'c' ) );
		} );
		await step( 'A day in the shop', () => shop.day() );
		await step( 'Automations are set up', () => shop.automations( b.url ) );
		await c.stop();
		await step( 'The forum is away', () => shop.evening() );
		await take( camera, after( id, shop.idOf( 'amina.okafor' ) ) );
		const d = await step( 'A site for events opens', () =>
			startAnotherSite( 'd', Number( options.d ), GROUP )
		);
		await step( 'Pairing it', () => shop.pair( a, d ) );
		const { id: events } = await shop.site( 'd' );
		await take( camera, paired( events ) );
		await step( 'Comparing both', () => shop.verified() );
		await take( camera, equal( events ) );
		await step( 'Somebody works in the databases', async () => {
			await shop.tamper();
			await shop.verified();
		} );
		await ending( camera, shop );
	} finally {
		await camera.close();
	}
}

/** What differs, and then a night in which nothing works in the background. */
async function ending( camera: Camera, shop: Shop ): Promise< void > {
	const { id } = await shop.site( 'd' );
	await take( camera, differing( id, shop.idOf( 'amina.okafor' ) ) );
	await shop.setAsleep( true );
	try {
		await shop.verify();
		await take( camera, asleep( id ) );
	} finally {
		await shop.setAsleep( false );
	}
}

/** New pictures of the last moment of the story. */
async function takeAgain(): Promise< void > {
	const { a, b } = await step(
		'Starting the sites as they were left',
		( say ) =>
			startSites( {
				a: Number( options.a ),
				b: Number( options.b ),
				detached: options.keep,
				group: GROUP,
				say,
			} )
	);
	const d = await startAnotherSite( 'd', Number( options.d ), GROUP, false );
	const shop = await Shop.openAgain( { a, b, d } );
	const { id } = await shop.site( 'b' );
	const camera = await Camera.open( a, FOLDER );
	try {
		await take( camera, after( id, shop.idOf( 'amina.okafor' ) ) );
		await ending( camera, shop );
	} finally {
		await camera.close();
	}
}

async function publish(): Promise< void > {
	const target = join( PROJECT, 'docs/images' );
	await mkdir( target, { recursive: true } );
	for ( const [ name, picture ] of Object.entries( PUBLISHED ) ) {
		await copyFile(
			join( FOLDER, `${ picture }.png` ),
			join( target, name )
		);
	}
}

async function main(): Promise< void > {
	await ensureChromium();
	if ( await isStale() ) {
		await step( 'Building the admin page', build );
	}
	try {
		await ( options.again ? takeAgain() : tell() );
		if ( ! options.only && ! options.again ) {
			await publish();
		}
	} finally {
		if ( ! options.keep ) {
			await stopSites( GROUP );
		}
	}
	process.stdout.write( `\nThe pictures are in ${ FOLDER }.\n` );
}

// The sites are processes of their own.
process.once( 'SIGINT', () =>
	stopSites( GROUP ).finally( () => process.exit( 130 ) )
);

main().then(
	() => process.exit(),
	( error: Error ) => {
		process.stderr.write( `\n${ error.message }\n` );
		process.exit( 1 );
	}
);
