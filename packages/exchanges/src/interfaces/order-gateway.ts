import type {
  CorrelationId,
  ExchangeOrderId,
  Fill,
  Instrument,
  OrderAcknowledgement,
  OrderReference,
  OrderRequest,
  OrderUpdate,
  RiskApproved,
} from '@cex-arbitrage/common'

/** Decides which part of the rate budget a call may use: hedges and cancels have a reserve. */
export type OrderPurpose = 'open' | 'hedge'

export interface SubmitOptions {
  /** Milliseconds to wait for the acknowledgement before the order is unknown. */
  readonly ackTimeoutMs: number
  readonly purpose: OrderPurpose
}

export interface FillQuery {
  readonly instrument: Instrument
  readonly exchangeOrderId?: ExchangeOrderId
  /** Unix milliseconds, inclusive. */
  readonly fromMs?: number
  /** What the caller has of the order already: an exchange that lists no fills makes up no more than is lacking. */
  readonly known?: readonly Fill[]
}

/** Calls that a whole trade may need in the worst case. */
export interface TradeRateNeed {
  /** Whose calls they are: they are kept for orders that carry it. Without one they are for whoever comes next. */
  readonly correlationId?: CorrelationId
  readonly orders: number
  readonly cancels: number
  readonly queries: number
}

/** Budget set aside for one trade. `release` gives back what was not used; it is harmless twice. */
export interface RatePermit {
  release(): void
}

/** Orders of one account on one kind of market of one exchange. */
export interface OrderGateway {
  /**
   * Submits one order and resolves when the exchange has acknowledged it. Fills arrive on the account feed. The same
   * request is never sent twice by this method.
   *
   * @throws {@link OrderRejectedException} Or another exception with recovery `reject` or `retry`: nothing rests on the book.
   * @throws {@link OrderOutcomeUnknownException} It may be live; ask by client order id.
   */
  submitOrder(order: RiskApproved<OrderRequest>, options: SubmitOptions): Promise<OrderAcknowledgement>
  /**
   * Asks for a cancel and resolves when the exchange has taken the request. The order may still fill; its final state
   * comes on the account feed or by `fetchOrder`.
   *
   * @throws {@link OrderNotFoundException} Unknown or ended.
   */
  cancelOrder(order: OrderReference): Promise<void>
  /** Cancels every open order of the account on the instrument. */
  cancelAllOrders(instrument: Instrument): Promise<void>
  /** The order's state; `undefined` when the exchange says that it knows none such. */
  fetchOrder(order: OrderReference): Promise<OrderUpdate | undefined>
  fetchOpenOrders(instrument: Instrument): Promise<readonly OrderUpdate[]>
  /** Own executions, oldest first. */
  fetchFills(query: FillQuery): Promise<readonly Fill[]>
  /** Sets aside the calls of one trade, or answers `undefined` when they do not fit the exchange's windows now. */
  admitTrade(need: TradeRateNeed): RatePermit | undefined
  /**
   * Renews the exchange's own countdown after which it cancels all our orders; 0 ends it.
   *
   * @throws {@link ExchangeCapabilityException} The exchange has none.
   */
  renewDeadManSwitch(timeoutMs: number): Promise<void>
}
