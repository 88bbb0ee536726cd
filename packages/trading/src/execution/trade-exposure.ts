import { Decimal, type AssetId, type ExchangeId } from '@cex-arbitrage/common'
import type { Residual } from '../types/trade-outcome.js'
import type { TradePlan } from '../types/trade-plan.js'
import type { Leg } from './leg.js'

/** What the fills of a trade add up to in one asset: positive is too much, negative too little. */
export interface AssetExposure {
  readonly asset: AssetId
  readonly amount: Decimal
}

/** Amounts that an operator has taken over from a trade, by asset. */
export type AcceptedAmounts = ReadonlyMap<AssetId, Decimal>

/**
 * Net amount of every asset that a trade should leave as it was: all that its instruments move but the profit asset, less
 * what an operator has taken over. It follows fills and fees, never order states (invariant S3). A fee in a third asset is
 * a cost, not an exposure.
 */
export function computeExposures(
  plan: TradePlan,
  legs: readonly Leg[],
  accepted: AcceptedAmounts,
): readonly AssetExposure[] {
  const sums = new Map<AssetId, Decimal>()
  for (const { instrument } of plan.legs)
    for (const asset of [instrument.base, instrument.quote])
      if (asset !== plan.profitAsset) sums.set(asset, (accepted.get(asset) ?? Decimal.zero).negated())
  for (const [asset, , amount] of legs.flatMap(movements)) {
    const sum = sums.get(asset)
    if (sum !== undefined) sums.set(asset, sum.plus(amount))
  }
  return [...sums].map(([asset, amount]) => ({ asset, amount }))
}

/** Non-zero exposures, each on the exchange that holds most of the surplus or owes most of the shortfall. */
export function computeResiduals(
  plan: TradePlan,
  legs: readonly Leg[],
  accepted: AcceptedAmounts,
): readonly Residual[] {
  return computeExposures(plan, legs, accepted)
    .filter(({ amount }) => !amount.isZero)
    .map(({ asset, amount }) => ({ exchange: whereFrom(asset, amount, plan, legs), asset, amount }))
}

function whereFrom(asset: AssetId, amount: Decimal, plan: TradePlan, legs: readonly Leg[]): ExchangeId {
  const byExchange = new Map<ExchangeId, Decimal>()
  for (const [moved, exchange, change] of legs.flatMap(movements))
    if (moved === asset) byExchange.set(exchange, (byExchange.get(exchange) ?? Decimal.zero).plus(change))
  let most: readonly [ExchangeId, Decimal] = [plan.legs[0].instrument.exchange, Decimal.zero]
  for (const [exchange, sum] of byExchange) {
    const inDirection = amount.sign > 0 ? sum : sum.negated()
    if (inDirection.greaterThan(most[1])) most = [exchange, inDirection]
  }
  return most[0]
}

/** Every amount that an order's fills moved: asset, exchange, change. */
function movements(leg: Leg): readonly (readonly [AssetId, ExchangeId, Decimal])[] {
  const { instrument, side } = leg.request
  return leg.fills.flatMap((fill) => {
    const quantity = fill.quantity.times(instrument.contractSize)
    const base = side === 'buy' ? quantity : quantity.negated()
    return [
      [instrument.base, instrument.exchange, base],
      [instrument.quote, instrument.exchange, base.times(fill.price).negated()],
      [fill.feeAsset, instrument.exchange, fill.fee.negated()],
    ] as const
  })
}
