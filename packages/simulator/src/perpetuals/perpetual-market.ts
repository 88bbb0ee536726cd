import { type Clock, Decimal, type Timer } from '@cex-arbitrage/common'

import type { Account, AccountOptions } from '../accounts/account-book.js'
import { Candles } from '../market/candles.js'
import type { MarketDriver } from '../market/market-driver.js'
import { ExchangeCore, type ExchangeRules, type OrderInterceptor } from '../matching/exchange-core.js'
import type { TradingSymbol } from '../matching/trading-symbol.js'
import { type OrderInput, VenueOrder } from '../matching/venue-order.js'
import { FundingSchedule } from './funding-schedule.js'
import { Liquidator } from './liquidator.js'
import type { Margin, MarginState } from './margin.js'
import { MarginFunds } from './margin-funds.js'
import type { PerpetualSpec } from './perpetual-spec.js'
import type { Position } from './position.js'
import { PositionBook } from './position-book.js'
import type { PriceSource } from './price-source.js'
import { SettablePrices } from './settable-prices.js'
import type { MarginListener, WalletEntry } from './wallet-entry.js'
import type { Wallets } from './wallets.js'

/** Milliseconds between two looks at the mark prices. */
const markIntervalMs = 500
const firstLeverage = Decimal.of(10)

export interface PerpetualMarketParts {
  readonly clock: Clock
  readonly specs: readonly PerpetualSpec[]
  readonly rules: Pick<ExchangeRules, 'formatOrderId' | 'selfTrade' | 'firstSequence' | 'orderHistory'>
  readonly fundingIntervalMs: number
  /** Makes the model of mark and index prices. */
  readonly prices: (core: () => ExchangeCore) => PriceSource
  /** Makes what moves the books. */
  readonly driver: (core: ExchangeCore) => MarketDriver
  /** Price of a symbol in the past, where the market knows one. */
  readonly history?: (symbol: TradingSymbol, atMs: number) => number
}

/**
 * The perpetuals of a venue beside its spot market: books, wallets, one-way positions, funding, liquidation. It stands still, and
 * costs nothing, until somebody asks for it (`wake`); prices are a function of time, so nobody can tell.
 */
export class PerpetualMarket {
  readonly core: ExchangeCore
  readonly clock: Clock
  readonly positions = new PositionBook(firstLeverage)
  readonly prices: SettablePrices
  readonly wallets: Wallets
  readonly margin: Margin
  readonly funding: FundingSchedule
  private readonly liquidator: Liquidator
  private readonly driver: MarketDriver
  private readonly candlesBySymbol = new Map<string, Candles>()
  private readonly listeners: MarginListener[] = []
  private timer: Timer | undefined
  private isAwake = false
  private isHeld = false

  constructor(parts: PerpetualMarketParts) {
    this.clock = parts.clock
    const { positions } = this
    this.prices = new SettablePrices(parts.prices(() => this.core))
    const onPosition = (position: Position): void => this.tell((listener) => listener.onPosition?.(position))
    const made: MarginFunds[] = []
    const funds = (core: ExchangeCore): MarginFunds => {
      const behind = new MarginFunds({ core, clock: parts.clock, positions, prices: this.prices, onPosition })
      made.push(behind)
      return behind
    }
    this.core = new ExchangeCore(parts.clock, { ...parts.rules, feeRule: 'quote', funds }, parts.specs)
    this.wallets = made[0]!.wallets
    this.margin = made[0]!.margin
    const { accounts } = this.core
    this.wallets.listen({ onWallet: (entry) => this.tell((listener) => listener.onWallet?.(entry)) })
    this.liquidator = new Liquidator({
      core: this.core,
      accounts,
      positions,
      margin: this.margin,
      wallets: this.wallets,
    })
    const symbols = (): Iterable<TradingSymbol> => this.core.symbols.values()
    this.funding = new FundingSchedule(
      { clock: parts.clock, accounts, positions, wallets: this.wallets, prices: this.prices, symbols, onPosition },
      parts.fundingIntervalMs,
    )
    for (const symbol of symbols()) {
      const { history } = parts
      this.candlesBySymbol.set(symbol.name, new Candles(symbol, history && ((atMs) => history(symbol, atMs))))
    }
    this.core.listen({ onTrade: (trade) => this.candlesBySymbol.get(trade.symbol)!.record(trade) })
    this.driver = parts.driver(this.core)
  }

  set interceptor(interceptor: OrderInterceptor) {
    this.core.interceptor = interceptor
  }

  /** Opens the wallet of an account of the venue. */
  open(options: AccountOptions): void {
    const account = this.core.accounts.open({ ...options, balances: {}, ...feesOf(options) })
    for (const [asset, amount] of Object.entries(options.wallet ?? {}))
      this.wallets.post(account, asset, 'transfer', Decimal.parse(amount))
  }

  /** @throws RangeError when there is no such account. */
  deposit(accountId: string, asset: string, amount: Decimal): void {
    this.wallets.post(this.account(accountId), asset, 'transfer', amount)
  }

  /**
   * Holds the mark price or the funding rate of a perpetual; `null` lets the model have it back.
   *
   * @throws RangeError when the symbol is not listed.
   */
  steer(symbol: string, to: { readonly markPrice?: Decimal | null; readonly fundingRate?: Decimal | null }): void {
    const { name } = this.core.engine(symbol).symbol
    if (to.markPrice !== undefined) this.prices.holdMark(name, to.markPrice ?? undefined)
    if (to.fundingRate !== undefined) this.prices.holdFundingRate(name, to.fundingRate ?? undefined)
    this.checkMargins()
  }

  listen(listener: MarginListener): void {
    this.listeners.push(listener)
  }

  /** Sets books, mark prices and funding going; does nothing when they are. */
  wake(): void {
    if (this.isAwake) return
    this.isAwake = true
    if (!this.isHeld) this.driver.start()
    this.funding.start()
    this.look()
  }

  /** Holds the books as they are, or lets them move again; margin and funding go on. */
  hold(still: boolean): void {
    this.isHeld = still
    this.driver.stop()
    if (this.isAwake && !still) this.driver.start()
  }

  /** Everything stands still until `wake`. */
  stop(): void {
    this.isAwake = false
    this.driver.stop()
    this.funding.stop()
    this.timer?.cancel()
  }

  /** Liquidates what the mark prices of this moment break. */
  checkMargins(): void {
    this.liquidator.check()
  }

  account(id: string): Account {
    return this.core.accounts.get(id)
  }

  state(account: Account, asset: string): MarginState {
    return this.margin.state(account, asset)
  }

  /** What a new order would set aside of the wallet; nothing for what closes a position. */
  marginOf(input: OrderInput): Decimal {
    const { symbol } = this.core.engine(input.symbol)
    return this.margin.needed(
      new VenueOrder('', input, symbol, this.clock.nowMs(), false),
      this.account(input.accountId),
    )
  }

  /** Sets the leverage of a position, zero for cross margin up to `crossLeverage`; `false`, and nothing done, when the wallet does not cover it. */
  setLeverage(position: Position, leverage: Decimal, crossLeverage = position.crossLeverage): boolean {
    const before = { leverage: position.leverage, crossLeverage: position.crossLeverage }
    Object.assign(position, { leverage, crossLeverage })
    const account = this.account(position.accountId)
    if (this.state(account, position.symbol.quote).available.sign < 0) {
      Object.assign(position, before)
      return false
    }
    this.touched(position)
    return true
  }

  /** Adds to the margin of an isolated position, or takes from it; `false`, and nothing done, when that is too much. */
  addMargin(position: Position, change: Decimal): boolean {
    const before = position.addedMargin
    position.addedMargin = before.plus(change)
    const account = this.account(position.accountId)
    const uncovered = this.state(account, position.symbol.quote).available.sign < 0
    if (uncovered || position.addedMargin.sign < 0 || this.margin.isBroken(position, account)) {
      position.addedMargin = before
      return false
    }
    this.touched(position)
    return true
  }

  spec(symbol: TradingSymbol): PerpetualSpec {
    return symbol.spec as PerpetualSpec
  }

  entriesOf(accountId: string): readonly WalletEntry[] {
    return this.wallets.entriesOf(accountId)
  }

  /** @throws RangeError when the symbol is not listed. */
  candles(symbol: string): Candles {
    const candles = this.candlesBySymbol.get(symbol)
    if (candles === undefined) throw new RangeError(`'${symbol}' is not listed.`)
    return candles
  }

  private touched(position: Position): void {
    position.touch(this.clock.nowMs())
    this.tell((listener) => listener.onPosition?.(position))
  }

  private look(): void {
    this.checkMargins()
    this.timer = this.clock.setTimer(() => this.look(), markIntervalMs)
  }

  private tell(what: (listener: MarginListener) => void): void {
    for (const listener of this.listeners) what(listener)
  }
}

const feesOf = ({ walletFees }: AccountOptions): Pick<AccountOptions, 'fees'> =>
  walletFees === undefined ? {} : { fees: walletFees }
