import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** A line between a client and a server that can be cut while both live on. */
export class BreakableLine {
  private readonly sockets = new Set<Socket>()
  /** Lets nobody through while set. */
  isDown = false

  private constructor(private readonly server: Server) {}

  /** @param targetPort - Of the server, on loopback. */
  static async open(targetPort: number): Promise<BreakableLine> {
    const server = createServer()
    const line = new BreakableLine(server)
    server.on('connection', (near) => {
      if (line.isDown) {
        near.destroy()
        return
      }
      const far = connect(targetPort, '127.0.0.1')
      line.hold(near, far)
      line.hold(far, near)
      near.pipe(far).pipe(near)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return line
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  /** Cuts what is connected; new connections are let through unless it is down. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy()
  }

  async close(): Promise<void> {
    this.cut()
    this.server.close()
    await once(this.server, 'close')
  }

  private hold(socket: Socket, other: Socket): void {
    this.sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.sockets.delete(socket)
      other.destroy()
    })
  }
}
