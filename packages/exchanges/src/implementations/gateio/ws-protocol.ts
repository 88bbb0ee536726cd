import { msPerSecond } from '@cex-arbitrage/common'
import type { ExchangeContext } from '../../factory/exchange-context.js'
import { createStreamOptions } from '../../transport/stream-options.js'
import {
  gateioExchangeId,
  gateioTestnetWebSocketUrl,
  gateioWebSocketUrl,
  maxSilenceMs,
  pingIntervalMs,
} from './constants.js'
import {
  gateioApiFrameSchema,
  gateioFrameSchema,
  type GateioApiFrame,
  type GateioFrame,
  type GateioOptions,
} from './schemas.js'
import type { GateioApiAuth, GateioChannelAuth } from './signer.js'

/** The address of the spot WebSocket service: channels, private channels and the WebSocket API share it. */
export function webSocketUrlOf(
  context: Pick<ExchangeContext, 'webSocketUrl'>,
  options: Pick<GateioOptions, 'useTestnet'>,
): string {
  return context.webSocketUrl ?? (options.useTestnet ? gateioTestnetWebSocketUrl : gateioWebSocketUrl)
}

export type GateioChannelEvent = 'subscribe' | 'unsubscribe'

/**
 * The frame that subscribes to a channel or ends it.
 *
 * @param timeSeconds - Unix seconds; the one that `auth` was signed with.
 * @param id - Comes back in the acknowledgement; an int32.
 */
export function createGateioSubscription(
  channel: string,
  event: GateioChannelEvent,
  payload: readonly string[] | undefined,
  timeSeconds: number,
  id: number,
  auth?: GateioChannelAuth,
): string {
  return JSON.stringify({ time: timeSeconds, id, channel, event, payload, auth })
}

/** Keeps a connection alive and shows that it is: the exchange answers with a pong. */
export function createGateioPing(channel: string, nowMs: number): string {
  return JSON.stringify({ time: Math.floor(nowMs / msPerSecond), channel })
}

/** How every stream of the exchange is kept alive and watched; `pingChannel` is that of its market. */
export const createGateioStreamOptions = (context: ExchangeContext, pingChannel: string) =>
  createStreamOptions(context, gateioExchangeId, {
    pingIntervalMs,
    createPing: (nowMs) => createGateioPing(pingChannel, nowMs),
    maxSilenceMs,
  })

/** The login of the WebSocket API. */
export function createGateioLogin(
  channel: string,
  requestId: string,
  timeSeconds: number,
  auth: GateioApiAuth,
): string {
  return JSON.stringify({ time: timeSeconds, channel, event: 'api', payload: { req_id: requestId, ...auth } })
}

/**
 * A call of the WebSocket API on a connection that is logged in.
 *
 * @param expiresAtMs - The exchange refuses what it receives later; on its own clock.
 */
export function createGateioApiRequest(
  channel: string,
  requestId: string,
  parameters: unknown,
  timeSeconds: number,
  expiresAtMs?: number,
): string {
  return JSON.stringify({
    time: timeSeconds,
    channel,
    event: 'api',
    payload: {
      req_id: requestId,
      ...(expiresAtMs !== undefined && { req_header: { 'x-gate-exptime': String(Math.floor(expiresAtMs)) } }),
      req_param: parameters,
    },
  })
}

/** A frame as one of a channel; `undefined` when it is none. */
export const readGateioFrame = (message: unknown): GateioFrame | undefined => gateioFrameSchema.safeParse(message).data

/** A frame as an answer of the WebSocket API; `undefined` when it is none. */
export const readGateioApiFrame = (message: unknown): GateioApiFrame | undefined =>
  gateioApiFrameSchema.safeParse(message).data

/** Whether a channel's answer says that a subscription was refused. */
export const isRefusal = (frame: GateioFrame): boolean =>
  (frame.error !== undefined && frame.error !== null) ||
  (frame.result as { readonly status?: unknown } | null | undefined)?.status === 'fail'
