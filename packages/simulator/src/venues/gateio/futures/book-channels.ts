import type { TradingSymbol } from '../../../matching/trading-symbol.js'
import type { StreamSession } from '../../../server/stream-session.js'
import type { TradedMarket } from '../../../venue/traded-market.js'
import { BookChannel, type BookTopic, ObuChannel, type Publisher } from '../book-channels.js'
import type { Rows, WindowChange } from '../book-window.js'
import { invalidArgument, textsOf } from '../channel.js'
import { bookSnapshotIntervalsMs, bookUpdateSpeeds, futuresBookLevels, futuresSnapshotLevels } from '../constants.js'
import { viewLevels } from '../market-view.js'
import { listedContract, pairOf } from '../pairs.js'
import { pushFrame, type StreamError } from '../stream-frames.js'
import { unknownContract } from './public-channels.js'
import { pushSized } from './push-sized.js'
import { type SizeStyle, sizeStyleOf, writeSize } from './sizes.js'

const pointRows = (rows: Rows, style: SizeStyle): unknown[] =>
  rows.map(([p, s]) => ({ p, s: writeSize(Number(s), style) }))

/** `futures.order_book_update`: payload `[contract, "100ms" | "20ms", level]`; changes since the frame before. */
export class ContractBookUpdateChannel extends BookChannel {
  /** @param firstFrame - `full` sends the whole window, flagged, behind each acknowledgement; `increment` only changes. */
  constructor(
    market: TradedMarket,
    private readonly firstFrame: 'increment' | 'full',
  ) {
    super(market, 'futures.order_book_update')
  }

  acknowledged(session: StreamSession, payload: unknown): void {
    if (this.firstFrame !== 'full') return
    const topics = this.readTopics(payload)
    if (!Array.isArray(topics)) return
    for (const topic of topics) {
      const { window } = this.publishers.get(topic.key)!
      const change = { first: window.sequence, last: window.sequence, ...window.state }
      session.push(this.frame(topic, change, true, sizeStyleOf(session.headers)), this.info(topic))
    }
  }

  protected override listed(contract: string): TradingSymbol | undefined {
    return listedContract(this.host.core, contract)
  }

  protected override unknown(contract: string | undefined): StreamError {
    return unknownContract(contract)
  }

  protected readTopics(payload: unknown): BookTopic[] | StreamError {
    const [contract, interval = '', level] = textsOf(payload) ?? []
    const levels = futuresBookLevels[interval]
    if (levels === undefined) return invalidArgument(`invalid interval ${interval}`)
    const depth = level === undefined ? levels[0]! : Number(level)
    if (!levels.includes(depth)) return invalidArgument(`invalid level ${level}`)
    const topic = this.pairTopic(contract, depth, bookUpdateSpeeds[interval]!.intervalMs)
    return 'key' in topic ? [topic] : topic
  }

  protected publish({ sessions, topic, window }: Publisher): void {
    const change = window.advance()
    if (change !== undefined) pushSized(sessions, (style) => this.frame(topic, change, false, style), this.info(topic))
  }

  private frame({ depth, symbol }: BookTopic, change: WindowChange, full: boolean, style: SizeStyle): string {
    return pushFrame(this.host.clock, this.name, {
      t: this.host.core.bookChangedAtMs(symbol.name),
      ...(full && { full }),
      s: pairOf(symbol),
      U: change.first,
      u: change.last,
      b: pointRows(change.bids, style),
      a: pointRows(change.asks, style),
      l: String(depth),
    })
  }
}

/** `futures.obu`: as on spot. */
export class ContractObuChannel extends ObuChannel {
  constructor(market: TradedMarket) {
    super(market, 'futures.obu')
  }

  protected override listed(contract: string): TradingSymbol | undefined {
    return listedContract(this.host.core, contract)
  }

  protected override unknown(contract: string | undefined): StreamError {
    return unknownContract(contract)
  }
}

/** `futures.order_book`: payload `[contract, limit, "0"]`; the whole window each time, as event `all`. */
export class ContractBookChannel extends BookChannel {
  constructor(market: TradedMarket) {
    super(market, 'futures.order_book')
  }

  acknowledged(session: StreamSession, payload: unknown): void {
    const topics = this.readTopics(payload)
    if (!Array.isArray(topics)) return
    for (const topic of topics) session.push(this.frame(topic, sizeStyleOf(session.headers)), this.info(topic))
  }

  protected override listed(contract: string): TradingSymbol | undefined {
    return listedContract(this.host.core, contract)
  }

  protected override unknown(contract: string | undefined): StreamError {
    return unknownContract(contract)
  }

  protected readTopics(payload: unknown): BookTopic[] | StreamError {
    const [contract, limit, interval] = textsOf(payload) ?? []
    if (!futuresSnapshotLevels.includes(Number(limit))) return invalidArgument(`invalid limit ${limit}`)
    if (interval !== '0') return invalidArgument(`invalid interval ${interval}`)
    const topic = this.pairTopic(contract, Number(limit), bookSnapshotIntervalsMs['100ms']!)
    return 'key' in topic ? [topic] : topic
  }

  protected publish({ sessions, topic, window }: Publisher): void {
    if (window.advance() === undefined) return
    pushSized(sessions, (style) => this.frame(topic, style), this.info(topic))
  }

  private frame({ depth, symbol }: BookTopic, style: SizeStyle): string {
    const { asks, bids, sequence } = this.host.core.engine(symbol.name)
    const result = {
      t: this.host.core.bookChangedAtMs(symbol.name),
      contract: pairOf(symbol),
      id: sequence,
      asks: pointRows(viewLevels(symbol, asks.levels.slice(0, depth)), style),
      bids: pointRows(viewLevels(symbol, bids.levels.slice(0, depth)), style),
      l: String(depth),
    }
    return pushFrame(this.host.clock, this.name, result, 'all')
  }
}
