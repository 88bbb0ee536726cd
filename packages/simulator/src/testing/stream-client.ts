import { waitFor } from '@cex-arbitrage/common/testing'
import { WebSocket } from 'ws'

export type Frame = Record<string, unknown>

/** A WebSocket client that keeps what it hears; JSON frames parsed, others as text. For specs. */
export class StreamClient {
  readonly frames: Frame[] = []
  readonly texts: string[] = []
  pings = 0
  pongs = 0
  isClosed = false
  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => this.hear(data.toString('utf8')))
    socket.on('ping', () => this.pings++)
    socket.on('pong', () => this.pongs++)
    socket.on('close', () => (this.isClosed = true))
    socket.on('error', () => undefined)
  }

  /** Resolves when the socket is open, rejects when it is refused. */
  static async connect(url: string, headers: Readonly<Record<string, string>> = {}): Promise<StreamClient> {
    const socket = new WebSocket(url, { headers })
    const client = new StreamClient(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve())
      socket.once('error', reject)
    })
    return client
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }

  /** The first frame that fits, now or later. */
  async frame(fits: (frame: Frame) => boolean, what = 'a frame'): Promise<Frame> {
    await waitFor(() => this.frames.some(fits), what)
    return this.frames.find(fits)!
  }

  /** Resolves once `count` frames fit. */
  async framesOf(fits: (frame: Frame) => boolean, count: number, what = `${count} frames`): Promise<Frame[]> {
    await waitFor(() => this.frames.filter(fits).length >= count, what)
    return this.frames.filter(fits)
  }

  close(): void {
    this.socket.terminate()
  }

  private hear(text: string): void {
    this.texts.push(text)
    try {
      this.frames.push(JSON.parse(text) as Frame)
    } catch {
      return
    }
  }
}
