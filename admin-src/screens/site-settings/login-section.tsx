import { ToggleControl } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { SectionCard } from '../../components/section-card';
import type { LoginSettings, Policy } from '../../types';
import type { SectionProps } from './site-form';

/** One log-in with a paired site: who gets in where, what visitors see, and where a log-out holds. */
export function LoginSection( {
	site,
	settings,
	set,
	policy,
	setPolicy,
}: SectionProps & {
	policy: Policy;
	setPolicy: ( edits: Partial< Policy > ) => void;
} ) {
	const { login } = settings;
	const change = ( edits: Partial< LoginSettings > ) =>
		set( { login: { ...login, ...edits } } );

	return (
		<SectionCard
			title={ __( 'One log-in', 'tandem-user-sync' ) }
			description={ sprintf(
				/* translators: %s: site name */
				__(
					'Linked people who are logged in on one site get into the other without their password. %s has the same choices: it decides about its own side.',
					'tandem-user-sync'
				),
				site.name
			) }
		>
			<ToggleControl
				label={ __(
					'People who are logged in there may log in here by that',
					'tandem-user-sync'
				) }
				help={ __(
					'This site’s own second factor and limits for log-ins are asked all the same. Suspended people stay out.',
					'tandem-user-sync'
				) }
				checked={ policy.login }
				onChange={ ( value ) => setPolicy( { login: value } ) }
			/>
			{ policy.login && (
				<>
					<ToggleControl
						label={ sprintf(
							/* translators: %s: site name */
							__(
								'Offer “Log in with %s” on log-in forms here',
								'tandem-user-sync'
							),
							site.name
						) }
						checked={ login.button }
						onChange={ ( button ) => change( { button } ) }
					/>
					<ToggleControl
						label={ __(
							'Look visitors up who come from there, without a click',
							'tandem-user-sync'
						) }
						help={ __(
							'Once for each visitor, by a short detour over the other site. Pages that come from a page cache are shown as they are; links made with Tandem work there too.',
							'tandem-user-sync'
						) }
						checked={ login.quiet }
						onChange={ ( quiet ) => change( { quiet } ) }
					/>
					<ToggleControl
						label={ __(
							'Only if they have given a second factor there',
							'tandem-user-sync'
						) }
						help={ __(
							'The plugin Two-Factor on the other site tells.',
							'tandem-user-sync'
						) }
						checked={ policy.loginSecondFactor }
						onChange={ ( loginSecondFactor ) =>
							setPolicy( { loginSecondFactor } )
						}
					/>
					<ToggleControl
						label={ __(
							'Administrators and protected accounts too',
							'tandem-user-sync'
						) }
						help={ __(
							'Whoever controls the other site could then log in here as one of them.',
							'tandem-user-sync'
						) }
						checked={ policy.loginProtected }
						onChange={ ( loginProtected ) =>
							setPolicy( { loginProtected } )
						}
					/>
				</>
			) }
			<ToggleControl
				label={ __(
					'People who are logged in here may log in there by that',
					'tandem-user-sync'
				) }
				checked={ login.vouch }
				onChange={ ( vouch ) => change( { vouch } ) }
			/>
			<ToggleControl
				label={ __(
					'Who logs out here is logged out there too',
					'tandem-user-sync'
				) }
				help={ __(
					'A new password and a suspension end what is open there in any case, if that site lets this one log people out.',
					'tandem-user-sync'
				) }
				checked={ login.logOut }
				onChange={ ( logOut ) => change( { logOut } ) }
			/>
		</SectionCard>
	);
}
