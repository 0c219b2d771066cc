<?php
/**
 * Certificates: nothing is sent to a site whose certificate can't be trusted.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Remote\Http;

use PHPUnit\Framework\TestCase;
use Tandem\Remote\Http\AddressPolicy;
use Tandem\Remote\Http\Client;
use Tandem\Remote\Http\Failure;
use Tandem\Remote\Http\Options;
use Tandem\Remote\Http\Pool;
use Tandem\Remote\Http\Request;
use Tandem\Remote\Http\Unreachable;

final class CertificateTest extends TestCase {

	/** Answers any request over TLS with what it was sent, then listens again. */
	private const SERVER = <<<'PHP'
		$context = stream_context_create( array( 'ssl' => array( 'local_cert' => $argv[1] ) ) );
		$server  = stream_socket_server( 'tcp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context );
		echo stream_socket_get_name( $server, false ), "\n";
		while ( $connection = stream_socket_accept( $server, 60 ) ) {
			if ( @stream_socket_enable_crypto( $connection, true, STREAM_CRYPTO_METHOD_TLS_SERVER ) ) {
				$sent = '';
				while ( ! str_contains( $sent, "\r\n\r\n" ) && ! feof( $connection ) ) {
					$sent .= fread( $connection, 8192 );
				}
				file_put_contents( $argv[2], $sent, FILE_APPEND );
				fwrite( $connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok" );
			}
			fclose( $connection );
		}
		PHP;

	private string $folder;

	/** @var resource|null */
	private $process;

	protected function setUp(): void {
		$this->folder = sys_get_temp_dir() . '/tandem-tls-' . bin2hex( random_bytes( 6 ) );
		mkdir( $this->folder );
	}

	protected function tearDown(): void {
		if ( is_resource( $this->process ) ) {
			proc_terminate( $this->process );
			proc_close( $this->process );
		}
		array_map( 'unlink', (array) glob( $this->folder . '/*' ) );
		rmdir( $this->folder );
	}

	/**
	 * Starts a server with a certificate that it signed itself.
	 *
	 * @param string $name Name or address in the certificate.
	 * @param int    $days How long it is good.
	 * @return array{string, string} Address and file of the certificate.
	 */
	private function serve( string $name, int $days ): array {
		$config = $this->folder . '/openssl.cnf';
		file_put_contents( $config, "[req]\ndistinguished_name=dn\n[dn]\n[ext]\nsubjectAltName=$name\nbasicConstraints=CA:TRUE\n" );
		$options = array(
			'config'           => $config,
			'x509_extensions'  => 'ext',
			'private_key_bits' => 2048,
			'digest_alg'       => 'sha256',
		);
		$key     = openssl_pkey_new( $options );
		self::assertNotFalse( $key );
		$request = openssl_csr_new( array( 'commonName' => 'tandem test' ), $key, $options );
		self::assertInstanceOf( \OpenSSLCertificateSigningRequest::class, $request );
		$signed = openssl_csr_sign( $request, null, $key, $days, $options, random_int( 1, PHP_INT_MAX ) );
		self::assertNotFalse( $signed );
		openssl_x509_export( $signed, $certificate );
		openssl_pkey_export( $key, $private, null, $options );
		file_put_contents( $this->folder . '/ca.pem', $certificate );
		file_put_contents( $this->folder . '/server.pem', $certificate . $private );
		touch( $this->folder . '/sent' );
		$process = proc_open( array( PHP_BINARY, '-r', self::SERVER, '--', $this->folder . '/server.pem', $this->folder . '/sent' ), array( 1 => array( 'pipe', 'w' ) ), $pipes ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- a test's own server.
		self::assertIsResource( $process );
		$this->process = $process;
		return array( 'https://' . trim( (string) fgets( $pipes[1] ) ) . '/', $this->folder . '/ca.pem' );
	}

	/**
	 * What comes of a request, alone and in the pool.
	 *
	 * @param string      $url       Address.
	 * @param string|null $ca_bundle Who is trusted.
	 * @return list<string>
	 */
	private function ask( string $url, ?string $ca_bundle ): array {
		$client = new Client( new AddressPolicy( false ), new Options( 'test', $ca_bundle ) );
		$ask    = static function () use ( $client, $url ): string {
			try {
				return (string) $client->send( new Request( 'GET', $url, array( 'Authorization' => 'Basic c2VjcmV0' ) ) )->status;
			} catch ( Unreachable $error ) {
				return $error->failure->value;
			}
		};
		return array( $ask(), ( new Pool( $client ) )->run( array( $ask ), 5.0 )[0] );
	}

	public function test_a_good_certificate_of_somebody_who_is_trusted(): void {
		list( $url, $ca ) = $this->serve( 'IP:127.0.0.1', 1 );
		self::assertSame( array( '200', '200' ), $this->ask( $url, $ca ) );
		self::assertStringContainsString( 'c2VjcmV0', (string) file_get_contents( $this->folder . '/sent' ) );
	}

	public function test_a_certificate_that_nobody_trusted_has_signed(): void {
		list( $url ) = $this->serve( 'IP:127.0.0.1', 1 );
		$this->assertRefused( $this->ask( $url, null ) );
	}

	public function test_a_certificate_for_another_name(): void {
		list( $url, $ca ) = $this->serve( 'DNS:b.test', 1 );
		$this->assertRefused( $this->ask( $url, $ca ) );
	}

	public function test_a_certificate_that_has_expired(): void {
		list( $url, $ca ) = $this->serve( 'IP:127.0.0.1', 0 );
		$end              = openssl_x509_parse( (string) file_get_contents( $ca ) )['validTo_time_t'] ?? 0;
		while ( time() <= $end ) {
			usleep( 50_000 );
		}
		$this->assertRefused( $this->ask( $url, $ca ) );
	}

	/**
	 * @param list<string> $outcomes What came of it.
	 */
	private function assertRefused( array $outcomes ): void {
		self::assertSame( array( Failure::Certificate->value, Failure::Certificate->value ), $outcomes );
		self::assertSame( '', (string) file_get_contents( $this->folder . '/sent' ) );
	}
}
