import {
  Decimal,
  type AssetId,
  type Balance,
  type Clock,
  type ExchangeId,
  type Fill,
  type Instrument,
} from '@cex-arbitrage/common'
import type { Leg } from '../execution/leg.js'
import type { AccountView } from '../types/account-view.js'
import { createFillEntries, type FillOrigin } from './fill-entries.js'
import { Ledger, type LedgerEntry } from './ledger.js'
import { OrderReservations } from './order-reservations.js'
import { TradeResults } from './trade-results.js'

/** Accounts whose sum over all assets is what trading did to us. */
const resultAccounts = ['trading', 'legging', 'fees', 'funding'] as const

/** What the streams and fetches of one exchange's account have said. */
interface VenueAccount {
  connected: boolean
  /** Balances have been fetched since the stream stood. */
  fetched: boolean
  /** Grows with everything that may move a balance; a comparison counts only if it stood still meanwhile. */
  activity: number
  readonly reported: Map<AssetId, Balance>
  /** Locked by orders that are not ours, as last seen while none of ours was open. */
  readonly foreignLocked: Map<AssetId, Decimal>
}

/**
 * What we own, exchange by exchange: the ledger, what orders have reserved of it, and what the trades brought. Written by
 * execution alone, read by everyone through `AccountView`.
 */
export class Portfolio implements AccountView {
  readonly ledger = new Ledger()
  readonly results: TradeResults
  private readonly reservations = new OrderReservations()
  private readonly venues = new Map<ExchangeId, VenueAccount>()
  private trades = 0

  constructor(clock: Clock) {
    this.results = new TradeResults(clock)
  }

  available(exchange: ExchangeId, asset: AssetId): Decimal {
    const foreign = this.venue(exchange).foreignLocked.get(asset) ?? Decimal.zero
    const left = this.total(exchange, asset).minus(this.reservations.reserved(exchange, asset)).minus(foreign)
    return Decimal.max(left, Decimal.zero)
  }

  total(exchange: ExchangeId, asset: AssetId): Decimal {
    return this.ledger.balance(`venue:${exchange}`, asset)
  }

  isCurrent(exchange: ExchangeId): boolean {
    const { connected, fetched } = this.venue(exchange)
    return connected && fetched
  }

  openOrders(exchange: ExchangeId): number {
    return this.reservations.openOrders(exchange)
  }

  unknownOrders(exchange: ExchangeId): number {
    return this.reservations.unknownOrders(exchange)
  }

  openTrades(): number {
    return this.trades
  }

  netPosition(asset: AssetId): Decimal {
    return resultAccounts
      .reduce((sum, account) => sum.plus(this.ledger.balance(account, asset)), Decimal.zero)
      .negated()
  }

  realisedToday(profitAsset: AssetId): Decimal {
    return this.results.realisedToday(profitAsset)
  }

  consecutiveFailures(): number {
    return this.results.consecutiveFailures
  }

  /** No order of ours can move a balance of this exchange at the moment. */
  isQuiet(exchange: ExchangeId): boolean {
    return this.reservations.isQuiet(exchange)
  }

  /** No order of ours does more on this exchange than rest untouched, so that what the account owns can be compared. */
  isStill(exchange: ExchangeId): boolean {
    return this.reservations.isStill(exchange)
  }

  activity(exchange: ExchangeId): number {
    return this.venue(exchange).activity
  }

  tradeOpened(): void {
    this.trades++
  }

  tradeClosed(): void {
    this.trades--
  }

  /** Brings the order's share of the funds up to date with what is known of it. */
  track(leg: Leg): void {
    this.venue(leg.request.instrument.exchange).activity++
    this.reservations.track(leg)
  }

  /** Frees what an order held that was never sent. */
  forget(leg: Leg): void {
    this.reservations.forget(leg)
  }

  bookFill(fill: Fill, instrument: Instrument, origin: FillOrigin): void {
    this.venue(instrument.exchange).activity++
    this.ledger.post(createFillEntries(fill, instrument, origin))
  }

  post(entries: readonly LedgerEntry[]): void {
    this.ledger.post(entries)
  }

  onConnected(exchange: ExchangeId): void {
    const venue = this.venue(exchange)
    venue.connected = true
    venue.fetched = false
  }

  onDisconnected(exchange: ExchangeId): void {
    const venue = this.venue(exchange)
    venue.connected = false
    venue.fetched = false
  }

  onBalance(exchange: ExchangeId, balance: Balance): void {
    const venue = this.venue(exchange)
    venue.reported.set(balance.asset, balance)
    if (this.isQuiet(exchange)) venue.foreignLocked.set(balance.asset, balance.locked)
  }

  /** Takes the answer of a fetch: assets left out are zero. */
  onBalances(exchange: ExchangeId, balances: readonly Balance[]): void {
    const venue = this.venue(exchange)
    for (const asset of venue.reported.keys())
      if (!balances.some((balance) => balance.asset === asset))
        this.onBalance(exchange, { asset, free: Decimal.zero, locked: Decimal.zero })
    for (const balance of balances) this.onBalance(exchange, balance)
    venue.fetched = true
  }

  private venue(exchange: ExchangeId): VenueAccount {
    let venue = this.venues.get(exchange)
    if (venue === undefined) {
      venue = { connected: false, fetched: false, activity: 0, reported: new Map(), foreignLocked: new Map() }
      this.venues.set(exchange, venue)
    }
    return venue
  }
}
