import type { RestRouter } from '../../../server/rest-router.js'
import type { PerpetualMarket } from '../../../perpetuals/perpetual-market.js'
import {
  contractIdOf,
  listedContract,
  viewDepthRows,
  viewDetail,
  viewFuturesTicker,
  viewFundingRate,
} from './contracts.js'
import type { DepthDiffs } from './depth-diffs.js'
import { refuseFutures } from './futures-errors.js'
import { type FuturesCall, type FuturesRoute, open, wholeOf } from './futures-route.js'

const maxDepth = 1_500
const maxDeals = 100
const maxCandles = 2_000
const minuteMs = 60_000
const hourMs = 60 * minuteMs

export const futuresCandleMs: Readonly<Record<string, number>> = {
  Min1: minuteMs,
  Min5: 5 * minuteMs,
  Min15: 15 * minuteMs,
  Min30: 30 * minuteMs,
  Min60: hourMs,
  Hour4: 4 * hourMs,
  Hour8: 8 * hourMs,
  Day1: 24 * hourMs,
  Week1: 7 * 24 * hourMs,
}

/** The public routes of perpetuals. */
export function addPublicFuturesRoutes(
  router: RestRouter<FuturesRoute>,
  market: PerpetualMarket,
  diffs: DepthDiffs,
): void {
  const prefix = 'GET /api/v1/contract'
  const symbols = () => [...market.core.symbols.values()]
  const named = ({ params }: FuturesCall) => listedContract(market, params['symbol'])
  router
    .add(
      `${prefix}/ping`,
      open(20, () => market.clock.nowMs()),
    )
    .add(
      `${prefix}/detail`,
      open(10, ({ query }) => {
        const id = query.get('symbol')
        return id === null
          ? symbols().map((symbol) => viewDetail(market, symbol))
          : viewDetail(market, listedContract(market, id))
      }),
    )
    .add(
      `${prefix}/depth/:symbol`,
      open(10, (call) => {
        const symbol = named(call)
        const limit = wholeOf(call.query, 'limit', maxDepth, maxDepth)
        return {
          asks: viewDepthRows(market, symbol, 'sell', limit),
          bids: viewDepthRows(market, symbol, 'buy', limit),
          version: market.core.engine(symbol.name).sequence,
          timestamp: market.clock.nowMs(),
        }
      }),
    )
    .add(
      `${prefix}/depth_commits/:symbol/:count`,
      open(20, (call) => {
        const count = Number(call.params['count'])
        if (!Number.isInteger(count) || count < 1) refuseFutures('parameter')
        return diffs.latest(named(call).name, count).map(({ asks, bids, end }) => ({ asks, bids, version: end }))
      }),
    )
    .add(
      `${prefix}/index_price/:symbol`,
      open(20, (call) => {
        const symbol = named(call)
        const indexPrice = market.prices.indexPrice(symbol).toNumber()
        return { symbol: contractIdOf(symbol), indexPrice, timestamp: market.clock.nowMs() }
      }),
    )
    .add(
      `${prefix}/fair_price/:symbol`,
      open(20, (call) => {
        const symbol = named(call)
        const fairPrice = market.prices.markPrice(symbol).toNumber()
        return { symbol: contractIdOf(symbol), fairPrice, timestamp: market.clock.nowMs() }
      }),
    )
    .add(
      `${prefix}/funding_rate/history`,
      open(20, ({ query }) => readFundingHistory(market, query)),
    )
    .add(
      `${prefix}/funding_rate/:symbol`,
      open(20, (call) => viewFundingRate(market, named(call))),
    )
    .add(
      `${prefix}/ticker`,
      open(10, ({ query }) => {
        const id = query.get('symbol')
        return id === null
          ? symbols().map((symbol) => viewFuturesTicker(market, symbol))
          : viewFuturesTicker(market, listedContract(market, id))
      }),
    )
    .add(
      `${prefix}/deals/:symbol`,
      open(20, (call) => {
        const symbol = named(call)
        const limit = wholeOf(call.query, 'limit', maxDeals, maxDeals)
        return market.core
          .trades(symbol.name)
          .slice(-limit)
          .toReversed()
          .map(({ atMs, lots, priceTicks, side }) => ({
            p: symbol.price(priceTicks).toNumber(),
            v: lots,
            T: side === 'buy' ? 1 : 2,
            O: 3,
            M: 2,
            t: atMs,
          }))
      }),
    )
    .add(
      `${prefix}/kline/:symbol`,
      open(20, (call) => readCandles(market, call)),
    )
}

function readFundingHistory(market: PerpetualMarket, query: URLSearchParams): unknown {
  const symbol = listedContract(market, query.get('symbol'))
  const page = wholeOf(query, 'page_num', 1, 1_000)
  const size = wholeOf(query, 'page_size', 20, 1_000)
  const { intervalMs, nextAtMs } = market.funding
  const resultList = Array.from({ length: size }, (_, i) => {
    const settleTime = nextAtMs - ((page - 1) * size + i + 1) * intervalMs
    const fundingRate = market.funding.rateAt(symbol, settleTime).toNumber()
    return { symbol: contractIdOf(symbol), fundingRate, settleTime }
  })
  return { pageSize: size, totalCount: 1_000 * size, totalPage: 1_000, currentPage: page, resultList }
}

/** Columns, oldest first; times in seconds. */
function readCandles(market: PerpetualMarket, { params, query }: FuturesCall): unknown {
  const symbol = listedContract(market, params['symbol'])
  const lengthMs = futuresCandleMs[query.get('interval') ?? 'Min1'] ?? refuseFutures('parameter')
  const nowMs = market.clock.nowMs()
  const untilMs = Math.min(nowMs, wholeOf(query, 'end', Math.floor(nowMs / 1000), 1e12) * 1000)
  const firstMs = untilMs - maxCandles * lengthMs
  const fromMs = Math.max(firstMs + 1, wholeOf(query, 'start', Math.max(1, Math.ceil(firstMs / 1000)), 1e12) * 1000)
  const bars = market.candles(symbol.name).list(lengthMs, fromMs, untilMs)
  return {
    time: bars.map(({ openMs }) => Math.floor(openMs / 1000)),
    open: bars.map(({ open: first }) => first),
    close: bars.map(({ close }) => close),
    high: bars.map(({ high }) => high),
    low: bars.map(({ low }) => low),
    vol: bars.map(({ volume }) => volume),
    amount: bars.map(({ quoteVolume }) => quoteVolume * symbol.contractSize.toNumber()),
  }
}
