import {
  AuthenticationException,
  ExchangeCapabilityException,
  PermissionException,
  type BackoffOptions,
  type CexArbitrageException,
} from '@cex-arbitrage/common'
import type { WebSocketConnectionOptions } from './websocket-options.js'

/** The options of a connection with their defaults filled in. */
export interface WebSocketSettings extends WebSocketConnectionOptions {
  readonly backoff: BackoffOptions
  readonly delayMs: ((failures: number) => number) | undefined
  readonly stableAfterMs: number
  readonly maxAttempts: number
  readonly isFatal: (error: CexArbitrageException) => boolean
  readonly isFatalAtFirst: (error: CexArbitrageException) => boolean
  readonly overlapMs: number
  readonly connectTimeoutMs: number
  readonly setupTimeoutMs: number
  readonly closeTimeoutMs: number
  readonly maxBufferedBytes: number
  readonly maxQueuedMessages: number
  readonly maxPayloadBytes: number
}

export function resolveSettings(options: WebSocketConnectionOptions): WebSocketSettings {
  const { reconnect, rotation } = options
  return {
    ...options,
    backoff: reconnect?.backoff ?? { initialMs: 250, maxMs: 30_000 },
    delayMs: reconnect?.delayMs,
    stableAfterMs: reconnect?.stableAfterMs ?? 10_000,
    maxAttempts: reconnect?.maxAttempts ?? Infinity,
    isFatal: reconnect?.isFatal ?? isBroken,
    isFatalAtFirst: reconnect?.isFatal ?? isRefusal,
    overlapMs: rotation?.overlapMs ?? 1_000,
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
    setupTimeoutMs: options.setupTimeoutMs ?? 10_000,
    closeTimeoutMs: options.closeTimeoutMs ?? 2_000,
    maxBufferedBytes: options.maxBufferedBytes ?? 1_048_576,
    maxQueuedMessages: options.maxQueuedMessages ?? 1_000,
    maxPayloadBytes: options.maxPayloadBytes ?? 16_777_216,
  }
}

const isBroken = (error: CexArbitrageException): boolean => error.recovery === 'halt'

/** What no other attempt of the same kind changes. */
const isRefusal = (error: CexArbitrageException): boolean =>
  error instanceof AuthenticationException ||
  error instanceof PermissionException ||
  error instanceof ExchangeCapabilityException
