/** Largest distance of a request's time from the venue's, seconds. */
export const maxClockSkewS = 60
/** Requests per window; see the venue's rate limit table. */
export const publicRateRule = { limit: 200, windowMs: 10_000 }
export const privateRateRule = { limit: 200, windowMs: 10_000 }
export const placeRateRule = { limit: 10, windowMs: 1_000 }
export const cancelRateRule = { limit: 200, windowMs: 1_000 }
/** Most connections from one address. */
export const maxConnectionsPerIp = 300

export const maxBatchOrdersPerPair = 10
export const maxBatchPairs = 4
export const maxBatchAmends = 5
export const maxBatchCancels = 20
export const maxFeePairs = 50
/** Bytes of a client id after its `t-`. */
export const maxTextBytes = 28

/** How long an ended order is still found by its `text`. */
export const textLookupMs = 3_600_000
/** How long an order that ended without a fill is still found at all. */
export const unfilledLookupMs = 60_000
export const minCountdownS = 5

/** Depth and interval, milliseconds, of `spot.order_book_update`. */
export const bookUpdateSpeeds: Readonly<Record<string, { readonly depth: number; readonly intervalMs: number }>> = {
  '100ms': { depth: 100, intervalMs: 100 },
  '20ms': { depth: 20, intervalMs: 20 },
}
/** Depth and interval of `spot.obu`. */
export const obuSpeeds: Readonly<Record<string, { readonly depth: number; readonly intervalMs: number }>> = {
  '400': { depth: 400, intervalMs: 100 },
  '50': { depth: 50, intervalMs: 20 },
}
/** Depths of `futures.order_book_update` by interval; the first is what stands for none. */
export const futuresBookLevels: Readonly<Record<string, readonly number[]>> = { '100ms': [100, 50, 20], '20ms': [20] }
/** Depths of `futures.order_book`. */
export const futuresSnapshotLevels = [1, 5, 10, 20, 50, 100]
export const bookSnapshotLevels = [5, 10, 20, 30, 50, 100]
export const bookSnapshotIntervalsMs: Readonly<Record<string, number>> = { '100ms': 100, '1000ms': 1000 }
export const bookTickerIntervalMs = 10
export const tickerIntervalMs = 1_000
export const candleIntervalMs = 2_000

/** Of perpetuals, per account. */
export const futuresPlaceRateRule = { limit: 100, windowMs: 1_000 }
export const maxFuturesBatchOrders = 10
export const maxFuturesBatchCancels = 20
export const maxFuturesOpenOrders = 100
/** How long an order of a perpetual that ended without a fill is found by id, and by its `text`. */
export const futuresUnfilledLookupMs = 600_000
export const futuresUnfilledTextLookupMs = 60_000
/** Part of the last price beyond which a market order does not trade. */
export const marketSlipRatio = '0.04'

const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** Length of every candle interval, milliseconds. */
export const candleLengthsMs: Readonly<Record<string, number>> = {
  '1s': secondMs,
  '10s': 10 * secondMs,
  '30s': 30 * secondMs,
  '1m': minuteMs,
  '3m': 3 * minuteMs,
  '5m': 5 * minuteMs,
  '15m': 15 * minuteMs,
  '30m': 30 * minuteMs,
  '1h': hourMs,
  '2h': 2 * hourMs,
  '4h': 4 * hourMs,
  '6h': 6 * hourMs,
  '8h': 8 * hourMs,
  '12h': 12 * hourMs,
  '1d': dayMs,
  '7d': 7 * dayMs,
  '1w': 7 * dayMs,
  '30d': 30 * dayMs,
}
export const restCandleIntervals = ['1s', '10s', '1m', '5m', '15m', '30m', '1h', '4h', '8h', '1d', '7d', '30d']
export const streamCandleIntervals = Object.keys(candleLengthsMs).filter((name) => name !== '1s' && name !== '1w')
export const futuresCandleIntervals = [
  '10s',
  '30s',
  '1m',
  '5m',
  '15m',
  '30m',
  '1h',
  '4h',
  '8h',
  '1d',
  '7d',
  '1w',
  '30d',
]
export const futuresStreamCandleIntervals = ['10s', '1m', '5m', '15m', '30m', '1h', '4h', '8h', '1d', '7d']
export const maxFuturesCandles = 2_000
export const maxCandles = 1_000
export const maxCandlesBack = 10_000
