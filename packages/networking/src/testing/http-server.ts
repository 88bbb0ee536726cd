import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'

/** A request as the server saw it. */
export interface SeenRequest {
  readonly method: string
  /** Path and query as transmitted. */
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A local HTTP server whose answers a test decides, and that remembers what it saw. */
export class TestHttpServer {
  readonly seen: SeenRequest[] = []
  /** Sockets accepted so far. */
  connections = 0
  private readonly sockets = new Set<Socket>()

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    readonly origin: string,
  ) {}

  /** Listens on a free port of the loopback. `answer` gets each request with its body read. */
  static async start(
    answer: (request: SeenRequest, response: ServerResponse) => void,
    tls?: { readonly key: string; readonly cert: string },
  ): Promise<TestHttpServer> {
    const listener: RequestListener = (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const { method = '', url = '', headers } = request
        const seen = { method, url, headers, body: Buffer.concat(chunks).toString() }
        started.seen.push(seen)
        answer(seen, response)
      })
    }
    const server = tls === undefined ? createServer(listener) : createTlsServer({ ...tls }, listener)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const scheme = tls === undefined ? 'http' : 'https'
    const started = new TestHttpServer(server, `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`)
    server.on('connection', (socket: Socket) => {
      started.connections++
      started.sockets.add(socket)
      socket.once('close', () => started.sockets.delete(socket))
    })
    return started
  }

  get openSockets(): number {
    return this.sockets.size
  }

  /** Cuts all connections. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy()
  }

  async close(): Promise<void> {
    this.cut()
    this.server.close()
    await once(this.server, 'close')
  }
}
