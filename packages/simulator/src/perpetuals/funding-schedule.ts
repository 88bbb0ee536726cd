import type { Clock, Decimal, Timer } from '@cex-arbitrage/common'

import type { AccountBook } from '../accounts/account-book.js'
import type { TradingSymbol } from '../matching/trading-symbol.js'
import type { Position } from './position.js'
import type { PositionBook } from './position-book.js'
import type { PriceSource } from './price-source.js'
import type { Wallets } from './wallets.js'

const ratesKept = 1_000

/** One settlement of a perpetual. */
export interface FundingSettlement {
  readonly atMs: number
  readonly rate: Decimal
  readonly markPrice: Decimal
}

export interface FundingParts {
  readonly clock: Clock
  readonly accounts: AccountBook
  readonly positions: PositionBook
  readonly wallets: Wallets
  readonly prices: PriceSource
  readonly symbols: () => Iterable<TradingSymbol>
  readonly onPosition: (position: Position) => void
}

/** Pays funding at every multiple of the interval on the venue's clock: longs pay shorts when the rate is positive. */
export class FundingSchedule {
  private readonly settlements = new Map<string, FundingSettlement[]>()
  private timer: Timer | undefined

  constructor(
    private readonly parts: FundingParts,
    readonly intervalMs: number,
  ) {}

  start(): void {
    this.stop()
    this.schedule(this.nextAtMs)
  }

  stop(): void {
    this.timer?.cancel()
    this.timer = undefined
  }

  /** When the running interval ends, Unix milliseconds. */
  get nextAtMs(): number {
    return (Math.floor(this.parts.clock.nowMs() / this.intervalMs) + 1) * this.intervalMs
  }

  /** Rate that is paid when the running interval ends. */
  rate(symbol: TradingSymbol): Decimal {
    return this.rateAt(symbol, this.nextAtMs)
  }

  /** Rate of an interval by its end, also of one before the venue began. */
  rateAt(symbol: TradingSymbol, endMs: number): Decimal {
    const settled = this.settlements.get(symbol.name)?.findLast(({ atMs }) => atMs === endMs)
    return settled?.rate ?? this.parts.prices.fundingRate(symbol, Math.round(endMs / this.intervalMs))
  }

  /** Oldest first. */
  settled(symbol: string): readonly FundingSettlement[] {
    return this.settlements.get(symbol) ?? []
  }

  private schedule(dueMs: number): void {
    const { clock } = this.parts
    this.timer = clock.setTimer(
      () => {
        // The venue's clock may have been set back meanwhile.
        if (clock.nowMs() < dueMs) this.schedule(dueMs)
        else {
          this.settle(dueMs)
          this.schedule(this.nextAtMs)
        }
      },
      Math.max(0, dueMs - clock.nowMs()),
    )
  }

  private settle(atMs: number): void {
    const { positions, prices, symbols } = this.parts
    for (const symbol of symbols()) {
      const settlement = { atMs, rate: this.rateAt(symbol, atMs), markPrice: prices.markPrice(symbol) }
      const list = this.settlements.get(symbol.name) ?? []
      list.push(settlement)
      if (list.length > ratesKept) list.shift()
      this.settlements.set(symbol.name, list)
      for (const position of positions.all) if (position.symbol === symbol) this.pay(position, settlement)
    }
  }

  private pay(position: Position, { atMs, markPrice, rate }: FundingSettlement): void {
    if (position.lots === 0 || rate.isZero) return
    const { accounts, onPosition, wallets } = this.parts
    const account = accounts.get(position.accountId)
    const payment = position.base.times(markPrice).times(rate).negated()
    position.realised.funding = position.realised.funding.plus(payment)
    position.touch(atMs)
    wallets.post(account, position.symbol.quote, 'funding', payment, { symbol: position.symbol.name })
    if (!account.house) onPosition(position)
  }
}
