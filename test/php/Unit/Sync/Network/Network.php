<?php
/**
 * Some sites, the connections between them, and everything that can go wrong on the way.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Unit\Sync\Network;

use Tandem\Sync\FieldSet;

final class Network {

	private const LOGINS = array( 'ann', 'ben', 'cleo', 'dan' );

	/** Half a day, milliseconds. */
	private const HOURS = 43_200_000;

	/** @var array<int, Site> By number. */
	public array $sites = array();

	/** How many letters were delivered. */
	public int $delivered = 0;

	/** @var array<int, Letter> On their way. */
	private array $mail = array();

	private int $letters = 0;

	/** Whether letters get lost, come twice or in another order. */
	private bool $is_rough = true;

	/**
	 * @param Dice                                 $dice  Chance.
	 * @param int                                  $count How many sites.
	 * @param list<array{int, int}>                $pairs Which of them get connected.
	 * @param Watch                                $watch Sees every stamp.
	 * @param \Closure( SiteClock, string ): Book  $book  Makes the records of a site.
	 */
	public function __construct( private readonly Dice $dice, int $count, private array $pairs, public readonly Watch $watch, \Closure $book ) {
		for ( $number = 1; $number <= $count; $number++ ) {
			$clock          = new SiteClock();
			$clock->skew_ms = $this->dice->below( 2 * self::HOURS ) - self::HOURS;
			$uuid           = $this->dice->uuid();
			$site           = new Site( $number, $uuid, $clock, $book( $clock, $uuid ), $dice, $watch );
			$site->hooks    = 60;

			$this->sites[ $number ] = $site;
		}
	}

	/**
	 * Which sites are connected.
	 *
	 * @param string $shape `pair`, `hub`, `ring` or `mesh`.
	 * @param int    $count How many sites.
	 * @return list<array{int, int}>
	 */
	public static function shape( string $shape, int $count ): array {
		$pairs = array();
		for ( $one = 1; $one <= $count; $one++ ) {
			for ( $two = $one + 1; $two <= $count; $two++ ) {
				$is_pair = match ( $shape ) {
					'hub'   => 1 === $one,
					'ring'  => 1 === $two - $one || ( 1 === $one && $two === $count ),
					default => true,
				};
				if ( $is_pair ) {
					$pairs[] = array( $one, $two );
				}
			}
		}
		return $pairs;
	}

	/**
	 * Connects some of the sites; the others follow later, when they have a history.
	 *
	 * @param int $percent How many.
	 */
	public function connect( int $percent ): void {
		foreach ( $this->pairs as $key => list( $one, $two ) ) {
			if ( $this->dice->says( $percent ) ) {
				unset( $this->pairs[ $key ] );
				$this->sites[ $one ]->peers[] = $two;
				$this->sites[ $two ]->peers[] = $one;
				$this->sites[ $one ]->backfill( $two );
			}
		}
	}

	/**
	 * People who were there before the sites were connected; some on several sites, each with something else.
	 */
	public function populate(): void {
		foreach ( self::LOGINS as $login ) {
			foreach ( $this->sites as $site ) {
				if ( $this->dice->says( 25 ) ) {
					$account = $site->add( $login );

					$account->values['first_name'] = "$login of $site->number";
					$account->values['tag:gold']   = $this->dice->says( 50 ) ? '1' : null;
				}
			}
		}
	}

	/**
	 * Something happens somewhere.
	 */
	public function happen(): void {
		$this->pass_time();
		$site    = $this->dice->pick( $this->sites );
		$account = array() === $site->accounts ? null : $this->dice->pick( $site->accounts );
		$chance  = $this->dice->below( 100 );
		if ( $chance < 1 ) {
			$this->connect( 50 );
		} elseif ( $chance < 25 ) {
			$this->send( $site );
		} elseif ( $chance < 60 ) {
			$this->deliver();
		} elseif ( $chance < 66 ) {
			$login = $this->dice->pick( self::LOGINS );
			if ( null === $site->by_login( $login ) ) {
				$site->create( $login, $this->values(), $this->dice->says( 10 ) );
			}
		} elseif ( $chance < 68 ) {
			$site->is_away = ! $site->is_away;
		} elseif ( $chance < 70 ) {
			$site->clock->skew_ms = $this->dice->below( 2 * self::HOURS ) - self::HOURS;
		} elseif ( $chance < 73 && array() !== $site->peers ) {
			$site->approved[ $this->dice->pick( $site->peers ) . ':' . $this->dice->pick( self::LOGINS ) ] = true;
		} elseif ( $chance < 76 ) {
			$this->give_up( $site );
		} elseif ( null !== $account ) {
			if ( $chance < 79 ) {
				$site->delete( $account );
			} elseif ( $chance < 83 ) {
				// Past all hooks: seen at the next look.
				$account->values['first_name'] = 'silent ' . $this->dice->below( 5 );
			} elseif ( $chance < 87 ) {
				// A log-in, at which core hashes the same password anew.
				$account->values['password'] = $account->meaning( 'password' ) . '#' . $this->dice->below( 1000 );
			} elseif ( $chance < 89 ) {
				$site->look( $account );
			} else {
				$values = $this->values();
				$field  = $this->dice->pick( array_keys( $values ) );
				$site->edit( $account, array( $field => $values[ $field ] ), $this->dice->says( 10 ) );
			}
		}
	}

	/**
	 * Everybody is there and connected, nothing gets lost any more, and every site looks at all it has.
	 */
	public function heal(): void {
		$this->is_rough = false;
		$this->connect( 100 );
		foreach ( $this->sites as $site ) {
			$site->is_away = false;
			$site->trusts  = true;
			$site->hooks   = 0;
			$this->give_up( $site );
			foreach ( $site->accounts as $account ) {
				$site->look( $account );
			}
		}
	}

	/**
	 * The other half of "sync both ways": whoever is unknown after one side's backfill is brought over by the other's.
	 */
	public function backfill(): void {
		foreach ( $this->sites as $site ) {
			foreach ( $site->peers as $peer ) {
				$site->backfill( $peer );
			}
		}
	}

	/**
	 * Delivers until nothing is due.
	 *
	 * @param int $limit Letters that are enough for that.
	 * @return bool Whether it became quiet.
	 */
	public function settle_down( int $limit ): bool {
		for ( $turn = 0; $turn < $limit; $turn++ ) {
			$this->pass_time();
			$busy = array_filter( $this->sites, fn ( Site $site ): bool => array() !== $this->due( $site ) );
			if ( array() !== $busy && ( array() === $this->mail || $this->dice->says( 50 ) ) ) {
				$this->send( $this->dice->pick( $busy ) );
			} elseif ( array() !== $this->mail ) {
				$this->deliver();
			} else {
				return array() === $this->left();
			}
		}
		return false;
	}

	/**
	 * Random values of all fields. Few different ones, so that two sites also set the same.
	 *
	 * @return array<string, mixed>
	 */
	public function values(): array {
		return array(
			'first_name' => 'name ' . $this->dice->below( 5 ),
			'nickname'   => 'nick ' . $this->dice->below( 5 ),
			'roles'      => array_slice( array( 'customer', 'author', 'editor' ), 0, $this->dice->below( 4 ) ),
			'password'   => 'secret ' . $this->dice->below( 50 ) . '#' . $this->dice->below( 1000 ),
			'tag:gold'   => $this->dice->says( 60 ) ? '1' : null,
			'tag:vip'    => $this->dice->says( 60 ) ? '1' : null,
		);
	}

	/**
	 * How many ways there are from a site to another.
	 */
	public function connections(): int {
		return array_sum( array_map( static fn ( Site $site ): int => count( $site->peers ), $this->sites ) );
	}

	/**
	 * What is still to be delivered, in words.
	 *
	 * @return list<string>
	 */
	public function left(): array {
		$left = array();
		foreach ( $this->sites as $site ) {
			foreach ( $site->outbox as $row ) {
				$account = $site->accounts[ $row->user ] ?? null;
				$left[]  = sprintf( '%d to %d: user %d (%s, uid %s) %s; last answer: %s', $site->number, $row->peer, $row->user, $account->login ?? 'deleted', $site->book->find( $row->user )?->uid ?? implode( ' ', $row->deletion['uids'] ?? array() ), $row->fields, $row->said );
			}
		}
		return $left;
	}

	private function pass_time(): void {
		$ms = 1 + $this->dice->below( 3 ) * $this->dice->below( 2000 );
		foreach ( $this->sites as $site ) {
			$site->clock->real_ms += $ms;
		}
	}

	/**
	 * A site sends one of its rows.
	 */
	private function send( Site $site ): void {
		$due = $this->due( $site );
		if ( array() === $due || $site->is_away ) {
			return;
		}
		$row    = $this->dice->pick( $due );
		$letter = $site->write( $row, ++$this->letters );

		$row->claim                   = $letter->number;
		$this->mail[ $this->letters ] = $letter;
	}

	/**
	 * A letter or an answer arrives, or gets lost, or comes twice.
	 */
	private function deliver(): void {
		if ( array() === $this->mail ) {
			return;
		}
		$number = $this->dice->pick( array_keys( $this->mail ) );
		$letter = $this->mail[ $number ];
		unset( $this->mail[ $number ] );
		if ( null !== $letter->answer ) {
			if ( ! $this->is_rough || $this->dice->says( 75 ) ) {
				$this->sites[ $letter->from ]->take( $letter, $letter->answer );
			}
			return;
		}
		if ( $this->is_rough && ( $this->sites[ $letter->to ]->is_away || $this->dice->says( 20 ) ) ) {
			return;
		}
		if ( $this->is_rough && $this->dice->says( 15 ) ) {
			$this->mail[ ++$this->letters ] = clone $letter;
		}
		++$this->delivered;
		$letter->answer        = $this->sites[ $letter->to ]->receive( $letter );
		$this->mail[ $number ] = $letter;
	}

	/**
	 * A site no longer waits for answers.
	 */
	private function give_up( Site $site ): void {
		foreach ( $site->outbox as $row ) {
			$row->claim = 0;
		}
	}

	/**
	 * What a site may send now.
	 *
	 * @return array<string, Row>
	 */
	private function due( Site $site ): array {
		return array_filter( $site->outbox, static fn ( Row $row ): bool => 0 === $row->claim );
	}
}
