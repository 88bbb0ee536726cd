import type { Instrument, Timer } from '@cex-arbitrage/common'
import {
  asPart,
  type AccountFeed,
  type AccountListener,
  type ExchangeContext,
  type ExchangeRestClient,
  type ExchangeWebSocketClient,
} from '@cex-arbitrage/exchanges'
import type { HummingbotEvent } from '../client/event-engine.js'
import { isOwnTrade, orderSchema, type HummingbotOrder, type HummingbotTrade } from '../client/schemas.js'
import { FillBook } from './fill-book.js'
import { HummingbotLink } from './hummingbot-link.js'
import { isEnded, mapOrder } from './order-mapper.js'

/** Milliseconds between two looks whether the server can be asked again. */
const reconnectLookMs = 250

/** Order states and fills as Hummingbot pushes them; balances are asked for. */
export class HummingbotAccountFeed implements AccountFeed, ExchangeWebSocketClient {
  readonly fills: FillBook
  private readonly link: HummingbotLink
  private readonly orders = new Map<string, HummingbotOrder>()
  private readonly settling = new Map<string, Timer>()
  private listener: AccountListener | undefined
  private isConnected = false

  constructor(
    private readonly context: ExchangeContext,
    rest: ExchangeRestClient,
  ) {
    this.link = asPart(rest, HummingbotLink)
    this.fills = new FillBook(() => context.clock.nowMs())
    this.link.addListener(this.onEvent)
  }

  get exchange() {
    return this.link.exchange
  }

  get connected(): boolean {
    return this.isConnected
  }

  async open(_instruments: readonly Instrument[], listener: AccountListener): Promise<void> {
    this.listener = listener
    await this.link.connect()
    const { client, options } = this.link
    if (client.capabilities.has('channel:orders'))
      await client.subscribe({ channel: 'orders', exchange: options.venue })
    this.connect()
  }

  async close(): Promise<void> {
    this.disconnect()
    this.listener = undefined
    this.link.removeListener(this.onEvent)
    for (const timer of this.settling.values()) timer.cancel()
    this.settling.clear()
  }

  /** Takes an order's state from wherever it comes, and tells of it. */
  observe(order: HummingbotOrder, instrument: Instrument): void {
    this.fills.follow(order.order_id)
    this.orders.set(order.order_id, order)
    this.takeFills(order, instrument)
    if (isEnded(order) && this.fills.missingFrom(order).isZero) this.orders.delete(order.order_id)
    this.settle(order, instrument)
    const notional = this.fills.getNotional(order.order_id)
    this.listener?.onOrder(mapOrder(order, instrument, notional, this.context.clock.nowMs()))
  }

  /** Takes the fills that an order lists, of orders that this process has followed. */
  takeFills(order: HummingbotOrder, instrument: Instrument): void {
    if (!this.fills.follows(order.order_id)) return
    for (const fill of this.fills.addListed(order, instrument)) this.listener?.onFill(fill)
  }

  /**
   * Makes up what an ended order has filled beyond its trades, once these have had the time to come and the server has been
   * asked once more: a late trade, or one that the server lists, tells the true price. Orders that this process has not followed are left alone, for their fills may be known elsewhere.
   */
  settle(order: HummingbotOrder, instrument: Instrument): void {
    const { order_id: orderId } = order
    if (!isEnded(order)) return
    if (!this.fills.follows(orderId) || this.fills.missingFrom(order).isZero || this.settling.has(orderId)) return
    const wait = (delayMs: number): void => {
      this.settling.set(orderId, this.context.clock.setTimer(settle, delayMs))
    }
    const settle = (): void => {
      if (this.link.client.isConnected) void this.complete(order, instrument)
      else wait(reconnectLookMs)
    }
    wait(this.link.options.fillGraceMs)
  }

  /** What the server still cannot list is made up. */
  private async complete(order: HummingbotOrder, instrument: Instrument): Promise<void> {
    const { client } = this.link
    const { order_id } = order
    const latest = await client.getOrderStatus({ ...this.link.marketOf(instrument), order_id }).catch(() => order)
    if (!this.settling.delete(order_id)) return
    this.orders.delete(order_id)
    this.takeFills(latest, instrument)
    const fill = this.fills.completeFrom(latest, instrument)
    if (fill !== undefined) this.listener?.onFill(fill)
  }

  private readonly onEvent = ({ type, data }: HummingbotEvent): void => {
    if (type === 'SYSTEM') {
      if (data['status'] === 'connected') this.connect()
      else this.disconnect()
      return
    }
    if (type === 'ORDER_UPDATE') this.onOrder(data)
    if (type === 'TRADE_UPDATE') this.onTrade(data as unknown as HummingbotTrade)
  }

  private onOrder(data: HummingbotEvent['data']): void {
    const order = orderSchema.safeParse(data)
    // A cancellation tells only the id; the order's own update brings the rest.
    if (!order.success) return
    const instrument = this.link.instrumentOf(order.data.exchange, order.data.symbol)
    if (instrument !== undefined) this.observe(order.data, instrument)
  }

  private onTrade(trade: HummingbotTrade): void {
    const instrument = this.link.instrumentOf(trade.exchange, trade.symbol)
    if (instrument === undefined || !isOwnTrade(trade)) return
    const fill = this.fills.addTrade(trade, instrument, this.orders.get(trade.order_id ?? ''))
    if (fill !== undefined) this.listener?.onFill(fill)
  }

  private connect(): void {
    if (this.isConnected || this.listener === undefined) return
    this.isConnected = true
    this.listener.onConnected()
  }

  private disconnect(): void {
    if (!this.isConnected) return
    this.isConnected = false
    this.listener?.onDisconnected()
  }
}
