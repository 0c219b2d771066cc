/**
 * A part of the benchmark: something that is measured, and how it is told.
 */

/** What a person may say about how it is measured. */
export interface Settings {
	/** How often something is repeated that takes a moment. */
	rounds: number;
	/** People in each run of the drain. */
	people: number;
	/** Numbers of workers on the command line. */
	workers: number[];
	/** Numbers of people in a backfill. */
	users: number[];
	/** Rows of the activity, the outbox, links and users behind the admin page. */
	rows: number;
	/** Remote sites behind the admin page. */
	sites: number;
	/** Is told what is being done. */
	say: ( sentence: string ) => void;
}

export interface Part< Result > {
	name: string;
	/** What it takes, for the page: such as "40 rounds". */
	size: ( settings: Settings ) => string;
	measure: ( settings: Settings ) => Promise< Result >;
	/** What stays of the last results beside the new ones; nothing unless told otherwise. */
	joined?: ( before: Result, now: Result ) => Result;
	/** Tables with headings, in Markdown. */
	tables: ( result: Result ) => string;
	/** How it is measured: paragraphs of a list, in Markdown. */
	how: string[];
	/** Goals that are missed, a sentence for each. */
	missed: ( result: Result ) => string[];
}

/**
 * A table in Markdown.
 *
 * @param head Its columns.
 * @param rows Its cells.
 */
export function table(
	head: readonly string[],
	rows: ReadonlyArray< readonly string[] >
): string {
	const line = ( cells: readonly string[] ) => `| ${ cells.join( ' | ' ) } |`;
	return [
		line( head ),
		`|${ '---|'.repeat( head.length ) }`,
		...rows.map( line ),
	].join( '\n' );
}

/**
 * Milliseconds for a person.
 *
 * @param value Milliseconds.
 */
export function ms( value: number ): string {
	if ( value >= 1000 ) {
		return `${ ( value / 1000 ).toFixed( 2 ) } s`;
	}
	return `${ value.toFixed( Math.abs( value ) < 10 ? 2 : 1 ) } ms`;
}

/**
 * Bytes for a person.
 *
 * @param value Bytes.
 */
export function megabytes( value: number ): string {
	return `${ ( value / 2 ** 20 ).toFixed( 1 ) } MB`;
}
