import {
	Button,
	Dropdown,
	MenuGroup,
	MenuItem,
	NavigableMenu,
} from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { Stack, Text } from '@wordpress/ui';
import { SectionCard } from '../../components/section-card';
import { dateTime } from '../../format';
import type { HookRequest } from '../../types';
import { mappableFields } from './words';

/** A meta key that fits a path: its last part, as far as a key may have it. */
const metaField = ( path: string ) =>
	`meta:${
		( path.split( '.' ).pop() ?? '' )
			.toLowerCase()
			.replace( /[^a-z0-9_-]+/g, '_' ) || 'field'
	}`;

/** What came last. Each part can be clicked, to say what becomes of it. */
export function RequestCard( {
	request,
	onMap,
	onForget,
}: {
	request: HookRequest | null;
	onMap: ( field: string, path: string ) => void;
	onForget: () => void;
} ) {
	return (
		<SectionCard
			title={ __( 'The last request', 'tandem-user-sync' ) }
			description={
				request
					? __(
							'Click a part to choose what becomes of it.',
							'tandem-user-sync'
						)
					: __(
							'Nothing has come yet. Send a test from your automation or CRM; it appears here by itself.',
							'tandem-user-sync'
						)
			}
		>
			{ request && (
				<Stack direction="column" gap="md">
					<ul className="tandem-request">
						{ request.fields.map( ( { path, value } ) => (
							<li key={ path }>
								<Dropdown
									className="tandem-request__dropdown"
									popoverProps={ {
										placement: 'bottom-start',
									} }
									renderToggle={ ( { isOpen, onToggle } ) => (
										<Button
											variant="secondary"
											className="tandem-request__field"
											aria-expanded={ isOpen }
											aria-haspopup="menu"
											onClick={ onToggle }
										>
											<span className="tandem-request__path">
												{ path }
											</span>
											<span className="tandem-request__value">
												{ value }
											</span>
										</Button>
									) }
									renderContent={ ( { onClose } ) => {
										const choose = ( field: string ) => {
											onMap( field, path );
											onClose();
										};
										return (
											<NavigableMenu role="menu">
												<MenuGroup
													label={ sprintf(
														/* translators: %s: name of a part of a request */
														__(
															'“%s” becomes',
															'tandem-user-sync'
														),
														path
													) }
												>
													{ mappableFields().map(
														( {
															field,
															label,
														} ) => (
															<MenuItem
																key={ field }
																onClick={ () =>
																	choose(
																		field
																	)
																}
															>
																{ label }
															</MenuItem>
														)
													) }
													<MenuItem
														onClick={ () =>
															choose(
																metaField(
																	path
																)
															)
														}
													>
														{ __(
															'A user meta field',
															'tandem-user-sync'
														) }
													</MenuItem>
												</MenuGroup>
											</NavigableMenu>
										);
									} }
								/>
							</li>
						) ) }
					</ul>
					<Text
						variant="body-sm"
						render={ <p /> }
						className="is-weak"
					>
						{ [
							dateTime( request.at ),
							...request.headers.map(
								( { name, value } ) => `${ name }: ${ value }`
							),
						].join( ' · ' ) }
					</Text>
					<Text
						variant="body-sm"
						render={ <p /> }
						className="is-weak"
					>
						{ __(
							'Only the last request is kept, encrypted, for a week at most. What looks like a password or a key by its name is not kept.',
							'tandem-user-sync'
						) }{ ' ' }
						<Button variant="link" onClick={ onForget }>
							{ __( 'Forget it now', 'tandem-user-sync' ) }
						</Button>
					</Text>
				</Stack>
			) }
		</SectionCard>
	);
}
