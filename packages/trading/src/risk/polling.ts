import { toCexArbitrageException, type Clock, type ExchangeId, type Logger, type Timer } from '@cex-arbitrage/common'

export interface PollingDependencies<Source> {
  readonly sources: readonly Source[]
  readonly exchangeOf: (source: Source) => ExchangeId
  readonly ask: (source: Source) => Promise<void>
  /** What a failure of it is called, `measuring server time`. */
  readonly doing: string
  readonly clock: Clock
  readonly log: Logger
  readonly intervalMs: number
}

/** Asks each source at the start and at an interval; a failed answer leaves the last one. */
export class Polling<Source> {
  private readonly timers = new Map<Source, Timer>()
  private started = false

  constructor(private readonly deps: PollingDependencies<Source>) {}

  start(): void {
    if (this.started) return
    this.started = true
    for (const source of this.deps.sources) void this.turn(source)
  }

  close(): void {
    this.started = false
    for (const timer of this.timers.values()) timer.cancel()
    this.timers.clear()
  }

  private async turn(source: Source): Promise<void> {
    const { ask, exchangeOf, doing, clock, log, intervalMs } = this.deps
    try {
      await ask(source)
    } catch (error) {
      const exchange = exchangeOf(source)
      const exception = toCexArbitrageException(error, { doing, exchange })
      log.warn({ exchange, doing, error: exception.toJSON() }, 'not answered, asked again later')
    }
    if (!this.started) return
    this.timers.set(
      source,
      clock.setTimer(() => void this.turn(source), intervalMs),
    )
  }
}
