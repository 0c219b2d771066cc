<?php
/**
 * WooCommerce Memberships: somebody is a member, or is no longer. A membership is a post of the type
 * `wc_user_membership`, whose author is the member and whose parent is the plan.
 *
 * Hooks, as its developers' documentation describes them: `wc_memberships_user_membership_status_changed( $membership,
 * $old_status, $new_status )`, `wc_memberships_user_membership_saved( $plan, $args )` with `user_membership_id` (a new
 * membership has no status that changes), `wc_memberships_user_membership_deleted( $membership )`.
 *
 * @link https://woocommerce.com/document/woocommerce-memberships-developer-documentation/
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Integration\WooCommerce;

use Tandem\Integration\Posts;
use Tandem\Rules\Engine;
use Tandem\Rules\Occasion;
use Tandem\Rules\OccasionPage;
use Tandem\Rules\Occasions;
use Tandem\Rules\Trigger;

final class Memberships implements Occasions {

	private const TYPE = 'wc_user_membership';
	private const PLAN = 'wc_membership_plan';

	/** Statuses, with the prefix of the posts', in which somebody is a member: `pending` is cancelled, but paid until a later day. */
	private const ACTIVE = array( 'wcm-active', 'wcm-complimentary', 'wcm-free_trial', 'wcm-pending' );

	/**
	 * @param Engine $engine Hears of it.
	 */
	public function __construct( private readonly Engine $engine ) {
	}

	/**
	 * Actions `wc_memberships_user_membership_status_changed` and `wc_memberships_user_membership_saved`: looks at how it
	 * is now.
	 *
	 * @param int $id The membership.
	 */
	public function changed( int $id ): void {
		$post = $id < 1 ? null : get_post( $id );
		if ( ! $post instanceof \WP_Post || self::TYPE !== $post->post_type ) {
			return;
		}
		if ( in_array( $post->post_status, self::ACTIVE, true ) ) {
			$this->engine->happened( Trigger::Membership, (int) $post->post_author, (string) $post->post_parent, self::name( $id ) );
		} else {
			$this->engine->undone( (int) $post->post_author, self::name( $id ) );
		}
	}

	/**
	 * Action `wc_memberships_user_membership_deleted`.
	 *
	 * @param int $id      The membership.
	 * @param int $user_id Whose it was.
	 */
	public function deleted( int $id, int $user_id ): void {
		$this->engine->undone( $user_id, self::name( $id ) );
	}

	/**
	 * Memberships, where there are some.
	 *
	 * @return list<Trigger>
	 */
	public function triggers(): array {
		return function_exists( 'wc_memberships' ) ? array( Trigger::Membership ) : array();
	}

	/**
	 * Plans.
	 *
	 * @param Trigger $trigger Membership.
	 * @param string  $search  What was typed, or ''.
	 * @return list<array{id: string, label: string}>
	 */
	public function subjects( Trigger $trigger, string $search ): array {
		$plans = array_filter( Posts::titled( self::PLAN, '', '', OccasionPage::SIZE ), static fn ( array $plan ): bool => '' === $search || false !== mb_stripos( $plan['title'], $search ) );
		return array_values(
			array_map(
				static fn ( array $plan ): array => array(
					'id'    => $plan['id'],
					'label' => $plan['title'],
				),
				$plans
			)
		);
	}

	/**
	 * Name of a plan, or null.
	 *
	 * @param Trigger $trigger Membership.
	 * @param string  $subject Id of a plan.
	 */
	public function label( Trigger $trigger, string $subject ): ?string {
		$post = (int) $subject < 1 ? null : get_post( (int) $subject );
		return $post instanceof \WP_Post && self::PLAN === $post->post_type ? $post->post_title : null;
	}

	/**
	 * Memberships of a plan that are active.
	 *
	 * @param Trigger $trigger Membership.
	 * @param string  $subject Id of a plan.
	 * @param int     $page    Which part, from 1.
	 */
	public function present( Trigger $trigger, string $subject, int $page ): OccasionPage {
		$query     = new \WP_Query(
			array(
				'post_type'      => self::TYPE,
				'post_status'    => self::ACTIVE,
				'post_parent'    => (int) $subject,
				'posts_per_page' => OccasionPage::SIZE, // phpcs:ignore WordPress.WP.PostsPerPage -- as many as users and orders; a person waits.
				'paged'          => $page,
				'orderby'        => 'ID',
				'order'          => 'ASC',
			)
		);
		$occasions = array();
		foreach ( $query->posts ?? array() as $post ) {
			if ( $post instanceof \WP_Post ) {
				$occasions[] = new Occasion( (int) $post->post_author, self::name( $post->ID ) );
			}
		}
		return new OccasionPage( $occasions, ( $page - 1 ) * OccasionPage::SIZE + count( $occasions ), $query->found_posts );
	}

	/**
	 * What it is called that somebody is a member.
	 *
	 * @param int $id The membership.
	 */
	private static function name( int $id ): string {
		return 'membership:' . $id;
	}
}
