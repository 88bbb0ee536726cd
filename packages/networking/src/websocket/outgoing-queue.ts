import {
  RateLimitException,
  usPerMs,
  type CexArbitrageException,
  type Clock,
  type ExchangeId,
  type Timer,
} from '@cex-arbitrage/common'
import { RateWindow } from '../rest/rate-window.js'
import type { SendReceipt } from './send-receipt.js'

/** The writing side of a socket. */
export interface FrameWriter {
  readonly bufferedAmount: number
  send(data: string | Buffer, onFlushed: () => void): void
}

export interface OutgoingQueueOptions {
  readonly name: string
  readonly epoch: number
  readonly clock: Clock
  readonly exchange?: ExchangeId | undefined
  readonly writer: FrameWriter
  readonly maxQueuedMessages: number
  readonly maxBufferedBytes: number
  readonly sendLimit?: { readonly messages: number; readonly intervalMs: number } | undefined
}

interface Queued {
  readonly data: string | Buffer
  readonly receipt: SendReceipt | undefined
}

/** Messages on their way out: paced to the venue's limit, held back while the socket is full, bounded in number. */
export class OutgoingQueue {
  private waiting: Queued[] = []
  private readonly window: RateWindow | undefined
  private timer: Timer | undefined
  private readonly onFlushed = (): void => {
    if (this.waiting.length > 0) this.pump()
  }

  constructor(private readonly options: OutgoingQueueOptions) {
    const { sendLimit } = options
    if (sendLimit !== undefined)
      this.window = new RateWindow({ name: 'send', capacity: sendLimit.messages, intervalMs: sendLimit.intervalMs }, 0)
  }

  get size(): number {
    return this.waiting.length
  }

  /** @throws RateLimitException The queue is full; nothing was sent. */
  send(data: string | Buffer, receipt?: SendReceipt): void {
    if (this.waiting.length === 0 && this.canWrite()) {
      this.write(data, receipt)
      return
    }
    const { name, maxQueuedMessages, exchange } = this.options
    if (this.waiting.length >= maxQueuedMessages)
      throw new RateLimitException({
        message: `${maxQueuedMessages} messages wait already to be sent on '${name}'; this one was not sent. Send less.`,
        exchange,
      })
    this.waiting.push({ data, receipt })
    this.schedule()
  }

  /** Sends before all that waits; for pings, which must not be late. */
  sendFirst(data: string | Buffer): void {
    this.waiting.unshift({ data, receipt: undefined })
    this.pump()
  }

  /** Drops all that waits. */
  drop(error: CexArbitrageException): void {
    this.timer?.cancel()
    this.timer = undefined
    const dropped = this.waiting
    this.waiting = []
    for (const { receipt } of dropped) if (receipt?.isCancelled?.() !== true) receipt?.onDropped?.(error)
  }

  private pump(): void {
    let taken = 0
    while (taken < this.waiting.length && this.canWrite()) {
      const { data, receipt } = this.waiting[taken++]!
      if (receipt?.isCancelled?.() !== true) this.write(data, receipt)
    }
    this.waiting.splice(0, taken)
    this.schedule()
  }

  private canWrite(): boolean {
    if (this.options.writer.bufferedAmount > this.options.maxBufferedBytes) return false
    return this.window === undefined || this.window.fits(1, true, 0, this.options.clock.nowUs())
  }

  private write(data: string | Buffer, receipt: SendReceipt | undefined): void {
    if (this.window !== undefined) {
      const nowUs = this.options.clock.nowUs()
      this.window.hold(1, true, nowUs)
      this.window.spend(1, true, nowUs)
    }
    receipt?.onWritten?.(this.options.epoch)
    this.options.writer.send(data, this.onFlushed)
  }

  /** Waits for the limit by a timer; for a full socket `onFlushed` comes. */
  private schedule(): void {
    if (this.waiting.length === 0 || this.timer !== undefined || this.window === undefined) return
    const nowUs = this.options.clock.nowUs()
    const freeAtUs = this.window.getFreeAtUs(1, true, nowUs)
    if (freeAtUs <= nowUs) return
    this.timer = this.options.clock.setTimer(
      () => {
        this.timer = undefined
        this.pump()
      },
      Math.ceil((freeAtUs - nowUs) / usPerMs),
    )
  }
}
