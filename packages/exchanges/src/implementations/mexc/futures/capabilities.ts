import type { ExchangeCapabilities } from '../../../structs/exchange-capabilities.js'
import { maxClientOrderIdLength } from '../constants.js'
import { maxSnapshotDepth } from './constants.js'

/** What can be done on MEXC perpetual futures here: market data. */
export const mexcFuturesCapabilities: ExchangeCapabilities = {
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
  streamedDepth: undefined,
  privateStreams: { orders: false, fills: false, balances: false },
  deadManSwitch: false,
  feeAssetRule: 'quote',
  maxClientOrderIdLength,
}
