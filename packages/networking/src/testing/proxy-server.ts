import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'

/** A local HTTP proxy that tunnels by CONNECT, for tests. */
export class TestProxyServer {
  /** What clients asked to be led to, `host:port`. */
  readonly targets: string[] = []
  readonly authorizations: (string | undefined)[] = []
  /** Whether it lets clients through. */
  isOpen = true
  private readonly sockets = new Set<Socket>()

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    readonly port: number,
  ) {}

  static async start(): Promise<TestProxyServer> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const proxy = new TestProxyServer(server, (server.address() as AddressInfo).port)
    server.on('connect', (request: IncomingMessage, client: Socket) => proxy.tunnel(request, client))
    return proxy
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    this.server.close()
    await once(this.server, 'close')
  }

  private tunnel(request: IncomingMessage, client: Socket): void {
    const target = request.url ?? ''
    this.targets.push(target)
    this.authorizations.push(request.headers['proxy-authorization'])
    this.track(client)
    if (!this.isOpen) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n')
      return
    }
    const [hostname = '', port = ''] = target.split(':')
    const upstream = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.pipe(client)
      client.pipe(upstream)
    })
    this.track(upstream)
    upstream.on('close', () => client.destroy())
    client.on('close', () => upstream.destroy())
  }

  private track(socket: Socket): void {
    this.sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => this.sockets.delete(socket))
  }
}
