import {
  ExchangeDataException,
  ExchangeUnavailableException,
  usPerMs,
  type Clock,
  type Logger,
} from '@cex-arbitrage/common'
import type { WebSocketConnection } from '@cex-arbitrage/networking'
import { gateioExchangeId, isBookQueried, obuSnapshotTimeoutMs, snapshotRetryMs, streamedDepthOf } from './constants.js'
import type { FollowedBook } from './followed-books.js'
import { gateioFrameKind, type GateioMarketDataDecoder } from './market-data-decoder.js'
import type { GateioMarketDialect } from './market-dialect.js'
import type { GateioChannelEvent } from './ws-protocol.js'

export interface GateioSnapshotLoaderOptions {
  readonly clock: Clock
  readonly log: Logger
  readonly dialect: GateioMarketDialect
  /** Reads a queried book into the space in which frames are read too. */
  readonly decoder: GateioMarketDataDecoder
  /** The connection that brings a book; `undefined` while none is meant to. */
  readonly connectionOf: (book: FollowedBook) => WebSocketConnection | undefined
  /** The answer hints that the book's stream has stalled: it is asked for once more. */
  readonly onSuspicion: (book: FollowedBook) => void
  /** Subscribes to a stream or ends it. */
  readonly ask: (connection: WebSocketConnection, event: GateioChannelEvent, key: string) => Promise<unknown>
}

/** Gets the snapshot that a book waits for: by a query, or by subscribing anew where the stream begins with one. */
export class GateioSnapshotLoader {
  constructor(private readonly options: GateioSnapshotLoaderOptions) {}

  /** Fails where no snapshot could be had; the caller tries again. */
  load(book: FollowedBook): Promise<void> {
    return isBookQueried(this.options.dialect.feed) ? this.query(book) : this.resubscribe(book)
  }

  private async query(book: FollowedBook): Promise<void> {
    const { clock, dialect, decoder, connectionOf, onSuspicion } = this.options
    const { instrument, sync } = book
    const askedAtUs = clock.nowUs()
    const { levels, sequence, exchangeTimeMs } = await dialect.fetchSnapshot(
      instrument.exchangeSymbol,
      streamedDepthOf[dialect.feed],
    )
    const verdict = book.doubt.judge(sequence)
    if (verdict === 'ask-again') {
      onSuspicion(book)
      return
    }
    if (verdict === 'stalled') {
      this.reconnect(book, connectionOf(book))
      return
    }
    const index = decoder.indexOf(instrument.exchangeSymbol)
    if (decoder.loadSnapshot(index, levels, sequence, exchangeTimeMs) !== gateioFrameKind.book)
      throw new ExchangeDataException({
        exchange: gateioExchangeId,
        message: `The queried book of ${instrument.id} has a level off its grid. It stays untrusted; read the instruments again.`,
      })
    // The answer shows the book of some moment after the question at best.
    sync.onSnapshot(decoder.changes, askedAtUs)
  }

  /** The same stream twice on a connection is refused, so it is ended first. */
  private async resubscribe(book: FollowedBook): Promise<void> {
    const { clock, ask, connectionOf } = this.options
    const connection = connectionOf(book)
    if (connection === undefined) return
    await ask(connection, 'unsubscribe', book.bookKey)
    await ask(connection, 'subscribe', book.bookKey)
    const untilUs = clock.nowUs() + obuSnapshotTimeoutMs * usPerMs
    while (book.sync.awaitingSnapshot) {
      if (clock.nowUs() >= untilUs) {
        // No snapshot is as suspicious as one that is newer than a silent stream.
        if (book.doubt.judge(Number.POSITIVE_INFINITY) === 'stalled') this.reconnect(book, connection)
        throw new ExchangeUnavailableException({
          exchange: gateioExchangeId,
          message: `No snapshot of ${book.instrument.id} came with its stream. It is subscribed again.`,
        })
      }
      await new Promise<void>((resolve) => void clock.setTimer(resolve, snapshotRetryMs))
    }
  }

  private reconnect({ instrument }: FollowedBook, connection: WebSocketConnection | undefined): void {
    this.options.log.warn({ instrumentId: instrument.id }, 'a book stream has stalled')
    connection?.reconnect('a book stream has stalled')
  }
}
