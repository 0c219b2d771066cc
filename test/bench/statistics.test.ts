import { median, pairedRatio } from './statistics';

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
