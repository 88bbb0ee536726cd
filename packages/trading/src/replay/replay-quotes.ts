import { settle, usPerMs, type VirtualClock } from '@cex-arbitrage/common'
import type { CapturedQuoteFeed } from './captured-quote-feed.js'
import type { QuoteSeries } from './quote-series.js'

export interface ReplayedQuotes {
  readonly series: QuoteSeries
  readonly feed: CapturedQuoteFeed
}

export interface QuoteReplayOptions {
  readonly sources: readonly ReplayedQuotes[]
  /** At the time of the first quote. */
  readonly clock: VirtualClock
  /** Whether something waits for promises; while nothing does, quotes follow each other at once. */
  readonly isBusy: () => boolean
  /** Called after all quotes of a timestamp, from the first at which every source has quoted; rows by source. */
  readonly onRow?: (timestampMs: number, rows: Int32Array) => void
}

/**
 * Shows captures side by side: quotes of one timestamp in the order of the sources, timers between them at their own time.
 *
 * @returns The number of quotes shown.
 */
export async function replayQuotes({ sources, clock, isBusy, onRow }: QuoteReplayOptions): Promise<number> {
  const rows = new Int32Array(sources.length).fill(-1)
  const total = sources.reduce((sum, { series }) => sum + series.length, 0)
  let shown = 0
  let missing = sources.length
  while (shown < total) {
    let timestampMs = Number.POSITIVE_INFINITY
    for (let i = 0; i < sources.length; i++)
      timestampMs = Math.min(timestampMs, sources[i]!.series.timestampMs[rows[i]! + 1] ?? Number.POSITIVE_INFINITY)
    await clock.advanceTo((timestampMs - clock.startMs) * usPerMs)
    for (let i = 0; i < sources.length; i++) {
      const { series, feed } = sources[i]!
      while (series.timestampMs[rows[i]! + 1] === timestampMs) {
        if (rows[i] === -1) missing--
        rows[i]!++
        shown++
        feed.show(rows[i]!)
        if (isBusy()) await settle()
      }
    }
    if (missing === 0) onRow?.(timestampMs, rows)
  }
  return shown
}

/** Unix milliseconds of the first quote of all. */
export const firstTimestampMs = (series: readonly QuoteSeries[]): number =>
  Math.min(...series.map(({ timestampMs }) => timestampMs[0]!))
