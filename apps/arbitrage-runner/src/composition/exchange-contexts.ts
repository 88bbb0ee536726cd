import type { Clock, ExchangeId, Logger, Random } from '@cex-arbitrage/common'
import type { BaseExchangeConfig, NetworkConfig } from '@cex-arbitrage/config'
import type { ExchangeContext, ExchangeCredentials } from '@cex-arbitrage/exchanges'
import { toNetworkTuning } from './network-tuning.js'

/** Where an exchange is, when it is not where its connector expects it. */
export interface ExchangeAddress {
  readonly rest: string
  readonly ws: string
  /** Of perpetual contracts, where it has them. */
  readonly futuresRest?: string
  readonly futuresWs?: string
  readonly credentials: ExchangeCredentials
}

export interface ContextSources {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly network: NetworkConfig
}

/** What an exchange is built from: its section of the configuration, or a simulated address in its place. */
export function createExchangeContext(
  exchange: ExchangeId,
  config: BaseExchangeConfig,
  sources: ContextSources,
  simulated: ExchangeAddress | undefined,
): ExchangeContext {
  const { apiKey, secret, watchdogApiKey: _key, watchdogSecret: _secret, urls, ...settings } = config
  const restUrl = simulated?.rest ?? urls.rest
  const webSocketUrl = simulated?.ws ?? urls.websocket
  const futuresRestUrl = simulated?.futuresRest ?? urls.futuresRest
  const futuresWebSocketUrl = simulated?.futuresWs ?? urls.futuresWebsocket
  const credentials = simulated?.credentials ?? (apiKey && secret ? { apiKey, secret } : undefined)
  return {
    clock: sources.clock,
    random: sources.random,
    logger: sources.logger.child({ exchange }),
    options: {
      ...('options' in settings ? { ...settings, ...(settings.options as object) } : settings),
      ...(futuresRestUrl !== undefined && { futuresRestUrl }),
      ...(futuresWebSocketUrl !== undefined && { futuresWebSocketUrl }),
    },
    tuning: toNetworkTuning(sources.network),
    ...(restUrl !== undefined && { restUrl }),
    ...(webSocketUrl !== undefined && { webSocketUrl }),
    ...(credentials !== undefined && { credentials }),
  }
}
