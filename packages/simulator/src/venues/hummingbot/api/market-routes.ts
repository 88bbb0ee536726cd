import type { RestRouter } from '../../../server/rest-router.js'
import { defaultDepth } from '../constants.js'
import { findPair } from '../markets.js'
import { lastPriceOf, viewBook } from '../market-view.js'
import { bodyOf, checkConnector, requirePair, type ApiCall, type ApiParts, type ApiRoute } from './api-call.js'
import { candleLengthsMs, viewCandles } from './candle-view.js'
import { ApiRefusal } from './api-refusal.js'

const defaultCandles = 500

/** Routes under `/market-data`. */
export function addMarketRoutes(router: RestRouter<ApiRoute>, parts: ApiParts): void {
  router
    .add('POST /market-data/prices', { answer: (call) => fetchPrices(parts, call) })
    .add('POST /market-data/order-book', { answer: (call) => fetchBook(parts, call) })
    .add('POST /market-data/candles', { answer: (call) => fetchCandles(parts, call) })
    .add('POST /market-data/trading-pair/add', { answer: (call) => changePair(parts, call, 'added') })
    .add('POST /market-data/trading-pair/remove', { answer: (call) => changePair(parts, call, 'removed') })
    .add('GET /market-data/available-candle-connectors', { answer: () => [parts.settings.connector] })
}

function fetchPrices(parts: ApiParts, call: ApiCall): unknown {
  const { host } = parts
  const body = bodyOf(call)
  const connector = body.text('connector_name')
  const pairs = body.texts('trading_pairs') ?? []
  body.check()
  checkConnector(parts, connector, 500)
  const prices = pairs.flatMap((pair) => {
    const symbol = findPair(host.core, pair)
    return symbol === undefined ? [] : [[pair, lastPriceOf(host.core, symbol).toNumber()] as const]
  })
  return { connector, prices: Object.fromEntries(prices), timestamp: host.clock.nowMs() / 1000 }
}

function fetchBook(parts: ApiParts, call: ApiCall): unknown {
  const body = bodyOf(call)
  const connector = body.text('connector_name')
  const pair = body.text('trading_pair')
  const depth = body.count('depth', defaultDepth)
  body.check()
  checkConnector(parts, connector, 500)
  const { bids, asks } = viewBook(parts.host.core, requirePair(parts, pair), depth)
  const rows = (side: typeof bids): object[] => side.map(([price, amount]) => ({ price: +price, amount: +amount }))
  const timestamp = parts.host.clock.nowMs() / 1000
  return { trading_pair: pair, bids: rows(bids), asks: rows(asks), timestamp }
}

function fetchCandles(parts: ApiParts, call: ApiCall): unknown {
  const body = bodyOf(call)
  const connector = body.text('connector_name')
  const pair = body.text('trading_pair')
  const interval = body.text('interval', '1m')
  const count = body.count('max_records', defaultCandles)
  body.check()
  checkConnector(parts, connector, 400)
  const symbol = findPair(parts.host.core, pair)
  if (symbol === undefined) throw new ApiRefusal(400, `Trading pair '${pair}' is not available`)
  if (candleLengthsMs[interval] === undefined) throw new ApiRefusal(400, `Interval '${interval}' is not supported`)
  const candles = viewCandles(parts.host, symbol, interval, count)
  if (candles.length === 0) throw new ApiRefusal(404, 'No candles data available')
  return candles
}

function changePair(parts: ApiParts, call: ApiCall, what: 'added' | 'removed'): unknown {
  const body = bodyOf(call)
  const connector = body.text('connector_name')
  const pair = body.text('trading_pair')
  body.check()
  checkConnector(parts, connector, 500)
  requirePair(parts, pair)
  return { success: true, connector_name: connector, trading_pair: pair, message: `Trading pair ${pair} ${what}` }
}
