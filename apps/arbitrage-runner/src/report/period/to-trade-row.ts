import { usPerMs } from '@cex-arbitrage/common'
import type { AccountedTrade, OrderRow } from '@cex-arbitrage/storage'
import { describeStoredRoute } from '../../history/describe-stored-route.js'
import { isFilled, routeOf } from '../../status/describe-trade.js'
import type { TradeRow } from '../trade-row.js'

type Sent = Pick<OrderRow, 'instrumentId' | 'side' | 'role'>

/** A stored trade as reports show it; `undefined` while it is open. */
export function toTradeRow(trade: AccountedTrade): TradeRow | undefined {
  const { outcome, realisedProfit, attribution, durationUs, orders, legs } = trade
  if (outcome === null || realisedProfit === null || attribution === null) return undefined
  const first = orders.find(isFilled)
  const sent: readonly Sent[] = orders.length === 0 ? legs.map((leg) => ({ ...leg, role: 'leg' })) : orders
  return {
    startedAtMs: trade.startedAtMs,
    durationMs: (durationUs ?? 0) / usPerMs,
    correlationId: trade.correlationId,
    strategy: trade.strategy,
    symbol: trade.symbol,
    end: outcome,
    route: describeStoredRoute(routeOf(sent)),
    quantity: first?.filledQuantity ?? '0',
    notional: first?.filledNotional ?? '0',
    expected: trade.expectedProfit,
    realised: realisedProfit,
    profitAsset: trade.profitAsset,
    attribution: { ...attribution },
  }
}
