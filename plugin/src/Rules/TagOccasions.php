<?php
/**
 * Somebody gets a tag, or loses it.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rules;

use Tandem\Names;

final class TagOccasions implements Occasions {

	/**
	 * @param Engine $engine Hears of it.
	 */
	public function __construct( private readonly Engine $engine ) {
	}

	/**
	 * Action `tandem_tags_changed`.
	 *
	 * @param int          $user_id User here.
	 * @param list<string> $added   Tags that they have now.
	 * @param list<string> $removed Tags that they have no longer.
	 */
	public function changed( int $user_id, array $added, array $removed ): void {
		foreach ( $added as $tag ) {
			$this->engine->happened( Trigger::Tag, $user_id, $tag, self::name( $tag ) );
		}
		foreach ( $removed as $tag ) {
			$this->engine->undone( $user_id, self::name( $tag ) );
		}
	}

	/**
	 * Tags.
	 *
	 * @return list<Trigger>
	 */
	public function triggers(): array {
		return array( Trigger::Tag );
	}

	/**
	 * A tag is typed: whatever was typed is one.
	 *
	 * @param Trigger $trigger Tag.
	 * @param string  $search  What was typed, or ''.
	 * @return list<array{id: string, label: string}>
	 */
	public function subjects( Trigger $trigger, string $search ): array {
		return Tags::is_tag( $search ) ? array(
			array(
				'id'    => $search,
				'label' => $search,
			),
		) : array();
	}

	/**
	 * The tag itself, or null for a text that can't be one.
	 *
	 * @param Trigger $trigger Tag.
	 * @param string  $subject The tag.
	 */
	public function label( Trigger $trigger, string $subject ): ?string {
		return Tags::is_tag( $subject ) ? $subject : null;
	}

	/**
	 * Who has a tag.
	 *
	 * @param Trigger $trigger Tag.
	 * @param string  $subject The tag.
	 * @param int     $page    Which part, from 1.
	 */
	public function present( Trigger $trigger, string $subject, int $page ): OccasionPage {
		return UserPages::of(
			array(
				'meta_key'   => Names::TAG_META, // phpcs:ignore WordPress.DB.SlowDBQuery -- a person waits for an answer about all who have the tag.
				'meta_value' => $subject, // phpcs:ignore WordPress.DB.SlowDBQuery
			),
			self::name( $subject ),
			$page
		);
	}

	/**
	 * What it is called that somebody has a tag.
	 *
	 * @param string $tag The tag.
	 */
	private static function name( string $tag ): string {
		return 'tag:' . $tag;
	}
}
