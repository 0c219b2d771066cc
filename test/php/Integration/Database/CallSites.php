<?php
/**
 * The places in the plugin's source that hand a statement to the database.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Database;

final class CallSites {

	/** Methods of `Database\Connection` that run something. */
	public const METHODS = array( 'execute', 'rows', 'row', 'value' );

	/** What begins like this touches no rows. */
	private const WITHOUT_ROWS = '/^\W*(START TRANSACTION|COMMIT|ROLLBACK|SHOW|DROP|ALTER|SAVEPOINT|RELEASE)/';

	/**
	 * All of them.
	 *
	 * @return list<array{file: string, from: int, to: int, method: string}> `from` and `to` are lines; `method` as `Sync\Outbox::claim`.
	 */
	public static function all(): array {
		$sites = array();
		$root  = dirname( __DIR__, 4 ) . '/plugin/src/';
		foreach ( new \RecursiveIteratorIterator( new \RecursiveDirectoryIterator( $root, \FilesystemIterator::SKIP_DOTS ) ) as $file ) {
			if ( 'php' === $file->getExtension() && 'Connection.php' !== $file->getFilename() ) {
				array_push( $sites, ...self::of_file( (string) $file->getRealPath(), strtr( substr( $file->getPathname(), strlen( $root ), -4 ), '/', '\\' ) ) );
			}
		}
		return $sites;
	}

	/**
	 * Those of a file.
	 *
	 * @param string $file Path.
	 * @param string $name Name of its class below `Tandem`.
	 * @return list<array{file: string, from: int, to: int, method: string}>
	 */
	private static function of_file( string $file, string $name ): array {
		$tokens = array_values( array_filter( \PhpToken::tokenize( (string) file_get_contents( $file ) ), static fn ( \PhpToken $token ): bool => ! $token->isIgnorable() ) );
		$sites  = array();
		$method = '';
		foreach ( $tokens as $at => $token ) {
			if ( $token->is( T_FUNCTION ) && $tokens[ $at + 1 ]->is( T_STRING ) ) {
				$method = $tokens[ $at + 1 ]->text;
			}
			if ( ! $token->is( T_STRING ) || ! in_array( $token->text, self::METHODS, true ) || ! $tokens[ $at - 1 ]->is( T_OBJECT_OPERATOR ) || ! in_array( $tokens[ $at - 2 ]->text, array( 'db', '$db' ), true ) ) {
				continue;
			}
			if ( 1 !== preg_match( self::WITHOUT_ROWS, $tokens[ $at + 2 ]->text ) ) {
				$sites[] = array( 'file' => $file, 'from' => $token->line, 'to' => self::end( $tokens, $at + 1 ), 'method' => "$name::$method" );
			}
		}
		return $sites;
	}

	/**
	 * The line on which the arguments end.
	 *
	 * @param list<\PhpToken> $tokens Tokens.
	 * @param int             $at     The opening bracket.
	 */
	private static function end( array $tokens, int $at ): int {
		$depth = 0;
		do {
			$depth += match ( $tokens[ $at ]->text ) {
				'('     => 1,
				')'     => -1,
				default => 0,
			};
			$line = $tokens[ $at++ ]->line;
		} while ( $depth > 0 );
		return $line;
	}
}
