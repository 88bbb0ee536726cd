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
  /** One for each request, in the order in which they were asked for. */
  readonly permits: readonly RatePermit[]
  /** Gives back whatever has not been spent. Call it when the trade has ended, however it ended. */
  release(): void
}
