<?php
/**
 * What of WP Fusion is called, for PHPStan: it can't be had from a registry.
 * As in verygoodplugins/wp-fusion-lite and the documentation for developers.
 */

class Tandem_Stub_Wp_Fusion {
	/** @var Tandem_Stub_Wp_Fusion_Crm */
	public $crm;
	/** @var Tandem_Stub_Wp_Fusion_Settings */
	public $settings;
}

class Tandem_Stub_Wp_Fusion_Crm {
	/** @var string|null */
	public $slug;
	/** @var list<string>|null */
	public $supports;

	/**
	 * @param list<int|string>      $tags       Ids.
	 * @param bool|float|int|string $contact_id Contact.
	 * @return bool|WP_Error
	 */
	public function apply_tags( $tags, $contact_id ) {}

	/**
	 * @param list<int|string>      $tags       Ids.
	 * @param bool|float|int|string $contact_id Contact.
	 * @return bool|WP_Error
	 */
	public function remove_tags( $tags, $contact_id ) {}
}

class Tandem_Stub_Wp_Fusion_Settings {
	/**
	 * @param string $key      Name of an option.
	 * @param mixed  $fallback What there is otherwise.
	 * @return mixed
	 */
	public function get( $key, $fallback = false ) {}
}

/**
 * @return Tandem_Stub_Wp_Fusion
 */
function wp_fusion() {}
