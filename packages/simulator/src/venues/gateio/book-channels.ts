import type { TradingSymbol } from '../../matching/trading-symbol.js'
import type { FrameInfo, StreamSession } from '../../server/stream-session.js'
import type { TradedMarket } from '../../venue/traded-market.js'
import { BookWindow, type WindowChange } from './book-window.js'
import { type Channel, invalidArgument, textsOf } from './channel.js'
import { bookSnapshotIntervalsMs, bookSnapshotLevels, bookUpdateSpeeds, obuSpeeds } from './constants.js'
import { IntervalFlush } from '../../server/interval-flush.js'
import { viewLevels } from './market-view.js'
import { listedPair, pairOf } from './pairs.js'
import { obuFrame, pushFrame, type StreamError } from './stream-frames.js'

/** Names one published book: a pair with depth and interval. */
export interface BookTopic {
  readonly key: string
  readonly symbol: TradingSymbol
  readonly depth: number
  readonly intervalMs: number
}

export interface Publisher {
  readonly topic: BookTopic
  readonly window: BookWindow
  readonly flush: IntervalFlush
  readonly sessions: Set<StreamSession>
}

/** What all book channels share: a window per topic that lives while somebody listens. */
export abstract class BookChannel implements Channel {
  readonly isPrivate = false
  protected readonly publishers = new Map<string, Publisher>()

  constructor(
    protected readonly host: TradedMarket,
    protected readonly name: string,
  ) {
    host.core.listen({
      onBookChange: (change) => {
        for (const { topic, flush } of this.publishers.values()) if (topic.symbol.name === change.symbol) flush.touch()
      },
    })
  }

  subscribe(session: StreamSession, payload: unknown): StreamError | undefined {
    const topics = this.readTopics(payload)
    if (!Array.isArray(topics)) return topics
    for (const topic of topics) this.publisher(topic).sessions.add(session)
    return undefined
  }

  unsubscribe(session: StreamSession, payload: unknown): StreamError | undefined {
    const topics = this.readTopics(payload)
    if (!Array.isArray(topics)) return topics
    for (const { key } of topics) this.leave(key, session)
    return undefined
  }

  closed(session: StreamSession): void {
    for (const key of this.publishers.keys()) this.leave(key, session)
  }

  protected abstract readTopics(payload: unknown): BookTopic[] | StreamError
  protected abstract publish(publisher: Publisher): void

  protected pairTopic(pair: string | undefined, depth: number, intervalMs: number): BookTopic | StreamError {
    const symbol = this.listed(pair ?? '')
    if (symbol === undefined) return this.unknown(pair)
    return { key: `${symbol.name} ${depth} ${intervalMs}`, symbol, depth, intervalMs }
  }

  protected listed(pair: string): TradingSymbol | undefined {
    return listedPair(this.host.core, pair)
  }

  protected unknown(pair: string | undefined): StreamError {
    return invalidArgument(`unknown currency pair: ${pair}`)
  }

  protected info({ symbol }: BookTopic): FrameInfo {
    return { channel: this.name, scope: 'public', symbol: symbol.name }
  }

  protected send({ topic, sessions }: Publisher, frame: string): void {
    for (const session of sessions) session.push(frame, this.info(topic))
  }

  private publisher(topic: BookTopic): Publisher {
    let publisher = this.publishers.get(topic.key)
    if (publisher === undefined) {
      const flush = new IntervalFlush(this.host.clock, topic.intervalMs, () => {
        const current = this.publishers.get(topic.key)
        if (current !== undefined) this.publish(current)
      })
      const window = new BookWindow(this.host.core.engine(topic.symbol.name), topic.depth)
      publisher = { topic, window, flush, sessions: new Set() }
      this.publishers.set(topic.key, publisher)
    }
    return publisher
  }

  private leave(key: string, session: StreamSession): void {
    const publisher = this.publishers.get(key)
    publisher?.sessions.delete(session)
    if (publisher?.sessions.size === 0) this.publishers.delete(key)
  }
}

/** `spot.order_book_update`: payload `[pair, "100ms" | "20ms"]`; changes since the frame before. */
export class BookUpdateChannel extends BookChannel {
  /** @param firstFrame - `full` sends the whole window, flagged, behind each acknowledgement; `increment` only changes. */
  constructor(
    host: TradedMarket,
    private readonly firstFrame: 'increment' | 'full',
  ) {
    super(host, 'spot.order_book_update')
  }

  acknowledged(session: StreamSession, payload: unknown): void {
    if (this.firstFrame !== 'full') return
    const topics = this.readTopics(payload)
    if (!Array.isArray(topics)) return
    for (const topic of topics) {
      const { window } = this.publishers.get(topic.key)!
      const change = { first: window.sequence, last: window.sequence, ...window.state }
      session.push(this.frame(topic, change, true), this.info(topic))
    }
  }

  protected readTopics(payload: unknown): BookTopic[] | StreamError {
    const [pair, interval] = textsOf(payload) ?? []
    const speed = bookUpdateSpeeds[interval ?? '']
    if (speed === undefined) return invalidArgument(`invalid interval: ${interval}`)
    const topic = this.pairTopic(pair, speed.depth, speed.intervalMs)
    return 'key' in topic ? [topic] : topic
  }

  protected publish(publisher: Publisher): void {
    const change = publisher.window.advance()
    if (change !== undefined) this.send(publisher, this.frame(publisher.topic, change, false))
  }

  private frame({ depth, symbol }: BookTopic, change: WindowChange, full: boolean): string {
    const atMs = this.host.core.bookChangedAtMs(symbol.name)
    return pushFrame(this.host.clock, this.name, {
      t: atMs,
      ...(full && { full }),
      l: String(depth),
      e: 'depthUpdate',
      E: Math.floor(atMs / 1000),
      s: pairOf(symbol),
      U: change.first,
      u: change.last,
      b: change.bids,
      a: change.asks,
    })
  }
}

/** `spot.obu`: payload `["ob.{pair}.{400 | 50}", …]`; a full snapshot, then exactly joining changes. */
export class ObuChannel extends BookChannel {
  constructor(host: TradedMarket, name = 'spot.obu') {
    super(host, name)
  }

  override subscribe(session: StreamSession, payload: unknown): StreamError | undefined {
    const topics = this.readTopics(payload)
    if (!Array.isArray(topics)) return topics
    const repeated = topics.find(({ key }) => this.publishers.get(key)?.sessions.has(session))
    if (repeated !== undefined) return invalidArgument(`Alert sub ${nameOf(repeated)}`)
    return super.subscribe(session, payload)
  }

  acknowledged(session: StreamSession, payload: unknown): void {
    const topics = this.readTopics(payload)
    if (!Array.isArray(topics)) return
    for (const topic of topics) {
      const { window } = this.publishers.get(topic.key)!
      const { bids, asks } = window.state
      const t = this.host.core.bookChangedAtMs(topic.symbol.name)
      const result = { t, full: true, s: nameOf(topic), u: window.sequence, b: bids, a: asks }
      session.push(obuFrame(this.host.clock, this.name, result), this.info(topic))
    }
  }

  protected readTopics(payload: unknown): BookTopic[] | StreamError {
    const topics: BookTopic[] = []
    for (const name of textsOf(payload) ?? []) {
      const [, pair, level] = /^ob\.(.+)\.(\d+)$/.exec(name) ?? []
      const speed = obuSpeeds[level ?? '']
      if (speed === undefined) return invalidArgument(`invalid order book: ${name}`)
      const topic = this.pairTopic(pair, speed.depth, speed.intervalMs)
      if (!('key' in topic)) return topic
      topics.push(topic)
    }
    return topics.length > 0 ? topics : invalidArgument('invalid payload: order books expected')
  }

  protected publish(publisher: Publisher): void {
    const change = publisher.window.advance()
    if (change === undefined) return
    const { symbol } = publisher.topic
    const sides = {
      ...(change.bids.length > 0 && { b: change.bids }),
      ...(change.asks.length > 0 && { a: change.asks }),
    }
    const t = this.host.core.bookChangedAtMs(symbol.name)
    const result = { t, s: nameOf(publisher.topic), U: change.first, u: change.last, ...sides }
    this.send(publisher, obuFrame(this.host.clock, this.name, result))
  }
}

/** `spot.order_book`: payload `[pair, level, interval]`; the whole window each time. */
export class BookSnapshotChannel extends BookChannel {
  constructor(host: TradedMarket) {
    super(host, 'spot.order_book')
  }

  protected readTopics(payload: unknown): BookTopic[] | StreamError {
    const [pair, level, interval] = textsOf(payload) ?? []
    const intervalMs = bookSnapshotIntervalsMs[interval ?? '']
    if (!bookSnapshotLevels.includes(Number(level))) return invalidArgument(`invalid level: ${level}`)
    if (intervalMs === undefined) return invalidArgument(`invalid interval: ${interval}`)
    const topic = this.pairTopic(pair, Number(level), intervalMs)
    return 'key' in topic ? [topic] : topic
  }

  protected publish(publisher: Publisher): void {
    if (publisher.window.advance() === undefined) return
    const { depth, symbol } = publisher.topic
    const { bids, asks, sequence } = this.host.core.engine(symbol.name)
    const result = {
      t: this.host.core.bookChangedAtMs(symbol.name),
      lastUpdateId: sequence,
      s: pairOf(symbol),
      l: String(depth),
      bids: viewLevels(symbol, bids.levels.slice(0, depth)),
      asks: viewLevels(symbol, asks.levels.slice(0, depth)),
    }
    this.send(publisher, pushFrame(this.host.clock, this.name, result))
  }
}

const nameOf = ({ symbol, depth }: BookTopic): string => `ob.${pairOf(symbol)}.${depth}`
