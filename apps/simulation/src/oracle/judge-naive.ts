import { residualBound } from '../engine/engine-settings.js'
import type { NaiveLeg } from '../naive/naive-order-desk.js'
import type { MarketShape } from '../world/market-settings.js'
import { ourOrders, strandedBy, valuesOf, type OurOrder, type Truths } from './account-truth.js'

/** What a naive rule left behind. */
export interface NaiveJudgement {
  readonly trades: number
  /** Trades with a residual beyond the bound of which nobody knows. */
  readonly stranded: number
  /** Legs that the venue accepted more than once. */
  readonly doubleSends: number
}

export function judgeNaive(
  truths: Truths,
  shape: MarketShape,
  trades: readonly (readonly NaiveLeg[])[],
): NaiveJudgement {
  const byId = new Map(ourOrders(truths).map((order) => [order.clientOrderId, order]))
  const accepted = ({ sentIds }: NaiveLeg): OurOrder[] => sentIds.flatMap((id) => byId.get(id) ?? [])
  const prices = valuesOf(truths, shape)
  const sameSide = (leg: NaiveLeg): number => accepted(leg).filter(({ order }) => order.side === leg.plan.side).length
  return {
    trades: trades.length,
    stranded: trades.filter((legs) => strandedBy(legs.flatMap(accepted), prices, residualBound).size > 0).length,
    doubleSends: trades.flat().filter((leg) => sameSide(leg) > 1).length,
  }
}
