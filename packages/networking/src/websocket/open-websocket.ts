import { once } from 'node:events'
import type { ClientRequest, IncomingMessage } from 'node:http'
import type { ClientSocket } from './client-socket.js'
import { connectWebSocket } from './connect-websocket.js'
import type { ConnectionErrors } from './connection-errors.js'
import type { WebSocketSettings } from './websocket-settings.js'

/** As `connectWebSocket`, or as the settings' own `createSocket` does it. @throws CexArbitrageException no address. */
export function openWebSocket(url: string, settings: WebSocketSettings, errors: ConnectionErrors): ClientSocket {
  if (settings.createSocket !== undefined) return settings.createSocket(url, settings.headers ?? {})
  if (!URL.canParse(url)) throw errors.createLost('was given an address that is no URL')
  try {
    return connectWebSocket(url, settings)
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
