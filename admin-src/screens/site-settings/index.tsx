import { Loaded } from '../../components/load-state';
import { OneSite } from '../../components/one-site';
import { useChoices } from '../../hooks/use-choices';
import { useRoute } from '../../router';
import { SiteForm } from './site-form';

/** "What syncs" of one site. */
export function SiteSettingsScreen() {
	const { params } = useRoute();
	const choices = useChoices();

	return (
		<OneSite id={ Number( params.get( 'site' ) ) }>
			{ ( site ) => (
				<Loaded resource={ choices } rows={ 4 }>
					{ ( loaded ) => (
						<SiteForm
							key={ site.id }
							site={ site }
							choices={ loaded }
						/>
					) }
				</Loaded>
			) }
		</OneSite>
	);
}
