import { OrderBook, SymbolException, type Instrument, type InstrumentId, type Logger } from '@cex-arbitrage/common'
import {
  ShardedWebSocket,
  type FrameWindow,
  type WebSocketConnectionOptions,
  type WebSocketHandler,
} from '@cex-arbitrage/networking'
import type { ExchangeContext } from '../../factory/exchange-context.js'
import { asPart } from '../../factory/exchange-parts.js'
import type { MarketDataFeed, MarketDataListener } from '../../interfaces/market-data-feed.js'
import type { ExchangeRestClient } from '../../interfaces/rest-client.js'
import type { ExchangeWebSocketClient } from '../../interfaces/websocket-client.js'
import type { FeedHealth } from '../../structs/feed-health.js'
import { BookSyncTally } from '../../synchronization/book-sync-tally.js'
import type { BookSynchronizer } from '../../synchronization/book-synchronizer.js'
import type { SnapshotNeed } from '../../synchronization/sequence-rules.js'
import { SnapshotScheduler } from '../../synchronization/snapshot-scheduler.js'
import { StreamLiveness } from '../../synchronization/stream-liveness.js'
import { createGateioBookSync } from './book-sync.js'
import { GateioBookTender } from './book-tender.js'
import {
  gateioExchangeId,
  maxSubscriptionsPerConnection,
  snapshotIntervalMs,
  snapshotRetryMaxMs,
  snapshotRetryMs,
  streamedDepthOf,
} from './constants.js'
import { GateioFeedSubscriptions } from './feed-subscriptions.js'
import { FollowedBooks, type FollowedBook } from './followed-books.js'
import { GateioMarketDataDecoder, gateioFrameKind } from './market-data-decoder.js'
import { createSpotDialect, type GateioMarketDialect } from './market-dialect.js'
import { GateioRestClient } from './rest-client.js'
import { GateioSnapshotLoader } from './snapshot-loader.js'
import { createGateioStreamOptions, readGateioFrame } from './ws-protocol.js'

const maxConcurrentSnapshots = 4

/** Live books and trades of Gate.io: spot, or what a dialect says. */
export class GateioMarketDataFeed implements MarketDataFeed, ExchangeWebSocketClient {
  readonly exchange = gateioExchangeId
  private readonly rest: GateioRestClient
  private readonly dialect: GateioMarketDialect
  private readonly log: Logger
  private readonly decoder: GateioMarketDataDecoder
  private readonly tally = new BookSyncTally()
  private readonly scheduler: SnapshotScheduler
  private readonly sockets: ShardedWebSocket
  private readonly snapshots: GateioSnapshotLoader
  private readonly books = new FollowedBooks()
  private readonly subscriptions: GateioFeedSubscriptions
  private readonly streams = new StreamLiveness()
  private readonly listeners: MarketDataListener[] = []
  private readonly host = {
    onBook: (book: OrderBook): void => this.publish(book),
    requestSnapshot: (sync: BookSynchronizer, need: SnapshotNeed): void => this.scheduler.request(sync, need),
  }
  private readonly tender: GateioBookTender
  private frames = 0
  private unreadableMessages = 0

  constructor(
    private readonly context: ExchangeContext,
    rest: ExchangeRestClient,
    createDialect: (context: ExchangeContext, rest: GateioRestClient) => GateioMarketDialect = createSpotDialect,
  ) {
    this.rest = asPart(rest, GateioRestClient)
    this.dialect = createDialect(context, this.rest)
    this.decoder = new GateioMarketDataDecoder(this.dialect.market)
    this.log = context.logger.child({ component: 'market-data-feed', exchange: gateioExchangeId })
    this.subscriptions = new GateioFeedSubscriptions(context.clock, this.dialect, this.books)
    this.scheduler = new SnapshotScheduler(
      context.clock,
      context.random,
      {
        maxConcurrent: maxConcurrentSnapshots,
        retryInitialMs: snapshotRetryMs,
        retryMaxMs: snapshotRetryMaxMs,
        minIntervalMs: snapshotIntervalMs,
      },
      async (sync) => {
        const book = this.books.withSync(sync)
        if (book !== undefined) await this.snapshots.load(book)
      },
    )
    this.tender = new GateioBookTender(context.clock, this.books, () => this.rest.doubtClock())
    this.sockets = new ShardedWebSocket({
      maxSubscriptionsPerConnection,
      createConnection: (shard) => this.createConnection(shard),
      subscribe: (session, keys) => this.subscriptions.subscribe(session, keys),
      unsubscribe: (session, keys) => this.subscriptions.unsubscribe(session, keys),
    })
    this.rest.serverClock.onMeasurement((quickestWayUs, measuredAtUs) => {
      for (const { sync } of this.books.values()) sync.onClockMeasured(quickestWayUs, measuredAtUs)
    })
    this.snapshots = new GateioSnapshotLoader({
      clock: context.clock,
      log: this.log,
      dialect: this.dialect,
      decoder: this.decoder,
      connectionOf: (book) => this.sockets.getConnection(book.bookKey),
      onSuspicion: ({ sync }) => this.scheduler.request(sync, 'too_old'),
      ask: (session, event, key) => this.subscriptions.ask(session, event, key),
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
      corruptFrames: this.decoder.corruptFrames + this.unreadableMessages,
      books: this.tally.read(),
    }
  }

  /** Quantities of books that were finer than their grid and were rounded down. */
  get roundedQuantities(): number {
    return this.decoder.roundedQuantities
  }

  book(instrumentId: InstrumentId): OrderBook | undefined {
    return this.books.of(instrumentId)?.sync.book
  }

  addListener(listener: MarketDataListener): void {
    this.listeners.push(listener)
    if (listener.onTrade === undefined || this.books.size === 0) return
    // Refusals are told at the subscription of books, which the exchange judges by the same symbols.
    this.sockets.add(this.books.values().map((each) => each.tradeKey)).catch((error: unknown) => {
      this.log.warn({ error }, 'trades could not be subscribed')
    })
  }

  removeListener(listener: MarketDataListener): void {
    const at = this.listeners.indexOf(listener)
    if (at >= 0) this.listeners.splice(at, 1)
  }

  async subscribe(instruments: readonly Instrument[]): Promise<void> {
    const added = instruments.filter((each) => this.books.of(each.id) === undefined).map((each) => this.follow(each))
    if (added.length === 0) return
    this.tender.start()
    const keys = added.map((each) => each.bookKey)
    if (this.wantsTrades) keys.push(...added.map((each) => each.tradeKey))
    await this.sockets.add(keys)
    const refused = added.filter((each) => this.subscriptions.refusalOf(each) !== undefined)
    if (refused.length === 0) return
    const reasons = refused.map((each) => `${each.instrument.id} (${this.subscriptions.refusalOf(each)})`)
    await this.unsubscribe(refused.map((each) => each.instrument))
    throw new SymbolException({
      exchange: gateioExchangeId,
      message: `Gate.io refuses the books of ${reasons.join(', ')}. Drop them or check their names.`,
    })
  }

  async unsubscribe(instruments: readonly Instrument[]): Promise<void> {
    const removed = instruments.flatMap(({ id }) => this.books.of(id) ?? [])
    const keys = removed.flatMap((each) => [each.bookKey, each.tradeKey])
    await this.sockets.remove(keys.filter((key) => this.sockets.has(key))).finally(() => {
      for (const each of removed) this.forget(each)
      this.subscriptions.forget(keys)
    })
  }

  async close(): Promise<void> {
    this.tender.stop()
    this.scheduler.close()
    await this.sockets.close()
    this.subscriptions.close()
    for (const each of this.books.values()) each.sync.onDisconnected()
    this.streams.close()
  }

  private get wantsTrades(): boolean {
    return this.listeners.some((listener) => listener.onTrade !== undefined)
  }

  private follow(instrument: Instrument): FollowedBook {
    const { feed } = this.dialect
    const book = new OrderBook(instrument, 2 * streamedDepthOf[feed])
    const sync = createGateioBookSync(book, feed, this.tally, this.host)
    const { quickestWayUs } = this.rest.serverClock
    if (quickestWayUs !== undefined) sync.onClockMeasured(quickestWayUs, this.context.clock.nowUs())
    return this.books.add(instrument, this.decoder.addInstrument(instrument), sync)
  }

  private forget(book: FollowedBook): void {
    this.books.remove(book)
    this.scheduler.remove(book.sync)
    book.sync.onDisconnected()
  }

  private createConnection(number: number): Omit<WebSocketConnectionOptions, 'subscribe'> {
    const { market, url, headers, channels } = this.dialect
    const name = `gateio ${market} public ${number}`
    this.streams.add(name)
    return {
      name,
      url: () => url,
      ...(headers && { headers }),
      handler: this.createHandler(name),
      ...createGateioStreamOptions(this.context, channels.ping),
    }
  }

  private createHandler(name: string): WebSocketHandler {
    return {
      onFrame: (frame, receivedAtUs) => this.onFrame(frame, receivedAtUs, name),
      onEpochStart: (epoch) => void this.streams.onEpochStart(name, epoch),
      onEpochEnd: (epoch) => {
        // During a rotation the new socket has taken over before the old one ends.
        for (const each of this.booksOn(name)) if (each.epoch === epoch) each.sync.onDisconnected()
        if (this.streams.onEpochEnd(name, epoch) && this.connectionOf(name) === undefined) this.streams.remove(name)
      },
    }
  }

  private connectionOf(name: string) {
    return this.sockets.connections.find((connection) => connection.name === name)
  }

  private booksOn(name: string): readonly FollowedBook[] {
    const connection = this.connectionOf(name)
    return this.books.values().filter((each) => this.sockets.getConnection(each.bookKey) === connection)
  }

  private onFrame({ bytes, start, end }: FrameWindow, receivedAtUs: number, stream: string): void {
    this.frames++
    const kind = this.decoder.decode(bytes, start, end)
    if (kind === gateioFrameKind.message) {
      this.onMessage(this.decoder.message, stream)
      return
    }
    const subscription = this.books.at(this.decoder.instrumentIndex)
    if (subscription === undefined) {
      if (kind === gateioFrameKind.corrupt) this.onUnreadable(stream)
      return
    }
    if (kind === gateioFrameKind.book) subscription.sync.onChanges(this.decoder.changes, receivedAtUs)
    else subscription.sync.onCorrupt()
  }

  /** A frame of which not even the instrument can be read may have been any book's. */
  private onUnreadable(stream: string): void {
    for (const each of this.booksOn(stream)) each.sync.onCorrupt()
  }

  private onMessage(message: unknown, stream: string): void {
    const frame = readGateioFrame(message)
    if (frame === undefined) {
      this.unreadableMessages++
      return
    }
    if (this.subscriptions.accept(frame) || frame.event !== 'update') return
    if (frame.channel === this.dialect.channels.trades) this.onTrades(frame.result)
    else if (frame.channel === this.dialect.channels.system)
      this.connectionOf(stream)
        ?.rotate()
        .catch((error: unknown) => this.log.warn({ error }, 'announced upgrade: rotation failed'))
  }

  private onTrades(result: unknown): void {
    try {
      const find = (symbol: string): Instrument | undefined => this.books.at(this.decoder.indexOf(symbol))?.instrument
      for (const trade of this.dialect.mapTrades(result, find))
        for (const listener of this.listeners) listener.onTrade?.(trade)
    } catch {
      this.unreadableMessages++
    }
  }

  private publish(book: OrderBook): void {
    for (const listener of this.listeners) listener.onBook(book)
  }
}
