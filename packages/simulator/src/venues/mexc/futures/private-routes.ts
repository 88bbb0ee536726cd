import { Decimal } from '@cex-arbitrage/common'

import { wireInteger } from '../../../server/wire-json.js'
import type { RestRouter } from '../../../server/rest-router.js'
import type { PerpetualMarket } from '../../../perpetuals/perpetual-market.js'
import type { Position } from '../../../perpetuals/position.js'
import { viewAsset, viewFuturesDeal, viewFuturesOrder, viewFuturesPosition } from './account-view.js'
import { contractIdOf, listedContract } from './contracts.js'
import { type CancelResult, checkCancelCount, type FuturesDesk } from './futures-desk.js'
import { refuseFutures } from './futures-errors.js'
import { type FuturesRoute, idsOf, listOf, objectOf, signed, type SignedFuturesCall, wholeOf } from './futures-route.js'

const settleAsset = 'USDT'
const oneWay = 2

/** The signed routes of perpetuals. */
export function addPrivateFuturesRoutes(
  router: RestRouter<FuturesRoute>,
  market: PerpetualMarket,
  desk: FuturesDesk,
): void {
  addAccountRoutes(router, market, desk)
  addOrderRoutes(router, market, desk)
}

function addAccountRoutes(router: RestRouter<FuturesRoute>, market: PerpetualMarket, desk: FuturesDesk): void {
  const prefix = '/api/v1/private'
  router
    .add(
      `GET ${prefix}/account/assets`,
      signed('read', 20, ({ account }) =>
        [...new Set([settleAsset, ...account.balances.keys()])].map((asset) => viewAsset(market, account, asset)),
      ),
    )
    .add(
      `GET ${prefix}/position/open_positions`,
      signed('read', 20, ({ account, query }) => {
        const id = query.get('symbol')
        const name = id === null || id === '' ? undefined : listedContract(market, id).name
        return market.positions
          .of(account.id)
          .filter(({ lots, symbol }) => lots !== 0 && (name === undefined || symbol.name === name))
          .map((position) => viewFuturesPosition(market, position))
      }),
    )
    .add(
      `GET ${prefix}/position/position_mode`,
      signed('read', 20, () => oneWay),
    )
    .add(
      `GET ${prefix}/position/leverage`,
      signed('read', 20, ({ account, query }) => {
        const position = market.positions.get(account.id, listedContract(market, query.get('symbol')))
        const leverage = position.effectiveLeverage.toNumber()
        return [1, 2].map((positionType) => ({ positionType, leverage, openType: position.isCross ? 2 : 1 }))
      }),
    )
    .add(
      `POST ${prefix}/position/change_leverage`,
      signed('trade', 20, ({ account, request }) => {
        const body = objectOf(request)
        const position = namedPosition(market, account.id, body)
        const leverage = Decimal.tryParse(String(Number(body['leverage']))) ?? refuseFutures('leverage')
        desk.setLeverage(position, Number(body['openType'] ?? (position.isCross ? 2 : 1)), leverage)
        return null
      }),
    )
    .add(
      `GET ${prefix}/position/funding_records`,
      signed('read', 20, (call) => listFunding(market, call)),
    )
}

function addOrderRoutes(router: RestRouter<FuturesRoute>, market: PerpetualMarket, desk: FuturesDesk): void {
  const prefix = '/api/v1/private/order'
  const create = signed('trade', 4, ({ account, apiKey, request }) => {
    const order = desk.place(account.id, apiKey.key, objectOf(request))
    return { orderId: order.id, ts: order.createdAtMs }
  })
  const listOpen = ({ account, params }: SignedFuturesCall): unknown => {
    const id = params['symbol']
    const name = id === undefined ? undefined : listedContract(market, id).name
    return market.core
      .openOrders(account.id, name)
      .toReversed()
      .map((order) => viewFuturesOrder(market, order))
  }
  router
    .add(`POST ${prefix}/create`, create)
    .add(`POST ${prefix}/submit`, create)
    .add(
      `POST ${prefix}/cancel`,
      signed('trade', 20, ({ account, request }) => {
        const ids = idsOf(request)
        checkCancelCount(ids.length)
        return ids.map((id) => ({ orderId: wireInteger(id), ...outcomeOf(desk.cancel(account.id, id)) }))
      }),
    )
    .add(
      `POST ${prefix}/cancel_with_external`,
      signed('trade', 20, ({ account, request }) => {
        const items = listOf(request)
        checkCancelCount(items.length)
        return items.map(({ symbol, externalOid }) => {
          const result = desk.cancelExternal(account.id, symbol, externalOid)
          return { symbol, externalOid, orderId: result.order?.id ?? '0', ...outcomeOf(result) }
        })
      }),
    )
    .add(
      `POST ${prefix}/cancel_all`,
      signed('trade', 20, ({ account, request }) => {
        desk.cancelAll(account.id, objectOf(request)['symbol'])
        return null
      }),
    )
    .add(
      `GET ${prefix}/get/:order_id`,
      signed('read', 20, ({ account, params }) => viewFuturesOrder(market, desk.find(account.id, params['order_id']!))),
    )
    .add(
      `GET ${prefix}/external/:symbol/:external_oid`,
      signed('read', 20, ({ account, params }) => {
        const order = desk.findExternal(account.id, params['symbol'], decodeURIComponent(params['external_oid']!))
        return viewFuturesOrder(market, order ?? refuseFutures('orderNotFound'))
      }),
    )
    .add(`GET ${prefix}/list/open_orders`, signed('read', 20, listOpen))
    .add(`GET ${prefix}/list/open_orders/:symbol`, signed('read', 20, listOpen))
    .add(
      `GET ${prefix}/list/order_deals`,
      signed('read', 20, (call) => listDeals(market, call)),
    )
}

const outcomeOf = ({ error }: CancelResult): { readonly errorCode: number; readonly errorMsg: string } => ({
  errorCode: error?.code ?? 0,
  errorMsg: error?.message ?? 'success',
})

/** By `positionId`, or by `symbol`. */
function namedPosition(market: PerpetualMarket, accountId: string, body: Readonly<Record<string, unknown>>): Position {
  if (body['positionId'] === undefined) return market.positions.get(accountId, listedContract(market, body['symbol']))
  const position = market.positions.all[Number(body['positionId']) - 1]
  return position?.accountId === accountId ? position : refuseFutures('noPosition')
}

function listDeals(market: PerpetualMarket, { account, query }: SignedFuturesCall): unknown {
  const symbol = listedContract(market, query.get('symbol'))
  const sinceMs = wholeOf(query, 'start_time', 1, Number.MAX_SAFE_INTEGER)
  const fills = market.core
    .fillsOf(account.id)
    .filter((fill) => fill.symbol === symbol.name && fill.atMs >= sinceMs)
    .toReversed()
  return pageOf(fills, query).map((fill) => viewFuturesDeal(market, fill, market.core.order(fill.orderId)!))
}

function listFunding(market: PerpetualMarket, { account, query }: SignedFuturesCall): unknown {
  const id = query.get('symbol')
  const name = id === null || id === '' ? undefined : listedContract(market, id).name
  const entries = market
    .entriesOf(account.id)
    .filter(({ symbol, type }) => type === 'funding' && (name === undefined || symbol === name))
    .toReversed()
  const resultList = pageOf(entries, query).map(({ atMs, change, id: entryId, symbol }) => {
    const position = market.positions.find(account.id, symbol!)!
    return {
      id: entryId,
      symbol: contractIdOf(position.symbol),
      positionType: position.lots < 0 ? 2 : 1,
      funding: change.toNumber(),
      rate:
        market.funding
          .settled(symbol!)
          .find((settled) => settled.atMs === atMs)
          ?.rate.toNumber() ?? 0,
      settleTime: atMs,
    }
  })
  return { pageSize: resultList.length, totalCount: entries.length, totalPage: 1, currentPage: 1, resultList }
}

function pageOf<T>(items: readonly T[], query: URLSearchParams): T[] {
  const page = wholeOf(query, 'page_num', 1, 10_000)
  const size = wholeOf(query, 'page_size', 20, 100)
  return items.slice((page - 1) * size, page * size)
}
