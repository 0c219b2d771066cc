<?php
/**
 * Tags in the list of users: a column, a filter, and *Add tag* and *Remove tag* for many at once.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Admin;

use Tandem\Database\Failure;
use Tandem\Names;
use Tandem\Tags\Tag;
use Tandem\Tags\Tags;

final class TagList {

	private const COLUMN = 'tandem_tags';
	private const ADD    = 'tandem_add_tag';
	private const REMOVE = 'tandem_remove_tag';
	private const FIELD  = 'tandem_tag';
	private const NONCE  = 'tandem_tag_nonce';

	/** The same field below the list. What is typed there counts first. */
	private const FIELD_BELOW = 'tandem_tag_below';

	/** Whether anybody has a tag, once it was asked. */
	private ?bool $in_use = null;

	/**
	 * @param Tags $tags The tags.
	 */
	public function __construct( private readonly Tags $tags ) {
	}

	/**
	 * Adds the column where anybody has a tag. For the filter `manage_users_columns`.
	 *
	 * @param array<string, string> $columns Columns that there are.
	 * @return array<string, string>
	 */
	public function add_column( array $columns ): array {
		return TagPanel::manages_tags() && $this->in_use() ? $columns + array( self::COLUMN => __( 'Tags', 'tandem-user-sync' ) ) : $columns;
	}

	/**
	 * What stands in the column. For the filter `manage_users_custom_column`.
	 *
	 * @param string $output  What others put there.
	 * @param string $column  Name of the column.
	 * @param int    $user_id User of this row.
	 */
	public function cell( string $output, string $column, int $user_id ): string {
		if ( self::COLUMN !== $column ) {
			return $output;
		}
		$links = array_map( static fn ( string $tag ): string => sprintf( '<a href="%s">%s</a>', esc_url( add_query_arg( self::FIELD, rawurlencode( $tag ), admin_url( 'users.php' ) ) ), esc_html( $tag ) ), Tags::of( $user_id ) );
		return implode( ', ', $links );
	}

	/**
	 * Adds the bulk actions. For the filter `bulk_actions-users`.
	 *
	 * @param array<string, string> $actions Actions that there are.
	 * @return array<string, string>
	 */
	public function add_actions( array $actions ): array {
		return TagPanel::manages_tags() ? $actions + array(
			self::ADD    => __( 'Add tag', 'tandem-user-sync' ),
			self::REMOVE => __( 'Remove tag', 'tandem-user-sync' ),
		) : $actions;
	}

	/**
	 * Prints the field for the tag. For the action `manage_users_extra_tablenav`.
	 *
	 * @param string $which `top`, above the list, or `bottom`.
	 */
	public function show_field( string $which ): void {
		if ( ! TagPanel::manages_tags() ) {
			return;
		}
		// Phones show the actions below the list only.
		$is_top = 'bottom' !== $which;
		$name   = $is_top ? self::FIELD : self::FIELD_BELOW;
		?>
		<div class="alignleft actions">
		<label class="screen-reader-text" for="<?php echo esc_attr( $name ); ?>"><?php esc_html_e( 'Tag, for the filter and for the bulk actions “Add tag” and “Remove tag”', 'tandem-user-sync' ); ?></label>
		<input type="text" size="14" id="<?php echo esc_attr( $name ); ?>" name="<?php echo esc_attr( $name ); ?>" value="<?php echo esc_attr( $is_top ? $this->asked() ?? '' : '' ); ?>" placeholder="<?php esc_attr_e( 'Tag', 'tandem-user-sync' ); ?>">
		<?php
		submit_button( __( 'Filter', 'tandem-user-sync' ), '', $is_top ? 'tandem_filter' : 'tandem_filter_below', false );
		if ( $is_top ) {
			wp_nonce_field( self::NONCE, self::NONCE, false );
		}
		echo '</div>';
	}

	/**
	 * Shows only those who have the tag that was asked for. For the filter `users_list_table_query_args`.
	 *
	 * @param array<string, mixed> $args Arguments of `WP_User_Query`.
	 * @return array<string, mixed>
	 */
	public function filter( array $args ): array {
		$tag = TagPanel::manages_tags() ? $this->asked() : null;
		if ( null === $tag ) {
			return $args;
		}
		$query = array(
			'key'   => Names::TAG_META,
			'value' => $tag,
		);
		// phpcs:ignore WordPress.DB.SlowDBQuery.slow_db_query_meta_query -- on the index of meta keys, for the one page that was asked for.
		$args['meta_query'] = empty( $args['meta_query'] ) ? array( $query ) : array( (array) $args['meta_query'], $query );
		return $args;
	}

	/**
	 * Does a bulk action. For the filter `handle_bulk_actions-users`, which WordPress calls without having checked anything.
	 *
	 * @param mixed      $back   Where to go afterwards.
	 * @param mixed      $action Which.
	 * @param array<int> $ids    Users here.
	 */
	public function act( mixed $back, mixed $action, array $ids ): mixed {
		if ( ! in_array( $action, array( self::ADD, self::REMOVE ), true ) ) {
			return $back;
		}
		check_admin_referer( self::NONCE, self::NONCE );
		$back = remove_query_arg( array( Names::TAGGED, 'tandem_did', self::FIELD_BELOW ), is_string( $back ) && '' !== $back ? $back : admin_url( 'users.php' ) );
		$tags = Tag::listed( $this->typed() );
		if ( array() === $tags || ! TagPanel::manages_tags() ) {
			return add_query_arg( Names::TAGGED, 'none', $back );
		}
		$done = 0;
		foreach ( array_unique( array_map( 'intval', $ids ) ) as $id ) {
			if ( TagPanel::may( $id ) ) {
				list( $given, $taken ) = self::ADD === $action ? $this->tags->change( $id, $tags, array() ) : $this->tags->change( $id, array(), $tags );

				$done += array() === $given && array() === $taken ? 0 : 1;
			}
		}
		return add_query_arg(
			array(
				Names::TAGGED => $done,
				'tandem_did'  => self::ADD === $action ? 'add' : 'remove',
			),
			$back
		);
	}

	/**
	 * Says what came of it. For the action `admin_notices`.
	 */
	public function say(): void {
		// phpcs:disable WordPress.Security.NonceVerification.Recommended -- only shows a number.
		$done = $_GET[ Names::TAGGED ] ?? null; // phpcs:ignore WordPress.Security.ValidatedSanitizedInput -- compared, and cast to a number.
		if ( ! is_string( $done ) || 'users' !== ( get_current_screen()->id ?? '' ) || ! TagPanel::manages_tags() ) {
			return;
		}
		$count = absint( $done );
		$adds  = 'add' === ( $_GET['tandem_did'] ?? '' );
		// phpcs:enable
		$text = match ( true ) {
			'none' === $done => __( 'Type a tag into the field “Tag” first. It is at most 64 characters long; several are separated by commas.', 'tandem-user-sync' ),
			/* translators: %s: number of users. */
			$adds            => sprintf( _n( '%s user was tagged. Those who had the tag already are not counted.', '%s users were tagged. Those who had the tag already are not counted.', $count, 'tandem-user-sync' ), number_format_i18n( $count ) ),
			/* translators: %s: number of users. */
			default          => sprintf( _n( 'The tag was taken from %s user.', 'The tag was taken from %s users.', $count, 'tandem-user-sync' ), number_format_i18n( $count ) ),
		};
		wp_admin_notice(
			$text,
			array(
				'type'        => 'none' === $done ? 'error' : 'success',
				'dismissible' => true,
			)
		);
	}

	/**
	 * The tag that the list is filtered by, or null.
	 */
	private function asked(): ?string {
		return Tag::clean( $this->typed() );
	}

	/**
	 * What stands in the field.
	 */
	private function typed(): string {
		foreach ( array( self::FIELD_BELOW, self::FIELD ) as $name ) {
			$typed = wp_unslash( $_GET[ $name ] ?? '' ); // phpcs:ignore WordPress.Security.NonceVerification.Recommended, WordPress.Security.ValidatedSanitizedInput.InputNotSanitized -- what is changed has its nonce checked by `act()`; `Tag` sanitizes.
			if ( is_string( $typed ) && '' !== trim( $typed ) ) {
				return $typed;
			}
		}
		return '';
	}

	/**
	 * Whether anybody has a tag.
	 */
	private function in_use(): bool {
		try {
			$this->in_use ??= $this->tags->are_in_use();
		} catch ( Failure ) {
			// The list of users must come up whatever becomes of this column.
			$this->in_use = false;
		}
		return $this->in_use;
	}
}
