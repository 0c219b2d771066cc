<?php
/**
 * A paired site that takes everybody (`php -S`): what it is sent is not kept, and nothing is checked.
 *
 * @package Tandem
 */

declare(strict_types=1);

$users = json_decode( (string) file_get_contents( 'php://input' ), true )['users'] ?? array();
header( 'Content-Type: application/json' );
echo json_encode(
	array(
		'results' => array_map(
			static fn ( array $user ): array => array(
				'ref'     => $user['ref'],
				'result'  => 'updated',
				'id'      => $user['id'],
				'uid'     => $user['uid'],
				'login'   => $user['login'],
				'granted' => count( $user['grants'] ?? array() ),
			),
			$users
		),
	)
);
