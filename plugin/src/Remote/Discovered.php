<?php
/**
 * What was found at an address.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

final class Discovered {

	/**
	 * @param string    $url           Home address, without a slash at the end; what was asked for when nothing answered.
	 * @param string    $site_url      WordPress's own address (`siteurl`), '' when not told.
	 * @param string    $rest_url      Address of the REST index, '' when there is none.
	 * @param string    $name          The site's name.
	 * @param SiteKind  $kind          Whether it runs Tandem too.
	 * @param string    $authorize_url Where an application password is approved, '' when that can't work.
	 * @param Checklist $checklist     What was looked at.
	 */
	public function __construct(
		public readonly string $url,
		public readonly string $site_url,
		public readonly string $rest_url,
		public readonly string $name,
		public readonly SiteKind $kind,
		public readonly string $authorize_url,
		public readonly Checklist $checklist,
	) {
	}

	/**
	 * Whether *Connect* can work.
	 */
	public function can_connect(): bool {
		return '' !== $this->authorize_url && $this->checklist->is_ok();
	}

	/**
	 * As the page sees it: `Discovery` in admin-src/types.ts.
	 *
	 * @return array{url: string, name: string, kind: string, checks: list<array{code: string, state: string, label: string, message: string}>, canConnect: bool}
	 */
	public function to_array(): array {
		return array(
			'url'        => $this->url,
			'name'       => $this->name,
			'kind'       => $this->kind->value,
			'checks'     => array_map( static fn ( Check $check ): array => $check->to_array(), $this->checklist->checks() ),
			'canConnect' => $this->can_connect(),
		);
	}
}
