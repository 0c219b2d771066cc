/**
 * Numbers, times and lengths of time as a person of this site's language reads
 * them. Times are Unix seconds.
 */
import { dateI18n, getDate, getSettings } from '@wordpress/date';

const UNITS: [ Intl.RelativeTimeFormatUnit, number ][] = [
	[ 'year', 31_536_000 ],
	[ 'month', 2_592_000 ],
	[ 'week', 604_800 ],
	[ 'day', 86_400 ],
	[ 'hour', 3_600 ],
	[ 'minute', 60 ],
	[ 'second', 1 ],
];

const LANGUAGE = document.documentElement.lang || undefined;
const RELATIVE = new Intl.RelativeTimeFormat( LANGUAGE, { numeric: 'auto' } );

export function nowInSeconds(): number {
	return Math.floor( Date.now() / 1000 );
}

export function formatNumber( value: number ): string {
	return value.toLocaleString( LANGUAGE );
}

/** "one, two, three" */
export function formatList( items: string[] ): string {
	return new Intl.ListFormat( LANGUAGE, { style: 'narrow' } ).format( items );
}

/** "2 minutes ago", "in 5 minutes". */
export function relativeTime( at: number, now = nowInSeconds() ): string {
	const seconds = at - now;
	const [ unit, size ] =
		UNITS.find( ( item ) => Math.abs( seconds ) >= item[ 1 ] ) ??
		UNITS[ UNITS.length - 1 ];
	return RELATIVE.format( Math.trunc( seconds / size ), unit );
}

/** The whole date and time, in the site's own format and time zone. */
export function dateTime( at: number ): string {
	return dateI18n(
		getSettings().formats.datetimeAbbreviated,
		new Date( at * 1000 ).toISOString()
	);
}

/** "3 minutes", "2 hours": rounded, for time that is left. */
export function duration( seconds: number ): string {
	const [ unit, size ] =
		UNITS.find( ( item ) => seconds >= item[ 1 ] ) ??
		UNITS[ UNITS.length - 1 ];
	return new Intl.NumberFormat( LANGUAGE, {
		style: 'unit',
		unit,
		unitDisplay: 'long',
	} ).format( Math.max( 1, Math.round( seconds / size ) ) );
}

/** "0.8 seconds", "3 minutes": how long something took, in milliseconds. */
export function shortDuration( milliseconds: number ): string {
	const seconds = milliseconds / 1000;
	return seconds >= 60
		? duration( seconds )
		: new Intl.NumberFormat( LANGUAGE, {
				style: 'unit',
				unit: 'second',
				unitDisplay: 'long',
				maximumFractionDigits: seconds < 10 ? 1 : 0,
			} ).format( Math.max( 0.1, seconds ) );
}

/** The first second of a day (`YYYY-MM-DD`) in the site's time zone. */
export function startOfDay( day: string ): number {
	return Math.floor( getDate( `${ day }T00:00:00` ).getTime() / 1000 );
}

/** The last second of that day, which may have 23 or 25 hours. */
export function endOfDay( day: string ): number {
	const next = new Date( `${ day }T12:00:00Z` );
	next.setUTCDate( next.getUTCDate() + 1 );
	return startOfDay( next.toISOString().slice( 0, 10 ) ) - 1;
}

/** A host name without the scheme, for headings and links. */
export function host( url: string ): string {
	return url.replace( /^https?:\/\//, '' ).replace( /\/$/, '' );
}
