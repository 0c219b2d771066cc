<?php
/**
 * One person on all sites: `/users/{id}/explanation`, and making them right now.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

use Tandem\Verify\Explainer;
use Tandem\Verify\Explanation;

final class ExplanationsController implements Controller {

	/**
	 * @param Explainer $explainer Explains.
	 */
	public function __construct( private readonly Explainer $explainer ) {
	}

	/**
	 * The routes.
	 *
	 * @return list<Route>
	 */
	public function routes(): array {
		$one = '/users/' . self::ID;
		return array(
			new Route( 'GET', "$one/explanation", fn ( \WP_REST_Request $request ): array => self::answer( $this->user( $request ), $this->explainer->explain( $this->user( $request ) ) ), array( 'id' => self::NUMBER ) ),
			new Route(
				'POST',
				"$one/sync",
				fn ( \WP_REST_Request $request ): array => self::answer( $this->user( $request ), $this->explainer->sync( $this->user( $request ), $request['site'] ) ),
				array(
					'id'   => self::NUMBER,
					'site' => self::NUMBER,
				)
			),
		);
	}

	/**
	 * The user.
	 *
	 * @param \WP_REST_Request $request `id`.
	 * @throws Refused When there is none.
	 */
	private function user( \WP_REST_Request $request ): \WP_User {
		$user = get_userdata( $request['id'] );
		return false === $user ? throw new Refused( 'tandem_user_not_found', __( 'There is no user with this number any more.', 'tandem-user-sync' ), 404 ) : $user;
	}

	/**
	 * How it looks to the page.
	 *
	 * @param \WP_User          $user         The user.
	 * @param list<Explanation> $explanations One for each site.
	 * @return array<string, mixed> `UserExplanation`.
	 */
	private static function answer( \WP_User $user, array $explanations ): array {
		return array(
			'user'  => PersonAnswer::of( $user->ID, $user ),
			'sites' => array_map( static fn ( Explanation $explanation ): array => $explanation->to_array(), $explanations ),
		);
	}
}
