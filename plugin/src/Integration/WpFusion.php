<?php
/**
 * WP Fusion: what it calls the tags of a CRM, and what Tandem calls tags, are the same ones, by their names.
 *
 * WP Fusion keeps the tags of a user in one row of user meta, as ids of the CRM or as names, and knows the names of the
 * ids (`available_tags`). Ids and contacts are each site's own: two sites may be connected with different CRMs. Read from
 * verygoodplugins/wp-fusion-lite (`includes/class-user.php`) and wpfusion.com's documentation for developers.
 *
 * Every call into WP Fusion is here. What it throws is noted and ends nobody's save.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Integration;

use Tandem\Capture\Recorder;
use Tandem\Capture\Trouble;
use Tandem\Tags\Tag;
use Tandem\Tags\Tags;

final class WpFusion {

	/** In what WP Fusion sends to a CRM: all that may hold a password. */
	private const PASSWORDS = array( 'user_pass', 'pass1', 'pass1-text', 'pass2', 'password', 'password_1', 'password_2' );

	/** @var array<int, list<string>> Names of tags before a row is written, by user. */
	private array $before = array();

	/** @var array<int, array{given: list<string>, taken: list<string>}> What the CRM is to hear once the answer has gone out, by user. */
	private array $for_crm = array();

	/**
	 * @param Tags     $tags     The tags.
	 * @param Recorder $recorder Says whom another site is writing at this moment.
	 * @param Trouble  $trouble  Where its failures are noted.
	 */
	public function __construct( private readonly Tags $tags, private readonly Recorder $recorder, private readonly Trouble $trouble ) {
	}

	/**
	 * Whether it is there, and connected with a CRM.
	 */
	public static function is_present(): bool {
		if ( ! function_exists( 'wp_fusion' ) ) {
			return false;
		}
		$crm = wp_fusion()->crm;
		// Its queue in front of the CRM passes properties on and, in older versions, says of none that it is set.
		$slug = is_object( $crm ) ? $crm->slug : null;
		return is_string( $slug ) && '' !== $slug;
	}

	/**
	 * Actions `add_user_meta`, `update_user_meta` and `delete_user_meta`: a row is about to be written.
	 *
	 * @param int    $user_id User here.
	 * @param string $key     Meta key.
	 */
	public function about_to( int $user_id, string $key ): void {
		if ( self::meta_key() === $key && $user_id > 0 ) {
			$this->before[ $user_id ] ??= self::names( self::held( $user_id ) );
		}
	}

	/**
	 * Actions `added_user_meta`, `updated_user_meta` and `deleted_user_meta`: WP Fusion has written its tags. What has
	 * come and what has gone comes and goes as a tag here, and what was there before comes along. Tags that the CRM does
	 * not know stay.
	 *
	 * @param int    $user_id User here.
	 * @param string $key     Meta key.
	 */
	public function done( int $user_id, string $key ): void {
		if ( self::meta_key() !== $key || ! isset( $this->before[ $user_id ] ) ) {
			return;
		}
		$before = $this->before[ $user_id ];
		$now    = self::names( self::held( $user_id ) );
		unset( $this->before[ $user_id ] );
		$this->recorder->safely(
			function () use ( $user_id, $before, $now ): void {
				$this->tags->change( $user_id, $now, array_diff( $before, $now ) );
			}
		);
	}

	/**
	 * Action `tandem_tags_changed`: writes WP Fusion's row and announces it, so that its linked enrolments run here. The
	 * CRM hears of it afterwards, if the person is a contact there already: nobody is looked up or made a contact.
	 *
	 * @param int          $user_id User here.
	 * @param list<string> $added   Tags.
	 * @param list<string> $removed Tags.
	 */
	public function tags_changed( int $user_id, array $added, array $removed ): void {
		try {
			$held  = self::held( $user_id );
			$names = self::names( $held );
			$given = self::ids( array_values( array_diff( $added, $names ) ) );
			$taken = array_values( array_filter( $held, static fn ( string $id ): bool => in_array( self::name( $id ), $removed, true ) ) );
			if ( array() === $given && array() === $taken ) {
				return;
			}
			$now = array_values( array_unique( array( ...array_filter( $held, static fn ( string $id ): bool => ! in_array( $id, $taken, true ) ), ...$given ) ) );
			update_user_meta( $user_id, self::meta_key(), wp_slash( $now ) );
			$this->remember_for_crm( $user_id, $given, $taken );
			// As `WPF_User::apply_tags()` and `remove_tags()` do, in this order.
			if ( array() !== $given ) {
				do_action( 'wpf_tags_applied', $user_id, $given ); // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals -- WP Fusion's own.
			}
			if ( array() !== $taken ) {
				do_action( 'wpf_tags_removed', $user_id, $taken ); // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals -- WP Fusion's own.
			}
			do_action( 'wpf_tags_modified', $user_id, $now ); // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals -- WP Fusion's own.
		} catch ( \Throwable $thrown ) {
			$this->trouble->of_hook( 'wpf_tags_modified', $thrown );
		}
	}

	/**
	 * Somebody's tags from before Tandem: those that WP Fusion has are given to them here too.
	 *
	 * @param int $user_id User here.
	 * @return bool Whether they had not all of them.
	 */
	public function adopt( int $user_id ): bool {
		return array() !== $this->tags->change( $user_id, self::names( self::held( $user_id ) ), array() )[0];
	}

	/**
	 * Filters `wpf_user_register` and `wpf_user_update`: what goes to the CRM. While another site's changes of a user are
	 * written, no password is in it, whatever the owner has mapped: it was entered on another site.
	 *
	 * @param mixed $data    Fields by name.
	 * @param int   $user_id User here.
	 */
	public function without_password( mixed $data, int $user_id ): mixed {
		return is_array( $data ) && $this->recorder->is_silent_about( $user_id ) ? array_diff_key( $data, array_flip( self::PASSWORDS ) ) : $data;
	}

	/**
	 * Tells the CRM, after the answer has gone out: it is another server, and nobody is to wait for it.
	 */
	public function tell_crm(): void {
		$all           = $this->for_crm;
		$this->for_crm = array();
		if ( array() !== $all && function_exists( 'fastcgi_finish_request' ) ) {
			fastcgi_finish_request();
		}
		foreach ( $all as $user_id => $change ) {
			try {
				$crm     = wp_fusion()->crm;
				$contact = get_user_meta( $user_id, self::contact_key(), true );
				if ( ! is_scalar( $contact ) || in_array( $contact, array( '', false, 0, '0' ), true ) ) {
					continue;
				}
				if ( array() !== $change['given'] ) {
					$crm->apply_tags( $change['given'], $contact );
				}
				if ( array() !== $change['taken'] ) {
					$crm->remove_tags( $change['taken'], $contact );
				}
			} catch ( \Throwable $thrown ) {
				$this->trouble->of_hook( 'wpf_tags_modified', $thrown );
			}
		}
	}

	/**
	 * Keeps in mind what the CRM is to hear.
	 *
	 * @param int              $user_id User here.
	 * @param list<string> $given   Ids of tags.
	 * @param list<string> $taken   Ids of tags.
	 */
	private function remember_for_crm( int $user_id, array $given, array $taken ): void {
		/**
		 * Filters whether WP Fusion's CRM is told of tags that have changed by Tandem.
		 *
		 * @param bool $tells   Whether it is.
		 * @param int  $user_id User here.
		 */
		if ( true !== apply_filters( 'tandem_wp_fusion_tells_crm', true, $user_id ) ) {
			return;
		}
		$known                     = $this->for_crm[ $user_id ] ?? array(
			'given' => array(),
			'taken' => array(),
		);
		$this->for_crm[ $user_id ] = array(
			'given' => array_values( array_unique( array( ...array_filter( $known['given'], static fn ( string $id ): bool => ! in_array( $id, $taken, true ) ), ...$given ) ) ),
			'taken' => array_values( array_unique( array( ...array_filter( $known['taken'], static fn ( string $id ): bool => ! in_array( $id, $given, true ) ), ...$taken ) ) ),
		);
	}

	/**
	 * Ids of somebody's tags as WP Fusion has stored them, as texts: numbers lie there in older versions. Without asking
	 * the CRM, as `get_tags()` might.
	 *
	 * @param int $user_id User here.
	 * @return list<string>
	 */
	private static function held( int $user_id ): array {
		$stored = get_user_meta( $user_id, self::meta_key(), true );
		return is_array( $stored ) ? array_values( array_unique( array_map( 'strval', array_filter( $stored, static fn ( mixed $id ): bool => is_int( $id ) || is_string( $id ) ) ) ) ) : array();
	}

	/**
	 * The tags that ids stand for. One whose name is not known is left out: it may be another one elsewhere.
	 *
	 * @param list<string> $ids Ids.
	 * @return list<string>
	 */
	private static function names( array $ids ): array {
		return array_values( array_unique( array_filter( array_map( self::name( ... ), $ids ), 'is_string' ) ) );
	}

	/**
	 * The tag that an id stands for, or null.
	 *
	 * @param string $id Id.
	 */
	private static function name( string $id ): ?string {
		$available = self::available();
		return Tag::clean( $available[ $id ] ?? ( self::names_are_ids() ? $id : null ) );
	}

	/**
	 * The ids of tags. Those that the CRM does not have are left out, unless it makes one of any name.
	 *
	 * @param list<string> $tags Tags.
	 * @return list<string>
	 */
	private static function ids( array $tags ): array {
		$ids = array();
		foreach ( self::available() as $id => $label ) {
			$tag = Tag::clean( $label );
			if ( null !== $tag && in_array( $tag, $tags, true ) ) {
				$ids[ $tag ] ??= (string) $id;
			}
		}
		foreach ( self::names_are_ids() ? $tags : array() as $tag ) {
			$ids[ $tag ] ??= $tag;
		}
		return array_values( $ids );
	}

	/**
	 * Names of the CRM's tags by their ids, as WP Fusion has fetched them last.
	 *
	 * @return array<int|string, string>
	 */
	private static function available(): array {
		$all   = wp_fusion()->settings->get( 'available_tags', array() );
		$names = array();
		foreach ( is_array( $all ) ? $all : array() as $id => $about ) {
			$label = is_array( $about ) ? $about['label'] ?? null : $about;
			if ( is_scalar( $label ) ) {
				$names[ $id ] = (string) $label;
			}
		}
		return $names;
	}

	/**
	 * Whether the CRM has no ids, and makes a tag of any name that comes.
	 */
	private static function names_are_ids(): bool {
		return in_array( 'add_tags', (array) wp_fusion()->crm->supports, true );
	}

	/**
	 * Meta key of the tags.
	 */
	public static function meta_key(): string {
		return defined( 'WPF_TAGS_META_KEY' ) ? (string) constant( 'WPF_TAGS_META_KEY' ) : wp_fusion()->crm->slug . '_tags';
	}

	/**
	 * Meta key of the contact.
	 */
	private static function contact_key(): string {
		return defined( 'WPF_CONTACT_ID_META_KEY' ) ? (string) constant( 'WPF_CONTACT_ID_META_KEY' ) : wp_fusion()->crm->slug . '_contact_id';
	}
}
