import { Decimal } from '@cex-arbitrage/common'

import type { TradingSymbol } from '../../../matching/trading-symbol.js'
import type { RestRouter } from '../../../server/rest-router.js'
import type { PerpetualMarket } from '../../../perpetuals/perpetual-market.js'
import { candleLengthsMs, futuresCandleIntervals, maxFuturesCandles } from '../constants.js'
import { invalidParam, missingParam, textOf } from '../gateio-refusal.js'
import { aggregateLevels, viewLevels } from '../market-view.js'
import { findContract, pairOf } from '../pairs.js'
import { type JsonObject, optionalEnum, parseObject, timeRange, wholeNumber } from '../parameters.js'
import { open, type Route } from '../route.js'
import { fineSeconds, viewContract, viewContractCandle, viewContractTrade, viewFuturesTicker } from './contract-view.js'
import { slice } from './futures-trading.js'
import { type SizeStyle, sizeStyleOf, writeSize } from './sizes.js'

export const futuresPath = '/futures/usdt'

/** The public routes of perpetuals. */
export function addPublicFuturesRoutes(router: RestRouter<Route>, market: PerpetualMarket): void {
  const { core } = market
  const symbols = () => [...core.symbols.values()]
  router
    .add(
      `GET ${futuresPath}/contracts`,
      open(({ query, request }) =>
        slice(symbols(), { limit: 1000, ...query }).map((symbol) =>
          viewContract(market, symbol, sizeStyleOf(request.headers)),
        ),
      ),
    )
    .add(
      `GET ${futuresPath}/contracts/:contract`,
      open(({ params, request }) =>
        viewContract(market, findContract(core, params['contract']), sizeStyleOf(request.headers)),
      ),
    )
    .add(
      `GET ${futuresPath}/order_book`,
      open(({ query, request }) => readBook(market, query, sizeStyleOf(request.headers))),
    )
    .add(
      `GET ${futuresPath}/tickers`,
      open(({ query }) =>
        (query['contract'] === undefined ? symbols() : [findContract(core, query['contract'])]).map((symbol) =>
          viewFuturesTicker(market, symbol),
        ),
      ),
    )
    .add(
      `GET ${futuresPath}/trades`,
      open(({ query, request }) => readTrades(market, query, sizeStyleOf(request.headers))),
    )
    .add(
      `GET ${futuresPath}/candlesticks`,
      open(({ query, request }) => readCandles(market, query, sizeStyleOf(request.headers))),
    )
    .add(
      `GET ${futuresPath}/funding_rate`,
      open(({ query }) => readFunding(market, findContract(core, query['contract']), query)),
    )
    .add(
      `POST ${futuresPath}/funding_rates`,
      open(({ query, request }) => {
        const { contracts } = parseObject(request.body)
        if (!Array.isArray(contracts)) throw missingParam('contracts')
        return contracts.map((name: unknown) => {
          const symbol = findContract(core, name)
          return { contract: pairOf(symbol), data: readFunding(market, symbol, query) }
        })
      }),
    )
    .add(
      `GET ${futuresPath}/risk_limit_tiers`,
      open(({ query }) => {
        const named = query['contract'] === undefined ? symbols() : [findContract(core, query['contract'])]
        return slice(named, query).map((symbol) => viewTier(market, symbol))
      }),
    )
}

function readBook(market: PerpetualMarket, query: JsonObject, style: SizeStyle): unknown {
  const symbol = findContract(market.core, query['contract'])
  const limit = wholeNumber(query, 'limit', 1, 300, 10)
  const interval = Decimal.tryParse(textOf(query['interval'] ?? '0'))
  if (interval === undefined || interval.sign < 0) throw invalidParam('interval', query['interval'])
  const engine = market.core.engine(symbol.name)
  const rows = (side: 'buy' | 'sell'): unknown[] => {
    const { levels } = engine.ladder(side)
    const found = interval.isZero
      ? viewLevels(symbol, levels.slice(0, limit))
      : aggregateLevels(viewLevels(symbol, levels), interval, side).slice(0, limit)
    return found.map(([p, s]) => ({ p, s: writeSize(Number(s), style) }))
  }
  return {
    ...(query['with_id'] === 'true' && { id: engine.sequence }),
    current: fineSeconds(market.clock.nowMs()),
    update: fineSeconds(market.core.bookChangedAtMs(symbol.name)),
    asks: rows('sell'),
    bids: rows('buy'),
  }
}

function readTrades(market: PerpetualMarket, query: JsonObject, style: SizeStyle): unknown {
  const symbol = findContract(market.core, query['contract'])
  const { fromMs, toMs } = timeRange(query)
  const trades = market.core
    .trades(symbol.name)
    .filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
    .toReversed()
  return slice(trades, query).map((trade) => viewContractTrade(trade, symbol, style))
}

/** Contracts named `mark_…` and `index_…` have candles without volume. */
function readCandles(market: PerpetualMarket, query: JsonObject, style: SizeStyle): unknown {
  const name = textOf(query['contract'] ?? '')
  const bare = name.replace(/^(mark|index)_/, '')
  const symbol = findContract(market.core, bare)
  const lengthMs = candleLengthsMs[optionalEnum(query, 'interval', futuresCandleIntervals, '5m')]!
  const limit = wholeNumber(query, 'limit', 1, maxFuturesCandles, 100)
  const range = timeRange(query)
  const untilMs = Math.min(market.clock.nowMs(), range.toMs)
  const newestMs = Math.floor(untilMs / lengthMs) * lengthMs
  const fromMs = query['from'] === undefined ? newestMs - (limit - 1) * lengthMs : range.fromMs
  if ((untilMs - fromMs) / lengthMs > maxFuturesCandles) throw invalidParam('from', query['from'])
  const bars = market.candles(symbol.name).list(lengthMs, fromMs, untilMs)
  return bars.map((bar) => viewContractCandle(bar, symbol, bare === name ? style : undefined))
}

/** Rates of the intervals that have ended, newest first, also of those before the venue began. */
function readFunding(market: PerpetualMarket, symbol: TradingSymbol, query: JsonObject): unknown[] {
  const limit = wholeNumber(query, 'limit', 1, 1000, 100)
  const { fromMs, toMs } = timeRange(query)
  const { intervalMs, nextAtMs } = market.funding
  const rows: unknown[] = []
  for (let endMs = nextAtMs - intervalMs; rows.length < limit && endMs >= Math.max(fromMs, 0); endMs -= intervalMs)
    if (endMs <= toMs) rows.push({ t: endMs / 1000, r: market.funding.rateAt(symbol, endMs).toString() })
  return rows
}

function viewTier(market: PerpetualMarket, symbol: TradingSymbol): unknown {
  const { maintenanceRate, maxLeverage } = market.spec(symbol)
  return {
    tier: 1,
    risk_limit: '1000000',
    initial_rate: String(1 / maxLeverage),
    maintenance_rate: maintenanceRate,
    leverage_max: String(maxLeverage),
    contract: pairOf(symbol),
    deduction: '0',
  }
}
