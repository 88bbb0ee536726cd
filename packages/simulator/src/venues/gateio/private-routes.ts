import type { RestRouter } from '../../server/rest-router.js'
import type { VenueHost } from '../../venue/venue-host.js'
import { GateioAccountBook } from './account-book.js'
import type { Caller } from './authentication.js'
import { maxFeePairs } from './constants.js'
import { Countdown } from './countdown.js'
import { actionMode, type GateioTrading } from './gateio-trading.js'
import { GateioRefusal, invalidParam, missingParam, textOf } from './gateio-refusal.js'
import { viewListedFill, viewOrder } from './order-view.js'
import { findPair } from './pairs.js'
import { type JsonObject, pageOf, parseList, parseObject, timeRange } from './parameters.js'
import { PriceOrders } from './price-orders.js'
import { type PrivateCall, type Route, signed } from './route.js'

const maxTradeRangeMs = 30 * 86_400_000

export interface PrivateRouteParts {
  readonly host: VenueHost
  readonly trading: GateioTrading
  /** Spends one placement of an account on a pair; throws when there is none left. */
  readonly spendPlacement: (caller: Caller, pair: string) => void
}

/** The signed spot, wallet and account routes. */
export function addPrivateRoutes(router: RestRouter<Route>, parts: PrivateRouteParts): void {
  addOrderRoutes(router, parts)
  addAccountRoutes(router, parts.host)
  addPriceOrderRoutes(router, new PriceOrders(parts.host, parts.trading))
}

function addOrderRoutes(router: RestRouter<Route>, { host, trading, spendPlacement }: PrivateRouteParts): void {
  const countdown = new Countdown(host.clock, {
    find: ({ currency_pair: pair }) => (pair === undefined || pair === '' ? undefined : findPair(host.core, pair).name),
    cancel: (accountId, symbol) => void trading.cancelOpen(accountId, symbol),
  })
  const spend = (caller: Caller) => (pair: string) => spendPlacement(caller, pair)
  router
    .add(
      'POST /spot/orders',
      signed(
        'place',
        ({ caller, request }) => {
          const body = parseObject(request.body)
          spendPlacement(caller, textOf(body['currency_pair']))
          const mode = actionMode(body)
          return viewOrder(trading.place(caller, body, 'apiv4'), mode)
        },
        201,
      ),
    )
    .add(
      'POST /spot/batch_orders',
      signed('place', ({ caller, request }) =>
        trading.placeBatch(caller, parseList(request.body), 'apiv4', spend(caller)),
      ),
    )
    .add(
      'PATCH /spot/orders/:order_id',
      signed('place', ({ caller, params, query, request }) => {
        const from = { ...query, ...(request.body === '' ? {} : parseObject(request.body)) } as JsonObject
        spendPlacement(caller, textOf(from['currency_pair']))
        return viewOrder(trading.amend(caller, params['order_id']!, from), actionMode(from))
      }),
    )
    .add(
      'POST /spot/amend_batch_orders',
      signed('place', ({ caller, request }) => trading.amendBatch(caller, parseList(request.body), spend(caller))),
    )
    .add(
      'DELETE /spot/orders/:order_id',
      signed('cancel', ({ caller, params, query }) =>
        viewOrder(trading.cancel(caller, params['order_id']!, query), actionMode(query)),
      ),
    )
    .add(
      'DELETE /spot/orders',
      signed('cancel', ({ caller, query }) => trading.cancelAll(caller, query)),
    )
    .add(
      'POST /spot/cancel_batch_orders',
      signed('cancel', ({ caller, request }) => trading.cancelBatch(caller, parseList(request.body))),
    )
    .add(
      'GET /spot/orders/:order_id',
      signed('read', ({ caller, params, query }) => viewOrder(trading.query(caller, params['order_id']!, query))),
    )
    .add(
      'GET /spot/orders',
      signed('read', ({ caller, query }) => trading.list(caller, query)),
    )
    .add(
      'GET /spot/open_orders',
      signed('read', ({ caller, query }) => trading.listOpen(caller, query)),
    )
    .add(
      'GET /spot/my_trades',
      signed('read', (call) => listFills(host, call)),
    )
    .add(
      'POST /spot/countdown_cancel_all',
      signed('other', ({ caller, request }) => countdown.set(caller, parseObject(request.body))),
    )
}

function addAccountRoutes(router: RestRouter<Route>, host: VenueHost): void {
  const accountBook = new GateioAccountBook(host)
  router
    .add(
      'GET /spot/accounts',
      signed('read', (call) => listBalances(call)),
    )
    .add(
      'GET /spot/account_book',
      signed('read', ({ caller, query }) => accountBook.list(caller, query)),
    )
    .add(
      'GET /wallet/fee',
      signed('read', (call) => viewFee(host, call.caller, call.query['currency_pair'])),
    )
    .add(
      'GET /spot/fee',
      signed('read', (call) => viewFee(host, call.caller, call.query['currency_pair'])),
    )
    .add(
      'GET /spot/batch_fee',
      signed('read', (call) => listFees(host, call)),
    )
    .add(
      'GET /account/detail',
      signed('read', ({ caller }) => viewAccount(caller)),
    )
}

function addPriceOrderRoutes(router: RestRouter<Route>, orders: PriceOrders): void {
  router
    .add(
      'POST /spot/price_orders',
      signed('other', ({ caller, request }) => orders.create(caller, parseObject(request.body)), 201),
    )
    .add(
      'GET /spot/price_orders',
      signed('read', ({ caller, query }) => orders.list(caller, query)),
    )
    .add(
      'DELETE /spot/price_orders',
      signed('cancel', ({ caller, query }) => orders.cancelAll(caller, query)),
    )
    .add(
      'GET /spot/price_orders/:id',
      signed('read', ({ caller, params }) => orders.get(caller, params['id']!)),
    )
    .add(
      'DELETE /spot/price_orders/:id',
      signed('cancel', ({ caller, params }) => orders.cancel(caller, params['id']!)),
    )
}

function listFills(host: VenueHost, { caller, query }: PrivateCall): unknown {
  const { currency_pair: pair, order_id: orderId } = query
  if (orderId !== undefined && pair === undefined) throw missingParam('currency_pair')
  const symbol = pair === undefined ? undefined : findPair(host.core, pair)
  const nowMs = host.clock.nowMs()
  const { fromMs, toMs } = timeRange(query)
  if (query['from'] !== undefined && Math.min(toMs, nowMs) - fromMs > maxTradeRangeMs)
    throw new GateioRefusal(400, 'INVALID_PARAM_VALUE', 'Time range too large, at most 30 days')
  const fills = host.core
    .fillsOf(caller.account.id)
    .filter((fill) => symbol === undefined || fill.symbol === symbol.name)
    .filter((fill) => orderId === undefined || fill.orderId === orderId)
    .filter((fill) => fill.atMs >= fromMs && fill.atMs <= toMs)
  return pageOf(fills.toReversed(), query, 1000).map((fill) => viewListedFill(fill, host.core.order(fill.orderId)!))
}

function listBalances({ caller: { account }, query }: PrivateCall): unknown {
  return [...account.balances]
    .filter(([asset]) => query['currency'] === undefined || asset === query['currency'])
    .map(([currency, { free, locked }]) => ({
      currency,
      available: free.toString(),
      locked: locked.toString(),
      update_id: account.version(currency),
    }))
}

function viewFee(host: VenueHost, { account }: Caller, pair: unknown): JsonObject {
  const symbol = pair === undefined || pair === '' ? [...host.core.symbols.values()][0]! : findPair(host.core, pair)
  return {
    user_id: account.uid,
    taker_fee: (account.fees?.taker ?? symbol.takerFee).toString(),
    maker_fee: (account.fees?.maker ?? symbol.makerFee).toString(),
    gt_discount: false,
    gt_taker_fee: '0',
    gt_maker_fee: '0',
    loan_fee: '0.18',
    point_type: '1',
    futures_taker_fee: '0.00075',
    futures_maker_fee: '-0.00025',
    delivery_taker_fee: '0.00016',
    delivery_maker_fee: '-0.00015',
    debit_fee: 3,
  }
}

function listFees(host: VenueHost, { caller, query }: PrivateCall): JsonObject {
  const text = query['currency_pairs']
  if (text === undefined || text === '') throw missingParam('currency_pairs')
  const pairs = textOf(text).split(',')
  if (pairs.length > maxFeePairs) throw invalidParam('currency_pairs', text)
  return Object.fromEntries(pairs.map((pair) => [pair, viewFee(host, caller, pair)]))
}

/** `key.mode` 1 is a classic account. */
const viewAccount = ({ account, apiKey }: Caller): JsonObject => ({
  user_id: account.uid,
  ip_whitelist: apiKey.ipWhitelist ?? [],
  currency_pairs: [],
  key: { mode: 1 },
  tier: 0,
  tier_expire_time: '0001-01-01T00:00:00Z',
  copy_trading_role: 0,
})
