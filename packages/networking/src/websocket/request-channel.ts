import type { CexArbitrageException, Clock, CorrelationId, ExchangeId } from '@cex-arbitrage/common'
import type { MessageSender } from './send-receipt.js'

export interface RequestChannelOptions {
  readonly sender: MessageSender
  readonly clock: Clock
  /** In messages: `spot order api`. */
  readonly name: string
  readonly exchange?: ExchangeId
  /** Milliseconds to wait for an answer once the request is written; 10,000 by default. */
  readonly timeoutMs?: number
  /** Requests that may be open at once; 1,000 by default. */
  readonly maxPending?: number
}

/** What became of the answers. */
export interface RequestChannelCounts {
  readonly pending: number
  readonly answered: number
  readonly timedOut: number
  readonly lost: number
  /** Answers to requests that had timed out or were lost. */
  readonly late: number
  /** Second answers to the same request. */
  readonly duplicates: number
  /** Answers to requests never made, or too long ago to know. */
  readonly unknown: number
}

export interface ChannelRequestOptions {
  readonly timeoutMs?: number
  readonly correlationId?: CorrelationId
  readonly signal?: AbortSignal
}

/** Requests and answers over a socket, matched by id. */
export declare class RequestChannel<Answer> {
  constructor(options: RequestChannelOptions)
  readonly counts: RequestChannelCounts
  /**
   * Sends `frame` and resolves with what `answer` is given for `id`.
   *
   * @throws ExchangeConnectionException, RateLimitException It was not sent (`retry`).
   * @throws ExchangeUnavailableException It was sent and no answer came: timeout or lost socket (`reconcile`).
   */
  request(id: string, frame: string | Buffer, options?: ChannelRequestOptions): Promise<Answer>
  /** Settles the request `id`. @returns whether one was waiting. */
  answer(id: string, answer: Answer): boolean
  /** Fails the request `id`. @returns whether one was waiting. */
  fail(id: string, error: CexArbitrageException): boolean
  /** To be called from the handler's `onEpochEnd`: whatever was written on that socket is unknown now. */
  onEpochEnd(epoch: number, reason?: CexArbitrageException): void
  /** Fails all that are open. */
  close(): void
}
