import { Decimal, type Side } from '@cex-arbitrage/common'

import type { TradingSymbol } from '../matching/trading-symbol.js'

/** Decimals to which a part of a cost is cut; nothing is lost, the rest stays in the position. */
const costDecimals = 12

/** What one execution did to a position. */
export interface PositionChange {
  /** Contracts that were given up, with no sign. */
  readonly closedLots: number
  /** Quote; zero unless something was closed. */
  readonly realised: Decimal
}

/** What one account holds of one perpetual, netted. Only the position book writes. */
export class Position {
  /** Contracts; short is negative. */
  lots = 0
  /** What was paid for what is held, quote; negative when short. */
  cost = Decimal.zero
  /** Times the margin; zero takes the whole wallet as margin, up to `crossLeverage`. */
  leverage: Decimal
  crossLeverage: Decimal
  /** Put on top of the initial margin of an isolated position, quote. */
  addedMargin = Decimal.zero
  /** Since the position was opened, quote. */
  realised = { pnl: Decimal.zero, fee: Decimal.zero, funding: Decimal.zero }
  /** Before that. */
  history = Decimal.zero
  lastClose = Decimal.zero
  updateId = 0
  updatedAtMs = 0
  openedAtMs = 0

  constructor(
    readonly accountId: string,
    readonly symbol: TradingSymbol,
    leverage: Decimal,
  ) {
    this.leverage = leverage
    this.crossLeverage = leverage
  }

  get isCross(): boolean {
    return this.leverage.isZero
  }

  /** Mean price of what is held. */
  get entryPrice(): Decimal | undefined {
    if (this.lots === 0) return undefined
    return this.cost.abs().dividedBy(this.base.abs(), costDecimals, 'down')
  }

  /** Signed, base. */
  get base(): Decimal {
    return Decimal.of(this.lots).times(this.symbol.lotSize).times(this.symbol.contractSize)
  }

  value(markPrice: Decimal): Decimal {
    return this.base.abs().times(markPrice)
  }

  unrealised(markPrice: Decimal): Decimal {
    return this.base.times(markPrice).minus(this.cost)
  }

  /** Leverage that counts: the own one, or that of the cross margin. */
  get effectiveLeverage(): Decimal {
    return this.isCross ? this.crossLeverage : this.leverage
  }

  /** What is set aside for it, quote: of the entry value when isolated, of the present value when cross. */
  initialMargin(markPrice: Decimal): Decimal {
    if (this.lots === 0) return Decimal.zero
    const value = this.isCross ? this.value(markPrice) : this.cost.abs()
    return value.dividedBy(this.effectiveLeverage, costDecimals, 'up').plus(this.addedMargin)
  }

  /** Takes one execution in. */
  apply(side: Side, priceTicks: number, lots: number, atMs: number): PositionChange {
    const sign = side === 'buy' ? 1 : -1
    const closedLots = this.lots * sign < 0 ? Math.min(Math.abs(this.lots), lots) : 0
    const realised = closedLots === 0 ? Decimal.zero : this.close(sign, priceTicks, closedLots)
    const openedLots = lots - closedLots
    if (openedLots > 0) {
      if (this.lots === 0) this.begin(atMs)
      this.lots += sign * openedLots
      this.cost = this.cost.plus(signed(this.symbol.notional(priceTicks, openedLots), sign))
    }
    this.touch(atMs)
    return { closedLots, realised }
  }

  touch(atMs: number): void {
    this.updateId++
    this.updatedAtMs = atMs
  }

  private close(sign: 1 | -1, priceTicks: number, lots: number): Decimal {
    const held = Math.abs(this.lots)
    const part =
      lots === held ? this.cost : this.cost.times(Decimal.of(lots)).dividedBy(Decimal.of(held), costDecimals, 'down')
    const realised = signed(this.symbol.notional(priceTicks, lots), sign).negated().minus(part)
    this.lots += sign * lots
    this.cost = this.cost.minus(part)
    this.realised.pnl = this.realised.pnl.plus(realised)
    if (this.lots === 0) {
      this.lastClose = this.realised.pnl.plus(this.realised.fee).plus(this.realised.funding)
      this.addedMargin = Decimal.zero
    }
    return realised
  }

  private begin(atMs: number): void {
    const { fee, funding, pnl } = this.realised
    this.history = this.history.plus(pnl).plus(fee).plus(funding)
    this.realised = { pnl: Decimal.zero, fee: Decimal.zero, funding: Decimal.zero }
    this.openedAtMs = atMs
  }
}

const signed = (value: Decimal, sign: 1 | -1): Decimal => (sign === 1 ? value : value.negated())
