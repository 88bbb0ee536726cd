/** How one exchange's book stream is put on a snapshot. Two exchanges with the same counter logic differ only in these. */
export interface SequenceRules {
  /** Levels a side that the stream keeps right; the book is cut to them. `undefined`: the whole book. */
  readonly streamedDepth: number | undefined
  /**
   * Levels a side that a snapshot holds at most. Behind a side that came this deep nothing is known, so the book ends
   * there, and a new snapshot is asked for when few of those levels are left. `undefined`: snapshots hold everything.
   */
  readonly snapshotDepth: number | undefined
  /** Frames in a row after which a book may still be crossed before it is quarantined; 0 tolerates none. */
  readonly crossedFramesTolerated: number
  /** Frames kept while a snapshot is awaited; the oldest goes first. */
  readonly maxBufferedFrames: number
}

/** Why a snapshot is asked for; tells the scheduler how long to wait. */
export type SnapshotNeed = 'first' | 'resync' | 'too_old' | 'refresh'
