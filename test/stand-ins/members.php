<?php
/**
 * Stand-ins for Paid Memberships Pro, BuddyPress's profile fields and MemberPress: the functions that the examples of
 * docs/integrations.md call, and the hooks that those plugins fire. Nothing else of them.
 *
 * @package Tandem
 */

declare(strict_types=1);

// phpcs:disable Generic.Files.OneObjectStructurePerFile, WordPress.NamingConventions.ValidFunctionName, PSR2.Classes.PropertyDeclaration

/** As Paid Memberships Pro's. */
function pmpro_getAllLevels( bool $include_hidden = false ): array {
	return array(
		3 => (object) array(
			'id'   => 3,
			'name' => 'Silver',
		),
		7 => (object) array(
			'id'   => 7,
			'name' => 'Gold',
		),
	);
}

/** As Paid Memberships Pro's. */
function pmpro_getMembershipLevelForUser( int $user_id ): object|false {
	return pmpro_getAllLevels()[ (int) get_user_meta( $user_id, 'stand_in_pmpro', true ) ] ?? false;
}

/** As Paid Memberships Pro's: 0 ends it. */
function pmpro_changeMembershipLevel( int $level, int $user_id ): bool {
	update_user_meta( $user_id, 'stand_in_pmpro', $level );
	do_action( 'pmpro_after_change_membership_level', $level, $user_id, null );
	return true;
}

/** As BuddyPress's. */
function xprofile_get_field_id_from_name( string $name ): int {
	return array(
		'City'    => 1,
		'Company' => 2,
	)[ $name ] ?? 0;
}

/** As BuddyPress's. */
function xprofile_get_field_data( string $field, int $user_id ): mixed {
	return get_user_meta( $user_id, 'stand_in_field_' . xprofile_get_field_id_from_name( $field ), true );
}

/** As BuddyPress's. */
function xprofile_set_field_data( string $field, int $user_id, mixed $value ): bool {
	$id = xprofile_get_field_id_from_name( $field );
	update_user_meta( $user_id, "stand_in_field_$id", $value );
	do_action(
		'xprofile_data_after_save',
		(object) array(
			'field_id' => $id,
			'user_id'  => $user_id,
			'value'    => $value,
		)
	);
	return true;
}

class MeprTransaction {

	public static string $complete_str = 'complete';
	public static string $payment_str  = 'payment';

	/** @var list<self> */
	public static array $all = array();

	public int $user_id       = 0;
	public int $product_id    = 0;
	public float|int $amount  = 0;
	public float|int $total   = 0;
	public string $status     = 'pending';
	public string $txn_type   = 'payment';
	public string $gateway    = 'manual';
	public string $trans_num  = '';
	public string $expires_at = '';

	public function store(): void {
		if ( ! in_array( $this, self::$all, true ) ) {
			self::$all[] = $this;
		}
	}
}

class MeprUser {

	public function __construct( private readonly int $id ) {
	}

	/** @return array<int, mixed> */
	public function active_product_subscriptions( string $what = 'ids' ): array {
		$active = array_values( array_filter( MeprTransaction::$all, fn ( MeprTransaction $one ): bool => $one->user_id === $this->id && 'complete' === $one->status && ( '' === $one->expires_at || $one->expires_at > gmdate( 'Y-m-d H:i:s' ) ) ) );
		return 'ids' === $what ? array_map( static fn ( MeprTransaction $one ): int => $one->product_id, $active ) : $active;
	}
}
