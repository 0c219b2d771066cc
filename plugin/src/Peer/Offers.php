<?php
/**
 * What rules of a paired site may give here, so that its owner can choose: told to nobody else, and nothing else is told.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Remote\RemoteSite;
use Tandem\Rules\Courses;

final class Offers {

	/** Word for this among the features in a site's description. */
	public const FEATURE = 'grants';

	/**
	 * @param Courses $courses The courses of this site.
	 */
	public function __construct( private readonly Courses $courses ) {
	}

	/**
	 * What that site's rules may give.
	 *
	 * @param RemoteSite $from The other site.
	 * @return array{roles: list<array{id: string, title: string, kind: string}>, tags: bool, courses: list<array{id: string, title: string, kind: string}>, enrols: bool}
	 */
	public function to( RemoteSite $from ): array {
		$policy = Policy::from_array( $from->policy );
		$roles  = array();
		foreach ( $policy->roles ? wp_roles()->role_names : array() as $slug => $name ) {
			if ( $policy->lets_give( (string) $slug ) ) {
				$roles[] = array(
					'id'    => (string) $slug,
					'title' => translate_user_role( $name ),
					'kind'  => '',
				);
			}
		}
		return array(
			'roles'   => $roles,
			'tags'    => $policy->lets_tag(),
			'courses' => array_values( array_filter( Policy::NO_COURSES === $policy->courses ? array() : $this->courses->all(), static fn ( array $course ): bool => $policy->lets_enrol( $course['id'] ) ) ),
			'enrols'  => Policy::NO_COURSES !== $policy->courses,
		);
	}
}
