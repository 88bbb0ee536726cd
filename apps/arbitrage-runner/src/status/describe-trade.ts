import { usPerMs } from '@cex-arbitrage/common'
import type { LegOutcome, TradeOutcome } from '@cex-arbitrage/trading'
import { describeRoute } from './describe-route.js'
import type { TradeOrderStatus, TradeStatus } from './status-snapshot.js'

const priceDecimals = 10

/** A trade's outcome as text for people and APIs. */
export function describeTrade(outcome: TradeOutcome): TradeStatus {
  const orders = outcome.legs.map(describeOrder)
  return {
    correlationId: outcome.correlationId,
    atMs: outcome.startedAtMs,
    strategy: outcome.strategy,
    symbol: outcome.symbol,
    route: describeRoute(routeOf(orders)),
    quantity: orders.find(isFilled)?.filledQuantity ?? '0',
    orders,
    end: outcome.end,
    expectedProfit: outcome.expectedProfit.toString(),
    realisedProfit: outcome.realisedProfit.toString(),
    profitAsset: outcome.profitAsset,
    difference: outcome.realisedProfit.minus(outcome.expectedProfit).toString(),
    attribution: Object.fromEntries(
      Object.entries(outcome.attribution).map(([part, amount]) => [part, String(amount)]),
    ),
    durationMs: outcome.durationUs / usPerMs,
  }
}

export const isFilled = ({ filledQuantity }: { readonly filledQuantity: string }): boolean => filledQuantity !== '0'

/** The legs of the plan; a quote, whose plan has one, goes on to where its fill was hedged. */
export function routeOf<Order extends { readonly role: string }>(orders: readonly Order[]): readonly Order[] {
  const planned = orders.filter(({ role }) => role === 'leg')
  return planned.length > 1 ? planned : orders
}

function describeOrder({
  instrument,
  side,
  role,
  state,
  filledQuantity,
  filledNotional,
}: LegOutcome): TradeOrderStatus {
  return {
    exchange: instrument.exchange,
    marketType: instrument.marketType,
    symbol: instrument.symbol,
    side,
    role,
    state,
    filledQuantity: filledQuantity.toString(),
    averagePrice: filledQuantity.isZero
      ? undefined
      : filledNotional.dividedBy(filledQuantity.times(instrument.contractSize), priceDecimals, 'down').toString(),
  }
}
