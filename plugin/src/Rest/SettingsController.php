<?php
/**
 * Settings of the whole plugin: `GET` and `PATCH /settings`.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

use Tandem\Activity\Action;
use Tandem\Activity\Audit;
use Tandem\Activity\Entry;
use Tandem\Activity\Log;
use Tandem\Activity\Result;
use Tandem\Settings;

final class SettingsController implements Controller {

	/**
	 * @param Settings $settings The settings.
	 */
	public function __construct( private readonly Settings $settings, private readonly Log $log ) {
	}

	/**
	 * The routes.
	 *
	 * @return list<Route>
	 */
	public function routes(): array {
		return array(
			new Route( 'GET', '/settings', fn (): array => $this->settings->to_array() ),
			new Route(
				'PATCH',
				'/settings',
				$this->change( ... ),
				array(
					'keepActivityDays'    => $this->number( Settings::ACTIVITY_DAYS, __( 'Days that activity rows are kept.', 'tandem-user-sync' ) ),
					'passwordExpiryHours' => $this->number( Settings::EXPIRY_HOURS, __( 'Hours after which a captured password that could not be delivered is wiped.', 'tandem-user-sync' ) ),
					'protectedAccounts'   => array(
						'type'        => 'array',
						'description' => __( 'Users whom no other site may change, besides administrators.', 'tandem-user-sync' ),
						'maxItems'    => 1000,
						'uniqueItems' => true,
						'items'       => self::NUMBER,
					),
					'alerts'              => array(
						'type'        => 'boolean',
						'description' => __( 'Whether a mail tells when a site has needed attention for an hour, and when it is well again.', 'tandem-user-sync' ),
					),
					'alertAddress'        => array(
						'type'        => 'string',
						'description' => __( 'Who gets it; empty for the administrator of this site.', 'tandem-user-sync' ),
						'maxLength'   => 100,
					),
				)
			),
		);
	}

	/**
	 * Stores what is named.
	 *
	 * @param \WP_REST_Request $request Part of `Settings`.
	 * @return array{keepActivityDays: int, passwordExpiryHours: int, protectedAccounts: list<int>, alerts: bool, alertAddress: string}
	 * @throws Refused When the address is none.
	 */
	private function change( \WP_REST_Request $request ): array {
		$address = (string) $request['alertAddress'];
		if ( '' !== $address && false === is_email( $address ) ) {
			/* translators: %s: what was typed. */
			throw new Refused( 'tandem_email_invalid', sprintf( __( '“%s” is no email address. Correct it, or leave it empty for the administrator of this site.', 'tandem-user-sync' ), $address ) );
		}
		$before = $this->settings->to_array();
		$this->settings->update(
			array_filter(
				array(
					'keepActivityDays'    => $request['keepActivityDays'],
					'passwordExpiryHours' => $request['passwordExpiryHours'],
					'protectedAccounts'   => $request['protectedAccounts'],
					'alerts'              => $request['alerts'],
					'alertAddress'        => $request['alertAddress'],
				),
				static fn ( mixed $value ): bool => null !== $value
			)
		);
		$changes = Audit::changes( $before, $this->settings->to_array() );
		if ( '' !== $changes ) {
			/* translators: %s: username of an administrator. */
			$this->log->add( new Entry( Action::Settings, Result::Success, 0, message: sprintf( __( '%s changed the settings.', 'tandem-user-sync' ), Audit::who() ) . ' ' . $changes ) );
		}
		return $this->settings->to_array();
	}

	/**
	 * JSON schema of a number.
	 *
	 * @param array{minimum: int, default: int, maximum: int} $bounds      Its bounds.
	 * @param string                                           $description What it is.
	 * @return array<string, mixed>
	 */
	private function number( array $bounds, string $description ): array {
		return array(
			'type'        => 'integer',
			'description' => $description,
			'minimum'     => $bounds['minimum'],
			'maximum'     => $bounds['maximum'],
		);
	}
}
