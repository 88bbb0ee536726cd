import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Duplex } from 'node:stream'

import type { Clock, Timer } from '@cex-arbitrage/common'
import { WebSocketServer } from 'ws'

import type { ActiveFault } from '../faults/fault-rule.js'
import { RestEndpoint, readRequest, type RawRequest, type RestEndpointParts } from './rest-endpoint.js'
import type { RestReply } from './rest-reply.js'
import type { ServerSocket, SocketHandshake } from './server-socket.js'
import { StreamSession } from './stream-session.js'

/** Idle connections stay open longer than any client keeps them, so that no request meets a closing one. */
const keepAliveMs = 75_000
/** Of a refused WebSocket. */
const refusedStatus = 503

export interface ServerOptions {
  /** Address to listen on; loopback when absent. */
  readonly host?: string
  /** 0 (default) takes a free one. */
  readonly port?: number
  /** PEM texts; plain HTTP when absent. */
  readonly tls?: { readonly key: string; readonly cert: string }
  /** Milliseconds between protocol PINGs to every client; 20 000 when absent. */
  readonly pingIntervalMs?: number
  /** Milliseconds without any sign of life until a client is cut; 60 000 when absent. */
  readonly idleTimeoutMs?: number
}

export interface VenueServerParts extends RestEndpointParts {
  readonly clock: Clock
  /** Called for every accepted WebSocket. */
  readonly openSession: (session: StreamSession) => void
}

/** HTTP and WebSocket on one port, or from within the process. */
export class VenueServer {
  readonly sessions = new Set<StreamSession>()
  private readonly rest: RestEndpoint
  private readonly webSockets = new WebSocketServer({ noServer: true, autoPong: false, maxPayload: 1_048_576 })
  private readonly sockets = new Set<Duplex>()
  private server: Server | undefined
  private pinger: Timer | undefined
  private sessionCount = 0

  constructor(
    private readonly parts: VenueServerParts,
    private readonly options: ServerOptions,
  ) {
    this.rest = new RestEndpoint(parts)
    parts.faults.onAdd((fault) => this.onFault(fault))
  }

  get secure(): boolean {
    return this.options.tls !== undefined
  }

  /** Begins to serve requests and sockets that come from within the process. */
  begin(): void {
    this.schedulePing()
  }

  /** Answers a request that came from within the process. */
  answer(request: RawRequest, reply: RestReply): Promise<void> {
    return this.rest.answer(readRequest(request, this.parts.clock.nowMs()), reply)
  }

  /** Takes a connected socket, or refuses it with the HTTP status given back. */
  accept(handshake: SocketHandshake, socket: ServerSocket): number | undefined {
    if (this.isRefusing()) return refusedStatus
    this.open(handshake, socket)
    return undefined
  }

  /** Listens; resolves with the port. */
  async start(): Promise<number> {
    const onRequest: Parameters<typeof createServer>[1] = (incoming, outgoing) => {
      void this.rest.serve(incoming, outgoing)
    }
    const { tls } = this.options
    const server = tls === undefined ? createServer(onRequest) : createTlsServer({ ...tls }, onRequest)
    server.keepAliveTimeout = keepAliveMs
    server.on('connection', (socket: Duplex) => {
      this.sockets.add(socket)
      socket.on('close', () => this.sockets.delete(socket))
    })
    server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.options.port ?? 0, this.options.host ?? '127.0.0.1', () => resolve())
    })
    this.server = server
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  /** Cuts every connection and stops listening. */
  async close(): Promise<void> {
    this.pinger?.cancel()
    for (const session of this.sessions) session.terminate()
    const { server } = this
    this.server = undefined
    if (server === undefined) return
    const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
    for (const socket of this.sockets) socket.destroy()
    await closed
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    if (this.isRefusing()) {
      socket.end(`HTTP/1.1 ${refusedStatus} Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    this.webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const headers: Record<string, string> = {}
      for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value)
      this.open({ url: request.url ?? '/', headers, ip: request.socket.remoteAddress ?? '' }, webSocket)
    })
  }

  private isRefusing(): boolean {
    return this.parts.faults.take(['maintenance', 'refuse_connection'], { scope: 'public' }) !== undefined
  }

  private open(handshake: SocketHandshake, socket: ServerSocket): void {
    const { clock, faults, latency } = this.parts
    const id = `s${++this.sessionCount}`
    const session = new StreamSession({ id, socket, ...handshake, clock, faults, latency })
    this.sessions.add(session)
    session.onClose(() => this.sessions.delete(session))
    this.parts.openSession(session)
  }

  private schedulePing(): void {
    const idleUs = (this.options.idleTimeoutMs ?? 60_000) * 1000
    this.pinger = this.parts.clock.setTimer(() => {
      const nowUs = this.parts.clock.nowUs()
      for (const session of this.sessions) {
        if (nowUs - session.lastHeardUs > idleUs) session.terminate()
        else session.ping()
      }
      this.schedulePing()
    }, this.options.pingIntervalMs ?? 20_000)
  }

  /** Disconnects and maintenance act on what is connected already. */
  private onFault(fault: ActiveFault): void {
    const { rule } = fault
    if (rule.kind !== 'disconnect' && rule.kind !== 'maintenance') return
    const act = (): void => {
      const { clock, faults } = this.parts
      if (!faults.rules.some(({ id, retired }) => id === fault.id && !retired)) return
      for (const session of this.sessions) if (session.matches(rule)) session.terminate()
      if (rule.kind === 'disconnect') faults.record(fault.id)
      if (rule.everyMs !== undefined) clock.setTimer(act, rule.everyMs)
    }
    if (rule.afterMs === undefined || rule.afterMs === 0) act()
    else this.parts.clock.setTimer(act, rule.afterMs)
  }
}
