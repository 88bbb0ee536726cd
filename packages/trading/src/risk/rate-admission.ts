import type { ExchangeId } from '@cex-arbitrage/common'
import type { RatePermit, TradeRateNeed } from '@cex-arbitrage/exchanges'
import { ordersOf, type TradePlan } from '../types/trade-plan.js'
import type { RiskGateDependencies } from './risk-gate-dependencies.js'

/**
 * Calls that one leg may need on its exchange in the worst case: the order and its unwind or a hedge of the other leg; a
 * cancel of each; and queries until an outcome is known.
 */
const needPerLeg: TradeRateNeed = { orders: 2, cancels: 2, queries: 4 }

/**
 * Sets aside on every exchange what a whole trade may need, legs, cancels and unwind, the hedge of a quote as a leg, or
 * nothing at all (invariant S9).
 *
 * @returns the permit, or the exchange where it does not fit.
 */
export function admitWholeTrade(deps: RiskGateDependencies, plan: TradePlan): RatePermit | ExchangeId {
  const permits: RatePermit[] = []
  const release = (): void => permits.forEach((permit) => permit.release())
  const orders = ordersOf(plan)
  const instruments = new Map(
    orders.map(({ instrument }) => [`${instrument.exchange}:${instrument.marketType}`, instrument]),
  )
  for (const instrument of instruments.values()) {
    const legs = orders.filter(
      (order) =>
        order.instrument.exchange === instrument.exchange && order.instrument.marketType === instrument.marketType,
    ).length
    const permit = deps.gatewayOf(instrument)?.admitTrade({
      correlationId: plan.correlationId,
      orders: needPerLeg.orders * legs,
      cancels: needPerLeg.cancels * legs,
      queries: needPerLeg.queries * legs,
    })
    if (permit === undefined) {
      release()
      return instrument.exchange
    }
    permits.push(permit)
  }
  return { release }
}
