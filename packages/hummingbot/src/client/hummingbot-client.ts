import { UniqueIdSource, type Logger } from '@cex-arbitrage/common'
import { AttemptSender } from './attempt-sender.js'
import { CallRegistry } from './call-registry.js'
import { resolveClientOptions, type HummingbotClientOptions, type HummingbotClientSettings } from './client-options.js'
import { failurePrefixes } from './client-texts.js'
import { ConnectionKeeper } from './connection-keeper.js'
import type { HummingbotConnectionStatus } from './connection-status.js'
import { EventPublisher } from './event-publisher.js'
import { FrameDispatcher } from './frame-dispatcher.js'
import { FrameGate } from './frame-gate.js'
import {
  checkMarket,
  MarketQueries,
  type HummingbotHistoryQuery,
  type HummingbotMarket,
  type HummingbotOrderReference,
} from './market-queries.js'
import { OrderOperations } from './order-operations.js'
import { requireText, type HummingbotOrderRequest } from './order-request.js'
import { Redactor } from './redactor.js'
import { RequestLog } from './request-log.js'
import { notConnected, RequestRunner } from './request-runner.js'
import type {
  HummingbotBalances,
  HummingbotCancelResult,
  HummingbotEnvelope,
  HummingbotOrder,
  HummingbotOrderBook,
  HummingbotTicker,
} from './schemas.js'
import { SessionRequests } from './session-requests.js'
import { SubscriptionOperations } from './subscription-operations.js'
import { SubscriptionSet, type HummingbotSubscription } from './subscription-set.js'

/**
 * A client of the Hummingbot WebSocket protocol: requests with retries where nothing can happen twice, ten in flight and
 * twenty frames a second, a connection that heals itself, and events on a bus.
 *
 * Every method throws {@link HummingbotValidationException} for arguments that cannot be right, and
 * {@link HummingbotException} for what the server refuses or does not answer; branch on its `category`. A call without
 * a connection fails at once with `Not connected to Hummingbot`.
 *
 * @example
 * const client = new HummingbotClient({ eventEngine, apiHost: 'localhost', apiPort: 15888, apiKey, clock, random, logger })
 * await client.connect()
 * const order = await client.createOrder({
 *   exchange: 'binance', market: 'ETH-USD', side: 'buy', order_type: 'limit', amount: '1.0', price: '3000.0',
 * })
 * await client.disconnect()
 */
export class HummingbotClient {
  private readonly settings: HummingbotClientSettings
  private readonly redactor: Redactor
  private readonly log: Logger
  private readonly attempts: AttemptSender
  private readonly calls: CallRegistry
  private readonly session: SessionRequests
  private readonly keeper: ConnectionKeeper
  private readonly publisher: EventPublisher
  private readonly dispatcher: FrameDispatcher
  private readonly subscriptions = new SubscriptionSet()
  private readonly orders: OrderOperations
  private readonly queries: MarketQueries
  private readonly streams: SubscriptionOperations

  /** Opens nothing. @throws {@link HummingbotValidationException} An option is wrong (A9). */
  constructor(options: HummingbotClientOptions) {
    this.settings = resolveClientOptions(options)
    const { clock, random, logger } = this.settings
    this.redactor = new Redactor([options.apiKey])
    this.log = logger.child({ component: 'hummingbot-client' })
    const ids = new UniqueIdSource('hb-', clock, random)
    this.publisher = new EventPublisher(options.eventEngine, clock, this.log, this.redactor)
    const requestLog = new RequestLog(logger, clock, this.redactor)
    const gate = new FrameGate(this.settings)
    this.attempts = new AttemptSender({ clock, gate, log: requestLog, watchLoss: () => this.keeper.watchLoss() })
    this.calls = new CallRegistry(this.redactor)
    const { attempts, calls, log, publisher, redactor, settings, subscriptions } = this
    const { requestTimeoutMs, strictOriginal } = settings
    const has = (capability: string): boolean => this.capabilities.has(capability)
    this.session = new SessionRequests({ attempts, redactor, requestTimeoutMs }, options.apiKey)
    const runner = new RequestRunner({
      ...settings,
      attempts,
      calls,
      log: requestLog,
      redactor,
      currentChannel: () => this.keeper.channel,
      waitForChannel: (timeoutMs, signal) => this.keeper.waitForChannel(timeoutMs, signal),
    })
    this.orders = new OrderOperations({
      runner,
      publisher,
      logger: log,
      mintId: strictOriginal ? undefined : () => ids.nextClientOrderId(),
      canLookUp: () => has('client_order_id'),
    })
    this.queries = new MarketQueries({ runner, has })
    const canUnsubscribe = (): boolean => has('unsubscribe')
    this.streams = new SubscriptionOperations({ runner, publisher, subscriptions, canUnsubscribe })
    this.dispatcher = new FrameDispatcher({
      attempts,
      calls,
      subscriptions,
      publisher,
      requestLog,
      logger: log,
      redactor,
      matchUntaggedResponses: settings.matchUntaggedResponses,
      onOrder: (order) => this.orders.observe(order),
    })
    this.keeper = this.createKeeper(options)
  }

  /** What may be shown: no key. */
  toJSON(): Readonly<Record<string, unknown>> {
    return { url: this.settings.url, status: this.status, pendingRequests: this.pendingRequests }
  }

  get status(): HummingbotConnectionStatus {
    return this.keeper.status
  }

  get isConnected(): boolean {
    return this.keeper.status === 'connected'
  }

  /** Requests without an outcome. */
  get pendingRequests(): number {
    return this.calls.size
  }

  /** What the server said it can do beyond the original protocol; empty before `connect`. */
  get capabilities(): ReadonlySet<string> {
    return this.session.capabilities
  }

  /** What is subscribed to and will be again after a reconnect. */
  get activeSubscriptions(): readonly HummingbotSubscription[] {
    return this.subscriptions.all
  }

  /** Frames and events that could not be read. */
  get corruptFrames(): number {
    return this.dispatcher.corrupt
  }

  /**
   * Connects and authenticates; calls at the same time share one attempt. From then on the connection heals itself.
   *
   * @throws {@link HummingbotException} `auth_failed` or `connection_error`; the status is `disconnected` again.
   * @example await client.connect()
   */
  async connect(): Promise<void> {
    if (this.isConnected) this.log.info({}, 'hummingbot client is connected already')
    await this.keeper.connect()
  }

  /** Ends the connection and every request within a second; never throws. @example await client.disconnect() */
  async disconnect(): Promise<void> {
    await this.keeper.disconnect()
  }

  /**
   * Asks whether the server is there. Never retried; counts against the rate but needs no slot.
   *
   * @throws {@link HummingbotException} No or no good answer within the request timeout, at most 10 s.
   * @example await client.ping()
   */
  async ping(): Promise<void> {
    const { channel } = this.keeper
    if (channel === undefined) throw notConnected('ping')
    await this.session.ping(channel)
  }

  /**
   * Creates an order, at most once. Publishes ORDER_UPDATE on success and ERROR on failure.
   *
   * @param request - `amount` in base, `price` in quote per base, as decimal text; a `client_order_id` is minted unless given.
   * @returns the order as the server took it; `status` may be final already.
   * @throws {@link HummingbotException} `insufficient_funds`, `invalid_order`, …: refused. With `orderStateUnknown` it may
   * be live: ask with `getOrderStatus` by `clientOrderId`, and do not send it again before.
   * @example
   * await client.createOrder({ exchange: 'binance', market: 'ETH-USD', side: 'sell', order_type: 'market', amount: '1.0' })
   */
  async createOrder(request: HummingbotOrderRequest): Promise<HummingbotOrder> {
    return this.orders.create(request)
  }

  /**
   * Cancels an order.
   *
   * @returns `cancelled: false` when the server has only begun; the end comes as an ORDER_UPDATE.
   * @throws {@link HummingbotException} `invalid_order` when the order is unknown or at its end; the text tells its state
   * where an earlier attempt may have cancelled it.
   * @example await client.cancelOrder({ exchange: 'binance', market: 'ETH-USD', order_id: 'b5c9' })
   */
  async cancelOrder(order: HummingbotMarket & { readonly order_id: string }): Promise<HummingbotCancelResult> {
    return this.orders.cancel({ ...checkMarket(order), order_id: requireText(order.order_id, 'Order id is required') })
  }

  /**
   * The state of one order.
   *
   * @param order - By `order_id`, or by `client_order_id` where the server has that capability.
   * @example await client.getOrderStatus({ exchange: 'binance', market: 'ETH-USD', client_order_id: 'cid-0001' })
   */
  async getOrderStatus(order: HummingbotOrderReference): Promise<HummingbotOrder> {
    const status = await this.queries.orderStatus(order)
    this.orders.observe(status)
    return status
  }

  /** Orders that rest on a market. @example await client.getOpenOrders({ exchange: 'binance', market: 'ETH-USD' }) */
  async getOpenOrders(of: HummingbotMarket): Promise<HummingbotOrder[]> {
    return this.queries.openOrders(of)
  }

  /**
   * Past orders of a market, in the server's order.
   *
   * @example await client.getOrderHistory({ exchange: 'binance', market: 'ETH-USD', limit: 10 })
   */
  async getOrderHistory(query: HummingbotHistoryQuery): Promise<HummingbotOrder[]> {
    return this.queries.orderHistory(query)
  }

  /**
   * A market's book, best levels first.
   *
   * @param query - `depth`: levels a side, 1 to 1,000; 10 by default.
   * @example const { bids, asks } = await client.getOrderBook({ exchange: 'binance', market: 'ETH-USD', depth: 5 })
   */
  async getOrderBook(query: HummingbotMarket & { readonly depth?: number }): Promise<HummingbotOrderBook> {
    return this.queries.orderBook(query)
  }

  /** Best prices, last price, volume of 24 hours. @example await client.getTicker({ exchange: 'binance', market: 'ETH-USD' }) */
  async getTicker(of: HummingbotMarket): Promise<HummingbotTicker> {
    return this.queries.ticker(of)
  }

  /** Balances by exchange and asset. @example await client.getBalances({ exchange: 'binance' }) */
  async getBalances(of: { readonly exchange: string }): Promise<HummingbotBalances> {
    return this.queries.balances(of)
  }

  /** @example await client.subscribeToOrderBook({ exchange: 'binance', market: 'ETH-USD' }) */
  subscribeToOrderBook(of: HummingbotMarket): Promise<HummingbotEnvelope> {
    return this.streams.subscribe({ ...of, channel: 'order_book' }, failurePrefixes.subscribeToOrderBook)
  }

  /** @example await client.subscribeToTrades({ exchange: 'binance', market: 'ETH-USD' }) */
  subscribeToTrades(of: HummingbotMarket): Promise<HummingbotEnvelope> {
    return this.streams.subscribe({ ...of, channel: 'trades' }, failurePrefixes.subscribeToTrades)
  }

  /**
   * Subscribes to a channel, and again after each reconnect. Events come on the bus.
   *
   * @returns the server's whole answer.
   * @throws {@link HummingbotException} Refused; it is not remembered.
   * @example await client.subscribe({ channel: 'ticker', exchange: 'binance', market: 'ETH-USD' })
   */
  subscribe(subscription: HummingbotSubscription): Promise<HummingbotEnvelope> {
    return this.streams.subscribe(subscription, failurePrefixes.subscribe)
  }

  /**
   * Ends a subscription. From a server that cannot, its pushes are dropped on this side.
   *
   * @example await client.unsubscribe({ channel: 'trades', exchange: 'binance', market: 'ETH-USD' })
   */
  async unsubscribe(subscription: HummingbotSubscription): Promise<void> {
    await this.streams.unsubscribe(subscription)
  }

  private createKeeper(options: HummingbotClientOptions): ConnectionKeeper {
    return new ConnectionKeeper({
      settings: this.settings,
      attempts: this.attempts,
      redactor: this.redactor,
      createConnection: options.createConnection,
      onFrame: (frame) => this.dispatcher.onFrame(frame),
      authenticate: (channel, signal) => this.session.authenticate(channel, signal),
      ping: () => this.ping(),
      onStatus: (status, previous, reason) => this.publisher.publishStatus(status, previous, reason),
      onConnected: (isReconnect, signal) => {
        if (isReconnect) void this.resume(signal)
      },
      onEnded: (reason) => this.calls.failAll(reason),
    })
  }

  /** After a reconnect: subscribes again, and asks what became of the orders. */
  private async resume(signal: AbortSignal): Promise<void> {
    await this.streams.resume(signal)
    if (this.settings.recoverOrders && !signal.aborted) await this.orders.recover(signal)
  }
}
