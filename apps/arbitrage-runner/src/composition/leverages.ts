import type { InstrumentId } from '@cex-arbitrage/common'
import type { EngineConfig } from '@cex-arbitrage/config'
import type { TradingVenue } from '@cex-arbitrage/trading'

/** The leverage of every contract that a strategy may hold; the lowest where several may. */
export function leveragesOf(
  { strategies }: EngineConfig,
  venues: readonly TradingVenue[],
): ReadonlyMap<InstrumentId, number> {
  const leverages = new Map<InstrumentId, number>()
  const contracts = venues
    .flatMap(({ instruments }) => instruments)
    .filter(({ marketType }) => marketType === 'futures')
  for (const strategy of strategies) {
    if (strategy.type !== 'spot-futures' || !strategy.enabled) continue
    for (const { id, symbol, exchange } of contracts) {
      const isHeld = strategy.symbols?.includes(symbol) !== false && strategy.exchanges?.includes(exchange) !== false
      if (isHeld) leverages.set(id, Math.min(strategy.maxLeverage, leverages.get(id) ?? strategy.maxLeverage))
    }
  }
  return leverages
}
