import type { Clock } from '@cex-arbitrage/common'

import { AccountBook, feeAccountId } from '../accounts/account-book.js'
import { type FeeRule, type FeeSubstitute, Funds } from '../accounts/funds.js'
import type { OrderFunds } from '../accounts/order-funds.js'
import type { ExchangeListener, PublicTrade } from './exchange-listener.js'
import { MatchingEngine, type SelfTradeAction } from './matching-engine.js'
import { OrderRegistry } from './order-registry.js'
import { Settlement } from './settlement.js'
import { type SymbolSpec, TradingSymbol } from './trading-symbol.js'
import { type EndReason, type OrderInput, type VenueFill, VenueOrder } from './venue-order.js'

const defaultFirstSequence = 1_000_000

/** What differs from venue to venue inside the core. */
export interface ExchangeRules {
  readonly feeRule: FeeRule
  /** Lets an account pay its fee in another asset; all fees follow `feeRule` when absent. */
  readonly feeSubstitute?: FeeSubstitute
  /** Spells the n-th order's id, n counting from 1. */
  readonly formatOrderId: (n: number) => string
  /** Asked when an order meets one of its own account; `allow` when absent. House orders always pass. */
  readonly selfTrade?: (taker: VenueOrder, maker: VenueOrder) => SelfTradeAction
  /** Where the books' sequence counters and trade ids begin; 1 000 000 when absent. */
  readonly firstSequence?: number
  /** Orders of one account that are remembered, those that work besides; 100,000 when absent. */
  readonly orderHistory?: number
  /** Another kind of money behind the orders; balances of a spot account when absent. */
  readonly funds?: (core: ExchangeCore) => OrderFunds
}

const defaultOrderHistory = 100_000

/** A new order, or the reason why there is none. */
export type PlaceResult =
  | { readonly order: VenueOrder }
  | { readonly refusal: 'insufficient_funds' | 'unknown_symbol' | 'not_tradable' }

/** How a fault holds an order back from the book; see `FaultEngine`. */
export interface OrderInterceptor {
  /** `match` goes on as usual; `park` keeps the accepted order away from the book until `resume` or `cancel`. */
  onAccepted(order: VenueOrder): 'match' | 'park'
  /** Called before a cancel takes effect. */
  onCancelRequested(order: VenueOrder): void
}

/**
 * An exchange without a wire: books, orders, accounts. Exact and synchronous; time comes from the clock and nothing
 * is random, so the same calls give the same state.
 */
export class ExchangeCore {
  readonly accounts = new AccountBook()
  readonly symbols = new Map<string, TradingSymbol>()
  interceptor: OrderInterceptor | undefined
  private readonly engines = new Map<string, MatchingEngine>()
  private readonly registry: OrderRegistry
  private readonly changedAtMs = new Map<string, number>()
  private readonly listeners: ExchangeListener[] = []
  private readonly funds: OrderFunds
  private readonly settlement: Settlement
  private orderCount = 0

  constructor(
    private readonly clock: Clock,
    private readonly rules: ExchangeRules,
    specs: readonly SymbolSpec[],
  ) {
    this.registry = new OrderRegistry(rules.orderHistory ?? defaultOrderHistory)
    this.funds =
      rules.funds?.(this) ??
      new Funds(this.accounts, this.accounts.get(feeAccountId), rules.feeRule, rules.feeSubstitute)
    const { accounts, funds, registry } = this
    const firstTradeId = rules.firstSequence ?? defaultFirstSequence
    this.settlement = new Settlement({
      accounts,
      funds,
      registry,
      clock,
      firstTradeId,
      tell: (what) => this.tell(what),
    })
    this.accounts.onChange((change) => this.tell((listener) => listener.onBalance?.(change)))
    for (const spec of specs) this.list(new TradingSymbol(spec))
  }

  listen(listener: ExchangeListener): void {
    this.listeners.push(listener)
  }

  /** @throws RangeError when the symbol is not listed. */
  engine(symbol: string): MatchingEngine {
    const engine = this.engines.get(symbol)
    if (engine === undefined) throw new RangeError(`'${symbol}' is not listed.`)
    return engine
  }

  /** Accepts, matches and settles an order. The venue has checked grid, limits and permissions before. */
  place(input: OrderInput): PlaceResult {
    const symbol = this.symbols.get(input.symbol)
    if (symbol === undefined) return { refusal: 'unknown_symbol' }
    const account = this.accounts.get(input.accountId)
    if (!symbol.tradable && !account.house) return { refusal: 'not_tradable' }
    const id = account.house ? 'house' : this.rules.formatOrderId(++this.orderCount)
    const order = new VenueOrder(id, this.priced(input, symbol), symbol, this.clock.nowMs(), account.house)
    if (!this.funds.reserve(order, account)) return { refusal: 'insufficient_funds' }
    if (!account.house) {
      this.registry.add(order)
      this.tell((listener) => listener.onOrder?.(order, 'created'))
      if (this.interceptor?.onAccepted(order) === 'park') {
        order.parked = true
        return { order }
      }
    }
    this.engine(symbol.name).submit(order)
    return { order }
  }

  /** Whether the account of `input` has what the order needs; nothing is locked. */
  canAfford(input: OrderInput): boolean {
    const symbol = this.symbols.get(input.symbol)
    if (symbol === undefined) return false
    const order = new VenueOrder('', this.priced(input, symbol), symbol, this.clock.nowMs(), false)
    return this.funds.canReserve(order, this.accounts.get(input.accountId))
  }

  /** Whether an order would be filled completely at once; nothing is done. */
  wouldFill(input: OrderInput): boolean {
    const { symbol } = this.engine(input.symbol)
    return this.engine(input.symbol).canFill(new VenueOrder('', input, symbol, this.clock.nowMs(), false))
  }

  /** Puts a parked order to the book. */
  resume(order: VenueOrder): void {
    if (!order.parked || !order.isOpen) return
    order.parked = false
    this.engine(order.symbol.name).submit(order)
  }

  /** `false` when the order has ended already, also when a fault filled it in this moment. */
  cancel(order: VenueOrder, reason: EndReason = 'cancelled'): boolean {
    if (order.isOpen && !order.house && reason === 'cancelled') this.interceptor?.onCancelRequested(order)
    if (!order.isOpen) return false
    this.engine(order.symbol.name).cancel(order, reason)
    return true
  }

  /**
   * Changes price and total quantity of an open limit order. A total at or below what is filled cancels it.
   *
   * @returns why not, or `undefined` when done.
   */
  amend(
    order: VenueOrder,
    priceTicks: number,
    quantityLots: number,
  ): 'insufficient_funds' | 'post_only' | 'not_open' | undefined {
    if (!order.isOpen) return 'not_open'
    const engine = this.engine(order.symbol.name)
    const account = this.accounts.get(order.accountId)
    if (quantityLots <= order.filledLots) {
      engine.cancel(order, 'cancelled')
      return undefined
    }
    if (order.input.postOnly === true && engine.wouldCross(order.side, priceTicks)) return 'post_only'
    if (!this.funds.adjust(order, account, priceTicks, quantityLots - order.filledLots)) return 'insufficient_funds'
    order.updatedAtMs = this.clock.nowMs()
    if (order.parked) {
      order.priceTicks = priceTicks
      order.quantityLots = quantityLots
    } else engine.amend(order, priceTicks, quantityLots)
    if (order.isOpen) this.tell((listener) => listener.onOrder?.(order, 'amended'))
    return undefined
  }

  /** Lets the house take `lots` of a resting order at its own price; for faults and tests. */
  fillByHouse(order: VenueOrder, lots: number): void {
    if (!order.isOpen || order.parked || lots <= 0) return
    const side = order.side === 'buy' ? 'sell' : 'buy'
    const input = { accountId: 'house', symbol: order.symbol.name, side, kind: 'market', timeInForce: 'ioc' } as const
    const wanted = Math.min(lots, order.remainingLots)
    const counter = new VenueOrder('house', { ...input, quantityLots: wanted }, order.symbol, this.clock.nowMs(), true)
    this.engine(order.symbol.name).fillResting(order, counter, wanted)
  }

  order(id: string): VenueOrder | undefined {
    return this.registry.find(id)
  }

  /** Newest order of the account with this client id. Ids may repeat. */
  orderByClientId(accountId: string, clientOrderId: string): VenueOrder | undefined {
    return this.registry.ordersOf(accountId).findLast((order) => order.clientOrderId === clientOrderId)
  }

  /** Oldest first. */
  ordersOf(accountId: string): readonly VenueOrder[] {
    return this.registry.ordersOf(accountId)
  }

  /** Oldest first; of all accounts when `accountId` is absent. */
  openOrders(accountId?: string, symbol?: string): VenueOrder[] {
    return this.registry.open.filter(
      (order) =>
        (accountId === undefined || order.accountId === accountId) &&
        (symbol === undefined || order.symbol.name === symbol),
    )
  }

  get allOrders(): readonly VenueOrder[] {
    return this.registry.all
  }

  /** Oldest first. */
  fillsOf(accountId: string): readonly VenueFill[] {
    return this.registry.fillsOf(accountId)
  }

  /** The latest trades, oldest first; at most 1000. */
  trades(symbol: string): readonly PublicTrade[] {
    return this.settlement.trades(symbol)
  }

  /** When the book changed last, Unix milliseconds. */
  bookChangedAtMs(symbol: string): number {
    return this.changedAtMs.get(symbol) ?? 0
  }

  private list(symbol: TradingSymbol): void {
    const hooks = {
      onFill: (taker: VenueOrder, maker: VenueOrder, ticks: number, lots: number) => {
        this.settlement.settle(taker, maker, ticks, lots)
        for (const { accountId, house } of new Set([taker, maker]))
          if (!house) this.endExhausted(accountId, symbol.name)
      },
      onEnd: (order: VenueOrder) => this.ended(order),
      onBookChange: (side: 'buy' | 'sell', priceTicks: number, lots: number, sequence: number) => {
        const change = { symbol: symbol.name, side, priceTicks, lots, sequence, atMs: this.clock.nowMs() }
        this.changedAtMs.set(symbol.name, change.atMs)
        this.tell((listener) => listener.onBookChange?.(change))
      },
      selfTrade: (taker: VenueOrder, maker: VenueOrder) =>
        taker.house ? 'allow' : (this.rules.selfTrade?.(taker, maker) ?? 'allow'),
      limitLots: (order: VenueOrder) => this.limitLots(order),
    }
    this.symbols.set(symbol.name, symbol)
    this.engines.set(symbol.name, new MatchingEngine(symbol, hooks, this.rules.firstSequence ?? defaultFirstSequence))
  }

  /** A market buy sized in base without a protective price is bounded by the money that the book asks for it. */
  private priced(input: OrderInput, symbol: TradingSymbol): OrderInput {
    if (input.kind !== 'market' || input.side !== 'buy' || input.quoteBudget || input.priceTicks !== undefined)
      return input
    const worst = this.engine(symbol.name).asks.levels.at(-1)
    return { ...input, priceTicks: worst?.priceTicks ?? 1 }
  }

  private limitLots(order: VenueOrder): number {
    return order.house || this.funds.limitLots === undefined ? Infinity : this.funds.limitLots(order)
  }

  /** Ends the orders of an account that may trade nothing more since its position changed. */
  private endExhausted(accountId: string, symbol: string): void {
    if (this.funds.limitLots === undefined) return
    for (const order of this.openOrders(accountId, symbol))
      if (order.remainingLots > 0 && this.limitLots(order) <= 0) this.engine(symbol).cancel(order, 'reduce_only')
  }

  private ended(order: VenueOrder): void {
    if (order.house) return
    order.updatedAtMs = this.clock.nowMs()
    this.registry.end(order)
    this.funds.release(order, this.accounts.get(order.accountId))
    this.tell((listener) => listener.onOrder?.(order, 'ended'))
  }

  private tell(what: (listener: ExchangeListener) => void): void {
    for (const listener of this.listeners) what(listener)
  }
}
