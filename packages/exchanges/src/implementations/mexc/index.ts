import type { ComponentRegistry } from '../../factory/component-registry.js'
import { MexcAccountFeed } from './account-feed.js'
import { mexcExchangeId } from './constants.js'
import { MexcExchangeFactory } from './exchange-factory.js'
import { MexcFuturesAccountFeed } from './futures/account-feed.js'
import { MexcFuturesMarketDataFeed } from './futures/market-data-feed.js'
import { MexcFuturesPrivateExchange } from './futures/private-exchange.js'
import { MexcFuturesPublicExchange } from './futures/public-exchange.js'
import { MexcFuturesRestClient } from './futures/rest-client.js'
import { MexcMarketDataFeed } from './market-data-feed.js'
import { MexcPrivateExchange } from './private-exchange.js'
import { MexcPublicExchange } from './public-exchange.js'
import { answerMexcRehearsal } from './rehearsal.js'
import { MexcRestClient } from './rest-client.js'

export { mexcCapabilities } from './capabilities.js'
export { mexcFuturesCapabilities } from './futures/capabilities.js'
export { mexcExchangeId } from './constants.js'
export { MexcExchangeFactory } from './exchange-factory.js'
export { MexcMarketDataDecoder, mexcFrameKind, type MexcFrameKind } from './market-data-decoder.js'

/** Makes MEXC known: spot and perpetual futures, with and without a key. */
export function registerExchange(registry: ComponentRegistry): void {
  const spot = { exchange: mexcExchangeId, marketType: 'spot' } as const
  const futures = { exchange: mexcExchangeId, marketType: 'futures' } as const
  registry.registerFactory(mexcExchangeId, MexcExchangeFactory)
  registry.registerRestClient({ ...spot, scope: 'public' }, MexcRestClient)
  registry.registerRestClient({ ...spot, scope: 'private' }, MexcRestClient)
  registry.registerWebSocketClient({ ...spot, scope: 'public' }, MexcMarketDataFeed)
  registry.registerWebSocketClient({ ...spot, scope: 'private' }, MexcAccountFeed)
  registry.registerComposite({ ...spot, scope: 'public' }, MexcPublicExchange)
  registry.registerComposite({ ...spot, scope: 'private' }, MexcPrivateExchange)
  registry.registerRehearsal(spot, answerMexcRehearsal)
  registry.registerRestClient({ ...futures, scope: 'public' }, MexcFuturesRestClient)
  registry.registerWebSocketClient({ ...futures, scope: 'public' }, MexcFuturesMarketDataFeed)
  registry.registerComposite({ ...futures, scope: 'public' }, MexcFuturesPublicExchange)
  registry.registerRestClient({ ...futures, scope: 'private' }, MexcFuturesRestClient)
  registry.registerWebSocketClient({ ...futures, scope: 'private' }, MexcFuturesAccountFeed)
  registry.registerComposite({ ...futures, scope: 'private' }, MexcFuturesPrivateExchange)
  registry.registerRehearsal(futures, answerMexcRehearsal)
}
