import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'

const acceptSuffix = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** A frame of the client, unmasked. */
export interface ClientFrame {
  readonly opcode: number
  readonly payload: Buffer
}

/** One client of a raw server. */
export interface RawClient {
  readonly socket: Socket
  /** Its request, up to the empty line. */
  readonly request: string
  /** What it has sent since, oldest first. */
  readonly frames: ClientFrame[]
  isGone: boolean
}

/** A local TCP server that answers handshakes as a test says and then sends whatever bytes a test says, right or wrong. */
export class RawWebSocketServer {
  readonly clients: RawClient[] = []
  /** The answer to a handshake, up to and with the empty line; `undefined` leaves it without one. */
  answer: (accept: string, request: string) => string | Buffer | undefined = (accept) => createUpgrade(accept)
  onClient: (client: RawClient) => void = () => undefined

  private readonly sockets = new Set<Socket>()

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<RawWebSocketServer> {
    const server = createServer({ allowHalfOpen: true })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const started = new RawWebSocketServer(server, `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws?x=1`)
    server.on('connection', (socket) => started.serve(socket))
    return started
  }

  /** The newest client. */
  get last(): RawClient {
    const client = this.clients.at(-1)
    if (client === undefined) throw new Error('No client has come.')
    return client
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    this.server.close()
    await once(this.server, 'close')
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket)
    let received: Buffer = Buffer.alloc(0)
    let client: RawClient | undefined
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      const end = received.indexOf('\r\n\r\n')
      if (client === undefined && end >= 0) {
        const request = received.toString('latin1', 0, end)
        received = received.subarray(end + 4)
        client = { socket, request, frames: [], isGone: false }
        this.welcome(client)
      }
      if (client !== undefined) received = takeFrames(received, client.frames)
    })
    const leave = (): void => {
      if (client !== undefined) client.isGone = true
    }
    socket.on('end', leave)
    socket.on('close', () => {
      this.sockets.delete(socket)
      leave()
    })
  }

  private welcome(client: RawClient): void {
    this.clients.push(client)
    const key = /sec-websocket-key: (\S+)/i.exec(client.request)?.[1] ?? ''
    const accept = createHash('sha1').update(`${key}${acceptSuffix}`).digest('base64')
    const answer = this.answer(accept, client.request)
    if (answer !== undefined) client.socket.write(answer)
    this.onClient(client)
  }
}

/** The usual answer, with headers put in place of it or beside it. */
export function createUpgrade(accept: string, headers: Readonly<Record<string, string>> = {}): string {
  const all = { Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Accept': accept, ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`
}

/** Takes the whole frames; what is left. */
function takeFrames(bytes: Buffer, into: ClientFrame[]): Buffer {
  let at = 0
  while (bytes.length - at >= 6) {
    const kind = bytes[at + 1]! & 0x7f
    const maskAt = at + (kind === 126 ? 4 : kind === 127 ? 10 : 2)
    if (bytes.length < maskAt + 4) break
    const length = kind === 126 ? bytes.readUInt16BE(at + 2) : kind === 127 ? bytes.readUInt32BE(at + 6) : kind
    const end = maskAt + 4 + length
    if (bytes.length < end) break
    if ((bytes[at + 1]! & 0x80) === 0) throw new Error('A frame of the client is not masked.')
    const payload = Buffer.from(bytes.subarray(maskAt + 4, end)).map((byte, i) => byte ^ bytes[maskAt + (i & 3)]!)
    into.push({ opcode: bytes[at]! & 0x0f, payload: Buffer.from(payload) })
    at = end
  }
  return bytes.subarray(at)
}
