/** The words for codes of the REST routes, used by more than one screen. */
import { __, sprintf } from '@wordpress/i18n';
import { formatList } from '../format';
import type {
	ActivityAction,
	ActivityResult,
	Choice,
	SiteState,
} from '../types';

export function stateLabel( state: SiteState ): string {
	return {
		connected: __( 'Connected', 'tandem-user-sync' ),
		paused: __( 'Paused', 'tandem-user-sync' ),
		unreachable: __( 'Unreachable', 'tandem-user-sync' ),
		held: __( 'Needs attention', 'tandem-user-sync' ),
	}[ state ];
}

export function resultLabels(): Record< ActivityResult, string > {
	return {
		success: __( 'Synced', 'tandem-user-sync' ),
		retrying: __( 'Retrying', 'tandem-user-sync' ),
		attention: __( 'Needs attention', 'tandem-user-sync' ),
		skipped: __( 'Skipped', 'tandem-user-sync' ),
		refused: __( 'Refused', 'tandem-user-sync' ),
	};
}

/** Sites and settings are not synced: what was done to them is done. */
export function outcomeLabel( action: ActivityAction, result: ActivityResult ) {
	return result === 'success' &&
		[ 'site', 'settings', 'backfill', 'verify', 'rule', 'login' ].includes(
			action
		)
		? __( 'Done', 'tandem-user-sync' )
		: resultLabels()[ result ];
}

export function actionLabels(): Record< ActivityAction, string > {
	return {
		create: __( 'User created', 'tandem-user-sync' ),
		update: __( 'User updated', 'tandem-user-sync' ),
		delete: __( 'User deleted', 'tandem-user-sync' ),
		link: __( 'Accounts linked', 'tandem-user-sync' ),
		unlink: __( 'Link removed', 'tandem-user-sync' ),
		backfill: __( 'Backfill', 'tandem-user-sync' ),
		site: __( 'Site', 'tandem-user-sync' ),
		settings: __( 'Settings', 'tandem-user-sync' ),
		verify: __( 'Verified', 'tandem-user-sync' ),
		login: __( 'Log-in', 'tandem-user-sync' ),
		rule: __( 'Rule', 'tandem-user-sync' ),
	};
}

export const actionLabel = ( action: ActivityAction ) =>
	actionLabels()[ action ];

/** What a button says that makes this choice. */
export function choiceLabel( choice: Choice ): string {
	return {
		link: __( 'Link these accounts', 'tandem-user-sync' ),
		create: __( 'Create with another username', 'tandem-user-sync' ),
		ignore: __( 'Ignore', 'tandem-user-sync' ),
	}[ choice ];
}

/** What a choice was, once it is made. */
export function decisionLabel( choice: Choice | null ): string {
	switch ( choice ) {
		case 'link':
			return __( 'Link', 'tandem-user-sync' );
		case 'create':
			return __( 'Create anew', 'tandem-user-sync' );
		case 'ignore':
			return __( 'Ignore', 'tandem-user-sync' );
		default:
			return __( 'Undecided', 'tandem-user-sync' );
	}
}

/** The names of fields, in the order in which they are told. */
function fieldLabels(): Record< string, string > {
	return {
		username: __( 'Username', 'tandem-user-sync' ),
		user_email: __( 'Email', 'tandem-user-sync' ),
		first_name: __( 'First name', 'tandem-user-sync' ),
		last_name: __( 'Last name', 'tandem-user-sync' ),
		display_name: __( 'Display name', 'tandem-user-sync' ),
		nickname: __( 'Nickname', 'tandem-user-sync' ),
		user_url: __( 'Website', 'tandem-user-sync' ),
		description: __( 'Biography', 'tandem-user-sync' ),
		locale: __( 'Language', 'tandem-user-sync' ),
		roles: __( 'Roles', 'tandem-user-sync' ),
		password: __( 'Password', 'tandem-user-sync' ),
		tags: __( 'Tags', 'tandem-user-sync' ),
		empty: __( 'What is empty there', 'tandem-user-sync' ),
		logout: __( 'Log-out', 'tandem-user-sync' ),
		grants: __( 'What rules give', 'tandem-user-sync' ),
	};
}

/** "Email, Roles, phone": meta keys are shown as they are. A star stands for everything: it was not seen what changed. */
export function fieldList( fields: string[] ): string {
	if ( fields.includes( '*' ) ) {
		return __( 'All fields', 'tandem-user-sync' );
	}
	const labels = fieldLabels();
	const known = Object.keys( labels ).filter( ( name ) =>
		fields.includes( name )
	);
	const others = fields.filter( ( name ) => ! ( name in labels ) );
	return formatList( [
		...known.map( ( name ) => labels[ name ] ),
		...others.map( fieldName ),
	] );
}

/** A meta key as it is, and a tag as a tag. */
function fieldName( name: string ): string {
	return name.startsWith( 'tag:' )
		? sprintf(
				/* translators: %s: a tag of a user */
				__( 'tag “%s”', 'tandem-user-sync' ),
				name.slice( 4 )
			)
		: name.replace( /^meta:/, '' );
}
