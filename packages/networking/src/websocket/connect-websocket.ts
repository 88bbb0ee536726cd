import type { ClientSocket } from './client-socket.js'
import { NetworkSocket, type NetworkSocketOptions } from './network-socket.js'

export type ConnectWebSocketOptions = NetworkSocketOptions

const schemes = new Set(['ws:', 'wss:', 'http:', 'https:'])

/**
 * Starts a WebSocket over the machine's network.
 *
 * @throws TypeError The address or a header is none.
 */
export function connectWebSocket(url: string, options: ConnectWebSocketOptions): ClientSocket {
  const target = new URL(url)
  if (!schemes.has(target.protocol) || target.hash !== '')
    throw new TypeError('The address of a WebSocket begins with ws: or wss: and has no fragment.')
  return new NetworkSocket(target, options)
}
