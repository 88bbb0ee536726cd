import {
  Decimal,
  ExchangeCapabilityException,
  InsufficientFundsException,
  MarketClosedException,
  OrderNotFoundException,
  OrderRejectedException,
  asExchangeOrderId,
  isFinalOrderStatus,
  sleep,
  type AssetId,
  type Clock,
  type ExchangeId,
  type Fill,
  type Instrument,
  type LiquidityRole,
  type OrderAcknowledgement,
  type OrderBook,
  type OrderReference,
  type OrderRequest,
  type OrderUpdate,
  type Random,
  type RiskApproved,
} from '@cex-arbitrage/common'
import type { FillQuery, MarketDataFeed, MarketDataListener, OrderGateway, RatePermit } from '@cex-arbitrage/exchanges'
import type { PaperAccountFeed } from './paper-account-feed.js'
import type { PaperBalances } from './paper-balances.js'
import { drawShare, walkBook, type PaperExecution } from './paper-matching.js'
import { PaperOrder } from './paper-order.js'
import type { PaperSettings } from './paper-settings.js'

export interface PaperOrderGatewayOptions {
  readonly exchange: ExchangeId
  readonly marketData: MarketDataFeed
  readonly balances: PaperBalances
  readonly feed: PaperAccountFeed
  readonly clock: Clock
  readonly random: Random
  readonly settings: PaperSettings
}

const noPermit: RatePermit = { release: () => undefined }

/**
 * Matches orders against the live book after a latency: immediate ones take what is there then, at the prices shown;
 * resting ones fill at their own price once the other side has come to it.
 */
export class PaperOrderGateway implements OrderGateway, MarketDataListener {
  private readonly orders: PaperOrder[] = []
  private readonly resting = new Set<PaperOrder>()

  constructor(private readonly options: PaperOrderGatewayOptions) {
    options.marketData.addListener(this)
  }

  async submitOrder(request: RiskApproved<OrderRequest>): Promise<OrderAcknowledgement> {
    await this.travel()
    const { exchange, settings, random, clock } = this.options
    const about = { exchange, correlationId: request.correlationId }
    if (random.next() < settings.rejectShare)
      throw new OrderRejectedException({
        ...about,
        message: `Paper ${exchange} refused ${request.clientOrderId}, as a share of orders is.`,
      })
    const book = this.options.marketData.book(request.instrument.id)
    if (book?.trust !== 'trusted')
      throw new MarketClosedException({
        ...about,
        message: `Paper ${exchange} has no trusted book of ${request.instrument.symbol} to match against.`,
      })
    const order = new PaperOrder(request, asExchangeOrderId(`paper-${this.orders.length + 1}`))
    this.lockFunds(order)
    this.orders.push(order)
    this.matchOnArrival(order, book)
    const acknowledgement = {
      clientOrderId: request.clientOrderId,
      exchangeOrderId: order.exchangeOrderId,
      exchangeTimeMs: clock.nowMs(),
    }
    await this.travel()
    return acknowledgement
  }

  async cancelOrder(reference: OrderReference): Promise<void> {
    await this.travel()
    const order = this.find(reference)
    if (order === undefined || isFinalOrderStatus(order.status))
      throw new OrderNotFoundException({
        exchange: this.options.exchange,
        alreadyFinal: order !== undefined,
        message: `Paper ${this.options.exchange} has no open order ${reference.clientOrderId ?? reference.exchangeOrderId}.`,
      })
    this.end(order, 'cancelled', 'requested')
  }

  async cancelAllOrders(instrument: Instrument): Promise<void> {
    await this.travel()
    for (const order of this.resting)
      if (order.instrument.id === instrument.id) this.end(order, 'cancelled', 'requested')
  }

  async fetchOrder(reference: OrderReference): Promise<OrderUpdate | undefined> {
    await this.travel()
    return this.find(reference)?.update(this.options.clock.nowMs())
  }

  async fetchOpenOrders(instrument: Instrument): Promise<readonly OrderUpdate[]> {
    await this.travel()
    return [...this.resting]
      .filter((order) => order.instrument.id === instrument.id)
      .map((order) => order.update(this.options.clock.nowMs()))
  }

  async fetchFills({ instrument, exchangeOrderId, fromMs = 0 }: FillQuery): Promise<readonly Fill[]> {
    await this.travel()
    return this.orders
      .filter((order) => order.instrument.id === instrument.id)
      .filter((order) => exchangeOrderId === undefined || order.exchangeOrderId === exchangeOrderId)
      .flatMap(({ fills }) => fills.filter((fill) => fill.exchangeTimeMs >= fromMs))
  }

  admitTrade(): RatePermit {
    return noPermit
  }

  renewDeadManSwitch(): Promise<void> {
    const { exchange } = this.options
    return Promise.reject(
      new ExchangeCapabilityException({ exchange, message: `Paper ${exchange} has no dead-man switch.` }),
    )
  }

  onBook(book: OrderBook): void {
    if (this.resting.size === 0 || book.trust !== 'trusted') return
    for (const order of this.resting) {
      if (order.instrument.id !== book.instrument.id || order.request.type !== 'limit') continue
      const ownPrice = order.request.priceTicks
      this.execute(
        order,
        walkBook(order, book, 1).map(({ quantityLots }) => ({ priceTicks: ownPrice, quantityLots })),
        'maker',
      )
    }
  }

  close(): void {
    this.options.marketData.removeListener(this)
  }

  private matchOnArrival(order: PaperOrder, book: OrderBook): void {
    const { request } = order
    const share = drawShare(this.options.settings.partialFillShare, this.options.random)
    const executions = walkBook(order, book, share)
    const execution = request.type === 'limit' ? request.execution : undefined
    if (execution?.timeInForce === 'gtc') {
      if (execution.postOnly && executions.length > 0) return this.end(order, 'cancelled', 'post_only')
      this.resting.add(order)
    }
    if (execution?.timeInForce === 'fok' && total(executions) !== order.remainingLots)
      return this.end(order, 'cancelled', 'fok')
    this.execute(order, executions, 'taker')
    if (execution?.timeInForce !== 'gtc' && !isFinalOrderStatus(order.status)) this.end(order, endOf(order), 'ioc')
    else if (order.filledLots === 0) this.options.feed.order(order.update(this.options.clock.nowMs()))
  }

  private execute(order: PaperOrder, executions: readonly PaperExecution[], role: LiquidityRole): void {
    if (executions.length === 0) return
    for (const execution of executions) this.book(order, execution, role)
    if (order.remainingLots === 0) return this.end(order, 'filled', undefined)
    order.status = 'partially_filled'
    this.lockAgain(order)
    this.tell(order)
  }

  private book(order: PaperOrder, execution: PaperExecution, role: LiquidityRole): void {
    const { balances, feed, clock } = this.options
    const fill = order.execute(execution, role, clock.nowMs())
    this.unlock(order)
    balances.settle(fill, order.instrument)
    feed.fill(fill)
  }

  private end(order: PaperOrder, status: 'filled' | 'cancelled', reason: string | undefined): void {
    order.status = status
    order.reason = reason
    this.resting.delete(order)
    this.unlock(order)
    this.tell(order)
  }

  private tell(order: PaperOrder): void {
    const { feed, balances, clock } = this.options
    const nowMs = clock.nowMs()
    feed.order(order.update(nowMs))
    for (const asset of [order.instrument.base, order.instrument.quote]) feed.balance(balances.of(asset), nowMs)
  }

  /** @throws {@link InsufficientFundsException} Free funds do not cover the order at its worst price, fee included. */
  private lockFunds(order: PaperOrder): void {
    const { asset, amount } = this.need(order)
    const free = this.options.balances.free(asset)
    if (free.lessThan(amount))
      throw new InsufficientFundsException({
        exchange: this.options.exchange,
        correlationId: order.request.correlationId,
        message: `Paper ${this.options.exchange} holds ${free.toString()} ${asset} free; ${order.clientOrderId} needs ${amount.toString()}.`,
      })
    this.options.balances.lock(asset, amount)
    order.locked = { asset, amount }
  }

  private lockAgain(order: PaperOrder): void {
    if (!this.resting.has(order)) return
    const { asset, amount } = this.need(order)
    this.options.balances.lock(asset, amount)
    order.locked = { asset, amount }
  }

  private unlock(order: PaperOrder): void {
    if (order.locked === undefined) return
    this.options.balances.unlock(order.locked.asset, order.locked.amount)
    order.locked = undefined
  }

  private need(order: PaperOrder): { readonly asset: AssetId; readonly amount: Decimal } {
    const { instrument, request } = order
    if (request.side === 'sell')
      return {
        asset: instrument.base,
        amount: instrument.lotsToQuantity(order.remainingLots!).times(instrument.contractSize),
      }
    const notional =
      'quoteAmount' in request ? request.quoteAmount : instrument.notional(request.priceTicks, order.remainingLots!)
    const fee = instrument.fees.assetRule === 'quote' ? notional.times(instrument.fees.taker) : Decimal.zero
    return { asset: instrument.quote, amount: notional.plus(fee) }
  }

  private find(reference: OrderReference): PaperOrder | undefined {
    return this.orders.find((order) =>
      reference.exchangeOrderId === undefined
        ? order.clientOrderId === reference.clientOrderId
        : order.exchangeOrderId === reference.exchangeOrderId,
    )
  }

  private travel(): Promise<void> {
    const { clock, random, settings } = this.options
    return sleep(clock, settings.latencyMs / 2 + (random.next() * settings.latencyJitterMs) / 2)
  }
}

const total = (executions: readonly PaperExecution[]): number =>
  executions.reduce((sum, { quantityLots }) => sum + quantityLots, 0)

/** A market buy that could spend its money is filled, whatever quantity came of it. */
const endOf = (order: PaperOrder): 'filled' | 'cancelled' =>
  order.remainingLots === undefined && order.filledLots > 0 ? 'filled' : 'cancelled'
