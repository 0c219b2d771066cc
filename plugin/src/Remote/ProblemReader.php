<?php
/**
 * Understands what comes back from a remote site when it is not what was asked for.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Remote\Http\Failure;
use Tandem\Remote\Http\Response;
use Tandem\Remote\Http\Unreachable;

final class ProblemReader {

	/** Longest wait that a site may ask for, seconds: a header must not switch syncing off for ever. */
	private const LONGEST_WAIT = DAY_IN_SECONDS;

	/** What WordPress's own error codes mean, whatever the status: `wp_insert_user()`'s come with a 500. */
	private const CODES = array(
		'incorrect_password'                      => ProblemCode::CredentialRefused,
		'invalid_username'                        => ProblemCode::AccountGone,
		'invalid_email'                           => ProblemCode::AccountGone,
		'application_passwords_disabled'          => ProblemCode::PasswordsOff,
		'application_passwords_disabled_for_user' => ProblemCode::PasswordsOff,
		'rest_no_route'                           => ProblemCode::RestMissing,
		'rest_disabled'                           => ProblemCode::RestClosed,
		'rest_cannot_access'                      => ProblemCode::RestClosed,
		'rest_login_required'                     => ProblemCode::RestClosed,
		'rest_api_authentication_required'        => ProblemCode::RestClosed,
		'rest_user_invalid_id'                    => ProblemCode::RemovedThere,
		'existing_user_login'                     => ProblemCode::UsernameTaken,
		'existing_user_email'                     => ProblemCode::EmailTaken,
		'rest_user_invalid_email'                 => ProblemCode::EmailTaken,
		'rest_user_invalid_username'              => ProblemCode::UsernameInvalid,
		'user_login_too_long'                     => ProblemCode::UsernameInvalid,
		'empty_user_login'                        => ProblemCode::UsernameInvalid,
		'user_nicename_too_long'                  => ProblemCode::UsernameInvalid,
		'rest_user_invalid_reassign'              => ProblemCode::ReassignMissing,
		'rest_user_invalid_role'                  => ProblemCode::RefusedThere,
		'rest_user_invalid_password'              => ProblemCode::RefusedThere,
		'user_url_too_long'                       => ProblemCode::RefusedThere,
		'rest_invalid_param'                      => ProblemCode::RefusedThere,
		'rest_missing_callback_param'             => ProblemCode::RefusedThere,
		'rest_invalid_type'                       => ProblemCode::RefusedThere,
		'rest_invalid_stored_value'               => ProblemCode::RefusedThere,
		'rest_meta_database_error'                => ProblemCode::RefusedThere,
		'rest_cannot_update'                      => ProblemCode::RefusedThere,
		'rest_user_invalid_argument'              => ProblemCode::RefusedThere,
		'unknown_site'                            => ProblemCode::Unpaired,
		'misdirected'                             => ProblemCode::SignatureRefused,
		'unknown_key'                             => ProblemCode::SignatureRefused,
		'bad_signature'                           => ProblemCode::SignatureRefused,
		'clock'                                   => ProblemCode::ClockOff,
	);

	/** Which right is missing when WordPress says so. */
	private const RIGHTS = array(
		'rest_forbidden_context'  => 'list_users',
		'rest_user_cannot_view'   => 'list_users',
		'rest_forbidden_orderby'  => 'list_users',
		'rest_cannot_create_user' => 'create_users',
		'rest_cannot_edit'        => 'edit_users',
		'rest_cannot_edit_roles'  => 'promote_users',
		'rest_user_cannot_delete' => 'delete_users',
	);

	/**
	 * @param string  $site     The site's name, for the sentences.
	 * @param string  $username Account there that Tandem uses.
	 * @param Excerpt $excerpt  Makes lines that may be shown.
	 * @param bool    $is_known Whether the credential has worked before. When a log-in fails, WordPress itself answers as if none
	 *                          had been sent (`rest_cookie_check_errors()` comes to know of it after
	 *                          `rest_application_password_check_errors()` has looked): revoked and dropped on the way look alike.
	 * @param bool    $is_retried Whether what fails is tried again by itself, so that the sentences may say so.
	 */
	public function __construct( private readonly string $site, private readonly string $username, private readonly Excerpt $excerpt, private readonly bool $is_known = false, private readonly bool $is_retried = true ) {
	}

	/**
	 * A problem with its own sentence.
	 *
	 * @param ProblemCode $code   Which one.
	 * @param string      $detail What the sentence needs.
	 */
	public function problem( ProblemCode $code, string $detail = '' ): Problem {
		return new Problem( $code, $code->kind(), $this->sentence( $code, $detail ) );
	}

	/**
	 * What is said of a problem.
	 *
	 * @param ProblemCode $code   Which one.
	 * @param string      $detail What the sentence needs.
	 */
	private function sentence( ProblemCode $code, string $detail ): string {
		return $this->is_retried ? $code->sentence( $this->site, $detail ) : $code->what_happened( $this->site, $detail );
	}

	/**
	 * The first line of a text that may be shown.
	 *
	 * @param string $text What came back.
	 */
	public function first_line_of( string $text ): string {
		return $this->excerpt->first_line( $text );
	}

	/**
	 * No whole answer came.
	 *
	 * @param Unreachable $error Why.
	 * @param string      $url   The address that was asked.
	 */
	public function of_unreachable( Unreachable $error, string $url ): Problem {
		$detail = $this->excerpt->first_line( $error->detail );
		return match ( $error->failure ) {
			Failure::Refused     => $this->problem( ProblemCode::Refused ),
			Failure::Dns         => $this->problem( ProblemCode::Dns ),
			Failure::Timeout     => $this->problem( ProblemCode::Timeout ),
			Failure::Certificate => $this->problem( ProblemCode::Certificate, $detail ),
			Failure::CutShort    => $this->problem( ProblemCode::CutShort ),
			Failure::TooLarge    => $this->problem( ProblemCode::TooLarge ),
			Failure::Insecure    => $this->problem( ProblemCode::Insecure, self::shown( $url ) ),
			Failure::Blocked     => $this->problem( ProblemCode::BlockedHere, (string) wp_parse_url( $url, PHP_URL_HOST ) ),
			Failure::Other       => $this->problem( ProblemCode::Network, $detail ),
		};
	}

	/**
	 * An answer came that is not what was asked for.
	 *
	 * @param Response $response The answer.
	 * @param string   $url      The address that was asked.
	 * @param mixed    $json     What JSON it holds; null for none.
	 */
	public function of_response( Response $response, string $url, mixed $json ): Problem {
		$to = $response->redirects_to( $url );
		if ( '' !== $to ) {
			return preg_match( '#wp-login\.php|/log-?in\b|[?&]redirect_to=#i', $to ) ? $this->problem( ProblemCode::LoginPage ) : $this->problem( ProblemCode::Moved, self::shown( $to ) );
		}
		$wait = $this->retry_after( $response );
		if ( 'stopped' === self::remote_code( $json ) ) {
			return $this->problem( ProblemCode::PeerStopped );
		}
		if ( 429 === $response->status || 503 === $response->status ) {
			$code = 429 === $response->status ? ProblemCode::RateLimited : ProblemCode::Maintenance;
			return new Problem( $code, $code->kind(), $this->sentence( $code, self::waiting( $wait ) ), $this->first_line( $response, $json ), $wait, $response->status, self::remote_code( $json ) );
		}
		$code   = '' === self::remote_code( $json ) ? $this->without_json( $response, $json ) : $this->with_code( $response, self::remote_code( $json ) );
		$params = self::params( $json );
		if ( ProblemCode::RefusedThere === $code && isset( $params['username'] ) ) {
			$code = ProblemCode::UsernameInvalid;
		} elseif ( ProblemCode::RefusedThere === $code && isset( $params['email'] ) ) {
			$code = ProblemCode::EmailInvalid;
		}
		$line = $this->first_line( $response, $json );
		return new Problem( $code, $code->kind(), $this->sentence( $code, $this->detail( $code, $json, $line ) ), $line, $wait, $response->status, self::remote_code( $json ), $params );
	}

	/**
	 * Seconds that a site asks to wait, from a number or a date (RFC 9110, 10.2.3); null when it does not.
	 *
	 * @param Response $response The answer.
	 */
	private function retry_after( Response $response ): ?int {
		$value = trim( $response->header( 'retry-after' ) );
		if ( '' === $value ) {
			return null;
		}
		if ( ctype_digit( $value ) ) {
			return min( self::LONGEST_WAIT, strlen( $value ) > 9 ? self::LONGEST_WAIT : (int) $value );
		}
		// A date begins with a day of the week; PHP makes a date of "-5" and "soon" alike.
		$date = preg_match( '/^[a-z]{3,9},?\s/i', $value ) ? strtotime( $value ) : false;
		// The date is by the site's own clock.
		$now = 0 === $response->date() ? time() : $response->date();
		return false === $date ? null : max( 0, min( self::LONGEST_WAIT, $date - $now ) );
	}

	/**
	 * What an error of WordPress's REST API means.
	 *
	 * @param Response $response The answer.
	 * @param string   $remote   Its code.
	 */
	private function with_code( Response $response, string $remote ): ProblemCode {
		if ( isset( self::CODES[ $remote ] ) ) {
			return self::CODES[ $remote ];
		}
		if ( 401 === $response->status ) {
			// WordPress says 401 to nobody, 403 to somebody: what we sent was not seen.
			if ( 'rest_not_logged_in' !== $remote && ! isset( self::RIGHTS[ $remote ] ) ) {
				return ProblemCode::RestClosed;
			}
			return $this->is_known ? ProblemCode::CredentialRefused : ProblemCode::HeaderStripped;
		}
		if ( isset( self::RIGHTS[ $remote ] ) ) {
			return ProblemCode::MissingRight;
		}
		return match ( true ) {
			403 === $response->status, 405 === $response->status => ProblemCode::Firewall,
			$response->status >= 500 => ProblemCode::ServerError,
			$response->status >= 400 => ProblemCode::RefusedThere,
			default => ProblemCode::Unexpected,
		};
	}

	/**
	 * What an answer without an error of WordPress's REST API means.
	 *
	 * @param Response $response The answer.
	 * @param mixed    $json     What JSON it holds; null for none.
	 */
	private function without_json( Response $response, mixed $json ): ProblemCode {
		$is_page = (bool) preg_match( '/^\s*(<!doctype|<html|<head|<body)/i', substr( $response->body, 0, 2000 ) );
		return match ( true ) {
			$response->status >= 500 => ProblemCode::ServerError,
			401 === $response->status && '' !== $response->header( 'www-authenticate' ) => ProblemCode::ServerPassword,
			in_array( $response->status, array( 401, 403, 405, 406 ), true ) => ProblemCode::Firewall,
			404 === $response->status => ProblemCode::RestMissing,
			$response->status >= 400 => ProblemCode::Firewall,
			null !== $json           => ProblemCode::Unexpected,
			(bool) preg_match( '/wp-login\.php|id=["\']loginform|type=["\']password/i', $response->body ) => ProblemCode::LoginPage,
			$is_page                 => ProblemCode::NotJson,
			'' === trim( $response->body ) => ProblemCode::CutShort,
			(bool) preg_match( '/^\s*[\[{]/', $response->body ) => ProblemCode::CutShort,
			(bool) preg_match( '/[\[{]\s*("|\{|\])/', $response->body ) => ProblemCode::Noise,
			default                  => ProblemCode::NotJson,
		};
	}

	/**
	 * What the sentence of a code needs.
	 *
	 * @param ProblemCode $code Which one.
	 * @param mixed       $json What JSON came.
	 * @param string      $line First line of what came.
	 */
	private function detail( ProblemCode $code, mixed $json, string $line ): string {
		return match ( $code ) {
			ProblemCode::AccountGone  => $this->username,
			ProblemCode::MissingRight => self::RIGHTS[ self::remote_code( $json ) ] ?? $line,
			default                   => '' === $line ? __( 'an empty answer', 'tandem-user-sync' ) : $line,
		};
	}

	/**
	 * First line of what came, with the status where that is all.
	 *
	 * @param Response $response The answer.
	 * @param mixed    $json     What JSON it holds.
	 */
	private function first_line( Response $response, mixed $json ): string {
		if ( '' !== self::remote_code( $json ) && is_array( $json ) ) {
			$said   = array_values( array_filter( array_merge( array( $json['message'] ?? '' ), array_values( self::params( $json ) ) ), 'is_string' ) );
			$errors = is_array( $json['additional_errors'] ?? null ) ? array_column( $json['additional_errors'], 'message' ) : array();
			return $this->excerpt->first_line( implode( ' ', array_unique( array_merge( $said, array_filter( $errors, 'is_string' ) ) ) ) );
		}
		$line = $this->excerpt->first_line( $response->body );
		return $response->status >= 400 ? trim( "HTTP $response->status $line" ) : $line;
	}

	/**
	 * WordPress's error code, or ''.
	 *
	 * @param mixed $json What JSON came.
	 */
	private static function remote_code( mixed $json ): string {
		return is_array( $json ) && is_string( $json['code'] ?? null ) && array_key_exists( 'message', $json ) ? $json['code'] : '';
	}

	/**
	 * What is said of single parameters. Meta keys that fail on their own are named in `data.param` or `data.key`,
	 * on some versions in `additional_data` (class-wp-rest-meta-fields.php, rest_convert_error_to_response()).
	 *
	 * @param mixed $json What JSON came.
	 * @return array<string, string>
	 */
	private static function params( mixed $json ): array {
		if ( ! is_array( $json ) ) {
			return array();
		}
		$params = array();
		foreach ( array( $json, ...( is_array( $json['additional_errors'] ?? null ) ? $json['additional_errors'] : array() ) ) as $error ) {
			if ( ! is_array( $error ) ) {
				continue;
			}
			$message = is_string( $error['message'] ?? null ) ? $error['message'] : '';
			foreach ( array( $error['data'] ?? null, ...( is_array( $error['additional_data'] ?? null ) ? $error['additional_data'] : array() ) ) as $data ) {
				if ( ! is_array( $data ) ) {
					continue;
				}
				foreach ( is_array( $data['params'] ?? null ) ? $data['params'] : array() as $name => $sentence ) {
					$params[ (string) $name ] = is_string( $sentence ) ? $sentence : $message;
				}
				if ( is_string( $data['param'] ?? null ) ) {
					$params[ $data['param'] ] = $message;
				}
				if ( is_string( $data['key'] ?? null ) ) {
					$params[ 'meta.' . $data['key'] ] = $message;
				}
			}
		}
		return $params;
	}

	/**
	 * An address without its query: that may hold somebody's data.
	 *
	 * @param string $url Address.
	 */
	private static function shown( string $url ): string {
		return (string) preg_replace( '#^(https?://)[^/@]*@|[?\#].*$#i', '$1', $url );
	}

	/**
	 * " 60 seconds", or ''.
	 *
	 * @param int|null $seconds Seconds.
	 */
	private static function waiting( ?int $seconds ): string {
		if ( null === $seconds ) {
			return '';
		}
		return ' ' . ( $seconds < 2 * MINUTE_IN_SECONDS
			/* translators: %d: number of seconds. */
			? sprintf( _n( '%d second', '%d seconds', $seconds, 'tandem-user-sync' ), $seconds )
			: human_time_diff( 0, $seconds ) );
	}
}
