import type { Clock } from '@cex-arbitrage/common'

import { wireJson } from '../../server/wire-json.js'

/** A request as it came, with the members that every frame has. */
export interface StreamRequest {
  readonly time: number
  /** Echoed as it was sent; absent when it was. */
  readonly id: unknown
  readonly channel: string
  readonly event: string
  readonly payload: unknown
  readonly auth: Readonly<Record<string, unknown>> | undefined
  /** Text of the frame. */
  readonly raw: string
}

export interface StreamError {
  readonly code: 1 | 2 | 3 | 4
  readonly message: string
}

/** A pushed frame. */
export function pushFrame(clock: Clock, channel: string, result: unknown, event = 'update'): string {
  const nowMs = clock.nowMs()
  return wireJson({ time: Math.floor(nowMs / 1000), time_ms: nowMs, channel, event, result })
}

/** A frame of an order book of the second version has no `time`. */
export const obuFrame = (clock: Clock, channel: string, result: unknown): string =>
  JSON.stringify({ channel, result, time_ms: clock.nowMs(), event: 'update' })

/** The answer to a subscribe or unsubscribe. */
export function acknowledge(
  clock: Clock,
  request: StreamRequest,
  connectionId: string,
  traceId: string,
  error?: StreamError,
): string {
  const nowMs = clock.nowMs()
  return JSON.stringify({
    time: Math.floor(nowMs / 1000),
    time_ms: nowMs,
    ...(request.id !== undefined && { id: request.id }),
    conn_id: connectionId,
    trace_id: traceId,
    channel: request.channel,
    event: request.event,
    ...(request.payload !== undefined && { payload: request.payload }),
    ...(error && { error }),
    result: { status: error === undefined ? 'success' : 'fail' },
    requestId: traceId,
  })
}

/** The answer to an application ping. */
export function pong(clock: Clock, channel: string): string {
  const nowMs = clock.nowMs()
  const time = { time: Math.floor(nowMs / 1000), time_ms: nowMs }
  return JSON.stringify({ ...time, channel, event: '', error: null, result: null })
}

/** Reads a frame; `undefined` when it is no request. */
export function parseStreamRequest(raw: string): StreamRequest | undefined {
  let value: unknown
  try {
    value = JSON.parse(raw)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const { time, id, channel, event, payload, auth } = value as Record<string, unknown>
  if (typeof channel !== 'string') return undefined
  const isAuth = typeof auth === 'object' && auth !== null
  return {
    time: Number(time),
    id,
    channel,
    event: typeof event === 'string' ? event : '',
    payload,
    auth: isAuth ? (auth as Record<string, unknown>) : undefined,
    raw,
  }
}
