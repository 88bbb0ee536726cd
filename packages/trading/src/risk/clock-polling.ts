import type { Clock, Logger } from '@cex-arbitrage/common'
import type { PublicExchange } from '@cex-arbitrage/exchanges'
import type { ClockOffsets } from './clock-offsets.js'
import { Polling } from './polling.js'

type TimeSource = Pick<PublicExchange, 'exchange' | 'fetchServerTime'>

export interface ClockPollingDependencies {
  readonly exchanges: readonly TimeSource[]
  readonly offsets: ClockOffsets
  readonly clock: Clock
  readonly log: Logger
  readonly intervalMs: number
}

/** Measures the difference to each exchange's clock. */
export const createClockPolling = ({ exchanges, offsets, clock, log, intervalMs }: ClockPollingDependencies) =>
  new Polling<TimeSource>({
    // One clock an exchange, whatever is traded there.
    sources: exchanges.filter(
      ({ exchange }, index) => exchanges.findIndex((one) => one.exchange === exchange) === index,
    ),
    exchangeOf: ({ exchange }) => exchange,
    ask: async (source) => offsets.record(source.exchange, await source.fetchServerTime()),
    doing: 'measuring the server time',
    clock,
    log,
    intervalMs,
  })
