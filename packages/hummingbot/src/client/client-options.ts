import type { Clock, Logger, Random } from '@cex-arbitrage/common'
import type { TlsOptions, WebSocketConnectionOptions } from '@cex-arbitrage/networking'
import type { HummingbotEventSink } from './event-engine.js'
import { HummingbotValidationException } from './hummingbot-exception.js'
import * as defaults from './protocol-constants.js'

/** The part of a connection that the client uses; `WebSocketConnection` of networking unless a test brings its own. */
export interface ClientConnection {
  connect(): Promise<void>
  send(data: string, receipt?: { onWritten?(epoch: number): void }): void
  reconnect(reason: string): void
  close(deadlineMs?: number): Promise<void>
}

export interface HummingbotClientOptions {
  /** Where events go; they wait there until it is started. */
  readonly eventEngine: HummingbotEventSink
  /** Bare host name or address; an IPv6 address without brackets. */
  readonly apiHost: string
  readonly apiPort: number
  /** Sent in the `authenticate` frame and nowhere else. */
  readonly apiKey: string
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Milliseconds that each attempt waits for its answer; 5,000 by default. */
  readonly requestTimeoutMs?: number
  /** Attempts after the first; 3 by default. */
  readonly retryAttempts?: number
  /** `true`, or how to do it: `wss` with verified certificates. */
  readonly tls?: boolean | TlsOptions
  /** Requests in flight at once; 10 by default. */
  readonly maxInFlight?: number
  /** Frames in any `periodMs`; 20 in 1,000 ms by default. `marginMs` is added to the period, for a strict server. */
  readonly rateLimit?: { readonly frames: number; readonly periodMs: number; readonly marginMs?: number }
  /** Fraction by which the wait before a retry varies either way; 0 by default. */
  readonly retryJitter?: number
  /** Milliseconds between pings; 30,000 by default. */
  readonly pingIntervalMs?: number
  readonly connectTimeoutMs?: number
  /** Attempts to reconnect after a loss before it gives up; none by default. */
  readonly maxReconnectAttempts?: number
  /** Answers without `id` settle the only pending request, as in the original's tests; `false` by default. */
  readonly matchUntaggedResponses?: boolean
  /** Sends `client_order_id` only when the caller gives one; `false` by default. An order then cannot be asked for. */
  readonly strictOriginal?: boolean
  /** After a reconnect, asks what became of the orders that were open; `true` by default. */
  readonly recoverOrders?: boolean
  /** Makes the connection; networking's own by default. */
  readonly createConnection?: (options: WebSocketConnectionOptions) => ClientConnection
}

/** The options with their defaults, without the key. */
export interface HummingbotClientSettings extends Omit<
  HummingbotClientOptions,
  'apiKey' | 'tls' | 'maxReconnectAttempts' | 'createConnection' | 'eventEngine'
> {
  readonly url: string
  readonly requestTimeoutMs: number
  readonly retryAttempts: number
  readonly retryJitter: number
  readonly maxInFlight: number
  readonly rateLimit: { readonly frames: number; readonly periodMs: number; readonly marginMs?: number }
  readonly pingIntervalMs: number
  readonly connectTimeoutMs: number
  readonly maxReconnectAttempts: number | undefined
  readonly tls: TlsOptions | undefined
  readonly matchUntaggedResponses: boolean
  readonly strictOriginal: boolean
  readonly recoverOrders: boolean
}

/** @throws {@link HummingbotValidationException} The first thing wrong, in the order of A9. */
export function resolveClientOptions(options: HummingbotClientOptions): HummingbotClientSettings {
  assertClientOptions(options)
  const { apiKey: _, eventEngine: __, createConnection: ___, tls, ...rest } = options
  return {
    ...rest,
    url: createClientUrl(options),
    requestTimeoutMs: options.requestTimeoutMs ?? defaults.DEFAULT_REQUEST_TIMEOUT_MS,
    retryAttempts: options.retryAttempts ?? defaults.DEFAULT_RETRY_ATTEMPTS,
    retryJitter: options.retryJitter ?? 0,
    maxInFlight: options.maxInFlight ?? defaults.DEFAULT_MAX_IN_FLIGHT,
    rateLimit: options.rateLimit ?? { frames: defaults.DEFAULT_MAX_FRAMES, periodMs: defaults.DEFAULT_RATE_PERIOD_MS },
    pingIntervalMs: options.pingIntervalMs ?? defaults.DEFAULT_PING_INTERVAL_MS,
    connectTimeoutMs: options.connectTimeoutMs ?? defaults.DEFAULT_CONNECT_TIMEOUT_MS,
    maxReconnectAttempts: options.maxReconnectAttempts,
    tls: typeof tls === 'object' ? tls : undefined,
    matchUntaggedResponses: options.matchUntaggedResponses ?? false,
    strictOriginal: options.strictOriginal ?? false,
    recoverOrders: options.recoverOrders ?? true,
  }
}

/** The address (A2): an IPv6 literal in brackets, no credentials. */
export function createClientUrl({
  apiHost,
  apiPort,
  tls,
}: Pick<HummingbotClientOptions, 'apiHost' | 'apiPort' | 'tls'>): string {
  const isTls = tls !== undefined && tls !== false
  const host = apiHost.includes(':') && !apiHost.startsWith('[') ? `[${apiHost}]` : apiHost
  return `${isTls ? 'wss' : 'ws'}://${host}:${apiPort}/ws`
}

function assertClientOptions(options: HummingbotClientOptions): void {
  // Callers may come without our compiler, so nothing is taken for granted.
  const { apiHost, apiPort, apiKey, requestTimeoutMs, retryAttempts, eventEngine } = options as Partial<
    Record<keyof HummingbotClientOptions, unknown>
  >
  if (typeof apiHost !== 'string' || apiHost.trim() === '') fail('API host cannot be empty')
  if (/[/\s@]|:\/\//.test(apiHost) || /^[^[:]*:[^:]*$/.test(apiHost))
    fail('API host must be a bare host name or address')
  if (!isInteger(apiPort) || apiPort < 1 || apiPort > 65_535) fail('API port must be a valid port number (1-65535)')
  if (typeof apiKey !== 'string' || apiKey.trim() === '') fail('API key cannot be empty')
  if (requestTimeoutMs !== undefined && !isPositive(requestTimeoutMs)) fail('Request timeout must be positive')
  if (retryAttempts !== undefined && (!isInteger(retryAttempts) || retryAttempts < 0))
    fail('Retry attempts cannot be negative')
  if (typeof (eventEngine as { put?: unknown } | undefined | null)?.put !== 'function') fail('Event engine is required')
  assertLimits(options)
}

function assertLimits({ maxInFlight, rateLimit, pingIntervalMs, maxReconnectAttempts }: HummingbotClientOptions): void {
  if (maxInFlight !== undefined && (!isInteger(maxInFlight) || maxInFlight < 1)) fail('Concurrency must be positive')
  if (
    rateLimit !== undefined &&
    !(isInteger(rateLimit.frames) && rateLimit.frames > 0 && isPositive(rateLimit.periodMs))
  )
    fail('Rate limit must be positive')
  if (pingIntervalMs !== undefined && !isPositive(pingIntervalMs)) fail('Ping interval must be positive')
  if (maxReconnectAttempts !== undefined && (!isInteger(maxReconnectAttempts) || maxReconnectAttempts < 0))
    fail('Reconnect attempts cannot be negative')
}

const isInteger = (value: unknown): value is number => Number.isInteger(value)
const isPositive = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value > 0

function fail(message: string): never {
  throw new HummingbotValidationException(message)
}
