import { UniqueIdSource, type Logger } from '@cex-arbitrage/common'
import { AttemptSender, type AnswerChannel } from './attempt-sender.js'
import { CallRegistry } from './call-registry.js'
import { resolveClientOptions, type HummingbotClientOptions, type HummingbotClientSettings } from './client-options.js'
import { failurePrefixes, withPrefix } from './client-texts.js'
import { ConnectionKeeper } from './connection-keeper.js'
import type { HummingbotConnectionStatus } from './connection-status.js'
import { EventPublisher } from './event-publisher.js'
import { FrameDispatcher } from './frame-dispatcher.js'
import { FrameGate } from './frame-gate.js'
import { HummingbotException, HummingbotValidationException } from './hummingbot-exception.js'
import { OrderOperations } from './order-operations.js'
import { assertClientOrderId, requireText, type HummingbotOrderRequest } from './order-request.js'
import * as limits from './protocol-constants.js'
import { Redactor } from './redactor.js'
import { RequestLog } from './request-log.js'
import { notConnected, RequestRunner, type RunOptions } from './request-runner.js'
import { readResponseError } from './response-error.js'
import { readResult } from './result-reader.js'
import {
  balancesSchema,
  capabilitiesSchema,
  orderBookSchema,
  orderSchema,
  tickerSchema,
  type HummingbotBalances,
  type HummingbotCancelResult,
  type HummingbotEnvelope,
  type HummingbotOrder,
  type HummingbotOrderBook,
  type HummingbotTicker,
} from './schemas.js'
import { checkSubscription, SubscriptionSet, type HummingbotSubscription } from './subscription-set.js'

/** One market of one exchange behind Hummingbot, in its own spelling. */
export interface HummingbotMarket {
  readonly exchange: string
  readonly market: string
}

/** Names an order by the server's id or by the client's. */
export type HummingbotOrderReference = HummingbotMarket &
  ({ readonly order_id: string } | { readonly client_order_id: string })

/** Which part of the history; all but `limit` only where the server has capability `history_filter`. */
export interface HummingbotHistoryQuery extends HummingbotMarket {
  /** 1 to 1,000; 50 by default. */
  readonly limit?: number
  /** Unix seconds. */
  readonly start_time?: number
  readonly end_time?: number
  readonly status?: string
  readonly cursor?: string
}

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
  readonly #apiKey: string
  private readonly settings: HummingbotClientSettings
  private readonly redactor: Redactor
  private readonly log: Logger
  private readonly attempts: AttemptSender
  private readonly calls: CallRegistry
  private readonly runner: RequestRunner
  private readonly keeper: ConnectionKeeper
  private readonly publisher: EventPublisher
  private readonly dispatcher: FrameDispatcher
  private readonly subscriptions = new SubscriptionSet()
  private readonly orders: OrderOperations
  private serverCapabilities: ReadonlySet<string> = new Set()

  /** Opens nothing. @throws {@link HummingbotValidationException} An option is wrong (A9). */
  constructor(options: HummingbotClientOptions) {
    this.settings = resolveClientOptions(options)
    this.#apiKey = options.apiKey
    const { clock, random, logger } = this.settings
    this.redactor = new Redactor([options.apiKey])
    this.log = logger.child({ component: 'hummingbot-client' })
    const ids = new UniqueIdSource('hb-', clock, random)
    this.publisher = new EventPublisher(options.eventEngine, clock, this.log, this.redactor)
    const requestLog = new RequestLog(logger, clock, this.redactor)
    const gate = new FrameGate(this.settings)
    this.attempts = new AttemptSender({ clock, gate, log: requestLog, watchLoss: () => this.keeper.watchLoss() })
    this.calls = new CallRegistry(this.redactor)
    this.runner = new RequestRunner({
      ...this.settings,
      attempts: this.attempts,
      calls: this.calls,
      log: requestLog,
      redactor: this.redactor,
      currentChannel: () => this.keeper.channel,
      waitForChannel: (timeoutMs, signal) => this.keeper.waitForChannel(timeoutMs, signal),
    })
    this.orders = new OrderOperations({
      runner: this.runner,
      publisher: this.publisher,
      logger: this.log,
      mintId: this.settings.strictOriginal ? undefined : () => ids.nextClientOrderId(),
      canLookUp: () => this.serverCapabilities.has('client_order_id'),
    })
    this.dispatcher = new FrameDispatcher({
      attempts: this.attempts,
      calls: this.calls,
      subscriptions: this.subscriptions,
      publisher: this.publisher,
      requestLog,
      logger: this.log,
      redactor: this.redactor,
      matchUntaggedResponses: this.settings.matchUntaggedResponses,
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
    return this.serverCapabilities
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
    const channel = this.requireChannel('ping')
    const envelope = await this.attempts.attempt(channel, {
      type: 'ping',
      params: {},
      number: 1,
      timeoutMs: Math.min(this.settings.requestTimeoutMs, limits.MAX_PING_TIMEOUT_MS),
      needsSlot: false,
      urgent: true,
      signal: new AbortController().signal,
    })
    const refusal = readResponseError(envelope, 'ping', this.redactor)
    if (refusal !== undefined) throw refusal
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
    const { exchange, market } = checkMarket(order)
    const params =
      'client_order_id' in order
        ? { exchange, market, client_order_id: order.client_order_id }
        : { exchange, market, order_id: requireText(order.order_id, 'Order id is required') }
    if ('client_order_id' in params) assertClientOrderId(params.client_order_id)
    const status = await this.read('get_order', params, failurePrefixes.getOrderStatus, (envelope) =>
      readResult(envelope, orderSchema, 'get_order'),
    )
    this.orders.observe(status)
    return status
  }

  /** Orders that rest on a market. @example await client.getOpenOrders({ exchange: 'binance', market: 'ETH-USD' }) */
  async getOpenOrders(of: HummingbotMarket): Promise<HummingbotOrder[]> {
    return this.read('get_open_orders', { ...checkMarket(of) }, failurePrefixes.getOpenOrders, (envelope) =>
      readResult(envelope, orderSchema.array(), 'get_open_orders', []),
    )
  }

  /**
   * Past orders of a market, in the server's order.
   *
   * @example await client.getOrderHistory({ exchange: 'binance', market: 'ETH-USD', limit: 10 })
   */
  async getOrderHistory(query: HummingbotHistoryQuery): Promise<HummingbotOrder[]> {
    const { start_time, end_time, status, cursor } = query
    const filter = { start_time, end_time, status, cursor }
    const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
    const params = {
      ...checkMarket(query),
      limit: checkCount(query.limit ?? limits.DEFAULT_HISTORY_LIMIT, 'limit'),
      ...(this.serverCapabilities.has('history_filter') && given),
    }
    return this.read('get_order_history', params, failurePrefixes.getOrderHistory, (envelope) =>
      readResult(envelope, orderSchema.array(), 'get_order_history', []),
    )
  }

  /**
   * A market's book, best levels first.
   *
   * @param query - `depth`: levels a side, 1 to 1,000; 10 by default.
   * @example const { bids, asks } = await client.getOrderBook({ exchange: 'binance', market: 'ETH-USD', depth: 5 })
   */
  async getOrderBook(query: HummingbotMarket & { readonly depth?: number }): Promise<HummingbotOrderBook> {
    const params = { ...checkMarket(query), depth: checkCount(query.depth ?? limits.DEFAULT_BOOK_DEPTH, 'depth') }
    return this.read('get_order_book', params, failurePrefixes.getOrderBook, (envelope) =>
      readResult(envelope, orderBookSchema, 'get_order_book'),
    )
  }

  /** Best prices, last price, volume of 24 hours. @example await client.getTicker({ exchange: 'binance', market: 'ETH-USD' }) */
  async getTicker(of: HummingbotMarket): Promise<HummingbotTicker> {
    return this.read('get_ticker', { ...checkMarket(of) }, failurePrefixes.getTicker, (envelope) =>
      readResult(envelope, tickerSchema, 'get_ticker'),
    )
  }

  /** Balances by exchange and asset. @example await client.getBalances({ exchange: 'binance' }) */
  async getBalances(of: { readonly exchange: string }): Promise<HummingbotBalances> {
    const params = { exchange: requireText(of.exchange, 'Exchange is required') }
    return this.read('get_balances', params, failurePrefixes.getBalances, (envelope) =>
      readResult(envelope, balancesSchema, 'get_balances', {}),
    )
  }

  /** @example await client.subscribeToOrderBook({ exchange: 'binance', market: 'ETH-USD' }) */
  subscribeToOrderBook(of: HummingbotMarket): Promise<HummingbotEnvelope> {
    return this.subscribeWith({ ...of, channel: 'order_book' }, failurePrefixes.subscribeToOrderBook)
  }

  /** @example await client.subscribeToTrades({ exchange: 'binance', market: 'ETH-USD' }) */
  subscribeToTrades(of: HummingbotMarket): Promise<HummingbotEnvelope> {
    return this.subscribeWith({ ...of, channel: 'trades' }, failurePrefixes.subscribeToTrades)
  }

  /**
   * Subscribes to a channel, and again after each reconnect. Events come on the bus.
   *
   * @returns the server's whole answer.
   * @throws {@link HummingbotException} Refused; it is not remembered.
   * @example await client.subscribe({ channel: 'ticker', exchange: 'binance', market: 'ETH-USD' })
   */
  subscribe(subscription: HummingbotSubscription): Promise<HummingbotEnvelope> {
    return this.subscribeWith(subscription, failurePrefixes.subscribe)
  }

  /**
   * Ends a subscription. From a server that cannot, its pushes are dropped on this side.
   *
   * @example await client.unsubscribe({ channel: 'trades', exchange: 'binance', market: 'ETH-USD' })
   */
  async unsubscribe(subscription: HummingbotSubscription): Promise<void> {
    const checked = checkSubscription(subscription)
    if (!this.serverCapabilities.has('unsubscribe')) {
      this.subscriptions.mute(checked)
      return
    }
    this.subscriptions.remove(checked)
    await this.read('unsubscribe', { ...checked }, failurePrefixes.unsubscribe, () => undefined)
  }

  private async subscribeWith(subscription: HummingbotSubscription, prefix: string): Promise<HummingbotEnvelope> {
    const checked = checkSubscription(subscription)
    const envelope = await this.read('subscribe', { ...checked }, prefix, (answer) => answer)
    this.subscriptions.add(checked)
    return envelope
  }

  private async read<T>(
    type: string,
    params: Readonly<Record<string, unknown>>,
    prefix: string,
    readAnswer: (envelope: HummingbotEnvelope) => T,
    options?: RunOptions,
  ): Promise<T> {
    try {
      return readAnswer(await this.runner.run(type, params, options))
    } catch (error) {
      throw withPrefix(error, prefix)
    }
  }

  private createKeeper(options: HummingbotClientOptions): ConnectionKeeper {
    return new ConnectionKeeper({
      settings: this.settings,
      attempts: this.attempts,
      redactor: this.redactor,
      createConnection: options.createConnection,
      onFrame: (frame) => this.dispatcher.onFrame(frame),
      authenticate: (channel, signal) => this.authenticate(channel, signal),
      ping: () => this.ping(),
      onStatus: (status, previous, reason) => {
        this.log.info({ status, previous, reason }, 'hummingbot connection status')
        this.publisher.publishOwn('SYSTEM', {
          component: limits.CLIENT_SOURCE,
          status,
          previous,
          ...(reason !== undefined && { reason }),
        })
      },
      onConnected: (isReconnect, signal) => {
        if (isReconnect) void this.resume(signal)
      },
      onEnded: (reason) => this.calls.failAll(reason),
    })
  }

  private async authenticate(channel: AnswerChannel, signal: AbortSignal): Promise<void> {
    const envelope = await this.attempts.attempt(channel, {
      type: 'authenticate',
      params: { api_key: this.#apiKey },
      number: 1,
      timeoutMs: this.settings.requestTimeoutMs,
      needsSlot: false,
      urgent: true,
      signal,
    })
    const refusal = readResponseError(envelope, 'authenticate', this.redactor)
    if (refusal !== undefined) throw refusal.with({ message: `Hummingbot authentication failed: ${refusal.message}` })
    const data = capabilitiesSchema.safeParse(envelope.data)
    this.serverCapabilities = new Set(data.success ? data.data?.capabilities : [])
  }

  /** After a reconnect: subscribes again, in the order of old, and asks what became of the orders. */
  private async resume(signal: AbortSignal): Promise<void> {
    this.subscriptions.forgetMuted()
    await Promise.all(this.subscriptions.all.map((subscription) => this.resubscribe(subscription, signal)))
    if (this.settings.recoverOrders && !signal.aborted) await this.orders.recover(signal)
  }

  private async resubscribe(subscription: HummingbotSubscription, signal: AbortSignal): Promise<void> {
    try {
      await this.runner.run('subscribe', { ...subscription }, { signal })
    } catch (error) {
      if (signal.aborted || !(error instanceof HummingbotException)) return
      // What may succeed later stays wanted, and is tried again with the next connection.
      if (!error.retriable) this.subscriptions.remove(subscription)
      const { channel, exchange, market } = subscription
      this.publisher.publishOwn('ERROR', {
        message: `Failed to subscribe again to ${channel} for ${market ?? 'all markets'} on ${exchange}`,
        channel,
        exchange,
        ...(market !== undefined && { market }),
        code: error.category,
        reason: error.serverMessage ?? error.message,
      })
    }
  }

  private requireChannel(requestType: string): AnswerChannel {
    const { channel } = this.keeper
    if (channel === undefined) throw notConnected(requestType)
    return channel
  }
}

function checkMarket({ exchange, market }: HummingbotMarket): HummingbotMarket {
  return {
    exchange: requireText(exchange, 'Exchange is required'),
    market: requireText(market, 'Market is required'),
  }
}

function checkCount(value: number, name: string): number {
  if (Number.isInteger(value) && value >= 1 && value <= limits.MAX_PAGE_SIZE) return value
  throw new HummingbotValidationException(`Invalid ${name}: ${String(value)}`)
}
