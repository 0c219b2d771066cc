/**
 * The few numbers that a benchmark needs.
 */

/**
 * The middle value.
 *
 * @param values At least one.
 */
export function median( values: readonly number[] ): number {
	if ( values.length === 0 ) {
		throw new Error( 'Nothing was measured.' );
	}
	const sorted = [ ...values ].sort( ( a, b ) => a - b );
	const middle = Math.floor( sorted.length / 2 );
	const upper = sorted[ middle ] as number;
	return sorted.length % 2
		? upper
		: ( upper + ( sorted[ middle - 1 ] as number ) ) / 2;
}

/** A ratio, and the interval that holds the true one 95 times in 100. */
export interface Ratio {
	ratio: number;
	low: number;
	high: number;
	pairs: number;
}

const RESAMPLES = 2000;

/**
 * A generator that gives the same numbers each time, so that a result can be worked out again (Park and Miller's).
 *
 * @param seed From 1 to 2147483646.
 */
function random( seed: number ): () => number {
	let state = seed;
	return () => {
		state = ( state * 48271 ) % 2147483647;
		return state / 2147483647;
	};
}

/**
 * The median, and an interval from a bootstrap.
 *
 * @param values At least one.
 */
function medianWithInterval( values: readonly number[] ): {
	middle: number;
	low: number;
	high: number;
} {
	const next = random( 1 );
	const medians = Array.from( { length: RESAMPLES }, () =>
		median(
			values.map(
				() => values[ Math.floor( next() * values.length ) ] as number
			)
		)
	).sort( ( a, b ) => a - b );
	return {
		middle: median( values ),
		low: medians[ Math.floor( RESAMPLES * 0.025 ) ] as number,
		high: medians[ Math.floor( RESAMPLES * 0.975 ) ] as number,
	};
}

/**
 * The median of paired ratios: what one costs in units of the other, measured next to each other.
 *
 * Pairing takes out what changes slowly (the machine's other work), the median
 * what happens now and then (a flush, a cron run). The interval is from a
 * bootstrap of the pairs.
 *
 * @param pairs Of each pair what is compared, then what it is compared with.
 */
export function pairedRatio(
	pairs: ReadonlyArray< readonly [ number, number ] >
): Ratio {
	const { middle, low, high } = medianWithInterval(
		pairs.map( ( [ a, b ] ) => a / b )
	);
	return { ratio: middle, low, high, pairs: pairs.length };
}

/** A difference, and the interval that holds the true one 95 times in 100. */
export interface Difference {
	difference: number;
	low: number;
	high: number;
	pairs: number;
}

/**
 * The median of paired differences, as `pairedRatio()` has it of ratios.
 *
 * @param pairs Of each pair what is compared, then what it is compared with.
 */
export function pairedDifference(
	pairs: ReadonlyArray< readonly [ number, number ] >
): Difference {
	const { middle, low, high } = medianWithInterval(
		pairs.map( ( [ a, b ] ) => a - b )
	);
	return { difference: middle, low, high, pairs: pairs.length };
}

/**
 * The value below which so many of them lie.
 *
 * @param values At least one.
 * @param share  From 0 to 1.
 */
export function quantile( values: readonly number[], share: number ): number {
	if ( values.length === 0 ) {
		throw new Error( 'Nothing was measured.' );
	}
	const sorted = [ ...values ].sort( ( a, b ) => a - b );
	return sorted[
		Math.max( 0, Math.ceil( sorted.length * share ) - 1 )
	] as number;
}
