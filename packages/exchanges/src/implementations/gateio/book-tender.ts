import { usPerMs, type Clock, type Timer } from '@cex-arbitrage/common'
import { quietPairMs, tendingIntervalMs } from './constants.js'
import type { FollowedBook, FollowedBooks } from './followed-books.js'

/** Looks after the books of a feed that are quiet, regularly while any is followed. */
export class GateioBookTender {
  private timer: Timer | undefined

  /** @param onLate - A book's frames come late by the exchange's clock, as it is measured. */
  constructor(
    private readonly clock: Clock,
    private readonly books: FollowedBooks,
    private readonly onLate: () => void,
  ) {}

  start(): void {
    if (this.timer !== undefined) return
    this.timer = this.clock.setTimer(() => {
      this.timer = undefined
      if (this.books.size === 0) return
      const nowUs = this.clock.nowUs()
      const books = this.books.values()
      for (const each of books) tend(each, nowUs)
      if (books.some(({ sync }) => sync.isLate)) this.onLate()
      this.start()
    }, tendingIntervalMs)
  }

  stop(): void {
    this.timer?.cancel()
    this.timer = undefined
  }
}

function tend({ sync, readyAtUs, doubt }: FollowedBook, nowUs: number): void {
  if (sync.book.trust === 'trusted') doubt.check(nowUs)
  else if (nowUs - readyAtUs > quietPairMs * usPerMs) sync.onQuiet()
}
