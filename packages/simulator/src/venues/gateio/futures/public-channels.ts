import type { TradingSymbol } from '../../../matching/trading-symbol.js'
import type { PerpetualMarket } from '../../../perpetuals/perpetual-market.js'
import type { StreamSession } from '../../../server/stream-session.js'
import { invalidArgument, textsOf } from '../channel.js'
import {
  bookTickerIntervalMs,
  candleIntervalMs,
  candleLengthsMs,
  futuresStreamCandleIntervals,
  tickerIntervalMs,
} from '../constants.js'
import { listedContract, pairOf } from '../pairs.js'
import { touchBySymbol } from '../public-channels.js'
import { pushFrame, type StreamError } from '../stream-frames.js'
import { TopicChannel } from '../topic-channel.js'
import { viewContractCandle, viewPushedContractTrade, viewPushedTicker } from './contract-view.js'
import { pushSized } from './push-sized.js'
import { type SizeStyle, writeSize } from './sizes.js'

export const unknownContract = (contract: unknown): StreamError =>
  invalidArgument(`unknown contract ${String(contract)}`)

/** Reads a payload of contracts; an error names the first that is not listed. */
export function readContracts(market: PerpetualMarket, payload: unknown): TradingSymbol[] | StreamError {
  const names = textsOf(payload)
  if (names === undefined || names.length === 0) return invalidArgument('invalid argument')
  const symbols: TradingSymbol[] = []
  for (const name of names) {
    const symbol = listedContract(market.core, name)
    if (symbol === undefined) return unknownContract(name)
    symbols.push(symbol)
  }
  return symbols
}

/** A channel whose payload is a list of contracts. */
export class ContractChannel extends TopicChannel {
  readonly isPrivate = false

  constructor(
    protected readonly market: PerpetualMarket,
    protected readonly name: string,
  ) {
    super()
  }

  protected topicsOf(payload: unknown): string[] | StreamError {
    const symbols = readContracts(this.market, payload)
    return Array.isArray(symbols) ? symbols.map(({ name }) => name) : symbols
  }

  protected push(symbol: string, result: (style: SizeStyle) => unknown): void {
    const info = { channel: this.name, scope: 'public', symbol } as const
    const frame = (style: SizeStyle): string => pushFrame(this.market.clock, this.name, result(style))
    pushSized(this.subscribers.sessions(symbol), frame, info)
  }
}

/** `futures.trades`: a list of one trade. */
export class ContractTradesChannel extends ContractChannel {
  constructor(market: PerpetualMarket) {
    super(market, 'futures.trades')
    market.core.listen({
      onTrade: (trade) => {
        if (!this.subscribers.has(trade.symbol)) return
        const symbol = market.core.symbols.get(trade.symbol)!
        this.push(trade.symbol, (style) => [viewPushedContractTrade(trade, symbol, style)])
      },
    })
  }
}

/** `futures.tickers`: at most once a second and contract. */
export class ContractTickersChannel extends ContractChannel {
  constructor(market: PerpetualMarket) {
    super(market, 'futures.tickers')
    const touch = touchBySymbol(market, tickerIntervalMs, (symbol) => {
      if (this.subscribers.has(symbol.name)) this.push(symbol.name, () => [viewPushedTicker(market, symbol)])
    })
    const onChange = ({ symbol }: { readonly symbol: string }): void => {
      if (this.subscribers.has(symbol)) touch(symbol)
    }
    market.core.listen({ onTrade: onChange, onBookChange: onChange })
  }

  acknowledged(session: StreamSession, payload: unknown): void {
    const symbols = readContracts(this.market, payload)
    if (!Array.isArray(symbols)) return
    for (const symbol of symbols) {
      const frame = pushFrame(this.market.clock, this.name, [viewPushedTicker(this.market, symbol)])
      session.push(frame, { channel: this.name, scope: 'public', symbol: symbol.name })
    }
  }
}

/** `futures.book_ticker`: the best prices whenever they changed. */
export class ContractBookTickerChannel extends ContractChannel {
  private readonly shown = new Map<string, string>()

  constructor(market: PerpetualMarket) {
    super(market, 'futures.book_ticker')
    const touch = touchBySymbol(market, bookTickerIntervalMs, (symbol) => this.flush(symbol))
    market.core.listen({
      onBookChange: (change) => {
        if (this.subscribers.has(change.symbol)) touch(change.symbol)
      },
    })
  }

  private flush(symbol: TradingSymbol): void {
    const { asks, bids, sequence } = this.market.core.engine(symbol.name)
    const [bid, ask] = [bids.best, asks.best]
    const state = [bid?.priceTicks, bid?.totalLots, ask?.priceTicks, ask?.totalLots].join(':')
    if (this.shown.get(symbol.name) === state) return
    this.shown.set(symbol.name, state)
    this.push(symbol.name, (style) => ({
      t: this.market.core.bookChangedAtMs(symbol.name),
      u: sequence,
      s: pairOf(symbol),
      b: bid ? symbol.price(bid.priceTicks).toString() : '',
      B: writeSize(bid?.totalLots ?? 0, style),
      a: ask ? symbol.price(ask.priceTicks).toString() : '',
      A: writeSize(ask?.totalLots ?? 0, style),
    }))
  }
}

/** `futures.candlesticks`: payload `[interval, contract]`, the contract with `mark_` or `index_` where wanted. */
export class ContractCandlesChannel extends TopicChannel {
  readonly isPrivate = false

  constructor(private readonly market: PerpetualMarket) {
    super()
    const touch = touchBySymbol(market, candleIntervalMs, (symbol) => this.flush(symbol))
    market.core.listen({
      onTrade: ({ symbol }) => {
        if (this.subscribers.topicNames.some((topic) => topic.endsWith(` ${symbol}`))) touch(symbol)
      },
    })
  }

  /** `interval contract symbol`. */
  protected topicsOf(payload: unknown): string[] | StreamError {
    const [interval, name = ''] = textsOf(payload) ?? []
    if (interval === undefined || !futuresStreamCandleIntervals.includes(interval))
      return invalidArgument(`invalid interval ${interval}`)
    const symbol = listedContract(this.market.core, name.replace(/^(mark|index)_/, ''))
    return symbol === undefined ? unknownContract(name) : [`${interval} ${name} ${symbol.name}`]
  }

  private flush(symbol: TradingSymbol): void {
    for (const topic of this.subscribers.topicNames) {
      const [interval = '', name = '', of] = topic.split(' ')
      if (of !== symbol.name) continue
      const lengthMs = candleLengthsMs[interval]!
      const nowMs = this.market.clock.nowMs()
      const openMs = Math.floor(nowMs / lengthMs) * lengthMs
      const bar = this.market.candles(symbol.name).list(lengthMs, openMs, nowMs).at(-1)
      if (bar === undefined) continue
      const base = (bar.volume * symbol.contractSize.toNumber()).toFixed(8)
      const result = (style: SizeStyle): unknown => {
        const { sum: _sum, ...candle } = viewContractCandle(bar, symbol, style)
        return [{ ...candle, n: `${interval}_${name}`, a: base, w: false }]
      }
      const info = { channel: 'futures.candlesticks', scope: 'public', symbol: symbol.name } as const
      const frame = (style: SizeStyle): string => pushFrame(this.market.clock, 'futures.candlesticks', result(style))
      pushSized(this.subscribers.sessions(topic), frame, info)
    }
  }
}
