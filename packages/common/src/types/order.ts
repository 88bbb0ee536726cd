import type { Decimal } from './decimal.js'
import type { ClientOrderId, CorrelationId, ExchangeOrderId, InstrumentId } from './ids.js'
import type { Instrument } from './instrument.js'
import type { Side } from './side.js'

export type TimeInForce = 'gtc' | 'ioc' | 'fok'

interface OrderRequestBase {
  readonly instrument: Instrument
  readonly clientOrderId: ClientOrderId
  readonly correlationId: CorrelationId
  /** Of a perpetual contract: may only bring its position nearer to zero; the exchange refuses or cuts what would not. */
  readonly reduceOnly?: boolean
}

/** A limit order. Price and quantity lie on the instrument's order grid. `postOnly` is refused rather than taking. */
export interface LimitOrderRequest extends OrderRequestBase {
  readonly type: 'limit'
  readonly side: Side
  readonly priceTicks: number
  readonly quantityLots: number
  readonly execution:
    | { readonly timeInForce: 'gtc'; readonly postOnly: boolean }
    | { readonly timeInForce: 'ioc' | 'fok' }
}

/** A market buy spends up to an amount of quote. */
export interface MarketBuyRequest extends OrderRequestBase {
  readonly type: 'market'
  readonly side: 'buy'
  readonly quoteAmount: Decimal
}

/** A market sell sells a quantity of base. */
export interface MarketSellRequest extends OrderRequestBase {
  readonly type: 'market'
  readonly side: 'sell'
  readonly quantityLots: number
}

export type OrderRequest = LimitOrderRequest | MarketBuyRequest | MarketSellRequest

/** `open` has no fill yet; `partially_filled` still works; the other three are final. */
export type OrderStatus = 'open' | 'partially_filled' | 'filled' | 'cancelled' | 'rejected'

export const isFinalOrderStatus = (status: OrderStatus): boolean => status !== 'open' && status !== 'partially_filled'

/** The exchange has taken the order; nothing is said of fills. */
export interface OrderAcknowledgement {
  readonly clientOrderId: ClientOrderId
  readonly exchangeOrderId: ExchangeOrderId
  readonly exchangeTimeMs: number | undefined
}

/** The state of an order as its exchange tells it, from a stream or a query. */
export interface OrderUpdate {
  readonly instrumentId: InstrumentId
  readonly clientOrderId: ClientOrderId | undefined
  readonly exchangeOrderId: ExchangeOrderId
  readonly side: Side
  readonly status: OrderStatus
  /** In base (spot) or contracts; `undefined` where the exchange states none, as for a market buy by amount. */
  readonly quantity: Decimal | undefined
  /** Limit price in quote; `undefined` for a market order. */
  readonly price: Decimal | undefined
  /** Cumulative, in base (spot) or contracts. */
  readonly filledQuantity: Decimal
  /** Cumulative, in quote. */
  readonly filledNotional: Decimal
  readonly exchangeTimeMs: number
  /** The exchange's own word for an end it chose: `ioc`, `poc`, `stp_cancel`, … */
  readonly reason: string | undefined
}

/** Names an order of ours on its exchange. At least one id is there; the exchange's own wins. */
export type OrderReference = {
  readonly instrument: Instrument
  /** Of its trade, whose rate budget the call may use. */
  readonly correlationId?: CorrelationId
} & (
  | { readonly clientOrderId: ClientOrderId; readonly exchangeOrderId?: ExchangeOrderId }
  | { readonly exchangeOrderId: ExchangeOrderId; readonly clientOrderId?: ClientOrderId }
)
