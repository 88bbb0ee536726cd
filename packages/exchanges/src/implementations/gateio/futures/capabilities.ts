import type { ExchangeCapabilities } from '../../../structs/exchange-capabilities.js'
import { bookFeedOf } from '../capabilities.js'
import { maxSnapshotDepth, maxTextLength, streamedDepthOf } from '../constants.js'
import type { GateioOptions } from '../schemas.js'

/** What can be done on Gate.io perpetual futures here: market data. */
export function createGateioFuturesCapabilities(options: GateioOptions): ExchangeCapabilities {
  return {
    marketType: 'futures',
    marketOrders: false,
    timesInForce: [],
    postOnly: false,
    orderEntry: [],
    queryByClientOrderId: false,
    cancelByClientOrderId: false,
    clientOrderIdLookupMs: undefined,
    cancelAll: false,
    sequencedBooks: true,
    maxSnapshotDepth,
    streamedDepth: streamedDepthOf[bookFeedOf(options)],
    privateStreams: { orders: false, fills: false, balances: false },
    deadManSwitch: false,
    feeAssetRule: 'quote',
    maxClientOrderIdLength: maxTextLength,
  }
}
