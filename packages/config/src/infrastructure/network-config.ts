import * as z from 'zod'
import { realNumber, wholeNumber } from '../core/fields.js'

const retrySchema = z
  .strictObject({
    maxAttempts: wholeNumber(
      1,
      20,
      3,
      'Tries of a request that is safe to repeat, the first included. Orders are never repeated blindly.',
    ),
    initialDelayMs: wholeNumber(1, 60_000, 100, 'Longest wait in milliseconds before the second try.'),
    maxDelayMs: wholeNumber(1, 600_000, 5000, 'Longest wait in milliseconds before any try.'),
  })
  .prefault({})
  .describe('Repetition of failed requests, with exponential backoff and full jitter.')

const circuitBreakerSchema = z
  .strictObject({
    windowMs: wholeNumber(100, 600_000, 10_000, 'Milliseconds over which failures are counted.'),
    minimumCalls: wholeNumber(1, 1000, 5, 'Requests in the window before it can open.'),
    failureRate: realNumber(0.01, 1, 0.5, 'Share of failed requests in the window at which it opens.'),
    openMs: wholeNumber(
      10,
      600_000,
      500,
      'Milliseconds until a probe is let through; twice as long after each probe that failed.',
    ),
    maxOpenMs: wholeNumber(10, 600_000, 10_000, 'Longest milliseconds until a probe is let through.'),
    probes: wholeNumber(1, 100, 1, 'Probes that must succeed before everything is let through.'),
  })
  .prefault({})
  .describe('Holds off a failing exchange.')

const poolSchema = z
  .strictObject({
    connectionsPerOrigin: wholeNumber(
      1,
      256,
      4,
      'REST connections at once to each exchange for orders, and as many for everything else.',
    ),
    keepAliveMs: wholeNumber(1000, 600_000, 30_000, 'Milliseconds that an idle connection is kept.'),
  })
  .prefault({})
  .describe('The REST connection pool.')

const websocketSchema = z
  .strictObject({
    openTimeoutMs: wholeNumber(100, 120_000, 10_000, 'Milliseconds until an opening connection is given up.'),
    heartbeatIntervalMs: wholeNumber(
      1000,
      120_000,
      15_000,
      "Longest milliseconds between two of the exchange's own pings; an exchange that wants them more often gets them.",
    ),
    silenceTimeoutMs: wholeNumber(
      1000,
      600_000,
      30_000,
      'Milliseconds without any frame after which a connection counts as dead.',
    ),
    reconnectInitialDelayMs: wholeNumber(0, 60_000, 250, 'Longest wait in milliseconds before the first reconnection.'),
    reconnectMaxDelayMs: wholeNumber(1, 600_000, 5000, 'Longest wait in milliseconds before any reconnection.'),
    maxFrameBytes: wholeNumber(
      1024,
      268_435_456,
      16_777_216,
      'Largest frame in bytes; a larger one closes the connection.',
    ),
  })
  .prefault({})
  .describe('WebSocket connections.')

export const networkConfigSchema = z
  .strictObject({
    connectTimeoutMs: wholeNumber(100, 120_000, 5000, 'Milliseconds until a connection attempt is given up.'),
    requestTimeoutMs: wholeNumber(
      100,
      120_000,
      10_000,
      'Milliseconds for a REST call that is no order, from its queue to its last byte; orders have execution.ackTimeoutMs.',
    ),
    retry: retrySchema,
    circuitBreaker: circuitBreakerSchema,
    pool: poolSchema,
    websocket: websocketSchema,
    clockSyncIntervalMs: wholeNumber(
      1000,
      3_600_000,
      60_000,
      "Milliseconds between two measurements of an exchange's clock.",
    ),
  })
  .prefault({})
  .describe('Connections, timeouts and retries.')

export type NetworkConfig = z.infer<typeof networkConfigSchema>
