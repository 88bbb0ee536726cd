/** One measurement of an exchange's clock. */
export interface ServerTime {
  readonly exchangeTimeMs: number
  /** What to add to our wall clock to get theirs, assuming equal ways there and back. */
  readonly offsetMs: number
  /** The error of `offsetMs` is at most half of this. */
  readonly roundTripMs: number
}
