import type { Duplex } from 'node:stream'
import { WebSocket } from 'ws'
import { createSocketConnector } from '../utils/socket-connector.js'
import type { SocketOptions } from '../utils/socket-options.js'
import type { ClientSocket } from './client-socket.js'

type CreateConnection = (
  options: unknown,
  onCreated: (error: Error | null, socket: Duplex | null) => void,
) => Duplex | undefined

export interface ConnectWebSocketOptions {
  readonly connectTimeoutMs: number
  readonly maxPayloadBytes: number
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly socket?: SocketOptions | undefined
}

/**
 * Starts a WebSocket over the machine's network: no compression, no UTF-8 check, messages as the socket's own buffers.
 *
 * @throws Error The address is none.
 */
export function connectWebSocket(url: string, options: ConnectWebSocketOptions): ClientSocket {
  const target = new URL(url)
  const isTls = target.protocol === 'wss:' || target.protocol === 'https:'
  const connector = createSocketConnector(options.socket ?? {}, options.connectTimeoutMs)
  const createConnection: CreateConnection = (_, onCreated) => {
    connector(
      {
        protocol: isTls ? 'https:' : 'http:',
        hostname: target.hostname.replace(/^\[|\]$/g, ''),
        port: Number(target.port) || (isTls ? 443 : 80),
      },
      onCreated,
    )
    return undefined
  }
  return new WebSocket(target, {
    perMessageDeflate: false,
    skipUTF8Validation: true,
    maxPayload: options.maxPayloadBytes,
    headers: { ...options.headers },
    createConnection: createConnection as never,
  })
}
