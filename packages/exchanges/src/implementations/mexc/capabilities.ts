import type { ExchangeCapabilities } from '../../structs/exchange-capabilities.js'
import { maxClientOrderIdLength, maxSnapshotDepth } from './constants.js'

/** What MEXC spot can do. */
export const mexcCapabilities: ExchangeCapabilities = {
  marketType: 'spot',
  marketOrders: true,
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
