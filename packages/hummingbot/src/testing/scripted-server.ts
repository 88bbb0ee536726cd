import type { Clock } from '@cex-arbitrage/common'
import { ExchangeConnectionException } from '@cex-arbitrage/common'
import { FrameWindow, type WebSocketConnectionOptions, type WebSocketSession } from '@cex-arbitrage/networking'
import type { ClientConnection } from '../client/client-options.js'

/** A frame as the server saw it. */
export interface SeenFrame {
  readonly id: string
  readonly type: string
  readonly [member: string]: unknown
}

/**
 * A server in memory, on the client's own clock: what it sees has the exact time of its sending, and what it answers
 * arrives at once or after a delay of that clock.
 */
export class ScriptedServer {
  readonly frames: { readonly atMs: number; readonly frame: SeenFrame }[] = []
  capabilities: string[] | undefined
  /** Answers each frame but `authenticate` and `ping`; by default leaves it unanswered. */
  onFrame: (frame: SeenFrame) => void = () => undefined
  /** The answer to `authenticate`; `undefined` leaves it open. */
  authAnswer: Record<string, unknown> | undefined = { status: 'success' }
  answersPings = true
  /** Fails the next sends before any byte leaves. */
  failsSends = 0
  connections = 0
  private readonly startMs: number
  private options: WebSocketConnectionOptions | undefined
  private epoch = 0
  private isOpen = false

  constructor(private readonly clock: Clock) {
    this.startMs = clock.nowMs()
  }

  /** For the option of the same name. */
  readonly createConnection = (options: WebSocketConnectionOptions): ClientConnection => {
    this.options = options
    return {
      connect: () => this.open(),
      send: (data, receipt) => {
        if (!this.isOpen || this.failsSends > 0) {
          this.failsSends--
          throw new ExchangeConnectionException({ message: 'The connection is not open; nothing was sent.' })
        }
        receipt?.onWritten?.(this.epoch)
        this.take(data)
      },
      reconnect: (reason) => this.cut(reason),
      close: async () => {
        if (!this.isOpen) return
        this.isOpen = false
        this.options?.handler.onEpochEnd?.(this.epoch, undefined)
      },
    }
  }

  /** Frames of one type, without the handshake. */
  framesOf(type: string): SeenFrame[] {
    return this.frames.filter(({ frame }) => frame.type === type).map(({ frame }) => frame)
  }

  timesOf(type: string): number[] {
    return this.frames.filter(({ frame }) => frame.type === type).map(({ atMs }) => atMs)
  }

  /** Pushes an object, or a text as it is. */
  push(frame: unknown): void {
    const text = typeof frame === 'string' ? frame : JSON.stringify(frame)
    const data = Buffer.from(text)
    this.options?.handler.onFrame(new FrameWindow().set(data, 0, data.length, false), this.clock.nowUs(), this.epoch)
    data.fill(0xff)
  }

  /** Answers after `delayMs` of the clock; at once by default, yet never before the sender has returned. */
  answer(frame: SeenFrame, answer: Record<string, unknown>, delayMs = 0): void {
    if (delayMs === 0) queueMicrotask(() => this.push({ id: frame.id, ...answer }))
    else this.clock.setTimer(() => this.push({ id: frame.id, ...answer }), delayMs)
  }

  /** Loses the socket; a new one is opened when `reopen` is called. */
  cut(reason = 'cut'): void {
    this.isOpen = false
    this.options?.handler.onEpochEnd?.(this.epoch, new ExchangeConnectionException({ message: reason }))
  }

  async open(): Promise<void> {
    const { options } = this
    if (options === undefined) throw new Error('No client has come.')
    this.connections++
    this.epoch++
    const session: WebSocketSession = {
      epoch: this.epoch,
      send: (data, receipt) => {
        receipt?.onWritten?.(this.epoch)
        this.take(String(data))
      },
      waitForFrame: () => Promise.reject(new Error('not used')),
    }
    await options.login?.(session)
    this.isOpen = true
    options.handler.onEpochStart?.(this.epoch)
  }

  private take(data: string): void {
    const frame = JSON.parse(data) as SeenFrame
    this.frames.push({ atMs: this.clock.nowMs() - this.startMs, frame })
    if (frame.type === 'authenticate') {
      const data = this.capabilities === undefined ? {} : { data: { capabilities: this.capabilities } }
      if (this.authAnswer !== undefined) this.answer(frame, { ...this.authAnswer, ...data })
    } else if (frame.type === 'ping') {
      if (this.answersPings) this.answer(frame, { status: 'success' })
    } else this.onFrame(frame)
  }
}
