<?php
/**
 * The courses of this site, of every plugin that has some: those that Tandem knows, and those that bring a provider.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rules;

use Tandem\Capture\Trouble;
use Tandem\Contract\Courses as Provider;
use Tandem\Integration\LearnDash;
use Tandem\Integration\LifterLms;

final class Courses {

	/** The filter by which others come. */
	public const FILTER = 'tandem_course_providers';

	/** Courses that are listed. */
	public const MOST = 4000;

	/** @var array<string, Provider>|null By id. */
	private ?array $providers = null;

	/** @var list<array{id: string, title: string, kind: string}>|null Every course, once it was asked. */
	private ?array $all = null;

	/**
	 * @param Trouble $trouble Where failures are noted.
	 */
	public function __construct( private readonly Trouble $trouble ) {
	}

	/**
	 * Every course.
	 *
	 * @return list<array{id: string, title: string, kind: string}> `id` is `provider/id`.
	 */
	public function all(): array {
		if ( null !== $this->all ) {
			return $this->all;
		}
		$all = array();
		foreach ( $this->providers() as $id => $provider ) {
			try {
				foreach ( $provider->courses() as $course ) {
					$whole = $id . '/' . $course['id'];
					if ( self::is_course( $whole ) ) {
						$all[] = array(
							'id'    => $whole,
							'title' => mb_substr( trim( wp_strip_all_tags( html_entity_decode( $course['title'], ENT_QUOTES | ENT_HTML5, 'UTF-8' ) ) ), 0, 200 ),
							'kind'  => mb_substr( $provider->name() . ', ' . $course['kind'], 0, 100 ),
						);
					}
				}
			} catch ( \Throwable $thrown ) {
				$this->trouble->of_hook( self::FILTER, $thrown );
			}
		}
		$this->all = array_slice( $all, 0, self::MOST );
		return $this->all;
	}

	/**
	 * What people call a course.
	 *
	 * @param string $id `provider/id`.
	 */
	public function title( string $id ): string {
		$titles = array_column( $this->all(), 'title', 'id' );
		return $titles[ $id ] ?? $id;
	}

	/**
	 * Whether a text names a course the way that rules do.
	 *
	 * @param string $id `provider/id`.
	 */
	public static function is_course( string $id ): bool {
		return 1 === preg_match( '#^[a-z0-9_-]{1,30}/[A-Za-z0-9:_.-]{1,60}$#D', $id );
	}

	/**
	 * Whether a course is here.
	 *
	 * @param string $id `provider/id`.
	 */
	public function exists( string $id ): bool {
		return in_array( $id, array_column( $this->all(), 'id' ), true );
	}

	/**
	 * Whether somebody is enrolled.
	 *
	 * @param int    $user_id User here.
	 * @param string $id      `provider/id`.
	 */
	public function is_enrolled( int $user_id, string $id ): bool {
		list( $provider, $course ) = $this->found( $id );
		return null !== $provider && $provider->is_enrolled( $user_id, $course );
	}

	/**
	 * Enrols somebody, or ends that.
	 *
	 * @param int    $user_id User here.
	 * @param string $id      `provider/id`.
	 * @param bool   $enrol   Whether they are enrolled afterwards.
	 * @throws \Exception What the provider throws.
	 */
	public function set( int $user_id, string $id, bool $enrol ): void {
		list( $provider, $course ) = $this->found( $id );
		if ( null !== $provider && $provider->is_enrolled( $user_id, $course ) !== $enrol ) {
			$enrol ? $provider->enrol( $user_id, $course ) : $provider->unenrol( $user_id, $course );
		}
	}

	/**
	 * Who has a course, and what it is called there.
	 *
	 * @param string $id `provider/id`.
	 * @return array{Provider|null, string}
	 */
	private function found( string $id ): array {
		list( $provider, $course ) = array_pad( explode( '/', $id, 2 ), 2, '' );
		return array( $this->providers()[ $provider ] ?? null, $course );
	}

	/**
	 * All providers. Of two with one id the first has it.
	 *
	 * @return array<string, Provider> By id.
	 */
	private function providers(): array {
		if ( null !== $this->providers ) {
			return $this->providers;
		}
		$own = array_filter( array( LearnDash::is_present() ? new LearnDash() : null, LifterLms::is_present() ? new LifterLms() : null ) );
		try {
			/**
			 * Filters the plugins with courses (docs/hooks.md). Asked when a rule of another site concerns a course, and
			 * when courses are listed.
			 *
			 * @param list<\Tandem\Contract\Courses> $providers Providers.
			 */
			$answer = apply_filters( 'tandem_course_providers', array_values( $own ) );
		} catch ( \Throwable $thrown ) {
			$this->trouble->of_hook( self::FILTER, $thrown );
			$answer = $own;
		}
		$this->providers = array();
		foreach ( is_array( $answer ) ? $answer : $own as $provider ) {
			if ( $provider instanceof Provider && 1 === preg_match( '/^[a-z0-9_-]{1,30}$/D', $provider->id() ) ) {
				$this->providers += array( $provider->id() => $provider );
			}
		}
		return $this->providers;
	}
}
