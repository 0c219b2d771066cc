<?php
/**
 * Stands in for WP Fusion, which can't be had from a registry: the same functions, meta keys and hooks as in
 * verygoodplugins/wp-fusion-lite (`includes/class-user.php`), written anew, as far as Tandem's adapter meets them. Its
 * CRM is a list in an option.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\StandIns\WpFusion {

/** A CRM: tags have ids, people are contacts. Writes down what it was asked. */
final class Crm {

	public ?string $slug = 'standin';

	/** @var list<string> `add_tags` where a tag is its name. */
	public array $supports = array();

	public function get_contact_id( string $email ): string|false {
		$this->asked( 'get_contact_id' );
		return 'c:' . $email;
	}

	/** @param array<mixed> $tags */
	public function apply_tags( array $tags, mixed $contact ): bool {
		$this->asked( 'apply_tags', array_values( $tags ), $contact );
		return true;
	}

	/** @param array<mixed> $tags */
	public function remove_tags( array $tags, mixed $contact ): bool {
		$this->asked( 'remove_tags', array_values( $tags ), $contact );
		return true;
	}

	/** @param array<string, mixed> $data */
	public function add_contact( array $data ): string {
		$this->asked( 'add_contact', $data );
		return 'c:' . ( $data['user_email'] ?? '' );
	}

	/** @param array<string, mixed> $data */
	public function update_contact( mixed $contact, array $data ): bool {
		$this->asked( 'update_contact', $data, $contact );
		return true;
	}

	private function asked( mixed ...$what ): void {
		update_option( 'standin_crm_asked', array( ...(array) get_option( 'standin_crm_asked', array() ), $what ) );
	}
}

/** Stands before the CRM, as the older versions of its queue do: passes all on and says of no property that it is set. */
final class Queue {

	public function __construct( private readonly Crm $crm ) {
	}

	public function __get( string $name ): mixed {
		return $this->crm->$name;
	}

	public function __set( string $name, mixed $value ): void {
		$this->crm->$name = $value;
	}

	/** @param array<mixed> $arguments */
	public function __call( string $name, array $arguments ): mixed {
		return $this->crm->$name( ...$arguments );
	}
}

/** WP Fusion's options. */
final class Settings {

	public function get( string $key, mixed $fallback = false ): mixed {
		return get_option( 'standin_wpf_' . $key, $fallback );
	}
}

/** What WP Fusion does with users. */
final class User {

	/**
	 * Hooks in, at the same places.
	 */
	public function attach(): void {
		add_action( 'user_register', array( $this, 'user_register' ), 20 );
		add_action( 'password_reset', fn ( \WP_User $user, string $password ) => $this->push_user_meta( $user->ID, array( 'user_pass' => $password ) ), 10, 2 );
		add_action( 'wp_set_password', fn ( string $password, int $user_id ) => $this->push_user_meta( $user_id, array( 'user_pass' => $password ) ), 10, 2 );
	}

	public function user_register( int $user_id ): void {
		$user = get_userdata( $user_id );
		$data = apply_filters( 'wpf_user_register', array( 'user_email' => $user->user_email, 'user_pass' => $user->user_pass ), $user_id );
		if ( ! empty( $data['user_email'] ) ) {
			update_user_meta( $user_id, wp_fusion()->crm->slug . '_contact_id', wp_fusion()->crm->add_contact( $data ) );
		}
	}

	/** @param array<string, mixed> $data */
	public function push_user_meta( int $user_id, array $data ): void {
		$data    = apply_filters( 'wpf_user_update', $data, $user_id );
		$contact = get_user_meta( $user_id, wp_fusion()->crm->slug . '_contact_id', true );
		if ( ! empty( $data ) && ! empty( $contact ) ) {
			wp_fusion()->crm->update_contact( $contact, $data );
		}
	}

	/** @return array<mixed> */
	public function get_tags( int $user_id ): array {
		$tags = get_user_meta( $user_id, wp_fusion()->crm->slug . '_tags', true );
		return apply_filters( 'wpf_user_tags', is_array( $tags ) ? $tags : array(), $user_id );
	}

	/** @param array<mixed> $tags */
	public function apply_tags( array $tags, int $user_id ): bool {
		$contact = get_user_meta( $user_id, wp_fusion()->crm->slug . '_contact_id', true );
		if ( empty( $contact ) ) {
			return false;
		}
		$now = array_map( 'strval', array_unique( array_merge( $this->get_tags( $user_id ), $tags ) ) );
		wp_fusion()->crm->apply_tags( $tags, $contact );
		update_user_meta( $user_id, wp_fusion()->crm->slug . '_tags', $now );
		do_action( 'wpf_tags_applied', $user_id, $tags );
		do_action( 'wpf_tags_modified', $user_id, $now );
		return true;
	}

	/** @param array<mixed> $tags */
	public function remove_tags( array $tags, int $user_id ): bool {
		$now = array_diff( $this->get_tags( $user_id ), $tags );
		wp_fusion()->crm->remove_tags( $tags, get_user_meta( $user_id, wp_fusion()->crm->slug . '_contact_id', true ) );
		update_user_meta( $user_id, wp_fusion()->crm->slug . '_tags', $now );
		do_action( 'wpf_tags_removed', $user_id, $tags );
		do_action( 'wpf_tags_modified', $user_id, $now );
		return true;
	}
}

/** The plugin. */
final class WpFusion {

	public readonly Queue $crm;
	public readonly Settings $settings;
	public readonly User $user;

	public function __construct() {
		$this->crm      = new Queue( new Crm() );
		$this->settings = new Settings();
		$this->user     = new User();
	}
}

}

namespace {

if ( ! function_exists( 'wp_fusion' ) ) {
	function wp_fusion(): Tandem\StandIns\WpFusion\WpFusion {
		static $plugin = null;
		return $plugin ??= new Tandem\StandIns\WpFusion\WpFusion();
	}
}
}
