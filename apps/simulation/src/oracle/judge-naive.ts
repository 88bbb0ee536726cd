import { Decimal } from '@cex-arbitrage/common'
import { residualBound } from '../engine/engine-settings.js'
import type { NaiveLeg } from '../naive/naive-order-desk.js'
import { simulatedSymbol, symbolSpecs } from '../world/market-settings.js'
import { baseMoved, midPrice, ourOrders, type OurOrder, type Truths } from './account-truth.js'

/** What a naive rule left behind. */
export interface NaiveJudgement {
  readonly trades: number
  /** Trades with a residual beyond the bound of which nobody knows. */
  readonly stranded: number
  /** Legs that the venue accepted more than once. */
  readonly doubleSends: number
}

const [base] = simulatedSymbol.split('/') as [string]

export function judgeNaive(truths: Truths, trades: readonly (readonly NaiveLeg[])[]): NaiveJudgement {
  const byId = new Map(ourOrders(truths).map((order) => [order.clientOrderId, order]))
  const accepted = ({ sentIds }: NaiveLeg): OurOrder[] => sentIds.flatMap((id) => byId.get(id) ?? [])
  const price = Decimal.fromNumber(midPrice(truths, simulatedSymbol, symbolSpecs.mexc.referencePrice))
  const residual = (legs: readonly NaiveLeg[]): Decimal =>
    legs.flatMap(accepted).reduce((sum, order) => sum.plus(baseMoved(order, base)), Decimal.zero)
  const sameSide = (leg: NaiveLeg): number => accepted(leg).filter(({ order }) => order.side === leg.plan.side).length
  return {
    trades: trades.length,
    stranded: trades.filter((legs) => residual(legs).abs().times(price).greaterThan(residualBound)).length,
    doubleSends: trades.flat().filter((leg) => sameSide(leg) > 1).length,
  }
}
