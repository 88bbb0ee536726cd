import type { OrderBook } from '@cex-arbitrage/common'

/** One recorded record: a WebSocket frame or an HTTP answer, byte-exact. */
export interface CaptureRecord {
  /** Unix seconds with fraction, the recorder's clock. */
  readonly ts: number
  readonly kind: 'ws' | 'http'
  readonly url: string
  readonly dir: 'in' | 'out'
  readonly body: string
}

/** Counters and book of one recorded instrument. */
export interface ReplayedBook {
  readonly book: OrderBook
  readonly applied: number
  readonly dropped: number
  readonly gaps: number
}

/** Runs recorded traffic through an exchange's own decoder and book synchronisation, without a network. */
export interface CaptureReplay {
  /** Takes the next record, in recorded order. Records of no concern to books are passed over. */
  accept(record: CaptureRecord): void
  /**
   * Every instrument seen in a snapshot or an update, in order of appearance.
   *
   * @param onBook - Told of every change of a book or its trust on the way there; its `receivedAtUs` is then the time of the
   * record, in Unix microseconds.
   */
  books(onBook?: (book: OrderBook) => void): readonly ReplayedBook[]
}
