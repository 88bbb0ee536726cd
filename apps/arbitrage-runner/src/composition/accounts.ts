import { SeededRandom, createAssetId, type Clock } from '@cex-arbitrage/common'
import type { EngineConfig, PaperConfig } from '@cex-arbitrage/config'
import type { FactoryManager, PrivateExchange, PublicExchange } from '@cex-arbitrage/exchanges'
import { PaperExchange, type PaperSettings } from '@cex-arbitrage/trading'

/** Accounts of the mode: on paper against the live book, or the exchange's own. */
export function createAccounts(
  config: EngineConfig,
  exchanges: FactoryManager,
  clock: Clock,
): (exchange: PublicExchange) => PrivateExchange {
  if (config.mode !== 'paper') return ({ exchange, marketType }) => exchanges.privateExchange(exchange, marketType)
  const settings = toPaperSettings(config.paper)
  const random = new SeededRandom(config.paper.seed)
  return (publicExchange) => new PaperExchange({ publicExchange, clock, random, settings })
}

function toPaperSettings(paper: PaperConfig): PaperSettings {
  return {
    latencyMs: paper.latencyMs,
    latencyJitterMs: paper.latencyJitterMs,
    partialFillShare: paper.partialFill,
    rejectShare: paper.rejectOrder,
    balances: new Map(Object.entries(paper.initialBalances).map(([asset, amount]) => [createAssetId(asset), amount])),
  }
}
