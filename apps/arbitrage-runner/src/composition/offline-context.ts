import { silentLogger, type Clock, type Random } from '@cex-arbitrage/common'
import type { ExchangeContext } from '@cex-arbitrage/exchanges'

/** What exchanges are built from where nothing is connected. */
export function createOfflineContext(sources: { readonly clock: Clock; readonly random: Random }): ExchangeContext {
  return { clock: sources.clock, random: sources.random, logger: silentLogger }
}
