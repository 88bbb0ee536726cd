import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'

/** One client as the server sees it. */
export interface ServerSocket {
  readonly socket: WebSocket
  /** Path and query that it came with. */
  readonly url: string
  readonly headers: IncomingMessage['headers']
  /** Text of the messages received, oldest first. */
  readonly received: string[]
  /** Protocol pings received. */
  pings: number
}

/** A local WebSocket server whose behaviour a test decides. */
export class TestWebSocketServer {
  /** All clients so far, oldest first; lost ones included. */
  readonly clients: ServerSocket[] = []
  /** Called for each message; answers if it wants to. */
  onMessage: (text: string, client: ServerSocket) => void = () => undefined
  onClient: (client: ServerSocket) => void = () => undefined
  /** HTTP status to refuse the upgrade with, and its headers. */
  refuse: { readonly status: number; readonly headers?: Readonly<Record<string, string>> } | undefined
  /** Leaves handshakes without an answer. */
  isSilent = false
  /** Answers protocol pings. */
  answersPings = true
  handshakes = 0
  private readonly connections = new Set<Socket>()

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    readonly url: string,
  ) {}

  static async start(tls?: { readonly key: string; readonly cert: string }): Promise<TestWebSocketServer> {
    const server = tls === undefined ? createServer() : createTlsServer({ ...tls })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const sockets = new WebSocketServer({ noServer: true, autoPong: false })
    const scheme = tls === undefined ? 'ws' : 'wss'
    const started = new TestWebSocketServer(server, `${scheme}://127.0.0.1:${port}`)
    server.on('connection', (connection: Socket) => {
      started.connections.add(connection.on('error', () => undefined))
      connection.once('close', () => started.connections.delete(connection))
    })
    server.on('upgrade', (request, socket, head) => {
      started.handshakes++
      if (started.isSilent) {
        socket.resume().once('end', () => socket.destroy())
        return
      }
      if (started.refuse !== undefined) {
        const headers = Object.entries(started.refuse.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`)
        socket.resume().end(`HTTP/1.1 ${started.refuse.status} Refused\r\n${headers.join('')}content-length: 0\r\n\r\n`)
        return
      }
      sockets.handleUpgrade(request, socket, head, (client) => started.accept(client, request))
    })
    return started
  }

  /** The newest client. */
  get last(): ServerSocket {
    const client = this.clients.at(-1)
    if (client === undefined) throw new Error('No client has come.')
    return client
  }

  /** Clients whose socket is open. */
  get open(): readonly ServerSocket[] {
    return this.clients.filter(({ socket }) => socket.readyState === WebSocket.OPEN)
  }

  /** TCP connections that stand. */
  get openConnections(): number {
    return this.connections.size
  }

  async close(): Promise<void> {
    for (const connection of this.connections) connection.destroy()
    this.server.close()
    await once(this.server, 'close')
  }

  private accept(socket: WebSocket, request: IncomingMessage): void {
    const client: ServerSocket = { socket, url: request.url ?? '', headers: request.headers, received: [], pings: 0 }
    this.clients.push(client)
    socket.on('error', () => undefined)
    socket.on('ping', (data) => {
      client.pings++
      if (this.answersPings) socket.pong(data)
    })
    socket.on('message', (data: Buffer) => {
      const text = data.toString()
      client.received.push(text)
      this.onMessage(text, client)
    })
    this.onClient(client)
  }
}
