import type { OrderBook } from '@cex-arbitrage/common'
import type { BookSyncTally } from '../../synchronization/book-sync-tally.js'
import { BookSynchronizer, type BookSyncHost } from '../../synchronization/book-synchronizer.js'
import type { SequenceRules } from '../../synchronization/sequence-rules.js'
import { type GateioBookFeed, streamedDepthOf } from './constants.js'

/** Frames kept while a snapshot is awaited: more than half a minute of the fastest channel. */
const maxBufferedFrames = 2048

/**
 * The rules of this exchange's books, spot and futures. Frames carry the levels that enter and leave the streamed
 * window, so nothing lies hidden behind a snapshot's last level, and the book is cut to the window. A crossed book is
 * wrong at once: frames are whole.
 */
export function createGateioSequenceRules(feed: GateioBookFeed): SequenceRules {
  return {
    streamedDepth: streamedDepthOf[feed],
    snapshotDepth: undefined,
    crossedFramesTolerated: 0,
    maxBufferedFrames,
  }
}

/** Keeps one book on its feed. With `obu` a snapshot is a new subscription; otherwise it is a query. */
export function createGateioBookSync(
  book: OrderBook,
  feed: GateioBookFeed,
  tally: BookSyncTally,
  host: BookSyncHost,
): BookSynchronizer {
  return new BookSynchronizer(book, createGateioSequenceRules(feed), tally, host)
}
