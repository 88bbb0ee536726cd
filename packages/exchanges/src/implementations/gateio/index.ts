import type { ComponentRegistry } from '../../factory/component-registry.js'
import { GateioAccountFeed } from './account-feed.js'
import { GateioFuturesCaptureReplay, GateioSpotCaptureReplay } from './capture-replay.js'
import { gateioExchangeId } from './constants.js'
import { GateioExchangeFactory } from './exchange-factory.js'
import { GateioFuturesAccountFeed } from './futures/account-feed.js'
import { GateioFuturesMarketDataFeed } from './futures/market-data-feed.js'
import { GateioFuturesPrivateExchange } from './futures/private-exchange.js'
import { GateioFuturesPublicExchange } from './futures/public-exchange.js'
import { GateioFuturesRestClient } from './futures/rest-client.js'
import { GateioMarketDataFeed } from './market-data-feed.js'
import { GateioPrivateExchange } from './private-exchange.js'
import { GateioPublicExchange } from './public-exchange.js'
import { answerGateioRehearsal } from './rehearsal.js'
import { GateioRestClient } from './rest-client.js'

export { createGateioCapabilities } from './capabilities.js'
export { createGateioFuturesCapabilities } from './futures/capabilities.js'
export { gateioExchangeId } from './constants.js'
export { GateioExchangeFactory } from './exchange-factory.js'
export { GateioMarketDataDecoder, gateioFrameKind, type GateioFrameKind } from './market-data-decoder.js'

/** Makes Gate.io known: spot and perpetual futures, with and without a key, and the replay of captures. */
export function registerExchange(registry: ComponentRegistry): void {
  const spot = { exchange: gateioExchangeId, marketType: 'spot' } as const
  const futures = { exchange: gateioExchangeId, marketType: 'futures' } as const
  registry.registerFactory(gateioExchangeId, GateioExchangeFactory)
  registry.registerRestClient({ ...spot, scope: 'public' }, GateioRestClient)
  registry.registerRestClient({ ...spot, scope: 'private' }, GateioRestClient)
  registry.registerWebSocketClient({ ...spot, scope: 'public' }, GateioMarketDataFeed)
  registry.registerWebSocketClient({ ...spot, scope: 'private' }, GateioAccountFeed)
  registry.registerComposite({ ...spot, scope: 'public' }, GateioPublicExchange)
  registry.registerComposite({ ...spot, scope: 'private' }, GateioPrivateExchange)
  registry.registerRehearsal(spot, answerGateioRehearsal)
  registry.registerRestClient({ ...futures, scope: 'public' }, GateioFuturesRestClient)
  registry.registerRestClient({ ...futures, scope: 'private' }, GateioFuturesRestClient)
  registry.registerWebSocketClient({ ...futures, scope: 'public' }, GateioFuturesMarketDataFeed)
  registry.registerWebSocketClient({ ...futures, scope: 'private' }, GateioFuturesAccountFeed)
  registry.registerComposite({ ...futures, scope: 'public' }, GateioFuturesPublicExchange)
  registry.registerComposite({ ...futures, scope: 'private' }, GateioFuturesPrivateExchange)
  registry.registerRehearsal(futures, answerGateioRehearsal)
  registry.registerCaptureReplay(spot, GateioSpotCaptureReplay)
  registry.registerCaptureReplay(futures, GateioFuturesCaptureReplay)
}
