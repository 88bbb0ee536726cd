import { Decimal } from '@cex-arbitrage/common'

import type { CandleBar } from '../../market/candles.js'
import type { PriceLevel } from '../../matching/price-ladder.js'
import type { PublicTrade } from '../../matching/exchange-listener.js'
import type { TradingSymbol } from '../../matching/trading-symbol.js'
import type { TradedMarket } from '../../venue/traded-market.js'
import { pairOf } from './pairs.js'
import { preciseMs, seconds } from './order-view.js'

const dayMs = 86_400_000
/** Steps in which a day is looked at for its high, low and volume. */
const dayStepMs = 900_000

/** `[price, amount]` rows, best first. */
export const viewLevels = (symbol: TradingSymbol, levels: readonly PriceLevel[]): [string, string][] =>
  levels.map(({ priceTicks, totalLots }) => [
    symbol.price(priceTicks).toString(),
    symbol.quantity(totalLots).toString(),
  ])

/** Levels merged into steps of `interval` (quote); bids round down, asks up. */
export function aggregateLevels(
  rows: readonly [string, string][],
  interval: Decimal,
  side: 'buy' | 'sell',
): [string, string][] {
  const merged = new Map<string, Decimal>()
  for (const [price, amount] of rows) {
    const step = Decimal.parse(price)
      .toMultipleOf(interval, side === 'buy' ? 'down' : 'up')
      .toString()
    merged.set(step, (merged.get(step) ?? Decimal.zero).plus(Decimal.parse(amount)))
  }
  return [...merged].map(([price, amount]) => [price, amount.toString()])
}

/** What a ticker says about one pair; every member text. */
export function viewTicker(host: TradedMarket, symbol: TradingSymbol): Record<string, string> {
  const engine = host.core.engine(symbol.name)
  const nowMs = host.clock.nowMs()
  const bars = host.candles(symbol.name).list(dayStepMs, nowMs - dayMs, nowMs)
  const lastTrade = host.core.trades(symbol.name).at(-1)
  const lastPrice = lastTrade ? symbol.price(lastTrade.priceTicks).toString() : text(symbol, bars.at(-1)?.close ?? 0)
  const open = bars[0]?.open ?? Number(lastPrice)
  const change = open === 0 ? 0 : (Number(lastPrice) / open - 1) * 100
  return {
    currency_pair: pairOf(symbol),
    last: lastPrice,
    lowest_ask: engine.asks.best ? symbol.price(engine.asks.best.priceTicks).toString() : '',
    highest_bid: engine.bids.best ? symbol.price(engine.bids.best.priceTicks).toString() : '',
    change_percentage: change.toFixed(2),
    base_volume: sum(bars, 'volume').toFixed(symbol.quantityDecimals),
    quote_volume: sum(bars, 'quoteVolume').toFixed(4),
    high_24h: text(symbol, Math.max(Number(lastPrice), ...bars.map((bar) => bar.high))),
    low_24h: text(symbol, Math.min(Number(lastPrice), ...bars.map((bar) => bar.low))),
  }
}

/** Best amounts, shown when one pair is asked for. */
export function viewBestSizes(host: TradedMarket, symbol: TradingSymbol): Record<string, string> {
  const { asks, bids } = host.core.engine(symbol.name)
  const size = (level: PriceLevel | undefined): string => (level ? symbol.quantity(level.totalLots).toString() : '')
  return { lowest_size: size(asks.best), highest_size: size(bids.best) }
}

/** A trade as REST lists it: every member text. */
export function viewListedTrade(trade: PublicTrade, symbol: TradingSymbol): Record<string, string> {
  return {
    id: String(trade.tradeId),
    create_time: seconds(trade.atMs),
    create_time_ms: preciseMs(trade.atMs),
    currency_pair: pairOf(symbol),
    side: trade.side,
    amount: symbol.quantity(trade.lots).toString(),
    price: symbol.price(trade.priceTicks).toString(),
    sequence_id: String(trade.marketTradeId),
  }
}

/** A trade as `spot.trades` pushes it. */
export function viewPushedTrade(trade: PublicTrade, symbol: TradingSymbol): Record<string, unknown> {
  return {
    id: trade.tradeId,
    id_market: trade.marketTradeId,
    create_time: Math.floor(trade.atMs / 1000),
    create_time_ms: preciseMs(trade.atMs),
    side: trade.side,
    currency_pair: pairOf(symbol),
    amount: symbol.quantity(trade.lots).toString(),
    price: symbol.price(trade.priceTicks).toString(),
    range: `${trade.marketTradeId}-${trade.marketTradeId}`,
  }
}

/** A candle as REST lists it. */
export function viewListedCandle(bar: CandleBar, symbol: TradingSymbol, closed: boolean): string[] {
  const { open, high, low, close, volume, quoteVolume } = bar
  const prices = [close, high, low, open].map((price) => text(symbol, price))
  return [
    seconds(bar.openMs),
    quoteVolume.toFixed(8),
    ...prices,
    volume.toFixed(symbol.quantityDecimals),
    String(closed),
  ]
}

/** A candle as `spot.candlesticks` pushes it. */
export function viewPushedCandle(
  bar: CandleBar,
  symbol: TradingSymbol,
  interval: string,
  closed: boolean,
): Record<string, unknown> {
  return {
    t: seconds(bar.openMs),
    v: bar.quoteVolume.toFixed(8),
    c: text(symbol, bar.close),
    h: text(symbol, bar.high),
    l: text(symbol, bar.low),
    o: text(symbol, bar.open),
    n: `${interval}_${pairOf(symbol)}`,
    a: bar.volume.toFixed(symbol.quantityDecimals),
    w: closed,
  }
}

/** A row of `currency_pairs`. Its `fee` is percent, and not the account's. */
export function viewPair(symbol: TradingSymbol): Record<string, unknown> {
  return {
    id: pairOf(symbol),
    base: symbol.base,
    base_name: symbol.base,
    quote: symbol.quote,
    quote_name: symbol.quote,
    fee: '0.2',
    ...(symbol.spec.minQuantity !== undefined && { min_base_amount: symbol.minQuantity.toString() }),
    min_quote_amount: symbol.minNotional.toString(),
    ...(symbol.maxNotional !== undefined && { max_quote_amount: symbol.maxNotional.toString() }),
    amount_precision: symbol.quantityDecimals,
    precision: symbol.priceDecimals,
    trade_status: symbol.tradable ? 'tradable' : 'untradable',
    sell_start: 0,
    buy_start: 0,
    delisting_time: 0,
    type: 'normal',
    trade_url: `https://www.gate.com/trade/${pairOf(symbol)}`,
    st_tag: false,
  }
}

/** A row of `currencies`. */
export function viewCurrency(currency: string): Record<string, unknown> {
  const closed = { withdraw_disabled: false, withdraw_delayed: false, deposit_disabled: false }
  return {
    currency,
    name: currency,
    delisted: false,
    ...closed,
    trade_disabled: false,
    chain: currency,
    chains: [{ name: currency, addr: '', ...closed }],
  }
}

const text = (symbol: TradingSymbol, value: number): string =>
  String(Decimal.parse(value.toFixed(symbol.priceDecimals)))

const sum = (bars: readonly CandleBar[], member: 'volume' | 'quoteVolume'): number =>
  bars.reduce((total, bar) => total + bar[member], 0)
