/**
 * Many people on a site of the lab, and workers on its command line.
 */
import type { LabSite } from '../lab';
import { run } from '../lab/process';

/**
 * Runs PHP in a site's WordPress on the command line, where no server ends it.
 *
 * @param site Site.
 * @param code PHP; `$plugin` is a plugin of its own. What it prints is returned.
 */
export async function onCommandLine(
	site: LabSite,
	code: string
): Promise< string > {
	return run( 'php', [
		'-d',
		'memory_limit=1G',
		'-r',
		`$_SERVER['HTTP_HOST'] = '${ new URL( site.url ).host }';
		require '${ site.folder }/wp-load.php';
		$plugin = new Tandem\\Plugin( WP_PLUGIN_DIR . '/tandem-user-sync/tandem-user-sync.php', $GLOBALS['wpdb'], new Tandem\\Time\\SystemClock() );
		${ code }`,
	] );
}

/**
 * Puts people into a site by SQL, as an import does that no hook sees.
 *
 * @param site   Site.
 * @param prefix Beginning of their usernames.
 * @param count  How many.
 */
export async function addPeople(
	site: LabSite,
	prefix: string,
	count: number
): Promise< void > {
	await onCommandLine(
		site,
		`global $wpdb;
		$hash = wp_hash_password( 'secret' );
		$role = esc_sql( serialize( array( 'subscriber' => true ) ) );
		$wpdb->query( "INSERT INTO $wpdb->users (user_login, user_pass, user_nicename, user_email, user_registered, display_name) SELECT CONCAT( '${ prefix }', seq ), '$hash', CONCAT( '${ prefix }', seq ), CONCAT( '${ prefix }', seq, '@people.test' ), '2020-01-01 00:00:00', CONCAT( 'Person ', seq ) FROM seq_1_to_${ count }" );
		foreach ( array( $wpdb->prefix . 'capabilities' => $role, 'first_name' => 'First', 'last_name' => 'Last', 'nickname' => 'nick', 'description' => '' ) as $key => $value ) {
			$wpdb->query( "INSERT INTO $wpdb->usermeta (user_id, meta_key, meta_value) SELECT ID, '$key', '$value' FROM $wpdb->users WHERE user_login LIKE '${ prefix }%'" );
		}`
	);
}

/**
 * Works as `wp tandem work` does, without WP-CLI's own start.
 *
 * @param site   Site.
 * @param rounds PHP: what a worker does.
 * @return The most memory that it took above WordPress, bytes.
 */
export async function work( site: LabSite, rounds: string ): Promise< number > {
	const said = await onCommandLine(
		site,
		`$before = memory_get_peak_usage();
		${ rounds }
		echo json_encode( array( 'memory' => memory_get_peak_usage() - $before ) );`
	);
	return (
		JSON.parse( said.slice( said.lastIndexOf( '{' ) ) ) as {
			memory: number;
		}
	 ).memory;
}
