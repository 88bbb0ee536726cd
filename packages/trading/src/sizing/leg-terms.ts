import {
  Decimal,
  type AssetId,
  type Instrument,
  type LiquidityRole,
  type OrderBook,
  type Side,
} from '@cex-arbitrage/common'

/** A quantity and the price of its order, on the grids of orders. */
export interface LimitedLots {
  readonly lots: number
  readonly limitTicks: number
}

/**
 * What the fee does to one order, exact: that of a taker unless it is to rest. A venue may take the fee of a buy from what it delivers, which then arrives
 * short; a sale pays it from its proceeds under either rule.
 */
export class LegTerms {
  readonly feeRate: Decimal
  readonly feeInBase: boolean
  readonly feeAsset: AssetId
  /** Share of a bought quantity that arrives; one on a sale. */
  readonly keep: Decimal
  /** On a notional: what leaves the quote account on a buy, what arrives there on a sale. */
  readonly quoteFactor: Decimal
  /** On the notional of a buy: what must be there beforehand; a rebate comes after. */
  readonly fundsFactor: Decimal
  /** Share of what a fill brings that is there at once: base of a buy, quote of a sale; a rebate comes after. */
  readonly arrivingShare: Decimal

  constructor(
    readonly instrument: Instrument,
    readonly side: Side,
    role: LiquidityRole = 'taker',
  ) {
    const { fees, marketType, base, quote } = instrument
    this.feeRate = fees[role]
    this.feeInBase = side === 'buy' && fees.assetRule === 'received' && marketType !== 'futures'
    this.feeAsset = this.feeInBase ? base : quote
    this.keep = this.feeInBase ? Decimal.one.minus(this.feeRate) : Decimal.one
    if (side === 'sell') this.quoteFactor = Decimal.one.minus(this.feeRate)
    else this.quoteFactor = this.feeInBase ? Decimal.one : Decimal.one.plus(this.feeRate)
    this.fundsFactor = Decimal.max(this.quoteFactor, Decimal.one)
    this.arrivingShare = Decimal.min(side === 'buy' ? this.keep : this.quoteFactor, Decimal.one)
  }

  /** Of an order that moves so much base for so much quote, in `feeAsset`. */
  feeOf(quantity: Decimal, notional: Decimal): Decimal {
    return (this.feeInBase ? quantity : notional).times(this.feeRate)
  }

  /** What the order takes from the account at its limit: quote with its fee on a buy, base on a sale. */
  takesAtLimit({ lots, limitTicks }: LimitedLots): Decimal {
    const { instrument } = this
    return this.side === 'buy'
      ? instrument.notional(limitTicks, lots).times(this.fundsFactor)
      : instrument.lotsToQuantity(lots)
  }

  /** What arrives at once when all of it is filled at its limit, its fee deducted: base on a buy, quote on a sale. */
  bringsAtLimit({ lots, limitTicks }: LimitedLots): Decimal {
    const { instrument } = this
    const amount = this.side === 'buy' ? instrument.lotsToQuantity(lots) : instrument.notional(limitTicks, lots)
    return amount.times(this.arrivingShare)
  }

  /** The side of the book that the order meets. */
  facing(book: OrderBook): OrderBook['bids'] {
    return this.side === 'buy' ? book.asks : book.bids
  }

  /** A price on the grid of orders that is no better than `priceTicks` for us. */
  limitTicks(priceTicks: number): number {
    const { tickStep } = this.instrument
    return (this.side === 'buy' ? Math.ceil(priceTicks / tickStep) : Math.floor(priceTicks / tickStep)) * tickStep
  }
}
