import { usPerMs } from '@cex-arbitrage/common'
import type { TradeOutcome } from '@cex-arbitrage/trading'
import type { TradeStatus } from './status-snapshot.js'

/** A trade's outcome as text for people and APIs. */
export function describeTrade(outcome: TradeOutcome): TradeStatus {
  const buy = outcome.legs.find(({ side }) => side === 'buy')
  const sell = outcome.legs.find(({ side }) => side === 'sell')
  return {
    correlationId: outcome.correlationId,
    atMs: outcome.startedAtMs,
    symbol: outcome.symbol,
    buyAt: buy?.instrument.exchange ?? '–',
    sellAt: sell?.instrument.exchange ?? '–',
    quantity: (sell ?? buy)?.filledQuantity.toString() ?? '0',
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
