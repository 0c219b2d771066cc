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
			new Route( 'GET', "$one/explanation", $this->explain( ... ), array( 'id' => self::NUMBER ) ),
			new Route(
				'POST',
				"$one/sync",
				$this->sync( ... ),
				array(
					'id'   => self::NUMBER,
					'site' => self::NUMBER,
				)
			),
		);
	}

	/**
	 * What goes on with one person.
	 *
	 * @param \WP_REST_Request $request `id`.
	 * @return array<string, mixed> `UserExplanation`.
	 */
	private function explain( \WP_REST_Request $request ): array {
		$user = $this->user( $request );
		return self::answer( $user, $this->explainer->explain( $user ) );
	}

	/**
	 * Sends what would be sent.
	 *
	 * @param \WP_REST_Request $request `id`, `site`.
	 * @return array<string, mixed> `UserExplanation`: how it is afterwards.
	 */
	private function sync( \WP_REST_Request $request ): array {
		$this->explainer->sync( $this->user( $request ), $request['site'] );
		return $this->explain( $request );
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
