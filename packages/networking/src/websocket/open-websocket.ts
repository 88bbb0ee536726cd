import { once } from 'node:events'
import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocket } from 'ws'
import { createSocketConnector } from '../utils/socket-connector.js'
import type { ClientSocket } from './client-socket.js'
import type { ConnectionErrors } from './connection-errors.js'
import type { WebSocketSettings } from './websocket-settings.js'

type CreateConnection = (
  options: unknown,
  onCreated: (error: Error | null, socket: Duplex | null) => void,
) => Duplex | undefined

/**
 * Starts a WebSocket: no compression, no UTF-8 check, messages as the socket's own buffers.
 *
 * @throws CexArbitrageException The address is none; it is not shown.
 */
export function openWebSocket(url: string, settings: WebSocketSettings, errors: ConnectionErrors): ClientSocket {
  if (settings.createSocket !== undefined) return settings.createSocket(url, settings.headers ?? {})
  let target: URL
  try {
    target = new URL(url)
  } catch {
    throw errors.createLost('was given an address that is no URL')
  }
  const isTls = target.protocol === 'wss:' || target.protocol === 'https:'
  const connector = createSocketConnector(settings.socket ?? {}, settings.connectTimeoutMs)
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
  try {
    return new WebSocket(target, {
      perMessageDeflate: false,
      skipUTF8Validation: true,
      maxPayload: settings.maxPayloadBytes,
      headers: { ...settings.headers },
      createConnection: createConnection as never,
    })
  } catch {
    throw errors.createLost('was given an address that is no WebSocket URL')
  }
}

/** Resolves when the handshake is done. @throws CexArbitrageException it failed. */
export async function waitForOpen(socket: ClientSocket, errors: ConnectionErrors, nowMs: () => number): Promise<void> {
  socket.once('unexpected-response', (request: ClientRequest, response: IncomingMessage) => {
    socket.emit('error', errors.createUpgradeRefused(response, nowMs()))
    request.destroy()
  })
  try {
    await once(socket, 'open')
  } catch (error) {
    throw errors.wrap(error, 'to connect')
  }
}
