import websocket from '@fastify/websocket'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { LiveBroadcast } from './live-broadcast.js'
import type { RequestGuard } from './request-guard.js'

const maxClients = 32
const maxMessageBytes = 1_024
/** WebSocket close code: try again later. */
const tryAgainLater = 1_013
const tokenProtocol = /(?:^|,)\s*bearer\.([A-Za-z0-9_-]+)/

/** The WebSocket at `/live`: the whole model first, then what changes. Clients send nothing. */
export function addLiveRoute(app: FastifyInstance, guard: RequestGuard, broadcast: LiveBroadcast): void {
  app.register(websocket, {
    options: {
      maxPayload: maxMessageBytes,
      handleProtocols: (protocols: Set<string>) => (protocols.has('live') ? 'live' : false),
    },
  })
  // The socket of a refused upgrade is no longer the server's to close, and would hold up its end.
  app.addHook('onResponse', async ({ headers, raw }) => {
    if (headers.upgrade !== undefined) raw.socket.end()
  })
  app.register((scope, _options, done) => {
    scope.get('/live', { websocket: true, onRequest: [takeTokenProtocol, guard.checkReader] }, (socket) => {
      if (broadcast.clientCount >= maxClients) return socket.close(tryAgainLater, 'too many clients')
      socket.on('close', () => broadcast.remove(socket))
      socket.on('error', () => broadcast.remove(socket))
      broadcast.add(socket)
    })
    done()
  })
}

/** A page cannot set a header of a socket; it names the token as a subprotocol, `bearer.` and base64url. */
async function takeTokenProtocol(request: FastifyRequest): Promise<void> {
  const encoded = tokenProtocol.exec(request.headers['sec-websocket-protocol'] ?? '')?.[1]
  if (encoded === undefined || request.headers.authorization !== undefined) return
  request.headers.authorization = `Bearer ${Buffer.from(encoded, 'base64url').toString('latin1')}`
}
