<?php
/**
 * *Tags* on a user's profile screen, for those who manage users. Nobody gives themselves a tag: tags open what others
 * pay for.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Admin;

use Tandem\Database\Failure;
use Tandem\Tags\Tag;
use Tandem\Tags\Tags;

final class TagPanel {

	/** Names of the fields of the form. */
	private const FIELD = 'tandem_tags';
	private const SHOWN = 'tandem_tags_shown';
	private const NONCE = 'tandem_tags_nonce';

	/**
	 * @param Tags $tags The tags.
	 */
	public function __construct( private readonly Tags $tags ) {
	}

	/**
	 * Whether the one who asks manages users.
	 */
	public static function manages_tags(): bool {
		return current_user_can( 'edit_users' ) || current_user_can( 'promote_users' );
	}

	/**
	 * Whether the one who asks may change a user's tags.
	 *
	 * @param int $user_id User here.
	 */
	public static function may( int $user_id ): bool {
		return self::manages_tags() && current_user_can( 'edit_user', $user_id );
	}

	/**
	 * Prints the panel. For the actions `show_user_profile` and `edit_user_profile`.
	 *
	 * @param \WP_User $user The user.
	 */
	public function show( \WP_User $user ): void {
		if ( ! self::may( $user->ID ) ) {
			return;
		}
		$tags = implode( ', ', Tags::of( $user->ID ) );
		?>
		<?php // WordPress's own section before it ends without a margin. ?>
		<h2 style="margin-block-start: 2em"><?php esc_html_e( 'Tags', 'tandem-user-sync' ); ?></h2>
		<table class="form-table" role="presentation">
			<tr>
				<th scope="row"><label for="<?php echo esc_attr( self::FIELD ); ?>"><?php esc_html_e( 'Tags of this user', 'tandem-user-sync' ); ?></label></th>
				<td>
					<input type="text" class="regular-text" autocomplete="off" id="<?php echo esc_attr( self::FIELD ); ?>" name="<?php echo esc_attr( self::FIELD ); ?>" value="<?php echo esc_attr( $tags ); ?>" aria-describedby="<?php echo esc_attr( self::FIELD ); ?>-description">
					<input type="hidden" name="<?php echo esc_attr( self::SHOWN ); ?>" value="<?php echo esc_attr( $tags ); ?>">
					<?php wp_nonce_field( self::FIELD . '_' . $user->ID, self::NONCE, false ); ?>
					<p class="description" id="<?php echo esc_attr( self::FIELD ); ?>-description"><?php esc_html_e( 'Separated by commas. Tags open content to people who have them, and travel to connected sites.', 'tandem-user-sync' ); ?></p>
				</td>
			</tr>
		</table>
		<?php
	}

	/**
	 * Takes what was typed. For the actions `personal_options_update` and `edit_user_profile_update`. Only what was
	 * changed in the form is changed: a tag that has come meanwhile stays.
	 *
	 * @param int $user_id User here.
	 */
	public function save( int $user_id ): void {
		$nonce = isset( $_POST[ self::NONCE ] ) && is_string( $_POST[ self::NONCE ] ) ? sanitize_key( $_POST[ self::NONCE ] ) : '';
		if ( ! self::may( $user_id ) || false === wp_verify_nonce( $nonce, self::FIELD . '_' . $user_id ) ) {
			return;
		}
		$typed = self::listed( self::FIELD );
		$shown = self::listed( self::SHOWN );
		try {
			$this->tags->change( $user_id, array_diff( $typed, $shown ), array_diff( $shown, $typed ) );
		} catch ( Failure ) {
			add_action( 'user_profile_update_errors', static fn ( \WP_Error $errors ) => $errors->add( 'tandem_tags', __( 'The tags could not be saved: the database refused it. Try again in a moment.', 'tandem-user-sync' ) ) );
		}
	}

	/**
	 * Tags in a field of the form.
	 *
	 * @param string $field Its name.
	 * @return list<string>
	 */
	private static function listed( string $field ): array {
		$text = wp_unslash( $_POST[ $field ] ?? '' ); // phpcs:ignore WordPress.Security.NonceVerification.Missing, WordPress.Security.ValidatedSanitizedInput.InputNotSanitized -- the nonce was checked by `save()`; `Tag` sanitizes.
		return is_string( $text ) ? Tag::listed( $text ) : array();
	}
}
