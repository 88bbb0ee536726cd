/** What a market-data feed has counted since it was opened. */
export interface FeedHealth {
  readonly connected: boolean
  /** Number of the current connection; grows with each reconnect. */
  readonly epoch: number
  readonly reconnects: number
  readonly frames: number
  /** Frames that took the slow, schema-checked path because their shape was new. */
  readonly slowFrames: number
  /** Frames that no path could read. */
  readonly corruptFrames: number
  readonly books: BookSyncCounters
}

/** What book synchronisation has done, over all books. */
export interface BookSyncCounters {
  /** Frames applied to a book. */
  readonly applied: number
  /** Frames left out because the book was already past them. */
  readonly dropped: number
  readonly gaps: number
  readonly crossed: number
  readonly quarantines: number
  readonly resyncs: number
}
