import { settle, usPerMs, type VirtualClock } from '@cex-arbitrage/common'
import type { CapturedQuoteFeed } from './captured-quote-feed.js'
import type { QuoteSeries } from './quote-series.js'

export interface ReplayedQuotes {
  readonly series: QuoteSeries
  readonly feed: CapturedQuoteFeed
}

export interface QuoteReplayOptions {
  readonly sources: readonly ReplayedQuotes[]
  /** At or before the time at which the last source begins. */
  readonly clock: VirtualClock
  /** Whether something waits for promises; while nothing does, quotes follow each other at once. */
  readonly isBusy: () => boolean
  /** Called after all quotes of a timestamp, rows by source. */
  readonly onRow?: (timestampMs: number, rows: Int32Array) => void
}

/**
 * Shows captures side by side: quotes of one timestamp in the order of the sources, timers between them at their own time.
 * Begins when the last source begins; of what the others had before, the newest quote is shown.
 *
 * @returns The number of quotes shown.
 */
export async function replayQuotes({ sources, clock, isBusy, onRow }: QuoteReplayOptions): Promise<number> {
  const startMs = commonStartMs(sources.map(({ series }) => series))
  const rows = Int32Array.from(sources, ({ series }) => lastRowBefore(series, startMs))
  await clock.advanceTo((startMs - clock.startMs) * usPerMs)
  let shown = 0
  for (let i = 0; i < sources.length; i++) {
    if (rows[i]! < 0) continue
    sources[i]!.feed.show(rows[i]!)
    shown++
  }
  for (;;) {
    let timestampMs = Number.POSITIVE_INFINITY
    for (let i = 0; i < sources.length; i++)
      timestampMs = Math.min(timestampMs, sources[i]!.series.timestampMs[rows[i]! + 1] ?? Number.POSITIVE_INFINITY)
    if (timestampMs === Number.POSITIVE_INFINITY) return shown
    await clock.advanceTo((timestampMs - clock.startMs) * usPerMs)
    for (let i = 0; i < sources.length; i++) {
      const { series, feed } = sources[i]!
      while (series.timestampMs[rows[i]! + 1] === timestampMs) {
        rows[i]!++
        shown++
        feed.show(rows[i]!)
        if (isBusy()) await settle()
      }
    }
    onRow?.(timestampMs, rows)
  }
}

/** Unix milliseconds at which the last of the captures begins. */
export const commonStartMs = (series: readonly QuoteSeries[]): number =>
  Math.max(...series.map(({ timestampMs }) => timestampMs[0]!))

/** -1 when there is none. */
function lastRowBefore({ timestampMs, length }: QuoteSeries, untilMs: number): number {
  let row = 0
  while (row < length && timestampMs[row]! < untilMs) row++
  return row - 1
}
