<?php
/**
 * What a paired site tells of one person whom both sites have linked: whether each field is the same there, and whether
 * there is anything in it. Never a value.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Verify;

use Tandem\Sync\FieldSet;
use Tandem\Sync\Stamp;

final class Told {

	/**
	 * @param Digests                 $digests    Makes digests.
	 * @param array<array-key, mixed> $there      As the other site says.
	 * @param Difference|null         $difference What is wrong with the person.
	 * @param list<string>            $compared   Fields of which it tells something.
	 */
	public function __construct(
		private readonly Digests $digests,
		private readonly array $there,
		private readonly ?Difference $difference,
		private readonly array $compared,
	) {
	}

	/**
	 * What is in the way of this person, or null: the link is one-sided, or it is somebody else.
	 */
	public function trouble(): ?Kind {
		return null === $this->difference || Kind::Differs === $this->difference->kind ? null : $this->difference->kind;
	}

	/**
	 * Whether the account there is out of reach.
	 */
	public function is_protected(): bool {
		return true === ( $this->there['protected'] ?? null );
	}

	/**
	 * Whether something is told of a field.
	 *
	 * @param string $field Name of a field.
	 */
	public function knows( string $field ): bool {
		// Somebody who has only roles there that are not compared is neither the same nor different.
		return true === ( $this->there['sent'] ?? null ) && in_array( $field, $this->compared, true ) && ! ( FieldSet::ROLES === $field && true === ( $this->there['hides_roles'] ?? false ) );
	}

	/**
	 * The newest stamp that is known of a field that differs; null when it is the same there.
	 *
	 * @param string $field Name of a field.
	 */
	public function differs_since( string $field ): ?Stamp {
		return $this->difference->stamps[ $field ] ?? null;
	}

	/**
	 * Whether a field is empty there.
	 *
	 * @param string $field Name of a field.
	 */
	public function is_empty( string $field ): bool {
		$digest = is_array( $this->there['fields'] ?? null ) ? ( $this->there['fields'][ $field ] ?? null ) : null;
		return null !== $digest && in_array( $digest, array( $this->digests->of_field( $field, '' ), $this->digests->of_field( $field, null ), $this->digests->of_field( $field, array() ) ), true );
	}
}
