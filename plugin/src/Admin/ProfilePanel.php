<?php
/**
 * *User sync* on a user's profile screen, and *Explain* in the list of users: where the person is right, and where not.
 *
 * Nothing is asked of other sites here: a profile must come up whatever they do.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Admin;

use Tandem\Database\Failure;
use Tandem\Rest\Api;
use Tandem\Verify\Explainer;
use Tandem\Verify\Explanation;

final class ProfilePanel {

	/**
	 * @param Explainer $explainer Explains.
	 */
	public function __construct( private readonly Explainer $explainer ) {
	}

	/**
	 * Adds *Explain* to a row of the list. For the filter `user_row_actions`.
	 *
	 * @param array<string, string> $actions Links that there are.
	 * @param \WP_User              $user    The user of the row.
	 * @return array<string, string>
	 */
	public static function add_link( array $actions, \WP_User $user ): array {
		if ( ! current_user_can( Api::CAPABILITY ) ) {
			return $actions;
		}
		return $actions + array(
			'tandem_explain' => sprintf(
				'<a href="%1$s" aria-label="%2$s">%3$s</a>',
				esc_url( self::url( $user->ID ) ),
				/* translators: %s: username. */
				esc_attr( sprintf( __( 'Explain how %s is synced', 'tandem-user-sync' ), $user->user_login ) ),
				esc_html__( 'Explain', 'tandem-user-sync' )
			),
		);
	}

	/**
	 * Prints the panel. For the actions `show_user_profile` and `edit_user_profile`.
	 *
	 * @param \WP_User $user The user.
	 */
	public function show( \WP_User $user ): void {
		if ( ! current_user_can( Api::CAPABILITY ) ) {
			return;
		}
		try {
			$explanations = $this->explainer->explain( $user, false );
		} catch ( Failure ) {
			return;
		}
		if ( array() === $explanations ) {
			return;
		}
		?>
		<?php // WordPress's own section before it ends without a margin. ?>
		<h2 style="margin-block-start: 2em"><?php esc_html_e( 'User sync', 'tandem-user-sync' ); ?></h2>
		<table class="form-table" role="presentation">
			<?php foreach ( $explanations as $explanation ) : ?>
				<tr>
					<th scope="row"><?php echo esc_html( $explanation->site->name ); ?></th>
					<td>
						<?php foreach ( self::sentences( $explanation ) as $sentence ) : ?>
							<p><?php echo esc_html( $sentence ); ?></p>
						<?php endforeach; ?>
					</td>
				</tr>
			<?php endforeach; ?>
		</table>
		<p><a class="button" href="<?php echo esc_url( self::url( $user->ID ) ); ?>"><?php esc_html_e( 'Explain and compare', 'tandem-user-sync' ); ?></a></p>
		<?php
	}

	/**
	 * What is said of one site.
	 *
	 * @param Explanation $explanation What goes on.
	 * @return list<string>
	 */
	private static function sentences( Explanation $explanation ): array {
		$waiting = $explanation->waiting;
		return array_values(
			array_filter(
				array(
					$explanation->how,
					null === $waiting ? '' : ( '' === $waiting->message ? __( 'Changes are on their way.', 'tandem-user-sync' ) : $waiting->message ),
					$explanation->why,
				),
				static fn ( string $sentence ): bool => '' !== $sentence
			)
		);
	}

	/**
	 * Where the page explains a user.
	 *
	 * @param int $user_id User here.
	 */
	private static function url( int $user_id ): string {
		return add_query_arg(
			array(
				'view'    => 'sites',
				'explain' => $user_id,
			),
			Page::url()
		);
	}
}
