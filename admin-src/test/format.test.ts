import { duration, host, relativeTime, shortDuration } from '../format';

describe( 'relativeTime', () => {
	it.each( [
		[ -130, '2 minutes ago' ],
		[ 290, 'in 4 minutes' ],
		[ 0, 'now' ],
		[ -86_400, 'yesterday' ],
	] )( 'says %d seconds from now', ( seconds, words ) => {
		expect( relativeTime( 1_000_000 + seconds, 1_000_000 ) ).toBe( words );
	} );
} );

describe( 'duration', () => {
	it.each( [
		[ 0, '1 second' ],
		[ 35, '35 seconds' ],
		[ 170, '3 minutes' ],
		[ 7_300, '2 hours' ],
	] )( 'says %d seconds', ( seconds, words ) => {
		expect( duration( seconds ) ).toBe( words );
	} );
} );

describe( 'shortDuration', () => {
	it.each( [
		[ 1, '0.1 seconds' ],
		[ 812, '0.8 seconds' ],
		[ 1_000, '1 second' ],
		[ 24_300, '24 seconds' ],
		[ 170_000, '3 minutes' ],
	] )( 'says %d milliseconds', ( milliseconds, words ) => {
		expect( shortDuration( milliseconds ) ).toBe( words );
	} );
} );

it( 'shows a host without scheme and last slash', () => {
	expect( host( 'https://example.com/blog/' ) ).toBe( 'example.com/blog' );
} );
