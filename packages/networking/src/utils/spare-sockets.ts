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

/**
 * Connected sockets kept in stock, so that a new HTTP connection costs no handshake. One that is taken or that the
 * server closes is replaced.
 */
export class SpareSockets {
  /** Each with its listener to `close`. */
  private readonly open = new Map<Socket, () => void>()
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
    for (const [socket, onClose] of this.open) {
      this.open.delete(socket)
      socket.off('close', onClose)
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
    for (const socket of this.open.keys()) socket.destroy()
    this.timers.clear()
    this.open.clear()
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
    const openedAtUs = this.options.clock.nowUs()
    const onClose = (): void => {
      if (!this.open.delete(socket)) return
      if (this.options.clock.nowUs() - openedAtUs > reopenBackoff.maxMs * usPerMs) this.failures = 0
      this.replace(this.nextDelayMs())
    }
    this.open.set(socket.unref(), onClose)
    socket.on('error', ignore).once('close', onClose)
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
