/**
 * Tells a person who waits what is being done, and how long it took.
 */

/**
 * Milliseconds as a person says them.
 *
 * @param milliseconds Length of time.
 */
export function seconds( milliseconds: number ): string {
	return `${ ( milliseconds / 1000 ).toFixed( 1 ) } s`;
}

/**
 * Does one step of something longer.
 *
 * @param title Such as "Building the admin page".
 * @param work  Does it; may `say` what takes long, and returns what to say at the end, or nothing.
 */
export async function step< T >(
	title: string,
	work: ( say: ( sentence: string ) => void ) => Promise< T >
): Promise< T > {
	process.stdout.write( `${ title }\n` );
	const started = Date.now();
	try {
		const result = await work( ( sentence ) =>
			process.stdout.write( `  ${ sentence }\n` )
		);
		process.stdout.write( `  ${ seconds( Date.now() - started ) }\n` );
		return result;
	} catch ( error ) {
		process.stdout.write(
			`  failed after ${ seconds( Date.now() - started ) }\n`
		);
		throw error;
	}
}
