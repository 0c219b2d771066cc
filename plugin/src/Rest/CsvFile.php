<?php
/**
 * An answer that is a CSV file, written row by row: a backfill may have a million.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

final class CsvFile {

	/**
	 * @param string                       $name Name of the file.
	 * @param iterable<array<int, string>> $rows The rows; the first holds the names of the columns.
	 */
	public function __construct( public readonly string $name, private readonly iterable $rows ) {
	}

	/**
	 * The answer that stands for this file until `serve()` writes it.
	 */
	public function response(): \WP_REST_Response {
		$response = new \WP_REST_Response( $this );
		$response->header( 'Content-Type', 'text/csv; charset=utf-8' );
		$response->header( 'Content-Disposition', 'attachment; filename="' . $this->name . '"' );
		return $response;
	}

	/**
	 * Writes the file in place of JSON. For the filter `rest_pre_serve_request`.
	 *
	 * @param bool              $served  Whether somebody has answered already.
	 * @param \WP_HTTP_Response $result  The answer.
	 * @param \WP_REST_Request  $request What was asked.
	 * @return bool Whether it is answered now.
	 */
	public static function serve( bool $served, \WP_HTTP_Response $result, \WP_REST_Request $request ): bool {
		$file = $result->get_data();
		if ( $served || ! $file instanceof self ) {
			return $served;
		}
		if ( 'HEAD' !== $request->get_method() ) {
			$file->write();
		}
		return true;
	}

	/**
	 * Writes the rows to the browser.
	 */
	public function write(): void {
		$output = fopen( 'php://output', 'w' ); // phpcs:ignore WordPress.WP.AlternativeFunctions -- the answer, not a file.
		if ( false === $output ) {
			return;
		}
		// Without it Excel takes UTF-8 for Latin-1.
		fwrite( $output, "\u{FEFF}" ); // phpcs:ignore WordPress.WP.AlternativeFunctions -- the answer, not a file.
		foreach ( $this->rows as $row ) {
			fputcsv( $output, $row, ',', '"', '' ); // phpcs:ignore WordPress.WP.AlternativeFunctions -- the answer, not a file.
		}
		fclose( $output ); // phpcs:ignore WordPress.WP.AlternativeFunctions -- the answer, not a file.
	}
}
