import { fixedWindow, type KlineWindow } from './market-data.js'

const minuteMs = 60_000
const hourMs = 3_600_000

/** Interval names of the REST route; there is no `1h`. */
export const restIntervals: Readonly<Record<string, KlineWindow>> = {
  '1m': fixedWindow(minuteMs),
  '5m': fixedWindow(5 * minuteMs),
  '15m': fixedWindow(15 * minuteMs),
  '30m': fixedWindow(30 * minuteMs),
  '60m': fixedWindow(hourMs),
  '4h': fixedWindow(4 * hourMs),
  '1d': fixedWindow(24 * hourMs),
  '1W': { kind: 'week' },
  '1M': { kind: 'month' },
}

/** Interval names of the kline stream. */
export const streamIntervals: Readonly<Record<string, KlineWindow>> = {
  Min1: fixedWindow(minuteMs),
  Min5: fixedWindow(5 * minuteMs),
  Min15: fixedWindow(15 * minuteMs),
  Min30: fixedWindow(30 * minuteMs),
  Min60: fixedWindow(hourMs),
  Hour4: fixedWindow(4 * hourMs),
  Hour8: fixedWindow(8 * hourMs),
  Day1: fixedWindow(24 * hourMs),
  Week1: { kind: 'week' },
  Month1: { kind: 'month' },
}
