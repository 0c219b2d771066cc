/** The newest verification of a site, and the people whom it found. */
import { useMemo } from '@wordpress/element';
import { addQueryArgs } from '@wordpress/url';
import { request, requestList, type List } from '../api';
import type {
	NewVerification,
	RepairRequest,
	Verification,
	VerificationState,
	VerifyFinding,
} from '../types';
import { useResource } from './use-resource';

const BUSY: VerificationState[] = [ 'comparing', 'looking', 'repairing' ];

export const isVerifying = ( state: VerificationState ) =>
	BUSY.includes( state );

export function useVerification( site: number ) {
	const resource = useResource< { newest: Verification | null } >(
		`verification/${ site }`,
		async ( signal ) => {
			const [ newest ] = await request< Verification[] >(
				addQueryArgs( '/verifications', { site } ),
				{ signal }
			);
			return { newest: newest ?? null };
		},
		( data ) =>
			data?.newest && isVerifying( data.newest.state ) ? 1_500 : 15_000
	);
	const { change, refresh } = resource;

	const actions = useMemo( () => {
		const post = async ( path: string, data?: object ) => {
			const newest = await request< Verification >(
				`/verifications${ path }`,
				{ method: 'POST', data }
			);
			change( () => ( { newest } ) );
			// The next load is due sooner or later than the last one thought.
			refresh();
		};
		return {
			start: () => post( '', { site } satisfies NewVerification ),
			cancel: ( id: number ) => post( `/${ id }/cancel` ),
			repair: ( id: number, data: RepairRequest ) =>
				post( `/${ id }/repair`, data ),
		};
	}, [ change, refresh, site ] );

	return { ...resource, ...actions };
}

export type VerificationActions = ReturnType< typeof useVerification >;

export const useFindings = (
	verification: number,
	query: { page: number; per_page: number }
) =>
	useResource< List< VerifyFinding > >(
		`findings/${ verification }/${ JSON.stringify( query ) }`,
		( signal ) =>
			requestList(
				`/verifications/${ verification }/findings`,
				query,
				signal
			)
	);
