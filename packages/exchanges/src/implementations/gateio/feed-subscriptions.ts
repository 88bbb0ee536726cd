import { ExchangeUnavailableException, type Clock } from '@cex-arbitrage/common'
import type { WebSocketSession } from '@cex-arbitrage/networking'
import { gateioExchangeId, isBookQueried } from './constants.js'
import { categorizeGateioChannelError } from './error-map.js'
import type { FollowedBook, FollowedBooks } from './followed-books.js'
import type { GateioMarketDialect } from './market-dialect.js'
import type { GateioFrame } from './schemas.js'
import { GateioSubscriptions } from './subscriptions.js'
import { isRefusal, type GateioChannelEvent } from './ws-protocol.js'

/** The subscriptions of a feed, by the keys of its books: asked for, served, or refused for good. */
export class GateioFeedSubscriptions {
  private readonly acknowledgements: GateioSubscriptions
  /** Keys that the exchange has served. */
  private readonly served = new Set<string>()
  private readonly refused = new Map<string, string>()

  constructor(
    private readonly clock: Clock,
    private readonly dialect: GateioMarketDialect,
    private readonly books: FollowedBooks,
  ) {
    this.acknowledgements = new GateioSubscriptions(clock)
  }

  /** Why the exchange will not serve a book; `undefined` when it does. */
  refusalOf({ bookKey }: FollowedBook): string | undefined {
    return this.refused.get(bookKey)
  }

  /**
   * Subscribes on a socket. Frames of books may come before their acknowledgement, so a book is ready when its request
   * leaves.
   *
   * @throws {@link ExchangeUnavailableException} The exchange could not; another socket may.
   */
  async subscribe(session: WebSocketSession, keys: readonly string[]): Promise<void> {
    const answers = keys.map(async (key) => {
      const book = this.books.withKey(key)
      if (book === undefined) return
      if (key === book.bookKey) this.ready(book, session.epoch)
      const answer = await this.ask(session, 'subscribe', key)
      if (isRefusal(answer)) {
        this.onRefused(key, answer)
        return
      }
      this.served.add(key)
      // A quiet market may not send the frame that asks for the first snapshot.
      if (key === book.bookKey && isBookQueried(this.dialect.feed)) book.sync.onQuiet()
    })
    await Promise.all(answers)
  }

  async unsubscribe(session: WebSocketSession, keys: readonly string[]): Promise<void> {
    await Promise.all(keys.map((key) => this.ask(session, 'unsubscribe', key)))
  }

  /** Sends one request and resolves with its acknowledgement, which may be a refusal. */
  ask(session: Pick<WebSocketSession, 'send'>, event: GateioChannelEvent, key: string): Promise<GateioFrame> {
    const symbol = key.slice(key.indexOf(' ') + 1)
    const { channels, feed } = this.dialect
    const isBook = key.startsWith('book ')
    const bookChannel = isBookQueried(feed) ? channels.update : channels.obu
    return this.acknowledgements.request(session, event, {
      channel: isBook ? bookChannel : channels.trades,
      payload: isBook ? this.dialect.createBookPayload(symbol) : [symbol],
      timeSeconds: Math.floor(this.clock.nowMs() / 1000),
    })
  }

  /** Takes a frame that may be an acknowledgement. @returns whether somebody waited for it. */
  accept(frame: GateioFrame): boolean {
    return this.acknowledgements.accept(frame)
  }

  forget(keys: readonly string[]): void {
    for (const key of keys) {
      this.refused.delete(key)
      this.served.delete(key)
    }
  }

  close(): void {
    this.acknowledgements.close()
  }

  private ready(book: FollowedBook, epoch: number): void {
    const { sync } = book
    // While a rotation runs the old socket still delivers, and the counter proves that nothing is lost in between.
    const isTakeover = sync.book.trust === 'trusted' && book.epoch !== 0
    book.epoch = epoch
    book.readyAtUs = this.clock.nowUs()
    book.doubt.onReady(book.readyAtUs)
    sync.onConnected(epoch, isTakeover)
  }

  private onRefused(key: string, { error }: GateioFrame): void {
    const { code, message } = error ?? { code: 0, message: 'no reason given' }
    const category = categorizeGateioChannelError(code, message)
    // What was served before and is still listed is the exchange's trouble: the connection tries again.
    const isTrouble = category === 'server_error' || category === 'rate_limit'
    if (isTrouble || (this.served.has(key) && category !== 'invalid_symbol'))
      throw new ExchangeUnavailableException({
        exchange: gateioExchangeId,
        message: `Gate.io could not subscribe ${key}: ${message}`,
      })
    this.refused.set(key, message.trim())
  }
}
