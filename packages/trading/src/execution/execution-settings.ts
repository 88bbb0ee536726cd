import { Decimal } from '@cex-arbitrage/common'

/** What an operator may tune in execution. Durations in milliseconds. */
export interface ExecutionSettings {
  /** Wait for an acknowledgement before an order counts as unknown. */
  readonly ackTimeoutMs: number
  /** How often one intent may be sent while the exchange says that nothing was done. */
  readonly submitAttempts: number
  /** A longer `retryAfterMs` than this is not waited for. */
  readonly maxRetryAfterMs: number
  /** Silence on an acknowledged order after which the exchange is asked. */
  readonly statusAfterMs: number
  /** Backoff between questions about one order: the first ceiling and the last. */
  readonly queryInitialMs: number
  readonly queryMaxMs: number
  /** Wait for the answer to a question. */
  readonly queryTimeoutMs: number
  /** Looks at a resting quote come at least so often; books and halts tell of themselves. */
  readonly quoteCheckMs: number
  /** An order that was to end at once and still rests after this is cancelled. */
  readonly cancelAfterMs: number
  /** "Not found" proves nothing before this, counted from sending: requests travel and exchanges replicate. */
  readonly absentAfterMs: number
  /** So many answers in a row must say "not found". */
  readonly absentAnswers: number
  /** A trade whose orders are not settled by then halts the engine; asking goes on. */
  readonly reconcileDeadlineMs: number
  /** What a trade may leave open, in its profit asset. */
  readonly maxResidualNotional: Decimal
  /** How much worse than the book a repairing order may go, basis points. */
  readonly repairSlippageBps: number
  readonly maxRepairOrders: number
  readonly repairDeadlineMs: number
  /** Wait before trying again where no book can be trusted or nothing was filled. */
  readonly repairRetryMs: number
  /** An ended trade is watched for late fills so long. */
  readonly lingerMs: number
  /** No more ended trades than this are watched, unfilled quotes apart, so that a busy day fills no memory; the newest are. */
  readonly lingerTrades: number
  /** The same for a quote that was pulled without a fill, at most: there are thousands of them an hour. */
  readonly pulledQuoteLingerMs: number
  readonly balanceCheckMs: number
  /** The same difference must be seen so often before it counts as unexplained. */
  readonly balanceConfirmations: number
  /** Differences up to this, in units of the asset, are the exchange's own rounding. */
  readonly balanceTolerance: Decimal
  /** What to do with differences found at start: halt the asset, or take the exchange's word as a transfer. */
  readonly startDifferences: 'halt' | 'adopt'
  /** Countdown of the exchange's own cancel-all, renewed at a third of it; 0 leaves it alone. */
  readonly deadManSwitchMs: number
}

export const defaultExecutionSettings: ExecutionSettings = {
  ackTimeoutMs: 2_000,
  submitAttempts: 3,
  maxRetryAfterMs: 500,
  statusAfterMs: 500,
  queryInitialMs: 200,
  queryMaxMs: 5_000,
  queryTimeoutMs: 5_000,
  quoteCheckMs: 100,
  cancelAfterMs: 1_000,
  absentAfterMs: 6_000,
  absentAnswers: 3,
  reconcileDeadlineMs: 60_000,
  maxResidualNotional: Decimal.of(10),
  repairSlippageBps: 20,
  maxRepairOrders: 10,
  repairDeadlineMs: 30_000,
  repairRetryMs: 200,
  lingerMs: 600_000,
  lingerTrades: 500,
  pulledQuoteLingerMs: 60_000,
  balanceCheckMs: 5_000,
  balanceConfirmations: 3,
  balanceTolerance: Decimal.zero,
  startDifferences: 'halt',
  deadManSwitchMs: 30_000,
}
