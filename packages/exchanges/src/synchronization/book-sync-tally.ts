import type { BookSyncCounters } from '../structs/feed-health.js'

/** The counters of all books of one feed; every synchroniser of the feed counts into the same one. */
export class BookSyncTally implements BookSyncCounters {
  applied = 0
  dropped = 0
  gaps = 0
  crossed = 0
  quarantines = 0
  resyncs = 0

  /** A copy that stays as it is. */
  read(): BookSyncCounters {
    const { applied, dropped, gaps, crossed, quarantines, resyncs } = this
    return { applied, dropped, gaps, crossed, quarantines, resyncs }
  }
}
