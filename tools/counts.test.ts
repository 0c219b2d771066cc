import { count, failures } from './counts';

describe( 'the number of tests', () => {
	it( "is read from Jest's last lines", () => {
		expect(
			count(
				'Test Suites: 1 failed, 3 passed, 4 total\nTests:       1 failed, 2 skipped, 5 passed, 8 total\nSnapshots:   0 total'
			)
		).toEqual( { passed: 5, failed: 1, skipped: 2 } );
	} );

	it( 'is added up over several runs of PHPUnit, in colour', () => {
		expect(
			count(
				[
					'\u001b[30;42mOK (12 tests, 40 assertions)\u001b[0m',
					'\u001b[37;41mTests: 12\u001b[0m\u001b[37;41m, Assertions: 40\u001b[0m\u001b[37;41m, Errors: 1\u001b[0m\u001b[37;41m, Failures: 2, Skipped: 3.\u001b[0m',
				].join( '\n' )
			)
		).toEqual( { passed: 18, failed: 3, skipped: 3 } );
	} );

	it( "is read from Playwright's last lines", () => {
		expect(
			count(
				'  1 failed\n    [chromium] › a.spec.ts:3:1 › it works\n  1 flaky\n  2 did not run\n  9 passed (56.2s)\n'
			)
		).toEqual( { passed: 10, failed: 1, skipped: 2 } );
	} );

	it( "is read from the last lines of Node's own runner", () => {
		expect(
			count(
				'# tests 8\n# suites 0\n# pass 5\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 0\nℹ pass 2'
			)
		).toEqual( { passed: 7, failed: 2, skipped: 1 } );
	} );

	it( 'is nothing where no test ran', () => {
		expect( count( 'No tests found, exiting with code 1' ) ).toEqual( {
			passed: 0,
			failed: 0,
			skipped: 0,
		} );
	} );
} );

describe( 'what is said again of tests that failed', () => {
	it( 'is the beginning of what each program told of them', () => {
		const said = failures(
			[
				'ok 1 - fine',
				'not ok 2 - three sites',
				"  error: 'the traffic does not end'",
				'ok 3 - fine',
				'\u001b[1m  ● Settings › says why\u001b[0m',
				'    Found multiple elements',
				'1) Tandem\\Tests\\OutboxTest::test_it',
				'Failed asserting that 1 is 2.',
				'  1) [chromium] › 5-page.spec.ts:180:2 › every section',
				...Array.from( { length: 50 }, () => '    more' ),
			].join( '\n' )
		);
		expect( said ).toHaveLength( 4 );
		expect( said[ 0 ] ).toBe(
			"not ok 2 - three sites\n  error: 'the traffic does not end'"
		);
		expect( said[ 2 ] ).toContain( '1 is 2' );
		expect( said[ 3 ]?.split( '\n' ) ).toHaveLength( 20 );
	} );
} );
