/** The rules of a site, what they may be about, and for whom they would run now. */
import { useMemo } from '@wordpress/element';
import { addQueryArgs } from '@wordpress/url';
import { request } from '../api';
import type {
	NewRule,
	Rule,
	RuleChanges,
	RuleChoices,
	RuleRun,
	RuleStep,
	RuleSubject,
	RuleTrigger,
} from '../types';
import { useResource } from './use-resource';

export function useRules( site: number ) {
	const resource = useResource< Rule[] >( `rules/${ site }`, ( signal ) =>
		request( `/sites/${ site }/rules`, { signal } )
	);
	const { change } = resource;

	const actions = useMemo(
		() => ( {
			add: async ( data: NewRule ) => {
				const rule = await request< Rule >( `/sites/${ site }/rules`, {
					method: 'POST',
					data,
				} );
				change( ( rules ) => [ ...rules, rule ] );
				return rule;
			},
			edit: async ( id: number, data: RuleChanges ) => {
				const rule = await request< Rule >( `/rules/${ id }`, {
					method: 'PATCH',
					data,
				} );
				change( ( rules ) =>
					rules.map( ( old ) => ( old.id === id ? rule : old ) )
				);
				return rule;
			},
			remove: async ( id: number ) => {
				await request( `/rules/${ id }`, { method: 'DELETE' } );
				change( ( rules ) =>
					rules.filter( ( rule ) => rule.id !== id )
				);
			},
		} ),
		[ change, site ]
	);

	return { ...resource, ...actions };
}

export type RuleActions = Pick<
	ReturnType< typeof useRules >,
	'add' | 'edit' | 'remove' | 'refresh'
>;

export const useRuleChoices = ( site: number ) =>
	useResource< RuleChoices >( `rule-choices/${ site }`, ( signal ) =>
		request( `/sites/${ site }/rule-choices`, { signal } )
	);

export const useRuleSubjects = ( trigger: RuleTrigger, search: string ) =>
	useResource< RuleSubject[] >(
		`rule-subjects/${ trigger }/${ search }`,
		( signal ) =>
			request(
				addQueryArgs( '/rule-subjects', {
					trigger,
					search: search || undefined,
				} ),
				{ signal }
			)
	);

/** What a run came to, or would come to. */
export interface RuleResult {
	/** People who get it, each once. */
	people: Map< number, RuleStep[ 'people' ][ number ] >;
	/** Occasions by their verdict. */
	counts: Partial< Record< string, number > >;
	/** A sentence for each verdict that is in the way. */
	reasons: Partial< Record< string, string > >;
	looked: number;
	total: number;
}

/**
 * Runs a rule for all who qualify now, part by part.
 *
 * @param id     Rule.
 * @param dryRun Whether nothing is written.
 * @param onStep Hears how far it is.
 */
export async function runRule(
	id: number,
	dryRun: boolean,
	onStep: ( result: RuleResult ) => void
): Promise< RuleResult > {
	const result: RuleResult = {
		people: new Map(),
		counts: {},
		reasons: {},
		looked: 0,
		total: 0,
	};
	let page: number | null = 1;
	while ( page !== null ) {
		const data: RuleRun = { dryRun, page };
		const step: RuleStep = await request< RuleStep >(
			`/rules/${ id }/run`,
			{ method: 'POST', data }
		);
		for ( const person of step.people ) {
			const { verdict, message, userId } = person;
			result.counts[ verdict ] = ( result.counts[ verdict ] ?? 0 ) + 1;
			if ( verdict === 'new' ) {
				result.people.set( userId, person );
			} else {
				result.reasons[ verdict ] = message;
			}
		}
		result.looked = step.looked;
		result.total = step.total;
		page = step.next;
		onStep( { ...result } );
	}
	return result;
}
