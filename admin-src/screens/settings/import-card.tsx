import { Button, SelectControl } from '@wordpress/components';
import { useState } from '@wordpress/element';
import { __, _n, sprintf } from '@wordpress/i18n';
import { Stack, Text } from '@wordpress/ui';
import { useApp } from '../../app-context';
import { fieldList } from '../../components/labels';
import { ErrorNotice } from '../../components/error-notice';
import { TextLink } from '../../components/router-link';
import { SectionCard } from '../../components/section-card';
import { formatNumber, host } from '../../format';
import { useAction } from '../../hooks/use-action';
import {
	importLinks,
	importSettings,
	importTags,
	useImport,
} from '../../hooks/use-import';
import { sectionUrl } from '../../router';
import type { ImportCounts, ImportFound, ImportProposal } from '../../types';

/** "12 fit, 3 are linked already…" */
function sentence( { fits, linked, differs, left }: ImportCounts ): string {
	return [
		sprintf(
			/* translators: %s: number of people */
			_n(
				'%s person fits: the account has that number and the same email there.',
				'%s people fit: the account has that number and the same email there.',
				fits,
				'tandem-user-sync'
			),
			formatNumber( fits )
		),
		linked > 0 &&
			sprintf(
				/* translators: %s: number of people */
				__( 'Linked already: %s.', 'tandem-user-sync' ),
				formatNumber( linked )
			),
		differs > 0 &&
			sprintf(
				/* translators: %s: number of people */
				__(
					'Another account or none with that email there: %s. They are left to the backfill.',
					'tandem-user-sync'
				),
				formatNumber( differs )
			),
		left > 0 &&
			sprintf(
				/* translators: %s: number of people */
				__(
					'Administrators, or not among those who are synced: %s.',
					'tandem-user-sync'
				),
				formatNumber( left )
			),
	]
		.filter( Boolean )
		.join( ' ' );
}

/** Numbers of accounts that people's meta holds, of one key. */
function Numbers( {
	found,
	indexed,
}: {
	found: ImportFound[ 'ids' ][ number ];
	indexed: number[];
} ) {
	const { sites, notify } = useApp();
	const { busy, error, clear, run } = useAction< 'look' | 'link' >();
	const [ chosen, setChosen ] = useState( '' );
	const [ counts, setCounts ] = useState< ImportCounts | null >( null );
	const site = Number( chosen );

	function look() {
		run( 'look', async () => {
			setCounts( await importLinks( site, found.key, false ) );
		} );
	}

	function link() {
		run( 'link', async () => {
			const done = await importLinks( site, found.key, true );
			setCounts( null );
			sites.refresh();
			notify(
				sprintf(
					/* translators: %s: number of people */
					_n(
						'%s person was linked.',
						'%s people were linked.',
						done.fits,
						'tandem-user-sync'
					),
					formatNumber( done.fits )
				)
			);
		} );
	}

	return (
		<Stack direction="column" gap="md">
			<Text variant="body-md" render={ <p /> }>
				{ sprintf(
					/* translators: 1: number of people, 2: meta key */
					_n(
						'%1$s person has the number of an account on another site in “%2$s”, as a well-known tutorial stores it.',
						'%1$s people have the number of an account on another site in “%2$s”, as a well-known tutorial stores it.',
						found.people,
						'tandem-user-sync'
					),
					formatNumber( found.people ),
					found.key
				) }
			</Text>
			<SelectControl
				label={ __( 'They belong to', 'tandem-user-sync' ) }
				value={ chosen }
				options={ [
					{
						value: '',
						label: __( 'Choose a site', 'tandem-user-sync' ),
					},
					...( sites.data ?? [] ).map( ( { id, name } ) => ( {
						value: String( id ),
						label: name,
					} ) ),
				] }
				onChange={ ( value: string ) => {
					setChosen( value );
					setCounts( null );
					clear();
				} }
				__next40pxDefaultSize
			/>
			{ site > 0 && ! indexed.includes( site ) && (
				<Text variant="body-md" render={ <p /> }>
					{ __(
						'The accounts there are not known yet. Start a backfill and come back when its preview is there: each number is checked against the account that it stands for.',
						'tandem-user-sync'
					) }{ ' ' }
					<TextLink href={ sectionUrl( 'backfill', { site } ) }>
						{ __( 'To the backfill', 'tandem-user-sync' ) }
					</TextLink>
				</Text>
			) }
			<div role="status">
				{ counts && (
					<Text variant="body-md" render={ <p /> }>
						{ sentence( counts ) }
					</Text>
				) }
			</div>
			<ErrorNotice error={ error } onDismiss={ clear } />
			{ indexed.includes( site ) && (
				<Stack gap="md">
					<Button
						variant="secondary"
						isBusy={ busy === 'look' }
						disabled={ busy !== null }
						accessibleWhenDisabled
						onClick={ look }
					>
						{ __( 'Preview', 'tandem-user-sync' ) }
					</Button>
					{ counts && counts.fits > 0 && (
						<Button
							variant="primary"
							isBusy={ busy === 'link' }
							disabled={ busy !== null }
							accessibleWhenDisabled
							onClick={ link }
						>
							{ __( 'Link those who fit', 'tandem-user-sync' ) }
						</Button>
					) }
				</Stack>
			) }
		</Stack>
	);
}

/** A site that WP Remote Users Sync knows. */
function Proposal( { proposal }: { proposal: ImportProposal } ) {
	const { sites, notify, openAddSite } = useApp();
	const { busy, error, clear, run } = useAction< 'take' >();
	const { settings, siteId } = proposal;

	function take( id: number ) {
		run( 'take', async () => {
			await importSettings( id );
			sites.refresh();
			notify( __( 'Settings taken over.', 'tandem-user-sync' ) );
		} );
	}

	return (
		<Stack direction="column" gap="sm">
			<Text variant="heading-md" render={ <h3 /> }>
				{ host( proposal.url ) }
			</Text>
			<Text variant="body-md" render={ <p /> }>
				{ sprintf(
					/* translators: %s: names of fields */
					__( 'Sent there: %s.', 'tandem-user-sync' ),
					fieldList( [
						...settings.fields,
						...settings.meta.map( ( key ) => `meta:${ key }` ),
					] ) || __( 'nothing', 'tandem-user-sync' )
				) }
			</Text>
			{ proposal.notes.map( ( note ) => (
				<Text
					key={ note }
					variant="body-md"
					render={ <p /> }
					className="is-weak"
				>
					{ note }
				</Text>
			) ) }
			<ErrorNotice error={ error } onDismiss={ clear } />
			<div>
				{ siteId === null ? (
					<Button variant="secondary" onClick={ openAddSite }>
						{ __( 'Connect this site first', 'tandem-user-sync' ) }
					</Button>
				) : (
					<Button
						variant="secondary"
						isBusy={ busy !== null }
						disabled={ busy !== null }
						accessibleWhenDisabled
						onClick={ () => take( siteId ) }
					>
						{ __( 'Take over these settings', 'tandem-user-sync' ) }
					</Button>
				) }
			</div>
		</Stack>
	);
}

/** Tags that WP Fusion has held since before Tandem. */
function FusionTags() {
	const { notify } = useApp();
	const { busy, error, clear, run } = useAction< 'take' >();

	return (
		<Stack direction="column" gap="sm">
			<Text variant="body-md" render={ <p /> }>
				{ __(
					'WP Fusion holds tags of people. New ones are taken over by themselves; those from before come along with the next change, or now.',
					'tandem-user-sync'
				) }
			</Text>
			<ErrorNotice error={ error } onDismiss={ clear } />
			<div>
				<Button
					variant="secondary"
					isBusy={ busy !== null }
					disabled={ busy !== null }
					accessibleWhenDisabled
					onClick={ () =>
						run( 'take', async () => {
							const people = await importTags();
							notify(
								sprintf(
									/* translators: %s: number of people */
									_n(
										'%s person got tags.',
										'%s people got tags.',
										people,
										'tandem-user-sync'
									),
									formatNumber( people )
								)
							);
						} )
					}
				>
					{ __( 'Take over all tags', 'tandem-user-sync' ) }
				</Button>
			</div>
		</Stack>
	);
}

/** What other ways of syncing users have left here. Not there where there is nothing. */
export function ImportCard() {
	const { data } = useImport();
	if (
		! data ||
		( ! data.ids.length && ! data.proposals.length && ! data.tags )
	) {
		return null;
	}
	return (
		<SectionCard
			title={ __( 'Import', 'tandem-user-sync' ) }
			description={ __(
				'What other ways of syncing users have left on this site.',
				'tandem-user-sync'
			) }
		>
			{ data.ids.map( ( found ) => (
				<Numbers
					key={ found.key }
					found={ found }
					indexed={ data.indexed }
				/>
			) ) }
			{ data.tags && <FusionTags /> }
			{ data.proposals.length > 0 && (
				<Stack direction="column" gap="lg">
					<Text variant="body-md" render={ <p /> }>
						{ data.isActive
							? __(
									'WP Remote Users Sync knows these sites. While it is at work for a site, Tandem keeps changes and sends nothing there: the two would answer the same event twice. Take over its settings, then switch it off.',
									'tandem-user-sync'
								)
							: __(
									'WP Remote Users Sync knew these sites. Its keys can’t be used: each site is connected anew.',
									'tandem-user-sync'
								) }
					</Text>
					{ data.proposals.map( ( proposal ) => (
						<Proposal key={ proposal.url } proposal={ proposal } />
					) ) }
				</Stack>
			) }
		</SectionCard>
	);
}
