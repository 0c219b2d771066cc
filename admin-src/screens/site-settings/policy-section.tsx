import { CheckboxControl, RadioControl } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { InputControl } from '@wordpress/ui';
import { CheckboxList } from '../../components/checkbox-list';
import { SectionCard } from '../../components/section-card';
import type {
	Choices,
	ExistingPolicy,
	Policy,
	Removal,
	Site,
} from '../../types';
import { AccountPicker } from './account-picker';
import { AllowRemovals } from './allow-removals';
import { MetaKeys } from './meta-keys';

type Allowed =
	| 'create'
	| 'update'
	| 'password'
	| 'roles'
	| 'tags'
	| 'logout'
	| 'accounts'
	| 'mail'
	| 'bring';

function allowed(): { value: Allowed; label: string; help?: string }[] {
	return [
		{ value: 'create', label: __( 'Create users', 'tandem-user-sync' ) },
		{
			value: 'update',
			label: __(
				'Change profiles and email addresses',
				'tandem-user-sync'
			),
		},
		{ value: 'password', label: __( 'Set passwords', 'tandem-user-sync' ) },
		{ value: 'roles', label: __( 'Change roles', 'tandem-user-sync' ) },
		{
			value: 'tags',
			label: __( 'Give and take tags', 'tandem-user-sync' ),
			help: __(
				'Whoever has a tag sees the content here that is only for it.',
				'tandem-user-sync'
			),
		},
		{
			value: 'logout',
			label: __( 'Log people out', 'tandem-user-sync' ),
		},
		{
			value: 'accounts',
			label: __( 'Read the list of accounts here', 'tandem-user-sync' ),
			help: __(
				'A backfill from there needs it, to find who is here already. It reads the username, email address and date of everybody, also of people whom it does not know, and name and roles of all but protected accounts. You can switch it off afterwards.',
				'tandem-user-sync'
			),
		},
		{
			value: 'mail',
			label: __(
				'Let WordPress email people here about such changes',
				'tandem-user-sync'
			),
			help: __(
				'Off: they have heard of it from the other site already.',
				'tandem-user-sync'
			),
		},
		{
			value: 'bring',
			label: __(
				'Ask for the people who were here before the connection',
				'tandem-user-sync'
			),
			help: __(
				'A backfill there can then fetch everyone whom this site’s settings send there, with what these say of fields and passwords. Never administrators and protected accounts.',
				'tandem-user-sync'
			),
		},
	];
}

/** What a paired site may do here: this site decides, whatever the other one asks for. */
export function PolicySection( {
	site,
	choices,
	policy,
	set,
}: {
	site: Site;
	choices: Choices;
	policy: Policy;
	set: ( edits: Partial< Policy > ) => void;
} ) {
	return (
		<SectionCard
			title={ __( 'What may that site do here?', 'tandem-user-sync' ) }
			description={ sprintf(
				/* translators: %s: site name */
				__(
					'Whatever %s asks for, nothing but this is done here. Administrators and protected accounts are never touched.',
					'tandem-user-sync'
				),
				site.name
			) }
		>
			<CheckboxList< Allowed >
				legend={ __( 'It may', 'tandem-user-sync' ) }
				options={ allowed() }
				value={ allowed()
					.map( ( { value } ) => value )
					.filter( ( value ) => policy[ value ] ) }
				onChange={ ( values ) =>
					set(
						Object.fromEntries(
							allowed().map( ( { value } ) => [
								value,
								values.includes( value ),
							] )
						)
					)
				}
			/>
			{ policy.roles && (
				<CheckboxList
					legend={ __(
						'Roles that it may give and take here',
						'tandem-user-sync'
					) }
					description={ __(
						'Roles with power over the site or its users are never given from outside.',
						'tandem-user-sync'
					) }
					options={ choices.roles
						.filter( ( { privileged } ) => ! privileged )
						.map( ( { slug, name, strong } ) => ( {
							value: slug,
							label: name,
							help: strong
								? __(
										'Whoever controls that site could make themselves one here: this role changes what others wrote, adds scripts to pages, or sees who is here. It is off until you switch it on.',
										'tandem-user-sync'
									)
								: undefined,
						} ) ) }
					value={ policy.roleList }
					onChange={ ( roleList ) => set( { roleList } ) }
				/>
			) }
			{ policy.update && (
				<MetaKeys
					known={ choices.metaKeys }
					groups={ choices.metaGroups }
					help={ __(
						'Other data of users that it may write here. What it sends besides is not taken; the activity says so.',
						'tandem-user-sync'
					) }
					value={ policy.metaList }
					onChange={ ( metaList ) => set( { metaList } ) }
				/>
			) }
			{ choices.courses.length > 0 && (
				<RadioControl
					label={ __(
						'Courses in which its rules may enrol people here',
						'tandem-user-sync'
					) }
					selected={ policy.courses }
					options={ [
						{
							value: 'none',
							label: __( 'None', 'tandem-user-sync' ),
						},
						{
							value: 'all',
							label: __( 'All courses', 'tandem-user-sync' ),
						},
						{
							value: 'some',
							label: __( 'Only some', 'tandem-user-sync' ),
						},
					] }
					onChange={ ( value ) =>
						set( { courses: value as Policy[ 'courses' ] } )
					}
				/>
			) }
			{ choices.courses.length > 0 && policy.courses === 'some' && (
				<CheckboxList
					legend={ __( 'Which courses', 'tandem-user-sync' ) }
					options={ choices.courses.map(
						( { id, title, kind } ) => ( {
							value: id,
							label: title,
							help: kind,
						} )
					) }
					value={ policy.courseList }
					onChange={ ( courseList ) => set( { courseList } ) }
				/>
			) }
			<RadioControl
				label={ __(
					'When somebody new there has an account here with the same email',
					'tandem-user-sync'
				) }
				selected={ policy.existing }
				options={ [
					{
						value: 'confirm',
						label: __(
							'Ask the person by email',
							'tandem-user-sync'
						),
						description: __(
							'Recommended. One email with a link goes to that address. Until the link is used, the account here stays as it is.',
							'tandem-user-sync'
						),
					},
					{
						value: 'trust',
						label: __( 'Link at once', 'tandem-user-sync' ),
						description: __(
							'Only if that site checks every email address before an account works.',
							'tandem-user-sync'
						),
					},
					{
						value: 'never',
						label: __( 'Never link', 'tandem-user-sync' ),
					},
				] }
				onChange={ ( existing ) =>
					set( { existing: existing as ExistingPolicy } )
				}
			/>
			<RadioControl
				label={ __(
					'When a linked user is deleted there',
					'tandem-user-sync'
				) }
				selected={ policy.delete }
				options={ [
					{
						value: 'ignore',
						label: __(
							'Leave the account here alone',
							'tandem-user-sync'
						),
					},
					{
						value: 'roles',
						label: __( 'Take its roles away', 'tandem-user-sync' ),
					},
					{
						value: 'suspend',
						label: __( 'Suspend it', 'tandem-user-sync' ),
						description: __(
							'No roles and no log-in. Under Users, “End suspension” brings everything back.',
							'tandem-user-sync'
						),
					},
					{
						value: 'delete',
						label: __( 'Delete it', 'tandem-user-sync' ),
						description: __(
							'A deleted account can’t be brought back.',
							'tandem-user-sync'
						),
					},
				] }
				onChange={ ( value ) => set( { delete: value as Removal } ) }
			/>
			{ policy.delete === 'delete' && (
				<AccountPicker
					site={ site.id }
					here
					value={ policy.reassign }
					onChange={ ( reassign ) => set( { reassign } ) }
				/>
			) }
			{ ( policy.delete !== 'ignore' || policy.roles ) && (
				<>
					<InputControl
						type="number"
						min={ 0 }
						max={ 100_000 }
						label={ __(
							'People that it may remove in an hour without asking',
							'tandem-user-sync'
						) }
						description={ __(
							'More than that waits for your yes. Whoever loses their last role counts as removed; whoever gets another role in its place does not.',
							'tandem-user-sync'
						) }
						value={ String( policy.removalsPerHour ) }
						onChange={ ( event ) =>
							set( {
								removalsPerHour: within( event.target.value ),
							} )
						}
					/>
					<AllowRemovals site={ site } />
				</>
			) }
			{ policy.create && (
				<CheckboxControl
					label={ __(
						'Backfills from there pass over other plugins',
						'tandem-user-sync'
					) }
					help={ __(
						'Up to twice as fast for tens of thousands of people. Only where no plugin here does something for a new user, such as a welcome email, a mailing list or points.',
						'tandem-user-sync'
					) }
					checked={ policy.bare }
					onChange={ ( bare ) => set( { bare } ) }
				/>
			) }
		</SectionCard>
	);
}

/** A number as the plugin takes it. */
function within( typed: string ): number {
	return Math.min(
		100_000,
		Math.max( 0, Math.floor( Number( typed ) || 0 ) )
	);
}
