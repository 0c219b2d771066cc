<?php
/**
 * A remote site as adapters get it: without its credential and its keys.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Contract;

final class Site {

	/**
	 * @param int    $id   Its number here.
	 * @param string $name Its name.
	 * @param string $url  Its address.
	 * @param string $kind `plain` or `paired`.
	 */
	public function __construct(
		public readonly int $id,
		public readonly string $name,
		public readonly string $url,
		public readonly string $kind,
	) {
	}

	/**
	 * A site as hooks know it.
	 *
	 * @param array{id: int, name: string, url: string, kind: string} $site The site.
	 */
	public static function from_array( array $site ): self {
		return new self( $site['id'], $site['name'], $site['url'], $site['kind'] );
	}
}
