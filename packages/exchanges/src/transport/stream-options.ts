import type { ExchangeId } from '@cex-arbitrage/common'
import type { WebSocketConnectionOptions } from '@cex-arbitrage/networking'
import type { ExchangeContext } from '../factory/exchange-context.js'

/** What an exchange wants of each of its streams. */
export interface StreamNeeds {
  /** Milliseconds between two of the exchange's own pings. */
  readonly pingIntervalMs: number
  /** @param nowMs - Unix milliseconds. */
  readonly createPing: (nowMs: number) => string
  /** Milliseconds without any frame after which a stream is dead, unless an operator says otherwise. */
  readonly maxSilenceMs: number
  /** Unless an operator says otherwise. */
  readonly reconnectBackoff?: { readonly initialMs: number; readonly maxMs: number }
}

type StreamOptions = Pick<
  WebSocketConnectionOptions,
  | 'clock'
  | 'random'
  | 'logger'
  | 'exchange'
  | 'createSocket'
  | 'connectTimeoutMs'
  | 'maxPayloadBytes'
  | 'heartbeat'
  | 'maxSilenceMs'
  | 'reconnect'
>

/** What all streams of an exchange have in common: who they are made with, their heartbeat, their limits. */
export function createStreamOptions(context: ExchangeContext, exchange: ExchangeId, needs: StreamNeeds): StreamOptions {
  const { clock, random, logger, network } = context
  const { pingIntervalMs, reconnectBackoff, maxSilenceMs, ...limits } = context.tuning?.webSocket ?? {}
  const backoff = reconnectBackoff ?? needs.reconnectBackoff
  return {
    clock,
    random,
    logger,
    exchange,
    ...(network && { createSocket: network.createSocket }),
    ...limits,
    heartbeat: {
      applicationPing: {
        intervalMs: Math.min(needs.pingIntervalMs, pingIntervalMs ?? needs.pingIntervalMs),
        createPayload: needs.createPing,
      },
    },
    maxSilenceMs: maxSilenceMs ?? needs.maxSilenceMs,
    ...(backoff && { reconnect: { backoff } }),
  }
}
