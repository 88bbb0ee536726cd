import type { Timer } from '@cex-arbitrage/common'

import type { TradingSymbol } from '../../../matching/trading-symbol.js'
import type { StreamSession } from '../../../server/stream-session.js'
import type { VenueHost } from '../../../venue/venue-host.js'
import { viewBook } from '../market-view.js'
import { candleLengthsMs, viewCandles } from './candle-view.js'

export const feedTypes = ['candles', 'order_book', 'trades'] as const
export type FeedType = (typeof feedTypes)[number]

export interface FeedRequest {
  readonly id: string
  readonly type: FeedType
  /** `undefined` when the exchange does not list the pair: then nothing ever comes. */
  readonly symbol: TradingSymbol | undefined
  readonly intervalMs: number
  readonly depth: number
  /** Of candles. */
  readonly interval: string
  readonly maxRecords: number
}

/** One subscription of one connection: looks once per interval and pushes what is new. */
export class MarketDataFeed {
  private timer: Timer | undefined
  private lastText = ''
  private lastTradeId: number
  private lastCandle: number | undefined

  constructor(
    private readonly host: VenueHost,
    private readonly session: StreamSession,
    private readonly request: FeedRequest,
  ) {
    const { symbol } = request
    this.lastTradeId = symbol === undefined ? 0 : (host.core.trades(symbol.name).at(-1)?.tradeId ?? 0)
    this.schedule()
  }

  stop(): void {
    this.timer?.cancel()
  }

  private schedule(): void {
    this.timer = this.host.clock.setTimer(() => {
      if (this.request.symbol !== undefined) this.look(this.request.symbol)
      this.schedule()
    }, this.request.intervalMs)
  }

  private look(symbol: TradingSymbol): void {
    switch (this.request.type) {
      case 'order_book':
        return this.lookAtBook(symbol)
      case 'trades':
        return this.lookAtTrades(symbol)
      case 'candles':
        return this.lookAtCandles(symbol)
    }
  }

  private lookAtBook(symbol: TradingSymbol): void {
    const book = viewBook(this.host.core, symbol, this.request.depth)
    const rows = (side: typeof book.bids) => side.map(([price, amount]) => [+price, +amount])
    const data = { bids: rows(book.bids), asks: rows(book.asks) }
    const text = JSON.stringify(data)
    if (text === this.lastText) return
    this.lastText = text
    this.push('order_book', data)
  }

  private lookAtTrades(symbol: TradingSymbol): void {
    const trades = this.host.core.trades(symbol.name).filter(({ tradeId }) => tradeId > this.lastTradeId)
    if (trades.length === 0) return
    this.lastTradeId = trades.at(-1)!.tradeId
    this.push(
      'trades',
      trades.map(({ atMs, priceTicks, lots, side }) => ({
        timestamp: atMs / 1000,
        price: symbol.price(priceTicks).toNumber(),
        amount: symbol.quantity(lots).toNumber(),
        side,
      })),
    )
  }

  private lookAtCandles(symbol: TradingSymbol): void {
    const { interval, maxRecords } = this.request
    if (candleLengthsMs[interval] === undefined) return
    const candles = viewCandles(this.host, symbol, interval, maxRecords)
    const newest = candles.at(-1) as { readonly timestamp: number } | undefined
    if (newest === undefined) return
    if (newest.timestamp === this.lastCandle) this.push('candle_update', newest)
    else this.push('candles', candles)
    this.lastCandle = newest.timestamp
  }

  private push(type: string, data: unknown): void {
    const { id, symbol } = this.request
    const frame = JSON.stringify({ type, subscription_id: id, data, timestamp: this.host.clock.nowMs() / 1000 })
    this.session.push(frame, { channel: type, scope: 'public', symbol: symbol!.name })
  }
}
