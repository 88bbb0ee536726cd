import { SymbolException, type Instrument, type InstrumentId, type OrderBook } from '@cex-arbitrage/common'
import {
  BookKeeper,
  StreamLiveness,
  asPart,
  type ExchangeContext,
  type ExchangeRestClient,
  type ExchangeWebSocketClient,
  type FeedHealth,
  type KeptBook,
  type MarketDataFeed,
  type MarketDataListener,
} from '@cex-arbitrage/exchanges'
import { ShardedWebSocket, type WebSocketHandler, type WebSocketSession } from '@cex-arbitrage/networking'
import { SampleLevelReader, sampleSequenceRules } from './book-sync.js'
import * as constants from './constants.js'
import { SampleMarketDataDecoder } from './market-data-decoder.js'
import { SampleRestClient } from './rest-client.js'
import { SampleSymbols } from './symbols.js'
import * as protocol from './ws-protocol.js'

/** Live books and trades, spread over as many connections as it takes. */
export class SampleMarketDataFeed implements MarketDataFeed, ExchangeWebSocketClient {
  readonly exchange = constants.sampleExchangeId
  private readonly symbols = new SampleSymbols()
  private readonly decoder = new SampleMarketDataDecoder(this.symbols)
  private readonly streams = new StreamLiveness()
  private readonly books: BookKeeper
  private readonly sockets: ShardedWebSocket
  /** Topics that the exchange would not serve. */
  private readonly refused = new Set<string>()
  private frames = 0
  private corruptFrames = 0
  private requestId = 0

  constructor(
    private readonly context: ExchangeContext,
    rest: ExchangeRestClient,
  ) {
    const { clock, random } = context
    const client = asPart(rest, SampleRestClient)
    const reader = new SampleLevelReader()
    this.books = new BookKeeper({
      clock,
      random,
      rules: sampleSequenceRules,
      snapshots: constants.snapshots,
      bookCapacity: 2 * constants.maxSnapshotDepth,
      quietMs: constants.quietPairMs,
      silenceMs: constants.bookSilenceMs,
      fetchSnapshot: async (instrument) => {
        const { bids, asks, sequence, time } = await client.getBook(
          instrument.exchangeSymbol,
          constants.maxSnapshotDepth,
        )
        return reader.read(instrument, bids, asks, sequence, sequence, time)
      },
      onLate: () => client.doubtClock(),
      onStalled: (instrument) => this.connectionOf(instrument)?.reconnect('a stream has stalled'),
    })
    client.serverClock.onMeasurement((quickestWayUs, measuredAtUs) =>
      this.books.onClockMeasured(quickestWayUs, measuredAtUs),
    )
    this.sockets = new ShardedWebSocket({
      maxSubscriptionsPerConnection: constants.maxSubscriptionsPerConnection,
      createConnection: (shard) => this.createConnection(`sample public ${shard}`),
      subscribe: (session, topics) => this.sendSubscription(session, topics),
      unsubscribe: async (session, topics) => {
        await protocol.requestSample(session, { op: 'unsubscribe', id: ++this.requestId, topics })
      },
    })
  }

  get connected(): boolean {
    return this.streams.connected
  }

  get health(): FeedHealth {
    const { frames, corruptFrames, connected, streams, books } = this
    const { epochs: epoch, reconnects } = streams
    return { connected, epoch, reconnects, frames, slowFrames: frames, corruptFrames, books: books.tally.read() }
  }

  book(instrumentId: InstrumentId): OrderBook | undefined {
    return this.books.get(instrumentId)?.sync.book
  }

  addListener(listener: MarketDataListener): void {
    this.books.addListener(listener)
    if (listener.onTrade === undefined || this.books.size === 0) return
    const topics = this.books.values().map(({ instrument }) => protocol.sampleTradeTopic(instrument.exchangeSymbol))
    this.sockets.add(topics).catch((error: unknown) => this.context.logger.warn({ error }, 'trades not subscribed'))
  }

  removeListener(listener: MarketDataListener): void {
    this.books.removeListener(listener)
  }

  async subscribe(instruments: readonly Instrument[]): Promise<void> {
    const added = instruments.filter(({ id }) => this.books.get(id) === undefined)
    for (const each of added) {
      this.symbols.add(each)
      this.books.follow(each)
    }
    const topics = added.flatMap((each) => this.topicsOf(each, this.books.wantsTrades))
    try {
      if (topics.length > 0) await this.sockets.add(topics)
    } catch (error) {
      await this.unsubscribe(added)
      throw error
    }
    const refused = added.filter((each) => this.refused.has(protocol.sampleBookTopic(each.exchangeSymbol)))
    if (refused.length === 0) return
    await this.unsubscribe(refused)
    throw new SymbolException({
      exchange: this.exchange,
      message: `Sample refuses the books of ${refused.map(({ id }) => id).join(', ')}. Drop them or check their names.`,
    })
  }

  async unsubscribe(instruments: readonly Instrument[]): Promise<void> {
    const removed = instruments.filter(({ id }) => this.books.get(id) !== undefined)
    for (const each of removed) {
      this.symbols.remove(each)
      this.books.forget(each.id)
    }
    const topics = removed.flatMap((each) => this.topicsOf(each, true))
    await this.sockets.remove(topics.filter((topic) => this.sockets.has(topic)))
    for (const topic of topics) this.refused.delete(topic)
  }

  async close(): Promise<void> {
    this.books.close()
    await this.sockets.close()
  }

  private topicsOf({ exchangeSymbol }: Instrument, withTrades: boolean): readonly string[] {
    const book = protocol.sampleBookTopic(exchangeSymbol)
    return withTrades ? [book, protocol.sampleTradeTopic(exchangeSymbol)] : [book]
  }

  private connectionOf({ exchangeSymbol }: Instrument) {
    return this.sockets.getConnection(protocol.sampleBookTopic(exchangeSymbol))
  }

  private createConnection(name: string) {
    this.streams.add(name)
    return {
      name,
      url: () => protocol.sampleAddressOf(this.context),
      handler: this.createHandler(name),
      ...protocol.createSampleStreamOptions(this.context),
    }
  }

  private createHandler(name: string): WebSocketHandler {
    return {
      onFrame: (frame, receivedAtUs) => this.onFrame(frame.toString(), receivedAtUs, name),
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
    return this.books.values().filter(({ instrument }) => this.connectionOf(instrument)?.name === name)
  }

  private async sendSubscription(session: WebSocketSession, topics: readonly string[]): Promise<void> {
    const request = { op: 'subscribe', id: ++this.requestId, topics } as const
    const { accepted, refused } = await protocol.requestSample(session, request)
    for (const topic of refused) this.refused.add(topic)
    // On a connection that is already in use no epoch starts, so the new books are ready from here on.
    for (const { instrument } of this.books.values()) {
      const name = this.connectionOf(instrument)?.name ?? ''
      const isAccepted = accepted.includes(protocol.sampleBookTopic(instrument.exchangeSymbol))
      if (isAccepted && this.streams.stands(name, session.epoch)) this.books.onReady(instrument.id, session.epoch)
    }
  }

  private onFrame(text: string, receivedAtUs: number, name: string): void {
    this.frames++
    const push = this.decoder.decode(text)
    switch (push.kind) {
      case 'book':
        this.books.get(push.about.id)?.sync.onChanges(push.changes, receivedAtUs)
        return
      case 'trade':
        this.books.onTrade(push.trade)
        return
      case 'corrupt':
        this.corruptFrames++
        // A frame that names no book may have been any on its connection.
        for (const { instrument, sync } of this.booksOn(name))
          if (push.about === undefined || push.about === instrument) sync.onCorrupt()
        return
      case 'other':
    }
  }
}
