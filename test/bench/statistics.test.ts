import { median, pairedDifference, pairedRatio, quantile } from './statistics';

test( 'the median of an even and of an odd number of values', () => {
	expect( median( [ 9, 1, 2 ] ) ).toBe( 2 );
	expect( median( [ 9, 1, 2, 4 ] ) ).toBe( 3 );
	expect( () => median( [] ) ).toThrow();
} );

test( 'a paired ratio is not moved by what slows both down, nor by an outlier', () => {
	const pairs = Array.from( { length: 41 }, ( _, round ) => {
		const slow = 1 + round;
		return [ round === 7 ? 1000 : 1.1 * slow, slow ] as const;
	} );
	const { ratio, low, high } = pairedRatio( pairs );
	expect( ratio ).toBeCloseTo( 1.1 );
	expect( low ).toBeCloseTo( 1.1 );
	expect( high ).toBeCloseTo( 1.1 );
} );

test( 'the interval holds the ratio, and is wide where pairs differ', () => {
	const pairs = Array.from(
		{ length: 40 },
		( _, round ) => [ round % 2 ? 0.5 : 2, 1 ] as const
	);
	const { ratio, low, high } = pairedRatio( pairs );
	expect( low ).toBeLessThanOrEqual( ratio );
	expect( high ).toBeGreaterThanOrEqual( ratio );
	expect( high - low ).toBeGreaterThan( 0.5 );
} );

test( 'a paired difference is not moved by what slows both down', () => {
	const { difference, low, high, pairs } = pairedDifference(
		Array.from(
			{ length: 21 },
			( _, round ) => [ round + 0.3, round ] as const
		)
	);
	expect( difference ).toBeCloseTo( 0.3 );
	expect( low ).toBeCloseTo( 0.3 );
	expect( high ).toBeCloseTo( 0.3 );
	expect( pairs ).toBe( 21 );
} );

test( 'the 95th of a hundred values, and the only one of one', () => {
	const values = Array.from( { length: 100 }, ( _, index ) => 100 - index );
	expect( quantile( values, 0.95 ) ).toBe( 95 );
	expect( quantile( values, 1 ) ).toBe( 100 );
	expect( quantile( [ 7 ], 0.95 ) ).toBe( 7 );
	expect( () => quantile( [], 0.5 ) ).toThrow();
} );
