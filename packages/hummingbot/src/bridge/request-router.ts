import { Decimal, sleep, type Clock } from '@cex-arbitrage/common'
import { HummingbotValidationException } from '../client/hummingbot-exception.js'
import { checkOrder, type HummingbotOrderRequest } from '../client/order-request.js'
import { DEFAULT_BOOK_DEPTH, DEFAULT_HISTORY_LIMIT } from '../client/protocol-constants.js'
import { invalidOrder, orderStateUnknown } from './bridge-refusal.js'
import { readCount, readText, type BridgeAnswer, type BridgeRequest } from './bridge-request.js'
import type { ExchangeMap, MappedMarket } from './exchange-map.js'
import type { OrderLedger } from './order-ledger.js'
import type { OrderPlacer } from './order-placer.js'
import { isEnded, type OrderRecord } from './order-record.js'
import { viewFill, viewItem, viewRecord, type OrderObject } from './order-view.js'
import type { OrderWatcher } from './order-watcher.js'
import type { TickerReader } from './ticker-reader.js'
import type { UpstreamApi } from './upstream-api.js'
import type { OrderItem } from './upstream-schemas.js'
import { decimalOf } from './upstream-values.js'

export interface RequestRouterParts {
  readonly clock: Clock
  readonly api: UpstreamApi
  readonly map: ExchangeMap
  readonly ledger: OrderLedger
  readonly placer: OrderPlacer
  readonly watcher: OrderWatcher
  readonly ticker: TickerReader
  /** Resolves once orders may be placed; rejects with a refusal while they may not. */
  readonly awaitReady: () => Promise<void>
  readonly cancelWaitMs: number
}

/** Milliseconds between two looks at an order that is being cancelled. */
const cancelLookMs = 100

/** Answers the requests that are the same for every connection (B5.2). Subscriptions are the session's. */
export class RequestRouter {
  private readonly routes: Readonly<Record<string, (request: BridgeRequest) => Promise<BridgeAnswer> | BridgeAnswer>>

  constructor(private readonly parts: RequestRouterParts) {
    this.routes = {
      ping: () => ({}),
      create_order: (request) => this.createOrder(request),
      cancel_order: (request) => this.cancelOrder(request),
      get_order: (request) => this.fetchOrder(request),
      get_open_orders: (request) => this.fetchOpenOrders(request),
      get_order_history: (request) => this.fetchHistory(request),
      get_order_book: (request) => this.fetchBook(request),
      get_ticker: (request) => this.fetchTicker(request),
      get_balances: (request) => this.fetchBalances(request),
    }
  }

  /** @throws {@link BridgeRefusal}, or whatever the upstream call threw. */
  async route(request: BridgeRequest): Promise<BridgeAnswer> {
    const route = Object.hasOwn(this.routes, request.type) ? this.routes[request.type] : undefined
    if (route === undefined) throw invalidOrder(`Unknown request type: ${request.type}`)
    return route(request)
  }

  private async createOrder({ members }: BridgeRequest): Promise<BridgeAnswer> {
    let checked: ReturnType<typeof checkOrder>
    try {
      checked = checkOrder(members as unknown as HummingbotOrderRequest)
    } catch (error) {
      throw error instanceof HummingbotValidationException ? invalidOrder(error.message) : error
    }
    const mapped = this.parts.map.market(checked.exchange, checked.market)
    await this.parts.awaitReady()
    return { data: viewRecord(await this.parts.placer.create(checked, mapped)) }
  }

  private async cancelOrder(request: BridgeRequest): Promise<BridgeAnswer> {
    const { api, cancelWaitMs, clock, ledger, watcher } = this.parts
    const { place } = this.readMarket(request)
    const orderId = readText(request, 'order_id', 'Order id is required')
    await api.startCancel(place, orderId)
    const record = ledger.findById(place, orderId)
    if (record === undefined) return { data: { order_id: orderId, cancelled: false } }
    const untilUs = clock.nowUs() + cancelWaitMs * 1000
    watcher.kick()
    while (!isEnded(record) && clock.nowUs() < untilUs) {
      await sleep(clock, cancelLookMs)
      watcher.kick()
    }
    return { data: { order_id: orderId, cancelled: record.status === 'cancelled' } }
  }

  private async fetchOrder(request: BridgeRequest): Promise<BridgeAnswer> {
    const { ledger } = this.parts
    const mapped = this.readMarket(request)
    const clientOrderId = request.members['client_order_id']
    const isByClientId = request.members['order_id'] === undefined && typeof clientOrderId === 'string'
    const record = isByClientId
      ? ledger.find(clientOrderId)
      : ledger.findById(mapped.place, readText(request, 'order_id', 'Order id is required'))
    if (isByClientId) {
      if (record === undefined || record.state === 'refused' || record.exchange !== mapped.exchange)
        throw invalidOrder(`Order ${clientOrderId} not found`)
      if (record.orderId === undefined) throw orderStateUnknown(`Order ${clientOrderId} has not been found yet`)
    }
    const orderId = record?.orderId ?? readText(request, 'order_id', 'Order id is required')
    const row = await this.findRow(mapped, orderId)
    if (record === undefined) {
      if (row === undefined) throw invalidOrder(`Order ${orderId} not found`)
      return { data: this.view(row, mapped, record) }
    }
    if (isBehind(record, row)) await this.parts.watcher.completeFills(record)
    const order = row === undefined ? viewRecord(record) : this.view(row, mapped, record)
    return { data: { ...order, ...(record.fills.length > 0 && { fills: record.fills.map(viewFill) }) } }
  }

  private async fetchOpenOrders(request: BridgeRequest): Promise<BridgeAnswer> {
    const mapped = this.readMarket(request)
    const rows = await this.parts.api.fetchActive(mapped.place, [mapped.pair])
    return { data: this.viewRows(rows, mapped) }
  }

  private async fetchHistory(request: BridgeRequest): Promise<BridgeAnswer> {
    const mapped = this.readMarket(request)
    const limit = readCount(request, 'limit', DEFAULT_HISTORY_LIMIT)
    const rows = await this.parts.api.search(mapped.place, limit, [mapped.pair])
    return { data: this.viewRows(rows, mapped) }
  }

  private async fetchBook(request: BridgeRequest): Promise<BridgeAnswer> {
    const { place, pair } = this.readMarket(request)
    const depth = readCount(request, 'depth', DEFAULT_BOOK_DEPTH)
    const { bids, asks, timestamp } = await this.parts.api.fetchBook(place.connectorName, pair, depth)
    const rows = (side: typeof bids) => side.map(({ price, amount }) => [decimalOf(price), decimalOf(amount)])
    return { data: { timestamp, bids: rows(bids), asks: rows(asks) } }
  }

  private async fetchTicker(request: BridgeRequest): Promise<BridgeAnswer> {
    return { data: await this.parts.ticker.fetchTicker(this.readMarket(request)) }
  }

  private async fetchBalances({ members }: BridgeRequest): Promise<BridgeAnswer> {
    const exchange = members['exchange']
    const place = this.parts.map.place(exchange)
    const portfolio = await this.parts.api.fetchPortfolio(place)
    const rows = portfolio[place.accountName]?.[place.connectorName] ?? []
    const balances = rows.map(
      ({ token, units, available_units: available }) =>
        [token, { total: decimalOf(units), available: decimalOf(available ?? units) }] as const,
    )
    return { data: { [exchange as string]: Object.fromEntries(balances) } }
  }

  /** An order wherever it is: among the active ones, else in the database, where its pair may be forgotten. */
  private async findRow({ place }: MappedMarket, orderId: string): Promise<OrderItem | undefined> {
    const active = (await this.parts.api.fetchActive(place)).find((row) => row.order_id === orderId)
    return active ?? this.parts.api.findInHistory(place, orderId)
  }

  private viewRows(rows: readonly OrderItem[], mapped: MappedMarket): OrderObject[] {
    return rows.map((row) => this.view(row, mapped, this.parts.ledger.findById(mapped.place, row.order_id)))
  }

  private view(row: OrderItem, mapped: MappedMarket, record: OrderRecord | undefined): OrderObject {
    return viewItem(row, mapped, record)
  }

  private readMarket({ members }: BridgeRequest): MappedMarket {
    return this.parts.map.market(members['exchange'], members['market'])
  }
}

/** Whether more has filled than the fills that are known add up to. */
function isBehind(record: OrderRecord, row: OrderItem | undefined): boolean {
  const filled = row === undefined ? record.filled : decimalOf(row.filled_amount)
  return Decimal.parse(record.pushedAmount).lessThan(Decimal.parse(filled))
}
