import type { ExchangeCapabilities } from '@cex-arbitrage/exchanges'

/**
 * What an exchange behind Hummingbot can do: orders that rest, by client order id where the server knows it; books
 * without a sequence; no balances on the stream. An immediate-or-cancel order is taken and cancelled on this side, which
 * is no promise of the venue, so it is not claimed.
 *
 * @param knowsClientOrderIds - Whether the server answers `get_order` by client order id.
 */
export function createHummingbotCapabilities(knowsClientOrderIds: boolean): ExchangeCapabilities {
  return {
    marketType: 'spot',
    marketOrders: false,
    timesInForce: ['gtc'],
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
