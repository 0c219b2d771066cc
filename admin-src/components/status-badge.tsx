import { __ } from '@wordpress/i18n';
import { Badge } from '@wordpress/ui';
import './status-badge.scss';
import type { ActivityItem, Choice, SiteState } from '../types';
import { decisionLabel, outcomeLabel, stateLabel } from './labels';

const STATES = {
	connected: 'stable',
	paused: 'draft',
	unreachable: 'medium',
	held: 'high',
} as const;

export function SiteStateBadge( { state }: { state: SiteState } ) {
	return (
		<Badge className="tandem-badge" intent={ STATES[ state ] }>
			{ stateLabel( state ) }
		</Badge>
	);
}

const RESULTS = {
	success: 'stable',
	retrying: 'low',
	attention: 'high',
	skipped: 'draft',
	refused: 'medium',
} as const;

export function ResultBadge( {
	item: { action, result },
}: {
	item: Pick< ActivityItem, 'action' | 'result' >;
} ) {
	return (
		<Badge className="tandem-badge" intent={ RESULTS[ result ] }>
			{ outcomeLabel( action, result ) }
		</Badge>
	);
}

export function DecisionBadge( { decision }: { decision: Choice | null } ) {
	return (
		<Badge
			className="tandem-badge"
			intent={ decision ? 'informational' : 'low' }
		>
			{ decisionLabel( decision ) }
		</Badge>
	);
}

export function AdministratorBadge() {
	return (
		<Badge className="tandem-badge" intent="high">
			{ __( 'Protected account', 'tandem-user-sync' ) }
		</Badge>
	);
}
