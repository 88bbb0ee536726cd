import { toCexArbitrageException, type Clock, type ExchangeId, type Logger, type Timer } from '@cex-arbitrage/common'
import type { PublicExchange } from '@cex-arbitrage/exchanges'
import type { ClockOffsets } from './clock-offsets.js'

export interface ClockPollingDependencies {
  readonly exchanges: readonly Pick<PublicExchange, 'exchange' | 'fetchServerTime'>[]
  readonly offsets: ClockOffsets
  readonly clock: Clock
  readonly log: Logger
  readonly intervalMs: number
}

/** Measures the difference to each exchange's clock at start and at an interval; a failed measurement leaves the last one. */
export class ClockPolling {
  private readonly timers = new Map<ExchangeId, Timer>()
  private started = false

  constructor(private readonly deps: ClockPollingDependencies) {}

  start(): void {
    if (this.started) return
    this.started = true
    for (const exchange of this.deps.exchanges) void this.measure(exchange)
  }

  close(): void {
    this.started = false
    for (const timer of this.timers.values()) timer.cancel()
    this.timers.clear()
  }

  private async measure(exchange: Pick<PublicExchange, 'exchange' | 'fetchServerTime'>): Promise<void> {
    const { offsets, clock, log, intervalMs } = this.deps
    try {
      offsets.record(exchange.exchange, await exchange.fetchServerTime())
    } catch (error) {
      const doing = `fetching the server time of ${exchange.exchange}`
      const exception = toCexArbitrageException(error, { doing, exchange: exchange.exchange })
      log.warn({ exchange: exchange.exchange, error: exception.toJSON() }, 'server time not measured')
    }
    if (!this.started) return
    this.timers.set(
      exchange.exchange,
      clock.setTimer(() => void this.measure(exchange), intervalMs),
    )
  }
}
