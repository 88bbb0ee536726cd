import type { ExchangeCapabilities } from '@cex-arbitrage/exchanges'
import { maxClientOrderIdLength, maxSnapshotDepth } from './constants.js'

/** What the exchange can do. Claim what its documents say and the conformance suite has shown. */
export const sampleCapabilities: ExchangeCapabilities = {
  marketType: 'spot',
  marketOrders: false,
  timesInForce: ['gtc', 'ioc', 'fok'],
  postOnly: true,
  orderEntry: ['rest'],
  queryByClientOrderId: true,
  cancelByClientOrderId: true,
  clientOrderIdLookupMs: undefined,
  cancelAll: true,
  sequencedBooks: true,
  maxSnapshotDepth,
  streamedDepth: undefined,
  privateStreams: { orders: true, fills: true, balances: true },
  deadManSwitch: false,
  feeAssetRule: 'quote',
  maxClientOrderIdLength,
}
