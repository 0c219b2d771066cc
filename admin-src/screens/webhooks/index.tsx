import { Button } from '@wordpress/components';
import { useState } from '@wordpress/element';
import { __ } from '@wordpress/i18n';
import { Stack, Text } from '@wordpress/ui';
import type { ReactNode } from 'react';
import { useApp } from '../../app-context';
import { Loaded } from '../../components/load-state';
import { useHooks } from '../../hooks/use-hooks';
import { onlyWebhooks } from '../../hooks/use-sites';
import { AddModal } from './add-modal';
import { HookCard } from './hook-card';
import { SecretModal } from './secret-modal';
import { WebhookCard } from './webhook-card';
import './webhooks.scss';

interface Shown {
	title: string;
	explanation: string;
	lines: { label: string; text: string }[];
}

/** One of the two directions: what it is for, its webhooks, and the button that adds one. */
function Direction( {
	title,
	description,
	addLabel,
	onAdd,
	children,
}: {
	title: string;
	description: string;
	addLabel: string;
	onAdd: () => void;
	children: ReactNode;
} ) {
	return (
		<section aria-label={ title } className="tandem-direction">
			<Stack gap="md" align="start" justify="space-between" wrap="wrap">
				<Stack
					direction="column"
					gap="xs"
					className="tandem-direction__head"
				>
					<Text variant="heading-lg" render={ <h2 /> }>
						{ title }
					</Text>
					<Text
						variant="body-md"
						render={ <p /> }
						className="is-weak"
					>
						{ description }
					</Text>
				</Stack>
				<Button variant="secondary" onClick={ onAdd }>
					{ addLabel }
				</Button>
			</Stack>
			<div className="tandem-sites">{ children }</div>
		</section>
	);
}

/** Addresses that are told of people, and addresses that take people in. */
export function WebhooksScreen() {
	const { sites } = useApp();
	const hooks = useHooks();
	const [ adding, setAdding ] = useState< 'out' | 'in' | null >( null );
	const [ shown, setShown ] = useState< Shown | null >( null );

	async function add( name: string, url: string ) {
		if ( adding === 'out' ) {
			const made = await sites.addWebhook( { name, url } );
			setShown( {
				title: made.site.name,
				explanation: __(
					'Requests are signed with this secret, as Standard Webhooks has it. Copy it now and enter it at the receiver, if that checks signatures: it is not shown again.',
					'tandem-user-sync'
				),
				lines: [
					{
						label: __( 'Secret', 'tandem-user-sync' ),
						text: made.secret,
					},
				],
			} );
		} else {
			const made = await hooks.add( name );
			setShown( {
				title: made.hook.name,
				explanation: __(
					'Enter both in your automation or CRM: a POST request to this address, with the secret in a header named X-Tandem-Secret. Then send one test: it is kept here, so that you can choose what becomes what. The secret is not shown again.',
					'tandem-user-sync'
				),
				lines: [
					{
						label: __( 'Address', 'tandem-user-sync' ),
						text: made.hook.address,
					},
					{
						label: __( 'Secret', 'tandem-user-sync' ),
						text: made.secret,
					},
				],
			} );
		}
		setAdding( null );
	}

	return (
		<>
			<Direction
				title={ __( 'Tell others', 'tandem-user-sync' ) }
				description={ __(
					'An automation, a CRM or a program of your own hears of everyone who is created, changed, deleted or tagged here. Passwords are never sent.',
					'tandem-user-sync'
				) }
				addLabel={ __( 'Add an address', 'tandem-user-sync' ) }
				onAdd={ () => setAdding( 'out' ) }
			>
				<Loaded resource={ sites } rows={ 1 }>
					{ ( list ) =>
						onlyWebhooks( list ).length ? (
							onlyWebhooks( list ).map( ( webhook ) => (
								<WebhookCard
									key={ webhook.id }
									webhook={ webhook }
								/>
							) )
						) : (
							<Text
								variant="body-md"
								render={ <p /> }
								className="is-weak"
							>
								{ __(
									'Nobody is told yet.',
									'tandem-user-sync'
								) }
							</Text>
						)
					}
				</Loaded>
			</Direction>
			<Direction
				title={ __( 'Take people in', 'tandem-user-sync' ) }
				description={ __(
					'Zapier, Make, n8n, Uncanny Automator, a CRM or a form sends somebody here, and they get an account, a role and tags. Administrators are never touched.',
					'tandem-user-sync'
				) }
				addLabel={ __( 'Add a way in', 'tandem-user-sync' ) }
				onAdd={ () => setAdding( 'in' ) }
			>
				<Loaded resource={ hooks } rows={ 1 }>
					{ ( list ) =>
						list.length ? (
							list.map( ( hook ) => (
								<HookCard key={ hook.id } hook={ hook } />
							) )
						) : (
							<Text
								variant="body-md"
								render={ <p /> }
								className="is-weak"
							>
								{ __(
									'Nobody comes in this way yet.',
									'tandem-user-sync'
								) }
							</Text>
						)
					}
				</Loaded>
			</Direction>
			{ adding && (
				<AddModal
					direction={ adding }
					onAdd={ add }
					onClose={ () => setAdding( null ) }
				/>
			) }
			{ shown && (
				<SecretModal { ...shown } onClose={ () => setShown( null ) } />
			) }
		</>
	);
}
