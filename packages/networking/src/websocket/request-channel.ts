import {
  ExchangeConnectionException,
  InvariantBrokenException,
  RateLimitException,
  ShuttingDownException,
  type CexArbitrageException,
  type Clock,
  type CorrelationId,
  type ExchangeId,
} from '@cex-arbitrage/common'
import { PendingRequest } from './pending-request.js'
import type { MessageSender } from './send-receipt.js'

export interface RequestChannelOptions {
  readonly sender: MessageSender
  readonly clock: Clock
  /** In messages: `spot order api`. */
  readonly name: string
  /** Put on exceptions; otherwise without meaning here. */
  readonly exchange?: ExchangeId
  /** Milliseconds to wait to be written, and then for the answer; 10,000 by default. */
  readonly timeoutMs?: number
  /** Requests that may be open at once; 1,000 by default. */
  readonly maxPending?: number
}

/** What became of requests and answers. */
export interface RequestChannelCounts {
  pending: number
  answered: number
  /** Sent, without an answer in time. */
  timedOut: number
  /** Sent on a socket that was lost before the answer. */
  lost: number
  /** Never sent. */
  unsent: number
  /** Answers to requests that had been given up. */
  late: number
  /** Second answers to the same request. */
  duplicates: number
  /** Answers to requests never made, or too long ago to know. */
  unknown: number
}

export interface ChannelRequestOptions {
  readonly timeoutMs?: number
  readonly correlationId?: CorrelationId
  /** Gives up: unsent it is a `retry`, else a `reconcile`. */
  readonly signal?: AbortSignal
}

/** Settled ids that are remembered, so that late and second answers are told from unknown ones. */
const maxRemembered = 4_096

/**
 * Requests and answers over a socket, matched by id. Whoever decodes the frames calls `answer` or `fail`; the handler's
 * `onEpochEnd` is passed on, so that what was written on a lost socket is known to be unknown.
 */
export class RequestChannel<Answer> {
  private readonly pending = new Map<string, PendingRequest<Answer>>()
  private readonly settled = new Map<string, 'answered' | 'given up'>()
  private readonly totals = { answered: 0, timedOut: 0, lost: 0, unsent: 0, late: 0, duplicates: 0, unknown: 0 }
  private isClosed = false

  constructor(private readonly options: RequestChannelOptions) {}

  get counts(): RequestChannelCounts {
    return { pending: this.pending.size, ...this.totals }
  }

  /**
   * Sends `frame` and resolves with what `answer` is given for `id`.
   *
   * @param id - Unique among the open requests.
   * @throws ExchangeConnectionException, RateLimitException, ShuttingDownException It was not sent.
   * @throws ExchangeUnavailableException It was sent and no answer came: timeout, lost socket, given up (`reconcile`).
   * @throws CexArbitrageException Whatever `fail` was given.
   */
  request(id: string, frame: string | Buffer, options: ChannelRequestOptions = {}): Promise<Answer> {
    const { sender, clock, exchange, name } = this.options
    return new Promise((resolve, reject) => {
      this.assertMayRequest(id, options)
      const request = new PendingRequest<Answer>({
        clock,
        timeoutMs: options.timeoutMs ?? this.options.timeoutMs ?? 10_000,
        describe: `Request '${id}' on '${name}'`,
        context: { exchange, correlationId: options.correlationId },
        signal: options.signal,
        resolve,
        reject,
        onEnd: (end) => {
          this.pending.delete(id)
          this.totals[end]++
          this.remember(id, end === 'answered' ? 'answered' : 'given up')
        },
      })
      this.pending.set(id, request)
      try {
        sender.send(frame, request)
      } catch (error) {
        request.onDropped(error as CexArbitrageException)
      }
    })
  }

  /** Whether a request `id` is open. */
  has(id: string): boolean {
    return this.pending.has(id)
  }

  /** Resolves the request `id`. @returns whether one was open; else the answer is counted as late, second or unknown. */
  answer(id: string, answer: Answer): boolean {
    const request = this.find(id)
    request?.succeed(answer)
    return request !== undefined
  }

  /** Rejects the request `id`: the venue answered with an error. @returns as `answer` does. */
  fail(id: string, error: CexArbitrageException): boolean {
    const request = this.find(id)
    request?.refuse(error)
    return request !== undefined
  }

  /** What was written on the socket `epoch` will get no answer any more. */
  onEpochEnd(epoch: number, reason?: CexArbitrageException): void {
    for (const request of this.pending.values()) if (request.epoch === epoch) request.lose(reason)
  }

  /** Rejects all that are open, and takes no more. */
  close(): void {
    this.isClosed = true
    for (const request of this.pending.values()) request.abandon('the channel was closed')
  }

  private assertMayRequest(id: string, { correlationId, signal }: ChannelRequestOptions): void {
    const { name, exchange, maxPending = 1_000 } = this.options
    const context = { exchange, correlationId }
    if (this.isClosed)
      throw new ShuttingDownException({ message: `'${name}' is closed; nothing was sent.`, ...context })
    if (this.pending.has(id))
      throw new InvariantBrokenException({ message: `Request id '${id}' is in use on '${name}'.`, ...context })
    if (this.pending.size >= maxPending)
      throw new RateLimitException({
        message: `${maxPending} requests are open on '${name}'; this one was not sent. Send less.`,
        ...context,
      })
    if (signal?.aborted === true)
      throw new ExchangeConnectionException({ message: `A request on '${name}' was given up unsent.`, ...context })
  }

  private find(id: string): PendingRequest<Answer> | undefined {
    const request = this.pending.get(id)
    if (request !== undefined) return request
    const before = this.settled.get(id)
    if (before === undefined) this.totals.unknown++
    else if (before === 'answered') this.totals.duplicates++
    else this.totals.late++
    return undefined
  }

  private remember(id: string, end: 'answered' | 'given up'): void {
    this.settled.delete(id)
    this.settled.set(id, end)
    if (this.settled.size <= maxRemembered) return
    for (const oldest of this.settled.keys()) {
      this.settled.delete(oldest)
      return
    }
  }
}
