import { msPerSecond, type Clock, type Timer } from '@cex-arbitrage/common'
import type { EquityPoint, LiveMessage, LiveModel, LiveSection } from '../live/live-model.js'

/** What a broadcast needs of a socket. */
export interface LiveSocket {
  readonly bufferedAmount: number
  send(text: string): void
}

export interface LiveBroadcastOptions {
  /** `undefined` until the engine is composed. */
  readonly model: () => LiveModel | undefined
  readonly equitySeries: () => readonly EquityPoint[]
  readonly clock: Clock
}

const tickMs = 50
/** Looked at once a second, since nobody reads them faster. */
const slowSections = new Set<LiveSection>(['memory', 'latency', 'limits', 'equity', 'balances', 'exposure'])
const slowEvery = msPerSecond / tickMs
/** A client that is so far behind gets nothing until it has caught up, and then everything. */
const maxBufferedBytes = 1_000_000

/**
 * Tells every client what changed, section by section, twenty times a second and at no cost while nobody watches. A slow
 * client loses display data; it never holds anything up.
 */
export class LiveBroadcast {
  /** With whether the client has a whole model to which changes may be told. */
  private readonly clients = new Map<LiveSocket, { current: boolean }>()
  private readonly sent = new Map<string, string>()
  private timer: Timer | undefined
  private ticks = 0

  constructor(private readonly options: LiveBroadcastOptions) {}

  get clientCount(): number {
    return this.clients.size
  }

  add(socket: LiveSocket): void {
    const client = { current: false }
    this.clients.set(socket, client)
    if (this.timer === undefined) return this.tick()
    const model = this.options.model()
    if (model === undefined) return
    socket.send(this.hello(model))
    client.current = true
  }

  remove(socket: LiveSocket): void {
    this.clients.delete(socket)
    if (this.clients.size === 0) this.close()
  }

  close(): void {
    this.timer?.cancel()
    this.timer = undefined
    this.clients.clear()
    this.sent.clear()
  }

  private tick(): void {
    this.timer = this.options.clock.setTimer(() => this.tick(), tickMs)
    const model = this.options.model()
    if (model === undefined) return
    const isSlowTick = this.ticks++ % slowEvery === 0
    const changes = this.changesOf(model, isSlowTick)
    const update =
      changes !== '{}' || isSlowTick
        ? `{"type":"update","atMs":${this.options.clock.nowMs()},"model":${changes}}`
        : undefined
    let hello: string | undefined
    for (const [socket, client] of this.clients) {
      if (socket.bufferedAmount > maxBufferedBytes) client.current = false
      else if (client.current) {
        if (update !== undefined) socket.send(update)
      } else {
        hello ??= this.hello(model)
        socket.send(hello)
        client.current = true
      }
    }
  }

  private hello(model: LiveModel): string {
    const { clock, equitySeries } = this.options
    return JSON.stringify({ type: 'hello', atMs: clock.nowMs(), model, equity: equitySeries() } satisfies LiveMessage)
  }

  /** The sections that differ from what was told last, as JSON. */
  private changesOf(model: LiveModel, withSlow: boolean): string {
    const parts: string[] = []
    for (const [section, value] of Object.entries(model)) {
      if (section === 'uptimeMs' || value === undefined) continue
      if (!withSlow && slowSections.has(section as LiveSection)) continue
      const text = JSON.stringify(value)
      if (this.sent.get(section) === text) continue
      this.sent.set(section, text)
      parts.push(`${JSON.stringify(section)}:${text}`)
    }
    return `{${parts.join(',')}}`
  }
}
