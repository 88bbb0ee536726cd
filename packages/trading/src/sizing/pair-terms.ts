import { Decimal, type Instrument, type LiquidityRole } from '@cex-arbitrage/common'
import { exactEdgeRatio } from '../strategies/edge-margin.js'
import { LegTerms } from './leg-terms.js'
import { PayingWeights } from './paying-weights.js'

/**
 * What buying one instrument and selling another comes down to, in exact integers: one unit of base common to both grids,
 * and what fees do to quantity and price. Computed once per pair.
 *
 * Where the buying venue takes its fee from what it delivers, a bought quantity arrives short; `keep` is the share that
 * arrives.
 */
export class PairTerms {
  /** Data lots of each side in common base units. */
  readonly buyLotUnits: bigint
  readonly sellLotUnits: bigint
  /** Order steps of each side in common base units. */
  readonly buyStepUnits: bigint
  readonly sellStepUnits: bigint
  /** Share of a bought quantity that arrives. */
  readonly keep: Decimal
  readonly buyFeeInBase: boolean
  readonly buying: LegTerms
  readonly selling: LegTerms
  /** On a buying notional: what leaves the quote account for one of notional. */
  readonly buyQuoteFactor: Decimal
  /** On a buying notional: what must be there beforehand; a rebate comes after. */
  readonly buyFundsFactor: Decimal
  /** On a selling notional: what arrives. */
  readonly sellQuoteFactor: Decimal
  readonly unitDecimals: number
  /** `keep` is its mantissa over this. */
  readonly keepDenominator: bigint
  private lastEdgeBps = Number.NaN
  private lastWeights = new PayingWeights(1n, 1n)

  constructor(
    readonly buy: Instrument,
    readonly sell: Instrument,
    /** By which fees each side is reckoned; both take unless one rests as a quote. */
    roles: { readonly buy: LiquidityRole; readonly sell: LiquidityRole } = { buy: 'taker', sell: 'taker' },
  ) {
    const buyLot = buy.lotsToQuantity(1).times(buy.contractSize)
    const sellLot = sell.lotsToQuantity(1).times(sell.contractSize)
    this.unitDecimals = Math.max(buyLot.decimals, sellLot.decimals)
    const unit = Decimal.of(1n, this.unitDecimals)
    this.buyLotUnits = buyLot.stepsOf(unit, 'exact')
    this.sellLotUnits = sellLot.stepsOf(unit, 'exact')
    this.buyStepUnits = this.buyLotUnits * BigInt(buy.lotStep)
    this.sellStepUnits = this.sellLotUnits * BigInt(sell.lotStep)
    const buying = new LegTerms(buy, 'buy', roles.buy)
    const selling = new LegTerms(sell, 'sell', roles.sell)
    this.buying = buying
    this.selling = selling
    this.buyFeeInBase = buying.feeInBase
    this.keep = buying.keep
    this.keepDenominator = 10n ** BigInt(this.keep.scale)
    this.buyQuoteFactor = buying.quoteFactor
    this.buyFundsFactor = buying.fundsFactor
    this.sellQuoteFactor = selling.quoteFactor
  }

  /** The smallest quantity to buy, on the order grid, of which at least `sellUnits` arrive. */
  buyUnitsFor(sellUnits: bigint): bigint {
    const gross = ceilDivide(sellUnits * this.keepDenominator, this.keep.mantissa)
    return ceilDivide(gross, this.buyStepUnits) * this.buyStepUnits
  }

  /** The largest quantity to sell, on the order grid, that a bought quantity covers after its fee. */
  sellUnitsFrom(buyUnits: bigint): bigint {
    const arriving = (buyUnits * this.keep.mantissa) / this.keepDenominator
    return (arriving / this.sellStepUnits) * this.sellStepUnits
  }

  /** What arrives of a bought quantity, exact, in base. */
  arriving(buyUnits: bigint): Decimal {
    return this.toBase(buyUnits).times(this.keep)
  }

  toBase(units: bigint): Decimal {
    return Decimal.of(units, this.unitDecimals)
  }

  /** Whole common units of an amount of base, rounded down. */
  toUnits(base: Decimal): bigint {
    return base.stepsOf(Decimal.of(1n, this.unitDecimals), 'down')
  }

  /** Data lots of a quantity that lies on the buying grid. */
  buyLots(units: bigint): number {
    return Number(units / this.buyLotUnits)
  }

  sellLots(units: bigint): number {
    return Number(units / this.sellLotUnits)
  }

  /** By which ask and bid ticks compare as money. All evaluations of one size ask for the same edge. */
  weights(requiredEdgeBps: number): PayingWeights {
    if (requiredEdgeBps !== this.lastEdgeBps) {
      this.lastEdgeBps = requiredEdgeBps
      this.lastWeights = this.createWeights(requiredEdgeBps)
    }
    return this.lastWeights
  }

  private createWeights(requiredEdgeBps: number): PayingWeights {
    const edge = exactEdgeRatio(requiredEdgeBps)
    const ask = this.buyQuoteFactor.times(edge).times(Decimal.of(1n, this.buy.priceDecimals))
    const bid = this.sellQuoteFactor.times(this.keep).times(Decimal.of(1n, this.sell.priceDecimals))
    const unit = Decimal.of(1n, Math.max(ask.scale, bid.scale))
    return new PayingWeights(ask.stepsOf(unit, 'exact'), bid.stepsOf(unit, 'exact'))
  }
}

export const ceilDivide = (a: bigint, b: bigint): bigint => (a + b - 1n) / b
