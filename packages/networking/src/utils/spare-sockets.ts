import { backoffDelayMs, usPerMs, type Clock, type Random, type Timer } from '@cex-arbitrage/common'
import type { Socket } from 'node:net'
import type { ConnectTarget, SocketConnector } from './socket-connector.js'

export interface SpareSocketsOptions {
  readonly connector: SocketConnector
  readonly target: ConnectTarget
  /** How many to keep open. */
  readonly count: number
  readonly clock: Clock
  readonly random: Random
}

const reopenBackoff = { initialMs: 500, maxMs: 30_000 }
/** Milliseconds after which a spare socket is replaced: one that was forgotten on the way looks open for ever. */
const maxAgeMs = 60_000

/** What a spare socket hangs on. */
interface Upkeep {
  readonly onClose: () => void
  readonly aging: Timer
}

/**
 * Connected sockets kept in stock, so that a new HTTP connection costs no handshake. One that is taken or that the
 * server closes is replaced.
 */
export class SpareSockets {
  private readonly open = new Map<Socket, Upkeep>()
  private readonly timers = new Set<Timer>()
  private isStarted = false
  private isClosed = false
  private failures = 0
  private opening = 0

  constructor(private readonly options: SpareSocketsOptions) {}

  get size(): number {
    return this.open.size
  }

  /** Opens them. @throws Error of the first that cannot be opened; the stock goes on trying. */
  async start(): Promise<void> {
    this.isStarted = true
    const missing = this.options.count - this.open.size - this.opening
    await Promise.all(Array.from({ length: Math.max(0, missing) }, () => this.add()))
  }

  /** Takes one out of stock; `undefined` when there is none. */
  take(): Socket | undefined {
    for (const [socket, upkeep] of this.open) {
      this.release(socket, upkeep)
      if (socket.destroyed || socket.readableLength > 0) {
        this.replace(this.nextDelayMs())
        socket.destroy()
        continue
      }
      socket.ref()
      this.replace(0)
      return socket
    }
    return undefined
  }

  close(): void {
    this.isClosed = true
    for (const timer of this.timers) timer.cancel()
    this.timers.clear()
    for (const [socket, upkeep] of this.open) {
      this.release(socket, upkeep)
      socket.destroy()
    }
  }

  private add(): Promise<void> {
    this.opening++
    return new Promise((resolve, reject) => {
      this.options.connector(this.options.target, (error, socket) => {
        this.opening--
        if (this.isClosed) socket?.destroy()
        else if (socket === null) this.replace(this.nextDelayMs())
        else this.keep(socket)
        if (error === null) resolve()
        else reject(error)
      })
    })
  }

  private keep(socket: Socket): void {
    const { clock } = this.options
    const openedAtUs = clock.nowUs()
    const onClose = (): void => {
      this.release(socket, upkeep)
      if (clock.nowUs() - openedAtUs > reopenBackoff.maxMs * usPerMs) this.failures = 0
      this.replace(this.nextDelayMs())
    }
    const aging = clock.setTimer(() => {
      this.release(socket, upkeep)
      socket.destroy()
      this.replace(0)
    }, maxAgeMs)
    const upkeep = { onClose, aging }
    this.open.set(socket.unref(), upkeep)
    socket.on('error', ignore).once('close', onClose)
  }

  private release(socket: Socket, { onClose, aging }: Upkeep): void {
    this.open.delete(socket)
    socket.off('close', onClose)
    aging.cancel()
  }

  private nextDelayMs(): number {
    return backoffDelayMs(this.failures++, reopenBackoff, this.options.random)
  }

  private replace(delayMs: number): void {
    if (this.isClosed || !this.isStarted) return
    const timer = this.options.clock.setTimer(() => {
      this.timers.delete(timer)
      if (this.open.size + this.opening < this.options.count) this.add().catch(() => undefined)
    }, delayMs)
    this.timers.add(timer)
  }
}

const ignore = (): void => undefined
