import { Decimal } from '@cex-arbitrage/common'
import {
  RestRouter,
  type Account,
  type RestRequest,
  type RestResponse,
  type TradingSymbol,
  type VenueHost,
  type VenueOrder,
} from '@cex-arbitrage/simulator'
import { authenticate } from './authentication.js'
import { findSymbol, viewBook, viewFill, viewInstrument, viewOrder } from './views.js'

const candleMs: Readonly<Record<string, number>> = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '30m': 1_800_000,
  '1h': 3_600_000,
  '4h': 14_400_000,
  '1d': 86_400_000,
}
const dayMs = 86_400_000
const orderRate = { limit: 20, windowMs: 1_000 }

type Handler = (request: RestRequest, account: Account | undefined) => RestResponse

/** What the REST API answers; every refusal is `{"error":CODE,"text":…}`. */
export class SampleRestApi {
  private readonly router = new RestRouter<{ readonly signed: boolean; readonly handle: Handler }>()

  constructor(private readonly host: VenueHost) {
    const open = (pattern: string, handle: Handler): void => void this.router.add(pattern, { signed: false, handle })
    const signed = (pattern: string, handle: (request: RestRequest, account: Account) => RestResponse): void =>
      void this.router.add(pattern, { signed: true, handle: (request, account) => handle(request, account!) })
    open('GET /api/time', () => ok({ time: host.clock.nowMs() }))
    open('GET /api/instruments', () => ok([...host.core.symbols.values()].map(viewInstrument)))
    open(
      'GET /api/book',
      this.ofSymbol((symbol, { query }) => ok(viewBook(host, symbol, Number(query.get('depth'))))),
    )
    open(
      'GET /api/trades',
      this.ofSymbol((symbol, { query }) => ok(this.trades(symbol, Number(query.get('limit'))))),
    )
    open(
      'GET /api/ticker',
      this.ofSymbol((symbol) => ok(this.ticker(symbol))),
    )
    open(
      'GET /api/candles',
      this.ofSymbol((symbol, { query }) => ok(this.candles(symbol, query))),
    )
    signed('GET /api/account', (_, account) => ok(viewAccount(account)))
    signed('POST /api/orders', (request, account) => this.place(request, account))
    signed('GET /api/order', (request, account) => this.ofOrder(request, account, (order) => ok(viewOrder(order))))
    signed('DELETE /api/order', (request, account) => this.ofOrder(request, account, (order) => this.cancel(order)))
    signed('GET /api/orders', ({ query }, account) => ok(this.openOrders(query, account).map(viewOrder)))
    signed('DELETE /api/orders', ({ query }, account) =>
      ok(this.openOrders(query, account).map((order) => this.cancel(order).body)),
    )
    signed('GET /api/fills', ({ query }, account) => ok(this.fills(query, account)))
  }

  handle(request: RestRequest): RestResponse {
    const match = this.router.find(request.method, request.path)
    if (match === undefined) return refuse(404, 'NO_ROUTE')
    const { signed, handle } = match.handler
    const account = signed ? this.authenticate(request) : undefined
    const answer = typeof account === 'string' ? refuse(401, account) : handle(request, account)
    return { ...answer, route: match.pattern }
  }

  private authenticate({ headers, method, rawPath, rawQuery, body }: RestRequest) {
    const target = rawQuery === '' ? rawPath : `${rawPath}?${rawQuery}`
    const { 'x-key': key = '', 'x-time': time = '', 'x-sign': sign = '' } = headers
    return authenticate(this.host, { key, time, sign, method, target, body })
  }

  private ofSymbol(answer: (symbol: TradingSymbol, request: RestRequest) => RestResponse): Handler {
    return (request) => {
      const symbol = findSymbol(this.host, request.query.get('symbol') ?? '')
      return symbol === undefined ? refuse(400, 'BAD_SYMBOL') : answer(symbol, request)
    }
  }

  private ofOrder({ query }: RestRequest, account: Account, answer: (order: VenueOrder) => RestResponse): RestResponse {
    const { core } = this.host
    const id = query.get('id')
    const order = id === null ? core.orderByClientId(account.id, query.get('clientId') ?? '') : core.order(id)
    return order === undefined || order.accountId !== account.id ? refuse(404, 'NO_ORDER') : answer(order)
  }

  private openOrders(query: URLSearchParams, account: Account): readonly VenueOrder[] {
    const symbol = findSymbol(this.host, query.get('symbol') ?? '')
    return this.host.core.openOrders(account.id, symbol?.name ?? '')
  }

  private cancel(order: VenueOrder): RestResponse {
    return this.host.core.cancel(order) ? ok({ id: order.id }) : refuse(404, 'NO_ORDER')
  }

  private place({ body }: RestRequest, account: Account): RestResponse {
    const { host } = this
    const wanted = JSON.parse(body) as Readonly<Record<string, string>>
    const symbol = findSymbol(host, wanted['symbol'] ?? '')
    if (symbol === undefined) return refuse(400, 'BAD_SYMBOL')
    const verdict = host.limiter.take(`orders ${account.id}`, orderRate)
    if (!verdict.allowed) return refuse(429, 'TOO_MANY')
    const side = wanted['side'] === 'buy' ? 'buy' : 'sell'
    const priceTicks = symbol.toTicks(Decimal.parse(wanted['price'] ?? ''))
    const quantityLots = symbol.toLots(Decimal.parse(wanted['quantity'] ?? ''))
    if (priceTicks === undefined || quantityLots === undefined) return refuse(400, 'OFF_GRID')
    if (symbol.notional(priceTicks, quantityLots).lessThan(symbol.minNotional)) return refuse(400, 'TOO_SMALL')
    const postOnly = wanted['kind'] === 'maker'
    if (postOnly && host.core.engine(symbol.name).wouldCross(side, priceTicks)) return refuse(400, 'WOULD_TAKE')
    const placed = host.core.place({
      accountId: account.id,
      symbol: symbol.name,
      side,
      kind: 'limit',
      timeInForce: wanted['kind'] === 'ioc' || wanted['kind'] === 'fok' ? wanted['kind'] : 'gtc',
      postOnly,
      priceTicks,
      quantityLots,
      ...(wanted['clientId'] !== undefined && { clientOrderId: wanted['clientId'] }),
    })
    if ('refusal' in placed) return refuse(400, placed.refusal === 'insufficient_funds' ? 'NO_FUNDS' : 'CLOSED')
    return ok({ id: placed.order.id, time: placed.order.createdAtMs })
  }

  private fills(query: URLSearchParams, account: Account): readonly object[] {
    const { core } = this.host
    const fromMs = Number(query.get('from') ?? 0)
    return core
      .fillsOf(account.id)
      .filter(({ orderId, atMs }) => (query.get('orderId') ?? orderId) === orderId && atMs >= fromMs)
      .filter(({ symbol }) => symbol === findSymbol(this.host, query.get('symbol') ?? '')?.name)
      .map((fill) => viewFill(fill, core.order(fill.orderId)))
  }

  private trades(symbol: TradingSymbol, limit: number): readonly object[] {
    const trades = this.host.core.trades(symbol.name).toReversed().slice(0, limit)
    return trades.map(({ tradeId, side, priceTicks, lots, atMs }) => ({
      id: String(tradeId),
      side,
      price: symbol.price(priceTicks).toString(),
      quantity: symbol.quantity(lots).toString(),
      time: atMs,
    }))
  }

  private ticker(symbol: TradingSymbol): object {
    const { core, clock } = this.host
    const engine = core.engine(symbol.name)
    const best = (side: 'buy' | 'sell'): string | null => {
      const level = engine.ladder(side).best
      return level === undefined ? null : symbol.price(level.priceTicks).toString()
    }
    const nowMs = clock.nowMs()
    const [day] = this.host.candles(symbol.name).list(dayMs, Math.floor(nowMs / dayMs) * dayMs, nowMs)
    return { bid: best('buy'), ask: best('sell'), ...numbersOf(day) }
  }

  private candles(symbol: TradingSymbol, query: URLSearchParams): readonly object[] {
    const intervalMs = candleMs[query.get('interval') ?? ''] ?? 60_000
    const untilMs = Number(query.get('to') ?? this.host.clock.nowMs())
    const limit = Number(query.get('limit') ?? 100)
    const fromMs = Number(query.get('from') ?? untilMs - limit * intervalMs)
    const bars = this.host.candles(symbol.name).list(intervalMs, fromMs, untilMs)
    return bars.slice(-limit).map((bar) => ({ time: bar.openMs, ...numbersOf(bar) }))
  }
}

const numbersOf = (bar?: { open: number; high: number; low: number; close: number; volume: number }): object => ({
  open: String(bar?.open ?? 0),
  high: String(bar?.high ?? 0),
  low: String(bar?.low ?? 0),
  last: String(bar?.close ?? 0),
  volume: String(bar?.volume ?? 0),
})

const viewAccount = (account: Account): object => ({
  balances: [...account.balances].map(([asset, { free, locked }]) => ({
    asset,
    free: free.toString(),
    locked: locked.toString(),
  })),
  canTrade: account.keys.some(({ permission }) => permission === 'trade'),
  canWithdraw: false,
})

const ok = (body: unknown): RestResponse => ({ status: 200, body })

/** @param code - One of the exchange's own. */
export const refuse = (status: number, code: string): RestResponse => ({
  status,
  body: { error: code, text: `Refused: ${code}` },
})
