import type { ExchangeCapabilities } from '../../../structs/exchange-capabilities.js'
import { mexcCapabilities } from '../capabilities.js'
import { maxSnapshotDepth } from './constants.js'

/** What can be done on MEXC perpetual futures; where not named, as on spot. */
export const mexcFuturesCapabilities: ExchangeCapabilities = {
  ...mexcCapabilities,
  marketType: 'futures',
  // A market order is in contracts there, never for an amount of quote; an ioc order does the same with a bound.
  marketOrders: false,
  maxSnapshotDepth,
}
