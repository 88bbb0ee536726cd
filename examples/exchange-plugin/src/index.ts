import type { ComponentRegistry } from '@cex-arbitrage/exchanges'
import { SampleAccountFeed } from './account-feed.js'
import { sampleExchangeId } from './constants.js'
import { SampleExchangeFactory } from './exchange-factory.js'
import { SampleMarketDataFeed } from './market-data-feed.js'
import { SamplePrivateExchange } from './private-exchange.js'
import { SamplePublicExchange } from './public-exchange.js'
import { SampleRestClient } from './rest-client.js'

export { sampleCapabilities } from './capabilities.js'
export { sampleExchangeId } from './constants.js'

/** Makes the exchange known: its spot market, with and without a key. */
export function registerExchange(registry: ComponentRegistry): void {
  const spot = { exchange: sampleExchangeId, marketType: 'spot' } as const
  registry.registerFactory(sampleExchangeId, SampleExchangeFactory)
  registry.registerRestClient({ ...spot, scope: 'public' }, SampleRestClient)
  registry.registerRestClient({ ...spot, scope: 'private' }, SampleRestClient)
  registry.registerWebSocketClient({ ...spot, scope: 'public' }, SampleMarketDataFeed)
  registry.registerWebSocketClient({ ...spot, scope: 'private' }, SampleAccountFeed)
  registry.registerComposite({ ...spot, scope: 'public' }, SamplePublicExchange)
  registry.registerComposite({ ...spot, scope: 'private' }, SamplePrivateExchange)
}
