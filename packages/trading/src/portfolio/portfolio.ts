import { Decimal, type AssetId, type Balance, type Clock, type Fill, type Instrument } from '@cex-arbitrage/common'
import type { Leg } from '../execution/leg.js'
import { accountOf, type AccountId } from '../types/account-id.js'
import type { AccountView } from '../types/account-view.js'
import { createFillEntries, type FillOrigin } from './fill-entries.js'
import { Ledger, type LedgerEntry } from './ledger.js'
import { OrderReservations } from './order-reservations.js'
import { Positions } from './positions.js'
import { TradeResults } from './trade-results.js'

/** Accounts whose sum over all assets is what trading did to us. */
const resultAccounts = ['trading', 'legging', 'fees'] as const

/** What the streams and fetches of one account have said. */
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
 * What we own, account by account: the ledger, what orders have reserved of it, and what the trades brought. Written by
 * execution alone, read by everyone through `AccountView`.
 */
export class Portfolio implements AccountView {
  readonly ledger = new Ledger()
  readonly positions = new Positions(this.ledger)
  readonly results: TradeResults
  private readonly reservations = new OrderReservations((instrument) => this.positions.leverageOf(instrument))
  private readonly venues = new Map<AccountId, VenueAccount>()
  private trades = 0

  constructor(clock: Clock) {
    this.results = new TradeResults(clock)
  }

  available(account: AccountId, asset: AssetId): Decimal {
    const locked = this.venue(account).foreignLocked.get(asset) ?? Decimal.zero
    // A balance that comes before the end of an order does not tell of the margin that its fill binds.
    const foreign = Decimal.max(locked, this.positions.bound(account, asset))
    const left = this.total(account, asset).minus(this.reservations.reserved(account, asset)).minus(foreign)
    return Decimal.max(left, Decimal.zero)
  }

  total(account: AccountId, asset: AssetId): Decimal {
    return this.ledger.balance(`venue:${account}`, asset)
  }

  isCurrent(account: AccountId): boolean {
    const { connected, fetched } = this.venue(account)
    return connected && fetched
  }

  openOrders(account: AccountId): number {
    return this.reservations.openOrders(account)
  }

  unknownOrders(account: AccountId): number {
    return this.reservations.unknownOrders(account)
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

  /** No order of ours can move a balance of this account at the moment. */
  isQuiet(account: AccountId): boolean {
    return this.reservations.isQuiet(account)
  }

  /** No order of ours does more on this account than rest untouched, so that what the account owns can be compared. */
  isStill(account: AccountId): boolean {
    return this.reservations.isStill(account)
  }

  activity(account: AccountId): number {
    return this.venue(account).activity
  }

  tradeOpened(): void {
    this.trades++
  }

  tradeClosed(): void {
    this.trades--
  }

  /** Brings the order's share of the funds up to date with what is known of it. */
  track(leg: Leg): void {
    this.venue(accountOf(leg.request.instrument)).activity++
    this.reservations.track(leg)
  }

  /** Frees what an order held that was never sent. */
  forget(leg: Leg): void {
    this.reservations.forget(leg)
  }

  bookFill(fill: Fill, instrument: Instrument, origin: FillOrigin): void {
    this.venue(accountOf(instrument)).activity++
    this.ledger.post(createFillEntries(fill, instrument, origin, this.ledger))
  }

  post(entries: readonly LedgerEntry[]): void {
    this.ledger.post(entries)
  }

  onConnected(account: AccountId): void {
    const venue = this.venue(account)
    venue.connected = true
    venue.fetched = false
  }

  onDisconnected(account: AccountId): void {
    const venue = this.venue(account)
    venue.connected = false
    venue.fetched = false
  }

  onBalance(account: AccountId, balance: Balance): void {
    const venue = this.venue(account)
    venue.reported.set(balance.asset, balance)
    if (this.isQuiet(account)) venue.foreignLocked.set(balance.asset, balance.locked)
  }

  /** Takes the answer of a fetch: assets left out are zero. */
  onBalances(account: AccountId, balances: readonly Balance[]): void {
    const venue = this.venue(account)
    for (const asset of venue.reported.keys())
      if (!balances.some((balance) => balance.asset === asset))
        this.onBalance(account, { asset, free: Decimal.zero, locked: Decimal.zero })
    for (const balance of balances) this.onBalance(account, balance)
    venue.fetched = true
  }

  private venue(account: AccountId): VenueAccount {
    let venue = this.venues.get(account)
    if (venue === undefined) {
      venue = { connected: false, fetched: false, activity: 0, reported: new Map(), foreignLocked: new Map() }
      this.venues.set(account, venue)
    }
    return venue
  }
}
