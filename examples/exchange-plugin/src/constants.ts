import { createExchangeId, msPerMinute, msPerSecond } from '@cex-arbitrage/common'

// Every number of the exchange, with its source and the day on which it was read.

export const sampleExchangeId = createExchangeId('sample')

export const sampleRestUrl = 'https://api.sample.example'
export const sampleWebSocketUrl = 'wss://api.sample.example/stream'

/** Deepest book that a query answers, levels a side. */
export const maxSnapshotDepth = 500
export const defaultDepth = 100
export const maxTrades = 1_000
export const maxCandles = 500
export const maxClientOrderIdLength = 32

export const maxSubscriptionsPerConnection = 50
export const pingIntervalMs = 15 * msPerSecond
export const maxSilenceMs = msPerMinute
export const subscriptionTimeoutMs = 5 * msPerSecond
/** A measurement of the exchange's clock counts so long. */
export const clockMeasurementMs = 10 * msPerMinute

/** A book without a frame for so long asks for its first snapshot all the same. */
export const quietPairMs = 300
/** A trusted book without a frame for so long is doubted. */
export const bookSilenceMs = 15 * msPerSecond
export const snapshots = {
  maxConcurrent: 4,
  minIntervalMs: 50,
  retryInitialMs: 200,
  retryMaxMs: 10 * msPerSecond,
} as const
