import { once } from 'node:events'
import { waitFor } from '@cex-arbitrage/common/testing'
import { WebSocket } from 'ws'

type Frame = Record<string, unknown>

/** A bare client of the protocol that keeps what it hears. */
export class BridgeClient {
  readonly frames: Frame[] = []
  closeCode: number | undefined
  private count = 0

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => void this.frames.push(JSON.parse(data.toString('utf8')) as Frame))
    socket.on('close', (code) => (this.closeCode = code))
    socket.on('error', () => undefined)
  }

  static async open(url: string, ca?: string): Promise<BridgeClient> {
    const client = new BridgeClient(new WebSocket(url, ca === undefined ? {} : { ca }))
    await once(client.socket, 'open')
    return client
  }

  /** Opens and authenticates. */
  static async connect(url: string, apiKey: string, ca?: string): Promise<BridgeClient> {
    const client = await BridgeClient.open(url, ca)
    await client.ask('authenticate', { api_key: apiKey })
    return client
  }

  send(type: string, members: Frame = {}): string {
    const id = `q${++this.count}`
    this.socket.send(JSON.stringify({ id, type, ...members }))
    return id
  }

  async ask(type: string, members: Frame = {}): Promise<Frame> {
    return this.answer(this.send(type, members))
  }

  async answer(id: string): Promise<Frame> {
    await waitFor(() => this.frames.some((frame) => frame['id'] === id), `the answer to ${id}`)
    return this.frames.find((frame) => frame['id'] === id)!
  }

  /** Data of the events of one type so far. */
  eventsOf(type: string): Frame[] {
    return this.frames.filter((frame) => frame['type'] === type).map((frame) => frame['data'] as Frame)
  }

  async waitForEvents(type: string, count: number): Promise<Frame[]> {
    await waitFor(() => this.eventsOf(type).length >= count, `${count} × ${type}`)
    return this.eventsOf(type)
  }

  close(): void {
    this.socket.terminate()
  }
}
