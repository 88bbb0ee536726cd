import type { ExchangeCapabilities } from '@cex-arbitrage/exchanges'

/**
 * What an exchange behind Hummingbot can do: orders that rest, by client order id where the server knows it; books
 * without a sequence; no balances on the stream. The protocol knows no time in force; the gateway keeps `ioc` by cancelling
 * what is left of a limit order.
 *
 * @param knowsClientOrderIds - Whether the server answers `get_order` by client order id.
 */
export function createHummingbotCapabilities(knowsClientOrderIds: boolean): ExchangeCapabilities {
  return {
    marketType: 'spot',
    marketOrders: false,
    timesInForce: ['gtc', 'ioc'],
    postOnly: false,
    orderEntry: ['websocket'],
    queryByClientOrderId: knowsClientOrderIds,
    cancelByClientOrderId: false,
    clientOrderIdLookupMs: undefined,
    cancelAll: false,
    sequencedBooks: false,
    maxSnapshotDepth: 1_000,
    streamedDepth: undefined,
    privateStreams: { orders: true, fills: true, balances: false },
    deadManSwitch: false,
    feeAssetRule: 'received',
    maxClientOrderIdLength: 36,
  }
}
