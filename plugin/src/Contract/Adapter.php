<?php
/**
 * What another plugin brings along, so that what it knows of people travels with them (docs/hooks.md, "Adapters").
 *
 * Extend it, override what you need, and hand an object of it over by the filter `tandem_adapters`. This class is the
 * contract: it changes only with the plugin's major version.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Contract;

abstract class Adapter {

	/**
	 * Fields that this adapter reads and writes. They are chosen on the page, checked, stamped and sent like user meta
	 * of these names; what lies in user meta under such a name is left alone.
	 *
	 * @return array<string, string> By key (printable ASCII, up to 255 bytes, no name of WordPress's own): what the owner calls it.
	 */
	public function fields(): array {
		return array();
	}

	/**
	 * The value of a field. Asked whenever the person may have to be sent, for each of thousands in a verification: be quick.
	 *
	 * @param int    $user_id User here.
	 * @param string $key     One of `fields()`.
	 * @return string|int|float|bool|array<array-key, mixed>|null What JSON can hold; null when the person has none. Numbers and truth values travel as texts, as in user meta.
	 * @throws \Exception When it can't be told at the moment: the person is sent later.
	 */
	public function read( int $user_id, string $key ): string|int|float|bool|array|null {
		return null;
	}

	/**
	 * Stores the value that came from another site. It has passed this site's policy, but it is somebody else's word:
	 * check what it means to you. What `read()` gives afterwards counts as accepted.
	 *
	 * @param int                                 $user_id User here.
	 * @param string                              $key     One of `fields()`.
	 * @param string|array<array-key, mixed>|null $value   The value; null takes it away.
	 * @throws \Exception When it can't be done at the moment: the other site sends it again later.
	 */
	public function write( int $user_id, string $key, string|array|null $value ): void {
	}

	/**
	 * Says that a field of somebody has changed here. Call it after the change; not needed within `write()`.
	 *
	 * @param int    $user_id User here.
	 * @param string $key     One of `fields()`.
	 */
	final protected function changed( int $user_id, string $key ): void {
		/**
		 * Fires when a field of an adapter has changed here.
		 *
		 * @param int    $user_id User here.
		 * @param string $key     One of the adapter's fields.
		 */
		do_action( 'tandem_field_changed', $user_id, $key );
	}

	/**
	 * Who is synced: `tandem_sync_user`.
	 *
	 * @param bool     $is_synced What the site's settings say.
	 * @param \WP_User $user      The user.
	 * @param Site     $site      The site.
	 */
	public function syncs_user( bool $is_synced, \WP_User $user, Site $site ): bool {
		return $is_synced;
	}

	/**
	 * Which fields are sent: `tandem_sync_fields`.
	 *
	 * @param list<string> $fields Names of fields, as the site's settings say.
	 * @param Site         $site   The site.
	 * @return array<array-key, string>
	 */
	public function sent_fields( array $fields, Site $site ): array {
		return $fields;
	}

	/**
	 * What is sent of them: `tandem_payload`.
	 *
	 * @param array<string, mixed> $values  Values by the name of their field.
	 * @param int                  $user_id User here.
	 * @param Site                 $site    The site.
	 * @return array<string, mixed>
	 */
	public function payload( array $values, int $user_id, Site $site ): array {
		return $values;
	}

	/**
	 * Before a delivery: `tandem_delivering`.
	 *
	 * @param int          $user_id User here.
	 * @param list<string> $fields  Names of the fields that are brought.
	 * @param Site         $site    The site.
	 */
	public function delivering( int $user_id, array $fields, Site $site ): void {
	}

	/**
	 * After a delivery: `tandem_delivered`.
	 *
	 * @param int          $user_id User here.
	 * @param list<string> $fields  Names of the fields that arrived, or were tried.
	 * @param string       $result  What came of it.
	 * @param string       $code    Why, as in docs/errors.md; '' when there is nothing to say.
	 * @param Site         $site    The site.
	 */
	public function delivered( int $user_id, array $fields, string $result, string $code, Site $site ): void {
	}

	/**
	 * Somebody from a paired site was applied here: `tandem_received`.
	 *
	 * @param int          $user_id User here.
	 * @param list<string> $fields  Names of the fields that were written.
	 * @param string       $action  `create`, `link`, `update` or `delete`.
	 * @param Site         $site    The site.
	 */
	public function received( int $user_id, array $fields, string $action, Site $site ): void {
	}

	/**
	 * Somebody waits for the owner's decision: `tandem_conflict`.
	 *
	 * @param int    $user_id User here.
	 * @param string $code    Why, as in docs/errors.md.
	 * @param Site   $site    The site.
	 */
	public function conflict( int $user_id, string $code, Site $site ): void {
	}
}
