import type { ExchangeCapabilities } from '../../structs/exchange-capabilities.js'
import {
  clientOrderIdLookupMs,
  maxSnapshotDepth,
  maxTextLength,
  streamedDepthOf,
  type GateioBookFeed,
} from './constants.js'
import type { GateioOptions } from './schemas.js'

/** What Gate.io spot can do with the options chosen. */
export function createGateioCapabilities(options: GateioOptions): ExchangeCapabilities {
  return {
    marketType: 'spot',
    marketOrders: true,
    timesInForce: ['gtc', 'ioc', 'fok'],
    postOnly: true,
    orderEntry: options.orderEntry === 'websocket' ? ['websocket', 'rest'] : ['rest'],
    queryByClientOrderId: true,
    cancelByClientOrderId: true,
    clientOrderIdLookupMs,
    cancelAll: true,
    sequencedBooks: true,
    maxSnapshotDepth,
    streamedDepth: streamedDepthOf[bookFeedOf(options)],
    privateStreams: { orders: true, fills: true, balances: true },
    deadManSwitch: true,
    feeAssetRule: 'received',
    maxClientOrderIdLength: maxTextLength,
  }
}

/** The feed that the options choose. */
export function bookFeedOf({ bookFeed, streamIntervalMs }: GateioOptions): GateioBookFeed {
  if (bookFeed === 'obu') return streamIntervalMs === 20 ? 'obu-50' : 'obu-400'
  return streamIntervalMs === 20 ? '20ms' : '100ms'
}
