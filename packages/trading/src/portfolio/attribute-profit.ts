import { Decimal, type AssetId, type Side } from '@cex-arbitrage/common'
import type { ProfitAttribution } from '../types/trade-outcome.js'
import type { TradePlan } from '../types/trade-plan.js'

/** Places kept where an expectation is scaled down to what was filled; what is cut shows in `rounding`. */
const scalingDecimals = 18

/** What one order of a trade did. */
export interface ExecutedOrder {
  readonly side: Side
  readonly base: AssetId
  readonly quote: AssetId
  /** In base, contract size included. */
  readonly filledBase: Decimal
  readonly filledNotional: Decimal
  readonly fees: readonly { readonly asset: AssetId; readonly amount: Decimal }[]
}

/** What a leg of the plan did. */
export interface ExecutedLeg extends ExecutedOrder {
  /** What the book showed for the whole planned quantity when the order left, in quote; `undefined` when it was not to be trusted. */
  readonly sendNotional: Decimal | undefined
}

/** What one unit of an asset is worth in the profit asset; `undefined` where nothing tells. */
export type AssetValuation = (asset: AssetId) => Decimal | undefined

export interface ProfitResult {
  readonly realisedProfit: Decimal
  readonly attribution: ProfitAttribution
}

/**
 * What a trade brought in its profit asset, and why that differs from what was expected. What is left over counts at the
 * plan's surplus prices, fees in other assets at `valuation`, or nothing where that does not know them.
 *
 * Per leg of the plan: `latency` is how the book moved between the decision and the sending, `slippage` how the fills
 * differ from the book at sending, `fees` how they differ from the expected ones, all on the quantity that was filled;
 * `partialFill` is what the missing quantity would have brought. `unwind` is all that repairing orders did, their fees
 * included. `rounding` is what the plan itself did not count, its own roundings. The parts sum exactly to
 * `realisedProfit − expectedProfit`.
 *
 * @param legs - One per leg of the plan, in its order.
 */
export function attributeProfit(
  plan: TradePlan,
  legs: readonly ExecutedLeg[],
  repairs: readonly ExecutedOrder[],
  valuation: AssetValuation,
): ProfitResult {
  const worth = (asset: AssetId, amount: Decimal): Decimal => {
    if (asset === plan.profitAsset) return amount
    return amount.times(plan.surplusPrices.get(asset) ?? valuation(asset) ?? Decimal.zero)
  }
  const feesOf = (order: ExecutedOrder): Decimal => sum(order.fees.map((fee) => worth(fee.asset, fee.amount)))
  /** Of an order before fees: what came in less what went out. */
  const gross = (order: { side: Side; base: AssetId; quote: AssetId }, base: Decimal, notional: Decimal): Decimal => {
    const bought = worth(order.base, base).minus(worth(order.quote, notional))
    return order.side === 'buy' ? bought : bought.negated()
  }
  const actual = (order: ExecutedOrder): Decimal =>
    gross(order, order.filledBase, order.filledNotional).minus(feesOf(order))

  let latency = Decimal.zero
  let slippage = Decimal.zero
  let fees = Decimal.zero
  let partialFill = Decimal.zero
  plan.legs.forEach((planned, index) => {
    const leg = legs[index]!
    const plannedBase = planned.instrument.lotsToQuantity(planned.quantityLots).times(planned.instrument.contractSize)
    const scaled = (whole: Decimal): Decimal =>
      leg.filledBase.equals(plannedBase)
        ? whole
        : whole.times(leg.filledBase).dividedBy(plannedBase, scalingDecimals, 'down')
    const expected = gross(leg, leg.filledBase, scaled(planned.expectedNotional))
    const atSending = leg.sendNotional === undefined ? expected : gross(leg, leg.filledBase, scaled(leg.sendNotional))
    const expectedFee = worth(planned.expectedFeeAsset, planned.expectedFee)
    latency = latency.plus(atSending.minus(expected))
    slippage = slippage.plus(gross(leg, leg.filledBase, leg.filledNotional).minus(atSending))
    fees = fees.plus(scaled(expectedFee).minus(feesOf(leg)))
    partialFill = partialFill
      .plus(expected.minus(gross(leg, plannedBase, planned.expectedNotional)))
      .plus(expectedFee.minus(scaled(expectedFee)))
  })
  const unwind = sum(repairs.map(actual))
  const realisedProfit = sum(legs.map(actual)).plus(unwind)
  const explained = sum([latency, slippage, fees, partialFill, unwind])
  const rounding = realisedProfit.minus(plan.expectedProfit).minus(explained)
  return { realisedProfit, attribution: { latency, slippage, fees, rounding, partialFill, unwind } }
}

const sum = (amounts: readonly Decimal[]): Decimal => amounts.reduce((a, b) => a.plus(b), Decimal.zero)
