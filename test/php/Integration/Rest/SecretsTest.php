<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Rest;

use Tandem\Database\Connection;
use Tandem\Tests\RemoteWordPress;

/**
 * Application passwords go in and never come out: not in answers, not in errors, not in the record.
 */
final class SecretsTest extends RestTestCase {

	/** @var list<string> Everything that was answered. */
	private array $answers = array();

	/**
	 * @param array<string, mixed> $params Parameters.
	 */
	private function hear( string $method, string $path, array $params = array() ): int {
		$response        = $this->ask( $method, $path, $params );
		$this->answers[] = "$method $path " . wp_json_encode( $response->get_data(), JSON_UNESCAPED_SLASHES ) . wp_json_encode( $response->get_headers(), JSON_UNESCAPED_SLASHES );
		return $response->get_status();
	}

	public function test_no_answer_and_no_row_shows_an_application_password(): void {
		$remote = RemoteWordPress::clean();
		$good   = $remote->application_password;
		$wrong  = 'WrOn gPaS sWoR dWrO ngPa sSwO';
		$person = array(
			'url'      => $remote->url,
			'username' => RemoteWordPress::ADMIN,
		);
		self::assertSame( 201, $this->hear( 'POST', '/sites', $person + array( 'password' => $good ) ) );
		$site = $this->sites->all()[0];
		$one  = "/sites/{$site->id}";
		self::assertGreaterThanOrEqual( 400, $this->hear( 'POST', '/sites', $person + array( 'password' => $wrong ) ) );
		self::assertGreaterThanOrEqual(
			400,
			$this->hear(
				'POST',
				'/sites',
				array(
					'url'      => 'http://127.0.0.1:9',
					'password' => $wrong,
				) + $person
			)
		);
		self::assertSame( 400, $this->hear( 'POST', '/sites', $person + array( 'password' => array( $wrong ) ) ) );
		self::assertSame( 400, $this->hear( 'POST', '/sites', $person + array( 'password' => str_repeat( $wrong, 20 ) ) ) );
		self::assertSame(
			200,
			$this->hear(
				'PATCH',
				$one,
				array(
					'username' => RemoteWordPress::ADMIN,
					'password' => $good,
				)
			)
		);
		self::assertGreaterThanOrEqual(
			400,
			$this->hear(
				'PATCH',
				$one,
				array(
					'username' => RemoteWordPress::ADMIN,
					'password' => $wrong,
				)
			)
		);
		$remote->answer( 500, "Fatal error: $good and " . base64_encode( RemoteWordPress::ADMIN . ":$good" ) ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- as it travels.
		$this->hear( 'POST', "$one/test" );
		$this->hear( 'GET', "$one/accounts" );
		$this->hear( 'POST', "$one/sync" );
		$remote->heal();
		foreach ( array( '/sites', $one, '/activity', '/summary', '/choices', '/settings' ) as $path ) {
			self::assertSame( 200, $this->hear( 'GET', $path ) );
		}

		$db    = new Connection( $GLOBALS['wpdb'] );
		$heard = implode( "\n", $this->answers );
		$kept  = '';
		foreach ( array( 'sites', 'activity', 'outbox' ) as $table ) {
			$kept .= wp_json_encode( $db->rows( 'SELECT * FROM %i', $db->table( $table ) ), JSON_UNESCAPED_SLASHES );
		}
		foreach ( array( $good, $wrong ) as $password ) {
			foreach ( array( $password, str_replace( ' ', '', $password ), base64_encode( RemoteWordPress::ADMIN . ":$password" ) ) as $form ) { // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- as it travels.
				self::assertStringNotContainsString( $form, $heard );
				self::assertStringNotContainsString( $form, $kept );
			}
		}
		// Secrets of webhooks are shown once, when they are made; keys of the compatible form too.
		$out = $this->answer( 'POST', '/webhooks', array( 'name' => 'n8n', 'url' => $remote->url . '/hook' ) );
		$in  = $this->answer( 'POST', '/webhooks/in', array( 'name' => 'Zapier' ) );
		$key = $this->answer( 'POST', "/webhooks/in/{$in['hook']['id']}/access-key" )['key'];
		$remote->answer( 500, "Fatal error: {$out['secret']}", match: '#/hook#' );
		$this->hear( 'POST', "/sites/{$out['site']['id']}/test" );
		$remote->heal();
		foreach ( array( '/sites', "/sites/{$out['site']['id']}", '/webhooks/in', "/webhooks/in/{$in['hook']['id']}", '/activity' ) as $path ) {
			self::assertSame( 200, $this->hear( 'GET', $path ) );
		}
		self::assertSame( 200, $this->hear( 'PATCH', "/webhooks/in/{$in['hook']['id']}", array( 'name' => 'Z' ) ) );
		$heard = implode( "\n", $this->answers );
		$kept  = '';
		foreach ( array( 'sites', 'hooks', 'activity', 'outbox' ) as $table ) {
			$kept .= wp_json_encode( $db->rows( 'SELECT * FROM %i', $db->table( $table ) ), JSON_UNESCAPED_SLASHES );
		}
		foreach ( array( $out['secret'], $in['secret'], $key, substr( $out['secret'], 6 ), substr( $in['secret'], 6 ) ) as $secret ) {
			self::assertStringNotContainsString( $secret, $heard );
			self::assertStringNotContainsString( $secret, $kept );
		}
		// Sealed is no reason to show it.
		self::assertStringNotContainsString( $this->sites->get( $site->id )->credential, $heard );
		self::assertNotSame( '', $this->sites->get( $site->id )->credential );
	}
}
