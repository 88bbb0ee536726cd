import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'

export interface UpstreamCall {
  readonly method: string
  readonly path: string
  readonly body: unknown
}

/** An answer; `cut` breaks the connection instead, `hang` never answers. */
export type UpstreamReply = { readonly status: number; readonly reply: unknown } | 'cut' | 'hang'

/** A hummingbot-api whose answers a test decides, on loopback. */
export class ScriptedUpstream {
  readonly calls: UpstreamCall[] = []
  /** Actions received on the market data socket. */
  readonly actions: Record<string, unknown>[] = []
  /** Answers each call; 404 by default. */
  onCall: (call: UpstreamCall) => UpstreamReply = () => ({ status: 404, reply: { detail: 'Not Found' } })
  /** First frame on the market data socket. */
  welcome: Record<string, unknown> = { type: 'connected', connection_id: 'c', timestamp: 1 }
  private readonly clients = new Set<WebSocket>()
  private readonly sockets = new Set<Socket>()

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<ScriptedUpstream> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const upstream = new ScriptedUpstream(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    server.on('connection', (socket: Socket) => {
      upstream.sockets.add(socket)
      socket.on('close', () => upstream.sockets.delete(socket))
    })
    server.on('request', (request, response) => void upstream.serve(request, response))
    const sockets = new WebSocketServer({ noServer: true })
    server.on('upgrade', (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, (client) => upstream.greet(client)),
    )
    return upstream
  }

  get clientCount(): number {
    return this.clients.size
  }

  /** Sends a frame, or a text as it is, on the market data socket. */
  push(frame: unknown): void {
    for (const client of this.clients) client.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }

  /** Cuts the market data socket. */
  cut(): void {
    for (const client of this.clients) client.terminate()
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close')
    this.server.close()
    for (const socket of this.sockets) socket.destroy()
    await closed
  }

  private greet(client: WebSocket): void {
    this.clients.add(client)
    client.on('close', () => this.clients.delete(client))
    client.send(JSON.stringify(this.welcome))
    client.on('message', (data: Buffer) => {
      const action = JSON.parse(data.toString('utf8')) as Record<string, unknown>
      this.actions.push(action)
      const { action: name, type, connector, trading_pair: pair, subscription_id: id } = action
      const isRefused = String(pair).startsWith('NO-')
      const answer = isRefused
        ? { type: 'error', message: 'Failed to start feed: no such pair' }
        : { type: `${String(name)}d`, subscription_id: id ?? `${String(type)}_${String(connector)}_${String(pair)}` }
      client.send(JSON.stringify(answer))
    })
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString('utf8')
    const call = {
      method: request.method ?? '',
      path: request.url ?? '',
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
    }
    this.calls.push(call)
    const reply = this.onCall(call)
    if (reply === 'hang') return
    if (reply === 'cut') {
      response.destroy()
      return
    }
    const body = typeof reply.reply === 'string' ? reply.reply : JSON.stringify(reply.reply)
    response.writeHead(reply.status, { 'content-type': 'application/json' })
    response.end(body)
  }
}
