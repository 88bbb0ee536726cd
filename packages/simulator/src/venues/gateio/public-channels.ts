import type { TradingSymbol } from '../../matching/trading-symbol.js'
import type { TradedMarket } from '../../venue/traded-market.js'
import { invalidArgument, textsOf } from './channel.js'
import { candleIntervalMs, candleLengthsMs, streamCandleIntervals, tickerIntervalMs } from './constants.js'
import { IntervalFlush } from '../../server/interval-flush.js'
import { viewPushedCandle, viewPushedTrade, viewTicker } from './market-view.js'
import { listedPair, pairOf } from './pairs.js'
import { pushFrame, type StreamError } from './stream-frames.js'
import { TopicChannel } from './topic-channel.js'

/** Reads a payload of pairs; an error names the first that is not listed. */
export function readPairs(host: TradedMarket, payload: unknown): TradingSymbol[] | StreamError {
  const pairs = textsOf(payload)
  if (pairs === undefined || pairs.length === 0) return invalidArgument('invalid payload: currency pairs expected')
  const symbols: TradingSymbol[] = []
  for (const pair of pairs) {
    const symbol = listedPair(host.core, pair)
    if (symbol === undefined) return invalidArgument(`unknown currency pair: ${pair}`)
    symbols.push(symbol)
  }
  return symbols
}

/** A channel whose payload is a list of pairs. */
export abstract class PairChannel extends TopicChannel {
  readonly isPrivate = false

  constructor(
    protected readonly host: TradedMarket,
    protected readonly name: string,
  ) {
    super()
  }

  protected topicsOf(payload: unknown): string[] | StreamError {
    const symbols = readPairs(this.host, payload)
    return Array.isArray(symbols) ? symbols.map(({ name }) => name) : symbols
  }

  protected push(symbol: TradingSymbol, result: unknown): void {
    const frame = pushFrame(this.host.clock, this.name, result)
    this.subscribers.push(symbol.name, frame, { channel: this.name, scope: 'public', symbol: symbol.name })
  }
}

/** `spot.trades` and `spot.trades_v2`: one frame per trade. */
export class TradesChannel extends PairChannel {
  constructor(host: TradedMarket, name: string) {
    super(host, name)
    host.core.listen({
      onTrade: (trade) => {
        if (!this.subscribers.has(trade.symbol)) return
        const symbol = host.core.symbols.get(trade.symbol)!
        this.push(symbol, viewPushedTrade(trade, symbol))
      },
    })
  }
}

/** `spot.tickers`: at most once a second and pair. */
export class TickersChannel extends PairChannel {
  constructor(host: TradedMarket) {
    super(host, 'spot.tickers')
    const touch = touchBySymbol(host, tickerIntervalMs, (symbol) => {
      if (this.subscribers.has(symbol.name)) this.push(symbol, viewTicker(host, symbol))
    })
    const onChange = ({ symbol }: { readonly symbol: string }): void => {
      if (this.subscribers.has(symbol)) touch(symbol)
    }
    host.core.listen({ onTrade: onChange, onBookChange: onChange })
  }
}

/** `spot.book_ticker`: the best prices whenever they changed, at most every 10 ms. */
export class BookTickerChannel extends PairChannel {
  private readonly shown = new Map<string, string>()

  constructor(host: TradedMarket, intervalMs: number) {
    super(host, 'spot.book_ticker')
    const touch = touchBySymbol(host, intervalMs, (symbol) => this.flush(symbol))
    host.core.listen({
      onBookChange: (change) => {
        if (this.subscribers.has(change.symbol)) touch(change.symbol)
      },
    })
  }

  private flush(symbol: TradingSymbol): void {
    const { bids, asks, sequence } = this.host.core.engine(symbol.name)
    const [bid, ask] = [bids.best, asks.best]
    const state = [bid?.priceTicks, bid?.totalLots, ask?.priceTicks, ask?.totalLots].join(':')
    if (this.shown.get(symbol.name) === state) return
    this.shown.set(symbol.name, state)
    this.push(symbol, {
      t: this.host.core.bookChangedAtMs(symbol.name),
      u: sequence,
      s: pairOf(symbol),
      b: bid ? symbol.price(bid.priceTicks).toString() : '',
      B: bid ? symbol.quantity(bid.totalLots).toString() : '',
      a: ask ? symbol.price(ask.priceTicks).toString() : '',
      A: ask ? symbol.quantity(ask.totalLots).toString() : '',
    })
  }
}

/** `spot.candlesticks`: payload `[interval, pair]`; every two seconds after trades, and when a window closes. */
export class CandlesChannel extends TopicChannel {
  readonly isPrivate = false
  private readonly openMs = new Map<string, number>()

  constructor(private readonly host: TradedMarket) {
    super()
    const touch = touchBySymbol(host, candleIntervalMs, (symbol) => this.flush(symbol))
    host.core.listen({
      onTrade: ({ symbol }) => {
        if (this.subscribers.topicNames.some((topic) => topic.endsWith(` ${symbol}`))) touch(symbol)
      },
    })
  }

  protected topicsOf(payload: unknown): string[] | StreamError {
    const [interval, pair] = textsOf(payload) ?? []
    if (interval === undefined || !streamCandleIntervals.includes(interval))
      return invalidArgument(`invalid interval: ${interval}`)
    const symbol = listedPair(this.host.core, pair ?? '')
    return symbol === undefined ? invalidArgument(`unknown currency pair: ${pair}`) : [`${interval} ${symbol.name}`]
  }

  private flush(symbol: TradingSymbol): void {
    for (const topic of this.subscribers.topicNames) {
      const [interval = '', name] = topic.split(' ')
      if (name !== symbol.name) continue
      const lengthMs = candleLengthsMs[interval]!
      const nowMs = this.host.clock.nowMs()
      const openMs = Math.floor(nowMs / lengthMs) * lengthMs
      const lastMs = this.openMs.get(topic)
      this.openMs.set(topic, openMs)
      const bars = this.host.candles(symbol.name).list(lengthMs, openMs - lengthMs, nowMs)
      for (const bar of bars) {
        const closed = bar.openMs < openMs
        if (closed && (lastMs === undefined || lastMs !== bar.openMs)) continue
        const result = viewPushedCandle(bar, symbol, interval, closed)
        const info = { channel: 'spot.candlesticks', scope: 'public', symbol: symbol.name } as const
        this.subscribers.push(topic, pushFrame(this.host.clock, 'spot.candlesticks', result), info)
      }
    }
  }
}

/** One `IntervalFlush` per symbol, made when it is first touched. */
export function touchBySymbol(
  host: TradedMarket,
  intervalMs: number,
  flush: (symbol: TradingSymbol) => void,
): (symbol: string) => void {
  const flushes = new Map<string, IntervalFlush>()
  return (name) => {
    let entry = flushes.get(name)
    if (entry === undefined) {
      const symbol = host.core.symbols.get(name)!
      entry = new IntervalFlush(host.clock, intervalMs, () => flush(symbol))
      flushes.set(name, entry)
    }
    entry.touch()
  }
}
