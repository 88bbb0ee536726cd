import { Decimal } from '@cex-arbitrage/common'

import type { RestRouter } from '../../server/rest-router.js'
import type { VenueHost } from '../../venue/venue-host.js'
import { candleLengthsMs, maxCandles, maxCandlesBack, restCandleIntervals } from './constants.js'
import { GateioRefusal, invalidParam, textOf } from './gateio-refusal.js'
import { aggregateLevels, viewBestSizes, viewCurrency, viewLevels, viewListedCandle } from './market-view.js'
import { viewListedTrade, viewPair, viewTicker } from './market-view.js'
import { findPair } from './pairs.js'
import { type JsonObject, optionalEnum, timeRange, wholeNumber } from './parameters.js'
import { open, type Route } from './route.js'

const maxBookLevels = 5_000

/** The public spot routes. */
export function addPublicRoutes(router: RestRouter<Route>, host: VenueHost): void {
  const { core } = host
  const symbols = () => [...core.symbols.values()]
  const currencies = () => [...new Set(symbols().flatMap(({ base, quote }) => [base, quote]))]
  router
    .add(
      'GET /spot/time',
      open(() => ({ server_time: host.clock.nowMs() })),
    )
    .add(
      'GET /spot/currencies',
      open(() => currencies().map(viewCurrency)),
    )
    .add(
      'GET /spot/currencies/:currency',
      open(({ params: { currency = '' } }) => {
        if (currencies().includes(currency)) return viewCurrency(currency)
        throw new GateioRefusal(400, 'INVALID_CURRENCY', `Invalid currency ${currency}`)
      }),
    )
    .add(
      'GET /spot/currency_pairs',
      open(() => symbols().map(viewPair)),
    )
    .add(
      'GET /spot/currency_pairs/:pair',
      open(({ params }) => viewPair(findPair(core, params['pair']))),
    )
    .add(
      'GET /spot/order_book',
      open(({ query }) => readBook(host, query)),
    )
    .add(
      'GET /spot/tickers',
      open(({ query }) => readTickers(host, query)),
    )
    .add(
      'GET /spot/trades',
      open(({ query }) => readTrades(host, query)),
    )
    .add(
      'GET /spot/candlesticks',
      open(({ query }) => readCandles(host, query)),
    )
}

/** Listings of other products, empty here, that clients ask for together with spot. */
export function addEmptyListings(router: RestRouter<Route>): void {
  for (const path of [
    '/margin/currency_pairs',
    '/margin/uni/currency_pairs',
    '/futures/:settle/contracts',
    '/futures/:settle/tickers',
    '/delivery/:settle/contracts',
    '/delivery/:settle/tickers',
    '/options/underlyings',
    '/options/contracts',
    '/options/expirations',
    '/options/tickers',
  ])
    router.add(
      `GET ${path}`,
      open(() => []),
    )
}

function readBook(host: VenueHost, query: JsonObject): unknown {
  const symbol = findPair(host.core, query['currency_pair'])
  const limit = wholeNumber(query, 'limit', 1, maxBookLevels, 10)
  const interval = Decimal.tryParse(textOf(query['interval'] ?? '0'))
  if (interval === undefined || interval.sign < 0) throw invalidParam('interval', query['interval'])
  const engine = host.core.engine(symbol.name)
  const rows = (side: 'buy' | 'sell') => {
    const { levels } = engine.ladder(side)
    if (interval.isZero) return viewLevels(symbol, levels.slice(0, limit))
    return aggregateLevels(viewLevels(symbol, levels), interval, side).slice(0, limit)
  }
  return {
    ...(query['with_id'] === 'true' && { id: engine.sequence }),
    current: host.clock.nowMs(),
    update: host.core.bookChangedAtMs(symbol.name),
    asks: rows('sell'),
    bids: rows('buy'),
  }
}

function readTickers(host: VenueHost, query: JsonObject): unknown {
  optionalEnum(query, 'timezone', ['utc0', 'utc8', 'all'], 'utc0')
  if (query['currency_pair'] === undefined)
    return [...host.core.symbols.values()].map((symbol) => viewTicker(host, symbol))
  const symbol = findPair(host.core, query['currency_pair'])
  return [{ ...viewTicker(host, symbol), ...viewBestSizes(host, symbol) }]
}

function readTrades(host: VenueHost, query: JsonObject): unknown {
  const symbol = findPair(host.core, query['currency_pair'])
  const limit = wholeNumber(query, 'limit', 1, 1000, 100)
  const page = wholeNumber(query, 'page', 1, Number.MAX_SAFE_INTEGER, 1)
  const lastId = wholeNumber(query, 'last_id', 0, Number.MAX_SAFE_INTEGER, 0)
  const { fromMs, toMs } = timeRange(query)
  const backwards = query['reverse'] === 'true'
  const trades = host.core
    .trades(symbol.name)
    .filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
    .filter(({ tradeId }) => lastId === 0 || (backwards ? tradeId < lastId : tradeId > lastId))
    .toReversed()
  return trades.slice(limit * (page - 1), limit * page).map((trade) => viewListedTrade(trade, symbol))
}

function readCandles(host: VenueHost, query: JsonObject): unknown {
  const symbol = findPair(host.core, query['currency_pair'])
  const interval = optionalEnum(query, 'interval', restCandleIntervals, '30m')
  const lengthMs = candleLengthsMs[interval]!
  const isRange = query['from'] !== undefined || query['to'] !== undefined
  if (isRange && query['limit'] !== undefined) throw invalidParam('limit', query['limit'])
  const limit = wholeNumber(query, 'limit', 1, maxCandles, 100)
  const nowMs = host.clock.nowMs()
  const range = timeRange(query)
  const untilMs = Math.min(nowMs, range.toMs)
  const newestMs = Math.floor(untilMs / lengthMs) * lengthMs
  const fromMs = query['from'] === undefined ? newestMs - (limit - 1) * lengthMs : range.fromMs
  if (nowMs - fromMs > (maxCandlesBack + 1) * lengthMs)
    throw new GateioRefusal(
      400,
      'INVALID_PARAM_VALUE',
      'Candlestick too long ago. Maximum 10000 points ago are allowed',
    )
  if ((untilMs - fromMs) / lengthMs > maxCandles)
    throw new GateioRefusal(400, 'INVALID_PARAM_VALUE', 'Too many data points. Maximum 1000 are allowed')
  const bars = host.candles(symbol.name).list(lengthMs, fromMs, untilMs)
  return bars.map((bar) => viewListedCandle(bar, symbol, bar.openMs + lengthMs <= nowMs))
}
