<?php
/**
 * The one place where objects are made and hooks are attached: read it as the table of contents.
 *
 * Nothing is made before it is needed: a request that touches no user and no page of
 * ours costs a few closures and no query.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem;

use Tandem\Access\Block;
use Tandem\Access\Shortcode;
use Tandem\Activity\Log;
use Tandem\Admin\CopyNotice;
use Tandem\Admin\DebugInformation;
use Tandem\Admin\Page;
use Tandem\Admin\ProfilePanel;
use Tandem\Admin\SiteHealth;
use Tandem\Admin\SuspendActions;
use Tandem\Admin\TagList;
use Tandem\Admin\TagPanel;
use Tandem\Admin\UserStates;
use Tandem\Admin\UsersColumn;
use Tandem\Alert\Mail;
use Tandem\Alert\Spells;
use Tandem\Alert\Watch;
use Tandem\Backfill\Backfills;
use Tandem\Backfill\Bringer;
use Tandem\Backfill\CsvReport;
use Tandem\Backfill\BulkLinks;
use Tandem\Backfill\Duplicates;
use Tandem\Backfill\Engine;
use Tandem\Backfill\Fetcher;
use Tandem\Backfill\Items;
use Tandem\Backfill\Matcher;
use Tandem\Backfill\Review;
use Tandem\Backfill\OnlyThere;
use Tandem\Backfill\Runner;
use Tandem\Capture\Accounts;
use Tandem\Capture\FirstLooks;
use Tandem\Capture\Passwords;
use Tandem\Capture\Recorder;
use Tandem\Capture\TagChanges;
use Tandem\Capture\Trouble;
use Tandem\Capture\Unwritten;
use Tandem\Cli\BackfillCommand;
use Tandem\Cli\ImportCommand;
use Tandem\Cli\MainCommand;
use Tandem\Cli\RuleCommand;
use Tandem\Cli\SiteCommand;
use Tandem\Cli\TagCommand;
use Tandem\Cli\WebhookCommand;
use Tandem\Confirm\Confirmation;
use Tandem\Confirm\Screen;
use Tandem\Database\Connection;
use Tandem\Database\Schema;
use Tandem\Database\SchemaVersion;
use Tandem\Guest\Checkout;
use Tandem\Guest\GuestReader;
use Tandem\Guest\Guests;
use Tandem\Hooks\Adapters;
use Tandem\Hooks\Events;
use Tandem\Import\LinkImport;
use Tandem\Import\RemoteIds;
use Tandem\Integration\WooCommerce\Customers;
use Tandem\Login\Admission;
use Tandem\Login\Arrival;
use Tandem\Login\Beginning;
use Tandem\Login\Codes;
use Tandem\Login\Departures;
use Tandem\Login\EditorLinks;
use Tandem\Login\Front;
use Tandem\Login\LinkToSite;
use Tandem\Login\LogInForm;
use Tandem\Login\Pace;
use Tandem\Login\Partners;
use Tandem\Login\Redemption;
use Tandem\Login\Vouching;
use Tandem\Integration\WooCommerce\Memberships;
use Tandem\Integration\WooCommerce\Orders;
use Tandem\Integration\WooCommerce\Subscriptions;
use Tandem\Integration\WpFusion;
use Tandem\Peer\Accounts as PeerAccounts;
use Tandem\Peer\Applier;
use Tandem\Peer\Approvals;
use Tandem\Peer\BareAccounts;
use Tandem\Peer\Batch;
use Tandem\Peer\BringRequests;
use Tandem\Peer\Claim;
use Tandem\Peer\Description;
use Tandem\Peer\Fence;
use Tandem\Peer\Finder;
use Tandem\Peer\FirstWords;
use Tandem\Peer\Forwarding;
use Tandem\Peer\Gate;
use Tandem\Peer\GrantWriter;
use Tandem\Peer\Guard;
use Tandem\Peer\GuestAccounts;
use Tandem\Peer\IncomingUser;
use Tandem\Peer\Introduction;
use Tandem\Peer\Journal;
use Tandem\Peer\Messages;
use Tandem\Peer\LinkRequests;
use Tandem\Peer\Notices;
use Tandem\Peer\Offers;
use Tandem\Peer\PairingCodes;
use Tandem\Peer\PasswordTest;
use Tandem\Peer\Policy as PeerPolicy;
use Tandem\Peer\Refusals;
use Tandem\Peer\RemovalLimit;
use Tandem\Peer\Remover;
use Tandem\Peer\SelfTest;
use Tandem\Peer\Sieve;
use Tandem\Peer\StoredPassword;
use Tandem\Peer\Suspension;
use Tandem\Peer\Users as PeerUsers;
use Tandem\Peer\Writer;
use Tandem\Privacy\Eraser;
use Tandem\Privacy\Exporter;
use Tandem\Privacy\Person;
use Tandem\Privacy\Policy;
use Tandem\Remote\AddressChanges;
use Tandem\Remote\Connector;
use Tandem\Remote\Credentials;
use Tandem\Remote\Discovery;
use Tandem\Remote\Http\AddressPolicy;
use Tandem\Remote\Http\Client;
use Tandem\Remote\Http\Options;
use Tandem\Remote\Http\Pool;
use Tandem\Remote\Http\WakeUp;
use Tandem\Remote\Links;
use Tandem\Remote\PairedSiteTransport;
use Tandem\Remote\Pairer;
use Tandem\Remote\PeerCheck;
use Tandem\Remote\PeerLookup;
use Tandem\Remote\PeerOffers;
use Tandem\Remote\PeerSites;
use Tandem\Remote\PlainSiteTransport;
use Tandem\Remote\PlainSites;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteCheck;
use Tandem\Remote\SiteKind;
use Tandem\Remote\Sites;
use Tandem\Remote\Transports;
use Tandem\Remote\WebhookAddress;
use Tandem\Remote\WebhookSecrets;
use Tandem\Remote\WebhookTransport;
use Tandem\Rest\ActivityController;
use Tandem\Rest\Api;
use Tandem\Rest\BackfillAnswer;
use Tandem\Rest\BackfillsController;
use Tandem\Rest\ChoicesController;
use Tandem\Rest\ConflictsController;
use Tandem\Rest\ConnectController;
use Tandem\Rest\CsvFile;
use Tandem\Rest\ExplanationsController;
use Tandem\Rest\Failures;
use Tandem\Rest\HookController;
use Tandem\Rest\IdentityController;
use Tandem\Rest\ImportController;
use Tandem\Rest\IncomingHooksController;
use Tandem\Rest\MetaKeys;
use Tandem\Rest\PeerController;
use Tandem\Rest\PolicyChanges;
use Tandem\Rest\RulesController;
use Tandem\Rest\SettingsController;
use Tandem\Rest\SiteAnswer;
use Tandem\Rest\SiteChanges;
use Tandem\Rest\SitesController;
use Tandem\Rest\SummaryController;
use Tandem\Rest\VerificationsController;
use Tandem\Rest\WakeUpController;
use Tandem\Rest\WebhooksController;
use Tandem\Rules\Courses;
use Tandem\Rules\Engine as RuleEngine;
use Tandem\Rules\Grants;
use Tandem\Rules\RoleOccasions;
use Tandem\Rules\RuleBook;
use Tandem\Rules\TagOccasions;
use Tandem\Rules\Tags as RuleTags;
use Tandem\Security\PlainPassword;
use Tandem\Security\ProtectedAccounts;
use Tandem\Security\SiteIdentity;
use Tandem\Security\SiteKeys;
use Tandem\Security\Vault;
use Tandem\Sync\ConflictResolver;
use Tandem\Sync\Dispatcher;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Jobs;
use Tandem\Sync\Outbox;
use Tandem\Sync\Records;
use Tandem\Sync\Schedule;
use Tandem\Sync\Settlement;
use Tandem\Sync\Stamp;
use Tandem\Sync\UserReader;
use Tandem\Sync\Worker;
use Tandem\Tags\Rows;
use Tandem\Tags\Tags;
use Tandem\Time\Clock;
use Tandem\Verify\Answers;
use Tandem\Verify\Bringing;
use Tandem\Verify\Comparison;
use Tandem\Verify\Engine as Verification;
use Tandem\Verify\Explainer;
use Tandem\Verify\Findings;
use Tandem\Verify\Judge;
use Tandem\Verify\Mender;
use Tandem\Verify\People;
use Tandem\Verify\Strays;
use Tandem\Verify\Verifications;
use Tandem\Webhook\Accounts as HookAccounts;
use Tandem\Webhook\Answers as HookAnswers;
use Tandem\Webhook\Body;
use Tandem\Webhook\CompatibleForm;
use Tandem\Webhook\Gate as HookGate;
use Tandem\Webhook\Hooks;
use Tandem\Webhook\HookSecrets;
use Tandem\Webhook\Intake;
use Tandem\Webhook\Journal as HookJournal;
use Tandem\Webhook\LastRequests;

final class Plugin {

	/** The plugin's version, as in the header of its main file. */
	public const VERSION = '0.1.0';

	/** For so long a late update can't bring back somebody who was deleted: longer than any site is away. */
	private const TOMBSTONE_SECONDS = 2 * YEAR_IN_SECONDS;

	/** For so long after their last order it is remembered under which number a guest goes. */
	private const GUEST_SECONDS = MONTH_IN_SECONDS;

	/** @var array<string, object> What has been made so far: one of each. */
	private array $made = array();

	/**
	 * @param string $file  The plugin's main file.
	 * @param \wpdb  $wpdb  WordPress's database connection.
	 * @param Clock  $clock Time.
	 */
	public function __construct( public readonly string $file, private readonly \wpdb $wpdb, private readonly Clock $clock ) {
	}

	/**
	 * Attaches everything to WordPress.
	 */
	public function attach(): void {
		$this->attach_life();
		// After the plugins that bring one, whose own place is plugins_loaded or init.
		add_action( 'init', fn () => has_filter( 'tandem_adapters' ) ? $this->adapters()->attach() : null, 20 );
		add_action( 'init', fn () => $this->attach_integrations(), 20 );
		$this->attach_capture();
		$this->attach_rules();
		$this->attach_delivery();
		$this->attach_login();
		$this->attach_routes();
		$this->attach_pages();
		$this->attach_commands();
	}

	/**
	 * Other plugins that are there.
	 */
	public function attach_integrations(): void {
		if ( function_exists( 'wp_fusion' ) && WpFusion::is_present() ) {
			add_action( 'add_user_meta', fn ( mixed $user_id = 0, mixed $key = '' ) => $this->wp_fusion()->about_to( (int) $user_id, (string) $key ), 10, 2 );
			foreach ( array( 'update_user_meta', 'delete_user_meta' ) as $hook ) {
				add_action( $hook, fn ( mixed $rows = 0, mixed $user_id = 0, mixed $key = '' ) => $this->wp_fusion()->about_to( (int) $user_id, (string) $key ), 10, 3 );
			}
			foreach ( array( 'added_user_meta', 'updated_user_meta', 'deleted_user_meta' ) as $hook ) {
				add_action( $hook, fn ( mixed $rows = 0, mixed $user_id = 0, mixed $key = '' ) => $this->wp_fusion()->done( (int) $user_id, (string) $key ), 10, 3 );
			}
			add_action( 'tandem_tags_changed', fn ( int $user_id, array $added, array $removed ) => $this->wp_fusion()->tags_changed( $user_id, array_values( $added ), array_values( $removed ) ), 10, 3 );
			foreach ( array( 'wpf_user_register', 'wpf_user_update' ) as $hook ) {
				add_filter( $hook, fn ( mixed $data = array(), mixed $user_id = 0 ): mixed => $this->wp_fusion()->without_password( $data, (int) $user_id ), PHP_INT_MAX, 2 );
			}
			// After what this request has to deliver.
			add_action( 'shutdown', fn () => isset( $this->made[ WpFusion::class ] ) ? $this->wp_fusion()->tell_crm() : null, 1001 );
		}
	}

	/**
	 * Being switched on, updated and switched off.
	 */
	private function attach_life(): void {
		register_activation_hook( $this->file, fn () => $this->activate() );
		register_deactivation_hook( $this->file, static fn ( mixed $network_wide = false ) => true === $network_wide ? Network::on_each_site( self::deactivate( ... ) ) : self::deactivate() );
		add_action( 'plugins_loaded', fn () => SchemaVersion::is_current() ? null : $this->update() );
	}

	/**
	 * What happens to users here. The addresses first: what is sent depends on them. Plugins fire these actions too,
	 * with less or other arguments than WordPress: that is not to end somebody's save.
	 */
	private function attach_capture(): void {
		$was = static fn ( mixed $user ): ?\WP_User => $user instanceof \WP_User ? $user : null;

		add_action( 'profile_update', fn ( mixed $id = 0, mixed $old = null ) => $old instanceof \WP_User ? $this->recorder()->safely( fn () => $this->addresses()->note( (int) $id, $old ) ) : null, 5, 2 );
		add_action( 'user_register', fn ( mixed $id = 0 ) => $this->recorder()->safely( fn () => $this->addresses()->note_new_account( (int) $id ) ), 5 );

		add_filter( 'wp_pre_insert_user_data', fn ( mixed $data = array(), mixed $update = true ): mixed => $this->seen_before_insert( $data, (bool) $update ), 99, 2 );
		// Before other plugins: a password that they set in this action is a later one.
		add_action( 'user_register', fn ( mixed $id = 0, #[\SensitiveParameter] mixed $data = array() ) => $this->passwords()->registered( (int) $id, (array) $data ), PHP_INT_MIN, 2 );
		add_action( 'profile_update', fn ( mixed $id = 0, mixed $old = null ) => $this->accounts()->updated( (int) $id, $was( $old ) ), 10, 2 );
		foreach ( array( 'added_user_meta', 'updated_user_meta', 'deleted_user_meta' ) as $hook ) {
			add_action( $hook, fn ( mixed $ids = 0, mixed $user_id = 0, mixed $key = '' ) => $this->accounts()->meta_changed( (int) $user_id, (string) $key ), 10, 3 );
		}
		// One row of user meta is one tag, whoever writes it.
		add_action( 'add_user_meta', fn ( mixed $user_id = 0, mixed $key = '' ) => Names::TAG_META === $key ? $this->tag_changes()->about_to( (int) $user_id ) : null, 10, 2 );
		add_action( 'update_user_meta', fn ( mixed $row = 0, mixed $user_id = 0, mixed $key = '' ) => Names::TAG_META === $key ? $this->tag_changes()->about_to( (int) $user_id ) : null, 10, 3 );
		add_action( 'delete_user_meta', fn ( mixed $rows = array(), mixed $user_id = 0, mixed $key = '' ) => Names::TAG_META === $key ? $this->tag_changes()->about_to( (int) $user_id, $rows ) : null, 10, 3 );
		foreach ( array( 'added_user_meta', 'updated_user_meta', 'deleted_user_meta' ) as $hook ) {
			add_action( $hook, fn ( mixed $ids = 0, mixed $user_id = 0, mixed $key = '' ) => Names::TAG_META === $key ? $this->tag_changes()->done( (int) $user_id ) : null, 10, 3 );
		}
		add_action( 'tandem_change_tags', fn ( mixed $user_id = 0, mixed $add = array(), mixed $remove = array() ) => $this->tags()->change( (int) $user_id, (array) $add, (array) $remove ), 10, 3 );
		add_filter( 'is_protected_meta', static fn ( mixed $is_protected = false, mixed $key = '' ): mixed => Names::TAG_META === $key ? true : $is_protected, 10, 2 );
		foreach ( array( 'delete_user', 'wpmu_delete_user' ) as $hook ) {
			add_action( $hook, fn ( mixed $id = 0 ) => $this->tag_changes()->going( (int) $id ) );
		}
		add_action( 'tandem_field_changed', fn ( mixed $user_id = 0, mixed $key = '' ) => $this->accounts()->meta_changed( (int) $user_id, (string) $key ), 10, 2 );
		add_action( 'delete_user', fn ( mixed $id = 0 ) => $this->accounts()->deleting( (int) $id ) );
		add_action( 'wpmu_delete_user', fn ( mixed $id = 0 ) => $this->accounts()->deleting( (int) $id ) );
		add_action( 'deleted_user', fn ( mixed $id = 0, mixed $reassign = null, mixed $user = null ) => $this->accounts()->deleted( $was( $user ) ), 10, 3 );

		add_action(
			'deleted_user',
			fn ( mixed $id = 0 ) => $this->recorder()->safely(
				function () use ( $id ): void {
					$this->approvals()->forget_user( (int) $id );
				}
			)
		);

		// After other plugins: what they change on the way is in the last word.
		add_action( 'user_profile_update_errors', fn ( mixed $errors = null, mixed $update = false, #[\SensitiveParameter] mixed $user = null ) => $this->passwords()->entered( $errors instanceof \WP_Error ? $errors : null, (bool) $update, is_object( $user ) ? $user : null ), 99, 3 );
		add_action( 'profile_update', fn ( mixed $id = 0, mixed $old = null, mixed $data = array() ) => $this->passwords()->updated( (int) $id, $was( $old ), (array) $data ), 99, 3 );
		add_action( 'wp_update_user', fn ( mixed $id = 0, mixed $written = array(), #[\SensitiveParameter] mixed $given = array() ) => $this->passwords()->saved( (int) $id, (array) $written, is_object( $given ) ? $given : (array) $given ), 99, 3 );
		add_action( 'after_password_reset', fn ( mixed $user = null, #[\SensitiveParameter] mixed $password = '' ) => $this->passwords()->reset( $was( $user )->ID ?? 0, is_string( $password ) ? $password : '' ), 99, 2 );
		add_action( 'wp_set_password', fn ( #[\SensitiveParameter] mixed $password = '', mixed $id = 0, mixed $old = null ) => $this->passwords()->set( is_string( $password ) ? $password : '', (int) $id, $was( $old ) ), 99, 3 );
		add_filter( 'authenticate', fn ( mixed $user = null, mixed $name = '', #[\SensitiveParameter] mixed $password = '' ): mixed => $user instanceof \WP_User ? $this->passwords()->logged_in( $user, $password ) : $user, 99, 3 );
	}

	/**
	 * What sets the owner's rules off: roles, tags, and what happens in a shop. While there was never a rule here, it
	 * costs nothing.
	 */
	private function attach_rules(): void {
		$id = static fn ( mixed $of ): int => is_object( $of ) && method_exists( $of, 'get_id' ) ? (int) $of->get_id() : 0;

		add_action( 'add_user_role', fn ( mixed $user_id = 0, mixed $role = '' ) => $this->for_rules( fn () => ( new RoleOccasions( $this->rule_engine() ) )->given( (int) $user_id, (string) $role ) ), 20, 2 );
		add_action( 'remove_user_role', fn ( mixed $user_id = 0, mixed $role = '' ) => $this->for_rules( fn () => ( new RoleOccasions( $this->rule_engine() ) )->taken( (int) $user_id, (string) $role ) ), 20, 2 );
		add_action( 'tandem_tags_changed', fn ( mixed $user_id = 0, mixed $added = array(), mixed $removed = array() ) => $this->for_rules( fn () => ( new TagOccasions( $this->rule_engine() ) )->changed( (int) $user_id, array_values( array_map( 'strval', (array) $added ) ), array_values( array_map( 'strval', (array) $removed ) ) ) ), 20, 3 );
		add_action(
			'deleted_user',
			fn ( mixed $user_id = 0 ) => $this->for_rules(
				function () use ( $user_id ): void {
					$this->grants()->forget( (int) $user_id );
				}
			)
		);

		add_action( 'before_woocommerce_init', fn () => Orders::declare_compatibility( $this->file ) );
		add_action( 'woocommerce_order_status_changed', fn ( mixed $order_id = 0, mixed $from = '', mixed $to = '' ) => $this->for_rules( fn () => $this->orders()->status_changed( (int) $order_id, (string) $to ) ), 20, 3 );
		add_action( 'woocommerce_order_refunded', fn ( mixed $order_id = 0 ) => $this->for_rules( fn () => $this->orders()->refunded( (int) $order_id ) ), 20 );
		add_action( 'woocommerce_refund_deleted', fn ( mixed $refund_id = 0, mixed $order_id = 0 ) => $this->for_rules( fn () => $this->orders()->refund_deleted( (int) $order_id ) ), 20, 2 );
		add_action( 'woocommerce_subscription_status_updated', fn ( mixed $subscription = null, mixed $status = '' ) => $this->for_rules( fn () => ( new Subscriptions( $this->rule_engine() ) )->status_updated( $subscription, (string) $status ) ), 20, 2 );
		add_action( 'wc_memberships_user_membership_status_changed', fn ( mixed $membership = null ) => $this->for_rules( fn () => ( new Memberships( $this->rule_engine() ) )->changed( $id( $membership ) ) ), 20 );
		add_action( 'wc_memberships_user_membership_saved', fn ( mixed $plan = null, mixed $saved = array() ) => $this->for_rules( fn () => ( new Memberships( $this->rule_engine() ) )->changed( (int) ( is_array( $saved ) ? $saved['user_membership_id'] ?? 0 : 0 ) ) ), 20, 2 );
		add_action( 'wc_memberships_user_membership_deleted', fn ( mixed $membership = null ) => $this->for_rules( fn () => ( new Memberships( $this->rule_engine() ) )->deleted( $id( $membership ), is_object( $membership ) && method_exists( $membership, 'get_user_id' ) ? (int) $membership->get_user_id() : 0 ) ), 20 );
	}

	/**
	 * Sending what was captured.
	 */
	private function attach_delivery(): void {
		// WooCommerce: an order is paid for, at the checkout, by a payment that comes later, or by hand.
		add_action( 'woocommerce_order_status_changed', fn ( mixed $order_id = 0 ) => $this->recorder()->safely( fn () => $this->checkout()->ordered( (int) $order_id ) ) );
		add_filter( 'cron_schedules', fn ( array $schedules ): array => $this->with_minute( $schedules ) ); // phpcs:ignore WordPress.WP.CronInterval -- a minute is what owners expect a queue to need at most.
		add_action( Names::CRON, fn () => $this->tidy(), 5 );
		add_action( Names::CRON, fn () => $this->worker()->tick() );
		add_filter( 'rest_pre_dispatch', fn ( mixed $result = null, mixed $server = null, mixed $request = null ): mixed => null !== rest_get_authenticated_app_password() && $request instanceof \WP_REST_Request ? $this->fence()->guard( $result, $request ) : $result, PHP_INT_MAX, 3 );
		add_action( 'wp_authenticate_application_password_errors', fn ( \WP_Error $error, \WP_User $user, array $item ) => $this->fence()->refuse_elsewhere( $error, $user, $item ), 10, 3 );
		add_action( 'wp_create_application_password', fn ( mixed $user_id = 0, mixed $item = array() ) => is_array( $item ) ? $this->fence()->remember( (int) $user_id, $item ) : null, 10, 2 );
		add_action( 'login_form_' . Names::CONFIRM, fn () => ( new Screen( Names::CONFIRM, $this->confirmation() ) )->show() );
		add_action( 'login_form_' . Names::APPROVE, fn () => ( new Screen( Names::APPROVE, $this->guard() ) )->show() );
		add_filter( 'authenticate', fn ( mixed $user = null ): mixed => $user instanceof \WP_User ? $this->suspension()->refuse( $user ) : $user, 100 );
		add_action( 'wp_authenticate_application_password_errors', fn ( \WP_Error $error, \WP_User $user ) => $this->suspension()->refuse_application_password( $error, $user ), 10, 2 );
		add_filter( 'allow_password_reset', fn ( mixed $allowed = true, mixed $user_id = 0 ): mixed => $this->suspension()->refuse_reset( $allowed, (int) $user_id ), 10, 2 );
		// After other plugins' post types, roles and taxonomies are there.
		add_action( 'init', fn () => $this->asks_by_compatible_form() ? $this->answer_compatible_form() : null, 50 );
		// After everything else that may still change users in this request.
		add_action( 'shutdown', fn () => $this->end_of_request(), 1000 );
	}

	/**
	 * One log-in for all sites.
	 */
	private function attach_login(): void {
		// Whether it may be one of ours is asked here: nothing is loaded for the others.
		// phpcs:disable WordPress.Security.NonceVerification.Recommended -- only whether it is there.
		add_action( 'wp_loaded', fn () => isset( $_GET['tandem_login'] ) || isset( $_GET['tandem_who'] ) || isset( $_GET['tandem_back'] ) || isset( $_GET['tandem_go'] ) ? $this->front()->answer() : null, 1 );
		add_action( 'template_redirect', fn () => ! empty( $_SERVER['HTTP_REFERER'] ) && ! is_user_logged_in() && ! isset( $_COOKIE['tandem_looked_up'] ) ? $this->front()->look_up() : null, 1 );
		add_action( 'login_form', fn () => array() === $this->sites()->offered() ? null : $this->log_in_form()->on_wordpress() );
		add_action( 'woocommerce_login_form_end', fn () => array() === $this->sites()->offered() ? null : $this->log_in_form()->on_woocommerce() );
		add_filter( 'wp_login_errors', fn ( mixed $errors = null ): mixed => isset( $_GET[ Names::REFUSED ] ) && $errors instanceof \WP_Error ? $this->log_in_form()->explain( $errors ) : $errors );
		// phpcs:enable
		add_filter( 'tandem_link_url', fn ( mixed $url = '', mixed $site = '', mixed $to = '/' ): string => $this->link_to_site()->url( is_scalar( $site ) ? (string) $site : '', is_string( $to ) ? $to : '/' ), 1, 3 );
		add_shortcode( Names::LINK, fn ( mixed $attributes = array(), mixed $text = '' ): string => $this->link_to_site()->shortcode( $attributes, $text ) );
		add_filter( 'get_block_type_variations', fn ( mixed $variations = array(), mixed $block = null ): mixed => is_array( $variations ) && $block instanceof \WP_Block_Type ? ( new EditorLinks( $this->login_partners(), new Trouble( $this->clock ) ) )->add( $variations, (string) $block->name ) : $variations, 10, 2 );
		add_action( 'wp_logout', fn ( mixed $id = 0 ) => $this->recorder()->safely( fn () => $this->recorder()->logged_out( (int) $id, false ) ) );
		// A suspension is written down as a user option before anything is taken.
		add_action( 'added_user_meta', fn ( mixed $ids = 0, mixed $id = 0, mixed $key = '' ) => str_ends_with( (string) $key, Names::SUSPENDED_META ) ? $this->recorder()->safely( fn () => $this->recorder()->logged_out( (int) $id, true ) ) : null, 10, 3 );
	}

	/**
	 * What is asked over REST. Whoever asks others pays nothing for our routes, unless ours are asked on the way
	 * (`rest_do_request()`).
	 */
	private function attach_routes(): void {
		add_action( 'rest_api_init', fn () => $this->is_rest_request_to_others() ? null : $this->register_routes() );
		add_filter(
			'rest_pre_dispatch',
			function ( mixed $result = null, mixed $server = null, mixed $request = null ): mixed {
				if ( $request instanceof \WP_REST_Request && $server instanceof \WP_REST_Server && 0 === stripos( $request->get_route(), '/' . Api::NAMESPACE ) && ! in_array( Api::NAMESPACE, $server->get_namespaces(), true ) ) {
					$this->register_routes();
				}
				return $result;
			},
			PHP_INT_MIN,
			3
		);
	}

	/**
	 * What people see.
	 */
	private function attach_pages(): void {
		add_filter( 'rest_pre_serve_request', static fn ( mixed $served = false, mixed $result = null, mixed $request = null ): mixed => $result instanceof \WP_HTTP_Response && $result->get_data() instanceof CsvFile && $request instanceof \WP_REST_Request ? CsvFile::serve( (bool) $served, $result, $request ) : $served, 10, 3 );
		add_action(
			'admin_menu',
			function (): void {
				$page = $this->page()->add();
				add_action( 'load-' . $page, fn () => $this->page()->load() );
			}
		);
		add_action( 'admin_enqueue_scripts', fn ( string $current ) => $this->page()->enqueue( $current ) );
		add_filter( 'admin_body_class', fn ( string $classes ): string => $this->page()->body_class( $classes ) );
		add_filter( 'plugin_action_links_' . plugin_basename( $this->file ), fn ( array $links ): array => $this->page()->action_links( $links ) );
		add_action( 'admin_notices', fn () => ( new CopyNotice( $this->identity() ) )->show() );
		add_filter( 'manage_users_columns', fn ( array $columns ): array => $this->users_column()->add( $columns ) );
		add_filter( 'manage_users_custom_column', fn ( string $output, string $column, int $user_id ): string => $this->users_column()->cell( $output, $column, $user_id ), 10, 3 );
		add_filter( 'user_row_actions', fn ( array $actions, \WP_User $user ): array => $this->suspend_actions()->add( $actions, $user ), 10, 2 );
		add_filter( 'user_row_actions', static fn ( array $actions, \WP_User $user ): array => ProfilePanel::add_link( $actions, $user ), 10, 2 );
		foreach ( array( 'show_user_profile', 'edit_user_profile' ) as $hook ) {
			add_action( $hook, fn ( \WP_User $user ) => ( new TagPanel( $this->tags() ) )->show( $user ) );
			add_action( $hook, fn ( \WP_User $user ) => ( new ProfilePanel( $this->explainer() ) )->show( $user ) );
		}
		foreach ( array( 'personal_options_update', 'edit_user_profile_update' ) as $hook ) {
			add_action( $hook, fn ( mixed $user_id = 0 ) => ( new TagPanel( $this->tags() ) )->save( (int) $user_id ) );
		}
		add_filter( 'manage_users_columns', fn ( array $columns ): array => $this->tag_list()->add_column( $columns ) );
		add_filter( 'manage_users_custom_column', fn ( mixed $output = '', mixed $column = '', mixed $user_id = 0 ): string => $this->tag_list()->cell( (string) $output, (string) $column, (int) $user_id ), 10, 3 );
		add_filter( 'bulk_actions-users', fn ( array $actions ): array => $this->tag_list()->add_actions( $actions ) );
		add_filter( 'handle_bulk_actions-users', fn ( mixed $back = '', mixed $action = '', mixed $ids = array() ): mixed => $this->tag_list()->act( $back, $action, (array) $ids ), 10, 3 );
		add_filter( 'users_list_table_query_args', fn ( array $args ): array => $this->tag_list()->filter( $args ) );
		add_action( 'manage_users_extra_tablenav', fn ( mixed $which = '' ) => $this->tag_list()->show_field( (string) $which ) );
		// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- only whether it is there.
		add_action( 'admin_notices', fn () => isset( $_GET[ Names::TAGGED ] ) ? $this->tag_list()->say() : null );
		add_action( 'init', fn () => ( new Block( $this->file ) )->register() );
		add_action( 'enqueue_block_editor_assets', fn () => ( new Block( $this->file ) )->edit() );
		add_shortcode( Names::ONLY_IF, static fn ( mixed $attributes = array(), mixed $content = '' ): string => Shortcode::render( $attributes, is_string( $content ) ? $content : '' ) );
		// So that WordPress takes the paragraph off that it puts around it, and that it shows nowhere else.
		add_shortcode( Names::OTHERWISE, '__return_empty_string' );
		add_action( 'admin_action_' . Names::SUSPEND, fn () => $this->suspend_actions()->act() );
		add_filter( 'site_status_tests', fn ( array $tests ): array => $this->site_health()->tests( $tests ) );
		add_filter( 'debug_information', fn ( array $info ): array => $this->debug_information()->information( $info ) );
		add_filter( 'wp_privacy_personal_data_exporters', fn ( array $exporters ): array => ( new Exporter( $this->person(), $this->log(), $this->links(), $this->sites(), $this->grants(), $this->last_requests() ) )->register( $exporters ) );
		add_filter( 'wp_privacy_personal_data_erasers', fn ( array $erasers ): array => ( new Eraser( $this->person(), $this->log(), $this->links(), $this->outbox(), $this->guests(), fn ( int $user_id ): int => count( $this->tags()->change( $user_id, array(), Tags::of( $user_id ) )[1] ), $this->grants(), $this->last_requests(), $this->hooks() ) )->register( $erasers ) );
		add_action( 'admin_init', fn () => ( new Policy() )->suggest() );
	}

	/**
	 * What is typed.
	 */
	private function attach_commands(): void {
		add_action(
			'cli_init',
			function (): void {
				$api = $this->api();
				\WP_CLI::add_command( 'tandem', new MainCommand( $api, $this->worker(), $this->outbox(), $this->sites(), $this->explainer() ) );
				\WP_CLI::add_command( 'tandem site', new SiteCommand( $api ) );
				\WP_CLI::add_command( 'tandem import', new ImportCommand( $api ) );
				\WP_CLI::add_command( 'tandem tag', new TagCommand( $api, $this->tags() ) );
				\WP_CLI::add_command( 'tandem webhook', new WebhookCommand( $api ) );
				\WP_CLI::add_command( 'tandem backfill', new BackfillCommand( $api, $this->worker() ) );
				\WP_CLI::add_command( 'tandem rule', new RuleCommand( $api ) );
			}
		);
	}

	/**
	 * The plugin was updated by files.
	 */
	private function update(): void {
		$this->schema()->migrate();
		// As at activation: asked for on page views, and when somebody registers.
		$this->sites()->note_settings();
		add_option( RuleBook::OPTION, array() );
	}

	/**
	 * Stops the clockwork, and leaves no application password behind that only this plugin has kept to one route.
	 */
	private static function deactivate(): void {
		wp_clear_scheduled_hook( Names::CRON );
		Fence::revoke_all();
	}

	/**
	 * Makes the tables, writes down which site this is, and starts the clockwork.
	 */
	private function activate(): void {
		$this->schema()->make();
		$this->identity()->establish();
		$this->keys()->establish();
		// Loaded with the other options: an option that does not exist costs a query each time it is asked for.
		add_option( Settings::OPTION, array() );
		add_option( RuleBook::OPTION, array() );
		$this->sites()->note_settings();
		if ( false === wp_next_scheduled( Names::CRON ) ) {
			wp_schedule_event( $this->clock->now(), 'tandem_minute', Names::CRON );
		}
	}

	/**
	 * Whether this is a REST request that neither asks for a route of ours, nor for a list of all, nor brings several
	 * requests at once.
	 */
	private function is_rest_request_to_others(): bool {
		$asked = $GLOBALS['wp']->query_vars['rest_route'] ?? '';
		$route = is_string( $asked ) ? trim( $asked, '/' ) : '';
		return '' !== $route && 0 !== stripos( $route, Api::NAMESPACE ) && 0 !== stripos( $route, 'batch/' );
	}

	/**
	 * Registers all routes.
	 */
	private function register_routes(): void {
		( new WakeUpController( $this->worker() ) )->register();
		$this->peer_routes()->register();
		( new HookController( new HookGate( $this->hooks(), $this->hook_secrets(), $this->hook_journal(), $this->clock ), $this->intake( ... ) ) )->register();
		$this->api()->register();
	}

	/**
	 * Whether this request has the form of address that WP Fusion's users have in their CRMs.
	 */
	private function asks_by_compatible_form(): bool {
		// phpcs:ignore WordPress.Security.NonceVerification -- from a CRM; the access key is checked by the form itself.
		return ( isset( $_GET['wpf_action'] ) || isset( $_POST['wpf_action'] ) ) && $this->schema()->is_current();
	}

	/**
	 * Answers such a request, if an incoming webhook takes it.
	 */
	private function answer_compatible_form(): void {
		// phpcs:ignore WordPress.Security.NonceVerification -- as above.
		$params  = wp_unslash( $_GET ) + wp_unslash( $_POST );
		$headers = array(
			'content_type'   => sanitize_text_field( wp_unslash( $_SERVER['CONTENT_TYPE'] ?? '' ) ),
			'content_length' => sanitize_text_field( wp_unslash( $_SERVER['CONTENT_LENGTH'] ?? '' ) ),
			'user_agent'     => sanitize_text_field( wp_unslash( $_SERVER['HTTP_USER_AGENT'] ?? '' ) ),
		);
		// One byte more than is taken shows that there was more.
		$answer = ( new CompatibleForm( $this->hooks(), $this->hook_secrets(), $this->intake() ) )->answer( $params, (string) file_get_contents( 'php://input', false, null, 0, Body::MOST_BYTES + 1 ), $headers );
		if ( null === $answer ) {
			return;
		}
		nocache_headers();
		if ( isset( $answer['retry'] ) ) {
			header( 'Retry-After: ' . (int) $answer['retry'] );
		}
		wp_send_json( array_intersect_key( $answer, array_flip( array( 'success', 'data' ) ) ), (int) $answer['status'] );
	}

	/**
	 * Tells the recorder of accounts that are being made, and leaves the data as it is.
	 *
	 * @param mixed $data      What will be written.
	 * @param bool  $is_update Whether the account exists.
	 */
	private function seen_before_insert( mixed $data, bool $is_update ): mixed {
		if ( ! $is_update ) {
			$this->recorder()->creating();
		}
		return $data;
	}

	/**
	 * Forgets what nobody needs any more of paired sites.
	 */
	private function tidy(): void {
		$this->messages()->purge();
		$this->login_codes()->purge();
		$this->fence()->revoke_unused();
		if ( $this->keys()->has_previous() ) {
			$this->keys()->tidy( $this->sites()->known_keys() );
		}
		$this->guests()->purge( $this->clock->now() - self::GUEST_SECONDS );
		$this->hook_answers()->purge();
		$this->last_requests()->purge();
		$this->records()->purge_tombstones( $this->clock->now() - self::TOMBSTONE_SECONDS );
	}

	/**
	 * Completes what this request captured and has it delivered, once the answer has gone out. What matters was
	 * written down when it happened.
	 */
	private function end_of_request(): void {
		if ( isset( $this->made[ TagChanges::class ] ) ) {
			$this->tag_changes()->say_all();
		}
		// What came from a paired site goes on to the others; guests have no edits.
		$has_applied = isset( $this->made[ PeerUsers::class ] ) && $this->peer_users()->has_taken;
		$has_applied = $has_applied || ( isset( $this->made[ Checkout::class ] ) && $this->checkout()->has_sent );
		$has_granted = isset( $this->made[ RuleEngine::class ] ) && $this->rule_engine()->took_news();
		if ( $has_applied || $has_granted || ( isset( $this->made[ Recorder::class ] ) && $this->recorder()->has_edits() ) ) {
			$this->recorder()->safely( fn () => $this->worker()->after_response( fn (): bool => $this->recorder()->flush() || $has_applied || $has_granted ) );
		}
	}

	/**
	 * Does something about the owner's rules, if there was ever one, so that a failure stays ours.
	 *
	 * @param \Closure(): void $work What to do.
	 */
	private function for_rules( \Closure $work ): void {
		if ( ! $this->rules()->is_blank() ) {
			$this->recorder()->safely( $work );
		}
	}

	/**
	 * WordPress's intervals of cron, with a minute.
	 *
	 * @param array<string, array{interval: int, display: string}> $schedules Intervals.
	 * @return array<string, array{interval: int, display: string}>
	 */
	private function with_minute( array $schedules ): array {
		return $schedules + array(
			'tandem_minute' => array(
				'interval' => MINUTE_IN_SECONDS,
				'display'  => __( 'Every minute (Tandem User Sync)', 'tandem-user-sync' ),
			),
		);
	}

	// What the hooks lead to.

	/**
	 * Sends.
	 */
	public function worker(): Worker {
		return $this->once(
			Worker::class,
			fn () => new Worker( $this->dispatcher(), $this->outbox(), $this->log(), new Settings(), new WakeUp(), $this->vault(), $this->clock, new Jobs( $this->backfill(), $this->verification() ), fn () => $this->each_minute() )
		);
	}

	/**
	 * What somebody who works looks after besides.
	 */
	private function each_minute(): void {
		$this->watch()->look();
		$this->unwritten()->bring();
		$this->verification()->start_due();
	}

	/**
	 * Whose changes could not be written down.
	 */
	public function unwritten(): Unwritten {
		return $this->once( Unwritten::class, fn () => new Unwritten( $this->sites(), $this->links(), $this->outbox() ) );
	}

	/**
	 * Brings what is due to the remote sites.
	 */
	public function dispatcher(): Dispatcher {
		return $this->once(
			Dispatcher::class,
			fn () => new Dispatcher( $this->sites(), $this->links(), $this->outbox(), $this->transports(), new Pool( $this->http() ), $this->settlement(), $this->confirmation(), $this->vault(), $this->identity(), $this->reader(), new GuestReader( $this->guests(), $this->customers(), $this->grants() ), $this->db(), $this->events(), $this->clock )
		);
	}

	/**
	 * The routes of the page.
	 */
	private function api(): Api {
		$sites  = $this->sites();
		$outbox = $this->outbox();
		$answer = new SiteAnswer( $outbox, $this->links(), $this->log(), $this->webhook_secrets(), $this->removal_limit() );
		return new Api(
			new Failures(),
			new SummaryController( $sites, $outbox, $this->log(), $this->clock ),
			new SitesController( $sites, $answer, new SiteChanges(), $this->connector(), new PolicyChanges(), new SiteCheck( $this->plain_sites(), $this->clock ), new PeerCheck( $this->peers(), $this->lookup(), $this->pairer(), $this->keys() ), $this->peers(), $this->webhook_transport(), $this->plain_sites(), $outbox, $this->worker(), $this->log(), $this->clock, $this->rules() ),
			new WebhooksController( $sites, $answer, $this->webhook_secrets(), WebhookAddress::of_this_site(), $this->worker(), $this->log() ),
			new IncomingHooksController( $this->hooks(), $this->hook_secrets(), $this->last_requests(), $this->log() ),
			new ConnectController( $this->discovery(), $this->connector(), $sites ),
			new ChoicesController( new MetaKeys( $this->db(), $this->adapters() ), $this->courses() ),
			new ActivityController( $this->log(), $sites, $outbox, $this->worker() ),
			new ConflictsController( $outbox, $sites, new ConflictResolver( $outbox, $this->links(), $this->log() ), $this->worker() ),
			new BackfillsController( $this->backfill(), $this->backfills(), $this->backfill_items(), $this->review(), new BackfillAnswer( $this->backfill_items(), $this->review(), $this->clock ), new CsvReport( $this->backfill_items() ), $this->worker() ),
			$this->verify_routes(),
			new RulesController( $this->rules(), $this->rule_engine(), array( new RoleOccasions( $this->rule_engine() ), new TagOccasions( $this->rule_engine() ), $this->orders(), new Subscriptions( $this->rule_engine() ), new Memberships( $this->rule_engine() ) ), $sites, new PeerOffers( $this->peers() ), $this->log(), $this->worker() ),
			new ExplanationsController( $this->explainer() ),
			new ImportController( new RemoteIds( $this->db() ), $this->link_import(), $sites, new SiteChanges(), new PolicyChanges(), $this->log(), fn (): ?WpFusion => WpFusion::is_present() ? $this->wp_fusion() : null, fn (): bool => $this->recorder()->flush() ),
			new SettingsController( new Settings(), $this->log() ),
			new IdentityController( $this->identity(), $sites, $this->log(), $this->keys(), $this->peers(), $this->pairing_codes(), $this->hooks(), $this->clock )
		);
	}

	/**
	 * Takes over numbers of accounts that people's meta holds.
	 */
	private function link_import(): LinkImport {
		return new LinkImport( new RemoteIds( $this->db() ), $this->backfills(), $this->backfill_items(), $this->bulk_links(), $this->links(), $this->outbox(), $this->log(), $this->db(), $this->clock );
	}

	/**
	 * Links many people on two paired sites.
	 */
	private function bulk_links(): BulkLinks {
		return $this->once( BulkLinks::class, fn () => new BulkLinks( $this->peers(), $this->records(), $this->links(), $this->backfill_items(), $this->outbox(), $this->log(), $this->db(), $this->clock ) );
	}

	/**
	 * The settings page.
	 */
	private function page(): Page {
		return $this->once( Page::class, fn () => new Page( $this->file, $this->connector( ... ), $this->identity() ) );
	}

	/**
	 * The column of the users list.
	 */
	private function users_column(): UsersColumn {
		return $this->once( UsersColumn::class, fn () => new UsersColumn( $this->sites(), new UserStates( $this->db() ) ) );
	}

	/**
	 * Tags in the users list.
	 */
	private function tag_list(): TagList {
		return $this->once( TagList::class, fn () => new TagList( $this->tags() ) );
	}

	/**
	 * *Suspend* and *End suspension* in the users list.
	 */
	private function suspend_actions(): SuspendActions {
		return new SuspendActions( $this->suspension(), $this->protected_accounts(), $this->log() );
	}

	/**
	 * Site Health.
	 */
	private function site_health(): SiteHealth {
		return new SiteHealth( $this->sites(), $this->outbox(), $this->credentials(), $this->identity(), $this->keys(), $this->schema(), $this->clock );
	}

	/**
	 * Facts for support.
	 */
	private function debug_information(): DebugInformation {
		return new DebugInformation( $this->sites(), $this->outbox(), $this->log(), $this->identity(), $this->keys(), $this->schema() );
	}

	/**
	 * Whose data the privacy tools ask for.
	 */
	private function person(): Person {
		return new Person( $this->log() );
	}

	// What those are made of.

	/**
	 * Takes the edits of this request.
	 */
	public function recorder(): Recorder {
		return $this->once( Recorder::class, fn () => new Recorder( $this->sites(), new FirstLooks( $this->db() ), $this->links(), $this->outbox(), $this->vault(), new Settings(), $this->records(), $this->reader(), new Trouble( $this->clock ), $this->unwritten(), $this->departures(), $this->clock ) );
	}

	/**
	 * Tags of WP Fusion.
	 */
	private function wp_fusion(): WpFusion {
		return $this->once( WpFusion::class, fn () => new WpFusion( $this->tags(), $this->recorder(), new Trouble( $this->clock ) ) );
	}

	/**
	 * The tags of people.
	 */
	public function tags(): Tags {
		return $this->once( Tags::class, fn () => new Tags( new Rows( $this->db() ), $this->tag_changes() ) );
	}

	/**
	 * Listens to changes of tags.
	 */
	public function tag_changes(): TagChanges {
		return $this->once( TagChanges::class, fn () => new TagChanges( $this->recorder(), new Rows( $this->db() ), new Trouble( $this->clock ) ) );
	}

	/**
	 * Listens to accounts and their meta.
	 */
	private function accounts(): Accounts {
		return $this->once( Accounts::class, fn () => new Accounts( $this->recorder() ) );
	}

	/**
	 * Listens for passwords.
	 */
	private function passwords(): Passwords {
		return $this->once( Passwords::class, fn () => new Passwords( $this->recorder() ) );
	}

	/**
	 * When e-mail addresses were changed.
	 */
	private function addresses(): AddressChanges {
		return $this->once( AddressChanges::class, fn () => new AddressChanges( $this->clock ) );
	}

	/**
	 * Asks an account's holder.
	 */
	public function confirmation(): Confirmation {
		return $this->once( Confirmation::class, fn () => new Confirmation( $this->outbox(), $this->sites(), $this->vault(), $this->clock, fn () => $this->worker()->wake() ) );
	}

	/**
	 * How plain sites are reached.
	 */
	public function plain_transport(): PlainSiteTransport {
		return $this->once( PlainSiteTransport::class, fn () => new PlainSiteTransport( $this->plain_sites(), $this->links(), $this->addresses() ) );
	}

	/**
	 * How sites are reached.
	 */
	public function transports(): Transports {
		return $this->once( Transports::class, fn () => new Transports( $this->plain_transport(), new PairedSiteTransport( $this->peers(), $this->records(), $this->links(), $this->addresses(), $this->db(), $this->grants(), $this->gone_there( ... ), $this->tell_others( ... ) ), $this->webhook_transport() ) );
	}

	/**
	 * How webhooks are told.
	 */
	public function webhook_transport(): WebhookTransport {
		return $this->once( WebhookTransport::class, fn () => new WebhookTransport( $this->http(), $this->webhook_secrets(), WebhookAddress::of_this_site(), $this->clock ) );
	}

	/**
	 * What requests to webhooks are signed with.
	 */
	public function webhook_secrets(): WebhookSecrets {
		return $this->once( WebhookSecrets::class, fn () => new WebhookSecrets( $this->credentials(), $this->clock ) );
	}

	// What automators and CRMs send.

	/**
	 * Carries out what comes to incoming webhooks.
	 */
	public function intake(): Intake {
		return $this->once(
			Intake::class,
			fn () => new Intake( $this->hooks(), $this->last_requests(), $this->hook_answers(), new HookAccounts( $this->protected_accounts(), $this->sieve(), $this->writer(), $this->reader(), $this->tags() ), $this->hook_journal(), $this->identity(), $this->clock )
		);
	}

	/**
	 * Incoming webhooks.
	 */
	public function hooks(): Hooks {
		return $this->once( Hooks::class, fn () => new Hooks( $this->db(), $this->clock ) );
	}

	/**
	 * Their secrets.
	 */
	public function hook_secrets(): HookSecrets {
		return $this->once( HookSecrets::class, fn () => new HookSecrets( $this->hooks(), $this->vault(), $this->clock ) );
	}

	/**
	 * Their last requests.
	 */
	public function last_requests(): LastRequests {
		return $this->once( LastRequests::class, fn () => new LastRequests( $this->hooks(), $this->vault(), $this->clock ) );
	}

	/**
	 * What was answered to messages that may come again.
	 */
	public function hook_answers(): HookAnswers {
		return $this->once( HookAnswers::class, fn () => new HookAnswers( $this->db(), $this->clock ) );
	}

	/**
	 * What came of them.
	 */
	private function hook_journal(): HookJournal {
		return $this->once( HookJournal::class, fn () => new HookJournal( $this->log() ) );
	}

	/**
	 * Conversations with paired sites.
	 */
	public function peers(): PeerSites {
		return $this->once( PeerSites::class, fn () => new PeerSites( $this->http(), $this->keys(), $this->identity(), $this->sites(), $this->clock ) );
	}

	/**
	 * Introduces this site to others with Tandem.
	 */
	private function pairer(): Pairer {
		return $this->once( Pairer::class, fn () => new Pairer( $this->http(), $this->lookup(), $this->description(), $this->keys(), $this->introduction(), $this->peers(), new PasswordTest( $this->keys(), new StoredPassword() ), $this->sites() ) );
	}

	/**
	 * Asks a site with Tandem who it is.
	 */
	private function lookup(): PeerLookup {
		return $this->once( PeerLookup::class, fn () => new PeerLookup( $this->http() ) );
	}

	/**
	 * What this site says of itself.
	 */
	private function description(): Description {
		return $this->once( Description::class, fn () => new Description( $this->identity(), $this->keys(), $this->clock ) );
	}

	/**
	 * Makes sites known that introduce themselves.
	 */
	private function introduction(): Introduction {
		return $this->once( Introduction::class, fn () => new Introduction( $this->sites(), $this->identity(), $this->lookup(), $this->plain_sites(), AddressPolicy::of_this_site(), $this->keys(), $this->log(), $this->clock ) );
	}

	/**
	 * People who have ordered here without an account.
	 */
	public function guests(): Guests {
		return $this->once( Guests::class, fn () => new Guests( $this->db(), $this->clock ) );
	}

	/**
	 * Who has ordered.
	 */
	private function customers(): Customers {
		return $this->once( Customers::class, fn () => new Customers() );
	}

	/**
	 * Brings guests who have paid.
	 */
	private function checkout(): Checkout {
		return $this->once( Checkout::class, fn () => new Checkout( $this->customers(), $this->guests(), $this->sites(), $this->outbox() ) );
	}

	/**
	 * The routes for paired sites.
	 */
	public function peer_routes(): PeerController {
		return $this->once(
			PeerController::class,
			fn () => new PeerController(
				new Gate( $this->sites(), $this->identity(), $this->messages(), new Refusals( $this->log() ), $this->clock ),
				$this->description(),
				$this->keys(),
				$this->fence(),
				$this->pairing_codes(),
				$this->introduction(),
				$this->self_test(),
				new Notices( $this->sites(), $this->outbox(), $this->lookup(), AddressPolicy::of_this_site(), $this->identity(), $this->self_test(), $this->log(), fn () => $this->worker()->wake(), $this->clock ),
				new PeerAccounts( $this->db(), $this->protected_accounts() ),
				$this->peer_users(),
				fn (): LinkRequests => new LinkRequests( $this->db(), $this->links(), $this->records(), $this->outbox(), $this->approvals(), $this->protected_accounts(), $this->log(), $this->events(), $this->clock ),
				$this->answers( ... ),
				fn (): Offers => new Offers( $this->courses() ),
				fn (): BringRequests => new BringRequests( $this->outbox(), $this->protected_accounts(), $this->bringing(), fn () => $this->worker()->wake() ),
				fn (): Redemption => new Redemption( $this->login_codes(), $this->login_partners(), $this->suspension(), $this->dispatcher(), $this->log(), $this->clock )
			)
		);
	}

	/**
	 * Writes users who come from paired sites.
	 */
	public function applier(): Applier {
		return $this->once(
			Applier::class,
			function (): Applier {
				$limit = $this->removal_limit();
				return new Applier(
					$this->links(),
					$this->records(),
					new Finder( $this->links(), $this->outbox(), $this->records(), $this->guard(), $this->protected_accounts(), $this->clock ),
					$this->protected_accounts(),
					$this->sieve(),
					$this->writer(),
					new Remover( $this->protected_accounts(), $this->suspension(), $limit, $this->links(), $this->records(), $this->forwarding(), $this->recorder()->silently( ... ) ),
					$limit,
					$this->forwarding(),
					new Journal( $this->log() ),
					$this->events(),
					$this->tag_changes(),
					new Trouble( $this->clock ),
					$this->reader(),
					$this->guest_accounts(),
					$this->departures(),
					$this->recorder()->silently( ... ),
					fn (): array => $this->meta_keys(),
					$this->grant_writer()
				);
			}
		);
	}

	/**
	 * Makes accounts for people who have ordered on a paired site without one.
	 */
	private function guest_accounts(): GuestAccounts {
		return $this->once( GuestAccounts::class, fn () => new GuestAccounts( $this->sieve(), $this->writer(), $this->records(), $this->forwarding(), new Journal( $this->log() ), $this->events(), $this->reader(), $this->recorder()->silently( ... ), fn (): array => $this->meta_keys(), $this->grant_writer(), $this->protected_accounts() ) );
	}

	/**
	 * Does what rules of other sites want for people here.
	 */
	private function grant_writer(): GrantWriter {
		return $this->once( GrantWriter::class, fn () => new GrantWriter( $this->protected_accounts(), $this->suspension(), $this->courses(), new RuleTags( $this->tags(), $this->tag_changes() ), new Trouble( $this->clock ), $this->rule_engine()->quietly( ... ) ) );
	}

	/**
	 * Decides what of an incoming person is taken.
	 */
	private function sieve(): Sieve {
		return $this->once( Sieve::class, fn () => new Sieve( new StoredPassword(), $this->suspension() ) );
	}

	/**
	 * Writes accounts.
	 */
	private function writer(): Writer {
		return $this->once( Writer::class, fn () => new Writer( $this->protected_accounts(), $this->suspension(), new FirstWords( $this->db() ), new BareAccounts( $this->db() ), $this->adapters(), $this->tags() ) );
	}

	/**
	 * A paired site says that a person was deleted there: its policy decides, as if it had told us before we asked.
	 *
	 * @param RemoteSite $site The site.
	 * @param int        $ref  The person's id there.
	 * @param non-empty-list<string> $uids Their uids.
	 */
	private function gone_there( RemoteSite $site, int $ref, array $uids ): void {
		$deleted = Stamp::next( null, $this->clock->now_ms(), $site->pairing->uuid ?? '' );
		$this->applier()->apply( $site, PeerPolicy::from_array( $site->policy ), new IncomingUser( $ref, $uids[0], 0, '', 0, Claim::Registered, null, 0, $deleted, array(), null, array_slice( $uids, 1 ) ) );
	}

	/**
	 * Tells other sites what was found out about a user here.
	 *
	 * @param int      $user_id User here.
	 * @param FieldSet $fields  What.
	 * @param int      $but     A site that knows it, or 0.
	 */
	private function tell_others( int $user_id, FieldSet $fields, int $but ): void {
		$user = get_userdata( $user_id );
		if ( false !== $user ) {
			$this->forwarding()->tell( $user, $fields, $but );
		}
	}

	/**
	 * From one site to the others.
	 */
	private function forwarding(): Forwarding {
		return $this->once( Forwarding::class, fn () => new Forwarding( $this->sites(), $this->links(), $this->outbox(), new Settings(), $this->clock, fn ( RemoteSite $site, int $user_id, PlainPassword $password ): string => $this->recorder()->sealed( $site, $user_id, $password ) ) );
	}

	/**
	 * Meta keys that any paired site gets from here or may write here.
	 *
	 * @return list<string>
	 */
	private function meta_keys(): array {
		$keys = array();
		foreach ( $this->sites()->all() as $site ) {
			if ( SiteKind::Paired === $site->kind ) {
				array_push( $keys, ...$site->meta_keys(), ...PeerPolicy::from_array( $site->policy )->meta_list );
			}
		}
		return array_values( array_unique( $keys ) );
	}

	/**
	 * Asks the holders of accounts here whether those of paired sites are theirs.
	 */
	private function guard(): Guard {
		return $this->once(
			Guard::class,
			fn () => new Guard(
				$this->approvals(),
				$this->sites(),
				$this->protected_accounts(),
				$this->addresses(),
				$this->vault(),
				$this->clock,
				fn ( RemoteSite $site, int $ref ) => $this->peers()->notify(
					$site,
					array(
						'type' => 'again',
						'id'   => $ref,
					)
				)
			)
		);
	}

	/**
	 * Who was asked.
	 */
	private function approvals(): Approvals {
		return $this->once( Approvals::class, fn () => new Approvals( $this->db() ) );
	}

	/**
	 * Accounts that no other site changes.
	 */
	private function protected_accounts(): ProtectedAccounts {
		return $this->once( ProtectedAccounts::class, fn () => new ProtectedAccounts( ( new Settings() )->protected_accounts() ) );
	}

	/**
	 * Accounts without roles and log-in, for a time.
	 */
	private function suspension(): Suspension {
		return $this->once( Suspension::class, fn () => new Suspension( $this->protected_accounts(), $this->clock ) );
	}

	/**
	 * When people logged out of everything.
	 */
	private function departures(): Departures {
		return $this->once( Departures::class, fn () => new Departures( $this->protected_accounts(), $this->clock ) );
	}

	/**
	 * The addresses of the handshake by which people log in here who are logged in elsewhere, and the other way.
	 */
	public function front(): Front {
		return $this->once(
			Front::class,
			fn () => new Front(
				fn (): Beginning => new Beginning( $this->login_partners(), $this->identity(), $this->vault(), $this->clock ),
				fn (): Vouching => new Vouching( $this->login_partners(), $this->login_codes(), $this->identity() ),
				fn (): Arrival => new Arrival( $this->login_partners(), $this->peers(), new Admission( $this->links(), $this->protected_accounts(), $this->suspension() ), $this->peer_users( ... ), new Pace( $this->vault() ), $this->vault(), $this->log(), $this->clock ),
				$this->login_partners(),
				$this->identity(),
				new Trouble( $this->clock )
			)
		);
	}

	/**
	 * What log-in forms show.
	 */
	private function log_in_form(): LogInForm {
		return $this->once( LogInForm::class, fn () => new LogInForm( $this->login_partners(), new Trouble( $this->clock ) ) );
	}

	/**
	 * Links that log people in on another site.
	 */
	private function link_to_site(): LinkToSite {
		return $this->once( LinkToSite::class, fn () => new LinkToSite( $this->login_partners(), $this->identity() ) );
	}

	/**
	 * Sites with which this one logs people in.
	 */
	private function login_partners(): Partners {
		return $this->once( Partners::class, fn () => new Partners( $this->sites(), $this->identity() ) );
	}

	/**
	 * Codes with which they ask who somebody is.
	 */
	private function login_codes(): Codes {
		return $this->once( Codes::class, fn () => new Codes( $this->db(), $this->clock ) );
	}

	/**
	 * Takes people from paired sites.
	 */
	private function peer_users(): PeerUsers {
		return $this->once( PeerUsers::class, fn () => new PeerUsers( $this->applier( ... ), $this->guest_accounts( ... ), $this->keys(), new Batch( $this->db() ) ) );
	}

	/**
	 * How many people a paired site may remove in an hour.
	 */
	private function removal_limit(): RemovalLimit {
		return $this->once( RemovalLimit::class, fn () => new RemovalLimit( $this->db(), $this->clock, static fn ( RemoteSite $site ): int => $site->removals_until ) );
	}

	/**
	 * Tests of passwords that paired sites ask for.
	 */
	private function self_test(): SelfTest {
		return $this->once( SelfTest::class, fn () => new SelfTest( new PasswordTest( $this->keys(), new StoredPassword() ), $this->sites() ) );
	}

	/**
	 * Messages that came.
	 */
	private function messages(): Messages {
		return $this->once( Messages::class, fn () => new Messages( $this->db(), $this->clock ) );
	}

	/**
	 * Application passwords that introduce.
	 */
	private function fence(): Fence {
		return $this->once( Fence::class, fn () => new Fence( new Refusals( $this->log() ), $this->clock ) );
	}

	/**
	 * One-time codes that introduce.
	 */
	private function pairing_codes(): PairingCodes {
		return $this->once( PairingCodes::class, fn () => new PairingCodes( $this->vault(), $this->clock ) );
	}

	/**
	 * This site's keys.
	 */
	public function keys(): SiteKeys {
		return $this->once( SiteKeys::class, fn () => new SiteKeys( $this->vault(), $this->clock ) );
	}

	/**
	 * When fields were changed.
	 */
	public function records(): Records {
		return $this->once( Records::class, fn () => new Records( $this->db(), $this->clock, $this->identity()->uuid() ) );
	}

	/**
	 * The REST API of plain sites.
	 */
	public function plain_sites(): PlainSites {
		return $this->once( PlainSites::class, fn () => new PlainSites( $this->http(), $this->credentials() ) );
	}

	/**
	 * Makes connections.
	 */
	public function connector(): Connector {
		return $this->once( Connector::class, fn () => new Connector( $this->discovery(), $this->plain_sites(), $this->sites(), $this->credentials(), $this->identity(), $this->pairer() ) );
	}

	/**
	 * Brings over the users that existed before.
	 */
	public function backfill(): Engine {
		return $this->once(
			Engine::class,
			fn () => new Engine(
				$this->backfills(),
				$this->backfill_items(),
				$this->review(),
				new Matcher( $this->backfill_items(), $this->links(), $this->db(), new Duplicates( $this->backfill_items() ) ),
				new Runner( $this->backfill_items(), $this->links(), $this->outbox(), $this->log(), $this->addresses(), $this->bulk_links(), $this->db(), new Bringer( $this->backfill_items(), $this->outbox(), $this->records(), $this->comparison(), $this->reader(), $this->db() ), $this->clock ),
				new Fetcher( new OnlyThere( $this->db() ), $this->backfill_items(), $this->links(), fn ( RemoteSite $site, array $people ): array => $this->peers()->api( $site )->call( 'bring', array( 'people' => $people ) ), $this->db(), $this->clock ),
				$this->sites(),
				$this->plain_sites(),
				$this->peers(),
				$this->settlement(),
				$this->identity(),
				$this->clock
			)
		);
	}

	/**
	 * The backfills.
	 */
	private function backfills(): Backfills {
		return $this->once( Backfills::class, fn () => new Backfills( $this->db(), $this->clock ) );
	}

	/**
	 * What the owner looks at before a backfill.
	 */
	private function review(): Review {
		return $this->once( Review::class, fn () => new Review( $this->db() ) );
	}

	/**
	 * Their people.
	 */
	private function backfill_items(): Items {
		return $this->once( Items::class, fn () => new Items( $this->db() ) );
	}

	// The owner's rules.

	/**
	 * The rules.
	 */
	public function rules(): RuleBook {
		return $this->once( RuleBook::class, fn () => new RuleBook() );
	}

	/**
	 * Runs them.
	 */
	public function rule_engine(): RuleEngine {
		return $this->once( RuleEngine::class, fn () => new RuleEngine( $this->rules(), $this->grants(), $this->sites(), $this->outbox(), $this->log(), $this->clock ) );
	}

	/**
	 * What they want for people.
	 */
	public function grants(): Grants {
		return $this->once( Grants::class, fn () => new Grants( $this->db(), $this->clock, $this->identity()->uuid() ) );
	}

	/**
	 * The orders of a shop. A guest has no number yet: nothing is done for them.
	 */
	private function orders(): Orders {
		return $this->once( Orders::class, fn () => new Orders( $this->rule_engine(), $this->checkout() ) );
	}

	/**
	 * The courses of this site.
	 */
	private function courses(): Courses {
		return $this->once( Courses::class, fn () => new Courses( new Trouble( $this->clock ) ) );
	}

	// Comparing this site with paired ones.

	/**
	 * Compares and repairs.
	 */
	public function verification(): Verification {
		return $this->once(
			Verification::class,
			fn () => new Verification(
				$this->verifications(),
				$this->findings(),
				$this->comparison(),
				new Strays( $this->people() ),
				new Mender( $this->findings(), $this->bringing(), $this->peers(), $this->records(), $this->links(), $this->reader(), $this->addresses() ),
				$this->sites(),
				$this->links(),
				$this->lookup(),
				$this->transports(),
				$this->settlement(),
				$this->identity(),
				$this->log(),
				$this->clock
			)
		);
	}

	/**
	 * The routes of the page about them.
	 */
	private function verify_routes(): VerificationsController {
		return new VerificationsController( $this->verification(), $this->verifications(), $this->findings(), $this->sites(), $this->worker() );
	}

	/**
	 * Explains people.
	 */
	public function explainer(): Explainer {
		return $this->once( Explainer::class, fn () => new Explainer( $this->sites(), $this->links(), $this->outbox(), $this->log(), $this->comparison(), $this->plain_sites(), $this->bringing(), $this->reader(), $this->worker() ) );
	}

	/**
	 * Compares people.
	 */
	private function comparison(): Comparison {
		$people = $this->people();
		return $this->once( Comparison::class, fn () => new Comparison( $people, $this->peers(), $this->outbox(), new Judge( $people, $this->links(), $this->records(), $this->protected_accounts() ) ) );
	}

	/**
	 * Answers a paired site that compares.
	 */
	private function answers(): Answers {
		$people = $this->people();
		return $this->once( Answers::class, fn () => new Answers( $people, new Strays( $people ), $this->links(), $this->records(), $this->outbox(), $this->protected_accounts(), $this->bringing(), fn () => $this->worker()->wake() ) );
	}

	/**
	 * Reads people in bulk.
	 */
	private function people(): People {
		return $this->once( People::class, fn () => new People( $this->db(), $this->reader() ) );
	}

	/**
	 * Brings people who differ.
	 */
	private function bringing(): Bringing {
		return $this->once( Bringing::class, fn () => new Bringing( $this->records(), $this->outbox(), $this->reader(), fn ( int $user_id, FieldSet $fields ) => $this->tell_others( $user_id, $fields, 0 ) ) );
	}

	/**
	 * The verifications.
	 */
	public function verifications(): Verifications {
		return $this->once( Verifications::class, fn () => new Verifications( $this->db(), $this->clock ) );
	}

	/**
	 * What they found.
	 */
	public function findings(): Findings {
		return $this->once( Findings::class, fn () => new Findings( $this->db() ) );
	}

	/**
	 * Finds out what is at an address.
	 */
	public function discovery(): Discovery {
		return $this->once( Discovery::class, fn () => new Discovery( $this->http(), $this->sites(), $this->lookup(), $this->clock ) );
	}

	/**
	 * Writes down what came of deliveries.
	 */
	public function settlement(): Settlement {
		return $this->once( Settlement::class, fn () => new Settlement( $this->sites(), $this->links(), $this->outbox(), $this->log(), new Schedule(), $this->events(), $this->clock ) );
	}

	/**
	 * Tells the owner of trouble that lasts.
	 */
	public function watch(): Watch {
		return $this->once( Watch::class, fn () => new Watch( $this->sites(), $this->outbox(), new Spells( $this->db() ), new Mail( new Settings() ), new Settings(), $this->identity(), $this->clock ) );
	}

	/**
	 * What other plugins have brought along.
	 */
	public function adapters(): Adapters {
		return $this->once( Adapters::class, fn () => new Adapters( new Trouble( $this->clock ) ) );
	}

	/**
	 * Reads users.
	 */
	public function reader(): UserReader {
		return $this->once( UserReader::class, fn () => new UserReader( $this->adapters() ) );
	}

	/**
	 * Who wants to hear of deliveries.
	 */
	private function events(): Events {
		return $this->once( Events::class, fn () => new Events( new Trouble( $this->clock ) ) );
	}

	/**
	 * The HTTP client.
	 */
	public function http(): Client {
		return $this->once( Client::class, fn () => new Client( AddressPolicy::of_this_site(), new Options( 'Tandem User Sync/' . self::VERSION . '; ' . home_url() ) ) );
	}

	/**
	 * The log-ins of remote sites.
	 */
	public function credentials(): Credentials {
		return $this->once( Credentials::class, fn () => new Credentials( $this->sites(), $this->vault() ) );
	}

	/**
	 * Seals secrets under this site's salts.
	 */
	public function vault(): Vault {
		return $this->once( Vault::class, fn () => new Vault( wp_salt( 'auth' ) . wp_salt( 'secure_auth' ) ) );
	}

	/**
	 * Which site this is.
	 */
	public function identity(): SiteIdentity {
		return $this->once( SiteIdentity::class, fn () => new SiteIdentity() );
	}

	/**
	 * The remote sites.
	 */
	public function sites(): Sites {
		return $this->once( Sites::class, fn () => new Sites( $this->db(), $this->clock ) );
	}

	/**
	 * Who is who.
	 */
	public function links(): Links {
		return $this->once( Links::class, fn () => new Links( $this->db() ) );
	}

	/**
	 * What is due.
	 */
	public function outbox(): Outbox {
		return $this->once( Outbox::class, fn () => new Outbox( $this->db(), $this->clock ) );
	}

	/**
	 * The record.
	 */
	public function log(): Log {
		return $this->once( Log::class, fn () => new Log( $this->db(), $this->clock ) );
	}

	/**
	 * The tables.
	 */
	private function schema(): Schema {
		return $this->once( Schema::class, fn () => new Schema( $this->db(), $this->wpdb ) );
	}

	/**
	 * The database.
	 */
	private function db(): Connection {
		return $this->once( Connection::class, fn () => new Connection( $this->wpdb ) );
	}

	/**
	 * Makes an object the first time it is asked for.
	 *
	 * @template T of object
	 * @param class-string<T> $name Its class.
	 * @param \Closure(): T   $make Makes it.
	 * @return T
	 */
	private function once( string $name, \Closure $make ): object {
		/** @var T $object */
		$object = $this->made[ $name ] ??= $make();
		return $object;
	}
}
