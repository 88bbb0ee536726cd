import type { NetworkConfig } from '@cex-arbitrage/config'
import type { NetworkTuning } from '@cex-arbitrage/exchanges'

/** How connections are made and kept, from the configuration. */
export function toNetworkTuning(network: NetworkConfig): NetworkTuning {
  const { retry, circuitBreaker, pool, websocket, connectTimeoutMs, requestTimeoutMs } = network
  return {
    rest: {
      timeouts: {
        connectMs: connectTimeoutMs,
        headersMs: requestTimeoutMs,
        bodyMs: requestTimeoutMs,
        totalMs: requestTimeoutMs,
      },
      retry: {
        maxAttempts: retry.maxAttempts,
        backoff: { initialMs: retry.initialDelayMs, maxMs: retry.maxDelayMs },
      },
      circuit: circuitBreaker,
      connections: pool.connectionsPerOrigin,
      keepAliveMs: pool.keepAliveMs,
    },
    webSocket: {
      connectTimeoutMs: websocket.openTimeoutMs,
      pingIntervalMs: websocket.heartbeatIntervalMs,
      maxSilenceMs: websocket.silenceTimeoutMs,
      reconnectBackoff: { initialMs: websocket.reconnectInitialDelayMs, maxMs: websocket.reconnectMaxDelayMs },
      maxPayloadBytes: websocket.maxFrameBytes,
    },
  }
}
