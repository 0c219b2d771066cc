import { __ } from '@wordpress/i18n';
import {
	cautionFilled,
	Icon,
	published,
	cancelCircleFilled,
} from '@wordpress/icons';
import { Text, VisuallyHidden } from '@wordpress/ui';
import type { Check, CheckState } from '../types';
import './check-list.scss';

const ICONS = {
	pass: published,
	warn: cautionFilled,
	fail: cancelCircleFilled,
};

function stateWord( state: CheckState ): string {
	return {
		pass: __( 'Passed:', 'tandem-user-sync' ),
		warn: __( 'Warning:', 'tandem-user-sync' ),
		fail: __( 'Problem:', 'tandem-user-sync' ),
	}[ state ];
}

/** What was looked at on a remote site, with what to do about each. */
export function CheckList( { checks }: { checks: Check[] } ) {
	return (
		<ul className="tandem-checks">
			{ checks.map( ( { code, state, label, message } ) => (
				<li key={ code } className={ `is-${ state }` }>
					<Icon icon={ ICONS[ state ] } size={ 24 } />
					<div className="tandem-checks__text">
						<Text
							variant="heading-md"
							className="tandem-checks__label"
						>
							<VisuallyHidden render={ <span /> }>
								{ stateWord( state ) }{ ' ' }
							</VisuallyHidden>
							{ label }
						</Text>
						<span>{ message }</span>
					</div>
				</li>
			) ) }
		</ul>
	);
}
