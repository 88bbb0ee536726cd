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
