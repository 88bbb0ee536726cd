import {
  asExchangeOrderId,
  Decimal,
  ExchangeUnavailableException,
  InsufficientFundsException,
  OrderNotFoundException,
  OrderOutcomeUnknownException,
  OrderRejectedException,
  OrderWouldTakeException,
  RateLimitException,
  sleep,
  type Clock,
  type ClientOrderId,
  type ExchangeId,
  type Fill,
  type Instrument,
  type InstrumentId,
  type LimitOrderRequest,
  type OrderAcknowledgement,
  type OrderReference,
  type OrderRequest,
  type OrderUpdate,
  type RiskApproved,
} from '@cex-arbitrage/common'
import type { FillQuery, OrderGateway, RatePermit, SubmitOptions, TradeRateNeed } from '@cex-arbitrage/exchanges'
import { boundAsset, marginOf } from '../types/order-funds.js'
import type { SimulatedAccount } from './simulated-account.js'
import type { AccountEvent, EventDelivery, SimulatedAccountFeed } from './simulated-account-feed.js'
import { SimulatedBook } from './simulated-book.js'
import { nextFault, type CancelFault, type FaultScript, type QueryFault, type SubmitFault } from './simulated-faults.js'
import type { SimulatedPositions } from './simulated-positions.js'
import { SimulatedOrder } from './simulated-order.js'

export interface SimulatedOrderGatewayOptions {
  readonly exchange: ExchangeId
  readonly instruments: readonly Instrument[]
  readonly clock: Clock
  readonly account: SimulatedAccount
  readonly feed: SimulatedAccountFeed
  /** Of an account of perpetual contracts. */
  readonly positions?: SimulatedPositions
  /** Milliseconds that every call takes; 0 answers at once. */
  readonly latencyMs?: number
}

/** Orders of one account against `SimulatedBook`s, with exact balances and faults on demand. Limit orders only. */
export class SimulatedOrderGateway implements OrderGateway {
  readonly books = new Map<InstrumentId, SimulatedBook>()
  /** The truth: every order that arrived, in order of arrival. */
  readonly orders: SimulatedOrder[] = []
  /** Client order ids of every request that was sent, also of those that never arrived. */
  readonly submitted: ClientOrderId[] = []
  submitFaults: FaultScript<SubmitFault, LimitOrderRequest> = []
  queryFaults: FaultScript<QueryFault, 'order' | 'open_orders' | 'fills'> = []
  cancelFaults: FaultScript<CancelFault, OrderReference> = []
  /** Answer of `admitTrade`. */
  admits = true
  /** Milliseconds of the last renewal of the countdown; `undefined` before any. */
  deadManSwitchMs: number | undefined
  deadManRenewals = 0
  private lastOrder = 0

  constructor(private readonly options: SimulatedOrderGatewayOptions) {
    for (const instrument of options.instruments) this.books.set(instrument.id, new SimulatedBook(instrument))
  }

  book(instrument: Instrument): SimulatedBook {
    return this.books.get(instrument.id)!
  }

  find(clientOrderId: ClientOrderId): SimulatedOrder | undefined {
    return this.orders.find((order) => order.request.clientOrderId === clientOrderId)
  }

  async submitOrder(order: RiskApproved<OrderRequest>, options: SubmitOptions): Promise<OrderAcknowledgement> {
    if (order.type !== 'limit') throw this.refusal('The simulated exchange takes limit orders only.')
    this.submitted.push(order.clientOrderId)
    const fault = nextFault(this.submitFaults, order) ?? {}
    await this.pause()
    if (fault.kind === 'refuse') throw this.refusal('Refused as told.')
    if (fault.kind === 'would_take')
      throw new OrderWouldTakeException({ exchange: this.options.exchange, message: 'It would take.' })
    if (fault.kind === 'retry')
      throw new RateLimitException({ exchange: this.options.exchange, message: 'Too many.', retryAfterMs: 5 })
    if (fault.kind === 'lost_request') {
      await sleep(this.options.clock, options.ackTimeoutMs)
      throw this.unknown(order.clientOrderId)
    }
    if (fault.arrivalDelayMs === undefined) this.accept(order, fault)
    else this.options.clock.setTimer(() => this.acceptLate(order, fault), fault.arrivalDelayMs)
    if (fault.kind === 'hang') return new Promise(() => undefined)
    if (fault.kind === 'lost_answer') await sleep(this.options.clock, options.ackTimeoutMs)
    if (fault.kind !== undefined && fault.kind !== 'late_refusal') throw this.unknown(order.clientOrderId)
    if (fault.ackDelayMs !== undefined) await sleep(this.options.clock, fault.ackDelayMs)
    const accepted = this.find(order.clientOrderId)
    if (accepted === undefined) throw this.unknown(order.clientOrderId)
    return {
      clientOrderId: order.clientOrderId,
      exchangeOrderId: accepted.exchangeOrderId,
      exchangeTimeMs: this.options.clock.nowMs(),
    }
  }

  async cancelOrder(reference: OrderReference): Promise<void> {
    const fault = nextFault(this.cancelFaults, reference)
    await this.pause()
    if (fault?.kind === 'error') throw this.unavailable()
    const order = this.lookUp(reference)
    if (order !== undefined && fault?.kind === 'fills_first') this.fillRest(order)
    if (order === undefined || !order.open)
      throw new OrderNotFoundException({
        exchange: this.options.exchange,
        message: 'No such open order.',
        alreadyFinal: order !== undefined,
      })
    this.finish(order, 'cancelled', {})
    if (fault?.kind === 'done_unanswered') throw this.unavailable()
  }

  async cancelAllOrders(instrument: Instrument): Promise<void> {
    await this.pause()
    for (const order of this.orders)
      if (order.open && order.request.instrument.id === instrument.id) this.finish(order, 'cancelled', {})
  }

  async fetchOrder(reference: OrderReference): Promise<OrderUpdate | undefined> {
    if ((await this.query('order')) === 'not_found') return undefined
    return this.lookUp(reference)?.update(this.options.clock.nowMs())
  }

  async fetchOpenOrders(instrument: Instrument): Promise<readonly OrderUpdate[]> {
    await this.query('open_orders')
    return this.orders
      .filter((order) => order.open && order.request.instrument.id === instrument.id)
      .map((order) => order.update(this.options.clock.nowMs()))
  }

  async fetchFills(query: FillQuery): Promise<readonly Fill[]> {
    await this.query('fills')
    return this.orders
      .filter((order) => order.request.instrument.id === query.instrument.id)
      .filter((order) => query.exchangeOrderId === undefined || order.exchangeOrderId === query.exchangeOrderId)
      .flatMap((order) => order.fills.slice(0, order.visibleFills))
      .filter((fill) => fill.exchangeTimeMs >= (query.fromMs ?? 0))
  }

  admitTrade(_need: TradeRateNeed): RatePermit | undefined {
    return this.admits ? { release: () => undefined } : undefined
  }

  renewDeadManSwitch(timeoutMs: number): Promise<void> {
    this.deadManSwitchMs = timeoutMs
    this.deadManRenewals++
    return Promise.resolve()
  }

  /** Fills what an open order has left, or so many lots of it, at its own price, as the maker. */
  fillRest(order: SimulatedOrder, quantityLots = order.leftLots, delivery: EventDelivery = {}): void {
    this.execute(order, [{ priceTicks: order.request.priceTicks, quantityLots }], 'maker', delivery)
  }

  private wouldTake({ instrument, side, priceTicks }: LimitOrderRequest): boolean {
    const best = this.book(instrument).quote(side, instrument.lotStep)?.worstPriceTicks
    return best !== undefined && (side === 'buy' ? best <= priceTicks : best >= priceTicks)
  }

  private acceptLate(order: LimitOrderRequest, fault: SubmitFault): void {
    try {
      this.accept(order, fault)
    } catch {
      // Nobody waits for the answer of a request that arrives late.
    }
  }

  private accept(request: LimitOrderRequest, fault: SubmitFault): void {
    if (this.find(request.clientOrderId) !== undefined) throw this.refusal('Duplicate client order id.')
    const { instrument, side, quantityLots, priceTicks } = request
    const needed = this.lockOf(request, quantityLots)
    const asset = boundAsset(request)
    if (this.options.account.free(asset).lessThan(needed))
      throw new InsufficientFundsException({ exchange: this.options.exchange, message: `Not enough ${asset}.` })
    if (instrument.notional(priceTicks, quantityLots).lessThan(instrument.minNotional))
      throw this.refusal('Below the minimum notional.')
    const id = asExchangeOrderId(`${this.options.exchange}-${++this.lastOrder}`)
    const order = new SimulatedOrder(request, id, this.options.clock.nowMs())
    this.orders.push(order)
    if (fault.kind === 'late_refusal') {
      order.status = 'rejected'
      this.emit(order, [], fault)
      return
    }
    this.options.account.lock(asset, needed)
    if (fault.lateFillMs !== undefined) order.visibleFills = 0
    if (request.execution.timeInForce === 'gtc' && request.execution.postOnly && this.wouldTake(request)) {
      this.finish(order, 'cancelled', fault)
      return
    }
    const lots = Math.min(quantityLots, fault.matchLots ?? quantityLots, this.reducibleLots(request))
    this.execute(order, this.book(instrument).take(side, priceTicks, lots), 'taker', fault)
    if (order.open && request.execution.timeInForce !== 'gtc' && !fault.rests) this.finish(order, 'cancelled', fault)
    if (fault.lateFillMs !== undefined) this.options.clock.setTimer(() => this.reveal(order), fault.lateFillMs)
  }

  private reveal(order: SimulatedOrder): void {
    order.visibleFills = Number.POSITIVE_INFINITY
    this.emit(order, order.fills, {})
  }

  private execute(
    order: SimulatedOrder,
    taken: readonly { priceTicks: number; quantityLots: number }[],
    role: 'maker' | 'taker',
    fault: SubmitFault,
  ): void {
    const { account, positions } = this.options
    const { instrument } = order.request
    const fills = taken.map(({ priceTicks, quantityLots }) => {
      const before = this.lockOf(order.request, order.leftLots)
      const fill = order.fill(priceTicks, quantityLots, this.options.clock.nowMs(), role)
      const spent = before.minus(this.lockOf(order.request, order.leftLots))
      account.lock(boundAsset(order.request), spent.negated())
      if (positions === undefined) this.settle(fill, instrument)
      else positions.take(fill, instrument)
      account.credit(fill.feeAsset, fill.fee.negated())
      return fill
    })
    if (order.visibleFills > 0) this.emit(order, fills, fault)
  }

  /** Both amounts of a fill on spot. */
  private settle({ side, quantity, price }: Fill, { base, quote }: Instrument): void {
    const { account } = this.options
    const notional = quantity.times(price)
    account.credit(base, side === 'buy' ? quantity : quantity.negated())
    account.credit(quote, side === 'buy' ? notional.negated() : notional)
  }

  /** Lots by which an order that only reduces can do so. */
  private reducibleLots({ instrument, side, reduceOnly }: LimitOrderRequest): number {
    const held = this.options.positions?.contractsOf(instrument)
    if (held === undefined || !reduceOnly) return Number.MAX_SAFE_INTEGER
    return held.sign === (side === 'buy' ? -1 : 1) ? instrument.quantityToLots(held.abs(), 'down') : 0
  }

  private finish(order: SimulatedOrder, status: 'cancelled', fault: SubmitFault): void {
    this.options.account.lock(boundAsset(order.request), this.lockOf(order.request, order.leftLots).negated())
    order.status = status
    this.emit(order, [], fault)
  }

  private emit(order: SimulatedOrder, fills: readonly Fill[], fault: SubmitFault): void {
    const { base, quote } = order.request.instrument
    const events: AccountEvent[] = fills.map((fill) => ({ kind: 'fill', fill }))
    events.push({ kind: 'order', update: order.update(this.options.clock.nowMs()) })
    for (const asset of [base, quote]) events.push({ kind: 'balance', balance: this.options.account.balance(asset) })
    this.options.feed.emit(events, fault)
  }

  /** What so many lots of the order bind: the notional with the fee's head-room for a buy, the base for a sell, margin on perpetual contracts. */
  private lockOf({ instrument, side, priceTicks, reduceOnly }: LimitOrderRequest, lots: number): Decimal {
    const { positions } = this.options
    const notional = instrument.notional(priceTicks, lots)
    if (positions !== undefined)
      return reduceOnly ? Decimal.zero : marginOf(instrument, notional, Decimal.of(positions.leverageOf(instrument)))
    if (side === 'sell') return instrument.lotsToQuantity(lots)
    return instrument.fees.assetRule === 'quote' ? notional.times(Decimal.one.plus(instrument.fees.taker)) : notional
  }

  private lookUp(reference: OrderReference): SimulatedOrder | undefined {
    return this.orders.find((order) =>
      reference.exchangeOrderId !== undefined
        ? order.exchangeOrderId === reference.exchangeOrderId
        : order.request.clientOrderId === reference.clientOrderId,
    )
  }

  private async query(call: 'order' | 'open_orders' | 'fills'): Promise<QueryFault['kind'] | undefined> {
    const fault = nextFault(this.queryFaults, call)
    await this.pause()
    if (fault?.kind === 'hang') return new Promise(() => undefined)
    if (fault?.kind === 'error') throw this.unavailable()
    return fault?.kind
  }

  private async pause(): Promise<void> {
    if (this.options.latencyMs) await sleep(this.options.clock, this.options.latencyMs)
  }

  private refusal(message: string): OrderRejectedException {
    return new OrderRejectedException({ exchange: this.options.exchange, message })
  }

  private unavailable(): ExchangeUnavailableException {
    return new ExchangeUnavailableException({ exchange: this.options.exchange, message: 'Answered by a 5xx.' })
  }

  private unknown(id: ClientOrderId): OrderOutcomeUnknownException {
    return new OrderOutcomeUnknownException({ exchange: this.options.exchange, message: `No answer to order ${id}.` })
  }
}
