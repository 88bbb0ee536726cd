import type { FeeAssetRule, MarketType, TimeInForce } from '@cex-arbitrage/common'

export type OrderEntryTransport = 'rest' | 'websocket'

/** What one exchange can do on one kind of market, as data. Shared code asks this and never an exchange's name. */
export interface ExchangeCapabilities {
  readonly marketType: MarketType
  readonly marketOrders: boolean
  /**
   * What the gateway keeps, by itself where the exchange does not know it: an `ioc` is then a limit order whose rest the
   * gateway cancels. Shared code sends no other; trading refuses an exchange without `ioc`.
   */
  readonly timesInForce: readonly TimeInForce[]
  readonly postOnly: boolean
  /** Means by which orders can be sent, the preferred one first. Empty: no orders at all. */
  readonly orderEntry: readonly OrderEntryTransport[]
  readonly queryByClientOrderId: boolean
  readonly cancelByClientOrderId: boolean
  /** Milliseconds after its end for which an order is still found by client order id; `undefined` without a bound. */
  readonly clientOrderIdLookupMs: number | undefined
  readonly cancelAll: boolean
  /** Book updates carry a counter by which a lost one is noticed. */
  readonly sequencedBooks: boolean
  /** Deepest snapshot that a query answers, in levels a side. */
  readonly maxSnapshotDepth: number
  /** Levels a side that the stream keeps right; `undefined` for the whole book. */
  readonly streamedDepth: number | undefined
  readonly privateStreams: { readonly orders: boolean; readonly fills: boolean; readonly balances: boolean }
  /** The exchange cancels all orders by itself when a countdown is not renewed. */
  readonly deadManSwitch: boolean
  /** From which asset a fee is taken unless a fill says otherwise. */
  readonly feeAssetRule: FeeAssetRule
  readonly maxClientOrderIdLength: number
}
