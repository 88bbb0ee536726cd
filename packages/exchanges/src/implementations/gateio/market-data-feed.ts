import {
  ExchangeDataException,
  ExchangeUnavailableException,
  OrderBook,
  SymbolException,
  usPerMs,
  type Instrument,
  type InstrumentId,
  type Logger,
  type Timer,
} from '@cex-arbitrage/common'
import {
  ShardedWebSocket,
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
import { BookSyncTally } from '../../synchronization/book-sync-tally.js'
import type { BookSynchronizer } from '../../synchronization/book-synchronizer.js'
import type { SnapshotNeed } from '../../synchronization/sequence-rules.js'
import { SnapshotScheduler } from '../../synchronization/snapshot-scheduler.js'
import { createGateioBookSync } from './book-sync.js'
import {
  bookSilenceMs,
  gateioExchangeId,
  maxSubscriptionsPerConnection,
  obuSnapshotTimeoutMs,
  quietPairMs,
  snapshotIntervalMs,
  snapshotRetryMaxMs,
  snapshotRetryMs,
  streamedDepthOf,
} from './constants.js'
import { categorizeGateioChannelError } from './error-map.js'
import { GateioMarketDataDecoder, gateioFrameKind } from './market-data-decoder.js'
import { createSpotDialect, type GateioMarketDialect } from './market-dialect.js'
import { GateioRestClient } from './rest-client.js'
import type { GateioFrame } from './schemas.js'
import { GateioSubscriptions } from './subscriptions.js'
import { createGateioStreamOptions, isRefusal, readGateioFrame, type GateioChannelEvent } from './ws-protocol.js'

const tendingIntervalMs = 250
const maxConcurrentSnapshots = 4

/** One followed instrument. */
interface Subscription {
  readonly instrument: Instrument
  readonly bookKey: string
  readonly tradeKey: string
  readonly sync: BookSynchronizer
  /** Number of its connection's socket that brings it; 0 while none does. */
  epoch: number
  /** Monotonic time at which its stream last became ready. */
  readyAtUs: number
  /** Monotonic time of its last frame, read or not. */
  frameAtUs: number
  /** The counter at which the book was doubted for silence; a newer snapshot then proves that the stream has stalled. */
  silentAtSequence: number | undefined
}

/** What is known of one connection. */
interface Shard {
  epoch: number
  isLive: boolean
}

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
  private readonly acknowledgements: GateioSubscriptions
  /** By the decoder's index of the instrument. */
  private readonly subscriptions: (Subscription | undefined)[] = []
  private readonly byInstrument = new Map<InstrumentId, Subscription>()
  private readonly byKey = new Map<string, Subscription>()
  private readonly bySync = new Map<BookSynchronizer, Subscription>()
  private readonly shards = new Map<number, Shard>()
  private readonly listeners: MarketDataListener[] = []
  private readonly refused = new Map<string, string>()
  private readonly host = {
    onBook: (book: OrderBook): void => this.publish(book),
    requestSnapshot: (sync: BookSynchronizer, need: SnapshotNeed): void => this.scheduler.request(sync, need),
  }
  private tending: Timer | undefined
  private frames = 0
  private epochs = 0
  private reconnects = 0
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
    this.acknowledgements = new GateioSubscriptions(context.clock)
    this.scheduler = new SnapshotScheduler(
      context.clock,
      context.random,
      {
        maxConcurrent: maxConcurrentSnapshots,
        retryInitialMs: snapshotRetryMs,
        retryMaxMs: snapshotRetryMaxMs,
        minIntervalMs: snapshotIntervalMs,
      },
      (sync) => this.loadSnapshot(sync),
    )
    this.sockets = new ShardedWebSocket({
      maxSubscriptionsPerConnection,
      createConnection: (shard) => this.createConnection(shard),
      subscribe: (session, keys) => this.sendSubscriptions(session, keys),
      unsubscribe: async (session, keys) =>
        void (await Promise.all(keys.map((key) => this.ask(session, 'unsubscribe', key)))),
    })
  }

  get connected(): boolean {
    return this.shards.size > 0 && [...this.shards.values()].every((shard) => shard.isLive)
  }

  get health(): FeedHealth {
    return {
      connected: this.connected,
      epoch: this.epochs,
      reconnects: this.reconnects,
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
    return this.byInstrument.get(instrumentId)?.sync.book
  }

  addListener(listener: MarketDataListener): void {
    this.listeners.push(listener)
    if (listener.onTrade === undefined || this.byInstrument.size === 0) return
    // Refusals are told at the subscription of books, which the exchange judges by the same symbols.
    this.sockets.add([...this.byInstrument.values()].map((each) => each.tradeKey)).catch((error: unknown) => {
      this.log.warn({ error }, 'trades could not be subscribed')
    })
  }

  removeListener(listener: MarketDataListener): void {
    const at = this.listeners.indexOf(listener)
    if (at >= 0) this.listeners.splice(at, 1)
  }

  async subscribe(instruments: readonly Instrument[]): Promise<void> {
    const added = instruments.filter((each) => !this.byInstrument.has(each.id)).map((each) => this.follow(each))
    if (added.length === 0) return
    this.tend()
    const keys = added.map((each) => each.bookKey)
    if (this.wantsTrades) keys.push(...added.map((each) => each.tradeKey))
    await this.sockets.add(keys)
    const refused = added.filter((each) => this.refused.has(each.bookKey))
    if (refused.length === 0) return
    const reasons = refused.map((each) => `${each.instrument.id} (${this.refused.get(each.bookKey)})`)
    await this.unsubscribe(refused.map((each) => each.instrument))
    throw new SymbolException({
      exchange: gateioExchangeId,
      message: `Gate.io refuses the books of ${reasons.join(', ')}. Drop them or check their names.`,
    })
  }

  async unsubscribe(instruments: readonly Instrument[]): Promise<void> {
    const removed = instruments.flatMap(({ id }) => this.byInstrument.get(id) ?? [])
    const keys = removed.flatMap((each) => [each.bookKey, each.tradeKey])
    await this.sockets.remove(keys.filter((key) => this.sockets.has(key))).finally(() => {
      for (const each of removed) this.forget(each)
      for (const key of keys) this.refused.delete(key)
    })
  }

  async close(): Promise<void> {
    this.tending?.cancel()
    this.tending = undefined
    this.scheduler.close()
    await this.sockets.close()
    this.acknowledgements.close()
    for (const each of this.byInstrument.values()) each.sync.onDisconnected()
    for (const shard of this.shards.values()) shard.isLive = false
  }

  /** `obu` streams bring their snapshots themselves. */
  private get queriesSnapshots(): boolean {
    return this.dialect.feed === '20ms' || this.dialect.feed === '100ms'
  }

  private get wantsTrades(): boolean {
    return this.listeners.some((listener) => listener.onTrade !== undefined)
  }

  private follow(instrument: Instrument): Subscription {
    const { feed } = this.dialect
    const book = new OrderBook(instrument, 2 * streamedDepthOf[feed])
    const subscription: Subscription = {
      instrument,
      bookKey: `book ${instrument.exchangeSymbol}`,
      tradeKey: `trades ${instrument.exchangeSymbol}`,
      sync: createGateioBookSync(book, feed, this.tally, this.host),
      epoch: 0,
      readyAtUs: Number.POSITIVE_INFINITY,
      frameAtUs: 0,
      silentAtSequence: undefined,
    }
    this.subscriptions[this.decoder.addInstrument(instrument)] = subscription
    this.byInstrument.set(instrument.id, subscription)
    this.byKey.set(subscription.bookKey, subscription)
    this.byKey.set(subscription.tradeKey, subscription)
    this.bySync.set(subscription.sync, subscription)
    return subscription
  }

  private forget(subscription: Subscription): void {
    this.subscriptions[this.subscriptions.indexOf(subscription)] = undefined
    this.byInstrument.delete(subscription.instrument.id)
    this.byKey.delete(subscription.bookKey)
    this.byKey.delete(subscription.tradeKey)
    this.bySync.delete(subscription.sync)
    this.scheduler.remove(subscription.sync)
    subscription.sync.onDisconnected()
  }

  private createConnection(number: number): Omit<WebSocketConnectionOptions, 'subscribe'> {
    const { market, url, headers, channels } = this.dialect
    const shard: Shard = { epoch: 0, isLive: false }
    this.shards.set(number, shard)
    return {
      name: `gateio ${market} public ${number}`,
      url: () => url,
      ...(headers && { headers }),
      handler: this.createHandler(number, shard),
      ...createGateioStreamOptions(this.context, channels.ping),
    }
  }

  private createHandler(number: number, shard: Shard): WebSocketHandler {
    return {
      onFrame: (data, _isBinary, receivedAtUs) => this.onFrame(data, receivedAtUs, number),
      onEpochStart: (epoch) => {
        this.epochs++
        if (shard.epoch > 0 && !shard.isLive) this.reconnects++
        shard.epoch = epoch
        shard.isLive = true
      },
      onEpochEnd: (epoch) => {
        // During a rotation the new socket has taken over before the old one ends.
        for (const each of this.subscriptionsOf(number)) if (each.epoch === epoch) each.sync.onDisconnected()
        if (epoch !== shard.epoch) return
        shard.isLive = false
        if (this.connectionOf(number) === undefined) this.shards.delete(number)
      },
    }
  }

  private connectionOf(number: number) {
    const name = `gateio ${this.dialect.market} public ${number}`
    return this.sockets.connections.find((connection) => connection.name === name)
  }

  private subscriptionsOf(number: number): readonly Subscription[] {
    const connection = this.connectionOf(number)
    return [...this.byInstrument.values()].filter((each) => this.sockets.getConnection(each.bookKey) === connection)
  }

  /** Frames of books may come before their acknowledgement, so a book is ready when its request leaves. */
  private async sendSubscriptions(session: WebSocketSession, keys: readonly string[]): Promise<void> {
    const answers = keys.map(async (key) => {
      const subscription = this.byKey.get(key)
      if (subscription === undefined) return
      if (key === subscription.bookKey) this.ready(subscription, session.epoch)
      const answer = await this.ask(session, 'subscribe', key)
      if (!isRefusal(answer)) {
        // A quiet market may not send the frame that asks for the first snapshot.
        if (key === subscription.bookKey && this.queriesSnapshots) subscription.sync.onQuiet()
        return
      }
      const { code, message } = answer.error ?? { code: 0, message: 'no reason given' }
      if (categorizeGateioChannelError(code, message) === 'server_error')
        throw new ExchangeUnavailableException({
          exchange: gateioExchangeId,
          message: `Gate.io could not subscribe ${key}: ${message}`,
        })
      this.refused.set(key, message.trim())
    })
    await Promise.all(answers)
  }

  private ready(subscription: Subscription, epoch: number): void {
    const { sync } = subscription
    // While a rotation runs the old socket still delivers, and the counter proves that nothing is lost in between.
    const isTakeover = sync.book.trust === 'trusted' && subscription.epoch !== 0
    subscription.epoch = epoch
    subscription.readyAtUs = this.context.clock.nowUs()
    subscription.silentAtSequence = undefined
    sync.onConnected(epoch, isTakeover)
  }

  private ask(session: Pick<WebSocketSession, 'send'>, event: GateioChannelEvent, key: string): Promise<GateioFrame> {
    const symbol = key.slice(key.indexOf(' ') + 1)
    const { channels } = this.dialect
    const isBook = key.startsWith('book ')
    const bookChannel = this.queriesSnapshots ? channels.update : channels.obu
    return this.acknowledgements.request(session, event, {
      channel: isBook ? bookChannel : channels.trades,
      payload: isBook ? this.dialect.createBookPayload(symbol) : [symbol],
      timeSeconds: Math.floor(this.context.clock.nowMs() / 1000),
    })
  }

  private onFrame(data: Buffer, receivedAtUs: number, shard: number): void {
    this.frames++
    const kind = this.decoder.decode(data)
    if (kind === gateioFrameKind.message) {
      this.onMessage(this.decoder.message, shard)
      return
    }
    const subscription = this.subscriptions[this.decoder.instrumentIndex]
    if (subscription === undefined) {
      if (kind === gateioFrameKind.corrupt) this.onUnreadable(shard)
      return
    }
    subscription.frameAtUs = receivedAtUs
    if (kind === gateioFrameKind.book) subscription.sync.onChanges(this.decoder.changes, receivedAtUs)
    else subscription.sync.onCorrupt()
  }

  /** A frame of which not even the instrument can be read may have been any book's. */
  private onUnreadable(shard: number): void {
    for (const each of this.subscriptionsOf(shard)) each.sync.onCorrupt()
  }

  private onMessage(message: unknown, shard: number): void {
    const frame = readGateioFrame(message)
    if (frame === undefined) {
      this.unreadableMessages++
      return
    }
    if (this.acknowledgements.accept(frame) || frame.event !== 'update') return
    if (frame.channel === this.dialect.channels.trades) this.onTrades(frame.result)
    else if (frame.channel === this.dialect.channels.system)
      this.connectionOf(shard)
        ?.rotate()
        .catch((error: unknown) => this.log.warn({ error }, 'announced upgrade: rotation failed'))
  }

  private onTrades(result: unknown): void {
    try {
      const find = (symbol: string): Instrument | undefined =>
        this.subscriptions[this.decoder.indexOf(symbol)]?.instrument
      for (const trade of this.dialect.mapTrades(result, find))
        for (const listener of this.listeners) listener.onTrade?.(trade)
    } catch {
      this.unreadableMessages++
    }
  }

  private publish(book: OrderBook): void {
    for (const listener of this.listeners) listener.onBook(book)
  }

  private async loadSnapshot(sync: BookSynchronizer): Promise<void> {
    const subscription = this.bySync.get(sync)
    if (subscription === undefined) return
    if (this.queriesSnapshots) await this.querySnapshot(subscription)
    else await this.resubscribe(subscription)
  }

  private async querySnapshot(subscription: Subscription): Promise<void> {
    const { instrument, sync } = subscription
    const depth = streamedDepthOf[this.dialect.feed]
    const askedAtUs = this.context.clock.nowUs()
    const { levels, sequence, exchangeTimeMs } = await this.dialect.fetchSnapshot(instrument.exchangeSymbol, depth)
    const silentAt = subscription.silentAtSequence
    subscription.silentAtSequence = undefined
    if (silentAt !== undefined && sequence > silentAt && subscription.frameAtUs < subscription.readyAtUs) {
      this.log.warn({ instrumentId: instrument.id }, 'a book stream has stalled')
      this.sockets.getConnection(subscription.bookKey)?.reconnect('a book stream has stalled')
      return
    }
    const index = this.decoder.indexOf(instrument.exchangeSymbol)
    if (this.decoder.loadSnapshot(index, levels, sequence, exchangeTimeMs) !== gateioFrameKind.book)
      throw new ExchangeDataException({
        exchange: gateioExchangeId,
        message: `The queried book of ${instrument.id} has a level off its grid. It stays untrusted; read the instruments again.`,
      })
    // The answer shows the book of some moment after the question at best.
    sync.onSnapshot(this.decoder.changes, askedAtUs)
  }

  /** An `obu` stream brings its snapshot at the beginning; the same stream twice on a connection is refused. */
  private async resubscribe(subscription: Subscription): Promise<void> {
    const connection = this.sockets.getConnection(subscription.bookKey)
    if (connection === undefined) return
    await this.ask(connection, 'unsubscribe', subscription.bookKey)
    await this.ask(connection, 'subscribe', subscription.bookKey)
    const { clock } = this.context
    const untilUs = clock.nowUs() + obuSnapshotTimeoutMs * usPerMs
    while (subscription.sync.awaitingSnapshot) {
      if (clock.nowUs() >= untilUs)
        throw new ExchangeUnavailableException({
          exchange: gateioExchangeId,
          message: `No snapshot of ${subscription.instrument.id} came with its stream. It is subscribed again.`,
        })
      await new Promise<void>((resolve) => void clock.setTimer(resolve, snapshotRetryMs))
    }
  }

  /** Looks after books that are quiet, regularly while any is followed. */
  private tend(): void {
    if (this.tending !== undefined) return
    this.tending = this.context.clock.setTimer(() => {
      this.tending = undefined
      if (this.byInstrument.size === 0) return
      const nowUs = this.context.clock.nowUs()
      for (const each of this.byInstrument.values()) this.tendBook(each, nowUs)
      this.tend()
    }, tendingIntervalMs)
  }

  private tendBook(subscription: Subscription, nowUs: number): void {
    const { sync } = subscription
    if (sync.book.trust !== 'trusted') {
      if (nowUs - subscription.readyAtUs > quietPairMs * usPerMs) sync.onQuiet()
      return
    }
    const since = Math.max(subscription.readyAtUs, subscription.frameAtUs)
    if (nowUs - since < bookSilenceMs * usPerMs) return
    subscription.silentAtSequence = sync.book.sequence
    subscription.readyAtUs = nowUs
    sync.onStale()
  }
}
