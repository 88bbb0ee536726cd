import {
  ExchangeConnectionException,
  ExchangeUnavailableException,
  type CexArbitrageException,
  type Clock,
  type CorrelationId,
  type ExchangeId,
  type Timer,
} from '@cex-arbitrage/common'
import type { SendReceipt } from './send-receipt.js'

/** How a request ended; `unsent` is the only one after which nothing can have been done. */
export type RequestEnd = 'answered' | 'timedOut' | 'lost' | 'unsent'

export interface PendingRequestOptions<Answer> {
  readonly clock: Clock
  readonly timeoutMs: number
  readonly describe: string
  readonly context: { readonly exchange: ExchangeId | undefined; readonly correlationId: CorrelationId | undefined }
  readonly signal: AbortSignal | undefined
  resolve(answer: Answer): void
  reject(error: CexArbitrageException): void
  onEnd(end: RequestEnd): void
}

/** One open request; knows whether and on which socket it was written. */
export class PendingRequest<Answer> implements SendReceipt {
  epoch: number | undefined
  private isSettled = false
  private timer: Timer
  private readonly onAbort = (): void => this.abandon('it was given up')

  constructor(private readonly options: PendingRequestOptions<Answer>) {
    this.timer = this.startTimer()
    options.signal?.addEventListener('abort', this.onAbort, { once: true })
  }

  onWritten(epoch: number): void {
    this.epoch = epoch
    this.timer.cancel()
    this.timer = this.startTimer()
  }

  onDropped(error: CexArbitrageException): void {
    if (this.settle('unsent')) this.options.reject(error)
  }

  isCancelled(): boolean {
    return this.isSettled
  }

  succeed(answer: Answer): void {
    if (this.settle('answered')) this.options.resolve(answer)
  }

  refuse(error: CexArbitrageException): void {
    if (this.settle('answered')) this.options.reject(error)
  }

  lose(cause: CexArbitrageException | undefined): void {
    this.abandon('its connection was lost', cause, 'lost')
  }

  /** Ends it without an answer: unsent a `retry`, else a `reconcile`. */
  abandon(why: string, cause?: unknown, end: 'timedOut' | 'lost' = 'lost'): void {
    const isWritten = this.epoch !== undefined
    if (!this.settle(isWritten ? end : 'unsent')) return
    const { describe, context } = this.options
    const kind = isWritten ? ExchangeUnavailableException : ExchangeConnectionException
    const meaning = isWritten ? 'It was sent and may have been done: ask before deciding.' : 'It was not sent.'
    this.options.reject(new kind({ message: `${describe} got no answer: ${why}. ${meaning}`, ...context, cause }))
  }

  private startTimer(): Timer {
    const { clock, timeoutMs } = this.options
    return clock.setTimer(() => this.abandon(`${timeoutMs} ms are over`, undefined, 'timedOut'), timeoutMs)
  }

  private settle(end: RequestEnd): boolean {
    if (this.isSettled) return false
    this.isSettled = true
    this.timer.cancel()
    this.options.signal?.removeEventListener('abort', this.onAbort)
    this.options.onEnd(end)
    return true
  }
}
