/** The words for webhooks. */
import { __, sprintf } from '@wordpress/i18n';
import { dateTime } from '../../format';
import type { HookState, WebhookEvent } from '../../types';

export function eventOptions(): {
	value: WebhookEvent;
	label: string;
	help: string;
}[] {
	return [
		{
			value: 'user.created',
			label: __( 'Somebody is new', 'tandem-user-sync' ),
			help: 'user.created',
		},
		{
			value: 'user.updated',
			label: __( 'Somebody is changed', 'tandem-user-sync' ),
			help: 'user.updated',
		},
		{
			value: 'user.deleted',
			label: __( 'Somebody is deleted', 'tandem-user-sync' ),
			help: 'user.deleted',
		},
		{
			value: 'user.tagged',
			label: __( 'Somebody gets or loses a tag', 'tandem-user-sync' ),
			help: 'user.tagged',
		},
	];
}

export function hookStateLabel( state: HookState ): string {
	return {
		listening: __( 'Listening', 'tandem-user-sync' ),
		on: __( 'On', 'tandem-user-sync' ),
		off: __( 'Off', 'tandem-user-sync' ),
	}[ state ];
}

/** Fields of a person that a request may be mapped onto, besides meta. */
export function mappableFields(): { field: string; label: string }[] {
	return [
		{
			field: 'user_email',
			label: __( 'Email address', 'tandem-user-sync' ),
		},
		{ field: 'user_login', label: __( 'Username', 'tandem-user-sync' ) },
		{ field: 'first_name', label: __( 'First name', 'tandem-user-sync' ) },
		{ field: 'last_name', label: __( 'Last name', 'tandem-user-sync' ) },
		{
			field: 'display_name',
			label: __( 'Display name', 'tandem-user-sync' ),
		},
		{ field: 'nickname', label: __( 'Nickname', 'tandem-user-sync' ) },
		{ field: 'user_url', label: __( 'Website', 'tandem-user-sync' ) },
		{ field: 'description', label: __( 'Biography', 'tandem-user-sync' ) },
		{ field: 'locale', label: __( 'Language', 'tandem-user-sync' ) },
		{ field: 'roles', label: __( 'Roles', 'tandem-user-sync' ) },
		{ field: 'tags', label: __( 'Tags', 'tandem-user-sync' ) },
	];
}

/** "First name", or the key of a meta field. */
export function fieldLabel( field: string ): string {
	return (
		mappableFields().find( ( item ) => item.field === field )?.label ??
		field.replace( /^meta:/, '' )
	);
}

/** A field that a path probably means, by its last part. */
export function guess( path: string ): string | null {
	const words: Record< string, string[] > = {
		user_email: [
			'email',
			'email_address',
			'user_email',
			'e-mail',
			'mail',
		],
		first_name: [ 'first_name', 'firstname', 'fname', 'given_name' ],
		last_name: [
			'last_name',
			'lastname',
			'lname',
			'surname',
			'family_name',
		],
		user_login: [ 'username', 'user_login', 'login' ],
		display_name: [ 'display_name', 'full_name', 'fullname' ],
		tags: [ 'tags', 'tag' ],
		roles: [ 'role', 'roles' ],
		user_url: [ 'website', 'user_url' ],
	};
	const last = ( path.split( '.' ).pop() ?? '' )
		.toLowerCase()
		.replace( /[\s]+/g, '_' );
	return (
		Object.keys( words ).find( ( field ) =>
			words[ field ].includes( last )
		) ?? null
	);
}

/** That two secrets are in use, and until when; null when one is. */
export function oldSecret( until: number | null ): string | null {
	return until === null
		? null
		: sprintf(
				/* translators: %s: date and time */
				__(
					'The old secret is still in use, until %s.',
					'tandem-user-sync'
				),
				dateTime( until )
			);
}
