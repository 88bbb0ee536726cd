import type { PublicTrade } from '../../matching/exchange-listener.js'
import type { RestRouter } from '../../server/rest-router.js'
import { mexcErrors, missingParameter } from './api-error.js'
import { restIntervals } from './kline-intervals.js'
import { trimmedNumber, windowEnd, windowStart } from './market-data.js'
import type { MexcSymbol } from './mexc-symbol.js'
import { paddedPrice, paddedQuantity, trimmedPrice, trimmedQuantity } from './number-text.js'
import { type MexcRoute, type RestCall, refuse } from './rest-call.js'
import { viewTicker } from './ticker-view.js'
import { listedSymbol, type VenueState } from './venue-state.js'

const hourMs = 3_600_000
const defaultDepth = 100
/** Documented as 5000; the venue cuts to this without saying so. */
const maxDepth = 2000
const defaultTrades = 500
const maxTrades = 1000
const maxKlines = 500
const averageMinutes = 5

/** Adds the routes that need no key. */
export function addPublicRoutes(router: RestRouter<MexcRoute>, state: VenueState): void {
  const { host, data, symbols } = state
  const route = (weight: number, handle: MexcRoute['handle']): MexcRoute => ({ weight, security: 'public', handle })
  const symbolOf = (call: RestCall): MexcSymbol => listedSymbol(state, call.required('symbol'))
  /** One object for a pair, an array for all. */
  const perSymbol = (view: (symbol: MexcSymbol) => unknown) => (call: RestCall) => {
    const id = call.text('symbol')
    return id === undefined ? [...symbols.values()].map(view) : view(listedSymbol(state, id))
  }
  router
    .add(
      'GET /api/v3/ping',
      route(1, () => ({})),
    )
    .add(
      'GET /api/v3/time',
      route(1, ({ nowMs }) => ({ serverTime: nowMs })),
    )
    .add(
      'GET /api/v3/defaultSymbols',
      route(1, ({ nowMs }) => ({
        data: [...symbols.values()].filter((symbol) => symbol.isOpenToApi).map(({ id }) => id),
        code: 0,
        msg: 'success',
        timestamp: nowMs,
      })),
    )
    .add(
      'GET /api/v3/symbol/offline',
      route(10, () => ({
        data: [...symbols.values()]
          .filter(({ status }) => status !== '1')
          .map(({ id, status, offlineAtMs }) => ({
            symbol: id,
            state: Number(status),
            ...(offlineAtMs !== undefined && { offlineTime: offlineAtMs }),
          })),
      })),
    )
    .add(
      'GET /api/v3/exchangeInfo',
      route(25, (call) => exchangeInfo(call, state)),
    )
    .add(
      'GET /api/v3/depth',
      route(3, (call) => {
        const symbol = symbolOf(call)
        const engine = data.engine(symbol)
        const limit = call.limit(defaultDepth, maxDepth)
        const rows = (side: 'buy' | 'sell') =>
          engine
            .ladder(side)
            .levels.slice(0, limit)
            .map(({ priceTicks, totalLots }) => [
              paddedPrice(symbol.trading, priceTicks),
              paddedQuantity(symbol.trading, totalLots),
            ])
        return { lastUpdateId: engine.sequence, bids: rows('buy'), asks: rows('sell'), timestamp: call.nowMs }
      }),
    )
    .add(
      'GET /api/v3/trades',
      route(5, (call) => {
        const symbol = symbolOf(call)
        const limit = call.limit(defaultTrades, maxTrades)
        return newestFirst(host.core.trades(symbol.trading.name), limit).map((trade) => viewTrade(symbol, trade))
      }),
    )
    .add(
      'GET /api/v3/historicalTrades',
      route(5, () => refuse(mexcErrors.forbidden)),
    )
    .add(
      'GET /api/v3/aggTrades',
      route(1, (call) => aggregatedTrades(call, symbolOf(call), state)),
    )
    .add(
      'GET /api/v3/klines',
      route(1, (call) => klines(call, symbolOf(call), state)),
    )
    .add(
      'GET /api/v3/avgPrice',
      route(1, (call) => ({ mins: averageMinutes, price: averagePrice(symbolOf(call), state, call.nowMs) })),
    )
    .add(
      'GET /api/v3/ticker/24hr',
      route(
        25,
        perSymbol((symbol) => viewTicker(symbol, state)),
      ),
    )
    .add(
      'GET /api/v3/ticker/price',
      route(
        10,
        perSymbol((symbol) => ({ symbol: symbol.id, price: lastPriceText(symbol, state) })),
      ),
    )
    .add(
      'GET /api/v3/ticker/bookTicker',
      route(
        10,
        perSymbol((symbol) => {
          const { bids, asks } = data.engine(symbol)
          const price = (ticks: number | undefined) => (ticks === undefined ? '' : paddedPrice(symbol.trading, ticks))
          const quantity = (lots: number | undefined) =>
            lots === undefined ? '' : trimmedQuantity(symbol.trading, lots)
          return {
            symbol: symbol.id,
            bidPrice: price(bids.best?.priceTicks),
            bidQty: quantity(bids.best?.totalLots),
            askPrice: price(asks.best?.priceTicks),
            askQty: quantity(asks.best?.totalLots),
          }
        }),
      ),
    )
}

function exchangeInfo(call: RestCall, state: VenueState): unknown {
  const single = call.text('symbol')
  const several = call.text('symbols')?.split(',')
  const ids = single === undefined ? several : [single]
  const chosen = ids?.map((id) => listedSymbol(state, id)) ?? [...state.symbols.values()]
  return {
    timezone: 'CST',
    serverTime: call.nowMs,
    rateLimits: [],
    exchangeFilters: [],
    symbols: chosen.map((symbol) => symbol.toExchangeInfo()),
  }
}

const newestFirst = (trades: readonly PublicTrade[], limit: number): PublicTrade[] => trades.slice(-limit).toReversed()

const viewTrade = ({ trading }: MexcSymbol, trade: PublicTrade) => ({
  id: null,
  price: paddedPrice(trading, trade.priceTicks),
  qty: trimmedQuantity(trading, trade.lots),
  quoteQty: trading.notional(trade.priceTicks, trade.lots).toString(),
  time: trade.atMs,
  isBuyerMaker: trade.side === 'sell',
  isBestMatch: true,
  tradeType: trade.side === 'sell' ? 'ASK' : 'BID',
})

const wholeSecond = (ms: number): number => Math.floor(ms / 1000) * 1000

/** Times are whole seconds, and the bounds are cut to them. */
function aggregatedTrades(call: RestCall, symbol: MexcSymbol, { host }: VenueState): unknown {
  const startTime = call.integer('startTime')
  const endTime = call.integer('endTime')
  if ((startTime === undefined) !== (endTime === undefined)) refuse(mexcErrors.badCombination)
  if (startTime !== undefined && endTime! - startTime > hourMs) refuse(mexcErrors.windowTooLong)
  const limit = call.limit(defaultTrades, maxTrades)
  const fromMs = startTime === undefined ? 0 : wholeSecond(startTime)
  const untilMs = endTime === undefined ? Infinity : wholeSecond(endTime)
  const inside = host.core.trades(symbol.trading.name).filter(({ atMs }) => {
    const second = wholeSecond(atMs)
    return second >= fromMs && second <= untilMs
  })
  return newestFirst(inside, limit).map((trade) => ({
    a: null,
    f: null,
    l: null,
    p: paddedPrice(symbol.trading, trade.priceTicks),
    q: trimmedQuantity(symbol.trading, trade.lots),
    T: wholeSecond(trade.atMs),
    m: trade.side === 'sell',
    M: true,
  }))
}

function klines(call: RestCall, symbol: MexcSymbol, { data }: VenueState): unknown {
  const window = restIntervals[call.required('interval')] ?? refuse(missingParameter('interval'))
  const limit = call.limit(maxKlines, maxKlines)
  const endMs = Math.min(call.integer('endTime') ?? call.nowMs, call.nowMs)
  const lengthMs = windowEnd(window, windowStart(window, endMs)) - windowStart(window, endMs)
  const startTime = call.integer('startTime')
  const startMs = startTime ?? Math.max(0, windowStart(window, endMs) - (limit - 1) * lengthMs)
  const untilMs = Math.min(endMs, startMs + (limit + 1) * lengthMs)
  const rows = data.bars(symbol, window, startMs, untilMs)
  const chosen = startTime === undefined ? rows.slice(-limit) : rows.slice(0, limit)
  const price = (value: number): string => trimmedNumber(value, symbol.trading.priceDecimals)
  return chosen.map((bar) => [
    bar.openMs,
    price(bar.open),
    price(bar.high),
    price(bar.low),
    price(bar.close),
    trimmedNumber(bar.volume, symbol.trading.quantityDecimals),
    windowEnd(window, bar.openMs),
    trimmedNumber(bar.quoteVolume, symbol.trading.priceDecimals),
  ])
}

function averagePrice(symbol: MexcSymbol, state: VenueState, nowMs: number): string {
  const { trading } = symbol
  const recent = state.host.core.trades(trading.name).filter(({ atMs }) => atMs > nowMs - averageMinutes * 60_000)
  const lots = recent.reduce((sum, trade) => sum + trade.lots, 0)
  if (lots === 0) return lastPriceText(symbol, state)
  const ticks = recent.reduce((sum, trade) => sum + trade.priceTicks * (trade.lots / lots), 0)
  return trimmedPrice(trading, Math.round(ticks))
}

const lastPriceText = (symbol: MexcSymbol, { data }: VenueState): string => {
  const last = data.lastPrice(symbol)
  return last === undefined ? '0' : last.toFixed(symbol.trading.priceDecimals)
}
