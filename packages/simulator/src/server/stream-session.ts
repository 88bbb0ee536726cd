import type { Clock } from '@cex-arbitrage/common'

import type { FaultEngine } from '../faults/fault-engine.js'
import type { FaultOccasion } from '../faults/fault-rule.js'
import type { LatencyModel } from './latency-model.js'
import type { ServerSocket } from './server-socket.js'

/** What a pushed frame is, so that faults can choose. */
export interface FrameInfo {
  readonly channel: string
  readonly scope: 'public' | 'private'
  /** `BASE/QUOTE`. */
  readonly symbol?: string
}

const openState = 1

interface Queued {
  readonly frame: string | Buffer
  readonly dueUs: number
}

export interface StreamSessionParts {
  readonly id: string
  readonly socket: ServerSocket
  readonly ip: string
  /** Path and query of the handshake. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly clock: Clock
  readonly faults: FaultEngine
  readonly latency: LatencyModel
}

/** One WebSocket connection. Frames leave in the order in which they were given, unless a fault says otherwise. */
export class StreamSession {
  readonly id: string
  readonly ip: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Set by the venue once the connection belongs to a key. */
  apiKey: string | undefined
  /** `private` once it carries private data. */
  scope: 'public' | 'private' = 'public'
  lastHeardUs: number
  private readonly queue: Queued[] = []
  private held: string | Buffer | undefined
  private pumping = false

  constructor(private readonly parts: StreamSessionParts) {
    this.id = parts.id
    this.ip = parts.ip
    this.url = parts.url
    this.headers = parts.headers
    this.lastHeardUs = parts.clock.nowUs()
    parts.socket.on('ping', (data: Buffer) => {
      this.lastHeardUs = parts.clock.nowUs()
      if (!this.isDeaf() && this.isOpen) parts.socket.pong(data)
    })
    parts.socket.on('pong', () => (this.lastHeardUs = parts.clock.nowUs()))
    parts.socket.on('error', () => parts.socket.terminate())
  }

  get isOpen(): boolean {
    return this.parts.socket.readyState === openState
  }

  /** Frames of a half-open connection are not heard. */
  onMessage(listener: (data: Buffer, isBinary: boolean) => void): void {
    this.parts.socket.on('message', (data: Buffer, isBinary: boolean) => {
      this.lastHeardUs = this.parts.clock.nowUs()
      if (!this.isDeaf()) listener(data, isBinary)
    })
  }

  onClose(listener: () => void): void {
    this.parts.socket.on('close', listener)
  }

  /** Pushes market or account data: with latency, and exposed to stream faults. */
  push(frame: string | Buffer, info: FrameInfo): void {
    const { faults, latency } = this.parts
    const occasion = this.occasion(info)
    if (faults.take(['stall', 'drop', 'gap'], occasion) !== undefined) return
    let extraMs = latency.drawMs(info.scope === 'private' ? 'fill' : 'stream')
    const rule = faults.take(['duplicate', 'reorder', 'delay', 'truncate'], occasion)
    if (rule?.kind === 'reorder' && this.held === undefined) {
      this.held = frame
      return
    }
    if (rule?.kind === 'truncate') {
      this.enqueue(halfOf(frame), extraMs)
      return
    }
    if (rule?.kind === 'delay') extraMs += rule.delayMs ?? 0
    if (rule?.kind === 'duplicate') this.enqueue(frame, extraMs)
    this.enqueue(frame, extraMs)
    if (this.held !== undefined) {
      const { held } = this
      this.held = undefined
      this.enqueue(held, 0)
    }
  }

  /** Answers a request: with the latency told, free of stream faults. */
  reply(frame: string | Buffer, delayMs = 0): void {
    this.enqueue(frame, delayMs)
  }

  /** Sends a protocol PING. */
  ping(): void {
    if (this.isOpen && !this.isDeaf()) this.parts.socket.ping()
  }

  close(code = 1000, reason = ''): void {
    this.parts.socket.close(code, reason)
  }

  /** Cuts the connection without a closing handshake. */
  terminate(): void {
    this.parts.socket.terminate()
  }

  matches(rule: { readonly scope?: 'public' | 'private'; readonly apiKey?: string }): boolean {
    if (rule.scope !== undefined && rule.scope !== this.scope) return false
    return rule.apiKey === undefined || rule.apiKey === this.apiKey
  }

  private enqueue(frame: string | Buffer, delayMs: number): void {
    const dueUs = this.parts.clock.nowUs() + delayMs * 1000
    if (delayMs <= 0 && this.queue.length === 0) this.transmit(frame)
    else {
      this.queue.push({ frame, dueUs })
      this.pump()
    }
  }

  private pump(): void {
    const first = this.queue[0]
    if (this.pumping || first === undefined) return
    this.pumping = true
    const waitMs = Math.max(0, (first.dueUs - this.parts.clock.nowUs()) / 1000)
    this.parts.clock.setTimer(() => {
      this.pumping = false
      const nowUs = this.parts.clock.nowUs()
      this.transmit(this.queue.shift()!.frame)
      while (this.queue[0] !== undefined && this.queue[0].dueUs <= nowUs) this.transmit(this.queue.shift()!.frame)
      this.pump()
    }, waitMs)
  }

  private transmit(frame: string | Buffer): void {
    if (this.isOpen && !this.isDeaf()) this.parts.socket.send(frame)
  }

  private isDeaf(): boolean {
    return this.parts.faults.take(['half_open'], this.occasion()) !== undefined
  }

  private occasion(info?: FrameInfo): FaultOccasion {
    return { scope: this.scope, ...info, ...(this.apiKey !== undefined && { apiKey: this.apiKey }) }
  }
}

const halfOf = (frame: string | Buffer): string | Buffer =>
  typeof frame === 'string' ? frame.slice(0, frame.length >> 1) : frame.subarray(0, frame.length >> 1)
