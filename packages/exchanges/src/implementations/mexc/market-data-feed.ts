import {
  SymbolException,
  sleep,
  type Instrument,
  type InstrumentId,
  type Logger,
  type OrderBook,
} from '@cex-arbitrage/common'
import {
  ShardedWebSocket,
  type FrameWindow,
  type WebSocketConnectionOptions,
  type WebSocketHandler,
  type WebSocketSession,
} from '@cex-arbitrage/networking'
import type { ExchangeContext } from '../../factory/exchange-context.js'
import { asPart } from '../../factory/exchange-parts.js'
import type { MarketDataFeed, MarketDataListener } from '../../interfaces/market-data-feed.js'
import type { ExchangeRestClient } from '../../interfaces/rest-client.js'
import type { ExchangeWebSocketClient } from '../../interfaces/websocket-client.js'
import type { FeedHealth } from '../../structs/feed-health.js'
import { BookKeeper, type KeptBook } from '../../synchronization/book-keeper.js'
import { StreamLiveness } from '../../synchronization/stream-liveness.js'
import { createMexcSequenceRules } from './book-sync.js'
import * as constants from './constants.js'
import { mexcExchangeId } from './constants.js'
import { mexcFrameKind } from './market-data-decoder.js'
import { createMexcSpotDialect, type MexcFrameDecoder, type MexcMarketDialect } from './market-dialect.js'
import { MexcRestClient } from './rest-client.js'

/** Live books and trades of MEXC: of spot, or what a dialect says, spread over as many connections as it takes. */
export class MexcMarketDataFeed implements MarketDataFeed, ExchangeWebSocketClient {
  readonly exchange = mexcExchangeId
  private readonly dialect: MexcMarketDialect
  private readonly log: Logger
  private readonly decoder: MexcFrameDecoder
  private readonly books: BookKeeper
  private readonly sockets: ShardedWebSocket
  /** By the decoder's index of the instrument. */
  private readonly byIndex: (KeptBook | undefined)[] = []
  private readonly streams = new StreamLiveness()
  /** Topics that the exchange has served. */
  private readonly served = new Set<string>()
  /** Topics that the exchange would not serve. */
  private readonly refused = new Set<string>()
  private frames = 0

  constructor(
    private readonly context: ExchangeContext,
    rest: ExchangeRestClient,
    createDialect: (context: ExchangeContext, rest: ExchangeRestClient) => MexcMarketDialect = createDefaultDialect,
  ) {
    const { clock, random, logger } = context
    this.dialect = createDialect(context, rest)
    this.decoder = this.dialect.decoder
    const { rest: client, snapshotDepth } = this.dialect
    this.log = logger.child({ component: 'market-data-feed', exchange: mexcExchangeId })
    this.books = new BookKeeper({
      clock,
      random,
      rules: createMexcSequenceRules(snapshotDepth),
      snapshots: {
        maxConcurrent: 4,
        minIntervalMs: this.dialect.snapshotIntervalMs,
        retryInitialMs: constants.snapshotRetryMs,
        retryMaxMs: constants.snapshotRetryMaxMs,
      },
      bookCapacity: 2 * snapshotDepth,
      quietMs: constants.quietPairMs,
      silenceMs: constants.bookSilenceMs,
      fetchSnapshot: (instrument) => this.dialect.fetchSnapshot(instrument),
      onStalled: (instrument) => this.onStalled(instrument),
      onLate: () => client.doubtClock(),
    })
    client.serverClock.onMeasurement((quickestWayUs, measuredAtUs) =>
      this.books.onClockMeasured(quickestWayUs, measuredAtUs),
    )
    this.sockets = new ShardedWebSocket({
      maxSubscriptionsPerConnection: this.dialect.maxSubscriptionsPerConnection,
      createConnection: (shard) => this.createConnection(shard),
      subscribe: (session, topics) => this.sendSubscription(session, topics),
      unsubscribe: async (session, topics) => {
        await this.dialect.requestTopics(session, 'UNSUBSCRIPTION', topics)
      },
    })
  }

  get connected(): boolean {
    return this.streams.connected
  }

  get health(): FeedHealth {
    return {
      connected: this.connected,
      epoch: this.streams.epochs,
      reconnects: this.streams.reconnects,
      frames: this.frames,
      slowFrames: this.decoder.slowFrames,
      corruptFrames: this.decoder.corruptFrames,
      books: this.books.tally.read(),
    }
  }

  /** Quantities of books that were finer than their grid and were rounded down. */
  get roundedQuantities(): number {
    return this.decoder.roundedQuantities
  }

  book(instrumentId: InstrumentId): OrderBook | undefined {
    return this.books.get(instrumentId)?.sync.book
  }

  addListener(listener: MarketDataListener): void {
    this.books.addListener(listener)
    if (listener.onTrade === undefined || this.books.size === 0) return
    const topics = this.books.values().map(({ instrument }) => this.tradeTopic(instrument))
    this.sockets.add(topics).catch((error: unknown) => this.log.warn({ error }, 'trades could not be subscribed'))
  }

  removeListener(listener: MarketDataListener): void {
    this.books.removeListener(listener)
  }

  async subscribe(instruments: readonly Instrument[]): Promise<void> {
    const added = instruments.filter(({ id }) => this.books.get(id) === undefined)
    for (const each of added) this.byIndex[this.decoder.addInstrument(each)] = this.books.follow(each)
    const topics = added.map((each) => this.bookTopic(each))
    if (this.books.wantsTrades) topics.push(...added.map((each) => this.tradeTopic(each)))
    try {
      if (topics.length > 0) await this.sockets.add(topics)
    } catch (error) {
      await this.unsubscribe(added)
      throw error
    }
    const refused = added.filter((each) => this.refused.has(this.bookTopic(each)))
    if (refused.length === 0) return
    await this.unsubscribe(refused)
    const names = refused.map(({ id }) => id).join(', ')
    throw new SymbolException({
      exchange: mexcExchangeId,
      message: `MEXC refuses the books of ${names}. Drop them or check their names.`,
    })
  }

  async unsubscribe(instruments: readonly Instrument[]): Promise<void> {
    const removed = instruments.filter(({ id }) => this.books.get(id) !== undefined)
    const topics = removed.flatMap((each) => [this.bookTopic(each), this.tradeTopic(each)])
    for (const { id } of removed) {
      this.byIndex[this.byIndex.findIndex((kept) => kept?.instrument.id === id)] = undefined
      this.books.forget(id)
    }
    await this.sockets.remove(topics.filter((topic) => this.sockets.has(topic)))
    for (const topic of topics) {
      this.refused.delete(topic)
      this.served.delete(topic)
    }
  }

  async close(): Promise<void> {
    this.books.close()
    await this.sockets.close()
  }

  private bookTopic(instrument: Instrument): string {
    return this.dialect.bookTopic(instrument)
  }

  private tradeTopic(instrument: Instrument): string {
    return this.dialect.tradeTopic(instrument)
  }

  private createConnection(shard: number): Omit<WebSocketConnectionOptions, 'subscribe'> {
    const { url, streamOptions } = this.dialect
    const name = `${this.dialect.name} ${shard}`
    this.streams.add(name)
    return { name, url: () => url, handler: this.createHandler(name), ...streamOptions }
  }

  private createHandler(name: string): WebSocketHandler {
    return {
      onFrame: (frame, receivedAtUs) => {
        if (frame.isBinary === this.dialect.isBinary) this.onFrame(frame, receivedAtUs, name)
      },
      onEpochStart: (epoch) => {
        const isTakeover = this.streams.onEpochStart(name, epoch)
        for (const { instrument } of this.booksOn(name)) this.books.onReady(instrument.id, epoch, isTakeover)
      },
      onEpochEnd: (epoch, reason) => {
        if (!this.streams.onEpochEnd(name, epoch)) return
        for (const { sync } of this.booksOn(name)) sync.onDisconnected()
        if (reason === undefined) this.streams.remove(name)
      },
    }
  }

  private booksOn(name: string): readonly KeptBook[] {
    return this.books
      .values()
      .filter(({ instrument }) => this.sockets.getConnection(this.bookTopic(instrument))?.name === name)
  }

  private async sendSubscription(session: WebSocketSession, topics: readonly string[]): Promise<void> {
    const { accepted, refused } = await this.dialect.requestTopics(session, 'SUBSCRIPTION', topics)
    for (const topic of accepted) this.served.add(topic)
    for (const topic of refused) this.refused.add(topic)
    const withheld = refused.filter((topic) => this.served.has(topic))
    if (withheld.length > 0) void this.askAgain(session, withheld)
    // On a connection that is already in use no epoch starts, so the new books are ready from here on.
    for (const { instrument } of this.books.values()) {
      const topic = this.bookTopic(instrument)
      if (!accepted.includes(topic)) continue
      const name = this.sockets.getConnection(topic)?.name ?? ''
      if (this.streams.stands(name, session.epoch)) this.books.onReady(instrument.id, session.epoch)
    }
  }

  /** What was served before is asked for on this socket until it comes again; the next socket asks for everything anyway. */
  private async askAgain(session: WebSocketSession, topics: readonly string[]): Promise<void> {
    const { clock } = this.context
    this.log.warn({ topics }, 'topics are refused that were served before, asking again')
    await sleep(clock, constants.refusedTopicRetryMs)
    const wanted = topics.filter((topic) => this.sockets.has(topic))
    if (wanted.length === 0) return
    await this.sendSubscription(session, wanted).catch((error: unknown) =>
      this.log.debug({ error }, 'the socket is gone, the next one subscribes'),
    )
  }

  /** The hot path: one frame, decoded into the decoder's own space and applied. */
  private onFrame({ bytes, start, end }: FrameWindow, receivedAtUs: number, stream: string): void {
    this.frames++
    const kind = this.decoder.decode(bytes, start, end)
    if (kind === mexcFrameKind.book) {
      const kept = this.byIndex[this.decoder.instrumentIndex]
      if (kept !== undefined) kept.sync.onChanges(this.decoder.changes, receivedAtUs)
    } else if (kind === mexcFrameKind.trades) {
      for (const trade of this.decoder.trades) this.books.onTrade(trade)
    } else if (kind === mexcFrameKind.corrupt) this.onCorrupt(stream)
  }

  /** A frame that names no book may have been any on its connection. */
  private onCorrupt(stream: string): void {
    const kept = this.byIndex[this.decoder.instrumentIndex]
    if (kept !== undefined) kept.sync.onCorrupt()
    else for (const { sync } of this.booksOn(stream)) sync.onCorrupt()
  }

  private onStalled(instrument: Instrument): void {
    this.log.warn({ instrument: instrument.id }, 'the book moves and its stream is silent')
    this.sockets.getConnection(this.bookTopic(instrument))?.reconnect('a stream has stalled')
  }
}

const createDefaultDialect = (context: ExchangeContext, rest: ExchangeRestClient): MexcMarketDialect =>
  createMexcSpotDialect(context, asPart(rest, MexcRestClient))
