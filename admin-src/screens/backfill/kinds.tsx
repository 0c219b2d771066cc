import { Button } from '@wordpress/components';
import { useState } from '@wordpress/element';
import { __, _n, sprintf } from '@wordpress/i18n';
import { Stack, Text } from '@wordpress/ui';
import { ConfirmModal } from '../../components/confirm-modal';
import { formatNumber } from '../../format';
import type { BackfillKind, Choice } from '../../types';
import { kindLabel } from './words';

/** How many of a kind a decision for all of them is about: nobody is linked with a protected account by it. */
const reach = ( kind: BackfillKind, choice: Choice ) =>
	kind.undecided - ( choice === 'link' ? kind.protected : 0 );

function allLabel( choice: Choice, people: number ): string {
	const number = formatNumber( people );
	switch ( choice ) {
		case 'link':
			/* translators: %s: number of users */
			return sprintf( __( 'Link all %s', 'tandem-user-sync' ), number );
		case 'create':
			return sprintf(
				/* translators: %s: number of users */
				__( 'Create all %s', 'tandem-user-sync' ),
				number
			);
		case 'ignore':
			/* translators: %s: number of users */
			return sprintf( __( 'Ignore all %s', 'tandem-user-sync' ), number );
	}
}

function consequence( choice: Choice ): string {
	return {
		link: __(
			'From now on the account there follows the one here, for each of them. Protected accounts are left out: those are linked one by one.',
			'tandem-user-sync'
		),
		create: __(
			'Each of them gets an account of their own there, under another username.',
			'tandem-user-sync'
		),
		ignore: __( 'None of them is synced.', 'tandem-user-sync' ),
	}[ choice ];
}

/** Decides about all people of a kind, not only about those who are shown. */
export function Kinds( {
	kinds,
	onDecide,
}: {
	kinds: BackfillKind[];
	onDecide: ( kind: string, choice: Choice ) => Promise< void >;
} ) {
	const [ asking, setAsking ] = useState< {
		kind: BackfillKind;
		choice: Choice;
	} | null >( null );

	return (
		<>
			<Stack direction="column" gap="sm">
				{ kinds.map( ( kind ) => (
					<Stack
						key={ kind.code }
						justify="space-between"
						align="center"
						gap="sm"
						wrap="wrap"
					>
						<Text variant="body-md">
							{ sprintf(
								/* translators: 1: what is in the way, 2: number of users, as words */
								__( '%1$s: %2$s', 'tandem-user-sync' ),
								kindLabel( kind.code ),
								sprintf(
									/* translators: %s: number of users */
									_n(
										'%s user',
										'%s users',
										kind.people,
										'tandem-user-sync'
									),
									formatNumber( kind.people )
								)
							) }
						</Text>
						<Stack gap="sm" wrap="wrap">
							{ kind.choices
								.filter(
									( choice ) => reach( kind, choice ) > 1
								)
								.map( ( choice ) => (
									<Button
										key={ choice }
										variant="secondary"
										size="compact"
										onClick={ () =>
											setAsking( { kind, choice } )
										}
									>
										{ allLabel(
											choice,
											reach( kind, choice )
										) }
									</Button>
								) ) }
						</Stack>
					</Stack>
				) ) }
			</Stack>
			{ asking && (
				<ConfirmModal
					title={ kindLabel( asking.kind.code ) }
					confirmLabel={ allLabel(
						asking.choice,
						reach( asking.kind, asking.choice )
					) }
					onConfirm={ () =>
						onDecide( asking.kind.code, asking.choice )
					}
					onClose={ () => setAsking( null ) }
				>
					<p>{ consequence( asking.choice ) }</p>
				</ConfirmModal>
			) }
		</>
	);
}
