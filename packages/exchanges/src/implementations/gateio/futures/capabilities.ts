import type { ExchangeCapabilities } from '../../../structs/exchange-capabilities.js'
import { createGateioCapabilities } from '../capabilities.js'
import type { GateioOptions } from '../schemas.js'
import { clientOrderIdLookupMs } from './constants.js'

/** What can be done on Gate.io perpetual futures with the options chosen; where not named, as on spot. */
export function createGateioFuturesCapabilities(options: GateioOptions): ExchangeCapabilities {
  return {
    ...createGateioCapabilities(options),
    marketType: 'futures',
    // A market order is in contracts there, never for an amount of quote; an ioc order does the same with a bound.
    marketOrders: false,
    clientOrderIdLookupMs,
    feeAssetRule: 'quote',
  }
}
