<?php
/**
 * What a person said about one user and one site, kept on the outbox row until it is delivered.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

final class Decision {

	/**
	 * @param bool        $trusted         Link by e-mail without a question: an explicit backfill, or the holder confirmed.
	 * @param int         $link_with       Remote account that the owner said to link with; 0 for none.
	 * @param string|null $create_as       Username to create there, as the owner chose.
	 * @param bool        $recreate        Make the account again although it was removed there.
	 * @param string|null $email           The address that `trusted` was said of. When the person has another one by the
	 *                                     time of the delivery, it no longer holds: else whoever changes their address
	 *                                     while they wait in the queue would be linked with somebody else's account.
	 * @param string      $link_login      Username that `link_with` had when the owner said so; '' when not known. It may
	 *                                     wait for days: a number that has become somebody else's was not meant.
	 * @param bool        $link_protected  Whether the owner saw that it is an administrator's, and said so all the same.
	 *                                     Their word for an ordinary account is none for what it becomes.
	 * @param bool        $is_new          A backfill has just seen that no account there has the address: it is not asked again.
	 * @param bool        $in_bulk         Part of a backfill that brings fields: how long it takes says nothing of live changes.
	 */
	public function __construct(
		public readonly bool $trusted = false,
		public readonly int $link_with = 0,
		public readonly ?string $create_as = null,
		public readonly bool $recreate = false,
		public readonly ?string $email = null,
		public readonly string $link_login = '',
		public readonly bool $link_protected = false,
		public readonly bool $is_new = false,
		public readonly bool $in_bulk = false,
	) {
	}

	/**
	 * Reads one from the details of an outbox row.
	 *
	 * @param array<string, mixed> $data As `to_array()` gave it.
	 */
	public static function from_array( array $data ): self {
		return new self( ! empty( $data['trusted'] ), (int) ( $data['link_with'] ?? 0 ), isset( $data['create_as'] ) ? (string) $data['create_as'] : null, ! empty( $data['recreate'] ), isset( $data['email'] ) ? (string) $data['email'] : null, (string) ( $data['link_login'] ?? '' ), ! empty( $data['link_protected'] ), ! empty( $data['is_new'] ), ! empty( $data['in_bulk'] ) );
	}

	/**
	 * As it lies in the details of an outbox row.
	 *
	 * @return array<string, mixed>
	 */
	public function to_array(): array {
		return array_filter(
			array(
				'trusted'        => $this->trusted,
				'link_with'      => $this->link_with,
				'create_as'      => $this->create_as,
				'recreate'       => $this->recreate,
				'email'          => $this->email,
				'link_login'     => $this->link_login,
				'link_protected' => $this->link_protected,
				'is_new'         => $this->is_new,
				'in_bulk'        => $this->in_bulk,
			),
			static fn ( bool|int|string|null $said ): bool => ! in_array( $said, array( false, 0, '', null ), true )
		);
	}
}
