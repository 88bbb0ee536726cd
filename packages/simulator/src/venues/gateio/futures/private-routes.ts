import type { RestRouter } from '../../../server/rest-router.js'
import type { PerpetualMarket } from '../../../perpetuals/perpetual-market.js'
import type { Caller } from '../authentication.js'
import { Countdown } from '../countdown.js'
import { invalidParam, missingParam } from '../gateio-refusal.js'
import { findContract, pairOf } from '../pairs.js'
import {
  type JsonObject,
  optionalEnum,
  parseJson,
  parseList,
  parseObject,
  requiredText,
  timeRange,
} from '../parameters.js'
import { type PrivateCall, type Route, signed } from '../route.js'
import { type FuturesTrading, slice } from './futures-trading.js'
import { viewListedFuturesFill } from './futures-order-view.js'
import type { PositionModes } from './position-modes.js'
import { addPositionRoutes } from './position-routes.js'
import { entryTypes, viewFuturesAccount, viewListedEntry } from './position-view.js'
import { futuresPath } from './public-routes.js'
import { sizeStyleOf } from './sizes.js'

export interface FuturesRouteParts {
  readonly market: PerpetualMarket
  readonly trading: FuturesTrading
  readonly modes: PositionModes
  /** Spends one placement of an account; throws when there is none left. */
  readonly spendPlacement: (caller: Caller) => void
}

/** The signed routes of perpetuals. */
export function addPrivateFuturesRoutes(router: RestRouter<Route>, parts: FuturesRouteParts): void {
  addOrderRoutes(router, parts)
  addAccountRoutes(router, parts)
  addPositionRoutes(router, parts.market)
}

function addOrderRoutes(router: RestRouter<Route>, { market, spendPlacement, trading }: FuturesRouteParts): void {
  const countdown = new Countdown(market.clock, {
    find: ({ contract }) =>
      contract === undefined || contract === '' ? undefined : findContract(market.core, contract).name,
    cancel: (accountId, symbol) => void trading.cancelOpen(accountId, symbol),
  })
  const styleOf = ({ request }: PrivateCall) => sizeStyleOf(request.headers)
  router
    .add(
      `POST ${futuresPath}/orders`,
      signed(
        'place',
        (call) => {
          spendPlacement(call.caller)
          return trading.view(trading.place(call.caller, parseObject(call.request.body)), styleOf(call))
        },
        201,
      ),
    )
    .add(
      `POST ${futuresPath}/batch_orders`,
      signed('place', (call) =>
        trading.placeBatch(call.caller, parseList(call.request.body), () => spendPlacement(call.caller), styleOf(call)),
      ),
    )
    .add(
      `POST ${futuresPath}/batch_amend_orders`,
      signed('place', (call) =>
        trading.amendBatch(call.caller, parseList(call.request.body), () => spendPlacement(call.caller), styleOf(call)),
      ),
    )
    .add(
      `PUT ${futuresPath}/orders/:order_id`,
      signed('place', (call) => {
        spendPlacement(call.caller)
        const order = trading.amend(call.caller, call.params['order_id']!, parseObject(call.request.body))
        return trading.view(order, styleOf(call))
      }),
    )
    .add(
      `DELETE ${futuresPath}/orders/:order_id`,
      signed('cancel', (call) => trading.view(trading.cancel(call.caller, call.params['order_id']!), styleOf(call))),
    )
    .add(
      `DELETE ${futuresPath}/orders`,
      signed('cancel', (call) =>
        trading.cancelAll(call.caller, call.query).map((order) => trading.view(order, styleOf(call))),
      ),
    )
    .add(
      `POST ${futuresPath}/batch_cancel_orders`,
      signed('cancel', ({ caller, request }) => trading.cancelBatch(caller, parseJson(request.body))),
    )
    .add(
      `GET ${futuresPath}/orders/:order_id`,
      signed('read', (call) => trading.view(trading.query(call.caller, call.params['order_id']!), styleOf(call))),
    )
    .add(
      `GET ${futuresPath}/orders`,
      signed('read', (call) =>
        trading.list(call.caller, call.query).map((order) => trading.view(order, styleOf(call))),
      ),
    )
    .add(
      `GET ${futuresPath}/orders_timerange`,
      signed('read', (call) =>
        trading
          .list(call.caller, { ...call.query, status: 'finished' })
          .filter(({ updatedAtMs }) => {
            const { fromMs, toMs } = timeRange(call.query)
            return updatedAtMs >= fromMs && updatedAtMs <= toMs
          })
          .map((order) => trading.view(order, styleOf(call))),
      ),
    )
    .add(
      `GET ${futuresPath}/my_trades`,
      signed('read', (call) => listFills(market, call)),
    )
    .add(
      `GET ${futuresPath}/my_trades_timerange`,
      signed('read', (call) => listFills(market, call).map(({ id, ...fill }) => ({ trade_id: String(id), ...fill }))),
    )
    .add(
      `POST ${futuresPath}/countdown_cancel_all`,
      signed('other', ({ caller, request }) => countdown.set(caller, parseObject(request.body))),
    )
}

function addAccountRoutes(router: RestRouter<Route>, { market, modes }: FuturesRouteParts): void {
  const account = ({ account: { id } }: Caller): JsonObject =>
    viewFuturesAccount(market, market.account(id), modes.isDual(id))
  router
    .add(
      `GET ${futuresPath}/accounts`,
      signed('read', ({ caller }) => account(caller)),
    )
    .add(
      `GET ${futuresPath}/account_book`,
      signed('read', ({ caller, query }) => listEntries(market, caller, query)),
    )
    .add(
      `GET ${futuresPath}/fee`,
      signed('read', ({ caller, query }) => {
        const { fees } = market.account(caller.account.id)
        const symbols =
          query['contract'] === undefined
            ? [...market.core.symbols.values()]
            : [findContract(market.core, query['contract'])]
        return Object.fromEntries(
          symbols.map((symbol) => [
            pairOf(symbol),
            {
              taker_fee: (fees?.taker ?? symbol.takerFee).toString(),
              maker_fee: (fees?.maker ?? symbol.makerFee).toString(),
            },
          ]),
        )
      }),
    )
    .add(
      `POST ${futuresPath}/dual_mode`,
      signed('other', ({ caller, query }) => {
        const wanted = optionalEnum(query, 'dual_mode', ['true', 'false', ''], '')
        if (wanted === '') throw missingParam('dual_mode')
        modes.set(caller.account.id, wanted === 'true')
        return account(caller)
      }),
    )
    .add(
      `POST ${futuresPath}/set_position_mode`,
      signed('other', ({ caller, query }) => {
        const wanted = requiredText(query, 'position_mode')
        if (wanted !== 'single' && wanted !== 'dual') throw invalidParam('position_mode', wanted)
        modes.set(caller.account.id, wanted === 'dual')
        return account(caller)
      }),
    )
}

function listFills(market: PerpetualMarket, { caller, query, request }: PrivateCall): Record<string, unknown>[] {
  const { contract, order } = query
  const symbol = contract === undefined || contract === '' ? undefined : findContract(market.core, contract)
  const { fromMs, toMs } = timeRange(query)
  const fills = market.core
    .fillsOf(caller.account.id)
    .filter((fill) => symbol === undefined || fill.symbol === symbol.name)
    .filter((fill) => order === undefined || order === '' || fill.orderId === order)
    .filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
  const style = sizeStyleOf(request.headers)
  return slice(fills.toReversed(), query).map((fill) =>
    viewListedFuturesFill(fill, market.core.order(fill.orderId)!, style),
  )
}

function listEntries(market: PerpetualMarket, caller: Caller, query: JsonObject): unknown[] {
  const { contract, type } = query
  const symbol = contract === undefined || contract === '' ? undefined : findContract(market.core, contract)
  const { fromMs, toMs } = timeRange(query)
  const entries = market
    .entriesOf(caller.account.id)
    .filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
    .filter((entry) => symbol === undefined || entry.symbol === symbol.name)
    .filter((entry) => type === undefined || type === '' || entryTypes[entry.type] === type)
  return slice(entries.toReversed(), query).map(viewListedEntry)
}
