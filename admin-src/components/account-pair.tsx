import { __ } from '@wordpress/i18n';
import { Stack, Text } from '@wordpress/ui';
import type { Conflict, RemoteAccount } from '../types';
import './account-pair.scss';
import { AdministratorBadge } from './status-badge';

type Account = Conflict[ 'here' ] | RemoteAccount;

function Side( {
	title,
	account,
	other,
}: {
	title: string;
	account: Account;
	/** What is the same there is shown less strongly. */
	other: Account | null;
} ) {
	const rows: [ keyof Account, string, string ][] = [
		[ 'username', __( 'Username', 'tandem-user-sync' ), account.username ],
		[ 'email', __( 'Email', 'tandem-user-sync' ), account.email ],
		[ 'name', __( 'Name', 'tandem-user-sync' ), account.name ],
		[
			'roles',
			__( 'Roles', 'tandem-user-sync' ),
			account.roles.join( ', ' ),
		],
	];
	return (
		<section className="tandem-pair__side" aria-label={ title }>
			<Stack direction="column" gap="md" align="start">
				<Text variant="heading-sm" render={ <h2 /> }>
					{ title }
				</Text>
				{ 'protected' in account && account.protected && (
					<AdministratorBadge />
				) }
				<dl>
					{ rows.map( ( [ key, label, value ] ) => (
						<div key={ key }>
							<dt>{ label }</dt>
							<dd
								className={
									other &&
									String( other[ key ] ) !==
										String( account[ key ] )
										? 'is-different'
										: undefined
								}
							>
								{ value || '—' }
							</dd>
						</div>
					) ) }
				</dl>
			</Stack>
		</section>
	);
}

/** The account here and the one on the other site, side by side. */
export function AccountPair( {
	here,
	there,
	siteName,
}: {
	here: Conflict[ 'here' ];
	there: RemoteAccount | null;
	siteName: string;
} ) {
	return (
		<div className="tandem-pair">
			<Side
				title={ __( 'This site', 'tandem-user-sync' ) }
				account={ here }
				other={ there }
			/>
			{ there && (
				<Side title={ siteName } account={ there } other={ here } />
			) }
		</div>
	);
}
