/** The words for what sets a rule off and what it does. */
import { __ } from '@wordpress/i18n';
import type { RuleDeed, RuleTrigger } from '../../types';

export function triggerLabel( trigger: RuleTrigger ): string {
	return {
		role: __( 'somebody gets a role', 'tandem-user-sync' ),
		tag: __( 'somebody gets a tag', 'tandem-user-sync' ),
		product: __( 'a product is bought', 'tandem-user-sync' ),
		order_status: __( 'an order reaches a status', 'tandem-user-sync' ),
		subscription: __( 'a subscription becomes active', 'tandem-user-sync' ),
		membership: __( 'a membership becomes active', 'tandem-user-sync' ),
	}[ trigger ];
}

export function subjectLabel( trigger: RuleTrigger ): string {
	return {
		role: __( 'Role', 'tandem-user-sync' ),
		tag: __( 'Tag', 'tandem-user-sync' ),
		product: __( 'Product', 'tandem-user-sync' ),
		order_status: __( 'Status', 'tandem-user-sync' ),
		subscription: __( 'Product', 'tandem-user-sync' ),
		membership: __( 'Membership plan', 'tandem-user-sync' ),
	}[ trigger ];
}

/** What takes the rule back again. */
export function reverseHelp( trigger: RuleTrigger ): string {
	switch ( trigger ) {
		case 'role':
			return __(
				'When the role is taken away here, what the rule has done is undone there.',
				'tandem-user-sync'
			);
		case 'tag':
			return __(
				'When the tag is taken away here, what the rule has done is undone there.',
				'tandem-user-sync'
			);
		case 'product':
		case 'order_status':
			return __(
				'When the order is refunded, cancelled or fails, or that product of it is refunded, what the rule has done is undone there. Another order that gives the same keeps it.',
				'tandem-user-sync'
			);
		case 'subscription':
			return __(
				'When the subscription ends or is put on hold, what the rule has done is undone there.',
				'tandem-user-sync'
			);
		case 'membership':
			return __(
				'When the membership ends or is paused, what the rule has done is undone there.',
				'tandem-user-sync'
			);
	}
}

export function deedLabel( deed: RuleDeed ): string {
	return {
		enrol: __( 'enrol in a course', 'tandem-user-sync' ),
		give_role: __( 'give a role', 'tandem-user-sync' ),
		add_tag: __( 'add a tag', 'tandem-user-sync' ),
		unenrol: __( 'end an enrolment', 'tandem-user-sync' ),
		take_role: __( 'take a role away', 'tandem-user-sync' ),
		remove_tag: __( 'take a tag away', 'tandem-user-sync' ),
	}[ deed ];
}

export const DEEDS: RuleDeed[] = [
	'enrol',
	'give_role',
	'add_tag',
	'unenrol',
	'take_role',
	'remove_tag',
];

/** What kind of thing a deed is about. */
export function kindOf( deed: RuleDeed ): 'course' | 'role' | 'tag' {
	switch ( deed ) {
		case 'enrol':
		case 'unenrol':
			return 'course';
		case 'give_role':
		case 'take_role':
			return 'role';
		default:
			return 'tag';
	}
}

export function targetLabel( deed: RuleDeed ): string {
	return {
		course: __( 'Course', 'tandem-user-sync' ),
		role: __( 'Role', 'tandem-user-sync' ),
		tag: __( 'Tag', 'tandem-user-sync' ),
	}[ kindOf( deed ) ];
}
