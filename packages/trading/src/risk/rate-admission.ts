import type { ExchangeId } from '@cex-arbitrage/common'
import type { RatePermit, TradeRateNeed } from '@cex-arbitrage/exchanges'
import { ordersOf, type TradePlan } from '../types/trade-plan.js'
import type { RiskGateDependencies } from './risk-gate-dependencies.js'

const queriesPerLeg = 4

/**
 * Calls that a trade may need on one exchange in the worst case: its legs there and an order for every asset that it may
 * leave over; a cancel of each leg and, since repairing orders go one after the other, of one of those; and queries until
 * every outcome is known.
 */
const needOf = (plan: TradePlan, legs: number): TradeRateNeed => ({
  correlationId: plan.correlationId,
  orders: legs + plan.surplusPrices.size,
  cancels: legs + 1,
  queries: queriesPerLeg * legs,
})

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
    const permit = deps.gatewayOf(instrument)?.admitTrade(needOf(plan, legs))
    if (permit === undefined) {
      release()
      return instrument.exchange
    }
    permits.push(permit)
  }
  return { release }
}
