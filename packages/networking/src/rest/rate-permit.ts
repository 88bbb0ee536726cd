/** The right to send one request. Its weight is held until it is spent or released. */
export interface RatePermit {
  readonly state: 'held' | 'spent' | 'released'
  /** Counts the weight from now on; called when the request is written. Harmless when not held. */
  spend(): void
  /** Gives the weight back; harmless when spent or released. */
  release(): void
}

/** The right to send everything that one trade may need. */
export interface TradePermit {
  /** The right to send one of the requests of that place in what was asked for; `undefined` when all are taken. */
  take(index: number): RatePermit | undefined
  /** Gives back whatever has not been spent. Call it when the trade has ended, however it ended. */
  release(): void
}
